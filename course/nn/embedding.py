"""Embeddings: what a layer makes of each example, as points. Slides: ehinger-035.

Shapes: N examples of D numbers each.
"""

import numpy as np


def pca(x, components=2):
    """Return (points (N, components), the share of the variance that each of them has): principal components.

    x: (N, D). The points are the examples, seen from where they differ most. Where there are fewer directions than
    `components`, the rest is 0.
    """
    x = np.asarray(x, dtype=float)
    centred = x - x.mean(axis=0)  # (N, D)
    # the eigenvectors of the smaller of two matrices give both: X^T X (D, D), and X X^T (N, N)
    wide = x.shape[1] > len(x)
    values, vectors = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    order = np.argsort(values)[::-1][:components]
    values, vectors = np.maximum(values[order], 0), vectors[:, order]
    points = vectors * np.sqrt(values) if wide else centred @ vectors  # (N, components)
    # a direction and its opposite are the same: the largest coordinate is positive
    largest = points[np.abs(points).argmax(axis=0), np.arange(len(order))]
    points = points * np.where(largest < 0, -1, 1)
    total = (centred**2).sum() or 1.0
    missing = components - len(order)
    return np.pad(points, ((0, 0), (0, missing))), np.pad(values / total, (0, missing))


def nearest_neighbours(x, k=1):
    """Return the numbers of the k nearest other examples of each, nearest first: (N, k). x: (N, D), N above k."""
    if not 1 <= k < len(x):
        raise ValueError(f"k must be from 1 to {len(x) - 1}, the number of other examples; got {k}")
    x = np.asarray(x).reshape(len(x), -1)
    x = x - x.mean(axis=0)  # near 0 fewer digits are lost
    squares = (x**2).sum(axis=1)  # (N,)
    distances = squares[:, None] + squares - 2 * x @ x.T  # (N, N): |a|^2 + |b|^2 - 2 a b
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


def neighbour_accuracy(x, labels):
    """Return the share of examples whose nearest other example has the same label. x: (N, D), labels: (N,)."""
    labels = np.asarray(labels)
    return float((labels[nearest_neighbours(x)[:, 0]] == labels).mean())
