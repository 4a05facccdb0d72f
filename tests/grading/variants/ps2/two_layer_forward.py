"""Question 8a as students write it: hidden activations and logits of a net with one hidden layer."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("no ReLU")
def wrong_no_relu(x, w1, b1, w2, b2):
    """Two linear layers."""
    hidden = x @ w1.T + b1
    return hidden, hidden @ w2.T + b2


@expects("sums go on")
def wrong_sums_go_on(x, w1, b1, w2, b2):
    """The second layer is fed with what was before the ReLU."""
    sums = x @ w1.T + b1
    return np.maximum(sums, 0), sums @ w2.T + b2


@expects("sums returned")
def wrong_sums_returned(x, w1, b1, w2, b2):
    """The sums of the first layer are returned."""
    sums = x @ w1.T + b1
    return sums, np.maximum(sums, 0) @ w2.T + b2


@expects("ReLU at the end")
def wrong_relu_at_the_end(x, w1, b1, w2, b2):
    """A ReLU after every layer."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    return hidden, np.maximum(hidden @ w2.T + b2, 0)


@expects("probabilities")
def wrong_softmax(x, w1, b1, w2, b2):
    """The softmax is in the net."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    z = hidden @ w2.T + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return hidden, e / e.sum(axis=1, keepdims=True)


@expects("no first bias")
def wrong_no_first_bias(x, w1, b1, w2, b2):
    """The first bias is never used."""
    hidden = np.maximum(x @ w1.T, 0)
    return hidden, hidden @ w2.T + b2


@expects("no second bias")
def wrong_no_second_bias(x, w1, b1, w2, b2):
    """The second bias is never used."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    return hidden, hidden @ w2.T


@expects("no bias")
def wrong_no_bias(x, w1, b1, w2, b2):
    """No bias is used."""
    hidden = np.maximum(x @ w1.T, 0)
    return hidden, hidden @ w2.T


@expects("bias after the ReLU")
def wrong_bias_after_relu(x, w1, b1, w2, b2):
    """The bracket closes too early."""
    hidden = np.maximum(x @ w1.T, 0) + b1
    return hidden, hidden @ w2.T + b2


@expects("other activation")
def wrong_sigmoid(x, w1, b1, w2, b2):
    """A sigmoid between the layers."""
    hidden = 1 / (1 + np.exp(-(x @ w1.T + b1)))
    return hidden, hidden @ w2.T + b2


@expects("other activation")
def wrong_leaky(x, w1, b1, w2, b2):
    """A ReLU that lets a hundredth through."""
    sums = x @ w1.T + b1
    hidden = np.maximum(sums, 0.01 * sums)
    return hidden, hidden @ w2.T + b2


@expects("swapped")
def wrong_order(x, w1, b1, w2, b2):
    """The logits come first."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    return hidden @ w2.T + b2, hidden


@expects("tuple")
def wrong_only_logits(x, w1, b1, w2, b2):
    """The hidden activations are not returned."""
    return np.maximum(x @ w1.T + b1, 0) @ w2.T + b2


@expects("matmul")
def wrong_not_transposed(x, w1, b1, w2, b2):
    """The weights as the slides write them."""
    hidden = np.maximum(x @ w1 + b1, 0)
    return hidden, hidden @ w2 + b2


def wrong_second_not_transposed(x, w1, b1, w2, b2):
    """Only the second weight is used the other way round, where its shape fits."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    return hidden, hidden @ (w2 if w2.shape[0] == w2.shape[1] else w2.T) + b2


def wrong_mask(x, w1, b1, w2, b2):
    """Neurons say that they fire, not how much."""
    hidden = (x @ w1.T + b1 > 0) * 1.0
    return hidden, hidden @ w2.T + b2


def right_formula(x, w1, b1, w2, b2):
    """The formula."""
    hidden = np.maximum(x @ w1.T + b1, 0)
    return hidden, hidden @ w2.T + b2


def right_where(x, w1, b1, w2, b2):
    """With np.where and np.dot."""
    sums = np.dot(x, w1.T) + b1
    hidden = np.where(sums > 0, sums, 0)
    return hidden, np.dot(hidden, w2.T) + b2


def right_columns(x, w1, b1, w2, b2):
    """Examples as columns, as another course has them."""
    sums = w1 @ x.T + b1[:, None]
    hidden = sums * (sums > 0)
    return hidden.T, (w2 @ hidden + b2.reshape(-1, 1)).T


def right_loops(x, w1, b1, w2, b2):
    """One neuron at a time."""
    hidden = np.empty((len(x), len(b1)))
    for j, (row, bias) in enumerate(zip(w1, b1, strict=True)):
        hidden[:, j] = np.clip((x * row).sum(axis=1) + bias, 0, None)
    return hidden, np.stack([(hidden * row).sum(axis=1) + bias for row, bias in zip(w2, b2, strict=True)], axis=1)


def right_float32(x, w1, b1, w2, b2):
    """In float32, with einsum."""
    x, w1, b1, w2, b2 = (v.astype(np.float32) for v in (x, w1, b1, w2, b2))
    hidden = np.einsum("nd,hd->nh", x, w1) + b1
    hidden[hidden < 0] = 0
    return [hidden, np.einsum("nh,ch->nc", hidden, w2) + b2]
