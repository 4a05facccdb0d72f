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


@expects("labels from 1")
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


@expects("last example missing")
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


@expects("1/N twice")
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


@expects("padded log")
def wrong_1e_7_in_log(probs, labels):
    """The constant of a well-known library."""
    return -np.mean(np.log(probs[np.arange(len(labels)), labels] + 1e-7))


@expects("padded log")
def wrong_1e_8_in_log(probs, labels):
    """A constant that looks too small to matter."""
    return -np.log(probs[range(len(labels)), labels] + 1e-8).mean()


@expects("padded log")
def wrong_clipped_at_1e_7(probs, labels):
    """Probabilities are kept away from 0."""
    return -np.log(np.clip(probs, 1e-7, 1 - 1e-7)[range(len(labels)), labels]).mean()


@expects("softmax twice")
def wrong_softmax_of_probabilities(probs, labels):
    """probs are taken for logits."""
    e = np.exp(probs - probs.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(labels)), labels]).mean()


@expects("binary")
def wrong_binary_mean(probs, labels):
    """The binary cross-entropy, as for one output, over the one-hot matrix."""
    y = np.zeros(probs.shape)
    y[np.arange(len(labels)), labels] = 1
    return -np.mean(y * np.log(probs) + (1 - y) * np.log(1 - probs))


@expects("log of the sum")
def wrong_log_of_the_sum_alone(probs, labels):
    """One logarithm, of all of them together."""
    return -np.log(np.sum(probs[np.arange(len(labels)), labels]))


@expects("sum, minus missing")
def wrong_sum_without_minus(probs, labels):
    """Two mistakes at once."""
    return np.sum(np.log(probs[np.arange(len(labels)), labels]))


def wrong_half_precision(probs, labels):
    """In float16 a small probability is 0, and its logarithm infinite."""
    return float(-np.log(probs[range(len(labels)), labels].astype(np.float16)).mean())


def wrong_rounded(probs, labels):
    """The probabilities are rounded."""
    return -np.log(np.round(probs[range(len(labels)), labels], 6)).mean()


@expects("only transposed")
def wrong_flat_index(probs, labels):
    """Entries are counted in memory."""
    flat = probs.ravel(order="K")
    return -np.log(flat[np.arange(len(labels)) * probs.shape[1] + labels]).mean()


@expects("broadcast")
def wrong_pairs_that_do_not_fit(probs, labels):
    """The labels are paired with the classes instead of the examples."""
    return -np.log(probs[np.arange(probs.shape[1] + 1), labels]).mean()


@expects("index type")
def wrong_float_labels(probs, labels):
    """The labels became floats on the way."""
    return -np.log(probs[np.arange(len(labels)), labels * 1.0]).mean()



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
    return -np.average(np.log(np.array(picked) + 1e-12))


def right_columns(probs, labels):
    """One class at a time."""
    return sum(-np.log(probs[labels == c, c]).sum() for c in range(probs.shape[1])) / len(probs)


class _Loss:
    """An object that is called, with the labels as one-hot rows and a sum over classes."""

    def __call__(self, probs, labels):
        one_hot = (labels[:, None] == np.arange(probs.shape[1])).astype(float)
        return np.average(np.einsum("nc,nc->n", one_hot, -np.log(probs)))


right_object = _Loss()


def right_other_course(probs, labels):
    """As in a well-known course: num_train, correct log-probabilities, data loss."""
    num_train = probs.shape[0]
    correct_logprobs = -np.log(probs[range(num_train), labels])
    data_loss = np.sum(correct_logprobs) / num_train
    return data_loss
