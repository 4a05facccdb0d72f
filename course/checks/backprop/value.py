"""The class `Value`: a graph that builds itself out of operators, and its way back.

Each case builds a graph with the student's class, goes back through it and reads what it holds: one missing operator
costs the cases of this operator. A long chain is built by a function of the student's cell, in one call: see `Used`.
"""

import operator

import numpy as np

from course.checks.backprop.rules import by_torch, numbers
from course.checks.compare import GRADIENT_TOLERANCE, describe, is_exactly, is_number
from course.checks.deliver import deliver, is_wanted
from course.checks.kinds import every_kind
from course.checks.notebook import in_notebook, remember
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

LONG = 10_000  # steps of the long chain

OPERATORS = {
    "a + b": lambda a, b: a + b,
    "a * b": lambda a, b: a * b,
    "a.maximum(b)": lambda a, b: a.maximum(b),
    "a @ b": lambda a, b: a @ b,
    "a.relu()": lambda a, b: a.relu(),
    "a.tanh()": lambda a, b: a.tanh(),
    "a.exp()": lambda a, b: a.exp(),
    "a.log()": lambda a, b: a.log(),
    "a ** 3": lambda a, b: a**3,
    "a ** -1": lambda a, b: a**-1,
    "a ** 0.5": lambda a, b: a**0.5,
}
WITH_NUMBERS = {
    "a + 3": lambda a, b: a + 3,
    "3 + a": lambda a, b: 3 + a,
    "a * 5": lambda a, b: a * 5,
    "5 * a": lambda a, b: 5 * a,
    "a - 2": lambda a, b: a - 2,
    "2 - a": lambda a, b: 2 - a,
    "a / 4": lambda a, b: a / 4,
    "7 / a": lambda a, b: 7 / a,
}
GRAPHS = {
    "a - b": lambda a, b: a - b,
    "a / b": lambda a, b: a / b,
    "a + a": lambda a, b: a + a,
    "a * a": lambda a, b: a * a,
    "(a + b) * b": lambda a, b: (a + b) * b,
    "a long way and a short one": lambda a, b: a.tanh().tanh().tanh() * b + a,
}
SHARED = {  # a value in the middle is used twice
    "c = a * b; c + c.tanh()": lambda c: c + c.tanh(),
    "c = a * b; c.tanh() + c": lambda c: c.tanh() + c,
    "c = a * b; d = c + 1; d * c": lambda c: (c + 1) * c,
}
DECK = {  # of scalars: the entries of `a`, one after the other
    "x, y, r = a; (x + y + 1) * r": lambda x, y, r: (x + y + 1) * r,
    "w1, x1, w2, x2, x3 = a; (w1 * x1 + w2 * x2).maximum(x3)": lambda w1, x1, w2, x2, x3: (
        (w1 * x1 + w2 * x2).maximum(x3)
    ),
    "w, x1, x2 = a; (w * x1) * (w * x2)": lambda w, x1, x2: (w * x1) * (w * x2),
    "x, = a; (((x - 1) * (x + 2)) ** 0.5 + 1) ** 0.5": lambda x: (((x - 1) * (x + 2)) ** 0.5 + 1) ** 0.5,
}
LEAF, CLEARED, CHAIN = "a", "y = a * b; y.backward(gradient) twice, y.zero_grad() between", "chain(a, 10_000)"


def steps(x, count):
    """x + 1 + 1 + ...: a long graph, as the cell of the question builds it."""
    for _ in range(count):
        x = x + 1
    return x


def graph(expression, a, b, chain=steps):
    """The result of an expression, of Values or of tensors."""
    if expression in SHARED:
        return SHARED[expression](a * b)
    if expression == CHAIN:
        return chain(a, LONG)
    others = {LEAF: lambda a, b: a, CLEARED: lambda a, b: a * b}
    return (OPERATORS | WITH_NUMBERS | GRAPHS | others)[expression](a, b)


PLAIN = (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, np.ndarray, np.generic, slice, type(None))


class _Node:
    """One of the student's values, where the grader calculates with it. What is plain data is refused.

    A list times a number that somebody returns as values would fill the memory of whoever multiplies them.
    """

    def __init__(self, value, said="Value(...)"):
        if issubclass(type(value), PLAIN):
            raise TypeError(f"{said} gave {describe(value)}; a Value was expected")
        self.value = value


def _operator(name, function):
    """The operator as a method of `_Node`, of a number or a node on the other side."""
    return lambda self, *others: _Node(function(self.value, *(getattr(o, "value", o) for o in others)), name)


for _name in ("add", "sub", "mul", "truediv", "matmul", "pow"):
    _function = getattr(operator, _name)
    setattr(_Node, f"__{_name}__", _operator(_name, _function))
    setattr(_Node, f"__r{_name}__", _operator(_name, lambda a, b, f=_function: f(b, a)))
for _name in ("maximum", "relu", "tanh", "exp", "log"):
    setattr(_Node, _name, _operator(_name, lambda a, *others, name=_name: getattr(a, name)(*others)))


class Used:
    """A student's class as a function of a case: builds the graph, goes back, returns what a comparison can look at.

    chain: the function of the same cell that builds the long chain, where the class is.
    """

    def __init__(self, cls, chain=steps):
        self.cls, self.chain = cls, chain

    def __call__(self, expression, gradient, a, b):
        """Return (the result's data, the gradients of a and of b), whatever the class has made of them."""
        if expression in DECK:
            leaves = [_Node(self.cls(number)) for number in a.tolist()]
            result, other = DECK[expression](*leaves).value, self.cls(b)
            _back(result, gradient)
            return result.data, _together([leaf.value.grad for leaf in leaves]), other.grad
        left, right = self.cls(a), self.cls(b)
        result = graph(expression, _Node(left), _Node(right), self._chained).value
        _back(result, gradient)
        if expression == CLEARED:
            result.zero_grad()
            _back(result, gradient)
        return result.data, left.grad, right.grad

    def _chained(self, node, count):
        return _Node(self.chain(node.value, count), "chain")


def _back(result, gradient):
    """Without an argument where there is no gradient: then it is 1."""
    if gradient is None:
        result.backward()
    else:
        result.backward(gradient)


def _together(gradients):
    """The gradients of single numbers as an array; the first one that is none, as it is."""
    for gradient in gradients:
        if not (is_number(gradient) or (is_exactly(gradient, np.ndarray) and gradient.shape == ()
                                        and gradient.dtype.kind in "biuf")):  # fmt: skip
            return gradient
    return np.array(gradients, np.float64)


def _expected(expression, gradient, a, b):
    def function(a, b):
        return DECK[expression](*a) if expression in DECK else graph(expression, a, b)

    from course import reference

    tensors = [reference.to_tensor(np.asarray(value, np.float64)) for value in (a, b)]
    value = np.asarray(reference.to_numpy(function(*tensors)), np.float64)
    return value[()], *by_torch(function, gradient, a, b)


def leaves(expression, start=0, scale=1.0):
    """Numbers (a, b) that fit an expression: (2, 3) each, above 0 where a logarithm or a root is taken."""
    a, b = numbers(2, 3, start=start) / 2, numbers(2, 3, start=start + 3) / 2 + 0.125
    b = b + 0.375 * (np.abs(a - b) < 0.1)
    if expression in ("a.log()", "a ** 0.5"):
        a = np.abs(a)
    if expression == "a @ b":
        b = b.T.copy()
    return scale * a, scale * b


def case(kind, expression, gradient=None, **kwargs):
    """A case of an expression; without a gradient `backward` is called without an argument, for a single number."""
    a, b = (kwargs[name] if name in kwargs else value for name, value in zip("ab", leaves(expression), strict=True))
    return Case(kind, {"expression": expression, "gradient": gradient, "a": a, "b": b})


def _cases():
    g, square = numbers(2, 3, start=6), numbers(2, 2, start=1)
    first = case("a * b", "a * b", g)
    a, b = leaves("a * b", start=5)
    kinds = every_kind(first, case("a * b, other numbers", "a * b", g[::-1], a=a, b=b), ["a", "b", "gradient"])
    row = b[0] + 0.25
    return [
        case("a value that nobody has calculated with", LEAF, g),
        *(case(name, name, square if name == "a @ b" else g) for name in OPERATORS if name != "a * b"),
        *kinds[:2],
        *(case(name, name, g) for name in (*WITH_NUMBERS, *GRAPHS, *SHARED)),
        *(case(f"{name}, a row on the right", name, g, b=row) for name in ("a + b", "a * b", "a.maximum(b)")),
        case("a + b, a column and a row", "a + b", g, a=a[:, :1], b=row),
        case("(x + y + 1) r of the lecture", "x, y, r = a; (x + y + 1) * r", a=np.array([-2.0, 5.0, 3.0]), b=1.0),
        *(case(f"max(w1 x1 + w2 x2, x3) of the lecture, x3 = {x3}",
               "w1, x1, w2, x2, x3 = a; (w1 * x1 + w2 * x2).maximum(x3)", a=np.array([2.0, 3, -1, 4, x3]), b=1.0)
          for x3 in (1, 5)),
        case("(w x1) (w x2) of the lecture", "w, x1, x2 = a; (w * x1) * (w * x2)", a=np.array([3.0, 2, 5]), b=1.0),
        case("the long derivative of the lecture", "x, = a; (((x - 1) * (x + 2)) ** 0.5 + 1) ** 0.5",
             a=np.array([3.0]), b=1.0),
        case("back a second time, after clearing", CLEARED, g),
        case("a chain of ten thousand", CHAIN, a=1.5, b=1.0),
        case("large numbers", "(a + b) * b", 1e3 * g, a=1e5 * a, b=1e5 * b),
        *kinds[2:],
    ]  # fmt: skip


class ClassQuestion(Question):
    """A question about a class. `run` takes a function of a case; `adapt` makes it of a class."""

    def __call__(self, cls, chain, cases=None):
        """Check the class on the visible cases or on others. chain: the function beside it."""
        if is_wanted(hidden=cases is not None):
            with in_notebook(self.name, cls):
                record = self.run(self.adapt(cls, chain), cases)
                if cases is None:
                    remember(self.name, cls, record)
                deliver(record)

    def adapt(self, cls, chain=steps):
        """The function of a case that uses this class; what cannot be called stays as it is, and is said to be none."""
        return Used(cls, chain) if callable(cls) else cls


def _mistaken(expressions, change):
    """The right answer, changed in these expressions: change(value, grad_a, grad_b, gradient, a, b)."""

    def wrong(expression, gradient, a, b):
        right = _expected(expression, gradient, a, b)
        g = 1.0 if gradient is None else gradient
        return change(*right, g, a, b) if expression in expressions else right

    return wrong


TWICE = ("a + a", "a * a")


def _overwritten(expression, gradient, a, b):
    """The last gradient that comes in takes the place of the others."""
    y, grad_a, grad_b = _expected(expression, gradient, a, b)
    if expression in TWICE:
        grad_a = grad_a / 2
    elif expression == "(a + b) * b":
        grad_b = gradient * b
    elif expression == "a long way and a short one":
        grad_a = grad_a - gradient
    elif expression == "w, x1, x2 = a; (w * x1) * (w * x2)":
        grad_a = grad_a * [0.5, 1, 1]
    elif expression in SHARED:
        c = a * b
        to_c = gradient * (c if "d" in expression else 1 - np.tanh(c) ** 2)
        grad_a, grad_b = to_c * b, to_c * a
    return y, grad_a, grad_b

Value = ClassQuestion(
    "Value", _expected, _cases, tolerance=GRADIENT_TOLERANCE, outputs=("data", "grad_a", "grad_b"),
    number="8", ranges=[
        *(Range(f"the operator of {name}", lambda expression, wanted=name, **rest: expression == wanted)
          for name in OPERATORS),
        Range("a number on the right", lambda expression, **rest: expression in ("a + 3", "a * 5")),
        Range("a number on the left", lambda expression, **rest: expression in ("3 + a", "5 * a")),
        Range("used twice", lambda expression, **rest: expression in TWICE),
        Range("used twice in the middle", lambda expression, **rest: expression in SHARED),
        Range("shapes that differ", lambda expression, a, b, **rest:
              expression in ("a + b", "a * b") and np.shape(a) != np.shape(b)),
        Range("the lecture's graphs", lambda expression, **rest: expression in DECK),
        Range("back a second time", lambda expression, **rest: expression == CLEARED),
        Range("a long chain", lambda expression, **rest: expression == CHAIN),
        Range("larger than float16 can hold", lambda a, **rest: np.abs(a).max() > 65504),
    ],
    mistakes=[
        Mistake("not added", _overwritten,
                "A value that is used twice gets a gradient from each use, and the second one has taken the place of "
                "the first."),
        Mistake("not cleared", _mistaken((CLEARED,), lambda y, ga, gb, g, a, b: (y, 2 * ga, 2 * gb)),
                "After clearing and going back again, the gradients of the first time are still in it."),
        Mistake("cleared and not gone back", _mistaken((CLEARED,), lambda y, ga, gb, g, a, b: (y, 0 * ga, 0 * gb)),
                "After the second way back nothing has come in. Does a value remember that it was visited once?"),
    ],
)  # fmt: skip
