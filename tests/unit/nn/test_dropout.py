"""Dropout: PyTorch's for the same chance, for any shape and type; and what it does to a mean."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from course import nn
from tests.unit.compare import GRADIENT, GRADIENT_32, VALUE, VALUE_32, assert_close
from tests.unit.strategies import any_shape, arrays

KINDS = ("float64", "float32")
probabilities = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.01, 0.99))


def torchs(x, p, training=True, seed=0):
    """PyTorch's dropout of a float array, its gradient for a gradient of 1, 2, 3, ..., and numbers that choose as it
    did: where it put 0 they are below p."""
    with torch.random.fork_rng(devices=[]):

        def drop(tensor):
            torch.manual_seed(seed)
            return F.dropout(tensor, p, training)

        tensor = torch.tensor(x.copy()).requires_grad_()
        out = drop(tensor)
        (of_x,) = torch.autograd.grad(out, tensor, rising(out.detach().numpy(), torch.tensor))
        kept = drop(torch.ones(x.shape)).numpy() > 0
    return out.detach().numpy(), of_x.numpy(), np.where(kept, (1 + p) / 2, p / 2)


def rising(like, make=np.array):
    return make(np.arange(1, like.size + 1, dtype=like.dtype).reshape(like.shape))


@given(x=arrays(any_shape(), kinds=KINDS), p=probabilities, training=st.booleans(), seed=st.integers(0, 99))
def test_equals_pytorch(x, p, training, seed):
    """Are the same numbers 0, the others as large, and the gradient the same?"""
    value, gradient, uniform = torchs(x, p, training, seed)
    single, before = x.dtype == np.float32, x.copy()
    got = nn.dropout(x, p, uniform, training)
    assert_close(got, value, VALUE_32 if single else VALUE)
    of_x = nn.dropout_backward(rising(value), p, uniform, training)
    assert_close(of_x, gradient, GRADIENT_32 if single else GRADIENT)
    assert got.dtype == of_x.dtype == x.dtype
    assert np.array_equal(x, before) and not np.shares_memory(got, x)


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.9])
def test_the_mean_stays(p):
    """Of inputs with mean 1: is the mean 1 in training and in use, and the share of zeros p?"""
    rng = np.random.default_rng(0)
    x, uniform = rng.uniform(0, 2, 100_000), rng.uniform(size=100_000)
    dropped = nn.dropout(x, p, uniform)
    assert dropped.mean() == pytest.approx(x.mean(), abs=0.03)
    assert np.mean(dropped == 0) == pytest.approx(p, abs=0.01)
    assert nn.dropout(x, p, uniform, training=False).mean() == x.mean()


def test_nothing_dropped_and_everything_dropped():
    """Is p = 0 the input itself and p = 1 only zeros, without a division by 0?"""
    x, uniform = np.array([1, 2, 3]), np.array([0.0, 0.5, 0.999])
    assert nn.dropout(x, 0, uniform).tolist() == [1, 2, 3]
    assert nn.dropout(x, 1, uniform).tolist() == [0, 0, 0]
    assert nn.dropout_backward(x, 1, uniform).tolist() == [0, 0, 0]
    assert nn.dropout(x, 0.5, uniform).tolist() == [0, 4, 6]  # exactly p stays


@pytest.mark.parametrize("backward", [False, True])
def test_wrong_arguments_are_named(backward):
    """Does the message say what came?"""
    function = nn.dropout_backward if backward else nn.dropout
    with pytest.raises(ValueError, match="from 0 to 1; got 1.5"):
        function(np.ones(3), 1.5, np.ones(3))
    with pytest.raises(ValueError, match=r"shape \(2, 3\); got shape \(3,\)"):
        function(np.ones((2, 3)), 0.5, np.ones(3))
