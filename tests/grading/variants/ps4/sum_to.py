"""Question 1 as students write it: the sum over all copies of an entry."""

import numpy as np

from tests.grading.variants.expects import expects


def fit(gradient, shape):
    """Return the right answer."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True).reshape(shape)


@expects("not summed")
def wrong_not_summed(gradient, shape):
    """Nothing is summed."""
    return gradient * 1.0


@expects("mean")
def wrong_mean(gradient, shape):
    """The mean of the copies."""
    return fit(gradient, shape) * (max(int(np.prod(shape)), 1) / gradient.size)


@expects("one copy")
def wrong_one_copy(gradient, shape):
    """The first copy alone."""
    rows = [0] * (gradient.ndim - len(shape))
    return gradient[tuple(rows + [slice(0, 1) if n == 1 else slice(None) for n in shape])] * 1.0


@expects("largest")
def wrong_largest(gradient, shape):
    """The largest of the copies."""
    full = (1,) * (gradient.ndim - len(shape)) + shape
    return gradient.max(axis=tuple(i for i, n in enumerate(full) if n == 1), keepdims=True).reshape(shape)


@expects("other axis")
def wrong_last_axis(gradient, shape):
    """The last axis is summed, and the numbers are put into the shape."""
    if len(shape) < gradient.ndim:
        return np.resize(gradient.sum(axis=-1), shape)
    return fit(gradient, shape)


@expects("everything")
def wrong_everything(gradient, shape):
    """One number for all."""
    return np.full(shape, gradient.sum())[()]


@expects("axes of size 1 stay")
def wrong_only_the_axes_in_front(gradient, shape):
    """Axes of size 1 are forgotten."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient * 1.0


@expects("axes in front stay")
def wrong_keepdims(gradient, shape):
    """The axes in front keep size 1."""
    full = (1,) * (gradient.ndim - len(shape)) + shape
    return gradient.sum(axis=tuple(i for i, n in enumerate(full) if n == 1), keepdims=True)


def wrong_one_axis_only(gradient, shape):
    """Only the first axis in front is summed."""
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    if gradient.ndim > len(shape):
        gradient = gradient[0]
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True).reshape(shape)


def wrong_always_the_rows(gradient, shape):
    """The first axis is summed, whatever the shape is."""
    return np.resize(gradient.sum(axis=0), shape)


@expects("in place")
def wrong_in_place(gradient, shape):
    """The gradient is changed."""
    found = fit(gradient, shape)
    gradient *= 0
    return found


@expects("nothing returned")
def wrong_nothing_returned(gradient, shape):
    """No return."""
    fit(gradient, shape)


@expects("list")
def wrong_list(gradient, shape):
    """A list."""
    found = fit(gradient, shape)
    return found.tolist()


def wrong_twice(gradient, shape):
    """A copy counts twice."""
    return 2 * fit(gradient, shape)


def right_formula(gradient, shape):
    """Axes in front, then axes of size 1."""
    return fit(gradient, shape)


def right_one_axis_at_a_time(gradient, shape):
    """A loop over the axes."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return np.array(gradient)


def right_add_at(gradient, shape):
    """Every entry is added where it comes from."""
    found = np.zeros(shape)
    places = np.broadcast_to(np.arange(found.size).reshape(shape), gradient.shape)
    np.add.at(found.reshape(-1), places, gradient)
    return found


def right_float32(gradient, shape):
    """In float32."""
    return fit(np.asarray(gradient, np.float32), shape)


def right_loop(gradient, shape):
    """Entry by entry."""
    found = np.zeros(shape)
    for place in np.ndindex(gradient.shape):
        own = place[gradient.ndim - len(shape) :]
        found[tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))] += gradient[place]
    return found
