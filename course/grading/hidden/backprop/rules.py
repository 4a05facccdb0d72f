"""Hidden cases for the rules of single operations."""

import numpy as np

from course.checks.backprop.rules import BINARY
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.backprop.numbers import pair, some
from course.grading.hidden.draw import drawn


@drawn
def sum_to(rng):
    """Axes in front, axes of size 1, both, none."""

    def case(kind, full, *shape, scale=1.0):
        return Case(kind, {"gradient": scale * some(rng, *full), "shape": shape})

    kinds = every_kind(case("a row, repeated for five examples", (5, 3), 3), case("another row", (5, 3), 3))
    return [
        *kinds[:2],
        case("nothing was repeated", (3, 4), 3, 4),
        case("a vector that was not repeated", (5,), 5),
        case("a column, repeated", (4, 3), 4, 1),
        case("a row that has two axes", (4, 3), 1, 3),
        case("a number, repeated everywhere", (4, 3)),
        case("one entry of a vector", (4,), 1),
        case("one entry with two axes", (2, 5), 1, 1),
        case("a column, repeated in two directions", (3, 2, 4), 2, 1),
        case("an axis in the middle", (3, 2, 4), 3, 1, 4),
        case("a stack of matrices", (2, 3, 2, 4), 2, 4),
        case("repeated once", (1, 4), 4),
        case("as many rows as columns", (4, 4), 4),
        case("large numbers", (5, 3), 3, scale=1e6),
        *kinds[2:],
    ]


@drawn
def binary_backward(rng):
    """Each operation with arrays of the same shape, with repeated ones, with numbers, with large numbers."""

    def case(kind, op, shape_a, shape_b, scale=1.0):
        a, b = pair(rng, shape_a, shape_b)
        g = some(rng, *np.broadcast_shapes(shape_a, shape_b))
        return Case(f"{op}: {kind}", {"op": op, "gradient": scale * g, "a": scale * a, "b": scale * b})

    kinds = every_kind(case("two matrices", "*", (3, 2), (3, 2)), case("two other matrices", "*", (3, 2), (3, 2)))
    return [
        case("two matrices", "+", (3, 2), (3, 2)),
        *kinds[:2],
        case("two matrices", "max", (3, 4), (3, 4)),
        *(case("two numbers", op, (), ()) for op in BINARY),
        *(case("two vectors", op, (5,), (5,)) for op in BINARY),
        *(case("a row on the right", op, (3, 4), (4,)) for op in BINARY),
        *(case("a column on the left", op, (3, 1), (3, 4)) for op in BINARY),
        *(case("a row and a column", op, (4,), (3, 1)) for op in BINARY),
        *(case("a number and a matrix", op, (), (2, 3)) for op in BINARY),
        *(case("a stack and a row", op, (2, 3, 2), (1, 2)) for op in BINARY),
        *(case("large numbers", op, (2, 3), (2, 3), 1e6) for op in BINARY),
        *kinds[2:],
    ]


@drawn
def unary_backward(rng):
    """Each function in its ranges."""

    def case(kind, op, x, exponent=0.0, scale=1.0):
        return Case(f"{op}: {kind}", {"op": op, "gradient": scale * some(rng, *np.shape(x)), "x": x,
                                      "exponent": exponent})  # fmt: skip

    def x(*shape, **between):
        return some(rng, *shape, **between)

    def above(*shape):
        return np.abs(x(*shape))

    kinds = every_kind(case("a matrix", "tanh", x(3, 2) / 2), case("another matrix", "tanh", x(3, 2) / 2))
    return [
        case("a matrix", "relu", np.array([[1.0, -1, 1], [-1, 1, -1]]) * above(2, 3)),
        *kinds[:2],
        case("a matrix", "exp", x(2, 3)),
        case("a matrix", "log", above(2, 3)),
        case("the square", "**", x(2, 3), 2),
        case("the third power", "**", x(2, 3), 3),
        case("the fifth power", "**", x(4) / 2, 5),
        case("one over the square", "**", x(2, 3), -2),
        case("the root", "**", above(2, 3), 0.5),
        case("one over the root", "**", above(3), -0.5),
        case("one number above 0", "relu", rng.uniform(0.5, 2)),
        case("one number below 0", "relu", -rng.uniform(0.5, 2)),
        case("one number", "tanh", rng.uniform(0.5, 1)),
        case("a stack", "log", above(2, 2, 3)),
        case("all below 0", "relu", -above(2, 3)),
        case("nearly flat", "tanh", np.array([1, -1, 1, -1, -1]) * rng.uniform(2.1, 2.9, 5)),
        case("near 0", "log", rng.uniform(0.01, 0.04, (2, 3))),
        case("far below 0", "exp", rng.uniform(-6, -4, (2, 3)), scale=1e3),
        case("large numbers", "relu", 1e6 * x(2, 3), scale=1e6),
        case("large gradients", "tanh", x(2, 3) / 2, scale=1e6),
        *kinds[2:],
    ]


@drawn
def matmul_backward(rng):
    """Three sizes, square, sizes of 1."""

    def case(kind, n, d, c, scale=1.0):
        inputs = {"gradient": some(rng, n, c), "a": some(rng, n, d), "b": some(rng, d, c)}
        return Case(kind, {name: scale * value for name, value in inputs.items()})

    kinds = every_kind(case("(4, 2) times (2, 3)", 4, 2, 3), case("other numbers", 4, 2, 3))
    return [
        *kinds[:2],
        case("square", 3, 3, 3),
        case("square, of another size", 2, 2, 2),
        case("one row", 1, 4, 2),
        case("one column", 4, 3, 1),
        case("inner size 1", 3, 1, 2),
        case("one number each", 1, 1, 1),
        case("large numbers", 3, 2, 4, 1e6),
        *kinds[2:],
    ]
