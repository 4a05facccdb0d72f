"""Activation functions and their gradients.

Every function takes an array of any shape and returns a new one of the same shape; the input is never changed.
A `_backward` function takes `grad_output`, the gradient of the loss with respect to the output, and returns the
gradient with respect to the input. Where the slope is cheap to write with the output `y`, it takes `y`.
`1.0 * x` makes floats of integers: with raw pixels (0 to 255 in one byte) a negative number would wrap around.
"""

import numpy as np


def relu(x):
    """Keep what is positive, put 0 elsewhere. Slides: cmu-l10-033."""
    return np.maximum(x, 0)


def relu_backward(grad_output, x):
    """Let the gradient pass where the input was positive. At exactly 0 we choose slope 0, as PyTorch does."""
    return grad_output * (x > 0)


def sigmoid(x):
    """Squash to (0, 1): 1 / (1 + exp(-x)), without overflow for large |x|."""
    small = np.exp(-np.abs(1.0 * x))  # in (0, 1], so it cannot overflow
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_backward(grad_output, y):
    """The slope of the sigmoid, from its output y: y (1 - y). It is at most 1/4."""
    return grad_output * y * (1 - y)


def tanh(x):
    """Squash to (-1, 1)."""
    return np.tanh(1.0 * x)


def tanh_backward(grad_output, y):
    """The slope of tanh, from its output y: 1 - y^2."""
    return grad_output * (1 - y**2)


def softplus(x):
    """A smooth ReLU: log(1 + exp(x)), without overflow for large x."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(1.0 * x)))


def softplus_backward(grad_output, x):
    """The slope of softplus is the sigmoid."""
    return grad_output * sigmoid(x)


def softmax(logits, temperature=1.0):
    """Turn logits into probabilities along the last axis. Slides: cmu-l10-034, cmu-l10-036.

    logits: (..., C). Returns (..., C), not negative, each row sums to 1.
    A common offset changes nothing, so we take the largest logit away: then exp cannot overflow.
    A temperature above 1 flattens the probabilities, below 1 it sharpens them.
    """
    shifted = (logits - 1.0 * np.max(logits, axis=-1, keepdims=True)) / temperature  # (..., C), largest is 0
    exp = np.exp(shifted)
    return exp / exp.sum(axis=-1, keepdims=True)
