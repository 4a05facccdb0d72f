"""Autograd behind one function: every operation of the reference, and what people get wrong about adding up."""

import numpy as np
import pytest
import torch

from course.reference import functional, gradients
from tests.unit.compare import assert_close, check_gradient

rng = np.random.default_rng(0)
X, LABELS = rng.standard_normal((3, 4)), np.array([0, 3, 3])
PROBABILITIES = functional.softmax(X)
INPUTS = {
    "linear": (X, rng.standard_normal((2, 4)), rng.standard_normal(2)),
    "relu": (X,), "sigmoid": (X,), "tanh": (X,), "softplus": (X,),
    "softmax": (X, np.array(1.7)), "log_softmax": (X,),
    "cross_entropy": (X, LABELS), "nll": (PROBABILITIES, LABELS),
    "conv2d": (rng.standard_normal((2, 2, 3, 4)), rng.standard_normal((2, 2, 2, 3)), rng.standard_normal(2),
               np.array(2), np.array(1)),
    "max_pool2d": (rng.permutation(40).reshape(1, 2, 4, 5) / 10, np.array([3, 2]), np.array(1)),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, value in vars(functional).items() if hasattr(value, "on_tensors")])
def test_equals_finite_differences(name):
    """Does the gradient of every function of the reference, by every float input, agree with measured slopes?"""
    inputs, function = INPUTS[name], getattr(functional, name)
    grad_output = np.random.default_rng(1).standard_normal(np.shape(function(*inputs)))
    got = gradients(name, *inputs, grad_output=grad_output)
    floats = [i for i, value in enumerate(inputs) if value.dtype.kind == "f"]
    assert len(got) == len(floats)
    for i, gradient in zip(floats, got, strict=True):

        def total(value, i=i):
            return (function(*inputs[:i], value, *inputs[i + 1 :]) * grad_output).sum()

        check_gradient(total, inputs[i], gradient)


def test_a_value_used_twice():
    """d/dx (x + x) x = 4 x: 12 at 3."""
    assert gradients(lambda x: (x + x) * x, 3.0) == (12,)


def test_an_intermediate_used_twice():
    """d/dx y y with y = x + x is 8 x: 24 at 3."""

    def square(x):
        y = x + x
        return y * y

    assert gradients(square, 3.0) == (24,)


def test_the_same_array_as_two_inputs():
    """Does each place get its own part?"""
    x = np.array([2.0, 3.0])
    by_first, by_second = gradients(lambda a, b: a * a * b, x, x)
    assert by_first.tolist() == [8, 18] and by_second.tolist() == [4, 9]


def test_a_name_a_function_and_tensors_agree():
    """Three ways to say softmax, one gradient."""
    grad_output = rng.standard_normal(X.shape)
    ways = ("softmax", functional.softmax, lambda x: torch.softmax(x, dim=-1))
    one, two, three = (gradients(way, X, grad_output=grad_output)[0] for way in ways)
    assert_close(one, two)
    assert_close(one, three)


def test_no_grad_output_means_ones():
    """Is it the gradient of the sum?"""
    assert gradients(lambda x: x**2, X)[0] == pytest.approx(2 * X)


def test_unused_input_gets_zeros():
    """Is the gradient by an input that plays no part zeros of its shape?"""
    assert gradients(lambda a, b: a, X, np.ones((2, 2)))[1].tolist() == [[0, 0], [0, 0]]


def test_inputs_stay_as_they_are():
    """Are read-only, strided and float32 inputs fine, and is nothing changed?"""
    x = np.arange(8, dtype=np.float32)[::-2]
    x.flags.writeable = False
    got = gradients("sigmoid", x, grad_output=np.ones(4, np.float32))[0]
    assert got.dtype == np.float64
    assert x.tolist() == [7, 5, 3, 1]


def test_works_inside_no_grad():
    """Is a caller that has switched autograd off served all the same?"""
    with torch.no_grad():
        assert gradients(lambda x: x * x, 3.0) == (6,)


def test_unknown_name_is_an_error():
    """Are the known names listed, and helpers such as torch not taken for one?"""
    for name in ("soft_max", "torch", "exact_arithmetic"):
        with pytest.raises(ValueError, match=f"no function '{name}' in the reference; there are linear, relu"):
            gradients(name, X)


def test_only_integers_is_an_error():
    """Is there a sentence instead of an empty answer?"""
    with pytest.raises(ValueError, match="none of the inputs is a float"):
        gradients("relu", np.array([1, 2]))


def test_grad_output_of_another_shape_is_an_error():
    """Are both shapes named, and nothing broadcast?"""
    with pytest.raises(ValueError, match=r"the shape of the output, \(3, 4\); got \(4,\)"):
        gradients("relu", X, grad_output=np.ones(4))


def test_exact_arithmetic_is_on():
    """Is TF32 off while the function runs, also in the backward?"""
    seen = []

    class Watch(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            seen.append(torch.backends.cuda.matmul.fp32_precision)
            return x.clone()

        @staticmethod
        def backward(ctx, grad):
            seen.append(torch.backends.cuda.matmul.fp32_precision)
            return grad

    gradients(Watch.apply, X)
    assert seen == ["ieee", "ieee"]
