"""Hidden cases of one picture with one channel: sizes, a sliding kernel, a turned one, and the matrix."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind, kinds_of_two
from course.checks.record import Case
from course.grading.hidden.convolution.numbers import uneven, until
from course.grading.hidden.draw import drawn


@drawn
def output_size(rng):
    """Sizes that fit, that leave pixels over, and that are too small; strides larger than the kernel."""

    def case(kind, low, high, kernel_size, stride, padding, n=7, needs=()):
        def some():
            return rng.choice(np.arange(low, high), n, replace=False)

        def has_all(sizes):
            room = sizes + 2 * padding - kernel_size
            found = {"none": (room < 0).any(), "one": (room == 0).any(), "left": (room % stride > 0)[room >= 0].any(),
                     "fits": (room % stride == 0)[room > 0].any(), "far": (room < -stride).any(),
                     "near": (room == -1).any()}  # fmt: skip
            return all(found[name] for name in needs)

        sizes = until(some, has_all)
        return Case(kind, {"sizes": sizes, "kernel_size": kernel_size, "stride": stride, "padding": padding})

    everything = ("one", "left", "fits", "far", "near")
    first = case("stride 3 and padding 1", 1, 17, 8, 3, 1, 8, everything)
    other = until(lambda: case("other sizes", 1, 17, 8, 3, 1, 8, everything),
                  lambda found: (found.inputs["sizes"] != first.inputs["sizes"]).sum() > 5)  # fmt: skip
    first, other, *kinds = every_kind(first, other)
    return [
        case("stride 1", 10, 60, 5, 1, 0),
        case("stride 2", 3, 40, 3, 2, 0, needs=("left", "fits")),
        case("padding 3", 4, 40, 7, 1, 3),
        first,
        other,
        case("the kernel has no room", 1, 12, int(rng.integers(7, 9)), 2, 0, needs=("none", "left")),
        case("a stride larger than the kernel", 9, 60, 3, 5, 0, needs=("left", "fits")),
        case("a kernel of one pixel", 2, 30, 1, 4, 2, needs=("left", "fits")),
        case("one size", 100, 300, 7, int(rng.integers(3, 6)), 2, 1, needs=("left",)),
        *kinds,
    ]


def _plane(rng, kind, shape, kernel, stride=1, padding=0, scale=1.0):
    return Case(kind, {"image": scale * spread(rng, *shape), "kernel": uneven(rng, *kernel), "stride": stride,
                       "padding": padding})  # fmt: skip


@drawn
def correlate(rng):
    """Strides, paddings and sizes of all kinds, large numbers."""
    wide, padded = ((5, 8), (2, 3), 2, 0), ((5, 6), (3, 2), 2, 1)
    kinds = kinds_of_two(
        (_plane(rng, "two rows and three columns, stride 2", *wide), _plane(rng, "another picture, stride 2", *wide)),
        (_plane(rng, "three rows and two columns, stride 2 and padding 1", *padded),
         _plane(rng, "another picture, stride 2 and padding 1", *padded)))  # fmt: skip
    return [
        _plane(rng, "stride 1", (4, 6), (3, 2)),
        _plane(rng, "a square picture and a square kernel", (5, 5), (3, 3)),
        _plane(rng, "stride 3", (6, 9), (2, 3), 3),
        _plane(rng, "padding 1", (3, 5), (2, 3), 1, 1),
        *kinds[:4],
        _plane(rng, "one position", (3, 4), (3, 4)),
        _plane(rng, "a kernel of one pixel, stride 2", (3, 6), (1, 1), 2),
        _plane(rng, "a kernel of one row, padding 2", (3, 2), (1, 3), 1, 2),
        _plane(rng, "a kernel of one column", (5, 3), (3, 1)),
        _plane(rng, "a stride larger than the kernel", (7, 8), (2, 1), 3),
        _plane(rng, "large numbers", (3, 5), (2, 2), 1, 1, 1e6),
        *kinds[4:],
    ]


@drawn
def convolve(rng):
    """Kernels that are another one when they are turned, and some that are not."""

    def case(kind, shape, kernel, scale=1.0):
        return Case(kind, {"image": scale * spread(rng, *shape), "kernel": uneven(rng, *kernel)})

    first, other, *kinds = every_kind(case("three rows and two columns", (5, 4), (3, 2)),
                                      case("another picture", (5, 4), (3, 2)))  # fmt: skip
    half = case("a kernel that is its own half turn", (4, 5), (2, 3)).inputs
    return [
        case("a square kernel", (4, 5), (2, 2)),
        case("a square picture and a square kernel", (5, 5), (3, 3)),
        first,
        other,
        Case("a kernel that is its own half turn", {**half, "kernel": half["kernel"] + half["kernel"][::-1, ::-1]}),
        case("a kernel of one row", (3, 6), (1, 4)),
        case("a kernel of one column", (6, 3), (4, 1)),
        case("one position", (3, 4), (3, 4)),
        case("large numbers", (4, 4), (2, 3), 1e6),
        *kinds,
    ]


@drawn
def conv_matrix(rng):
    """Kernels and pictures of all sizes, strides of 1 to 3."""

    def case(kind, kernel, height, width, stride=1, scale=1.0):
        return Case(kind, {"kernel": scale * uneven(rng, *kernel), "height": height, "width": width, "stride": stride})

    kinds = kinds_of_two(
        (case("two rows and three columns", (2, 3), 3, 6), case("another kernel", (2, 3), 3, 6)),
        (case("four rows and two columns, stride 2", (4, 2), 6, 7, 2),
         case("another kernel, stride 2", (4, 2), 6, 7, 2)))  # fmt: skip
    return [
        case("one row", (1, 3), 1, 6),
        case("a square kernel", (2, 2), 3, 4),
        case("a square picture", (2, 2), 4, 4),
        *kinds[:4],
        case("one position", (3, 4), 3, 4),
        case("one column", (3, 1), 5, 2),
        case("a kernel of one pixel, stride 3", (1, 1), 4, 5, 3),
        case("a stride of 3", (2, 2), 5, 6, 3),
        case("large numbers", (2, 3), 3, 4, 1, 1e6),
        *kinds[4:],
    ]
