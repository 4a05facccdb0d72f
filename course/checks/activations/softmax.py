"""Softmax, cross-entropy, and the gradient of the two together."""

import numpy as np

from course.checks.cases import SLIDE_EXAMPLE
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.gradient import slope
from course.checks.kinds import every_kind
from course.checks.oracle import reference_function
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _softmax_of(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _softmax_cases():
    logits = np.array([[1.0, 2.2, 0.1], [0.6, -1.0, 2.9]])
    two = Case("two rows of three logits", {"logits": logits})
    kinds = every_kind(two, Case("two other rows", {"logits": 1.25 - logits[:, ::-1] / 2}))
    return [
        *kinds[:2],
        Case("the ten numbers of the lecture", {"logits": SLIDE_EXAMPLE[None]}),
        Case("as many rows as classes", {"logits": np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0], [4.0, 4.0, 1.0]])}),
        Case("equal logits", {"logits": np.full((2, 4), 2.0)}),
        Case("only negative logits", {"logits": logits - 6}),
        Case("logits of some hundred", {"logits": logits + np.array([[200.0], [-300.0]])}),
        Case("logits that share an offset of 1000", {"logits": logits + 1000}),
        Case("logits that share an offset of -1000", {"logits": logits - 1000}),
        Case("rows that lie far apart", {"logits": logits + np.array([[1000.0], [0.0]])}),
        Case("a logit far above the rest", {"logits": np.array([[0.5, 1000.0, 0.0, 2.0], [-1000.0, 0.0, 1.0, 1.5]])}),
        *kinds[2:],
    ]


softmax = Question(
    "softmax", reference_function("softmax"), _softmax_cases,
    number="9", ranges=[
        Range("logits near 0", lambda logits: np.abs(logits).max(axis=1) <= 3),
        Range("equal logits", lambda logits: np.ptp(logits, axis=1) == 0),
        Range("only negative logits", lambda logits: logits.max(axis=1) < 0),
        Range("logits of some hundred", lambda logits: (100 < np.abs(logits)).all(axis=1)
              & (np.abs(logits).max(axis=1) < 700)),
        Range("an offset at which exp is infinite", lambda logits: logits.min(axis=1) > 709),
        Range("an offset at which exp is 0", lambda logits: logits.max(axis=1) < -745),
        Range("a row far below another one", lambda logits: logits.max(axis=1) < logits.max() - 745),
        Range("a logit far above the rest", lambda logits: np.ptp(logits, axis=1) > 745),
    ],
    mistakes=[
        Mistake("overflow, wrong axis", lambda z: np.exp(z) / np.exp(z).sum(0),
                "Two things at once. Every example is a row, and the probabilities of a row sum to 1: along which axis "
                "does the sum run? And exp of a large logit is infinite: which common offset would keep it small?"),
        Mistake("overflow", lambda z: np.exp(z) / np.exp(z).sum(-1, keepdims=True),
                "exp overflows for large logits. A common offset changes no probability: which offset makes every "
                "exponent harmless?"),
        Mistake("wrong axis", lambda z: _softmax_of(z, 0),
                "Every example is a row, and every row is a distribution of its own: along which axis do its "
                "probabilities sum to 1?"),
        Mistake("one total for all", lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
                "Here all entries of the batch share one total. Every row needs a total of its own."),
        Mistake("one maximum for all",
                lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(-1, keepdims=True),
                "The largest logit of the whole batch can be far above a row; then that row has only zeros left."),
        Mistake("no keepdims", (
                lambda z: np.exp(z - z.max(-1, keepdims=True)) / np.exp(z - z.max(-1, keepdims=True)).sum(-1),
                lambda z: np.exp(z - z.max(-1)) / np.exp(z - z.max(-1)).sum(-1),
                lambda z: np.exp(z - z.max(-1)) / np.exp(z - z.max(-1)).sum(-1, keepdims=True),
                lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(-1),
                lambda z: np.exp(z) / np.exp(z).sum(-1)),
                "A maximum or a total has lost an axis, so that NumPy matches it with the wrong one or with none: each "
                "row has its own. Look at keepdims."),
        Mistake("no keepdims, wrong axis", (
                lambda z: np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(-1),
                lambda z: np.exp(z - z.max(-1)) / np.exp(z - z.max(-1)).sum(0)),
                "The maximum and the total are taken along different axes. Both belong to a row: along which axis do "
                "they run, and which axis must stay?"),
        Mistake("total not divided", lambda z: np.exp(z - z.max(-1, keepdims=True)),
                "These are the exponentials. They still have to become shares of one."),
        Mistake("no exp", lambda z: z / z.sum(-1, keepdims=True),
                "Shares of the raw logits can be negative. What makes every entry positive first?"),
        Mistake("length 1", lambda z: np.exp(z - z.max(-1, keepdims=True))
                / np.linalg.norm(np.exp(z - z.max(-1, keepdims=True)), axis=-1, keepdims=True),
                "Each row has length 1 now. For probabilities the entries themselves must sum to 1."),
        Mistake("sigmoid", lambda z: 1 / (1 + np.exp(-z)),
                "Each entry was squashed alone. In softmax the classes share one total."),
        Mistake("log", lambda z: np.log(_softmax_of(z)), "These are the logarithms of the probabilities."),
        Mistake("softmin", lambda z: _softmax_of(-z), "The largest logit should get the largest probability."),
    ],
)  # fmt: skip


def _cross_entropy_cases():
    probs = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    two = Case("two examples, three classes", {"probs": probs, "labels": np.array([0, 1])})
    # a constant of 1e-10 in the logarithm shows here, one of 1e-12 does not
    sure = np.array([[1 - 3e-9, 3e-9], [0.4, 0.6]])
    kinds = every_kind(two, Case("two other examples", {"probs": probs[:, ::-1], "labels": np.array([1, 2])}), [])
    return [
        *kinds[:2],
        Case("one example", {"probs": probs[:1], "labels": np.array([2])}),
        Case("every digit equally likely", {"probs": np.full((4, 10), 0.1), "labels": np.array([6, 0, 9, 3])}),
        Case("a confident mistake", {"probs": np.array([[0.999, 0.001], [0.4, 0.6]]), "labels": np.array([1, 1])}),
        Case("a very confident mistake", {"probs": sure[:1], "labels": np.array([1])}),
        Case("a very confident mistake and a right answer", {"probs": sure, "labels": np.array([1, 1])}),
        Case("confident and right", {"probs": np.array([[0.995, 0.005], [0.6, 0.4]]), "labels": np.array([0, 1])}),
        *kinds[2:],
    ]


def _picked(p, t):
    return p[np.arange(len(t)), t]


def _padded(*constants):
    return (lambda p, t, c=c: -np.log(_picked(p, t) + c).mean() for c in constants)


def _clipped(*lowest):
    return (lambda p, t, low=low: -np.log(np.clip(_picked(p, t), low, 1)).mean() for low in lowest)


def _binary(p, t):
    """Each entry judged as a yes or no of its own."""
    y = np.eye(p.shape[1])[t]
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


cross_entropy = Question(
    "cross_entropy", reference_function("nll"), _cross_entropy_cases,
    number="10a", ranges=[
        Range("a probability near 1 at the label", lambda probs, labels: _picked(probs, labels) > 0.98),
        Range("in the middle", lambda probs, labels: (0.1 < _picked(probs, labels)) & (_picked(probs, labels) < 0.9)),
        Range("about a thousandth", lambda probs, labels: (1e-4 < _picked(probs, labels))
              & (_picked(probs, labels) < 1e-2)),
        Range("below a millionth", lambda probs, labels: _picked(probs, labels) < 1e-6),
    ],
    mistakes=[
        Mistake("sum", lambda p, t: -np.log(_picked(p, t)).sum(),
                "The loss is an average, so that it does not grow with the number of examples."),
        Mistake("divided by all entries", lambda p, t: -np.log(_picked(p, t)).sum() / p.size,
                "How many examples are there, and how many numbers did you average over?"),
        Mistake("log of the mean", lambda p, t: -np.log(_picked(p, t).mean()),
                "The mean of the logarithms and the logarithm of the mean are two things. Each example has its loss."),
        Mistake("minus missing", lambda p, t: np.log(_picked(p, t)).mean(),
                "A loss is large when the net is wrong; the logarithm of a probability is negative."),
        Mistake("other logarithm", lambda p, t: -np.log2(_picked(p, t)).mean(), "Use the natural logarithm."),
        Mistake("base 10", lambda p, t: -np.log10(_picked(p, t)).mean(), "Use the natural logarithm."),
        Mistake("padded log", (*_padded(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10),
                               *_clipped(0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)),
                "A constant inside the logarithm, or a smallest probability, changes the loss of a confident mistake, "
                "which matters most."),
        Mistake("log of the sum", (lambda p, t: -np.log(_picked(p, t).sum()) / len(t),
                                   lambda p, t: -np.log(_picked(p, t).sum())),
                "The sum of the logarithms and the logarithm of the sum are two things. Each example has its loss."),
        Mistake("sum, minus missing", lambda p, t: np.log(_picked(p, t)).sum(),
                "Two things at once. A loss is large when the net is wrong, and the logarithm of a probability is "
                "negative. And the loss is an average over the examples."),
        Mistake("softmax twice", lambda p, t: -np.log(_picked(_softmax_of(p), t)).mean(),
                "probs are probabilities already: softmax belongs to the question before."),
        Mistake("binary", (lambda p, t: _binary(p, t).sum(axis=1).mean(), lambda p, t: _binary(p, t).mean()),
                "This is the loss of yes-or-no questions, one for each class. Here the classes share one total, and "
                "the example has a single right one: which term is left?"),
        Mistake("largest probability", lambda p, t: -np.log(p.max(1)).mean(),
                "The loss asks for the probability of the right class, not of the winning one."),
        Mistake("all classes", lambda p, t: -np.log(p).sum() / len(t),
                "Only the probability at the label counts; the one-hot label is 0 everywhere else."),
        Mistake("all pairs", lambda p, t: -np.log(p[:, t]).mean(),
                "p[:, labels] takes every label for every example. Each example has one label."),
        Mistake("not the log", lambda p, t: (1 - _picked(p, t)).mean(),
                "This counts what is missing to 1. The surprise grows without bound as p goes to 0."),
        Mistake("1/N twice", lambda p, t: -np.log(_picked(p, t)).mean() / len(t),
                "It is too small by the number of examples: how often is the mean over them taken?"),
        Mistake("labels from 1", lambda p, t: -np.log(_picked(p, t - 1)).mean(),
                "The probability of the class before was taken. Where does the numbering of the classes begin?"),
        Mistake("last example missing", lambda p, t: -np.log(_picked(p[:-1], t[:-1])).sum() / len(t),
                "The last example does not count. Where does the loop over the examples end?"),
    ],
)  # fmt: skip


def _backward_cases():
    plain = _cross_entropy_cases()
    nearly = np.array([[0.999, 0.0007, 0.0003], [0.0004, 0.0005, 0.9991], [0.0006, 0.9988, 0.0006]])
    kinds = every_kind(*plain[:2], [])
    return [
        *kinds[:2],
        *plain[2:5],
        Case("as many examples as classes", {"probs": np.array([[0.5, 0.5], [0.2, 0.8]]), "labels": np.array([1, 0])}),
        Case("every example nearly right", {"probs": nearly, "labels": np.array([0, 2, 1])}),
        plain[5],
        *kinds[2:],
    ]


def _softmax_cross_entropy_backward(probs, labels):
    from course import reference

    # log p is one set of logits whose softmax is p, so autograd can be asked about p itself
    return reference.gradients("cross_entropy", np.log(probs), labels)[0]


def _explain_loss(inputs, output, index):
    f, labels = reference_function("cross_entropy"), inputs["labels"]
    measured = slope(lambda z: f(z, labels), np.log(inputs["probs"]), index, 1.0)
    return f"A small step in the logit {list(map(int, index))} measures the slope {measured:.6g}."


softmax_cross_entropy_backward = Question(
    "softmax_cross_entropy_backward", _softmax_cross_entropy_backward, _backward_cases, tolerance=GRADIENT_TOLERANCE,
    explain=_explain_loss,
    number="10b", ranges=[
        Range("nearly right", lambda probs, labels: (_picked(probs, labels) > 0.998).all()),
        Range("in the middle", lambda probs, labels: (0.1 < _picked(probs, labels)) & (_picked(probs, labels) < 0.9)),
        Range("very sure and wrong", lambda probs, labels: _picked(probs, labels) < 1e-6),
    ],
    mistakes=[
        Mistake("no 1/N", lambda p, t: p - np.eye(p.shape[1])[t],
                "The loss is a mean over the examples, so each example has only its share of it."),
        Mistake("sign", lambda p, t: (np.eye(p.shape[1])[t] - p) / len(t),
                "Raising the right logit should lower the loss: the gradient there is negative."),
        Mistake("divided by classes", lambda p, t: (p - np.eye(p.shape[1])[t]) / p.shape[1],
                "The mean goes over the examples, not over the classes."),
        Mistake("divided by all", lambda p, t: (p - np.eye(p.shape[1])[t]) / p.size,
                "The mean goes over the examples, not over all entries."),
        Mistake("label only", lambda p, t: (p - 1) * np.eye(p.shape[1])[t] / len(t),
                "The other logits matter as well: they take their share of the total."),
        Mistake("probabilities", lambda p, t: p / len(t),
                "This is half of it: what should the probabilities have been?"),
        Mistake("one everywhere", lambda p, t: (p - 1) / len(t),
                "Only the right class should have had probability 1."),
        Mistake("gradient of log p", lambda p, t: -np.eye(p.shape[1])[t] / p / len(t),
                "This is the gradient with respect to the probabilities. One step is left: through the softmax."),
        Mistake("every label for every row", lambda p, t: (p - np.eye(p.shape[1])[t].max(0)) / len(t),
                "Each example has one label; p[:, labels] reaches into every row."),
        Mistake("softmax twice", lambda p, t: (_softmax_of(p) - np.eye(p.shape[1])[t]) / len(t),
                "probs are probabilities already."),
        Mistake("labels not one-hot", (lambda p, t: (p - t) / len(t), lambda p, t: p - t,
                                       lambda p, t: (p - t[:, None]) / len(t), lambda p, t: p - t[:, None]),
                "labels are numbers of classes, one for each example. What has to be taken away from the "
                "probabilities has an entry for every class: 1 at the label and 0 elsewhere."),
        Mistake("no 1/N, sign", lambda p, t: np.eye(p.shape[1])[t] - p,
                "Two things at once. Raising the right logit should lower the loss: the gradient there is negative. "
                "And the loss is a mean, so each example has only its share of it."),
        Mistake("own slope only", lambda p, t: p * (1 - p) * (p - np.eye(p.shape[1])[t]) / len(t),
                "That slope belongs to the sigmoid with a squared error. Here it cancels."),
        Mistake("1/N twice", lambda p, t: (p - np.eye(p.shape[1])[t]) / len(t) ** 2,
                "It is too small by the number of examples: how often is the share of an example taken?"),
        Mistake("labels from 1", lambda p, t: (p - np.eye(p.shape[1])[t - 1]) / len(t),
                "The right numbers stand beside their place. Where does the numbering of the classes begin?"),
        Mistake("last example missing",
                lambda p, t: (p - np.append(np.eye(p.shape[1])[t[:-1]], 0 * p[-1:], 0)) / len(t),
                "The last example kept its probabilities. Where does the loop over the examples end?"),
    ],
)  # fmt: skip
