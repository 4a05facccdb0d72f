"""Slopes measured by small steps: the judge of every gradient, also of PyTorch's.

A centred difference (f(x + h) - f(x - h)) / 2h in float64 with h = 1e-5 is right to about nine digits where f is
smooth. It is slow, so it measures single entries and small arrays. Slides: icme-s2-031.
"""

import numpy as np

STEP = 1e-5


def slope(f, x, index, grad_output, step=STEP):
    """Measure the slope of sum(f(x) * grad_output) along the entry `index` of `x`."""
    x = np.array(x, dtype=np.float64)
    middle = x[index]
    x[index] = middle + step
    above = np.sum(f(x) * grad_output)
    x[index] = middle - step
    below = np.sum(f(x) * grad_output)
    return (above - below) / (2 * step)


def numerical_gradient(f, x, grad_output, step=STEP):
    """Measure the whole gradient of sum(f(x) * grad_output) with respect to `x`; same shape as `x`."""
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        gradient[index] = slope(f, x, index, grad_output, step)
    return gradient
