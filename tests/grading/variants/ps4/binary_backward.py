"""Question 2 as students write it: the rules of sum, product and maximum."""

import numpy as np

from tests.grading.variants.expects import expects


def fit(gradient, x):
    """Sum to the shape of x."""
    gradient, shape = np.asarray(gradient), np.shape(x)
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


def slopes(op, a, b):
    """Return the right slopes."""
    return {"+": (1.0, 1.0), "*": (b, a), "max": (np.greater(a, b), np.less(a, b))}[op]


def rule(op, gradient, a, b, **other):
    """Return the gradients with the slopes of `other` in place of the right ones."""
    to_a, to_b = other[op] if op in other else slopes(op, a, b)
    return fit(gradient * to_a, a), fit(gradient * to_b, b)


@expects("gradient forgotten")
def wrong_no_gradient(op, gradient, a, b):
    """The slopes alone."""
    to_a, to_b = slopes(op, a, b)
    ones = np.ones(np.shape(gradient))
    return fit(ones * to_a, a), fit(ones * to_b, b)


@expects("not summed back")
def wrong_not_summed(op, gradient, a, b):
    """Broadcasting is not undone."""
    to_a, to_b = slopes(op, a, b)
    return gradient * np.asarray(to_a), gradient * np.asarray(to_b)


@expects("mean of the copies")
def wrong_mean(op, gradient, a, b):
    """The mean of the copies."""
    grad_a, grad_b = rule(op, gradient, a, b)
    size = np.size(gradient)
    return grad_a * (np.size(a) / size), grad_b * (np.size(b) / size)


@expects("columns stay")
def wrong_columns_stay(op, gradient, a, b):
    """Only axes in front are summed."""
    found = []
    for slope, x in zip(slopes(op, a, b), (a, b), strict=True):
        g = np.asarray(gradient * slope)
        while g.ndim > np.ndim(x):
            g = g.sum(axis=0)
        found.append(g)
    return tuple(found)


@expects("own factor")
def wrong_own_factor(op, gradient, a, b):
    """Each factor by itself."""
    return rule(op, gradient, a, b, **{"*": (a, b)})


@expects("product as a sum")
def wrong_product_as_sum(op, gradient, a, b):
    """The product hands on what comes in."""
    return rule(op, gradient, a, b, **{"*": (1.0, 1.0)})


@expects("sum as a product")
def wrong_sum_as_product(op, gradient, a, b):
    """The sum has the product's rule."""
    return rule(op, gradient, a, b, **{"+": (b, a)})


@expects("smaller one")
def wrong_smaller(op, gradient, a, b):
    """The smaller input gets it."""
    return rule(op, gradient, a, b, max=(np.less(a, b), np.greater(a, b)))


@expects("both")
def wrong_both(op, gradient, a, b):
    """Both inputs of the maximum get it."""
    return rule(op, gradient, a, b, max=(1.0, 1.0))


@expects("value for slope")
def wrong_value(op, gradient, a, b):
    """The value multiplies the gradient."""
    return rule(op, gradient, a, b, max=(a * np.greater(a, b), b * np.less(a, b)))


@expects("half each")
def wrong_half(op, gradient, a, b):
    """Half each."""
    return rule(op, gradient, a, b, max=(0.5, 0.5))


@expects("swapped")
def wrong_swapped(op, gradient, a, b):
    """The order of the two."""
    return rule(op, gradient, a, b)[::-1]


@expects("subtracted")
def wrong_minus(op, gradient, a, b):
    """As if b were subtracted."""
    return rule(op, gradient, a, b, **{"+": (1.0, -1.0)})


@expects("tuple")
def wrong_only_one(op, gradient, a, b):
    """Only the gradient of a."""
    return rule(op, gradient, a, b)[0]


@expects("in place")
def wrong_in_place(op, gradient, a, b):
    """The gradient is multiplied in place."""
    found = rule(op, gradient, a, b)
    if np.ndim(gradient):
        gradient *= 2
    return found


def wrong_one_larger_for_all(op, gradient, a, b):
    """One of the arrays is the larger one as a whole."""
    larger = np.sum(a) > np.sum(b)
    return rule(op, gradient, a, b, max=(1.0 * larger, 1.0 - larger))


def wrong_sign_of_gradient(op, gradient, a, b):
    """The sign of the gradient decides."""
    gets = np.greater(gradient, 0)
    return rule(op, gradient, a, b, max=(gets, ~gets))


def right_formula(op, gradient, a, b):
    """The rules."""
    return rule(op, gradient, a, b)


def right_branches(op, gradient, a, b):
    """One branch for each operation, and a loop over the axes."""

    def back(g, x):
        g = np.array(g, dtype=float)
        while g.ndim > np.ndim(x):
            g = g.sum(axis=0)
        for axis, size in enumerate(np.shape(x)):
            if size == 1 and g.shape[axis] > 1:
                g = g.sum(axis=axis, keepdims=True)
        return g

    if op == "+":
        return back(gradient, a), back(gradient, b)
    if op == "*":
        return back(np.multiply(gradient, b), a), back(np.multiply(gradient, a), b)
    mask = np.where(np.asarray(a) > np.asarray(b), 1, 0)
    return back(gradient * mask, a), back(gradient * (1 - mask), b)


def right_entry_by_entry(op, gradient, a, b):
    """Every entry is added where it comes from."""
    grad_a, grad_b = np.zeros(np.shape(a)), np.zeros(np.shape(b))
    wide_a, wide_b = np.broadcast_arrays(a, b)
    for place in np.ndindex(np.shape(gradient)):
        x, y, g = wide_a[place], wide_b[place], np.asarray(gradient)[place]
        to_a, to_b = {"+": (g, g), "*": (g * y, g * x), "max": (g * (x > y), g * (y > x))}[op]
        for gradients, part in ((grad_a, to_a), (grad_b, to_b)):
            own = place[len(place) - gradients.ndim :] if gradients.ndim else ()
            gradients[tuple(0 if n == 1 else i for i, n in zip(own, gradients.shape, strict=True))] += part
    return grad_a, grad_b


def right_float32(op, gradient, a, b):
    """In float32."""
    a, b, gradient = np.float32(a), np.float32(b), np.float32(gradient)
    to_a, to_b = slopes(op, a, b)
    return fit(np.multiply(gradient, to_a), a), fit(np.multiply(gradient, to_b), b)
