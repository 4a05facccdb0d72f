"""Hidden cases of the small net: pieces of digits, kernels of several sizes, layers that never fire."""

import numpy as np

from course import data
from course.checks.cases import spread
from course.checks.kinds import kinds_of_two
from course.checks.record import Case
from course.grading.hidden.convolution.numbers import uneven, until
from course.grading.hidden.draw import drawn


def _digits(rng, n, size):
    """(n, 1, size, size): some of the 5 000 digits that everybody has, made small by means of small squares."""
    images, _ = data.offline_digits()
    chosen, step = rng.choice(len(images), n, replace=False), 24 // size
    middle = images[chosen].reshape(n, 28, 28)[:, 2:26, 2:26]
    return middle.reshape(n, 1, size, step, size, step).mean(axis=(3, 5)).astype(np.float64)


def _blocks(x, w1, b1, w2, b2, w3, b3):
    """(sums of the first convolution, sums of the second one, logits)."""

    def conv(x, w, b):
        half = w.shape[2] // 2
        padded = np.pad(x, [(0, 0), (0, 0), (half, half), (half, half)])
        seen = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
        return np.einsum("nchwij,fcij->nfhw", seen, w) + b[:, None, None]

    def pool(v):
        n, c, h, w = v.shape
        return np.maximum(v, 0).reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))

    first = conv(x, w1, b1)
    second = conv(pool(first), w2, b2)
    return first, second, pool(second).reshape(len(x), -1) @ w3.T + b3


def _is_alive(case):
    """Does it show in both blocks, and in the logits, whether a ReLU is there?"""
    for inputs in case.calls:
        first, second, logits = _blocks(**inputs)
        if not all((top := _largest(sums)).min() < -0.1 and (top > 0.1).mean() > 0.3 for sums in (first, second)):
            return False
        if not (logits < -0.1).any():
            return False
    return True


def _largest(sums):
    """The largest sum of each window of two by two."""
    n, c, h, w = sums.shape
    return sums.reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))


@drawn
def convnet(rng):
    """Pieces of digits and random pictures, one and several channels, kernels of one, three and five pixels."""

    def case(kind, n, c, h, w, f=2, g=3, k=(3, 3), classes=3, x=None, scale=1.0):
        one, two = k
        x = spread(rng, n, c, h, w) if x is None else x
        return Case(kind, {
            "x": scale * x, "w1": uneven(rng, f, c, one, one) / 2, "b1": uneven(rng, f) - 4,
            "w2": uneven(rng, g, f, two, two) / 2, "b2": uneven(rng, g) - 6,
            "w3": uneven(rng, classes, g * (h // 4) * (w // 4)) / 4, "b3": uneven(rng, classes)})  # fmt: skip

    def alive(*arguments, **options):
        return until(lambda: case(*arguments, **options), _is_alive)

    one, two = (2, 1, 8, 12), (1, 2, 12, 8)
    kinds = until(lambda: kinds_of_two(
        (alive("two pictures of eight rows and twelve columns", *one), alive("two other pictures", *one)),
        (alive("two channels, kernels of five and of three", *two, k=(5, 3)),
         alive("another picture with two channels", *two, k=(5, 3)))),
        lambda cases: all(_is_alive(found) for found in cases))  # fmt: skip
    silent, low = case("the first layer never fires", *one).inputs, alive("logits below 0", *one).inputs
    return [
        alive("one picture of eight by eight, one channel", 1, 1, 8, 8),
        *kinds[:4],
        case("pieces of digits, ten classes", 3, 1, 12, 12, classes=10, x=3 * _digits(rng, 3, 12)),
        alive("kernels of five and of one pixel", 1, 1, 8, 8, k=(5, 1)),
        alive("as many filters as channels", 2, 3, 4, 8, 3, 3),
        Case("the first layer never fires", {**silent, "b1": silent["b1"] - 500}),
        Case("logits below 0", {**low, "b3": low["b3"] - 999}),
        case("large numbers", 1, 1, 8, 4, scale=1e6),
        *kinds[4:],
    ]
