"""Softmax, cross-entropy, and the gradient of the two together."""

import numpy as np

from course.checks.cases import SLIDE_EXAMPLE, in_layouts
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.gradient import slope
from course.checks.oracle import reference_function
from course.checks.question import Mistake, Question
from course.checks.record import Case


def _softmax_of(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _softmax_cases():
    logits = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0]])
    return [
        Case("two rows of three logits", {"logits": logits}),
        Case("the ten numbers of the lecture", {"logits": SLIDE_EXAMPLE[None]}),
        Case("logits that share an offset of 1000", {"logits": logits + 1000}),
        Case("rows that lie far apart", {"logits": logits + np.array([[1000.0], [0.0]])}),
        Case("as many rows as classes", {"logits": np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0], [4.0, 4.0, 1.0]])}),
        *in_layouts(Case("two rows of three logits", {"logits": logits}), ["read-only"]),
    ]


softmax = Question(
    "softmax", reference_function("softmax"), _softmax_cases,
    mistakes=[
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
        Mistake("no keepdims", lambda z: np.exp(z - z.max(-1, keepdims=True))
                / np.exp(z - z.max(-1, keepdims=True)).sum(-1),
                "The total has lost an axis, so that NumPy matched it with the wrong one. Look at keepdims."),
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
    return [
        Case("two examples, three classes", {"probs": probs, "labels": np.array([0, 1])}),
        Case("one example", {"probs": probs[:1], "labels": np.array([2])}),
        Case("every digit equally likely", {"probs": np.full((4, 10), 0.1), "labels": np.array([6, 0, 9, 3])}),
        # small enough for a constant of 1e-5 in the logarithm to show, and large enough for one of 1e-8 not to
        Case("a confident mistake", {"probs": np.array([[1 - 1e-4, 1e-4], [0.4, 0.6]]), "labels": np.array([1, 1])}),
    ]


def _picked(p, t):
    return p[np.arange(len(t)), t]


cross_entropy = Question(
    "cross_entropy", reference_function("nll"), _cross_entropy_cases,
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
        Mistake("padded log", lambda p, t: -np.log(_picked(p, t) + 1e-5).mean(),
                "A constant inside the logarithm changes the loss of a confident mistake, which matters most."),
        Mistake("largest probability", lambda p, t: -np.log(p.max(1)).mean(),
                "The loss asks for the probability of the right class, not of the winning one."),
        Mistake("all classes", lambda p, t: -np.log(p).sum() / len(t),
                "Only the probability at the label counts; the one-hot label is 0 everywhere else."),
        Mistake("all pairs", lambda p, t: -np.log(p[:, t]).mean(),
                "p[:, labels] takes every label for every example. Each example has one label."),
        Mistake("not the log", lambda p, t: (1 - _picked(p, t)).mean(),
                "This counts what is missing to 1. The surprise grows without bound as p goes to 0."),
    ],
)  # fmt: skip


def _softmax_cross_entropy_backward(probs, labels):
    from course import reference

    # log p is one set of logits whose softmax is p, so autograd can be asked about p itself
    return reference.gradients("cross_entropy", np.log(probs), labels)[0]


def _explain_loss(inputs, output, index):
    f, labels = reference_function("cross_entropy"), inputs["labels"]
    measured = slope(lambda z: f(z, labels), np.log(inputs["probs"]), index, 1.0)
    return f"A small step in the logit {list(map(int, index))} measures the slope {measured:.6g}."


softmax_cross_entropy_backward = Question(
    "softmax_cross_entropy_backward", _softmax_cross_entropy_backward, lambda: _cross_entropy_cases()[:3] + in_layouts(
        _cross_entropy_cases()[0], ["read-only"]), tolerance=GRADIENT_TOLERANCE, explain=_explain_loss,
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
        Mistake("own slope only", lambda p, t: p * (1 - p) * (p - np.eye(p.shape[1])[t]) / len(t),
                "That slope belongs to the sigmoid with a squared error. Here it cancels."),
    ],
)  # fmt: skip
