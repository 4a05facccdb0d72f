"""Random numbers for inputs and gradients: what every wrong answer must be seen by.

No two of them meet in a maximum as equals, and none is near 0 or near 1, where a number and its square, or its inverse,
are the same.
"""

import numpy as np


def some(rng, *shape, low=0.25, high=3.0):
    """Numbers of both signs between `low` and `high`, none of them near 1: arrays, or one number for no shape."""
    size = rng.uniform(low, high, shape)
    size = np.where(abs(size - 1) < 0.15, size + 0.3, size)
    return (size * rng.choice([-1.0, 1.0], shape))[()]


def pair(rng, shape, other, gap=0.05):
    """Two arrays of which no two numbers that meet are near each other: of a maximum it is clear which it is.

    In some places the one is larger, in others the other is.
    """
    while True:  # both anew: to a number near the border nothing larger may be found
        one, two = some(rng, *shape), some(rng, *other)
        larger = np.asarray(one > two)
        if (abs(one - two) > gap).all() and (larger.size < 4 or 0 < larger.mean() < 1):
            return one, two
