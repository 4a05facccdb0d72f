"""Question 7 as students write it: grad_output * (1 - y**2), with y the output of tanh."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("y taken for x")
def wrong_tanh_once_more(grad_output, y):
    """tanh is taken of its own output."""
    return grad_output * (1 - np.tanh(y) ** 2)


@expects("no square")
def wrong_no_square(grad_output, y):
    """The square is missing."""
    return grad_output * (1 - y)


@expects("sigmoid's slope")
def wrong_slope_of_sigmoid(grad_output, y):
    """The slope of another curve."""
    return grad_output * y * (1 - y)


@expects("only the slope")
def wrong_slope_alone(grad_output, y):
    """The chain rule is left out."""
    return 1 - y**2


@expects("plus")
def wrong_plus(grad_output, y):
    """The slope of tan has a plus."""
    return grad_output * (1 + np.square(y))


@expects("outside square")
def wrong_square_outside(grad_output, y):
    """The difference is squared instead of y."""
    return grad_output * (1 - y) ** 2


@expects("inverse")
def wrong_divided(grad_output, y):
    """The slope of the inverse function."""
    return grad_output / (1 - y**2)


@expects("in place")
def wrong_in_place(grad_output, y):
    """The square is written into y."""
    y **= 2
    return grad_output * (1 - y)


@expects("in place")
def wrong_gradient_overwritten(grad_output, y):
    """The product is written into the gradient from above."""
    grad_output *= 1 - y**2
    return grad_output


def wrong_minus_sign(grad_output, y):
    """The difference is taken the wrong way round."""
    return grad_output * (y**2 - 1)


def wrong_precedence(grad_output, y):
    """The brackets are missing."""
    return grad_output * 1 - y**2


def wrong_square_only(grad_output, y):
    """The 1 is missing."""
    return grad_output * y**2


def wrong_root(grad_output, y):
    """A root too many, as for sine and cosine."""
    return grad_output * np.sqrt(1 - y**2)


def wrong_absolute(grad_output, y):
    """The absolute value takes the place of the square."""
    return grad_output * (1 - np.abs(y))


def wrong_input_squared(grad_output, y):
    """The input is computed back and squared."""
    return grad_output * (1 - np.arctanh(y) ** 2)


def wrong_cubed(grad_output, y):
    """The wrong power."""
    return grad_output * (1 - y**3)


def wrong_twice_the_slope(grad_output, y):
    """The power rule is applied to the result."""
    return grad_output * -2 * y


def wrong_arguments_swapped(y, grad_output):
    """The arguments stand in the other order."""
    return grad_output * (1 - y**2)


def wrong_forward(grad_output, y):
    """tanh instead of its slope."""
    return grad_output * np.tanh(y)


def wrong_sign_of_gradient(grad_output, y):
    """Only the direction of the gradient is kept."""
    return np.sign(grad_output) * (1 - y**2)


def wrong_mean_of_squares(grad_output, y):
    """One slope for the whole array."""
    return grad_output * (1 - np.mean(y**2))


@expects("shape")
def wrong_summed(grad_output, y):
    """The last axis is summed away, as in a scalar product."""
    return np.sum(grad_output * (1 - y**2), axis=-1)


@expects("list")
def wrong_list(grad_output, y):
    """A list comes back."""
    return [g * (1 - v**2) for g, v in zip(grad_output, y, strict=True)]


def wrong_integer_slope(grad_output, y):
    """The slope is kept in integers, 0 nearly everywhere."""
    return grad_output * (1 - y**2).astype(int)


@expects("power")
def wrong_power_sign(grad_output, y):
    """^ is no power."""
    return grad_output * (1 - y ^ 2)


def wrong_kept_away_from_1(grad_output, y):
    """y is clipped before the slope is taken."""
    return grad_output * (1 - np.clip(y, -0.99, 0.99) ** 2)


def wrong_slope_at_least_1e_3(grad_output, y):
    """The slope is kept away from 0."""
    return grad_output * np.maximum(1 - y**2, 1e-2)


def wrong_half_precision(grad_output, y):
    """In float16 an output near 1 is 1."""
    h = y.astype(np.float16)
    return grad_output * (1 - h * h).astype(float)


@expects("only transposed")
def wrong_order_of_memory(grad_output, y):
    """y is flattened as it lies in memory."""
    return (grad_output.ravel() * (1 - y.ravel(order="K") ** 2)).reshape(y.shape)


@expects("not converted")
def wrong_type_of_gradient(grad_output, y):
    """The result has the type of the gradient: integers cut it."""
    out = np.empty_like(grad_output)
    out[...] = grad_output * (1 - y**2)
    return out


@expects("integer buffer")
def wrong_copy_multiplied(grad_output, y):
    """A copy of the gradient is multiplied in place."""
    out = grad_output.copy()
    out *= 1 - y**2
    return out


@expects("never filled")
def wrong_never_filled(grad_output, y):
    """The loop sets a name, not the entries."""
    out = np.zeros(y.shape)
    for o, g, v in zip(out.ravel(), grad_output.ravel(), y.ravel(), strict=True):
        o = g * (1 - v * v)  # noqa: F841
    return out



def right_formula(grad_output, y):
    """The formula."""
    return (1 - np.power(y, 2)) * grad_output


def right_factors(grad_output, y):
    """The third binomial formula."""
    return grad_output * (1 - y) * (1 + y)


def right_multiplied_out(grad_output, y):
    """What passes minus what is held back."""
    return grad_output - grad_output * y * y


def right_from_input(grad_output, y):
    """Back to the input, and its slope by cosh."""
    return grad_output / np.cosh(np.arctanh(y)) ** 2


def right_loop(grad_output, y):
    """One entry at a time."""
    out = np.zeros(y.shape)
    for i in np.ndindex(*y.shape):
        out[i] = float(grad_output[i]) * (1 - float(y[i]) ** 2)
    return out


def right_float32(grad_output, y):
    """In float32, in place on copies."""
    slope = y.astype(np.float32)
    slope *= -slope
    slope += 1
    slope *= grad_output.astype(np.float32)
    return slope


class _Backward:
    """An object that is called."""

    def __call__(self, grad_output, y):
        slope = np.ones(y.shape)
        slope -= np.square(y)
        return np.multiply(slope, grad_output)


right_object = _Backward()
