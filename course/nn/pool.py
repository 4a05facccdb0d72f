"""Max pooling: of each window only the largest value goes on. Slides: ehinger-028, ehinger-029.

Shapes: x (N, C, H, W). `kernel_size` and `stride` are numbers, or pairs: one for the rows, one for the columns. As in
PyTorch the stride is the window's size unless another one is given; with a smaller one the windows overlap.
"""

import functools

import numpy as np

from course.nn.conv import add_windows, pair, windows


def max_pool2d(x, kernel_size, stride=None):
    """Return the largest value of each window, channel by channel. (N, C, H, W) -> (N, C, OH, OW)."""
    seen = _windows(x, kernel_size, stride)  # (N, C, OH, OW, KH, KW)
    places = (seen[..., i, j] for i in range(seen.shape[-2]) for j in range(seen.shape[-1]))
    return functools.reduce(np.maximum, places, np.array(seen[..., 0, 0]))  # much faster than seen.max(axis=(-2, -1))


def max_pool2d_backward(gradient, x, kernel_size, stride=None):
    """Hand the gradient of each output, (N, C, OH, OW), to the pixel that was the largest. Returns (N, C, H, W).

    The others have changed nothing and get 0. A pixel that wins in several windows gets the sum; of equal pixels the
    first one wins, as in PyTorch.
    """
    seen = _windows(x, kernel_size, stride)  # (N, C, OH, OW, KH, KW)
    *shape, kernel_height, kernel_width = seen.shape
    if gradient.shape != tuple(shape):
        raise ValueError(f"expected a gradient of the output's shape {tuple(shape)}; got {gradient.shape}")
    largest, free = max_pool2d(x, kernel_size, stride), np.ones(shape, bool)  # free: no winner found yet
    pieces = np.empty((*shape[:2], kernel_height, kernel_width, *shape[2:]), gradient.dtype)  # each window again
    for i in range(kernel_height):
        for j in range(kernel_width):
            won = (seen[..., i, j] == largest) & free  # (N, C, OH, OW)
            free &= ~won
            pieces[:, :, i, j] = won * gradient
    return add_windows(pieces, x.shape, kernel_size if stride is None else stride)


def _windows(x, kernel_size, stride):
    """All windows, as a view of x: (N, C, OH, OW, KH, KW)."""
    if x.ndim != 4:
        raise ValueError(f"expected x (N, C, H, W); got {x.shape}")
    return windows(x, pair(kernel_size), kernel_size if stride is None else stride)
