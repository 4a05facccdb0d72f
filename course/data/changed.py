"""Digits that look a little different: turned, thicker, with noise. Slides: ehinger-041, ehinger-042, ehinger-046.

Pictures are (N, 784) or (N, 28, 28), values in [0, 1]; each function returns new ones of the same shape, float32.
"""

import numpy as np

SIDE = 28


def turned(images, degrees):
    """Turn every picture anticlockwise about its middle, by bilinear interpolation; what is outside is paper."""
    angle, middle = np.deg2rad(degrees), (SIDE - 1) / 2
    y, x = np.mgrid[:SIDE, :SIDE] - middle  # (28, 28) each
    row = np.cos(angle) * y + np.sin(angle) * x + middle  # where each pixel comes from
    column = np.cos(angle) * x - np.sin(angle) * y + middle
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = row - top, column - left
    padded = np.pad(_pictures(images), ((0, 0), (1, 2), (1, 2)))  # a frame of paper
    i, j = np.clip(top + 1, 0, SIDE + 1), np.clip(left + 1, 0, SIDE + 1)  # (28, 28): places in the frame
    near = (1 - right) * padded[:, i, j] + right * padded[:, i, j + 1]
    below = (1 - right) * padded[:, i + 1, j] + right * padded[:, i + 1, j + 1]
    return ((1 - down) * near + down * below).astype(np.float32).reshape(np.shape(images))


def thickened(images):
    """Draw every stroke one pixel thicker: each pixel becomes the largest of itself, its left and its upper ones."""
    padded = np.pad(_pictures(images), ((0, 0), (1, 0), (1, 0)))
    parts = [padded[:, 1:, 1:], padded[:, :-1, 1:], padded[:, 1:, :-1], padded[:, :-1, :-1]]
    return np.max(parts, axis=0).astype(np.float32).reshape(np.shape(images))


def noisy(images, kind, amount, seed=0):
    """Add noise: "salt and pepper" sets a share `amount` of the pixels to 0 or 1, "Gaussian" adds numbers of that size.

    Results stay in [0, 1]. ValueError for another kind.
    """
    rng = np.random.default_rng(seed)
    images = np.asarray(images, dtype=np.float32)
    if kind == "salt and pepper":
        drawn = rng.random(images.shape, dtype=np.float32)
        return np.where(drawn < amount / 2, 0, np.where(drawn < amount, 1, images)).astype(np.float32)
    if kind == "Gaussian":
        return np.clip(images + amount * rng.standard_normal(images.shape, dtype=np.float32), 0, 1)
    raise ValueError(f'kind must be "salt and pepper" or "Gaussian"; got {kind!r}')


def _pictures(images):
    images = np.asarray(images, dtype=np.float32)
    if images.ndim < 2 or images[0].size != SIDE * SIDE:
        raise ValueError(f"pictures must have shape (N, 784) or (N, 28, 28); got {images.shape}")
    return images.reshape(-1, SIDE, SIDE)
