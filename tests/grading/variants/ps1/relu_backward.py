"""Question 5 as students write it: the gradient passes where the input was positive."""

import numpy as np

from tests.grading.variants.expects import expects


@expects("only the slope")
def wrong_slope_alone(grad_output, x):
    """The chain rule is left out."""
    return np.where(x > 0, 1.0, 0.0)


@expects("relu of the gradient")
def wrong_relu_of_gradient(grad_output, x):
    """The gradient itself goes through ReLU."""
    return np.maximum(grad_output, 0)


@expects("times x")
def wrong_times_x(grad_output, x):
    """The output is taken for the slope."""
    return grad_output * np.maximum(x, 0)


@expects("wrong side")
def wrong_side(grad_output, x):
    """The other half passes."""
    return grad_output * (x <= 0)


@expects("nothing stopped")
def wrong_nothing_stopped(grad_output, x):
    """The gradient comes back as it was."""
    return grad_output


@expects("both positive")
def wrong_both_positive(grad_output, x):
    """Negative gradients are stopped as well."""
    return np.where((x > 0) & (grad_output > 0), grad_output, 0)


@expects("leaky")
def wrong_leaky(grad_output, x):
    """A little comes through."""
    return grad_output * np.where(x > 0, 1, 0.01)


@expects("in place")
def wrong_in_place(grad_output, x):
    """The gradient from above is overwritten: the most frequent mistake with this function."""
    grad_output[x <= 0] = 0
    return grad_output


@expects("in place")
def wrong_input_becomes_mask(grad_output, x):
    """The mask is written into x."""
    x[x > 0] = 1
    x[x < 0] = 0
    return grad_output * x


def wrong_arguments_swapped(x, grad_output):
    """The arguments stand in the other order."""
    return grad_output * (x > 0)


def wrong_sign(grad_output, x):
    """The slope on the left is -1, as for the absolute value."""
    return grad_output * np.sign(x)


def wrong_minus(grad_output, x):
    """The sign of a learning step is already in it."""
    return -grad_output * (x > 0)


def wrong_sigmoid(grad_output, x):
    """The slope of softplus."""
    return grad_output / (1 + np.exp(-x))


def wrong_added(grad_output, x):
    """Slope and gradient are added."""
    return grad_output + (x > 0)


def wrong_one_decision(grad_output, x):
    """One decision for the whole array."""
    return grad_output * (x.max() > 0)


def wrong_above_1(grad_output, x):
    """Small inputs are stopped as well."""
    return grad_output * (x > 1)


def wrong_masked_twice_by_x(grad_output, x):
    """The mask is multiplied with the input, and the gradient's size is lost."""
    return np.sign(grad_output) * (x > 0)


@expects("shape")
def wrong_dropped(grad_output, x):
    """The entries that are stopped are left out."""
    return grad_output[x > 0]


@expects("shape")
def wrong_summed(grad_output, x):
    """The gradients of a row are added up."""
    return (grad_output * (x > 0)).sum(axis=-1)


def wrong_matrix_product(grad_output, x):
    """A product of matrices where one entry by entry is meant."""
    return grad_output @ (x > 0).T


@expects("too many values")
def wrong_pair(grad_output, x):
    """The mask comes back as well."""
    mask = x > 0
    return grad_output * mask, mask


@expects("not converted")
def wrong_integer_result(grad_output, x):
    """The result holds integers."""
    out = np.zeros(x.shape, dtype=int)
    out[x > 0] = grad_output[x > 0]
    return out


def wrong_rows_only(grad_output, x):
    """A whole row passes if its first input is positive."""
    out = np.zeros(grad_output.shape)
    for i in range(len(x)):
        if x[i].flat[0] > 0:
            out[i] = grad_output[i]
    return out


def wrong_small_inputs_stopped(grad_output, x):
    """A threshold of 0.05 stops small positive inputs too."""
    return np.where(x > 0.05, grad_output, 0.0)


def wrong_small_negative_inputs_pass(grad_output, x):
    """A margin below 0."""
    return grad_output * (x > -0.05)


@expects("not converted")
def wrong_type_of_x(grad_output, x):
    """The result has the type of x: gradients are cut where x holds integers."""
    out = np.zeros_like(x)
    out[x > 0] = grad_output[x > 0]
    return out


@expects("integer buffer")
def wrong_copy_of_x_multiplied(grad_output, x):
    """The slope is made in a copy of x, and the gradient multiplied into it."""
    slope = x.copy()
    slope[x > 0], slope[x <= 0] = 1, 0
    slope *= grad_output
    return slope


@expects("only transposed")
def wrong_order_of_memory(grad_output, x):
    """The mask is flattened as it lies in memory."""
    mask = (x > 0).ravel(order="K")
    return (grad_output.ravel() * mask).reshape(x.shape)


def wrong_half_precision(grad_output, x):
    """In float16 large gradients are infinite."""
    return (grad_output.astype(np.float16) * (x > 0)).astype(np.float64)


@expects("never filled")
def wrong_never_filled(grad_output, x):
    """What is chosen is assigned to a name, not into the array."""
    out = np.zeros(x.shape)
    chosen = out[x > 0]
    chosen = grad_output[x > 0]  # noqa: F841
    return out


@expects("only the slope, wrong side")
def wrong_two_at_once(grad_output, x):
    """The slope alone, and of the wrong side."""
    return (x < 0).astype(float)



def right_product(grad_output, x):
    """The formula."""
    return np.multiply(grad_output, x > 0)


def right_where(grad_output, x):
    """A choice entry by entry."""
    return np.where(x < 0, 0, grad_output)


def right_in_place_on_a_copy(grad_output, x):
    """Written into a copy."""
    grad_x = np.array(grad_output, copy=True)
    grad_x[x <= 0] = 0
    return grad_x


def right_loop(grad_output, x):
    """One entry at a time."""
    flat = [float(g) if v > 0 else 0.0 for g, v in zip(grad_output.flat, x.flat, strict=True)]
    return np.array(flat).reshape(x.shape)


def right_step_function(grad_output, x):
    """The slope as a step function with half a step at 0."""
    return np.heaviside(x, 0.5) * grad_output


def right_float32(grad_output, x):
    """In float32, from the output of ReLU."""
    y = np.maximum(x, 0)
    return grad_output.astype(np.float32) * (y > 0).astype(np.float32)


def right_copy(grad_output, x):
    """As in a well-known course: a copy of what arrives, with zeros where the input was not positive."""
    dx = np.array(grad_output, copy=True)
    dx[x <= 0] = 0
    return dx


class _Backward:
    """An object that is called."""

    def __call__(self, grad_output, x):
        return np.multiply(grad_output, np.heaviside(x, 0.0))


right_object = _Backward()
