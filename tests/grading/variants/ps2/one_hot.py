"""Question 1 as students write it: (N, C) with a single 1 a row, at the label."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("labels from 1")
def wrong_labels_from_1(labels, num_classes):
    """Classes are counted from 1, so that class 0 lands in the last column."""
    out = np.zeros((len(labels), num_classes))
    for n, label in enumerate(labels):
        out[n, label - 1] = 1
    return out


@expects("shifted")
def wrong_shifted(labels, num_classes):
    """The ones stand one column too far."""
    return np.roll(np.eye(num_classes)[labels], 1, axis=1)


@expects("classes of the batch")
def wrong_classes_from_labels(labels, num_classes):
    """The largest label in the batch decides the number of classes."""
    return np.eye(labels.max() + 1)[labels]


@expects("always ten")
def wrong_ten_classes(labels, num_classes):
    """The number of digits is written into the code."""
    out = np.zeros((len(labels), 10))
    out[np.arange(len(labels)), labels] = 1
    return out


@expects("label in the place of 1")
def wrong_label_as_value(labels, num_classes):
    """The label itself is stored at its place."""
    out = np.zeros((len(labels), num_classes))
    out[np.arange(len(labels)), labels] = labels
    return out


@expects("every label in every row")
def wrong_every_label(labels, num_classes):
    """A slice where an index for each row is meant."""
    out = np.zeros((len(labels), num_classes))
    out[:, labels] = 1
    return out


@expects("0 and 1 exchanged")
def wrong_exchanged(labels, num_classes):
    """All classes but the right one."""
    return (np.arange(num_classes) != labels[:, None]) * 1.0


@expects("-1 elsewhere")
def wrong_minus_one(labels, num_classes):
    """The other classes get -1, as for a support vector machine."""
    return np.where(np.arange(num_classes) == labels[:, None], 1.0, -1.0)


@expects("classes as rows")
def wrong_transposed(labels, num_classes):
    """Every class is a row."""
    out = np.zeros((num_classes, len(labels)))
    out[labels, np.arange(len(labels))] = 1
    return out


@expects("last example missing")
def wrong_last_example_missing(labels, num_classes):
    """The loop ends one example early."""
    out = np.zeros((len(labels), num_classes))
    for n in range(len(labels) - 1):
        out[n, labels[n]] = 1
    return out


@expects("list")
def wrong_list(labels, num_classes):
    """A list of lists comes back."""
    return [[1.0 if c == label else 0.0 for c in range(num_classes)] for label in labels]


@expects("never filled")
def wrong_never_filled(labels, num_classes):
    """The ones are put into copies of the rows."""
    out = np.zeros((len(labels), num_classes))
    for row, label in zip(out, labels, strict=True):
        row = row.copy()
        row[label] = 1
    return out


@expects("nothing returned")
def wrong_nothing_returned(labels, num_classes):
    """The array is made and not returned."""
    out = np.zeros((len(labels), num_classes))
    out[np.arange(len(labels)), labels] = 1


@expects("shape")
def wrong_one_row(labels, num_classes):
    """One row for the whole batch: which classes are there."""
    out = np.zeros(num_classes)
    out[labels] = 1
    return out


def wrong_shared(labels, num_classes):
    """Each row is a share of all ones."""
    return np.eye(num_classes)[labels] / len(labels)


def wrong_smoothed(labels, num_classes):
    """Smoothed labels, as a later trick has them."""
    return 0.9 * np.eye(num_classes)[labels] + 0.1 / num_classes


def right_eye(labels, num_classes):
    """Rows of the unit matrix."""
    return np.eye(num_classes)[labels]


def right_compared(labels, num_classes):
    """By comparing class numbers, as yes and no."""
    return labels[:, None] == np.arange(num_classes)


def right_loop(labels, num_classes):
    """One example at a time, in integers."""
    out = np.zeros((labels.shape[0], num_classes), dtype=int)
    for n in range(labels.shape[0]):
        out[n, labels[n]] = 1
    return out


def right_fancy(labels, num_classes):
    """As in a well-known course: zeros, and one index for each row."""
    one_hot = np.zeros((labels.size, num_classes), dtype=np.float32)
    one_hot[np.arange(labels.size), labels] = 1
    return one_hot


def right_put(labels, num_classes):
    """With put_along_axis."""
    out = np.zeros((len(labels), num_classes))
    np.put_along_axis(out, labels.reshape(-1, 1), 1.0, axis=1)
    return out
