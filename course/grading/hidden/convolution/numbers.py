"""Random numbers for pictures, kernels and weights: what every wrong answer must be seen by.

Pictures that are pooled have no two equal numbers. What lies near a border (a ReLU, a maximum) is drawn again.
"""

import numpy as np

from course.checks.cases import spread


def distinct(rng, *shape, scale=1.0):
    """Numbers of both signs, no two of them equal, not even as the next whole numbers."""
    size = int(np.prod(shape))
    places = rng.permutation(size) - size // 2  # each once
    return scale * (places + rng.uniform(0.1, 0.9, size)).reshape(shape)


def uneven(rng, *shape):
    """Numbers of which the first is clearly not the last: read from the end, or turned, they are others."""
    return until(lambda: spread(rng, *shape), lambda found: found.size == 1
                 or np.abs(found.ravel()[0] - found.ravel()[-1]) > 0.5)  # fmt: skip


def until(draw, is_clear):
    """Draw until it is clear."""
    while True:
        found = draw()
        if is_clear(found):
            return found
