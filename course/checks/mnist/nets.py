"""A net of one layer and a net of two: forward, loss and gradients."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.mnist.formulas import over, softmax, surprises
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

X = np.array([[1.5, 2.0, -1.0], [0.5, -1.5, 3.0], [-2.5, 0.75, 1.25]])
OTHER_X = np.array([[-0.5, 1.0, 2.25], [2.0, 0.5, -1.75], [1.25, -3.0, 0.5]])


def _one_layer(x, labels, *parameters):
    from course import reference

    module = reference.with_parameters(*parameters)
    loss, gradients, _ = reference.loss_and_gradients(module, x, labels)
    return reference.functional.linear(x, *parameters), loss, *gradients


def _one_layer_cases():
    weight = np.array([[0.5, -0.25, 0.75], [-1.0, 0.5, 0.25], [0.25, 1.5, -0.5]])
    bias = np.array([0.5, -1.5, 1.0])

    def case(kind, x=X, labels=(0, 2, 1), w=weight, b=bias):
        return Case(kind, {"x": np.array(x), "labels": np.array(labels), "weight": np.array(w), "bias": np.array(b)})

    kinds = every_kind(case("three examples, inputs and classes"),
                       case("three other examples", OTHER_X, (1, 1, 0), -weight[:, ::-1], bias[::-1]))  # fmt: skip
    return [
        *kinds[:2],
        case("one example", X[:1], (1,)),
        case("two examples, three inputs, two classes", X[:2], (0, 1), weight[:2], bias[:2]),
        case("one input", X[:, :1], w=weight[:, :1]),
        case("weights of 0", labels=(0, 2, 0), w=0 * weight, b=0 * bias),
        case("very sure and wrong", 400 * X[:2], (1, 0), weight, bias),
        case("large numbers", 1e5 * X[:2], (1, 0), weight, bias),
        *kinds[2:],
    ]


def _net(x, t, w, b, *, bias=True, share=True, turned=1.0, of=softmax):
    """The 1-layer net, with a place for each mistake."""
    z = x @ w.T + b * bias
    g = turned * (of(z) - np.eye(z.shape[1])[t]) / (len(t) if share else 1)
    return z, surprises(z, t).mean(), g.T @ x, g.sum(0)


def _changed(net, **parts):
    """The net with some of its outputs replaced: functions of (x, t, *parameters)."""

    def spoiled(x, t, *parameters):
        out = dict(zip(net[1], net[0](x, t, *parameters), strict=True))
        return tuple(parts[name](x, t, *parameters) if name in parts else value for name, value in out.items())

    return spoiled


ONE = ("logits", "loss", "grad_weight", "grad_bias")
_ONE = (_net, ONE)


def _logits(x, w, b):
    return x @ w.T + b


one_layer = Question(
    "one_layer", _one_layer, _one_layer_cases, tolerance=GRADIENT_TOLERANCE, outputs=ONE,
    number="7", ranges=[
        Range("every class equally likely", lambda x, labels, weight, bias: not weight.any() and not bias.any()),
        Range("undecided", lambda x, labels, weight, bias: abs(_logits(x, weight, bias)).max() < 10),
        Range("a probability that is rounded to 0", lambda x, labels, weight, bias:
              surprises(_logits(x, weight, bias), labels).max() > 745),
        Range("one example", lambda x, labels, weight, bias: len(x) == 1),
        Range("larger than float16 can hold", lambda x, labels, weight, bias: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("no bias", lambda x, t, w, b: _net(x, t, w, b, bias=False),
                "Every neuron adds its own bias to its weighted sum."),
        Mistake("no 1/N", lambda x, t, w, b: _net(x, t, w, b, share=False),
                "The loss is a mean over the examples, so each example has only its share in the gradients."),
        Mistake("sign", lambda x, t, w, b: _net(x, t, w, b, turned=-1.0),
                "The gradients point downhill here. Raising the right logit should lower the loss: which difference "
                "does the way back begin with?"),
        Mistake("loss is a sum", _changed(_ONE, loss=lambda x, t, w, b: surprises(_logits(x, w, b), t).sum()),
                "The loss is a mean over the examples; the gradients are those of the mean already."),
        Mistake("probabilities", _changed(_ONE, logits=lambda x, t, w, b: softmax(_logits(x, w, b))),
                "These are the probabilities. The logits are the weighted sums before the softmax."),
        Mistake("log of 0", _changed(_ONE, loss=lambda x, t, w, b: -np.log(
                    softmax(_logits(x, w, b))[np.arange(len(t)), t]).mean()),
                "A probability was rounded to 0 before its logarithm was taken. The question about the loss from "
                "logits says how to get around it."),
        Mistake("weight not transposed", lambda x, t, w, b: (
                    x @ w + b, surprises(x @ w + b, t).mean(), over(x @ w + b, t).T @ x / len(t),
                    over(x @ w + b, t).sum(0) / len(t)),
                "Row j of `weight` belongs to neuron j. With as many classes as inputs the shapes fit either way: "
                "which axis does the product sum?"),
        Mistake("grad_weight transposed", _changed(_ONE, grad_weight=lambda x, t, w, b: _net(x, t, w, b)[2].T),
                "Row j of grad_weight belongs to neuron j, as in weight."),
        Mistake("bias mean", _changed(_ONE, grad_bias=lambda x, t, w, b: _net(x, t, w, b)[3] / len(t)),
                "1/N is in it twice: the bias is used once in every example, and gradients of several uses add up."),
        Mistake("bias over classes", _changed(_ONE, grad_bias=lambda x, t, w, b: over(_logits(x, w, b), t).sum(1)
                                              / len(t)),
                "One number a neuron is asked for. Which axis counts the examples, and is summed?"),
        Mistake("labels forgotten", lambda x, t, w, b: (*_net(x, t, w, b)[:2], softmax(_logits(x, w, b)).T @ x / len(t),
                                                        softmax(_logits(x, w, b)).mean(0)),
                "The way back begins with a difference: what the net said, and what it should have said."),
    ],
)  # fmt: skip


def _two_layer_forward(x, w1, b1, w2, b2):
    from course.reference import functional

    hidden = functional.relu(functional.linear(x, w1, b1))
    return hidden, functional.linear(hidden, w2, b2)


# no weighted sum of the cases lies near 0, with integers neither: there the slope of ReLU is a matter of taste
W1 = np.array([[-1.5, -1.25, 0.75], [1.25, 1.25, -1.25]])
B1, W2 = np.array([1.25, -1.0]), np.array([[0.75, -0.25], [-0.5, 0.5]])
B2 = np.array([0.25, -1.5])


def _net_of(w1, b1, w2, b2):
    return {"w1": np.array(w1), "b1": np.array(b1), "w2": np.array(w2), "b2": np.array(b2)}


TWO_NETS = _net_of(W1, B1, W2, B2), _net_of(-W1[::-1], B1 + 0.5, W2.T + 0.25, B2[::-1])
WIDE = _net_of(np.concatenate([W1, -W1]), [1.25, -1.0, 0.5, 0.75],
               [[0.75, -0.25, 0.5, 0.25], [0.25, 0.5, -1.0, 0.125], [-0.5, 0.25, 0.375, 1.0]],
               [0.25, -1.5, 1.0])  # fmt: skip


def _forward_cases():
    def case(kind, x, net):
        return Case(kind, {"x": np.array(x), **net})

    one, other = TWO_NETS
    kinds = every_kind(case("three examples, two neurons", X, one), case("three other examples", OTHER_X, other))
    return [
        *kinds[:2],
        case("one example", X[:1], one),
        case("four neurons, three classes", X[:2], WIDE),
        case("no neuron fires", X, {**one, "b1": B1 - 9}),
        case("every neuron fires", X, {**one, "b1": B1 + 9}),
        case("logits below 0", X, {**one, "b2": B2 - 20}),
        case("large numbers", 1e5 * X, one),
        *kinds[2:],
    ]


def _sums(x, w1, b1, **rest):
    return x @ w1.T + b1


def _two(x, w1, b1, w2, b2, act=lambda s: np.maximum(s, 0)):
    return act(x @ w1.T + b1), act(x @ w1.T + b1) @ w2.T + b2


FIRES = [
    Range("sums below 0", lambda **inputs: (_sums(**inputs) < 0).any() and (_sums(**inputs) > 0).any()),
    Range("no neuron fires", lambda **inputs: (_sums(**inputs) < 0).all()),
    Range("every neuron fires", lambda **inputs: (_sums(**inputs) > 0).all()),
    Range("one example", lambda **inputs: len(inputs["x"]) == 1),
    Range("larger than float16 can hold", lambda **inputs: abs(inputs["x"]).max() > 65504),
]

two_layer_forward = Question(
    "two_layer_forward", _two_layer_forward, _forward_cases, outputs=("hidden", "logits"),
    number="8a", ranges=[*FIRES, Range("logits below 0", lambda **inputs: (_two(**inputs)[1] < 0).all())],
    mistakes=[
        Mistake("no ReLU", lambda x, *p: _two(x, *p, act=lambda s: s),
                "Without the ReLU two layers are one: negative sums of the first layer must not go on."),
        Mistake("sums go on", lambda x, w1, b1, w2, b2: (_two(x, w1, b1, w2, b2)[0], (x @ w1.T + b1) @ w2.T + b2),
                "`hidden` is right. The second layer has to get it, and not what it was made of."),
        Mistake("sums returned", lambda x, w1, b1, w2, b2: (x @ w1.T + b1, _two(x, w1, b1, w2, b2)[1]),
                "The logits are right. `hidden` is what the second layer sees: after the ReLU."),
        Mistake("ReLU at the end", lambda x, *p: (_two(x, *p)[0], np.maximum(_two(x, *p)[1], 0)),
                "Logits may be negative: the ReLU stands between the two layers, and nowhere else."),
        Mistake("probabilities", lambda x, *p: (_two(x, *p)[0], softmax(_two(x, *p)[1])),
                "These are the probabilities. The task asks for the logits: the softmax belongs to the loss."),
        Mistake("no first bias", lambda x, w1, b1, w2, b2: _two(x, w1, 0 * b1, w2, b2),
                "The neurons of the first layer have a bias too, which is added before the ReLU."),
        Mistake("no second bias", lambda x, w1, b1, w2, b2: _two(x, w1, b1, w2, 0 * b2),
                "The neurons of the second layer have a bias too."),
        Mistake("no bias", lambda x, w1, b1, w2, b2: _two(x, w1, 0 * b1, w2, 0 * b2),
                "Every neuron adds its own bias to its weighted sum, in both layers."),
        Mistake("bias after the ReLU", lambda x, w1, b1, w2, b2: (
                    np.maximum(x @ w1.T, 0) + b1, (np.maximum(x @ w1.T, 0) + b1) @ w2.T + b2),
                "The bias belongs to the weighted sum: it decides with it whether the neuron fires."),
        Mistake("other activation", (lambda x, *p: _two(x, *p, act=np.tanh),
                                     lambda x, *p: _two(x, *p, act=lambda s: 1 / (1 + np.exp(-s))),
                                     lambda x, *p: _two(x, *p, act=abs),
                                     lambda x, *p: _two(x, *p, act=lambda s: np.where(s > 0, s, 0.01 * s))),
                "The hidden neurons have another activation than the task asks for."),
        Mistake("swapped", lambda x, *p: _two(x, *p)[::-1],
                "Both look right, but their order is not the one in the task."),
    ],
)  # fmt: skip


def _two_layer_backward(x, labels, *parameters):
    from course import reference

    loss, gradients, _ = reference.loss_and_gradients(reference.with_parameters(*parameters), x, labels)
    return loss, *gradients


def _backward_cases():
    def case(kind, x, labels, net):
        return Case(kind, {"x": np.array(x), "labels": np.array(labels), **net})

    one, other = TWO_NETS
    kinds = every_kind(case("three examples, two neurons", X, (0, 1, 1), one),
                       case("three other examples", OTHER_X, (1, 0, 0), other))  # fmt: skip
    return [
        *kinds[:2],
        case("one example", X[:1], (1,), one),
        case("four neurons, three classes", X[:2], (2, 0), WIDE),
        case("no neuron fires", X, (0, 1, 1), {**one, "b1": B1 - 9}),
        case("every neuron fires", X, (0, 1, 1), {**one, "b1": B1 + 9}),
        case("very sure and wrong", 400 * X[:2], (0, 1), one),
        case("large numbers", 1e5 * X[:2], (1, 0), one),
        *kinds[2:],
    ]


def _back(x, t, w1, b1, w2, b2, *, share=True, mask=lambda s, g: s > 0, fed=lambda s: np.maximum(s, 0), turned=1.0):
    """The 2-layer net, with a place for each mistake."""
    s = x @ w1.T + b1
    z = np.maximum(s, 0) @ w2.T + b2
    g = turned * over(z, t) / (len(t) if share else 1)
    below = g @ w2
    below = below * mask(s, below)
    return surprises(z, t).mean(), below.T @ x, below.sum(0), g.T @ fed(s), g.sum(0)


TWO = ("loss", "grad_w1", "grad_b1", "grad_w2", "grad_b2")
_TWO = (_back, TWO)


def _end(x, w1, b1, w2, b2):
    return _two(x, w1, b1, w2, b2)[1]


def _clipped_end(x, t, w1, b1, w2, b2):
    """With a ReLU at the end, and its slope."""
    h, z = _two(x, w1, b1, w2, b2)
    g = over(np.maximum(z, 0), t) / len(t) * (z > 0)
    below = g @ w2 * (h > 0)
    return surprises(np.maximum(z, 0), t).mean(), below.T @ x, below.sum(0), g.T @ h, g.sum(0)


two_layer_backward = Question(
    "two_layer_backward", _two_layer_backward, _backward_cases, tolerance=GRADIENT_TOLERANCE, outputs=TWO,
    number="8b", ranges=[*FIRES, Range("a probability that is rounded to 0", lambda labels, **inputs:
                                       surprises(_end(**inputs), labels).max() > 745)],
    mistakes=[
        Mistake("no slope of ReLU", lambda *a: _back(*a, mask=lambda s, g: 1.0),
                "On the way back a neuron that did not fire lets nothing through: turning at its weights changes "
                "nothing."),
        Mistake("mask of the gradient", lambda *a: _back(*a, mask=lambda s, g: g > 0),
                "What decides is whether the neuron fired on the way forward, not the sign of the gradient."),
        Mistake("sums for hidden", lambda *a: _back(*a, fed=lambda s: s),
                "The second layer saw what came out of the ReLU. Its gradient is made of that, and not of the sums "
                "before it."),
        Mistake("no 1/N", lambda *a: _back(*a, share=False),
                "The loss is a mean over the examples, so each example has only its share in the gradients."),
        Mistake("loss is a sum", _changed(_TWO, loss=lambda x, t, *p: surprises(_end(x, *p), t).sum()),
                "The loss is a mean over the examples; the gradients are those of the mean already."),
        Mistake("sign", lambda *a: _back(*a, turned=-1.0),
                "The gradients point downhill here. Raising the right logit should lower the loss: which difference "
                "does the way back begin with?"),
        Mistake("log of 0", _changed(_TWO, loss=lambda x, t, *p: -np.log(
                    softmax(_end(x, *p))[np.arange(len(t)), t]).mean()),
                "A probability was rounded to 0 before its logarithm was taken. The question about the loss from "
                "logits says how to get around it."),
        Mistake("ReLU at the end", _clipped_end,
                "Logits may be negative: the ReLU stands between the two layers, and nowhere else."),
        Mistake("mask not for the bias", _changed(_TWO, grad_b1=lambda *a: _back(*a, mask=lambda s, g: 1.0)[2]),
                "The first bias learns through the same ReLU as the weights beside it."),
        Mistake("grad_b2 for grad_b1", _changed(_TWO, grad_b1=lambda *a: _back(*a)[4], grad_b2=lambda *a: _back(*a)[2]),
                "The gradients of the two biases are exchanged. Look at the order in the task."),
        Mistake("gradients transposed", _changed(_TWO, grad_w1=lambda *a: _back(*a)[1].T,
                                                 grad_w2=lambda *a: _back(*a)[3].T),
                "Row j of a gradient belongs to neuron j, as in the weights."),
    ],
)  # fmt: skip
