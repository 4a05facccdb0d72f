"""The rules of single operations: the gradient of the output comes in, those of the inputs go out."""

import numpy as np

from course.checks.backprop.formulas import sum_to as summed
from course.checks.cases import spread
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

NUMBERS = np.round(spread(np.random.default_rng(4), 64, low=0.3) * 8) / 8 + 0.0625  # never whole, never 0


def numbers(*shape, start=0):
    """An array of the same numbers in every run, none of them whole; `start` says where they begin."""
    return np.resize(np.roll(NUMBERS, -7 * start), int(np.prod(shape))).reshape(shape)


def by_torch(function, gradient, *inputs):
    """The gradients of `function` of tensors by each input, from the gradient of its output."""
    from course import reference

    inputs = [np.asarray(value, np.float64) for value in inputs]
    return tuple(g if g.ndim else float(g) for g in reference.gradients(function, *inputs, grad_output=gradient))


def _sum_to(gradient, shape):
    return by_torch(lambda x: x.broadcast_to(gradient.shape), np.asarray(gradient, float), np.zeros(shape))[0]


def _sum_to_cases():
    def case(kind, gradient, *shape):
        return Case(kind, {"gradient": gradient, "shape": shape})

    kinds = every_kind(case("a row, repeated for three examples", numbers(3, 4), 4),
                       case("another row, repeated for three examples", numbers(3, 4, start=3), 4))  # fmt: skip
    return [
        *kinds[:2],
        case("nothing was repeated", numbers(2, 3), 2, 3),
        case("a column, repeated", numbers(3, 4), 3, 1),
        case("a row that has two axes", numbers(3, 4), 1, 4),
        case("a number, repeated everywhere", numbers(3, 4)),
        case("one entry with two axes", numbers(3, 4), 1, 1),
        case("a column, repeated in two directions", numbers(2, 3, 4), 3, 1),
        case("repeated once", numbers(1, 4), 4),
        case("as many rows as columns", numbers(3, 3), 3),
        case("large numbers", 1e5 * numbers(3, 4), 4),
        *kinds[2:],
    ]


def _fit(numbers, shape):
    """The same numbers in this shape, as far as there are any."""
    return np.resize(numbers, shape)


sum_to = Question(
    "sum_to", _sum_to, _sum_to_cases, tolerance=GRADIENT_TOLERANCE,
    number="1", ranges=[
        Range("nothing was repeated", lambda gradient, shape: gradient.shape == shape),
        Range("an axis that is missing", lambda gradient, shape: 0 < len(shape) < gradient.ndim),
        Range("an axis of size 1", lambda gradient, shape: len(shape) == gradient.ndim and 1 in shape),
        Range("a number", lambda gradient, shape: shape == ()),
        Range("both", lambda gradient, shape: len(shape) < gradient.ndim and 1 in shape),
        Range("larger than float16 can hold", lambda gradient, shape: abs(gradient).max() > 65504),
    ],
    mistakes=[
        Mistake("not summed", lambda g, s: g.copy(),
                "The gradient still has the shape of the output. Each copy of an entry has earned a gradient: what "
                "becomes of those of one entry?"),
        Mistake("mean", lambda g, s: summed(g, s) * (np.prod(s) / g.size),
                "This is the mean over the copies. A value that is used several times changes the output once for each "
                "use, and these changes add up."),
        Mistake("one copy", lambda g, s: g[tuple([0] * (g.ndim - len(s)) + [slice(0, 1) if n == 1 else slice(None)
                                                                            for n in s])],
                "The gradient of one copy was taken, and the others were thrown away."),
        Mistake("largest", lambda g, s: _over(np.max, g, s),
                "The largest gradient of the copies was taken. All of them count."),
        Mistake("other axis", lambda g, s: _fit(g.sum(axis=-1), s) if len(s) < g.ndim else summed(g, s),
                "Another axis was summed than the one that broadcasting had added. Missing axes are added in front."),
        Mistake("everything", (lambda g, s: np.full(s, g.sum())[()], lambda g, s: g.sum()),
                "Everything was summed into one number. Only the copies of one entry belong together."),
        Mistake("axes of size 1 stay", lambda g, s: g.sum(axis=tuple(range(g.ndim - len(s)))),
                "An axis of size 1 is repeated as well: its copies are still there, one beside the other."),
        Mistake("axes in front stay", lambda g, s: g.sum(axis=tuple(
                    i for i, n in enumerate((1,) * (g.ndim - len(s)) + s) if n == 1), keepdims=True),
                "The sums are right, and axes of size 1 are left in front, which the input does not have."),
    ],
)  # fmt: skip


def _over(function, g, s):
    axes = tuple(i for i, n in enumerate((1,) * (g.ndim - len(s)) + tuple(s)) if n == 1 and i < g.ndim)
    return function(g, axis=axes, keepdims=True).reshape(s)


BINARY = {"+": lambda a, b: a + b, "*": lambda a, b: a * b, "max": lambda a, b: a.maximum(b)}


def _binary_backward(op, gradient, a, b):
    return by_torch(BINARY[op], gradient, a, b)


def _pair(*shape_of_b):
    """a (2, 3) and b whose entries are never equal where they meet."""
    a, b = numbers(2, 3), numbers(*shape_of_b, start=2)
    return a, b + 0.5 * (a == b).any()


def _binary_cases():
    a, b = numbers(2, 3), numbers(2, 3, start=4) + 0.375
    g = numbers(2, 3, start=1)

    def case(kind, op, a=a, b=b, g=g):
        return Case(f"{op}: {kind}", {"op": op, "gradient": g, "a": a, "b": b})

    kinds = every_kind(case("two matrices", "*"), case("two other matrices", "*", b, a + 0.25, numbers(2, 3, start=5)))
    row, column, other = b[0] + 0.125, a[:, :1] - 0.125, numbers(3, start=3) + 0.75
    return [
        case("two matrices", "+"),
        *kinds[:2],
        case("two matrices", "max"),
        case("two numbers", "+", 1.5, -2.25, 0.5),
        case("two numbers", "*", 1.5, -2.25, 0.5),
        case("two numbers", "max", 1.5, -2.25, 0.5),
        *(case("a row on the right", op, b=row) for op in BINARY),
        *(case("a column on the left", op, a=column) for op in BINARY),
        *(case("a column and a row", op, a=column, b=other) for op in BINARY),
        case("a number on the left", "*", a=2.5),
        case("a number on the right", "max", b=0.4),
        *(case("large numbers", op, 1e5 * a, 1e5 * b, 1e5 * g) for op in BINARY),
        *kinds[2:],
    ]


def _rule(op, g, a, b, *, use=True, to_a=None, to_b=None, sums=summed):
    """The rules, with a place for each mistake."""
    a, b = np.asarray(a), np.asarray(b)
    g = np.asarray(g) if use else np.ones(np.shape(g))
    right = {"+": (1.0, 1.0), "*": (b, a), "max": (a > b, b > a)}[op]
    factors = to_a.get(op, right[0]) if to_a else right[0], to_b.get(op, right[1]) if to_b else right[1]
    return tuple(sums(g * f, np.shape(x)) for f, x in zip(factors, (a, b), strict=True))


def _of(**mistake):
    return lambda op, g, a, b: _rule(op, g, a, b, **mistake)


def _factors(op, of):
    """Other factors for one operation: of(a, b) gives both."""

    def wrong(name, g, a, b):
        to_a, to_b = of(np.asarray(a), np.asarray(b))
        return _rule(name, g, a, b, to_a={op: to_a}, to_b={op: to_b})

    return wrong


def _half(g, shape):
    """Summed only over axes that are missing."""
    return g.sum(axis=tuple(range(g.ndim - len(shape))))


binary_backward = Question(
    "binary_backward", _binary_backward, _binary_cases, tolerance=GRADIENT_TOLERANCE, outputs=("grad_a", "grad_b"),
    number="2", ranges=[
        *(Range(f"the rule of {op}", lambda op, wanted=op, **rest: op == wanted) for op in BINARY),
        Range("shapes that differ", lambda op, gradient, a, b: np.shape(a) != np.shape(b)),
        Range("both are repeated", lambda op, gradient, a, b: np.shape(a) != np.shape(gradient) != np.shape(b)),
        Range("two numbers", lambda op, gradient, a, b: np.shape(gradient) == ()),
        Range("larger than float16 can hold", lambda op, gradient, a, b: np.abs(gradient).max() > 65504),
    ],
    mistakes=[
        Mistake("gradient forgotten", _of(use=False),
                "These are the slopes of the operation alone. What comes in from behind multiplies them."),
        Mistake("not summed back", _of(sums=lambda g, shape: g),
                "The gradient of an input that was repeated has the shape of the output. A value that is used several "
                "times gets the sum."),
        Mistake("mean of the copies", _of(sums=lambda g, shape: summed(g, shape) * (np.prod(shape) / g.size)),
                "Gradients of the copies of one entry add up; here their mean was taken."),
        Mistake("columns stay", _of(sums=_half),
                "Missing axes were summed, but an axis of size 1 was repeated as well: its copies are still there."),
        Mistake("own factor", _factors("*", lambda a, b: (a, b)),
                "Turning at one factor changes the product by as much as the other one says. Here each got itself."),
        Mistake("product as a sum", _factors("*", lambda a, b: (1.0, 1.0)),
                "The slope of a product is not 1. By how much does it change when one factor grows a little?"),
        Mistake("sum as a product", _factors("+", lambda a, b: (b, a)),
                "A sum grows as much as one of its terms does, whatever the other term is."),
        Mistake("smaller one", _factors("max", lambda a, b: (a < b, b < a)),
                "The smaller input gets the gradient here. On which of the two does the maximum depend?"),
        Mistake("both", _factors("max", lambda a, b: (1.0, 1.0)),
                "Both inputs of the maximum get the gradient. The smaller one has no say."),
        Mistake("value for slope", _factors("max", lambda a, b: (a * (a > b), b * (b > a))),
                "The larger input multiplies the gradient. The maximum grows as fast as it does: which slope is that?"),
        Mistake("half each", _factors("max", lambda a, b: (0.5, 0.5)),
                "Each input of the maximum gets half. Where one is larger, it decides alone."),
        Mistake("swapped", lambda op, g, a, b: _rule(op, g, a, b)[::-1],
                "Both look right, but their order is not the one in the task."),
        Mistake("subtracted", _factors("+", lambda a, b: (1.0, -1.0)),
                "The second term was treated as if it were subtracted."),
    ],
)  # fmt: skip


UNARY = {"relu": lambda x, n: x.relu(), "tanh": lambda x, n: x.tanh(), "exp": lambda x, n: x.exp(),
         "log": lambda x, n: x.log(), "**": lambda x, n: x**n}  # fmt: skip


def _unary_backward(op, gradient, x, exponent):
    return by_torch(lambda tensor: UNARY[op](tensor, exponent), gradient, x)[0]


def _unary_cases():
    x, g = numbers(2, 3) / 2, numbers(2, 3, start=1)

    def case(kind, op, x=x, exponent=0.0, g=g):
        return Case(f"{op}: {kind}", {"op": op, "gradient": g, "x": x, "exponent": exponent})

    kinds = every_kind(case("six numbers", "tanh"), case("six other numbers", "tanh", x[::-1] / 2 + 0.25, g=g[:, ::-1]))
    return [
        case("six numbers", "relu"),
        *kinds[:2],
        case("six numbers", "exp"),
        case("six numbers above 0", "log", abs(x)),
        case("the third power", "**", x, 3),
        case("one over x", "**", x, -1),
        case("the root", "**", abs(x), 0.5),
        case("the square", "**", x, 2),
        case("one number", "relu", -1.5, g=2.5),
        case("one number", "exp", 0.5, g=2.5),
        case("a vector", "log", abs(x[0]) + 1, g=g[0]),
        case("all below 0", "relu", -abs(x)),
        case("nearly flat", "tanh", 2.5 * np.sign(x) + x / 16),
        case("near 0", "log", abs(x) / 100),
        case("far below 0", "exp", -abs(x) - 4, g=1e3 * g),
        case("large numbers", "relu", 1e5 * x, g=1e5 * g),
        case("large gradients", "tanh", g=1e5 * g),
        *kinds[2:],
    ]


SLOPES = {"relu": lambda x, n: 1.0 * (x > 0), "tanh": lambda x, n: 1 - np.tanh(x) ** 2, "exp": lambda x, n: np.exp(x),
          "log": lambda x, n: 1 / x, "**": lambda x, n: n * np.power(x, n - 1.0)}  # fmt: skip


def _sloped(use=True, **slopes):
    """The rules with other slopes, functions of (x, n); `power` is that of **."""
    slopes = {name.replace("power", "**"): slope for name, slope in slopes.items()}
    return lambda op, g, x, n: (g if use else 1.0) * (SLOPES | slopes)[op](x, n)


unary_backward = Question(
    "unary_backward", _unary_backward, _unary_cases, tolerance=GRADIENT_TOLERANCE,
    number="3", ranges=[
        *(Range(f"the rule of {op}", lambda op, wanted=op, **rest: op == wanted) for op in UNARY),
        Range("relu of numbers above 0", lambda op, gradient, x, exponent: (op == "relu") & (x > 0)),
        Range("relu of numbers below 0", lambda op, gradient, x, exponent: (op == "relu") & (x < 0)),
        Range("tanh nearly flat", lambda op, gradient, x, exponent: (op == "tanh") & (np.abs(x) > 2)),
        Range("log near 0", lambda op, gradient, x, exponent: (op == "log") & (np.abs(x) < 0.05)),
        Range("a negative exponent", lambda op, gradient, x, exponent: exponent < 0),
        Range("larger than float16 can hold", lambda op, gradient, x, exponent: np.abs(gradient).max() > 65504),
    ],
    mistakes=[
        Mistake("gradient forgotten", _sloped(use=False),
                "These are the slopes of the operation alone. What comes in from behind multiplies them."),
        Mistake("mask of the gradient", lambda op, g, x, n: g * (g > 0) if op == "relu" else _sloped()(op, g, x, n),
                "What decides is whether the ReLU let the number through on the way forward, not the sign of the "
                "gradient."),
        Mistake("relu lets all through", _sloped(relu=lambda x, n: 1.0 + 0 * x),
                "Where the ReLU gave 0, a small change of its input changes nothing."),
        Mistake("relu itself", _sloped(relu=lambda x, n: np.maximum(x, 0)),
                "This multiplies by what the ReLU returned. Its slope has two values only."),
        Mistake("not squared", _sloped(tanh=lambda x, n: 1 - np.tanh(x)),
                "At a large negative number tanh is flat as well. Which part of the slope has lost its square?"),
        Mistake("slope of the output", (_sloped(tanh=lambda x, n: 1 - x**2),
                                        _sloped(tanh=lambda x, n: 1 - np.tanh(np.tanh(x)) ** 2)),
                "The slope of tanh is a formula of what tanh has returned. Which value was put into it?"),
        Mistake("slope of the sigmoid", _sloped(tanh=lambda x, n: np.tanh(x) * (1 - np.tanh(x))),
                "This has the form of the sigmoid's slope. Tanh goes from -1 to 1, and has another one."),
        Mistake("exp as a power", _sloped(exp=lambda x, n: x * np.exp(x - 1)),
                "In e to the power of x the variable is the exponent: the rule of powers does not fit. Which function "
                "is its own slope?"),
        Mistake("gradient of x for exp", _sloped(exp=lambda x, n: 1.0 + 0 * x),
                "exp has the slope 1 at 0 only."),
        Mistake("log upside down", _sloped(log=lambda x, n: x),
                "The logarithm gets flatter, the larger its input is. This slope grows."),
        Mistake("log itself", _sloped(log=lambda x, n: np.log(x)),
                "This multiplies by the logarithm. Its slope is a much simpler formula."),
        Mistake("exponent stays", _sloped(power=lambda x, n: n * np.power(x, n * 1.0)),
                "The exponent has to become smaller by 1."),
        Mistake("no factor", _sloped(power=lambda x, n: np.power(x, n - 1.0)),
                "The exponent is smaller by 1, as it should be. What became of the old one?"),
        Mistake("always the square", _sloped(power=lambda x, n: 2 * x),
                "That is the rule of squares. Which argument says how high the power is?"),
    ],
)  # fmt: skip


def _matmul_backward(gradient, a, b):
    return by_torch(lambda a, b: a @ b, gradient, a, b)


def _matmul_cases():
    def case(kind, n, d, c, start=0, scale=1.0):
        inputs = {"gradient": numbers(n, c, start=start), "a": numbers(n, d, start=start + 2),
                  "b": numbers(d, c, start=start + 5)}  # fmt: skip
        return Case(kind, {name: scale * value for name, value in inputs.items()})

    a, g = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    kinds = every_kind(case("(2, 3) times (3, 4)", 2, 3, 4), case("other numbers", 2, 3, 4, 3))
    return [
        *kinds[:2],
        Case("the square example of the lecture", {"gradient": g, "a": a, "b": a - 4.5}),
        case("square", 3, 3, 3),
        case("one row", 1, 3, 2),
        case("one column", 3, 2, 1),
        case("inner size 1", 2, 1, 3),
        case("large numbers", 2, 3, 4, scale=1e5),
        *kinds[2:],
    ]


def _square(gradient, a, b):
    return a.shape == b.shape == gradient.shape


matmul_backward = Question(
    "matmul_backward", _matmul_backward, _matmul_cases, tolerance=GRADIENT_TOLERANCE, outputs=("grad_a", "grad_b"),
    number="4", ranges=[
        Range("three different sizes", lambda gradient, a, b: len({*a.shape, *b.shape}) == 3),
        Range("square", _square),
        Range("inner size 1", lambda gradient, a, b: a.shape[1] == 1),
        Range("one row", lambda gradient, a, b: len(a) == 1),
        Range("one column", lambda gradient, a, b: b.shape[1] == 1),
        Range("larger than float16 can hold", lambda gradient, a, b: abs(gradient).max() > 65504),
    ],
    mistakes=[
        Mistake("wrong order for b", lambda g, a, b: (g @ b.T, g @ a.T),
                "For the second factor the two have to stand in the other order: a matrix product is not the same both "
                "ways round. Where the shapes fit all the same, only the numbers tell."),
        Mistake("wrong order for a", lambda g, a, b: (b.T @ g, a.T @ g),
                "For the first factor the two have to stand in the other order: a matrix product is not the same both "
                "ways round. Where the shapes fit all the same, only the numbers tell."),
        Mistake("both in the wrong order", lambda g, a, b: (b.T @ g, g @ a.T),
                "Both products stand in the wrong order. Write down the three shapes, and the shape that each result "
                "must have."),
        Mistake("nothing turned", (lambda g, a, b: (g @ b, a @ g), lambda g, a, b: (g @ b, g @ a)),
                "A factor has to be turned before it multiplies the gradient. Which entries of it meet which entry of "
                "the output?"),
        Mistake("gradients turned", lambda g, a, b: (b @ g.T, g.T @ a),
                "Both results are turned: each must have the shape of its factor."),
        Mistake("gradient forgotten", lambda g, a, b: (np.ones_like(g) @ b.T, a.T @ np.ones_like(g)),
                "These are the gradients of the sum of all entries. What comes in from behind says how much each entry "
                "counts."),
        Mistake("swapped", lambda g, a, b: (a.T @ g, g @ b.T),
                "Both look right, but their order is not the one in the task."),
        Mistake("entry by entry", lambda g, a, b: (g * b, g * a),
                "That is the rule of a product entry by entry. In a matrix product each entry of a factor is used "
                "in a whole row or column of the output."),
        Mistake("mean", lambda g, a, b: (g @ b.T / b.shape[1], a.T @ g / len(a)),
                "These are means. Gradients of several uses add up; a mean belongs into the loss, if at all."),
    ],
)  # fmt: skip
