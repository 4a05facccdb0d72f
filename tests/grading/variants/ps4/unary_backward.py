"""Question 3 as students write it: the slopes of functions with one input."""

import numpy as np

from tests.grading.variants.expects import expects

SLOPES = {
    "relu": lambda x, n: 1.0 * (x > 0),
    "tanh": lambda x, n: 1 - np.tanh(x) ** 2,
    "exp": lambda x, n: np.exp(x),
    "log": lambda x, n: 1 / x,
    "**": lambda x, n: n * np.power(x, n - 1.0),
}


def rule(op, gradient, x, exponent, **other):
    """Return the gradient with other slopes for some operations; `power` is that of **."""
    other = {name.replace("power", "**"): slope for name, slope in other.items()}
    return gradient * (SLOPES | other)[op](x, exponent)


@expects("gradient forgotten")
def wrong_no_gradient(op, gradient, x, exponent):
    """The slopes alone."""
    return SLOPES[op](x, exponent) * np.ones(np.shape(x))[()]


@expects("mask of the gradient")
def wrong_mask_of_the_gradient(op, gradient, x, exponent):
    """The sign of the gradient decides."""
    if op == "relu":
        return gradient * (gradient > 0)
    return rule(op, gradient, x, exponent)


@expects("relu lets all through")
def wrong_relu_lets_all_through(op, gradient, x, exponent):
    """No mask."""
    return rule(op, gradient, x, exponent, relu=lambda x, n: 1.0)


@expects("relu itself")
def wrong_relu_itself(op, gradient, x, exponent):
    """What the ReLU returned."""
    return rule(op, gradient, x, exponent, relu=lambda x, n: np.maximum(x, 0))


@expects("not squared")
def wrong_not_squared(op, gradient, x, exponent):
    """The square is missing."""
    return rule(op, gradient, x, exponent, tanh=lambda x, n: 1 - np.tanh(x))


@expects("slope of the output")
def wrong_input_squared(op, gradient, x, exponent):
    """x stands where its tanh belongs."""
    return rule(op, gradient, x, exponent, tanh=lambda x, n: 1 - x * x)


@expects("slope of the output")
def wrong_tanh_of_tanh(op, gradient, x, exponent):
    """tanh is taken twice."""
    return rule(op, gradient, x, exponent, tanh=lambda x, n: 1 - np.tanh(np.tanh(x)) ** 2)


@expects("slope of the sigmoid")
def wrong_sigmoid(op, gradient, x, exponent):
    """The sigmoid's slope."""
    return rule(op, gradient, x, exponent, tanh=lambda x, n: np.tanh(x) * (1 - np.tanh(x)))


@expects("exp as a power")
def wrong_exp_as_power(op, gradient, x, exponent):
    """The rule of powers."""
    return rule(op, gradient, x, exponent, exp=lambda x, n: x * np.exp(x - 1))


@expects("gradient of x for exp")
def wrong_exp_is_one(op, gradient, x, exponent):
    """The slope 1."""
    return rule(op, gradient, x, exponent, exp=lambda x, n: 1.0)


@expects("log upside down")
def wrong_log_upside_down(op, gradient, x, exponent):
    """x for 1 / x."""
    return rule(op, gradient, x, exponent, log=lambda x, n: x)


@expects("log itself")
def wrong_log_itself(op, gradient, x, exponent):
    """The logarithm."""
    return rule(op, gradient, x, exponent, log=lambda x, n: np.log(x))


@expects("exponent stays")
def wrong_exponent_stays(op, gradient, x, exponent):
    """The exponent is not made smaller."""
    return rule(op, gradient, x, exponent, power=lambda x, n: n * np.power(x, 1.0 * n))


@expects("no factor")
def wrong_no_factor(op, gradient, x, exponent):
    """The old exponent is forgotten."""
    return rule(op, gradient, x, exponent, power=lambda x, n: np.power(x, n - 1.0))


@expects("always the square")
def wrong_always_square(op, gradient, x, exponent):
    """The rule of squares."""
    return rule(op, gradient, x, exponent, power=lambda x, n: 2 * x)


def wrong_leaky(op, gradient, x, exponent):
    """A leaky ReLU."""
    return rule(op, gradient, x, exponent, relu=lambda x, n: np.where(x > 0, 1, 0.01))


def wrong_log_of_ten(op, gradient, x, exponent):
    """The logarithm to base 10."""
    return rule(op, gradient, x, exponent, log=lambda x, n: 1 / (x * np.log(10)))


@expects("in place")
def wrong_in_place(op, gradient, x, exponent):
    """The gradient is multiplied in place."""
    found = rule(op, gradient, x, exponent)
    if np.ndim(gradient):
        gradient[...] = 0
    return found


def right_formula(op, gradient, x, exponent):
    """The rules."""
    return rule(op, gradient, x, exponent)


def right_branches(op, gradient, x, exponent):
    """One branch for each function, by what the function returned."""
    if op == "relu":
        return np.where(np.maximum(x, 0) > 0, gradient, 0)[()]
    if op == "tanh":
        y = np.tanh(x)
        return np.multiply(gradient, (1 - y) * (1 + y))
    if op in ("exp", "log"):
        return gradient * np.exp(x) if op == "exp" else np.divide(gradient, x)
    return gradient * exponent * np.asarray(x, float) ** (exponent - 1)


def right_float32(op, gradient, x, exponent):
    """In float32."""
    x, g = np.float32(x), np.float32(gradient)
    with np.errstate(all="ignore"):
        slope = {"relu": np.heaviside(x, np.float32(0)), "tanh": 1 / np.cosh(x) ** 2, "exp": np.exp(x),
                 "log": np.reciprocal(x), "**": np.float32(exponent) * x ** np.float32(exponent - 1)}[op]  # fmt: skip
    return g * slope


def right_entry_by_entry(op, gradient, x, exponent):
    """One number at a time, with the math module."""
    import math

    x, gradient = np.asarray(x, float), np.asarray(gradient, float)
    found = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        v = x[place]
        if op == "relu":
            slope = 1.0 if v > 0 else 0.0
        elif op == "tanh":
            slope = 1 / math.cosh(v) ** 2
        else:
            slope = math.exp(v) if op == "exp" else 1 / v if op == "log" else exponent * v ** (exponent - 1)
        found[place] = slope * gradient[place]
    return found
