"""Question 8 as students write it: log(1 + exp(x)), right and finite from -1000 to 1000."""

import math

import numpy as np

from tests.grading.variants.expects import expects


@expects("overflow")
def wrong_overflow(x):
    """The formula as it stands."""
    return np.log(1 + np.exp(x))


@expects("relu")
def wrong_relu(x):
    """The curve with the corner."""
    return np.where(x > 0, x, 0.0)


@expects("sign")
def wrong_sign(x):
    """A minus in the exponent, as in the sigmoid."""
    return np.logaddexp(0, -x)


@expects("sigmoid")
def wrong_sigmoid(x):
    """Its slope."""
    return 1 / (1 + np.exp(-x))


@expects("base 2")
def wrong_base_2(x):
    """The logarithm of base 2."""
    return np.logaddexp(0, x) / np.log(2)


@expects("base 10")
def wrong_base_10(x):
    """The logarithm of base 10."""
    return np.logaddexp(0, x) / math.log(10)


@expects("half taken out")
def wrong_half(x):
    """What was taken out never comes back."""
    return np.log1p(np.exp(-np.abs(x)))


@expects("correction missing a sign")
def wrong_abs_put_back(x):
    """Too much comes back on the left."""
    return np.abs(x) + np.log1p(np.exp(-np.abs(x)))


def wrong_clipped_at_50(x):
    """The exponent is clipped, and so is the result."""
    return np.log(1 + np.exp(np.minimum(x, 50)))


def wrong_switches_at_0(x):
    """x itself for all positive inputs."""
    return np.where(x > 0, x, np.log1p(np.exp(np.minimum(x, 0))))


def wrong_switches_at_3(x):
    """The straight line starts too early."""
    return np.where(x > 3, x, np.log1p(np.exp(np.minimum(x, 3))))


def wrong_infinite_becomes_large(x):
    """Infinity is swept under the carpet."""
    return np.nan_to_num(np.log(1 + np.exp(x)))


def wrong_infinite_becomes_0(x):
    """Infinity is swept under another carpet."""
    y = np.log(1 + np.exp(x))
    return np.where(np.isfinite(y), y, 0.0)


@expects("one number")
def wrong_math_of_an_array(x):
    """The math module takes single numbers."""
    return math.log(1 + math.exp(x))


@expects("too large")
def wrong_math_overflows(x):
    """The math module raises where NumPy gives infinity."""
    return np.array([math.log1p(math.exp(v)) for v in x.flat]).reshape(x.shape)


def wrong_without_1(x):
    """The logarithm undoes the exponential."""
    return np.log(np.exp(-np.abs(x))) + np.maximum(x, 0)


def wrong_1_outside(x):
    """The 1 is added after the logarithm."""
    return 1 + np.log(np.exp(x))


def wrong_log_of_sum_of_array(x):
    """All entries share one sum."""
    return np.log(1 + np.sum(np.exp(x))) * np.ones(x.shape)


def wrong_square_root_cousin(x):
    """Another smooth ReLU."""
    return (x + np.sqrt(x**2 + 4.0)) / 2


def wrong_minus(x):
    """The correction is subtracted."""
    return np.maximum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@expects("in place")
def wrong_in_place(x):
    """The absolute value is written into the input."""
    positive = np.maximum(x, 0)
    np.abs(x, out=x)
    return positive + np.log1p(np.exp(-x))


@expects("not converted")
def wrong_type_of_input(x):
    """The result has the type of the input: integers are cut."""
    out = np.empty_like(x)
    out[...] = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return out


def wrong_exp_on_the_left(x):
    """On the left the curve is taken for exp from -1 on."""
    return np.where(x < -1, np.exp(np.minimum(x, 0)), np.logaddexp(0, x))


@expects("shape")
def wrong_summed(x):
    """The entries are summed, as in a loss."""
    return np.logaddexp(0, x).sum()


@expects("cut off on the left")
def wrong_0_below_minus_10(x):
    """0 where the value is small."""
    return np.where(x < -10, 0.0, np.logaddexp(0, x))


@expects("cut off on the left")
def wrong_0_below_minus_20(x):
    """0 below -20."""
    return np.where(x > -20, np.logaddexp(0, x), 0.0)


def wrong_clipped_at_minus_5(x):
    """The exponent is clipped on the left."""
    return np.logaddexp(0, np.maximum(x, -5.0))


def wrong_small_constant(x):
    """A constant in the logarithm, against a logarithm of 0 that never comes."""
    return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)) + 1e-7)


def wrong_half_precision(x):
    """In float16 the left side is 0."""
    return np.logaddexp(np.float16(0), x.astype(np.float16)).astype(np.float64)


def wrong_exp_from_minus_3(x):
    """The straight line from 8 on, which is near enough, and exp from -3 on, which is not."""
    return np.where(x < -3, np.exp(np.minimum(x, 0.0)), np.where(x > 8, x, np.log(1 + np.exp(np.clip(x, -3.0, 8.0)))))


@expects("only transposed")
def wrong_walks_through_memory(x):
    """nditer goes through the entries as they lie in memory."""
    return np.array([np.logaddexp(0, float(v)) for v in np.nditer(x)]).reshape(x.shape)


@expects("integer buffer")
def wrong_added_into_a_copy(x):
    """The correction is added into a copy of the input."""
    out = x.copy()
    out[x < 0] = 0
    out += np.log1p(np.exp(-np.abs(x)))
    return out



def right_part_taken_out(x):
    """The largest part is taken out of the logarithm."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def right_logaddexp(x):
    """NumPy's stable logarithm of a sum, of exp(0) and exp(x)."""
    return np.logaddexp(0.0, x)


def right_straight_from_30(x):
    """x itself where nothing else is left of the sum; what overflows is not chosen."""
    return np.where(x > 30, x, np.log(1 + np.exp(x)))


def right_math(x):
    """One number at a time with the math module."""
    out = np.zeros(x.size)
    for i, v in enumerate(x.ravel().tolist()):
        out[i] = v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v))
    return out.reshape(x.shape)


def right_float32(x):
    """In float32, with masks."""
    x = x.astype(np.float32)
    out, right = np.empty(x.shape, np.float32), x > 0
    out[right] = x[right] + np.log1p(np.exp(-x[right]))
    out[~right] = np.log1p(np.exp(x[~right]))
    return out


def right_minus_log_of_sigmoid(x):
    """Minus the logarithm of 1 - sigmoid, through tanh near the middle and straight lines outside."""
    middle = np.clip(x, -15.0, 15.0)
    inside = -np.log(0.5 * (1 - np.tanh(middle / 2)))
    return np.where(x > 15, x, np.where(x < -15, np.exp(np.minimum(x, 0.0)), inside))


class _Softplus:
    """An object that is called."""

    def __call__(self, x):
        largest = np.maximum(x, 0.0)
        return largest + np.log(np.exp(x - largest) + np.exp(-largest))


right_object = _Softplus()


def right_formula_where_it_is_safe(x):
    """log(1 + exp x) as it stands, up to 30; to the left float64 is precise enough for it."""
    return np.where(x > 30, x, np.log(1 + np.exp(np.minimum(x, 30))))
