"""Activation functions, entry by entry, and their gradients."""

import numpy as np

from course.checks.cases import SLIDE_EXAMPLE
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.oracle import autograd, measured_slope, reference_function
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _activation_cases(*extra):
    def cases():
        example = Case("the ten numbers of the lecture", {"x": SLIDE_EXAMPLE})
        rows = Case("two rows", {"x": np.array([[-3.0, 0.5, 2.0], [4.0, -0.25, 8.0]])})
        other = Case("two other rows", {"x": np.array([[1.5, -0.75, 0.25], [-6.0, 3.0, -1.25]])})
        kinds = every_kind(rows, other)
        return [example, *kinds[:2], *(Case(kind, {"x": np.array(x)}) for kind, x in extra), *kinds[2:]]

    return cases


relu = Question(
    "relu", reference_function("relu"),
    _activation_cases(("near 0", [-0.09, -0.01, -0.001, 0.0, 0.001, 0.01, 0.09]),
                      ("large numbers", [-1e6, 1e5, -7e4, 3e5])),
    number="4", ranges=[
        Range("negative", lambda x: x < -0.1),
        Range("slightly below 0", lambda x: (-0.1 < x) & (x < 0)),
        Range("exactly 0", lambda x: x == 0),
        Range("slightly above 0", lambda x: (0 < x) & (x < 0.1)),
        Range("positive", lambda x: (0.1 < x) & (x < 6)),
        Range("above 6", lambda x: x > 6),
        Range("larger than float16 can hold", lambda x: np.abs(x) > 65504),
    ],
    mistakes=[
        Mistake("mask", lambda x: (x > 0) * 1.0, "This says where ReLU is on. It also has to let the value through."),
        Mistake("abs", np.abs, "Negative entries become 0; here they became positive."),
        Mistake("leaky", lambda x: np.where(x > 0, x, 0.01 * x),
                "A leaky ReLU lets a little through on the negative side. The plain one lets nothing through."),
        Mistake("wrong side", lambda x: np.minimum(x, 0), "The other half of the numbers should survive."),
        Mistake("clipped", lambda x: np.clip(x, 0, 1), "ReLU has a floor but no ceiling."),
        Mistake("clipped at 6", lambda x: np.clip(x, 0, 6), "ReLU has a floor but no ceiling."),
        Mistake("softplus", lambda x: np.log1p(np.exp(x)), "This is the smooth cousin of ReLU, softplus."),
        Mistake("shifted", (lambda x: np.maximum(x, 1), lambda x: np.where(x > 0.1, x, 0)),
                "Compare with 0: small positive values stay as they are."),
    ],
)  # fmt: skip


def _relu_backward_cases():
    g, x = np.array([[1.5, -2.0, 3.0], [0.5, 4.0, -6.0]]), np.array([[2.0, -1.0, 0.5], [-3.0, 1.0, 0.7]])
    rows = Case("two rows", {"grad_output": g, "x": x})
    kinds = every_kind(rows, Case("two other rows", {"grad_output": g[::-1] + 0.25, "x": -x[:, ::-1]}))
    return [
        *kinds[:2],
        Case("a vector", {"grad_output": np.array([10.0, 20.0, 30.0, 40.0]), "x": np.array([-1.0, 2.0, -3.0, 4.0])}),
        Case("negative gradients", {"grad_output": -np.abs(g), "x": x}),
        Case("inputs near 0", {"grad_output": g, "x": np.array([[0.09, -0.01, 0.001], [-0.001, 0.01, -0.09]])}),
        Case("large numbers", {"grad_output": 1e5 * g, "x": 1e5 * x}),
        *kinds[2:],
    ]


relu_backward = Question(
    "relu_backward", autograd("relu", of=1), _relu_backward_cases, tolerance=GRADIENT_TOLERANCE,
    explain=measured_slope("relu", ("x",)),
    number="5", ranges=[
        Range("negative inputs", lambda grad_output, x: x < -0.1),
        Range("inputs slightly below 0", lambda grad_output, x: (-0.1 < x) & (x < 0)),
        Range("inputs slightly above 0", lambda grad_output, x: (0 < x) & (x < 0.1)),
        Range("positive inputs", lambda grad_output, x: x > 0.1),
        Range("negative gradients that pass", lambda grad_output, x: (grad_output < 0) & (x > 0)),
        Range("positive gradients that are stopped", lambda grad_output, x: (grad_output > 0) & (x < 0)),
        Range("gradients larger than float16 can hold", lambda grad_output, x: np.abs(grad_output) > 65504),
    ],
    mistakes=[
        Mistake("only the slope", lambda g, x: (x > 0) * 1.0,
                "This is the slope of ReLU alone. The chain rule multiplies it by what arrives from above."),
        Mistake("relu of the gradient", lambda g, x: np.maximum(g, 0),
                "What decides is the sign of the input x, not the sign of the gradient: negative gradients pass too."),
        Mistake("times x", lambda g, x: g * np.maximum(x, 0),
                "The slope of ReLU is 0 or 1, however large x is."),
        Mistake("wrong side", lambda g, x: g * (x < 0), "Where does ReLU change when x changes a little?"),
        Mistake("only the slope, wrong side", lambda g, x: (x < 0) * 1.0,
                "Two things at once. Where does ReLU change when x changes a little? And this is a slope alone: the "
                "chain rule multiplies it by what arrives from above."),
        Mistake("nothing stopped", lambda g, x: g * 1.0, "Where x is negative, ReLU is flat: what is its slope there?"),
        Mistake("both positive", lambda g, x: g * (x > 0) * (g > 0),
                "Only the sign of x decides; a negative gradient is information as well."),
        Mistake("leaky", lambda g, x: np.where(x > 0, g, 0.01 * g), "A flat piece has slope exactly 0."),
    ],
)  # fmt: skip


# Where a result is small all entries of the case are: beside a large one its error would not be seen.
FAR = (
    ("to the left", [-3.5, -6.0, -9.0, -11.5]),
    ("to the right", [3.5, 8.0, 16.0, 38.0]),
    ("further to the left", [-13.0, -15.0, -17.0, -19.0]),
    ("where the result is nearly 0", [-21.0, -25.0, -30.0, -38.0]),
    ("far out on the left", [-1000.0, -745.0, -100.0, -45.0]),
    ("far out on the right", [45.0, 100.0, 745.0, 1000.0]),
    ("far out on both sides", [-1000.0, -40.0, 0.0, 40.0, 1000.0]),
)
SIGMOID_RANGES = (
    Range("in the middle", lambda x: np.abs(x) < 3),
    Range("between -12 and -3", lambda x: (-12 < x) & (x < -3)),
    Range("between -20 and -12", lambda x: (-20 < x) & (x < -12)),
    Range("between -40 and -20, nearly 0", lambda x: (-40 < x) & (x < -20)),
    Range("below -40, where 1 + exp(x) is 1", lambda x: x < -40),
    Range("between 3 and 40", lambda x: (3 < x) & (x < 40)),
    Range("above 709, where exp(x) is infinite", lambda x: x > 709),
)

sigmoid = Question(
    "sigmoid", reference_function("sigmoid"),
    _activation_cases(*FAR),
    number="6", ranges=SIGMOID_RANGES,
    mistakes=[
        Mistake("sign", lambda x: 1 / (1 + np.exp(x)), "For large x the sigmoid should go to 1, not to 0."),
        Mistake("precedence", lambda x: 1 / 1 + np.exp(-x), "Look at what the division covers."),
        Mistake("sign, precedence", lambda x: 1 / 1 + np.exp(x),
                "Two things at once. Look at what the division covers. And for large x the sigmoid should go to 1."),
        Mistake("overflow", lambda x: np.exp(x) / (1 + np.exp(x)),
                "The formula is right, but exp of a large number is infinite, and infinite / infinite is nan. Write "
                "it so that only exp of negative numbers is needed, for example in two cases."),
        Mistake("tanh", np.tanh, "This is tanh, which runs from -1 to 1. The sigmoid runs from 0 to 1."),
        Mistake("slope", lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2,
                "This is the slope of the sigmoid, not the sigmoid."),
        Mistake("twice as steep", lambda x: 1 / (1 + np.exp(-2 * x)), "The curve is too steep in the middle."),
        Mistake("normalised", lambda x: np.exp(x - x.max(-1, keepdims=True))
                / np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True),
                "This is softmax: the entries share one total. A sigmoid looks at each entry alone."),
        Mistake("clipped", tuple(lambda x, c=c: 1 / (1 + np.exp(-np.clip(x, -c, c))) for c in (3, 5, 10, 15, 20)),
                "The exponent is kept small, but too small: far to the left the sigmoid is a tiny number that still "
                "shrinks with every step. Where does exp really overflow?"),
        Mistake("hard", lambda x: np.clip(x, 0, 1), "The sigmoid is smooth; a straight piece cut at 0 and 1 is not."),
    ],
)  # fmt: skip


def _tanh_from_output(grad_output, y):
    # any y in (-1, 1) is the tanh of arctanh(y); autograd then gives the slope at that point
    return autograd("tanh", of=1)(grad_output, np.arctanh(y))


def _explain_tanh(inputs, output, index):
    moved = {"x": np.arctanh(inputs["y"]), "grad_output": inputs["grad_output"]}
    return measured_slope("tanh", ("x",))(moved, output, index)


def _tanh_backward_cases():
    g, y = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -6.0]]), np.array([[0.0, 0.5, -0.9], [0.99, -0.3, 0.7]])
    rows = Case("two rows", {"grad_output": g, "y": y})
    kinds = every_kind(rows, Case("two other rows", {"grad_output": g[::-1] + 0.25, "y": 0.4 - y / 2}), ["grad_output"])
    return [
        *kinds[:2],
        Case("a vector", {"grad_output": np.ones(4), "y": np.array([-0.8, -0.2, 0.4, 0.95])}),
        Case("outputs of nearly 1 and -1", {"grad_output": np.array([1.0, -2.0, 3.0, 1.5]),
                                            "y": np.array([0.999, -0.9995, 0.9999, -0.9998])}),
        Case("large gradients", {"grad_output": 1e5 * g, "y": y}),
        *kinds[2:],
    ]  # fmt: skip


tanh_backward = Question(
    "tanh_backward", _tanh_from_output, _tanh_backward_cases, tolerance=GRADIENT_TOLERANCE, explain=_explain_tanh,
    number="7", ranges=[
        Range("in the middle", lambda grad_output, y: np.abs(y) < 0.1),
        Range("positive", lambda grad_output, y: (0.1 < y) & (y < 0.99)),
        Range("negative", lambda grad_output, y: (-0.99 < y) & (y < -0.1)),
        Range("nearly 1, where the slope is nearly 0", lambda grad_output, y: y > 0.9985),
        Range("nearly -1", lambda grad_output, y: y < -0.9985),
        Range("gradients larger than float16 can hold", lambda grad_output, y: np.abs(grad_output) > 65504),
    ],
    mistakes=[
        Mistake("y taken for x", lambda g, y: g * (1 - np.tanh(y) ** 2),
                "y already is the output of tanh. Taking tanh of it once more answers another question."),
        Mistake("no square", lambda g, y: g * (1 - y), "Try y near -1: the curve is flat there as well."),
        Mistake("sigmoid's slope", lambda g, y: g * y * (1 - y), "This is the slope of the sigmoid from its output."),
        Mistake("only the slope", lambda g, y: 1 - y**2,
                "This is the slope of tanh alone. The chain rule multiplies it by what arrives from above."),
        Mistake("plus", lambda g, y: g * (1 + y**2), "tanh is steepest in the middle, with slope 1, and flat outside."),
        Mistake("outside square", lambda g, y: g * (1 - y) ** 2, "Look at what is squared."),
        Mistake("inverse", lambda g, y: g / (1 - y**2),
                "This is the slope of the way back from y to x. How fast does y change when x changes?"),
    ],
)  # fmt: skip


softplus = Question(
    "softplus", reference_function("softplus"),
    _activation_cases(*FAR),
    number="8", ranges=SIGMOID_RANGES,
    mistakes=[
        Mistake("overflow", lambda x: np.log(1 + np.exp(x)),
                "The formula is right, but exp of a large number is infinite. For large x the curve is almost x: "
                "take max(x, 0) out, and see what is left."),
        Mistake("relu", lambda x: np.maximum(x, 0), "This is ReLU. Softplus is smooth: at 0 it is log 2."),
        Mistake("sign", lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0),
                "The curve should rise: near 0 on the left, near x on the right."),
        Mistake("sigmoid", lambda x: np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x))),
                "This is the sigmoid, the slope of softplus."),
        Mistake("base 2", lambda x: np.log2(1 + np.exp(-np.abs(x))) + np.maximum(x, 0) / np.log(2),
                "The course uses the natural logarithm throughout."),
        Mistake("base 10", lambda x: np.log10(1 + np.exp(-np.abs(x))) + np.maximum(x, 0) / np.log(10),
                "The course uses the natural logarithm throughout."),
        Mistake("cut off on the left", tuple(lambda x, c=c: np.where(x < -c, 0, np.logaddexp(0, x))
                                             for c in (3, 5, 10, 15, 20)),
                "On the left the curve is nearly 0, but not 0: how large is exp of such a number?"),
        Mistake("half taken out", lambda x: np.log1p(np.exp(-np.abs(x))),
                "The part that stays small is right. What was taken out to keep it small has to come back."),
        Mistake("correction missing a sign", lambda x: np.log1p(np.exp(-np.abs(x))) + np.abs(x),
                "Right for positive x. For negative x nothing large should be added."),
    ],
)  # fmt: skip
