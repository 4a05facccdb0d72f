"""Question 8b as students write it: loss and gradients of a net with one hidden layer."""

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
    return out / len(t)


def _forward(x, w1, b1, w2, b2):
    sums = x @ w1.T + b1
    hidden = np.maximum(sums, 0)
    return sums, hidden, hidden @ w2.T + b2


@expects("no slope of ReLU")
def wrong_no_slope(x, labels, w1, b1, w2, b2):
    """The ReLU is forgotten on the way back."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("mask of the gradient")
def wrong_mask_of_the_gradient(x, labels, w1, b1, w2, b2):
    """The gradient goes through the ReLU itself."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = np.maximum(g @ w2, 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("sums for hidden")
def wrong_sums_for_hidden(x, labels, w1, b1, w2, b2):
    """The gradient of the second weight from the values before the ReLU."""
    sums, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ sums, g.sum(axis=0)


@expects("no 1/N")
def wrong_gradient_of_the_sum(x, labels, w1, b1, w2, b2):
    """The gradients are those of a sum."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels) * len(x)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("loss is a sum")
def wrong_loss_is_a_sum(x, labels, w1, b1, w2, b2):
    """The loss grows with the batch."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).sum(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("sign")
def wrong_sign(x, labels, w1, b1, w2, b2):
    """The difference is turned round."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = -_delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("log of 0")
def wrong_log_of_softmax(x, labels, w1, b1, w2, b2):
    """The logarithm of a probability that may be 0."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    loss = -np.log(_softmax(z)[np.arange(len(x)), labels]).mean()
    return loss, below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("ReLU at the end")
def wrong_relu_at_the_end(x, labels, w1, b1, w2, b2):
    """A ReLU after every layer, also on the way back."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    out = np.maximum(z, 0)
    g = _delta(out, labels) * (z > 0)
    below = g @ w2 * (hidden > 0)
    return _surprises(out, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("mask not for the bias")
def wrong_bias_without_mask(x, labels, w1, b1, w2, b2):
    """The first bias learns from neurons that did not fire."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2
    return _surprises(z, labels).mean(), (below * (hidden > 0)).T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


@expects("grad_b2 for grad_b1")
def wrong_biases_exchanged(x, labels, w1, b1, w2, b2):
    """The gradients of the biases have changed places."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), below.T @ x, g.sum(axis=0), g.T @ hidden, below.sum(axis=0)


@expects("gradients transposed")
def wrong_transposed(x, labels, w1, b1, w2, b2):
    """Inputs are rows of the gradients."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), x.T @ below, below.sum(axis=0), hidden.T @ g, g.sum(axis=0)


@expects("tuple")
def wrong_list_of_gradients(x, labels, w1, b1, w2, b2):
    """The gradients come in a list of their own."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), [below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)]


@expects("in place")
def wrong_updates_on_the_way(x, labels, w1, b1, w2, b2):
    """The second weight takes its step before the first gradient is computed."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    w2 -= 0.1 * (g.T @ hidden)
    below = g @ w2 * (hidden > 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


def wrong_slope_of_sigmoid(x, labels, w1, b1, w2, b2):
    """The slope of another activation."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * hidden * (1 - hidden)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


def wrong_hidden_for_mask(x, labels, w1, b1, w2, b2):
    """The activations multiply the gradient, not their slopes."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * hidden
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


def wrong_second_layer_only(x, labels, w1, b1, w2, b2):
    """The first layer learns nothing."""
    _, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    return _surprises(z, labels).mean(), np.zeros(w1.shape), np.zeros(b1.shape), g.T @ hidden, g.sum(axis=0)


def right_formula(x, labels, w1, b1, w2, b2):
    """The formulas of the questions before."""
    sums, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = g @ w2 * (sums > 0)
    return _surprises(z, labels).mean(), below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)


def right_one_example_at_a_time(x, labels, w1, b1, w2, b2):
    """The gradients of single examples are added up."""
    loss, grads = 0.0, [np.zeros(p.shape) for p in (w1, b1, w2, b2)]
    for picture, label in zip(x, labels, strict=True):
        hidden = np.maximum(w1 @ picture + b1, 0)
        z = w2 @ hidden + b2
        z = z - z.max()
        log_total = np.log(np.exp(z).sum())
        loss += (log_total - z[label]) / len(x)
        delta = (np.exp(z - log_total) - (np.arange(len(b2)) == label)) / len(x)
        below = np.where(hidden > 0, w2.T @ delta, 0)
        for grad, new in zip(grads, (np.outer(below, picture), below, np.outer(delta, hidden), delta), strict=True):
            grad += new
    return loss, *grads


def right_columns(x, labels, w1, b1, w2, b2):
    """Examples as columns, as another course has them: A1, Z2, dZ2."""
    m = x.shape[0]
    a0 = x.T
    a1 = np.maximum(w1 @ a0 + b1[:, None], 0)
    z2 = w2 @ a1 + b2[:, None]
    log_p = z2 - np.logaddexp.reduce(z2, axis=0)
    y = np.eye(len(b2))[:, labels]
    dz2 = (np.exp(log_p) - y) / m
    dz1 = np.multiply(w2.T @ dz2, a1 > 0)
    loss = -np.where(y == 1, log_p, 0).sum() / m
    return loss, dz1 @ a0.T, np.sum(dz1, axis=1), dz2 @ a1.T, np.sum(dz2, axis=1)


def right_float32(x, labels, w1, b1, w2, b2):
    """In float32, with einsum, and a list that is returned."""
    x, w1, b1, w2, b2 = (v.astype(np.float32) for v in (x, w1, b1, w2, b2))
    sums, hidden, z = _forward(x, w1, b1, w2, b2)
    g = _delta(z, labels)
    below = np.where(sums > 0, np.einsum("nc,ch->nh", g, w2), 0)
    grads = np.einsum("nh,nd->hd", below, x), below.sum(0), np.einsum("nc,nh->ch", g, hidden), g.sum(0)
    return [_surprises(z, labels).mean(), *grads]


class _Net:
    """As in courses that begin with a class: forward keeps what backward needs."""

    def __call__(self, x, labels, *parameters):
        w1, b1, self.w2, b2 = parameters
        self.x, self.sums = x, x.dot(w1.T) + b1
        self.hidden = self.sums.clip(min=0)
        return self.backward(self.hidden.dot(self.w2.T) + b2, labels)

    def backward(self, z, labels):
        dz = _delta(z, labels)
        dh = dz.dot(self.w2)
        dh[self.sums <= 0] = 0
        return _surprises(z, labels).mean(), dh.T.dot(self.x), dh.sum(0), dz.T.dot(self.hidden), dz.sum(0)


right_object = _Net()
