"""Convolution seen in other ways: each against `course.nn`, or against numbers that follow by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn, reference
from tests.unit.compare import assert_close
from tests.unit.strategies import convolutions


@given(sizes=st.lists(st.integers(1, 20), min_size=1, max_size=5), kernel_size=st.integers(1, 6),
       stride=st.integers(1, 5), padding=st.integers(0, 3))  # fmt: skip
def test_positions_and_what_is_left(sizes, kernel_size, stride, padding):
    """Do positions, steps and what is left make up the padded picture, and is a kernel without room at no position?"""
    counts, left_over = reference.output_size(np.array(sizes), kernel_size, stride, padding)
    for size, count, left in zip(sizes, counts, left_over, strict=True):
        if size + 2 * padding < kernel_size:
            assert (count, left) == (0, size + 2 * padding)
        else:
            assert count == nn.conv_output_size(size, kernel_size, stride, padding)
            assert (count - 1) * stride + kernel_size + left == size + 2 * padding and 0 <= left < stride


@given(inputs=convolutions(largest=10))
def test_planes(inputs):
    """Is a plane the layer with one channel and one filter, also as a matrix, and with a turned kernel?"""
    x, weight, _, stride, padding = inputs
    plane, kernel = x[0, 0].astype(float), weight[0, 0].astype(float)
    layer = nn.conv2d(plane[None, None], kernel[None, None], None, stride, padding)[0, 0]
    assert_close(reference.correlate(plane, kernel, stride, padding), layer, scale=2000)
    if min(np.subtract(plane.shape, kernel.shape)) >= 0:
        matrix = reference.conv_matrix(kernel, *plane.shape, stride)
        assert np.array_equal(matrix, nn.conv_matrix(kernel, plane.shape, stride))
        turned = reference.convolve(plane, kernel[::-1, ::-1])
        assert_close(turned, reference.correlate(plane, kernel), scale=2000)


def test_the_true_convolution_is_that_of_polynomials():
    """Is the convolution with one row what multiplying polynomials does, where all coefficients meet?"""
    assert reference.convolve(np.array([[0.0, 1, 2, 3, 0]]), np.array([[4.0, 5]])).tolist() == [[4, 13, 22, 15]]


@pytest.mark.parametrize("channels", [1, 2])
def test_the_small_net(channels):
    """Are the blocks and the logits those of `nn.ConvNet`, for pictures that are not square?"""
    rng = np.random.default_rng(0)
    shapes = [(3, channels, 3, 3), (3,), (4, 3, 5, 5), (4,), (5, 4 * 2 * 3), (5,)]
    parameters = [rng.standard_normal(shape) for shape in shapes]
    x = rng.standard_normal((2, channels, 8, 12))
    found = nn.ConvNet(parameters).layers(x)
    for got, name in zip(reference.convnet_forward(x, *parameters), ("pool1", "pool2", "logits"), strict=True):
        assert_close(got, found[name])
