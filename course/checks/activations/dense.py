"""One neuron, and the linear step of a dense layer with its gradients."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.oracle import autograd, measured_slope, reference_function
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _neuron(x, weight, bias):
    # a neuron is a layer of one neuron, here with a batch of one
    z = reference_function("linear")(x[None], weight[None], np.array([bias]))[0, 0]
    return z, float(z >= 0)


def _neuron_cases():
    def case(kind, x, weight, bias):
        return Case(kind, {"x": np.array(x), "weight": np.array(weight), "bias": bias})

    three = case("a bias", [1.5, 2.0, 3.0], [0.75, -1.0, 1.0], -1.75)
    kinds = every_kind(three, case("a bias that decides", [3.0, 1.0, -2.0], [0.25, 1.0, 1.5], 1.5))
    return [
        case("the pattern that it looks for", [1.0, -1.0], [5.0, -5.0], 0.0),
        case("the opposite pattern", [-1.0, 1.0], [5.0, -5.0], 0.0),
        *kinds[:2],
        case("a sum of exactly 0", [1.0, 1.0], [1.0, 1.0], -2.0),
        case("a sum slightly below 0", [0.5, 2.0], [1.0, -0.25], -0.04),
        case("a sum slightly above 0", [0.5, 2.0], [1.0, -0.25], 0.04),
        case("large numbers", [1e5, -2e5], [2.0, 0.5], 3.0),
        *kinds[2:],
    ]


def _sum(x, weight, bias):
    return x @ weight + bias


neuron = Question(
    "neuron", _neuron, _neuron_cases, outputs=("z", "y"),
    number="1", ranges=[
        Range("a sum far below 0", lambda x, weight, bias: _sum(x, weight, bias) < -0.5),
        Range("a sum slightly below 0", lambda x, weight, bias: -0.1 < _sum(x, weight, bias) < 0),
        Range("a sum of exactly 0", lambda x, weight, bias: _sum(x, weight, bias) == 0),
        Range("a sum slightly above 0", lambda x, weight, bias: 0 < _sum(x, weight, bias) < 0.1),
        Range("a sum far above 0", lambda x, weight, bias: _sum(x, weight, bias) > 0.5),
        Range("larger than float16 can hold", lambda x, weight, bias: abs(_sum(x, weight, bias)) > 65504),
    ],
    mistakes=[
        Mistake("no bias", lambda x, w, b: (x @ w, x @ w >= 0),
                "The bias is added to the weighted sum, before the neuron decides."),
        Mistake("bias subtracted", lambda x, w, b: (x @ w - b, x @ w - b >= 0),
                "A threshold is subtracted, a bias is added: the one is the other with its sign turned."),
        Mistake("strict", lambda x, w, b: (x @ w + b, x @ w + b > 0),
                "What should happen when the sum just reaches the threshold? Read the condition once more."),
        Mistake("fires below", lambda x, w, b: (x @ w + b, x @ w + b < 0),
                "The neuron fires for the pattern that its weights look like: for large sums, not for small ones."),
        Mistake("sign", lambda x, w, b: (x @ w + b, np.sign(x @ w + b)),
                "Two conventions exist for a neuron that stays silent: -1 and 0. The task names the one to use."),
        Mistake("decides without bias", lambda x, w, b: (x @ w + b, x @ w >= 0),
                "z is right. The decision has to look at z, not at the weighted sum alone."),
        Mistake("rounded", (lambda x, w, b: (x @ w + b, int(x @ w + b) >= 0),
                            lambda x, w, b: (x @ w + b, np.round(x @ w + b) >= 0)),
                "A sum slightly below the threshold is below it. What happens to it before it is compared?"),
        Mistake("swapped", lambda x, w, b: (x @ w + b >= 0, x @ w + b),
                "Both values look right, but their order is not the one in the task."),
        Mistake("probability", lambda x, w, b: (x @ w + b, 1 / (1 + np.exp(-(x @ w + b)))),
                "This neuron decides yes or no. A soft decision comes later, with the sigmoid."),
    ],
)  # fmt: skip


def _linear_cases():
    x = np.array([[1.5, 2.0, -1.0], [0.0, 1.0, 3.0]])
    weight = np.array([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.5]])
    bias = np.array([10.0, -20.0])
    two = Case("two examples, three inputs, two neurons", {"x": x, "weight": weight, "bias": bias})
    other = {"x": x[::-1] + 0.5, "weight": 0.5 - weight, "bias": np.array([1.5, 2.0])}
    kinds = every_kind(two, Case("two other examples", other))
    return [
        *kinds[:2],
        Case("one example", {"x": x[:1], "weight": weight, "bias": bias}),
        Case("as many neurons as inputs", {"x": x[:, :2], "weight": weight[:, :2], "bias": bias}),
        Case("one neuron", {"x": x, "weight": weight[:1], "bias": bias[:1]}),
        Case("large numbers", {"x": 1e5 * x, "weight": weight, "bias": bias}),
        *kinds[2:],
    ]


linear = Question(
    "linear", reference_function("linear"), _linear_cases,
    number="2", ranges=[
        Range("sums below 0", lambda x, weight, bias: x @ weight.T + bias < 0),
        Range("sums above 0", lambda x, weight, bias: x @ weight.T + bias > 0),
        Range("larger than float16 can hold", lambda x, weight, bias: np.abs(x @ weight.T + bias) > 65504),
    ],
    mistakes=[
        Mistake("no bias", lambda x, w, b: x @ w.T, "Every neuron adds its own bias to its weighted sum."),
        Mistake("weight not transposed", lambda x, w, b: x @ w + b,
                "Row j of `weight` belongs to neuron j. With as many neurons as inputs the shapes fit either way, "
                "so only the values show which axis was summed."),
        Mistake("bias per example", lambda x, w, b: x @ w.T + b[:, None],
                "The bias belongs to a neuron, not to an example: which axis of the result counts the neurons?"),
        Mistake("bias subtracted", lambda x, w, b: x @ w.T - b, "The bias is added."),
        Mistake("one bias for all", lambda x, w, b: x @ w.T + b.sum(),
                "Each neuron has its own bias; here all neurons got the same number."),
        Mistake("mean", lambda x, w, b: (x @ w.T) / x.shape[1] + b,
                "A neuron adds its weighted inputs up; nothing is averaged."),
        Mistake("no bias, weight not transposed", lambda x, w, b: x @ w,
                "Two things at once. Row j of `weight` belongs to neuron j: which axis does the product sum? And "
                "every neuron adds its own bias."),
        Mistake("activation inside", lambda x, w, b: np.maximum(x @ w.T + b, 0),
                "Only the linear step is asked for: the activation is a step of its own."),
    ],
)  # fmt: skip


def _linear_backward_cases():
    case = _linear_cases()[0].inputs
    g, x, weight = np.array([[1.0, -2.0], [0.5, 3.0]]), case["x"], case["weight"]
    two = Case("two examples, three inputs, two neurons", {"grad_output": g, "x": x, "weight": weight})
    other = {"grad_output": g[::-1] - 0.25, "x": x[::-1] + 0.5, "weight": 0.5 - weight}
    kinds = every_kind(two, Case("two other examples", other))
    return [
        *kinds[:2],
        Case("one example", {"grad_output": g[:1], "x": x[:1], "weight": weight}),
        Case("three examples, as many neurons as inputs", {
            "grad_output": np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 1.0]]),
            "x": np.array([[2.0, 1.0], [-1.0, 3.0], [0.5, 0.5]]), "weight": weight[:, :2]}),
        Case("one neuron", {"grad_output": g[:, :1], "x": x, "weight": weight[:1]}),
        Case("large gradients", {"grad_output": 1e5 * g, "x": x, "weight": weight}),
        *kinds[2:],
    ]  # fmt: skip


def _linear_backward(grad_output, x, weight):
    bias = np.zeros(weight.shape[0])
    return autograd("linear", of=3)(grad_output, x, weight, bias)


def _explain_linear(inputs, output, index):
    padded = {**inputs, "bias": np.zeros(inputs["weight"].shape[0])}
    return measured_slope("linear", ("x", "weight", "bias"))(padded, output, index)


linear_backward = Question(
    "linear_backward", _linear_backward, _linear_backward_cases, tolerance=GRADIENT_TOLERANCE,
    outputs=("grad_x", "grad_weight", "grad_bias"), explain=_explain_linear,
    number="3", ranges=[
        Range("gradients of both signs", lambda grad_output, x, weight: grad_output.min() < 0 < grad_output.max()),
        Range("gradients larger than float16 can hold", lambda grad_output, x, weight: abs(grad_output).max() > 65504),
    ],
    mistakes=[
        Mistake("weight mean", lambda g, x, w: (g @ w, g.T @ x / len(x), g.sum(0)),
                "1/N belongs to the loss. grad_output already has it; here the examples only add up."),
        Mistake("bias mean", lambda g, x, w: (g @ w, g.T @ x, g.mean(0)),
                "The bias is used once in every example, and gradients of several uses add up."),
        Mistake("both means", lambda g, x, w: (g @ w, g.T @ x / len(x), g.mean(0)),
                "1/N belongs to the loss. grad_output already has it; here the examples only add up."),
        Mistake("bias keeps an axis", lambda g, x, w: (g @ w, g.T @ x, g.sum(0, keepdims=True)),
                "The sum is right, but it has kept an axis of length 1. A gradient has the shape of what it belongs "
                "to, and a bias is one row of numbers."),
        Mistake("bias not summed over examples", lambda g, x, w: (g @ w, g.T @ x, g.sum(1)),
                "A gradient has the shape of what it belongs to: one number a neuron. Which axis counts examples?"),
        Mistake("weight not transposed", lambda g, x, w: (g @ w.T, g.T @ x, g.sum(0)),
                "The way back uses the same connections as the way forward, in the other direction: follow one "
                "input to all neurons that it feeds."),
        Mistake("grad_weight transposed", lambda g, x, w: (g @ w, x.T @ g, g.sum(0)),
                "Row j of grad_weight belongs to neuron j, as in weight."),
        Mistake("order", lambda g, x, w: (g.T @ x, g @ w, g.sum(0)),
                "Look at the order of the three gradients in the task."),
        Mistake("forward x for grad_output", lambda g, x, w: (x, g.T @ x, g.sum(0)),
                "The gradient of x depends on the weights, not on x itself."),
        Mistake("ones", lambda g, x, w: (np.ones_like(g) @ w, np.ones_like(g).T @ x, np.ones_like(g).sum(0)),
                "This is the slope of the layer alone. The chain rule multiplies it by what arrives from above."),
    ],
)  # fmt: skip
