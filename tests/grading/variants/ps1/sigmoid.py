"""Question 6 as students write it: 1 / (1 + exp(-x)), from -1000 to 1000."""

import math

import numpy as np

from tests.grading.variants.expects import expects


@expects("sign")
def wrong_sign(x):
    """The minus in the exponent is missing."""
    return 1 / (1 + np.exp(x))


@expects("precedence")
def wrong_precedence(x):
    """The division covers the 1 only."""
    return 1 / 1 + np.exp(-x)


@expects("overflow")
def wrong_infinite_by_infinite(x):
    """The second form overflows on both sides of the fraction."""
    e = np.exp(x)
    return e / (1 + e)


@expects("tanh")
def wrong_tanh(x):
    """The other squashing function."""
    return np.tanh(x)


@expects("slope")
def wrong_slope(x):
    """The derivative."""
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


@expects("twice as steep")
def wrong_twice_as_steep(x):
    """Half of 1 + tanh, with a forgotten factor inside."""
    return (1 + np.tanh(x)) / 2


@expects("normalised")
def wrong_softmax(x):
    """The entries share one total."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@expects("hard")
def wrong_hard(x):
    """A straight line cut at 0 and 1."""
    return np.minimum(np.maximum(x, 0), 1)


def wrong_straight_middle(x):
    """The straight line of hard sigmoids."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def wrong_negative(x):
    """Minus in front of the fraction instead of inside."""
    return -1 / (1 + np.exp(x))


def wrong_minus_1(x):
    """The 1 is subtracted in the denominator."""
    return 1 / (1 - np.exp(-x))


@expects("one number")
def wrong_math_of_an_array(x):
    """The math module takes single numbers."""
    return 1 / (1 + math.exp(-x))


@expects("too large")
def wrong_math_overflows(x):
    """The math module raises where NumPy gives infinity."""
    return np.array([1 / (1 + math.exp(-v)) for v in x.flat]).reshape(x.shape)


def wrong_base_2(x):
    """Powers of 2."""
    return 1 / (1 + 2.0**-x)


def wrong_clipped_at_3(x):
    """Inputs are clipped too early against overflow."""
    return 1 / (1 + np.exp(-np.clip(x, -3, 3)))


def wrong_nan_becomes_0(x):
    """nan is swept under the carpet: large inputs give 0."""
    e = np.exp(x)
    return np.nan_to_num(e / (1 + e), nan=0.0)


def wrong_nan_becomes_half(x):
    """nan is replaced by a guess."""
    s = np.exp(x) / (1 + np.exp(x))
    return np.where(np.isnan(s), 0.5, s)


def wrong_one_case_for_all(x):
    """The two cases are chosen for the array as a whole, by its largest entry."""
    if np.max(x) >= 0:
        return 1 / (1 + np.exp(-np.abs(x)))
    return np.exp(x) / (1 + np.exp(x))


@expects("truth value")
def wrong_if_on_an_array(x):
    """`if` needs one answer."""
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


def wrong_forgets_negative_case(x):
    """Only the entries on the right are computed."""
    out = np.zeros(x.shape)
    out[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    return out


def wrong_left_case_mirrored(x):
    """The formula of the right side is used on both."""
    small = np.exp(-np.abs(x))
    return 1 / (1 + small)


@expects("in place")
def wrong_in_place(x):
    """The sign is turned in the input."""
    x *= -1
    return 1 / (1 + np.exp(x))


@expects("not converted")
def wrong_type_of_input(x):
    """The result has the type of the input: for integers everything is cut to 0."""
    out = np.zeros_like(x)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    out[~positive] = np.exp(x[~positive]) / (1 + np.exp(x[~positive]))
    return out


def wrong_rounded(x):
    """Two digits only."""
    return np.round(1 / (1 + np.exp(-x)), 2)


def wrong_yes_or_no(x):
    """Rounded to a decision."""
    return (x >= 0) * 1.0


@expects("clipped")
def wrong_clipped_at_10(x):
    """Inputs are clipped at 10: far to the left nothing changes any more."""
    return 1 / (1 + np.exp(-np.clip(x, -10, 10)))


@expects("clipped")
def wrong_clipped_at_20(x):
    """Clipped at 20: the smallest value is two billionths."""
    return 1 / (1 + np.exp(np.minimum(np.maximum(-x, -20), 20)))


def wrong_0_below_minus_12(x):
    """0 where the value is small."""
    return np.where(x < -12, 0.0, 1 / (1 + np.exp(-np.maximum(x, -700.0))))


def wrong_exp_alone_from_minus_3(x):
    """On the left the curve is taken for exp."""
    return np.where(x < -3, np.exp(np.minimum(x, 0.0)), 1 / (1 + np.exp(-np.maximum(x, -3.0))))


def wrong_half_precision(x):
    """In float16 the left side is 0."""
    return (1 / (1 + np.exp(-x.astype(np.float16)))).astype(np.float64)


def wrong_rounded_for_reading(x):
    """Rounded for reading."""
    return np.round(1 / (1 + np.exp(-x)), 4)


@expects("never filled")
def wrong_never_filled(x):
    """The loop sets a name, not the entries."""
    out = np.zeros(x.shape)
    for o, v in zip(out.ravel(), x.ravel(), strict=True):
        o = 1 / (1 + np.exp(-v))  # noqa: F841
    return out


@expects("only transposed")
def wrong_walks_through_memory(x):
    """nditer goes through the entries as they lie in memory."""
    return np.array([1 / (1 + np.exp(-float(v))) for v in np.nditer(x)]).reshape(x.shape)


@expects("sign, precedence")
def wrong_sign_and_precedence(x):
    """Two mistakes at once."""
    return 1 / 1 + np.exp(x)



def right_first_form(x):
    """The first form: exp may become infinite, and 1 / infinite is 0."""
    return 1 / (1 + np.exp(-x))


def right_tanh(x):
    """The same curve as tanh, moved and stretched."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def right_masks(x):
    """Two cases written with masks."""
    out, right = np.empty(x.shape), x >= 0
    out[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    out[~right] = e / (1 + e)
    return out


def right_math(x):
    """One number at a time with the math module."""

    def one(v):
        if v < 0:
            return math.exp(v) / (1 + math.exp(v))
        return 1 / (1 + math.exp(-v))

    return np.array([one(v) for v in x.ravel().tolist()]).reshape(x.shape)


def right_by_logarithms(x):
    """exp of the logarithm of the sigmoid."""
    return np.exp(-np.logaddexp(0, -x))


def right_float32(x):
    """In float32, with the input clipped where nothing changes any more."""
    return 1 / (1 + np.exp(-np.clip(x.astype(np.float32), -80, 80)))


class _Sigmoid:
    """An object that is called, with masks for both sides."""

    def __call__(self, x):
        x = np.asarray(x, dtype=np.float64)
        out = np.empty_like(x)
        left = x < 0
        out[~left] = 1 / (1 + np.exp(-x[~left]))
        grown = np.exp(x[left])
        out[left] = grown / (1 + grown)
        return out


right_object = _Sigmoid()


def right_clipped_far_out(x):
    """Clipped where float64 ends."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -700, 700)))
