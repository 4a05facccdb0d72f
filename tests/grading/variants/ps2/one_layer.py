"""Question 7 as students write it: logits, mean cross-entropy and its gradients of a net of one layer."""

import numpy as np

from tests.grading.variants.expects import expects


def _surprises(z, t):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(t)), t]


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _delta(z, t):
    out = _softmax(z)
    out[np.arange(len(t)), t] -= 1
    return out


@expects("no bias")
def wrong_no_bias(x, labels, weight, bias):
    """The bias is never used."""
    z = x @ weight.T
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("no 1/N")
def wrong_gradient_of_the_sum(x, labels, weight, bias):
    """The gradients are those of a sum."""
    z = x @ weight.T + bias
    g = _delta(z, labels)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("sign")
def wrong_sign(x, labels, weight, bias):
    """The difference is turned round."""
    z = x @ weight.T + bias
    g = -_delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("loss is a sum")
def wrong_loss_is_a_sum(x, labels, weight, bias):
    """The loss grows with the batch."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).sum(), g.T @ x, g.sum(axis=0)


@expects("probabilities")
def wrong_probabilities(x, labels, weight, bias):
    """The probabilities are returned in the place of the logits."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return _softmax(z), _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("log of 0")
def wrong_log_of_softmax(x, labels, weight, bias):
    """The logarithm of a probability that may be 0."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    loss = -np.log(_softmax(z)[np.arange(len(x)), labels]).mean()
    return z, loss, g.T @ x, g.sum(axis=0)


@expects("weight not transposed")
def wrong_weight_not_transposed(x, labels, weight, bias):
    """The weights as the slides write them."""
    z = x @ weight + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("grad_weight transposed")
def wrong_grad_weight_transposed(x, labels, weight, bias):
    """Inputs are rows of the gradient."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), x.T @ g, g.sum(axis=0)


@expects("bias mean")
def wrong_bias_mean(x, labels, weight, bias):
    """The gradient of the bias is averaged once more."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.mean(axis=0)


@expects("bias over classes")
def wrong_bias_over_classes(x, labels, weight, bias):
    """The gradient of the bias is summed over the classes."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=1)


@expects("labels forgotten")
def wrong_labels_forgotten(x, labels, weight, bias):
    """The way back begins with the probabilities."""
    z = x @ weight.T + bias
    g = _softmax(z) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("tuple")
def wrong_no_logits(x, labels, weight, bias):
    """The logits are not returned."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


@expects("in place")
def wrong_in_place(x, labels, weight, bias):
    """The inputs are divided by the number of examples before the product."""
    z = x @ weight.T + bias
    g = _delta(z, labels)
    x /= len(labels)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0) / len(labels)


def wrong_relu_at_the_end(x, labels, weight, bias):
    """The only layer gets an activation."""
    z = np.maximum(x @ weight.T + bias, 0)
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


def wrong_squared_error(x, labels, weight, bias):
    """Gradients of a squared error."""
    z = x @ weight.T + bias
    g = 2 * (z - np.eye(len(bias))[labels]) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


def right_formula(x, labels, weight, bias):
    """The formulas of the questions before."""
    z = x @ weight.T + bias
    g = _delta(z, labels) / len(x)
    return z, _surprises(z, labels).mean(), g.T @ x, g.sum(axis=0)


def right_logaddexp(x, labels, weight, bias):
    """With one-hot labels and NumPy's logaddexp."""
    z = np.dot(x, weight.transpose()) + bias
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    one_hot = np.eye(len(bias))[labels]
    g = (np.exp(log_p) - one_hot) / x.shape[0]
    return z, -np.sum(np.where(one_hot > 0, log_p, 0)) / x.shape[0], np.dot(g.T, x), np.ones(len(x)) @ g


def right_loop(x, labels, weight, bias):
    """One example at a time."""
    n = len(x)
    z, loss = np.zeros((n, len(bias))), 0.0
    grad_weight, grad_bias = np.zeros(weight.shape), np.zeros(bias.shape)
    for i in range(n):
        z[i] = weight @ x[i] + bias
        shifted = z[i] - z[i].max()
        loss += np.log(np.exp(shifted).sum()) - shifted[labels[i]]
        delta = np.exp(shifted) / np.exp(shifted).sum()
        delta[labels[i]] -= 1
        grad_weight += np.outer(delta, x[i]) / n
        grad_bias += delta / n
    return z, loss / n, grad_weight, grad_bias


def right_bias_as_weight(x, labels, weight, bias):
    """The bias as the weight of an input that is always 1."""
    wide = np.hstack([x, np.ones((len(x), 1))])
    z = wide @ np.hstack([weight, bias[:, None]]).T
    grad = _delta(z, labels).T @ wide / len(x)
    return [z, np.average(_surprises(z, labels)), grad[:, :-1], grad[:, -1]]


def right_float32(x, labels, weight, bias):
    """In float32, with einsum."""
    a, w, b = (v.astype(np.float32) for v in (x, weight, bias))
    z = np.einsum("nd,cd->nc", a, w) + b
    g = _delta(z, labels) / np.float32(len(a))
    return z, _surprises(z, labels).mean(), np.einsum("nc,nd->cd", g, a), np.einsum("nc->c", g)
