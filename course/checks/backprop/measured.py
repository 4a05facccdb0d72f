"""Gradients that are measured, and those that are found wrong by it."""

from dataclasses import replace

import numpy as np

from course.checks.backprop.formulas import measured, neuron_loss
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

LIMIT = 0.05  # how far, of the larger one, a gradient may be from the measured one
X = np.array([[0.75, -0.5, 0.25], [-1.25, 0.5, 1.5], [0.5, 1.75, -0.75], [-0.25, 0.25, 1.25]])
TARGETS, WEIGHT = np.array([0.5, -0.75, 1.25, -0.25]), np.array([0.75, -0.5, 0.25])
INTEGERS = ["x", "targets", "weight"]  # inputs that can be whole numbers


def _expected(x, targets, weight, gradient, step, limit=LIMIT):
    found = measured(*(np.asarray(value, np.float64) for value in (x, targets, weight)), step)
    return found, _is_wrong(found, gradient, limit)


def _is_wrong(found, gradient, limit=LIMIT):
    return 1.0 * (abs(gradient - found) > limit * np.maximum(abs(gradient), abs(found)))


def claimed(x, targets, weight, step, *factors):
    """The right gradient times these factors: 1 is right."""
    return measured(x, targets, weight, step) * np.array(factors)


def claimed_anew(kinds, *factors):
    """The cases of every kind; where inputs became integers, the gradient that is handed in is that of these inputs."""
    found = []
    for case in kinds:
        x, targets, weight, _, step = case.inputs.values()
        if any(value.dtype.kind == "i" for value in (x, targets, weight)):
            case = replace(case, inputs={**case.inputs, "gradient": claimed(x, targets, weight, step, *factors)})
        found.append(case)
    return found


def _cases():
    def case(kind, *factors, x=X, targets=TARGETS, weight=WEIGHT, step=0.125):
        inputs = {"x": np.array(x), "targets": np.array(targets), "weight": np.array(weight)}
        return Case(kind, {**inputs, "gradient": claimed(*inputs.values(), step, *factors), "step": step})

    other = case("another neuron", 1, -1, 1.01, x=0.25 - X[::-1], weight=WEIGHT[::-1] + 0.125, targets=-TARGETS)
    kinds = claimed_anew(every_kind(case("the second entry is wrong", 1, 1.5, 1), other, INTEGERS), 1, 1.5, 1)
    return [
        case("one weight, one example", 1, x=X[:1, :1], targets=TARGETS[:1], weight=WEIGHT[:1]),
        case("a right gradient", 1, 1, 1),
        *kinds[:2],
        case("the wrong sign", -1, 1, -1),
        case("twice as large, as if a factor 1/2 were missing", 2, 2, 2),
        case("nearly right", 1.01, 0.99, 1.02),
        case("too small", 0.75, 1, 0.1),
        case("an entry that is 0", 1, 0, 1),
        case("a large step", 1, 1, 1.5, step=0.5),
        case("a small step", 0.8, 1, 1, step=0.02),
        case("small gradients", 1, 3, 1, x=X / 100),
        case("large numbers", 1, 1.5, 1, x=1e5 * X, weight=WEIGHT / 1e5, step=2.0**-20),
        *kinds[2:],
    ]


def _measured_by(change, loss=neuron_loss):
    """Both outputs, with the difference taken in another way: change(f, i, step) of f, a function of the steps."""

    def wrong(x, targets, weight, gradient, step):
        steps = step * np.eye(len(weight))
        found = np.array([change(lambda s: loss(x, targets, weight + s), s, step) for s in steps])
        return found, _is_wrong(found, gradient)

    return wrong


def _flags(of):
    """The right measurement, other flags: of(found, gradient)."""

    def wrong(x, targets, weight, gradient, step):
        found = measured(x, targets, weight, step)
        return found, 1.0 * of(found, gradient)

    return wrong


def _off(found, gradient):
    return abs(gradient - found), np.maximum(abs(gradient), abs(found))


CENTRED = _measured_by(lambda f, s, h: (f(s) - f(-s)) / (2 * h))

gradient_check = Question(
    "gradient_check", _expected, _cases, tolerance=GRADIENT_TOLERANCE, outputs=("measured", "wrong"),
    number="7", ranges=[
        Range("a right gradient", lambda gradient, **rest: not _expected(gradient=gradient, **rest)[1].any()),
        Range("all entries wrong", lambda gradient, **rest: _expected(gradient=gradient, **rest)[1].all()),
        Range("some entries wrong", lambda gradient, **rest: 0 < _expected(gradient=gradient, **rest)[1].mean() < 1),
        Range("a large step", lambda step, **rest: step > 0.3),
        Range("a small step", lambda step, **rest: 0.01 < step < 0.05),
        Range("small gradients", lambda x, targets, weight, step, **rest:
              abs(measured(x, targets, weight, step)).max() < 0.05),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("one-sided", _measured_by(lambda f, s, h: (f(s) - f(0 * s)) / h),
                "This compares the place itself with one beside it. A step to either side is more precise by far."),
        Mistake("one-sided to the left", _measured_by(lambda f, s, h: (f(0 * s) - f(-s)) / h),
                "This compares the place itself with one beside it. A step to either side is more precise by far."),
        Mistake("divided by the step", _measured_by(lambda f, s, h: (f(s) - f(-s)) / h),
                "The two places lie two steps apart."),
        Mistake("not divided", _measured_by(lambda f, s, h: f(s) - f(-s)),
                "This is a difference. A slope is a difference over a distance."),
        Mistake("sign", _measured_by(lambda f, s, h: (f(-s) - f(s)) / (2 * h)),
                "The sign is turned round: how much does the loss grow if the weight grows?"),
        Mistake("all weights at once", _measured_by(lambda f, s, h: (f(s * 0 + h) - f(s * 0 - h)) / (2 * h)),
                "All weights were moved together. Each entry of the gradient asks what one weight does alone."),
        Mistake("steps pile up", lambda x, t, w, g, h: _piled_up(x, t, w, g, h),
                "The weights that were measured before are not back at their places. Where does each measurement "
                "begin?"),
        Mistake("sum of the losses", _measured_by(lambda f, s, h: (f(s) - f(-s)) / (2 * h),
                                                  lambda x, t, w: ((np.tanh(x @ w) - t) ** 2).sum()),
                "The loss is a mean over the examples."),
        Mistake("no tanh", _measured_by(lambda f, s, h: (f(s) - f(-s)) / (2 * h),
                                        lambda x, t, w: ((x @ w - t) ** 2).mean()),
                "The neuron has an activation: its output goes through tanh before it is compared."),
        Mistake("half the square", _measured_by(lambda f, s, h: (f(s) - f(-s)) / (2 * h),
                                                lambda x, t, w: ((np.tanh(x @ w) - t) ** 2).mean() / 2),
                "Some write a half in front of the square. The loss of the task has none."),
        Mistake("absolute limit", _flags(lambda m, g: _off(m, g)[0] > LIMIT),
                "The same distance is much for a small gradient and little for a large one. Compare it with their "
                "size."),
        Mistake("signs of the errors", (_flags(lambda m, g: g - m > LIMIT * _off(m, g)[1]),
                                        _flags(lambda m, g: m - g > LIMIT * _off(m, g)[1])),
                "An entry can be too large or too small. Both are wrong."),
        Mistake("turned round", _flags(lambda m, g: ~(_off(m, g)[0] > LIMIT * _off(m, g)[1])),
                "The right entries are marked, and the wrong ones are not."),
        Mistake("one for all", _flags(lambda m, g: np.full(len(g), (_off(m, g)[0] > LIMIT * _off(m, g)[1]).any())),
                "Which entries are wrong is asked, each by itself."),
        Mistake("without size", _flags(lambda m, g: abs(abs(g) - abs(m)) > LIMIT * _off(m, g)[1]),
                "Two gradients of opposite sign were taken for equal. What is compared: their sizes, or they "
                "themselves?"),
        Mistake("exactly", _flags(lambda m, g: abs(m - g) > 1e-9),
                "A measured slope is never exact. How far may the two be apart?"),
    ],
)  # fmt: skip


def _piled_up(x, targets, weight, gradient, step):
    """Each weight stays where its second measurement has left it."""
    w, found = np.array(weight, np.float64), []
    for i in range(len(w)):
        w[i] += step
        above = neuron_loss(x, targets, w)
        w[i] -= 2 * step
        found.append((above - neuron_loss(x, targets, w)) / (2 * step))
    return np.array(found), _is_wrong(np.array(found), gradient)
