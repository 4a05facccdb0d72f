"""Activation functions, entry by entry, and their gradients."""

import numpy as np

from course.checks.cases import SLIDE_EXAMPLE, in_layouts
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.oracle import autograd, measured_slope, reference_function
from course.checks.question import Mistake, Question
from course.checks.record import Case


def _activation_cases(*extra):
    def cases():
        example = Case("the ten numbers of the lecture", {"x": SLIDE_EXAMPLE})
        return [example, Case("two rows", {"x": np.array([[-3.0, 0.5, 2.0], [4.0, -0.25, 8.0]])}),
                *in_layouts(example, ["read-only"]), *(Case(kind, {"x": x.copy()}) for kind, x in extra)]  # fmt: skip

    return cases


relu = Question(
    "relu", reference_function("relu"), _activation_cases(),
    mistakes=[
        Mistake("mask", lambda x: (x > 0) * 1.0, "This says where ReLU is on. It also has to let the value through."),
        Mistake("abs", np.abs, "Negative entries become 0; here they became positive."),
        Mistake("leaky", lambda x: np.where(x > 0, x, 0.01 * x),
                "A leaky ReLU lets a little through on the negative side. The plain one lets nothing through."),
        Mistake("wrong side", lambda x: np.minimum(x, 0), "The other half of the numbers should survive."),
        Mistake("clipped", lambda x: np.clip(x, 0, 1), "ReLU has a floor but no ceiling."),
        Mistake("clipped at 6", lambda x: np.clip(x, 0, 6), "ReLU has a floor but no ceiling."),
        Mistake("softplus", lambda x: np.log1p(np.exp(x)), "This is the smooth cousin of ReLU, softplus."),
        Mistake("shifted", lambda x: np.maximum(x, 1), "Compare with 0: small positive values stay as they are."),
    ],
)  # fmt: skip


def _relu_backward_cases():
    g, x = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -6.0]]), np.array([[2.0, -1.0, 0.5], [-3.0, 1.0, 0.7]])
    return [
        Case("two rows", {"grad_output": g, "x": x}),
        Case("a vector", {"grad_output": np.array([10.0, 20.0, 30.0, 40.0]), "x": np.array([-1.0, 2.0, -3.0, 4.0])}),
        Case("negative gradients", {"grad_output": -np.abs(g), "x": x}),
        *in_layouts(Case("two rows", {"grad_output": g, "x": x}), ["read-only"]),
    ]


relu_backward = Question(
    "relu_backward", autograd("relu", of=1), _relu_backward_cases, tolerance=GRADIENT_TOLERANCE,
    explain=measured_slope("relu", ("x",)),
    mistakes=[
        Mistake("only the slope", lambda g, x: (x > 0) * 1.0,
                "This is the slope of ReLU alone. The chain rule multiplies it by what arrives from above."),
        Mistake("relu of the gradient", lambda g, x: np.maximum(g, 0),
                "What decides is the sign of the input x, not the sign of the gradient: negative gradients pass too."),
        Mistake("times x", lambda g, x: g * np.maximum(x, 0),
                "The slope of ReLU is 0 or 1, however large x is."),
        Mistake("wrong side", lambda g, x: g * (x < 0), "Where does ReLU change when x changes a little?"),
        Mistake("nothing stopped", lambda g, x: g * 1.0, "Where x is negative, ReLU is flat: what is its slope there?"),
        Mistake("both positive", lambda g, x: g * (x > 0) * (g > 0),
                "Only the sign of x decides; a negative gradient is information as well."),
        Mistake("leaky", lambda g, x: np.where(x > 0, g, 0.01 * g), "A flat piece has slope exactly 0."),
    ],
)  # fmt: skip


sigmoid = Question(
    "sigmoid", reference_function("sigmoid"),
    _activation_cases(("far out on both sides", np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]))),
    mistakes=[
        Mistake("sign", lambda x: 1 / (1 + np.exp(x)), "For large x the sigmoid should go to 1, not to 0."),
        Mistake("precedence", lambda x: 1 / 1 + np.exp(-x), "Look at what the division covers."),
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
    return [
        Case("two rows", {"grad_output": g, "y": y}),
        Case("a vector", {"grad_output": np.ones(4), "y": np.array([-0.8, -0.2, 0.4, 0.95])}),
        *in_layouts(Case("two rows", {"grad_output": g, "y": y}), ["read-only"]),
    ]


tanh_backward = Question(
    "tanh_backward", _tanh_from_output, _tanh_backward_cases, tolerance=GRADIENT_TOLERANCE, explain=_explain_tanh,
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
    _activation_cases(("far out on both sides", np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0]))),
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
        Mistake("half taken out", lambda x: np.log1p(np.exp(-np.abs(x))),
                "The part that stays small is right. What was taken out to keep it small has to come back."),
        Mistake("correction missing a sign", lambda x: np.log1p(np.exp(-np.abs(x))) + np.abs(x),
                "Right for positive x. For negative x nothing large should be added."),
    ],
)  # fmt: skip
