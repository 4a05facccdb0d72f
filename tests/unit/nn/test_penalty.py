"""L2: PyTorch's penalty and gradient, which agree with each other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from course import nn, reference
from tests.unit.compare import GRADIENT, VALUE, assert_close
from tests.unit.strategies import any_shape, arrays


@given(weight=arrays(any_shape(), kinds=("float64", "int64")), strength=st.floats(0, 10))
def test_equals_pytorch(weight, strength):
    """Is the penalty the reference's, and its gradient too, also of integers?"""
    penalty, gradient = reference.l2(weight, strength)
    assert_close(nn.l2(weight, strength), penalty, VALUE)
    assert_close(nn.l2_backward(weight, strength), gradient, GRADIENT)


def test_the_gradient_is_that_of_the_penalty():
    """Do finite differences of the penalty give the gradient?"""
    weight, step = np.array([[1.0, -2.0], [0.5, 3.0]]), 1e-6
    for place in np.ndindex(weight.shape):
        moved = step * (np.arange(4).reshape(2, 2) == np.ravel_multi_index(place, weight.shape))
        slope = (nn.l2(weight + moved, 0.3) - nn.l2(weight - moved, 0.3)) / (2 * step)
        assert_close(slope, nn.l2_backward(weight, 0.3)[place], GRADIENT)
