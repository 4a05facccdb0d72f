"""The step of gradient ascent: PyTorch's own step where it has one, and what blur and jitter do."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import nn
from tests.unit.compare import assert_close
from tests.unit.strategies import lay_out

pictures = hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1))
WEIGHT = np.random.default_rng(0).normal(size=(6, 6))


def flat(x):
    """The gradient of the sum of all pixels."""
    return np.ones_like(x)


@given(x=pictures, step_size=st.floats(0, 1), l2=st.floats(0, 1), seed=st.integers(0, 9))
def test_the_step_is_pytorchs(x, step_size, l2, seed):
    """Is the step that of PyTorch's SGD, which has L2 as weight decay, cut to [0, 1], and the input unchanged?"""
    x = lay_out(x, ("plain", "read-only", "transposed")[seed % 3])
    gradient, before = np.random.default_rng(seed).normal(size=x.shape), x.copy()
    parameter = torch.tensor(x.copy(), requires_grad=True)
    parameter.grad = torch.tensor(gradient)
    torch.optim.SGD([parameter], lr=step_size, weight_decay=l2, maximize=True).step()
    want = np.clip(x + step_size * (gradient - l2 * x), 0, 1)
    assert_close(nn.ascend(x, lambda x: gradient, step_size, l2), want)
    assert np.array_equal(x, before)


@pytest.mark.parametrize("shift", [(1, 0), (0, -2), (3, 2)])
def test_jitter_asks_elsewhere_and_puts_back(shift):
    """Is the gradient that of the shifted picture, and the picture where it was?"""
    x, asked = np.zeros((6, 6)), []
    x[1, 2] = 0.5

    def gradient_at(x):
        asked.append(x)
        return WEIGHT

    y = nn.ascend(x, gradient_at, 0.1, shift=shift)
    assert np.argwhere(asked[0]).tolist() == [[(1 + shift[0]) % 6, (2 + shift[1]) % 6]]
    moved = np.roll(WEIGHT, (-shift[0], -shift[1]), (0, 1))
    assert_close(y, np.clip(x + 0.1 * moved, 0, 1))


@given(x=pictures, width=st.floats(0.1, 3))
def test_smooth_is_a_mean(x, width):
    """Does a mean stay between the smallest and the largest pixel, and an even picture as it is?"""
    y = nn.smooth(x, width)
    assert y.min() >= x.min() - 1e-9 and y.max() <= x.max() + 1e-9
    assert_close(nn.smooth(np.full_like(x, 0.3), width), np.full_like(x, 0.3))


def test_smooth_has_its_width():
    """Is one pixel, away from the border, spread to the standard deviation that was asked for, and not with 0?"""
    x = np.zeros((41, 41))
    x[20, 20] = 1
    y = nn.smooth(x, 2.0)
    places = np.arange(41) - 20
    assert y.sum() == pytest.approx(1) and (y.sum(0) @ places**2) == pytest.approx(4, rel=1e-3)
    assert np.array_equal(y, y.T) and nn.smooth(x, 0) is x


def test_blur_comes_after_the_step():
    """Is also what the step adds smoothed, and the result cut at 1?"""
    x = np.zeros((5, 5))
    gradient = np.zeros((5, 5))
    gradient[2, 2] = 1.0
    assert_close(nn.ascend(x, lambda x: gradient, 0.5, blur=1.0), nn.smooth(0.5 * gradient, 1.0))
    assert nn.ascend(x, flat, 3.0).tolist() == np.ones((5, 5)).tolist()
