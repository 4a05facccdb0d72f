"""Question 4 as students write it: gradients of a product of matrices."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("wrong order for b")
def wrong_order_for_b(gradient, a, b):
    """As on the slide of the lecture: right for a only."""
    return gradient @ b.T, gradient @ a.T


@expects("wrong order for a")
def wrong_order_for_a(gradient, a, b):
    """The other way round for a."""
    return b.T @ gradient, a.T @ gradient


@expects("both in the wrong order")
def wrong_order_for_both(gradient, a, b):
    """Both ways round."""
    return b.T @ gradient, gradient @ a.T


@expects("nothing turned")
def wrong_nothing_turned(gradient, a, b):
    """No transpose."""
    return gradient @ b, a @ gradient


@expects("nothing turned")
def wrong_nothing_turned_either(gradient, a, b):
    """No transpose, in another order."""
    return gradient @ b, gradient @ a


@expects("gradients turned")
def wrong_results_turned(gradient, a, b):
    """Both results are transposed."""
    return b @ gradient.T, gradient.T @ a


@expects("gradient forgotten")
def wrong_no_gradient(gradient, a, b):
    """The gradient of the sum of all entries."""
    ones = np.ones(gradient.shape)
    return ones @ b.T, a.T @ ones


@expects("swapped")
def wrong_swapped(gradient, a, b):
    """The order of the two."""
    return a.T @ gradient, gradient @ b.T


@expects("entry by entry")
def wrong_entry_by_entry(gradient, a, b):
    """The rule of a product entry by entry."""
    return gradient * b, gradient * a


@expects("mean")
def wrong_mean(gradient, a, b):
    """Means over what is summed."""
    return gradient @ b.T / b.shape[1], a.T @ gradient / len(a)


@expects("tuple")
def wrong_only_a(gradient, a, b):
    """Only one gradient."""
    return gradient @ b.T


@expects("in place")
def wrong_in_place(gradient, a, b):
    """The result is written into the input."""
    found = gradient @ b.T, a.T @ gradient
    a *= 1.5
    return found


def wrong_sign(gradient, a, b):
    """Both have the wrong sign."""
    return -gradient @ b.T, -a.T @ gradient


def wrong_last_column(gradient, a, b):
    """The loop ends one column early."""
    return gradient[:, :-1] @ b.T[:-1], a.T @ gradient


def wrong_diagonal(gradient, a, b):
    """Only entries with equal numbers meet."""
    n = min(gradient.shape)
    keep = np.zeros(gradient.shape)
    keep[:n, :n] = np.eye(n)
    return (gradient * keep) @ b.T, a.T @ (gradient * keep)


def right_formula(gradient, a, b):
    """The formula."""
    return gradient @ b.T, a.T @ gradient


def right_einsum(gradient, a, b):
    """With indices."""
    return np.einsum("nc,dc->nd", gradient, b), np.einsum("nd,nc->dc", a, gradient)


def right_loop(gradient, a, b):
    """Entry by entry, as the sum says."""
    grad_a, grad_b = np.zeros(a.shape), np.zeros(b.shape)
    for n, c in np.ndindex(gradient.shape):
        for d in range(len(b)):
            grad_a[n, d] += gradient[n, c] * b[d, c]
            grad_b[d, c] += gradient[n, c] * a[n, d]
    return grad_a, grad_b


def right_float32(gradient, a, b):
    """In float32, and turned afterwards."""
    g, a, b = (np.asarray(value, np.float32) for value in (gradient, a, b))
    return np.dot(b, g.T).T, np.dot(g.T, a).T


def right_broadcast(gradient, a, b):
    """All products at once, then sums."""
    products = gradient[:, None, :] * b[None]
    return products.sum(axis=2), (a[:, :, None] * gradient[:, None, :]).sum(axis=0)
