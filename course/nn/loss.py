"""Cross-entropy: how surprised the net is by the right answer. Slides: cmu-l10-039, cmu-l10-041.

Shapes: N examples, C classes. `labels` are class numbers 0..C-1, as integers of shape (N,).
"""

import numpy as np


def one_hot(labels, num_classes):
    """Return (N, C) with a single 1 a row, at the label."""
    return np.eye(num_classes)[labels]  # (N,) -> (N, C)


def log_softmax(logits):
    """Logarithm of the softmax along the last axis; stays finite where softmax itself rounds to 0."""
    shifted = logits - 1.0 * np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def cross_entropy(logits, labels):
    """Mean of -log p(label) over the examples. logits: (N, C), labels: (N,). Returns a number, in nats."""
    return -log_softmax(logits)[np.arange(len(labels)), labels].mean()


def cross_entropy_backward(logits, labels):
    """Gradient of `cross_entropy` with respect to the logits: (p - y) / N, of shape (N, C)."""
    grad = np.exp(log_softmax(logits))  # (N, C): the probabilities
    grad[np.arange(len(labels)), labels] -= 1
    return grad / len(labels)
