"""Question 10b as students write it: (probs - one_hot) / N."""

import numpy as np

from tests.grading.variants.expects import expects


def _one_hot(probs, labels):
    return np.eye(probs.shape[1])[labels]


@expects("no 1/N")
def wrong_not_divided(probs, labels):
    """The mean is forgotten."""
    return probs - _one_hot(probs, labels)


@expects("sign")
def wrong_sign(probs, labels):
    """The difference is taken the wrong way round."""
    return (_one_hot(probs, labels) - probs) / len(labels)


@expects("divided by classes")
def wrong_divided_by_classes(probs, labels):
    """The number of classes takes the place of N."""
    return (probs - _one_hot(probs, labels)) / probs.shape[1]


@expects("divided by all")
def wrong_divided_by_entries(probs, labels):
    """The number of entries takes the place of N."""
    return (probs - _one_hot(probs, labels)) / probs.size


@expects("label only")
def wrong_label_only(probs, labels):
    """Only the entry at the label gets a gradient."""
    out, rows = np.zeros(probs.shape), np.arange(len(labels))
    out[rows, labels] = (probs[rows, labels] - 1) / len(labels)
    return out


@expects("probabilities")
def wrong_nothing_subtracted(probs, labels):
    """The labels are not used."""
    return probs / len(labels)


@expects("one everywhere")
def wrong_one_everywhere(probs, labels):
    """1 is subtracted from every class."""
    return (probs - 1) / len(labels)


@expects("gradient of log p")
def wrong_gradient_of_log(probs, labels):
    """The gradient with respect to the probabilities."""
    return -_one_hot(probs, labels) / probs / len(labels)


@expects("every label for every row")
def wrong_every_label(probs, labels):
    """A slice where an index for each row is meant."""
    out = probs.copy()
    out[:, labels] -= 1
    return out / len(labels)


@expects("softmax twice")
def wrong_softmax_twice(probs, labels):
    """Softmax is taken of probabilities."""
    e = np.exp(probs)
    return (e / e.sum(axis=1, keepdims=True) - _one_hot(probs, labels)) / len(labels)


@expects("own slope only")
def wrong_slope_of_sigmoid(probs, labels):
    """The slope of the sigmoid as a further factor."""
    return probs * (1 - probs) * (probs - _one_hot(probs, labels)) / len(labels)


@expects("in place")
def wrong_in_place(probs, labels):
    """1 is subtracted in the probabilities themselves: often copied from well-known notes."""
    probs[np.arange(len(labels)), labels] -= 1
    return probs / len(labels)


def wrong_precedence(probs, labels):
    """The division covers the labels only."""
    return probs - _one_hot(probs, labels) / len(labels)


@expects("shape")
def wrong_mean_over_examples(probs, labels):
    """The gradients of the examples are averaged."""
    return np.mean(probs - _one_hot(probs, labels), axis=0)


@expects("shape")
def wrong_loss(probs, labels):
    """The loss, not its gradient."""
    return -np.log(probs[np.arange(len(labels)), labels]).mean()


@expects("broadcast")
def wrong_ten_classes(probs, labels):
    """The number of digits is written into the code."""
    return (probs - np.eye(10)[labels]) / len(labels)


@expects("broadcast")
def wrong_classes_from_labels(probs, labels):
    """The largest label in the batch decides the number of classes."""
    return (probs - np.eye(labels.max() + 1)[labels]) / len(labels)


def wrong_labels_not_one_hot(probs, labels):
    """The number of the class is subtracted."""
    return (probs - labels[:, None]) / len(labels)


@expects("labels from 1")
def wrong_labels_from_1(probs, labels):
    """Classes are counted from 1."""
    out = probs.copy()
    for n in range(len(labels)):
        out[n, labels[n] - 1] -= 1
    return out / len(labels)


@expects("last example missing")
def wrong_last_example_missing(probs, labels):
    """The loop ends one example early."""
    out = probs.copy()
    for n in range(len(labels) - 1):
        out[n, labels[n]] -= 1
    return out / len(labels)


def wrong_decision_for_probability(probs, labels):
    """The decision takes the place of the probabilities."""
    decision = np.eye(probs.shape[1])[probs.argmax(axis=1)]
    return (decision - _one_hot(probs, labels)) / len(labels)


@expects("1/N twice")
def wrong_divided_twice(probs, labels):
    """1/N twice."""
    return (probs - _one_hot(probs, labels)) / len(labels) ** 2


def wrong_factor_2(probs, labels):
    """The gradient of squared errors."""
    return 2 * (probs - _one_hot(probs, labels)) / len(labels)


def wrong_times_n(probs, labels):
    """Multiplied where it should be divided."""
    return (probs - _one_hot(probs, labels)) * len(labels)


@expects("transposed")
def wrong_transposed(probs, labels):
    """Classes are rows of the result."""
    return (probs - _one_hot(probs, labels)).T / len(labels)


@expects("list")
def wrong_list(probs, labels):
    """A list of rows comes back."""
    return [(p - y) / len(labels) for p, y in zip(probs, _one_hot(probs, labels), strict=True)]


def wrong_absolute(probs, labels):
    """The size of the error without its sign."""
    return np.abs(probs - _one_hot(probs, labels)) / len(labels)


@expects("labels not one-hot")
def wrong_numbers_of_classes(probs, labels):
    """The numbers of the classes, as they come."""
    return (probs - labels) / len(labels)


@expects("labels not one-hot")
def wrong_bare_difference(probs, labels):
    """p - y as it stands in the text, with y the labels."""
    return probs - labels


@expects("no 1/N, sign")
def wrong_sign_and_no_mean(probs, labels):
    """Two mistakes at once."""
    one_hot = np.zeros(probs.shape)
    one_hot[np.arange(len(labels)), labels] = 1
    return one_hot - probs


def wrong_half_precision(probs, labels):
    """In float16 a probability near 1 is 1."""
    return ((probs.astype(np.float16) - _one_hot(probs, labels).astype(np.float16)) / len(labels)).astype(float)


def wrong_rounded(probs, labels):
    """Probabilities rounded to two digits, as they are printed."""
    return (np.round(probs, 2) - _one_hot(probs, labels)) / len(labels)


@expects("only transposed")
def wrong_flat_index(probs, labels):
    """1 is subtracted at places counted in memory."""
    flat = probs.ravel(order="K").copy()
    flat[np.arange(len(labels)) * probs.shape[1] + labels] -= 1
    return flat.reshape(probs.shape) / len(labels)


@expects("never filled")
def wrong_never_filled(probs, labels):
    """The rows of the result are named, not filled."""
    out = np.zeros(probs.shape)
    for row, p, label in zip(out, probs, labels, strict=True):
        row = p / len(labels)
        row[label] -= 1 / len(labels)
    return out


def wrong_batch_of_two(probs, labels):
    """The size of the example is written into the code."""
    return (probs - _one_hot(probs, labels)) / 2



def right_formula(probs, labels):
    """The formula."""
    return (probs - np.eye(probs.shape[1])[labels]) / probs.shape[0]


def right_in_place_on_a_copy(probs, labels):
    """1 is subtracted in a copy."""
    grad = probs.copy()
    grad[range(len(labels)), labels] -= 1
    grad /= len(labels)
    return grad


def right_compared(probs, labels):
    """The one-hot rows by comparing class numbers."""
    one_hot = np.arange(probs.shape[1]) == labels[:, None]
    return probs / len(labels) - one_hot / len(labels)


def right_loops(probs, labels):
    """One entry at a time."""
    n, c = probs.shape
    out = np.zeros((n, c))
    for i in range(n):
        for j in range(c):
            out[i, j] = (probs[i, j] - (1 if j == labels[i] else 0)) / n
    return out


def right_float32(probs, labels):
    """In float32, with np.where."""
    p = probs.astype(np.float32)
    is_label = np.equal.outer(labels, np.arange(p.shape[1]))
    return np.where(is_label, p - 1, p) / np.float32(len(p))


def right_jacobian(probs, labels):
    """Through the Jacobian of softmax and the gradient of -log p."""
    rows, n = np.arange(len(labels)), len(labels)
    grad_probs = np.zeros(probs.shape)
    grad_probs[rows, labels] = -1 / probs[rows, labels] / n
    return np.stack([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(probs, grad_probs, strict=True)])


class _Gradient:
    """An object that is called, with the rows one by one."""

    def __call__(self, probs, labels):
        rows = []
        for p, label in zip(probs, labels, strict=True):
            row = np.array(p, dtype=float)
            row[label] -= 1.0
            rows.append(row)
        return np.vstack(rows) / len(rows)


right_object = _Gradient()


def right_other_course(probs, labels):
    """As in a well-known course: dscores, one subtracted at the right classes of a copy."""
    num_examples = probs.shape[0]
    dscores = probs.copy()
    np.subtract.at(dscores, (range(num_examples), labels), 1)
    return dscores / num_examples
