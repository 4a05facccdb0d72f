"""Question 4 as students write it: the mean cross-entropy of logits, and its gradient."""

import numpy as np

from tests.grading.variants.expects import expects


def _log_probs(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _loss(z, t):
    return -_log_probs(z)[np.arange(len(t)), t].mean()


def _minus_label(probs, t):
    out = np.array(probs)
    out[np.arange(len(t)), t] -= 1
    return out


def _probs(z):
    return np.exp(_log_probs(z))


@expects("overflow")
def wrong_no_shift(logits, labels):
    """No offset is taken away."""
    e = np.exp(logits)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), _minus_label(p, labels) / len(labels)


@expects("overflow")
def wrong_log_sum_exp_without_shift(logits, labels):
    """The logarithm of the sum as it stands on paper; the gradient is right."""
    picked = logits[np.arange(len(labels)), labels]
    loss = (np.log(np.exp(logits).sum(axis=1)) - picked).mean()
    return loss, _minus_label(_probs(logits), labels) / len(labels)


@expects("log of 0")
def wrong_log_of_softmax(logits, labels):
    """A stable softmax, and then its logarithm."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), _minus_label(p, labels) / len(labels)


@expects("one maximum for all")
def wrong_one_maximum(logits, labels):
    """The largest logit of the batch is taken away everywhere."""
    e = np.exp(logits - logits.max())
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), _minus_label(p, labels) / len(labels)


@expects("padded log")
def wrong_padded(logits, labels):
    """A small number in the logarithm."""
    p = _probs(logits)
    return -np.log(p[np.arange(len(labels)), labels] + 1e-8).mean(), _minus_label(p, labels) / len(labels)


@expects("padded log")
def wrong_clipped(logits, labels):
    """Probabilities have a smallest value."""
    p = np.clip(_probs(logits), 1e-12, 1)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), _minus_label(p, labels) / len(labels)


@expects("sum")
def wrong_sum(logits, labels):
    """Both are sums over the examples."""
    return _loss(logits, labels) * len(labels), _minus_label(_probs(logits), labels)


@expects("loss is a sum")
def wrong_loss_is_a_sum(logits, labels):
    """Only the gradient is that of the mean."""
    loss = -_log_probs(logits)[np.arange(len(labels)), labels].sum()
    return loss, _minus_label(_probs(logits), labels) / len(labels)


@expects("no 1/N")
def wrong_gradient_of_the_sum(logits, labels):
    """Only the loss is a mean."""
    return _loss(logits, labels), _minus_label(_probs(logits), labels)


@expects("sign")
def wrong_sign(logits, labels):
    """What it should have said minus what it said."""
    return _loss(logits, labels), -_minus_label(_probs(logits), labels) / len(labels)


@expects("minus missing")
def wrong_minus_missing(logits, labels):
    """The mean of the logarithms."""
    return -_loss(logits, labels), _minus_label(_probs(logits), labels) / len(labels)


@expects("probabilities")
def wrong_probabilities(logits, labels):
    """The labels are not taken away."""
    return _loss(logits, labels), _probs(logits) / len(labels)


@expects("divided by all")
def wrong_divided_by_all(logits, labels):
    """A mean over all entries."""
    return _loss(logits, labels), _minus_label(_probs(logits), labels) / logits.size


@expects("logits are no probabilities")
def wrong_no_softmax(logits, labels):
    """The gradient begins with the logits."""
    return _loss(logits, labels), _minus_label(logits * 1.0, labels) / len(labels)


@expects("labels from 1")
def wrong_labels_from_1(logits, labels):
    """Classes are counted from 1."""
    labels = labels - 1
    return _loss(logits, labels), _minus_label(_probs(logits), labels) / len(labels)


@expects("swapped")
def wrong_order(logits, labels):
    """The gradient comes first."""
    return _minus_label(_probs(logits), labels) / len(labels), _loss(logits, labels)


@expects("in place")
def wrong_in_place(logits, labels):
    """The maximum is taken away from the logits themselves."""
    logits -= logits.max(axis=1, keepdims=True)
    return _loss(logits, labels), _minus_label(_probs(logits), labels) / len(labels)


@expects("tuple")
def wrong_only_the_loss(logits, labels):
    """The gradient is not returned."""
    return _loss(logits, labels)


def wrong_wrong_axis(logits, labels):
    """Probabilities along the columns."""
    e = np.exp(logits - logits.max(axis=0))
    p = e / e.sum(axis=0)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), _minus_label(p, labels) / len(labels)


def wrong_bounded_exponent(logits, labels):
    """Logits are cut so that nothing overflows."""
    z = np.clip(logits, -30, 30)
    return _loss(z, labels), _minus_label(_probs(z), labels) / len(labels)


def right_log_softmax(logits, labels):
    """The logarithm of the quotient as a difference."""
    rows = np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    grad = np.exp(shifted) / total
    grad[rows, labels] -= 1
    return (np.log(total[:, 0]) - shifted[rows, labels]).mean(), grad / len(labels)


def right_logaddexp(logits, labels):
    """With NumPy's logarithm of sums of exponentials."""
    log_total = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    log_p = logits - log_total
    one_hot = np.eye(logits.shape[1])[labels]
    return -(log_p * one_hot).sum() / len(labels), (np.exp(log_p) - one_hot) / len(labels)


def right_loops(logits, labels):
    """One example at a time."""
    n, c = logits.shape
    loss, grad = 0.0, np.zeros((n, c))
    for i in range(n):
        row = np.array(logits[i], dtype=float)
        row -= row.max()
        log_sum = np.log(sum(np.exp(v) for v in row))
        loss += (log_sum - row[labels[i]]) / n
        for j in range(c):
            grad[i, j] = (np.exp(row[j] - log_sum) - (j == labels[i])) / n
    return loss, grad


def right_float32(logits, labels):
    """In float32, as large nets compute."""
    z = logits.astype(np.float32)
    z = z - np.max(z, axis=-1)[:, np.newaxis]
    log_p = z - np.log(np.exp(z).sum(-1))[:, np.newaxis]
    is_label = np.arange(z.shape[1]) == labels[:, np.newaxis]
    return np.float32(-log_p[is_label].mean()), (np.exp(log_p) - is_label) / np.float32(len(z))


def right_other_course(logits, labels):
    """As in a well-known course: scores, dscores."""
    num_train = logits.shape[0]
    scores = logits - np.max(logits, axis=1).reshape(-1, 1)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    dscores = probs.copy()
    dscores[range(num_train), labels] -= 1
    loss = np.sum(np.log(np.sum(np.exp(scores), axis=1)) - scores[range(num_train), labels])
    return loss / num_train, dscores / num_train
