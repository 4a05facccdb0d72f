"""The linear step and its three gradients."""

import numpy as np
import pytest
from hypothesis import given

from course import nn
from tests.unit.compare import assert_close, check_gradient, compare
from tests.unit.strategies import linear_inputs


def terms(x, weight, bias):
    """The size of what one sum adds up: cancellation cannot lose more than that times the rounding."""
    return 1 + len(x) + x.shape[-1] * np.abs(x).max() * np.abs(weight).max() + np.abs(bias).max()


@given(inputs=linear_inputs())
def test_equals_the_reference(inputs):
    """Do the sums and all three gradients equal PyTorch's, for every layout and batches of one?"""
    compare("linear", *inputs, backward=lambda grad, y, x, w, b: nn.linear_backward(grad, x, w),
            scale=terms(*inputs))  # fmt: skip


@given(inputs=linear_inputs(largest=1e4))
def test_extreme_values(inputs):
    """The same with products of 10^8."""
    compare("linear", *inputs, scale=terms(*inputs))


@given(inputs=linear_inputs())
def test_equals_the_plain_loop(inputs):
    """The specification: neuron j of example i is the sum over d of x[i, d] * weight[j, d], plus bias[j]."""
    x, weight, bias = (value.astype(np.float64) for value in inputs)
    want = np.empty((len(x), len(weight)))
    for i in range(len(x)):
        for j in range(len(weight)):
            want[i, j] = sum(x[i, d] * weight[j, d] for d in range(x.shape[1])) + bias[j]
    assert_close(nn.linear(x, weight, bias), want, scale=terms(x, weight, bias))


def test_one_example_without_a_batch():
    """Does a vector (D,) give (H,), as in PyTorch?"""
    rng = np.random.default_rng(0)
    compare("linear", rng.standard_normal(3), rng.standard_normal((2, 3)), rng.standard_normal(2))


def test_integers():
    """Are integer pixels welcome?"""
    compare("linear", np.arange(6).reshape(2, 3), np.arange(12).reshape(4, 3) - 5, np.arange(4))


def test_gradients_are_the_measured_gradients():
    """Do all three agree with finite differences?"""
    rng = np.random.default_rng(1)
    x, weight, bias, grad = (rng.standard_normal(shape) for shape in ((3, 4), (2, 4), 2, (3, 2)))
    grad_x, grad_weight, grad_bias = nn.linear_backward(grad, x, weight)
    check_gradient(lambda x: (nn.linear(x, weight, bias) * grad).sum(), x, grad_x)
    check_gradient(lambda weight: (nn.linear(x, weight, bias) * grad).sum(), weight, grad_weight)
    check_gradient(lambda bias: (nn.linear(x, weight, bias) * grad).sum(), bias, grad_bias)


def test_a_value_and_an_intermediate_used_twice():
    """One weight in two layers, one hidden value in two places: do the gradients add up?

    h = tanh(x W^T + b), y = h W^T + b + h: W, b and h are all used twice.
    """
    rng = np.random.default_rng(2)
    x, weight, bias, grad = (rng.standard_normal(shape) for shape in ((3, 4), (4, 4), 4, (3, 4)))

    def forward(x, weight, bias):
        hidden = nn.tanh(nn.linear(x, weight, bias))
        return ((nn.linear(hidden, weight, bias) + hidden) * grad).sum()

    hidden = nn.tanh(nn.linear(x, weight, bias))
    grad_hidden, grad_weight, grad_bias = nn.linear_backward(grad, hidden, weight)
    below = nn.linear_backward(nn.tanh_backward(grad_hidden + grad, hidden), x, weight)
    check_gradient(lambda x: forward(x, weight, bias), x, below[0])
    check_gradient(lambda weight: forward(x, weight, bias), weight, grad_weight + below[1])
    check_gradient(lambda bias: forward(x, weight, bias), bias, grad_bias + below[2])


def test_wrong_shapes_are_an_error():
    """Is a weight of another width refused, not broadcast?"""
    with pytest.raises(ValueError):
        nn.linear(np.ones((2, 3)), np.ones((4, 5)), np.ones(4))
