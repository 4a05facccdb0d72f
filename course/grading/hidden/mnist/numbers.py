"""Random numbers for cases of nets: what every wrong answer must be seen by.

Sums near 0 before a ReLU, and two logits that are nearly the largest, are drawn again: no right answer depends on luck.
"""

import numpy as np

from course import data
from course.checks.cases import spread


def some_digits(rng, n, size):
    """(pictures (n, size * size), labels) of some of the 5 000 digits that everybody has, cut and made small."""
    images, labels = data.offline_digits()
    chosen = rng.choice(len(images), n, replace=False)
    step = 20 // size
    middle = images[chosen].reshape(-1, 28, 28)[:, 4:24, 4:24]
    small = middle.reshape(n, size, step, size, step).mean(axis=(2, 4))  # mean of small squares
    return small.reshape(n, size * size).astype(np.float64), labels[chosen].astype(np.int64)


def some_labels(rng, n, classes):
    """Labels of which at least two differ, and one is class 0, if there are several: wrong numberings show."""
    return until(lambda: rng.integers(0, classes, n), lambda found: n == 1 or (0 in found and is_one_way(found)))


def every_label(rng, n, classes):
    """Labels in which all classes are as frequent as can be."""
    return until(lambda: rng.permutation(np.arange(n) % classes), lambda found: n == 1 or is_one_way(found))


def is_one_way(labels):
    """Are the labels others when they are read from the end?"""
    return not np.array_equal(labels, labels[::-1])


def some_biases(rng, n):
    """Numbers of which the first is clearly not the last: read from the end they are others."""
    return until(lambda: spread(rng, n), lambda found: n == 1 or abs(found[0] - found[-1]) > 0.5)


def until(draw, is_clear):
    """Draw until the case, and all its kinds, are clear of a border."""
    while True:
        found = draw()
        if is_clear(found):
            return found
