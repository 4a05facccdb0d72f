"""Hidden graphs that the student's class builds: each operator, with numbers and in other shapes; longer ones."""

import numpy as np

from course.checks.backprop.value import CHAIN, CLEARED, DECK, GRAPHS, LEAF, OPERATORS, SHARED, WITH_NUMBERS
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.backprop.numbers import pair, some
from course.grading.hidden.draw import drawn

POSITIVE = ("a.log()", "a ** 0.5")
LEAVES = [3, 5, 3, 1]  # how many numbers the graphs of the lecture take, in the order of DECK


@drawn
def Value(rng):  # the name of the question is that of the class
    """Every operator alone and in graphs; shapes that differ; values that are used again."""

    def case(expression, kind="", shape=(3, 2), shape_b=(3, 2), scale=1.0):
        a, b = (numbers / 2 for numbers in pair(rng, shape, shape_b))
        if expression in POSITIVE:
            a = abs(a)
        if expression == "a @ b":
            b = some(rng, shape[-1], 4)
        full = (shape[0], 4) if expression == "a @ b" else np.broadcast_shapes(shape, shape_b)
        g = some(rng, *(full if "b" in expression else shape))
        inputs = {"expression": expression, "gradient": g, "a": scale * a, "b": scale * b}
        return Case(kind or expression, inputs)

    def scalars(expression, count, kind):
        while True:
            a = some(rng, count, low=1.2)
            if count == 5 and abs(a[0] * a[1] + a[2] * a[3] - a[4]) < 0.3:
                continue  # no right answer depends on which of two equal numbers is the larger one
            a = abs(a) + 0.5 if count == 1 else a
            return Case(kind, {"expression": expression, "gradient": None, "a": a, "b": some(rng)})

    kinds = every_kind(case("a * b"), case("a * b", "a * b, other numbers"), ["a", "b", "gradient"])
    return [
        case(LEAF, "a value that nobody has calculated with"),
        *(case(name, "the root of a" if "0.5" in name else "") for name in OPERATORS if name != "a * b"),
        *kinds[:2],
        *(case(name) for name in (*WITH_NUMBERS, *GRAPHS, *SHARED)),
        *(case(name, f"{name}, a column on the left", (3, 1), (3, 4)) for name in ("a + b", "a * b", "a.maximum(b)")),
        *(case(name, f"{name}, a stack and a row", (2, 3, 2), (2,)) for name in ("a + b", "a * b")),
        *(scalars(name, count, f"scalars: {name}") for name, count in zip(DECK, LEAVES, strict=True)),
        case(CLEARED, "back a second time, after clearing"),
        Case("a chain of ten thousand", {"expression": CHAIN, "gradient": None, "a": rng.uniform(1, 3), "b": 1.0}),
        case("(a + b) * b", "large numbers", scale=1e5),
        *kinds[2:],
    ]
