"""Hidden cases of layers with channels, forward and backward: shapes with one of something, overlaps, paddings."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import kinds_of_two
from course.checks.record import Case
from course.grading.hidden.convolution.numbers import distinct, uneven, until
from course.grading.hidden.draw import drawn


@drawn
def conv2d(rng):
    """Several and one of pictures, channels and filters, strides and paddings."""

    def case(kind, n, c, h, w, f, kh, kw, stride=1, padding=0, scale=1.0):
        return Case(kind, {"x": scale * spread(rng, n, c, h, w), "weight": uneven(rng, f, c, kh, kw),
                           "bias": uneven(rng, f), "stride": stride, "padding": padding})  # fmt: skip

    one, two = (2, 3, 3, 6, 2, 2, 3, 2, 0), (2, 2, 5, 6, 3, 3, 2, 2, 1)
    kinds = kinds_of_two(
        (case("two pictures, three channels, two filters, stride 2", *one),
         case("two other pictures, stride 2", *one)),
        (case("two pictures, two channels, three filters, stride 2 and padding 1", *two),
         case("two other pictures, stride 2 and padding 1", *two)))  # fmt: skip
    return [
        case("one channel, one filter", 1, 1, 4, 5, 1, 3, 2),
        case("three channels, one filter", 1, 3, 3, 4, 1, 2, 2),
        case("one channel, four filters", 1, 1, 3, 4, 4, 2, 2),
        case("four pictures", 4, 1, 3, 4, 1, 2, 3),
        *kinds[:4],
        case("as many filters as channels", 2, 2, 3, 5, 2, 2, 2, 1, 1),
        case("everything of one size", 3, 3, 3, 3, 3, 3, 3, 1, 1),
        case("a kernel of one pixel", 2, 3, 2, 3, 2, 1, 1),
        case("one position", 3, 2, 2, 3, 4, 2, 3),
        case("padding 2", 1, 2, 2, 3, 2, 3, 4, 1, 2),
        case("stride 3", 1, 2, 6, 8, 2, 2, 3, 3),
        case("large numbers", 1, 2, 3, 4, 2, 2, 2, scale=1e6),
        *kinds[4:],
    ]


def _pooled(rng, kind, shape, rows, columns, stride, of=lambda x: x):
    return Case(kind, {"x": of(distinct(rng, *shape)), "rows": rows, "columns": columns, "stride": stride})


def _pairs(rng, one, two, make):
    """The two pairs of cases for `kinds_of_two`; `make` makes one from (rng, kind, shape, rows, columns, stride)."""
    (said, *first), (more, *second) = one, two
    return kinds_of_two((make(rng, said, *first), make(rng, f"another picture, {said}", *first)),
                        (make(rng, more, *second), make(rng, f"another picture, {more}", *second)))  # fmt: skip


@drawn
def max_pool(rng):
    """Windows that overlap, stand side by side, and leave gaps; only negative numbers; no two are equal."""
    kinds = _pairs(rng, ("windows that overlap", (2, 3, 5, 6), 3, 2, 2),
                   ("windows side by side", (2, 2, 4, 7), 2, 2, 2), _pooled)  # fmt: skip
    return [
        _pooled(rng, "one plane", (1, 1, 4, 6), 2, 2, 2),
        _pooled(rng, "four channels", (1, 4, 3, 4), 2, 2, 1),
        *kinds[:4],
        _pooled(rng, "windows with gaps", (2, 1, 7, 6), 2, 1, 3),
        _pooled(rng, "all overlap", (1, 2, 4, 5), 3, 2, 1),
        _pooled(rng, "windows that lie down", (1, 2, 4, 9), 1, 4, 3),
        _pooled(rng, "all numbers below 0", (2, 2, 4, 5), 2, 3, 2, lambda x: x - x.size),
        _pooled(rng, "one window", (2, 3, 3, 2), 3, 2, 3),
        _pooled(rng, "windows of one pixel, stride 2", (1, 2, 4, 3), 1, 1, 2),
        _pooled(rng, "large numbers", (2, 1, 4, 5), 2, 3, 1, lambda x: 1e6 * x),
        *kinds[4:],
    ]


def _unpooled(rng, kind, shape, rows, columns, stride, of=lambda x: x, scale=1.0):
    x = of(distinct(rng, *shape))
    count = [(size - window) // stride + 1 for size, window in zip(shape[2:], (rows, columns), strict=True)]
    return Case(kind, {"gradient": scale * uneven(rng, *shape[:2], *count), "x": x, "rows": rows, "columns": columns,
                       "stride": stride})  # fmt: skip


def _wins_twice(case):
    """Is some pixel the largest of several windows, at more than one place?"""
    for inputs in case.calls:
        x, rows, columns, stride = (inputs[name] for name in ("x", "rows", "columns", "stride"))
        seen = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))[:, :, ::stride, ::stride]
        top = seen.max((-2, -1)).reshape(len(x), x.shape[1], -1)  # no two pixels are equal
        if sum(len(plane) - len(set(plane)) for picture in top for plane in picture) < 2:
            return False
    return True


@drawn
def max_pool_backward(rng):
    """Windows in which one pixel wins several times, and windows that do not meet; no two numbers are equal."""

    def twice(*arguments):
        return until(lambda: _unpooled(*arguments), _wins_twice)

    kinds = _pairs(rng, ("windows that overlap", (2, 2, 4, 6), 2, 3, 1),
                   ("windows that overlap, stride 2", (2, 2, 7, 6), 3, 2, 2), _overlapping)  # fmt: skip
    return [
        _unpooled(rng, "one plane", (1, 1, 4, 6), 2, 2, 2),
        twice(rng, "one plane, windows that overlap", (1, 1, 4, 5), 2, 2, 1),
        *kinds[:4],
        _unpooled(rng, "four channels", (1, 4, 4, 3), 2, 2, 2),
        _unpooled(rng, "windows with gaps", (2, 1, 7, 6), 2, 1, 3),
        _unpooled(rng, "windows that lie down", (1, 2, 4, 9), 1, 4, 3),
        _unpooled(rng, "all numbers below 0", (2, 2, 4, 5), 2, 3, 2,
                  lambda x: x - x.size),
        _unpooled(rng, "one window", (2, 3, 3, 2), 3, 2, 3),
        _unpooled(rng, "large numbers", (2, 1, 4, 5), 2, 3, 1, scale=1e6),
        *kinds[4:],
    ]  # fmt: skip


def _overlapping(*arguments):
    return until(lambda: _unpooled(*arguments), _wins_twice)


def _backward(rng):
    """The cases of both questions about the way back through a convolution."""

    def case(kind, n, c, h, w, f, kh, kw, stride=1, padding=0, scale=1.0):
        rows, columns = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
        return Case(kind, {"gradient": scale * uneven(rng, n, f, rows, columns), "x": spread(rng, n, c, h, w),
                           "weight": uneven(rng, f, c, kh, kw), "stride": stride, "padding": padding})  # fmt: skip

    one, two = (2, 2, 4, 7, 3, 2, 3, 2, 0), (2, 3, 4, 5, 2, 3, 2, 2, 1)
    kinds = kinds_of_two(
        (case("two pictures, two channels, three filters, stride 2", *one),
         case("two other pictures, stride 2", *one)),
        (case("two pictures, three channels, two filters, stride 2 and padding 1", *two),
         case("two other pictures, stride 2 and padding 1", *two)))  # fmt: skip
    return [
        case("one channel, one filter", 1, 1, 4, 5, 1, 3, 2),
        case("three channels, one filter", 1, 3, 3, 4, 1, 2, 2),
        case("one channel, two filters, three pictures", 3, 1, 3, 4, 2, 2, 2),
        *kinds[:4],
        case("padding 2", 1, 2, 2, 3, 2, 3, 4, 1, 2),
        case("stride 3", 1, 2, 7, 6, 2, 4, 2, 3),
        case("a stride larger than the kernel", 1, 2, 6, 7, 2, 2, 1, 3),
        case("one position", 3, 2, 2, 3, 4, 2, 3),
        case("everything of one size", 3, 3, 3, 3, 3, 3, 3, 1, 1),
        case("large numbers", 1, 2, 3, 4, 2, 2, 2, scale=1e6),
        *kinds[4:],
    ]


@drawn
def conv2d_backward_weight(rng):
    """Several and one of pictures, channels and filters, strides and paddings."""
    return _backward(rng)


@drawn
def conv2d_backward_input(rng):
    """The same kinds, with other numbers."""
    return _backward(rng)
