"""Does the measured gradient accept right gradients and refuse wrong ones?"""

import numpy as np
import pytest

from course.checks.gradient import numerical_gradient, slope

RNG = np.random.default_rng(3)
X, GRAD = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))
RIGHT = {
    "tanh": (np.tanh, lambda x, g: g * (1 - np.tanh(x) ** 2)),
    "square of a sum used twice": (lambda x: (x + x) * (x + x), lambda x, g: 8 * x * g),
    "row sums": (lambda x: x * x.sum(axis=1, keepdims=True),
                 lambda x, g: g * x.sum(1, keepdims=True) + (g * x).sum(1, keepdims=True)),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_accepts(name):
    """Is the measured gradient the one by hand, to seven digits, also where a value is used twice?"""
    f, by_hand = RIGHT[name]
    measured = numerical_gradient(f, X, GRAD)
    assert np.allclose(measured, by_hand(X, GRAD), rtol=1e-7, atol=1e-8)
    assert slope(f, X, (1, 2), GRAD) == measured[1, 2]


@pytest.mark.parametrize("wrong", [
    lambda x, g: 1 - np.tanh(x) ** 2, lambda x, g: g * (1 - np.tanh(x)), lambda x, g: -g * (1 - np.tanh(x) ** 2),
    lambda x, g: 1.01 * g * (1 - np.tanh(x) ** 2),
])  # fmt: skip
def test_refuses(wrong):
    """Is a wrong gradient of tanh far from the measured one?"""
    error = np.abs(numerical_gradient(np.tanh, X, GRAD) - wrong(X, GRAD))
    assert error.max() > 1e-3


def test_a_huge_step_is_wrong():
    """Does the check say no to itself when the step is far too large?"""
    assert abs(slope(np.tanh, X, (0, 0), GRAD, step=5.0) - slope(np.tanh, X, (0, 0), GRAD)) > 1e-2


def test_leaves_x_alone():
    """Is x unchanged, also when it is read-only, float32 or integer?"""
    for x in (X.copy(), X.astype(np.float32), np.arange(12).reshape(3, 4)):
        before = x.copy()
        x.flags.writeable = False
        assert numerical_gradient(np.tanh, x, GRAD).shape == (3, 4)
        assert np.array_equal(x, before)
