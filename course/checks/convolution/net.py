"""A small convolutional net, forward: what goes on after each block, and the logits."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.convolution.formulas import conv, net, pool, turned
from course.checks.convolution.layers import small
from course.checks.kinds import kinds_of_two
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _inputs(n, c, h, w, f=2, g=3, k=(3, 3), classes=2, shift=0.0):
    """Pictures and a net for them, in which some sums are negative in whole windows. k: the sizes of both kernels."""
    one, two = k
    return {"x": small(n, c, h, w, shift=shift), "w1": small(f, c, one, one)[..., ::-1] / one,
            "b1": np.array([-1.25, -2.0, 1.25, 0.25][:f]) + shift, "w2": small(g, f, two, two) / two - shift / 4,
            "b2": np.array([0.5, -0.75, -1.5, -1.0][:g]), "w3": small(classes, g * (h // 4) * (w // 4)) / 2,
            "b3": np.array([1.5, -2.5, 2.25][:classes])}  # fmt: skip


def _cases():
    def case(kind, inputs):
        return Case(kind, inputs)

    one, wide = (2, 1, 8, 12), (1, 2, 12, 8)
    kinds = kinds_of_two(
        (case("two pictures of eight rows and twelve columns", _inputs(*one)),
         case("two other pictures", _inputs(*one, shift=0.25))),
        (case("two channels, kernels of five and of three", _inputs(*wide, k=(5, 3))),
         case("another picture with two channels", _inputs(*wide, k=(5, 3), shift=0.25))))  # fmt: skip
    low = _inputs(2, 1, 4, 8)
    return [
        case("one picture of four by four, one channel, one filter", _inputs(1, 1, 4, 4, 1, 1)),
        case("two pictures of four by eight", low),
        *kinds[:4],
        case("kernels of five and of one pixel", _inputs(1, 1, 4, 8, k=(5, 1))),
        case("the first layer never fires", {**low, "b1": low["b1"] - 99}),
        case("logits below 0", {**low, "b3": low["b3"] - 999}),
        case("large numbers", {**low, "x": 1e5 * low["x"]}),
        *kinds[4:],
    ]


def _no_first(x, w1, **rest):
    return pool(conv(x, w1, rest["b1"], 1, w1.shape[2] // 2), 2, 2, 2)


def _changed(**parts):
    """The right answer with some outputs replaced: functions of the inputs."""

    def function(*inputs):
        out = dict(zip(OUTPUTS, net(*inputs), strict=True))
        return tuple(parts[name](*inputs) if name in parts else value for name, value in out.items())

    return function


def _without(*biases):
    return lambda *inputs: net(*(0 * v if i in biases else v for i, v in enumerate(inputs)))


def _second_without_relu(x, w1, b1, w2, b2, w3, b3):
    first = net(x, w1, b1, w2, b2, w3, b3)[0]
    second = pool(conv(first, w2, b2, 1, w2.shape[2] // 2), 2, 2, 2)
    return first, second, second.reshape(len(x), -1) @ w3.T + b3


def _first_without_relu(x, w1, b1, w2, b2, w3, b3):
    first = pool(conv(x, w1, b1, 1, w1.shape[2] // 2), 2, 2, 2)
    second = pool(np.maximum(conv(first, w2, b2, 1, w2.shape[2] // 2), 0), 2, 2, 2)
    return first, second, second.reshape(len(x), -1) @ w3.T + b3


def _padded_by_one(x, w1, b1, w2, b2, w3, b3):
    first = pool(np.maximum(conv(x, w1, b1, 1, 1), 0), 2, 2, 2)
    second = pool(np.maximum(conv(first, w2, b2, 1, 1), 0), 2, 2, 2)
    return first, second, second.reshape(len(x), -1) @ w3.T + b3


def _softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


OUTPUTS = ("first", "second", "logits")
convnet = Question(
    "convnet", reference_call("convnet_forward"), _cases, tolerance=GRADIENT_TOLERANCE, outputs=OUTPUTS,
    number="9", ranges=[
        Range("one picture", lambda x, **rest: len(x) == 1),
        Range("several pictures", lambda x, **rest: len(x) > 1),
        Range("several channels", lambda x, **rest: x.shape[1] > 1),
        Range("kernels of one pixel", lambda w2, **rest: w2.shape[2] == 1),
        Range("kernels of five", lambda w1, **rest: w1.shape[2] == 5),
        Range("the first layer never fires", lambda x, w1, b1, **rest: (_no_first(x, w1, b1=b1) < 0).all()),
        Range("logits below 0", lambda **inputs: (net(**inputs)[2] < 0).all()),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("no ReLU", lambda *a: net(*a, act=lambda v: v),
                "Negative numbers go on. Each convolution is followed by a ReLU."),
        Mistake("no first ReLU", _first_without_relu,
                "After the first convolution negative numbers go on. Both are followed by a ReLU."),
        Mistake("no second ReLU", _second_without_relu,
                "After the second convolution negative numbers go on. Both are followed by a ReLU."),
        Mistake("ReLU at the end", _changed(logits=lambda *a: np.maximum(net(*a)[2], 0)),
                "Logits may be negative: no ReLU follows the dense layer."),
        Mistake("probabilities", _changed(logits=lambda *a: _softmax(net(*a)[2])),
                "These are the probabilities. The task asks for the logits: the softmax belongs to the loss."),
        Mistake("mean pooling", lambda *a: net(*a, take=np.mean),
                "The windows were averaged. Of each the largest number goes on."),
        Mistake("turned", lambda *a: net(*a, kernel=turned),
                "The kernels were turned by half a turn. In nets they slide as they are."),
        Mistake("channels last", lambda *a: net(*a, flat=lambda v: v.transpose(0, 2, 3, 1).reshape(len(v), -1)),
                "Before the dense layer the numbers stand in another order than in the task: which of the axes changes "
                "slowest?"),
        Mistake("columns first", lambda *a: net(*a, flat=lambda v: v.transpose(0, 1, 3, 2).reshape(len(v), -1)),
                "Before the dense layer each plane was read column by column. It is read row by row."),
        Mistake("no first bias", _without(2), "The filters of the first convolution have a bias too."),
        Mistake("no second bias", _without(4), "The filters of the second convolution have a bias too."),
        Mistake("no last bias", _without(6), "The neurons of the dense layer have a bias too."),
        Mistake("no bias", _without(2, 4, 6), "Every filter and every neuron adds its own bias."),
        Mistake("padding 1", _padded_by_one,
                "A border of one pixel keeps the size for one size of kernels only. What does the task say of the "
                "others?"),
        Mistake("before the second block", _changed(second=lambda x, w1, b1, w2, b2, w3, b3: pool(
                    conv(net(x, w1, b1, w2, b2, w3, b3)[0], w2, b2, 1, w2.shape[2] // 2), 2, 2, 2)),
                "The logits are right. `second` is what the dense layer sees: after the ReLU."),
        Mistake("swapped", lambda *a: (net(*a)[1], net(*a)[0], net(*a)[2]),
                "All look right, but their order is not the one in the task."),
    ],
)  # fmt: skip
