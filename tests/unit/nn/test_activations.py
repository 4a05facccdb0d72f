"""Activations and softmax: equal to PyTorch's for any shape, extreme values, float32, integers, any layout."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn
from tests.unit.compare import assert_close, check_gradient, compare
from tests.unit.strategies import any_shape, arrays, labelled_logits

BACKWARD = {
    "relu": lambda grad, y, x: nn.relu_backward(grad, x),
    "sigmoid": lambda grad, y, x: nn.sigmoid_backward(grad, y),
    "tanh": lambda grad, y, x: nn.tanh_backward(grad, y),
    "softplus": lambda grad, y, x: nn.softplus_backward(grad, x),
}
every_activation = pytest.mark.parametrize("name", BACKWARD)


@every_activation
@given(x=arrays(any_shape(), kinds=("float64", "float32")))
def test_equals_the_reference(name, x):
    """Do values and slopes equal PyTorch's?"""
    compare(name, x, backward=BACKWARD[name])


@every_activation
@given(x=arrays(any_shape(), kinds=("int64",)))
def test_integers(name, x):
    """Are integers read as the numbers they are?"""
    compare(name, x)


@every_activation
@pytest.mark.parametrize("kind", [np.uint8, np.int8])
def test_bytes_do_not_wrap_around(name, kind):
    """Is a raw pixel the number it is, with all digits, and not 256 less or a 16-bit float?"""
    compare(name, np.array([0, 1, 3, 100, np.iinfo(kind).min, np.iinfo(kind).max], dtype=kind))


def test_softmax_of_bytes():
    """The same for the shift by the largest logit."""
    compare("softmax", np.array([[3, 5, 255]], dtype=np.uint8))
    compare("log_softmax", np.array([[3, 5, 255]], dtype=np.uint8))
    compare("softmax", np.array([[-128, 5, 127]], dtype=np.int8), 50.0)


@every_activation
def test_float32_stays_float32(name):
    """A float32 net must not grow to float64 on the way: twice the memory and time."""
    x = np.linspace(-3, 3, 7, dtype=np.float32)
    y = getattr(nn, name)(x)
    assert y.dtype == np.float32
    assert BACKWARD[name](np.ones_like(x), y, x).dtype == np.float32


@every_activation
def test_slope_is_the_measured_slope(name):
    """Do slopes agree with finite differences, where autograd has no say?"""
    x = np.array([[-3.0, -0.7, -0.1], [0.2, 0.9, 4.0]])  # away from the corner of ReLU
    function = getattr(nn, name)
    grad = np.array([[1.0, -2, 3], [0.5, 1, -1]])
    check_gradient(lambda x: (function(x) * grad).sum(), x, BACKWARD[name](grad, function(x), x))


@every_activation
def test_a_value_and_an_intermediate_used_twice(name):
    """Do gradients add up in z = y * y + x * y with y = f(x)? x and y are both used more than once."""
    function, x = getattr(nn, name), np.array([-1.3, -0.2, 0.4, 2.0])
    y = function(x)
    grad_y = 2 * y + x
    check_gradient(lambda x: (function(x) ** 2 + x * function(x)).sum(), x, BACKWARD[name](grad_y, y, x) + y)


def test_relu_has_slope_0_at_0():
    """At the corner the slope is a choice; ours is PyTorch's."""
    assert nn.relu_backward(np.array([5.0]), np.array([0.0])) == 0


@pytest.mark.parametrize("x, want", [(-700.0, np.exp(-700)), (-40.0, np.exp(-40)), (0.0, 0.5), (800.0, 1.0)])
def test_sigmoid_keeps_its_digits_far_out(x, want):
    """Where sigmoid is tiny it is still right to nine digits, not just near 0."""
    assert abs(nn.sigmoid(np.array(x)) - want) <= 1e-9 * want


@pytest.mark.parametrize("x, want", [(-700.0, np.exp(-700)), (21.0, 21 + np.log1p(np.exp(-21))), (1e4, 1e4)])
def test_softplus_keeps_its_digits_far_out(x, want):
    """Softplus is neither 0 nor x a moment too early."""
    assert abs(nn.softplus(np.array(x)) - want) <= 1e-15 * want


@given(case=labelled_logits(), temperature=st.sampled_from([0.1, 0.5, 1.0, 2.0, 100.0]))
def test_softmax_equals_the_reference(case, temperature):
    """Does softmax equal PyTorch's at any temperature, also for logits of 10 000 and for one class?"""
    compare("softmax", case[0], temperature)


@given(case=labelled_logits())
def test_softmax_gives_probabilities(case):
    """No entry is negative and every row sums to 1."""
    probabilities = nn.softmax(case[0])
    assert (probabilities >= 0).all()
    assert np.allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)


@given(logits=arrays((3, 4), 30, kinds=("float64",)), offset=st.sampled_from([-1000.0, 1.0, 1000.0]))
def test_softmax_ignores_a_common_offset(logits, offset):
    """The probabilities depend on differences of logits only; the offset costs a few digits."""
    assert_close(nn.softmax(logits + offset), nn.softmax(logits), scale=1000)


@given(logits=arrays((2, 3, 4), 30))
def test_softmax_works_along_the_last_axis(logits):
    """Is softmax of a stack the stack of softmaxes?"""
    assert_close(nn.softmax(logits), [[nn.softmax(row) for row in block] for block in logits])
