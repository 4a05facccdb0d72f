"""Points in the plane in two or more classes: small problems whose whole answer can be seen.

Every set returns x (N, 2) float64 and labels (N,) int64, in random order, with as many points of each class as
possible; the same seed gives the same points. `noise` is the standard deviation added to each coordinate.
"""

import numpy as np


def two_curves(n=200, noise=0.05, seed=0):
    """Two parallel sine arcs, one a class: close together everywhere, and no line separates them.

    Slides: intro-ann-018.
    """
    rng, labels = _start(n, 2, seed)
    across = rng.uniform(-1, 1, n)  # (N,)
    up = 0.6 * np.cos(np.pi * across) + np.where(labels == 0, 0.25, -0.25)  # (N,)
    return _finish(across, up, labels, noise, rng)


def circle(n=200, noise=0.1, seed=0):
    """A disc (class 0, radius up to 0.5) inside a ring (class 1, radius 0.7 to 1).

    Slides: icme-s2-047, icme-s2-053.
    """
    rng, labels = _start(n, 2, seed)
    # uniform over the area: the square root makes up for the small area near the centre
    low, high = np.where(labels == 0, 0.0, 0.7), np.where(labels == 0, 0.5, 1.0)
    radius = np.sqrt(rng.uniform(low**2, high**2))  # (N,)
    angle = rng.uniform(0, 2 * np.pi, n)  # (N,)
    return _finish(radius * np.cos(angle), radius * np.sin(angle), labels, noise, rng)


def xor(n=200, noise=0.05, seed=0):
    """Four squares: class 0 where both coordinates have the same sign, class 1 where they differ.

    Slides: icme-s1-028, icme-s2-047.
    """
    rng, labels = _start(n, 2, seed)
    right = np.where(np.arange(n) // 2 % 2 == 0, 1, -1)  # (N,): each square gets a quarter of the points
    above = np.where(labels == 0, right, -right)  # (N,)
    # a gap in the middle, so that a little noise does not carry a point into the next square
    x, y = rng.uniform(0.1, 1, (2, n))
    return _finish(right * x, above * y, labels, noise, rng)


def spiral(n=200, noise=0.03, seed=0, classes=2, turns=1.25):
    """Spiral arms around one centre, one a class.

    Slides: icme-s2-047.
    """
    rng, labels = _start(n, classes, seed)
    along = rng.uniform(0.1, 1, n)  # (N,): 0 at the centre, 1 at the end of the arm
    angle = 2 * np.pi * (turns * along + labels / classes)  # (N,)
    return _finish(along * np.cos(angle), along * np.sin(angle), labels, noise, rng)


def gaussians(n=200, noise=0.25, seed=0, classes=2):
    """One round cloud a class, with `noise` as its width; the centres lie evenly on a circle.

    Slides: icme-s2-047.
    """
    rng, labels = _start(n, classes, seed)
    angle = np.pi / 4 + 2 * np.pi * labels / classes  # (N,)
    return _finish(0.7 * np.cos(angle), 0.7 * np.sin(angle), labels, noise, rng)


def _start(n, classes, seed):
    """Return a generator and labels (N,) that go round the classes; ValueError for numbers that make no set."""
    if classes < 2:
        raise ValueError(f"classes must be at least 2; got {classes}")
    if n < classes:
        raise ValueError(f"n must be at least {classes}, one point for each class; got {n}")
    return np.random.default_rng(seed), np.arange(n) % classes


def _finish(x, y, labels, noise, rng):
    """Return the points with noise, (N, 2), and the labels (N,), both in the same random order."""
    if noise < 0:
        raise ValueError(f"noise is a standard deviation and cannot be negative; got {noise}")
    points = np.stack([x, y], axis=1)  # (N, 2)
    points += noise * rng.standard_normal(points.shape)
    order = rng.permutation(len(labels))  # (N,)
    return points[order], labels[order].astype(np.int64)
