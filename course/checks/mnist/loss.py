"""What training makes small: the loss from logits, and a price on large weights."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.mnist.formulas import over, softmax, surprises
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _softmax_loss(logits, labels):
    from course import reference

    logits = np.asarray(logits, np.float64)
    return reference.functional.cross_entropy(logits, labels), reference.gradients("cross_entropy", logits, labels)[0]


def _softmax_loss_cases():
    logits = np.array([[1.5, 0.25, -1.0], [0.5, 2.0, 3.0]])

    def case(kind, z, labels):
        return Case(kind, {"logits": np.array(z), "labels": np.array(labels)})

    kinds = every_kind(case("two examples, three classes", logits, [0, 1]),
                       case("two other examples", logits[:, ::-1] + 0.5, [2, 0]))  # fmt: skip
    return [
        *kinds[:2],
        case("one example", logits[:1], [2]),
        case("every digit equally likely", np.zeros((4, 10)), [6, 0, 9, 3]),
        case("as many examples as classes", [[0.5, 1.0], [2.0, -1.5]], [1, 0]),
        case("sure and right", [[5.0, 0.0, 0.5], [0.5, 0.0, 5.5]], [0, 2]),
        case("logits that share an offset of 1000", logits + 1000, [0, 1]),
        case("logits that share an offset of -1000", logits - 1000, [2, 1]),
        case("rows that lie far apart", logits + np.array([[1000.0], [0.0]]), [1, 0]),
        case("very sure and wrong", [[800.0, 0.0, 1.0], [1.0, 0.5, -900.0]], [1, 2]),
        *kinds[2:],
    ]


def _gap(logits, labels):
    """How far the logit of the label lies below the largest one."""
    return logits.max(axis=1) - logits[np.arange(len(labels)), labels]


def _log_of(probability, *constants):
    """The loss by way of the probabilities, with a constant in the logarithm."""
    return tuple(lambda z, t, c=c: (-np.log(probability(z, c)[np.arange(len(t)), t]).mean(), over(z, t) / len(t))
                 for c in constants)  # fmt: skip


def _naive(z):
    return np.exp(z) / np.exp(z).sum(1, keepdims=True)


def _by_one_maximum(z):
    e = np.exp(z - z.max())
    return e / e.sum(1, keepdims=True)


def _from(softmax_of):
    """Loss and gradient by way of these probabilities."""
    return lambda z, t: (-np.log(softmax_of(z)[np.arange(len(t)), t]).mean(),
                         (softmax_of(z) - np.eye(z.shape[1])[t]) / len(t))  # fmt: skip


softmax_loss = Question(
    "softmax_loss", _softmax_loss, _softmax_loss_cases, tolerance=GRADIENT_TOLERANCE, outputs=("loss", "grad_logits"),
    number="4", ranges=[
        Range("every class equally likely", lambda logits, labels: np.ptp(logits, axis=1) == 0),
        Range("undecided", lambda logits, labels: _gap(logits, labels) < 3),
        Range("sure and right", lambda logits, labels: surprises(logits, labels) < 0.02),
        Range("an offset at which exp is infinite", lambda logits, labels: logits.min(axis=1) > 709),
        Range("an offset at which exp is 0", lambda logits, labels: logits.max(axis=1) < -745),
        Range("a row far below another one", lambda logits, labels: logits.max(axis=1) < logits.max() - 745),
        Range("a probability that is rounded to 0", lambda logits, labels: _gap(logits, labels) > 745),
    ],
    mistakes=[
        Mistake("overflow", (_from(_naive), lambda z, t: (
                    (np.log(np.exp(z).sum(1)) - z[np.arange(len(t)), t]).mean(), over(z, t) / len(t))),
                "exp overflows for large logits, and is 0 for all of a row far below 0. A common offset of a row "
                "changes nothing: which offset makes every exponent harmless?"),
        Mistake("log of 0", _from(softmax),
                "Far below the largest logit a probability is rounded to 0, and its logarithm is infinite. Write the "
                "logarithm of the quotient as a difference: which of the two logarithms need not be taken at all?"),
        Mistake("one maximum for all", _from(_by_one_maximum),
                "The largest logit of the whole batch can be far above a row; then that row has only zeros left."),
        Mistake("padded log", (*_log_of(lambda z, c: softmax(z) + c, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12),
                               *_log_of(lambda z, c: np.clip(softmax(z), c, 1), 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12)),
                "A constant in the logarithm keeps it finite, and makes a sure mistake as cheap as the constant. With "
                "logits no probability is needed to compute its logarithm."),
        Mistake("sum", lambda z, t: (surprises(z, t).sum(), over(z, t)),
                "Loss and gradient belong together, and both are those of a mean over the examples here."),
        Mistake("loss is a sum", lambda z, t: (surprises(z, t).sum(), over(z, t) / len(t)),
                "The loss is a mean over the examples; the gradient is that of the mean already."),
        Mistake("no 1/N", lambda z, t: (surprises(z, t).mean(), over(z, t)),
                "The loss is a mean over the examples, so each example has only its share in the gradient."),
        Mistake("sign", lambda z, t: (surprises(z, t).mean(), -over(z, t) / len(t)),
                "Raising the right logit should lower the loss: the gradient there is negative."),
        Mistake("minus missing", lambda z, t: (-surprises(z, t).mean(), over(z, t) / len(t)),
                "A loss is large when the net is wrong; the logarithm of a probability is negative."),
        Mistake("probabilities", lambda z, t: (surprises(z, t).mean(), softmax(z) / len(t)),
                "This is half of the gradient: what should the probabilities have been?"),
        Mistake("divided by all", lambda z, t: (surprises(z, t).mean(), over(z, t) / z.size),
                "The mean goes over the examples, not over all entries."),
        Mistake("logits are no probabilities", lambda z, t: (surprises(z, t).mean(),
                                                             (z - np.eye(z.shape[1])[t]) / len(t)),
                "What has to be compared with 0 and 1 are the probabilities. Where did the softmax go?"),
        Mistake("labels from 1", lambda z, t: (surprises(z, t - 1).mean(), over(z, t - 1) / len(t)),
                "The class before was taken for the right one. Where does the numbering of the classes begin?"),
        Mistake("swapped", lambda z, t: (over(z, t) / len(t), surprises(z, t).mean()),
                "Both look right, but their order is not the one in the task."),
    ],
)  # fmt: skip


def _add_l2(loss, grad_weight, grad_bias, weight, bias, strength):
    from course import reference

    penalty, gradient = reference.l2(weight, strength)
    return loss + penalty, grad_weight + gradient, np.asarray(grad_bias, np.float64)


def _add_l2_cases():
    weight = np.array([[1.5, -2.0, 0.5], [0.25, 3.0, -1.25]])
    grad = np.array([[0.5, 1.5, -1.0], [-2.5, 0.75, 2.0]])

    def case(kind, loss, strength, g=grad, w=weight, bias=(3.5, -2.0), grad_bias=(1.25, -0.5)):
        return Case(kind, {"loss": loss, "grad_weight": np.array(g), "grad_bias": np.array(grad_bias),
                           "weight": np.array(w), "bias": np.array(bias), "strength": strength})  # fmt: skip

    kinds = every_kind(case("two neurons, three inputs", 2.25, 0.1),
                       case("two other neurons", 1.5, 0.3, grad[::-1] + 0.25, -weight[:, ::-1], grad_bias=(0.5, 2.5)))
    return [
        *kinds[:2],
        case("one neuron", 0.75, 0.5, grad[:1], weight[:1], (3.5,), (1.25,)),
        case("strength 0", 2.25, 0.0),
        case("a large strength", 0.5, 20.0),
        case("weights of 0", 1.5, 0.4, grad, 0 * weight),
        case("a small loss", 0.01, 0.02),
        case("large numbers", 1e5, 1.5, 1e5 * grad, 1e5 * weight),
        *kinds[2:],
    ]


def _with(penalty, slope, bias_slope=0.0):
    """Loss and gradients with these terms: functions of weight, bias and strength."""

    def spoiled(loss, gw, gb, w, b, s):
        return loss + penalty(w, b, s), gw + slope(w, s), gb + bias_slope * s * b

    return spoiled


def _half(w, b, s):
    return s / 2 * (w**2).sum()


def _slope(w, s):
    return s * w


def _both(w, b, s):
    return s / 2 * ((w**2).sum() + (b**2).sum())


add_l2 = Question(
    "add_l2", _add_l2, _add_l2_cases, tolerance=GRADIENT_TOLERANCE,
    outputs=("new_loss", "new_grad_weight", "new_grad_bias"),
    number="5", ranges=[
        Range("strength 0", lambda loss, strength, **rest: strength == 0),
        Range("a strength below 1", lambda loss, strength, **rest: 0 < strength < 1),
        Range("a strength above 1", lambda loss, strength, **rest: strength > 1),
        Range("weights of 0", lambda weight, **rest: not weight.any()),
        Range("weights of both signs", lambda weight, **rest: weight.min() < 0 < weight.max()),
        Range("larger than float16 can hold", lambda weight, **rest: abs(weight).max() > 65504),
    ],
    mistakes=[
        Mistake("no half in the loss", _with(lambda w, b, s: s * (w**2).sum(), _slope),
                "Loss and gradient do not agree: the slope of a square has a factor 2. Which factor does the task put "
                "before the sum, so that it goes away?"),
        Mistake("2 in the gradient", _with(_half, lambda w, s: 2 * s * w),
                "Loss and gradient do not agree: the slope of a square has a factor 2, and the loss has one half."),
        Mistake("no half at all", _with(lambda w, b, s: s * (w**2).sum(), lambda w, s: 2 * s * w),
                "Loss and gradient agree, but both are twice as large as asked for. Look at the factor in the task."),
        Mistake("half in both", _with(_half, lambda w, s: s / 2 * w),
                "Loss and gradient do not agree: what does the slope of a square do to the factor before it?"),
        Mistake("bias too", (_with(_both, _slope, 1.0), _with(_half, _slope, 1.0)),
                "The bias pays nothing: it moves the output and does not make the function steeper."),
        Mistake("bias in the loss", _with(_both, _slope),
                "The bias pays nothing, in the loss neither. Loss and gradient have to agree."),
        Mistake("not in the loss", _with(lambda w, b, s: 0.0, _slope),
                "The gradient has its new term; the loss that it should be the slope of has not."),
        Mistake("not in the gradient", _with(_half, lambda w, s: 0.0),
                "The loss has its new term; nothing learns from it as long as the gradient has not."),
        Mistake("a sum in the gradient", _with(_half, lambda w, s: s * w.sum()),
                "One number was added to all entries. Each weight has a slope of its own: it depends on that weight."),
        Mistake("no strength", _with(lambda w, b, s: (w**2).sum() / 2, lambda w, s: w),
                "The strength says how much the new term counts: in the loss and in the gradient."),
        Mistake("sign", _with(lambda w, b, s: -_half(w, b, s), lambda w, s: -s * w),
                "Large weights should cost something: the loss grows with them."),
        Mistake("sign of the gradient", _with(_half, lambda w, s: -s * w),
                "This is the direction in which the weights will move. The gradient points uphill."),
        Mistake("absolute values", _with(lambda w, b, s: s / 2 * abs(w).sum(), lambda w, s: s / 2 * np.sign(w)),
                "That is the other well-known price, on absolute values. The task asks for squares."),
        Mistake("mean", _with(lambda w, b, s: s / 2 * (w**2).mean(), lambda w, s: s * w / w.size),
                "The squares are added up, not averaged: one more weight costs more."),
        Mistake("root", _with(lambda w, b, s: s / 2 * np.linalg.norm(w), _slope),
                "This is the length of the weights. The task asks for the sum of the squares, without a root."),
    ],
)  # fmt: skip
