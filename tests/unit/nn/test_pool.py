"""Max pooling: values, and a gradient that goes to the winner, several times where windows overlap."""

import numpy as np
import pytest
from hypothesis import given

from course import nn, reference
from tests.unit.compare import assert_close, check_gradient, compare
from tests.unit.strategies import poolings


@given(inputs=poolings())
def test_equals_the_reference(inputs):
    """Do values and gradient equal PyTorch's: gaps, overlaps, windows that are not square, equal pixels, layouts?"""
    compare("max_pool2d", *inputs, scale=10,
            backward=lambda grad, y, x, *geometry: nn.max_pool2d_backward(grad, x, *geometry))  # fmt: skip


@pytest.mark.parametrize("kernel_size", [2, 3, (2, 3)])
def test_the_stride_is_the_window(kernel_size):
    """Do windows stand side by side unless a stride is given, also where the last one does not fit?"""
    x = np.random.default_rng(0).standard_normal((2, 3, 7, 8))
    compare("max_pool2d", x, np.array(kernel_size),
            backward=lambda grad, y, x, size: nn.max_pool2d_backward(grad, x, size))  # fmt: skip
    assert np.array_equal(nn.max_pool2d(x, kernel_size), nn.max_pool2d(x, kernel_size, kernel_size))


@given(inputs=poolings(ties=False))
def test_equals_the_plain_loop(inputs):
    """The specification: the largest of each window, which gets the gradient, added to what it has already."""
    x, (height, width), stride = inputs
    rows, columns = (x.shape[2] - height) // stride + 1, (x.shape[3] - width) // stride + 1
    want, grad_x = np.empty((*x.shape[:2], rows, columns)), np.zeros(x.shape)
    grad = np.random.default_rng(0).standard_normal(want.shape)
    for n, c, i, j in np.ndindex(want.shape):
        window = x[n, c, i * stride : i * stride + height, j * stride : j * stride + width]
        want[n, c, i, j] = window.max()
        r, k = np.unravel_index(window.argmax(), window.shape)
        grad_x[n, c, i * stride + r, j * stride + k] += grad[n, c, i, j]
    assert_close(nn.max_pool2d(x, (height, width), stride), want)
    assert_close(nn.max_pool2d_backward(grad, x, (height, width), stride), grad_x, scale=10)


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 2), (2, 3), ((3, 2), 1)])
def test_gradient_is_the_measured_gradient(window, stride):
    """Does it agree with finite differences, without PyTorch, also where windows overlap?"""
    rng = np.random.default_rng(1)
    x = rng.permutation(2 * 3 * 5 * 6).reshape(2, 3, 5, 6) / 10  # far enough apart that no step changes the winner
    grad = rng.standard_normal(nn.max_pool2d(x, window, stride).shape)
    got = nn.max_pool2d_backward(grad, x, window, stride)
    check_gradient(lambda x: (nn.max_pool2d(x, window, stride) * grad).sum(), x, got)


def test_the_numbers_of_the_slide():
    """Does the 4 x 4 example give its four numbers?"""
    x = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    assert nn.max_pool2d(x, 2).tolist() == [[[[6, 8], [3, 4]]]]


def test_a_pixel_that_wins_everywhere():
    """Does the largest pixel, in four overlapping windows, get the sum of their gradients?"""
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    x[..., 1, 1] = 99
    got = nn.max_pool2d_backward(np.array([[[[1.0, 2], [4, 8]]]]), x, 2, 1)
    assert got[0, 0].tolist() == [[0, 0, 0], [0, 15, 0], [0, 0, 0]]


def test_equal_pixels():
    """Does the first of equal pixels get the gradient, alone, as in PyTorch?"""
    x = np.ones((1, 1, 2, 2))
    assert nn.max_pool2d_backward(np.array([[[[7.0]]]]), x, 2)[0, 0].tolist() == [[7, 0], [0, 0]]
    assert reference.gradients("max_pool2d", x, 2, grad_output=np.array([[[[7.0]]]]))[0][0, 0].tolist() == [
        [7, 0], [0, 0]]  # fmt: skip


def test_nothing_is_handed_out_twice():
    """Is a window of one pixel a new array, and not the picture?"""
    x = np.ones((1, 1, 2, 2))
    assert not np.shares_memory(nn.max_pool2d(x, 1), x)


def test_what_does_not_fit_is_an_error():
    """Are a window without room, missing axes and another gradient refused, with the sizes?"""
    x = np.ones((1, 1, 4, 4))
    with pytest.raises(ValueError, match="a kernel of 5 has no room in 4 pixels"):
        nn.max_pool2d(x, 5)
    with pytest.raises(ValueError, match=r"expected x \(N, C, H, W\); got \(4, 4\)"):
        nn.max_pool2d(x[0, 0], 2)
    with pytest.raises(ValueError, match=r"the output's shape \(1, 1, 2, 2\); got \(1, 1, 4, 4\)"):
        nn.max_pool2d_backward(x, x, 2)
