"""Convolution: values, its three gradients, its sizes, and the same layer as a matrix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn, reference
from tests.unit.compare import GRADIENT, VALUE, assert_close, check_gradient, compare
from tests.unit.strategies import convolutions, floats

IMAGE = np.array([[1.0, 5, 1, 1], [1, 2, 8, 2], [0, 0, 1, 8]])  # slides ehinger-015 to ehinger-020


def terms(x, weight, bias, stride, padding):
    """The size of what one sum adds up, of the output and of each gradient: at most 400 terms."""
    return 1 + 400 * (np.abs(x).max() + 1) * (np.abs(weight).max() + 1) + np.abs(bias).max()


@given(inputs=convolutions())
def test_equals_the_reference(inputs):
    """Do values and all three gradients equal PyTorch's: strides, paddings, shapes that are not square, layouts?"""
    compare("conv2d", *inputs, scale=terms(*inputs),
            backward=lambda grad, y, x, w, b, *geometry: nn.conv2d_backward(grad, x, w, *geometry))  # fmt: skip


@given(inputs=convolutions())
def test_equals_the_plain_loop(inputs):
    """The specification: output [n, f, i, j] is the window at row i * stride, column j * stride, times filter f."""
    x, weight, bias, stride, padding = inputs
    x, weight = x.astype(np.float64), weight.astype(np.float64)
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    height, width = (nn.conv_output_size(x.shape[a], weight.shape[a], stride, padding) for a in (2, 3))
    want = np.empty((len(x), len(weight), height, width))
    for n, f, i, j in np.ndindex(want.shape):
        rows, columns = slice(i * stride, i * stride + weight.shape[2]), slice(j * stride, j * stride + weight.shape[3])
        want[n, f, i, j] = (padded[n, :, rows, columns] * weight[f]).sum() + bias[f]
    assert_close(nn.conv2d(x, weight, bias.astype(np.float64), stride, padding), want, scale=terms(*inputs))


@pytest.mark.parametrize(("stride", "padding"), [((2, 1), 0), (1, (0, 2)), ((1, 3), (2, 1))])
def test_rows_and_columns_of_their_own(stride, padding):
    """Are pairs the stride and the padding of rows and of columns, as in PyTorch, forward and backward?"""
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((2, 3, 2, 3))
    compare("conv2d", x, weight, np.zeros(2), np.array(stride), np.array(padding),
            backward=lambda grad, y, x, w, b, *geometry: nn.conv2d_backward(grad, x, w, *geometry))  # fmt: skip


@given(inputs=convolutions())
def test_without_bias(inputs):
    """Is no bias a bias of 0?"""
    x, weight, bias, *geometry = inputs
    got = nn.conv2d(x, weight, None, *geometry)
    assert np.array_equal(got, nn.conv2d(x, weight, 0 * bias, *geometry)) and got.dtype == x.dtype


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_gradients_are_the_measured_gradients(stride, padding):
    """Do all three agree with finite differences, without PyTorch?"""
    rng = np.random.default_rng(1)
    x, weight, bias = rng.standard_normal((2, 2, 4, 5)), rng.standard_normal((3, 2, 3, 2)), rng.standard_normal(3)
    grad = rng.standard_normal(nn.conv2d(x, weight, bias, stride, padding).shape)

    def total(x, weight, bias):
        return (nn.conv2d(x, weight, bias, stride, padding) * grad).sum()

    grad_x, grad_weight, grad_bias = nn.conv2d_backward(grad, x, weight, stride, padding)
    check_gradient(lambda x: total(x, weight, bias), x, grad_x)
    check_gradient(lambda weight: total(x, weight, bias), weight, grad_weight)
    check_gradient(lambda bias: total(x, weight, bias), bias, grad_bias)
    nothing, *same = nn.conv2d_backward(grad, x, weight, stride, padding, of_input=False)
    assert nothing is None and np.array_equal(same[0], grad_weight) and np.array_equal(same[1], grad_bias)


@given(size=st.integers(1, 30), kernel_size=st.integers(1, 9), stride=st.integers(1, 5), padding=st.integers(0, 4))
def test_output_size(size, kernel_size, stride, padding):
    """Is it the number of places where the kernel can stand, counted, and none an error?"""
    starts = [s for s in range(0, size + 2 * padding, stride) if s + kernel_size <= size + 2 * padding]
    if starts:
        assert nn.conv_output_size(size, kernel_size, stride, padding) == len(starts)
    else:
        with pytest.raises(ValueError, match=f"a kernel of {kernel_size} has no room in {size} pixels"):
            nn.conv_output_size(size, kernel_size, stride, padding)


@pytest.mark.parametrize("geometry", [(3, 0), (3, 2, 0), (3, 2, 1, -1)])
def test_sizes_that_mean_nothing_are_an_error(geometry):
    """Are a kernel of 0, a stride of 0 and a negative padding refused, with what was given?"""
    with pytest.raises(ValueError, match="at least 1 .* got kernel_size="):
        nn.conv_output_size(*geometry)


def test_the_numbers_of_the_slides():
    """Do the worked example, its stride 2 and the kernel that is not its own half turn give the slide's numbers?"""

    def slide(kernel, **options):
        return nn.conv2d(IMAGE[None, None], np.array([[kernel]]), **options)[0, 0].tolist()

    assert slide([[1.0, 0], [0, 1]]) == [[3, 13, 3], [1, 3, 16]]
    assert slide([[1.0, 0], [0, 1]], stride=2) == [[3, 3]]
    assert slide([[1.0, 2], [3, 4]]) == [[22, 45, 35], [5, 22, 47]]
    assert slide([[4.0, 3], [2, 1]]) == [[23, 35, 25], [10, 33, 48]]  # turned by a half turn: the true convolution
    assert slide([[0.0, 1], [1, 0]]) == [[6, 3, 9], [2, 8, 3]]


@given(inputs=convolutions(largest=10), seed=st.integers(0, 2**31))
def test_as_a_matrix(inputs, seed):
    """Is the matrix times the flat picture the convolution, and its transpose times a gradient the way back?"""
    x, weight, _, stride, padding = inputs
    plane, kernel = x[0, 0].astype(np.float64), weight[0, 0].astype(np.float64)
    matrix = nn.conv_matrix(kernel, plane.shape, stride, padding)
    output = nn.conv2d(plane[None, None], kernel[None, None], None, stride, padding)
    assert_close((matrix @ plane.ravel()).reshape(output.shape), output, scale=2000)
    grad = np.random.default_rng(seed).standard_normal(output.shape)
    grad_x = nn.conv2d_backward(grad, plane[None, None], kernel[None, None], stride, padding)[0]
    assert_close((matrix.T @ grad.ravel()).reshape(grad_x.shape), grad_x, GRADIENT, scale=2000)


def test_the_matrix_of_a_small_kernel():
    """Is each row the kernel at one position, written out, and zeros elsewhere?"""
    matrix = nn.conv_matrix(np.array([[1, 2]]), (2, 3))
    assert matrix.tolist() == [[1, 2, 0, 0, 0, 0], [0, 1, 2, 0, 0, 0], [0, 0, 0, 1, 2, 0], [0, 0, 0, 0, 1, 2]]
    assert nn.conv_matrix(np.array([[1, 2]]), (1, 2), padding=(0, 1)).tolist() == [[2, 0], [1, 2], [0, 1]]


@given(value=floats(10), stride=st.integers(1, 2))
def test_a_shifted_picture_gives_a_shifted_output(value, stride):
    """What the layer is for: a pattern is found wherever it stands."""
    x = np.zeros((1, 1, 8, 9))
    x[..., 2, 3] = value
    weight = np.arange(1.0, 10).reshape(1, 1, 3, 3)
    one, other = (nn.conv2d(np.roll(x, k * stride, axis=(2, 3)), weight, stride=stride) for k in (0, 1))
    assert_close(other[..., 1:, 1:], one[..., :-1, :-1], VALUE)


def test_what_does_not_fit_is_an_error():
    """Are other channels, missing axes, a kernel without room and another gradient refused, with the shapes?"""
    x, weight = np.ones((1, 2, 4, 4)), np.ones((1, 2, 3, 3))
    with pytest.raises(ValueError, match=r"the same C; got \(1, 2, 4, 4\) and \(1, 3, 3, 3\)"):
        nn.conv2d(x, np.ones((1, 3, 3, 3)))
    with pytest.raises(ValueError, match=r"got \(2, 4, 4\)"):
        nn.conv2d(x[0], weight)
    with pytest.raises(ValueError, match="a kernel of 5 has no room in 4 pixels"):
        nn.conv2d(x, np.ones((1, 2, 3, 5)))
    with pytest.raises(ValueError, match=r"the output's shape \(1, 1, 2, 2\); got \(1, 1, 4, 4\)"):
        nn.conv2d_backward(np.ones((1, 1, 4, 4)), x, weight)


def test_no_picture():
    """Are no pictures no error, as in PyTorch: nothing comes back, and no gradient?"""
    x, weight = np.zeros((0, 2, 4, 5)), np.ones((3, 2, 2, 2))
    output = nn.conv2d(x, weight, np.ones(3))
    assert output.shape == (0, 3, 3, 4)
    grad_x, grad_weight, grad_bias = nn.conv2d_backward(output, x, weight)
    assert grad_x.shape == x.shape and not grad_weight.any() and not grad_bias.any()


def test_integers():
    """Are integer pixels welcome?"""
    compare("conv2d", np.arange(24).reshape(1, 2, 3, 4), np.arange(8).reshape(1, 2, 2, 2) - 4, np.arange(1), 1, 1)


def test_the_reference_takes_pairs_and_numbers():
    """Is a stride of (2, 2) a stride of 2, also where the gradient is asked for?"""
    x, weight = np.arange(24.0).reshape(1, 2, 3, 4), np.ones((1, 2, 2, 2))
    one, two = (reference.functional.conv2d(x, weight, np.zeros(1), stride) for stride in (2, [2, 2]))
    assert one.tolist() == two.tolist() == [[[[68, 84]]]]
    one, two = (reference.gradients("conv2d", x, weight, np.zeros(1), stride) for stride in (2, [2, 2]))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
