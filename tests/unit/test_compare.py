"""The tools of the other tests: does the comparison refuse what is wrong, and does the gradient check?"""

import numpy as np
import pytest

from course import nn
from tests.unit.compare import GRADIENT, VALUE, assert_close, check_gradient, compare

X = np.random.default_rng(0).standard_normal((3, 4))


def test_accepts_rounding():
    """A difference in the last digits passes."""
    assert_close(X * (1 + 1e-14), X)


@pytest.mark.parametrize(
    "wrong",
    [X * 1.000001, X + 1e-6, X.T, X[:1], np.where(X > 1, np.nan, X), np.where(X > 1, np.inf, X)],
    ids=["factor", "offset", "transposed", "one row", "nan", "infinite"],
)
def test_refuses_other_values(wrong):
    """Is a wrong factor, offset, shape, nan or infinity refused, as a value and as a gradient?"""
    for tolerance in (VALUE, GRADIENT):
        with pytest.raises(AssertionError):
            assert_close(wrong, X, tolerance)


def test_refuses_a_wrong_forward(monkeypatch):
    """Is a wrong operation in `nn` noticed?"""
    monkeypatch.setattr(nn, "tanh", lambda x: np.tanh(x) * 1.0001)
    with pytest.raises(AssertionError, match="expected"):
        compare("tanh", X)


@pytest.mark.parametrize(
    "backward",
    [
        lambda grad, y, x: grad * (1 - y),  # forgot the square
        lambda grad, y, x: 1 - y**2,  # forgot grad_output
        lambda grad, y, x: (grad * (1 - y**2))[:, ::-1],  # right numbers, wrong places
        lambda grad, y, x: (nn.tanh_backward(grad, y), grad),  # one gradient too many
    ],
)
def test_refuses_a_wrong_backward(backward):
    """Is a wrong backward noticed?"""
    compare("tanh", X, backward=lambda grad, y, x: nn.tanh_backward(grad, y))
    with pytest.raises(AssertionError):
        compare("tanh", X, backward=backward)


def test_refuses_a_change_in_place(monkeypatch):
    """Is an operation that writes into its input, or hands it out, noticed?"""
    monkeypatch.setattr(nn, "relu", lambda x: np.maximum(x, 0, out=x))
    with pytest.raises(AssertionError, match="changed its input"):
        compare("relu", X.copy() - 5)
    monkeypatch.setattr(nn, "relu", lambda x: x)
    with pytest.raises(AssertionError, match="hands out"):
        compare("relu", np.abs(X))


def test_refuses_a_backward_that_writes_into_grad_output():
    """Thirteen of 55 students' ReLUs did this; is it noticed?"""

    def backward(grad, y, x):
        grad[x <= 0] = 0
        return grad

    with pytest.raises(AssertionError, match="changed grad_output"):
        compare("relu", X, backward=backward)


def test_gradient_check_accepts():
    """The check agrees with a slope known from school: d/dx x^3 = 3 x^2."""
    check_gradient(lambda x: (x**3).sum(), X, 3 * X**2)


@pytest.mark.parametrize("factor", [0, -1, 2, 1.001])
def test_gradient_check_refuses(factor):
    """A gradient that is missing, of the wrong sign, doubled, or off by a thousandth is refused."""
    with pytest.raises(AssertionError):
        check_gradient(lambda x: (x**3).sum(), X, factor * 3 * X**2)
