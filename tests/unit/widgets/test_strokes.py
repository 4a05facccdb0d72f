"""From strokes to a picture like MNIST's: size, place, shape."""

import numpy as np
import pytest

from course.widgets import to_mnist
from course.widgets.strokes import rasterise

from .conftest import SEVEN


def centre(picture):
    rows, columns = np.mgrid[:28, :28] + 0.5
    return (rows * picture).sum() / picture.sum(), (columns * picture).sum() / picture.sum()


def box(picture):
    rows, columns = np.flatnonzero(picture.max(1)), np.flatnonzero(picture.max(0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def test_picture_is_like_mnist():
    """Is it 28x28 float32 in [0, 1], 20 pixels on its longer side, with the centre of mass in the middle?"""
    picture = to_mnist(SEVEN)
    assert picture.shape == (28, 28) and picture.dtype == np.float32
    assert picture.min() == 0 and 0.9 < picture.max() <= 1
    assert max(box(picture)) == 20
    assert all(abs(middle - 14) <= 0.6 for middle in centre(picture))


def test_empty_pad_is_blank():
    """Does an empty pad give zeros, not a division by zero?"""
    assert not to_mnist([]).any()
    assert not to_mnist(np.zeros((280, 280))).any()


def test_place_and_size_do_not_matter():
    """Is a small digit in a corner the same picture as a large one in the middle, up to the pen's width?"""
    canvas = rasterise(SEVEN)
    moved = np.roll(canvas, (30, -20), axis=(0, 1))
    np.testing.assert_array_equal(to_mnist(canvas), to_mnist(moved))
    half = canvas.reshape(140, 2, 140, 2).mean((1, 3))
    np.testing.assert_allclose(to_mnist(half), to_mnist(canvas), atol=0.2)


def test_proportions_are_kept():
    """Does a 1 stay thin?"""
    height, width = box(to_mnist([{"tool": "pen", "points": [[140, 40], [140, 240]]}]))
    assert height == 20 and width <= 4


def test_dot_is_a_disc():
    """Does a single click count as ink?"""
    assert box(to_mnist([{"tool": "pen", "points": [[30, 30]]}])) == (20, 20)


def test_eraser_takes_ink_away():
    """Does the eraser remove what the pen drew, and only there?"""
    line = {"tool": "pen", "points": [[40, 140], [240, 140]]}
    erased = rasterise([line, {"tool": "eraser", "points": [[40, 140], [140, 140]]}])
    assert erased[140, 60] == 0 and erased[140, 220] == 1


def test_ink_outside_the_pad_is_cut():
    """Do points outside the pad do no harm?"""
    canvas = rasterise([{"tool": "pen", "points": [[-50, -50], [400, 400]]}])
    assert canvas.shape == (280, 280) and canvas[140, 140] == 1


def test_ink_is_kept_by_resampling():
    """Does scaling keep the share of ink: is a full square full?"""
    canvas = np.zeros((280, 280))
    canvas[33:97, 41:105] = 1
    picture = to_mnist(canvas)
    np.testing.assert_allclose(picture.sum(), 400, rtol=1e-6)


def test_background_lies_under_the_strokes():
    """Are an example and new strokes one drawing?"""
    example = np.zeros((28, 28))
    example[4:24, 13:15] = 1
    both = to_mnist([{"tool": "pen", "points": [[60, 45], [230, 45]]}], example)
    assert box(both)[1] > box(example)[1]


def test_wrong_shape_is_refused():
    """Is an array that is no drawing refused with a sentence?"""
    with pytest.raises(ValueError, match="2-D array"):
        to_mnist(np.zeros(784))


def test_as_drawn_stays_where_it_is():
    """With centre=False, does a small digit in a corner stay small and in the corner, and is no ink lost?"""
    corner = [{"tool": "pen", "points": [[20, 20], [60, 20], [40, 80]]}]
    picture = to_mnist(corner, centre=False)
    assert picture.shape == (28, 28) and picture.dtype == np.float32
    assert not picture[12:].any() and not picture[:, 12:].any()
    assert picture.sum() == pytest.approx(rasterise(corner).sum() / 100, rel=1e-5)
    assert to_mnist(corner)[12:].any()
    assert not to_mnist([], centre=False).any()
