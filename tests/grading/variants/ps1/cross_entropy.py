"""Question 10a as students write it: the mean of -log p(right class)."""

import math

import numpy as np

from tests.grading.variants.expects import expects


@expects("sum")
def wrong_sum(probs, labels):
    """The sum over the batch."""
    return -np.sum(np.log(probs[np.arange(len(labels)), labels]))


@expects("divided by all entries")
def wrong_mean_over_entries(probs, labels):
    """The mean over the one-hot matrix counts its zeros as well."""
    return -np.mean(np.eye(probs.shape[1])[labels] * np.log(probs))


@expects("log of the mean")
def wrong_log_of_mean(probs, labels):
    """The logarithm of the mean probability."""
    return -np.log(np.mean(probs[np.arange(len(labels)), labels]))


@expects("minus missing")
def wrong_sign(probs, labels):
    """The minus is missing."""
    return np.log(probs[range(len(labels)), labels]).mean()


@expects("other logarithm")
def wrong_base_2(probs, labels):
    """Bits."""
    return -np.log2(probs[range(len(labels)), labels]).mean()


@expects("base 10")
def wrong_base_10(probs, labels):
    """The logarithm of base 10."""
    return -np.log10(probs[range(len(labels)), labels]).mean()


@expects("padded log")
def wrong_constant_in_log(probs, labels):
    """A constant against the logarithm of 0 that is not asked for."""
    return -np.log(probs[range(len(labels)), labels] + 1e-5).mean()


@expects("largest probability")
def wrong_winner(probs, labels):
    """The probability of the winner."""
    return -np.log(np.max(probs, axis=1)).mean()


@expects("all classes")
def wrong_all_classes(probs, labels):
    """The labels are not used."""
    return -np.log(probs).sum(axis=1).mean()


@expects("all pairs")
def wrong_all_pairs(probs, labels):
    """Every label of every example."""
    return -np.mean(np.log(probs[:, labels]))


@expects("not the log")
def wrong_missing_to_1(probs, labels):
    """What is missing to 1, without a logarithm."""
    return np.mean(1 - probs[range(len(labels)), labels])


@expects("shape")
def wrong_no_mean(probs, labels):
    """One loss an example."""
    return -np.log(probs[range(len(labels)), labels])


def wrong_labels_as_one_hot(probs, labels):
    """The class numbers are multiplied as if they were one-hot rows."""
    return -np.sum(labels * np.log(probs).T) / len(labels)


def wrong_labels_from_1(probs, labels):
    """Classes are counted from 1."""
    return -np.log(probs[range(len(labels)), labels - 1]).mean()


def wrong_log_of_sum(probs, labels):
    """The logarithm of the sum."""
    return -np.log(np.sum(probs[range(len(labels)), labels])) / len(labels)


def wrong_returns_in_the_loop(probs, labels):
    """`return` stands inside the loop."""
    total = 0
    for n in range(len(labels)):
        total -= math.log(probs[n, labels[n]])
        return total / len(labels)


def wrong_last_example_missing(probs, labels):
    """The loop ends one example early."""
    total = 0.0
    for n in range(len(labels) - 1):
        total -= math.log(probs[n, labels[n]])
    return total / len(labels)


def wrong_only_last_example(probs, labels):
    """The loss is assigned in the loop instead of added to."""
    for n in range(len(labels)):
        loss = -math.log(probs[n, labels[n]])
    return loss / len(labels)


def wrong_entropy(probs, labels):
    """The entropy of the prediction; the labels are not used."""
    return -(probs * np.log(probs)).sum(axis=1).mean()


def wrong_weighted_by_itself(probs, labels):
    """p log p at the label."""
    p = probs[range(len(labels)), labels]
    return -(p * np.log(p)).mean()


def wrong_binary(probs, labels):
    """The other classes count as yes-or-no questions of their own."""
    y = np.eye(probs.shape[1])[labels]
    return -(y * np.log(probs) + (1 - y) * np.log(1 - probs)).sum() / len(labels)


def wrong_clipped(probs, labels):
    """Small probabilities are lifted too far."""
    return -np.log(np.clip(probs[range(len(labels)), labels], 0.01, 1)).mean()


def wrong_error_rate(probs, labels):
    """The share of wrong decisions."""
    return float((probs.argmax(axis=1) != labels).mean())


def wrong_divided_twice(probs, labels):
    """1/N twice."""
    return -np.log(probs[range(len(labels)), labels]).mean() / len(labels)


def wrong_squared(probs, labels):
    """Squared errors."""
    return ((probs - np.eye(probs.shape[1])[labels]) ** 2).sum(axis=1).mean()


@expects("index")
def wrong_classes_first(probs, labels):
    """Class and example are exchanged."""
    return -np.log(probs[labels, range(len(labels))]).mean()


@expects("in place")
def wrong_in_place(probs, labels):
    """The logarithms are written into the probabilities."""
    np.log(probs, out=probs)
    return -probs[range(len(labels)), labels].mean()


def wrong_text(probs, labels):
    """The loss is formatted for reading."""
    return f"{-np.log(probs[range(len(labels)), labels]).mean():.4f}"


def right_picked(probs, labels):
    """The formula."""
    return -np.mean(np.log(probs[np.arange(probs.shape[0]), labels]))


def right_one_hot(probs, labels):
    """With one-hot rows."""
    one_hot = np.zeros(probs.shape)
    one_hot[np.arange(len(labels)), labels] = 1
    return -(one_hot * np.log(probs)).sum() / probs.shape[0]


def right_loop(probs, labels):
    """One example at a time, a Python float."""
    total = 0.0
    for row, label in zip(probs, labels, strict=True):
        total -= math.log(row[label])
    return total / len(labels)


def right_float32(probs, labels):
    """In float32, all logarithms first."""
    logs = np.log(probs.astype(np.float32))
    return -np.take_along_axis(logs, labels[:, None], axis=1).mean()


def right_array_without_axes(probs, labels):
    """An array without axes."""
    right = np.einsum("nc,nc->n", probs, np.eye(probs.shape[1])[labels])
    return np.array(np.log(1 / right).sum() / right.size)


def right_tiny_constant(probs, labels):
    """With a constant in the logarithm that is too small to matter."""
    picked = [row[label] for row, label in zip(probs, labels, strict=True)]
    return -np.average(np.log(np.array(picked) + 1e-8))


def right_columns(probs, labels):
    """One class at a time."""
    return sum(-np.log(probs[labels == c, c]).sum() for c in range(probs.shape[1])) / len(probs)
