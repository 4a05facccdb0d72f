"""Digits turned, thickened and with noise: what is known of the result without computing it."""

import numpy as np
import pytest

from course.data import noisy, thickened, turned

DIGITS = np.random.default_rng(0).random((3, 784)).astype(np.float32)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, 4, -1])
def test_quarter_turns_are_those_of_numpy(quarters):
    """Is a turn by 90 degrees the exchange of rows and columns, anticlockwise?"""
    expected = np.rot90(DIGITS.reshape(-1, 28, 28), quarters, axes=(1, 2)).reshape(3, 784)
    assert turned(DIGITS, 90 * quarters) == pytest.approx(expected, abs=1e-5)


def test_a_turn_there_and_back():
    """Does a smooth picture come back after two turns, and stay a float32 picture of its shape?"""
    y, x = np.mgrid[:28, :28] - 13.5
    blob = np.exp(-((x - 3) ** 2 + y**2) / 20)[None]  # (1, 28, 28)
    there = turned(blob, 30)
    assert there.shape == (1, 28, 28) and there.dtype == np.float32
    assert turned(there, -30) == pytest.approx(blob, abs=0.05)
    row, column = np.unravel_index(there[0].argmax(), (28, 28))
    assert row < 13 and column > 14, "what lay to the right went up: anticlockwise"


def test_thickening_adds_neighbours():
    """Does one dot become a square of four, and is nothing lost?"""
    dot = np.zeros((1, 28, 28))
    dot[0, 5, 7] = 1
    assert np.argwhere(thickened(dot)[0]).tolist() == [[5, 7], [5, 8], [6, 7], [6, 8]]
    assert (thickened(DIGITS) >= DIGITS).all()


def test_noise_has_the_asked_size():
    """Does salt and pepper set the asked share to 0 or 1, half each, and Gaussian noise spread as asked?"""
    grey = np.full((20, 784), 0.5, dtype=np.float32)
    salted = noisy(grey, "salt and pepper", 0.4)
    assert (salted == 1).mean() == pytest.approx(0.2, abs=0.02) and (salted == 0).mean() == pytest.approx(0.2, abs=0.02)
    assert noisy(grey, "Gaussian", 0.1).std() == pytest.approx(0.1, abs=0.005)
    assert 0 <= noisy(grey, "Gaussian", 5).min() and noisy(grey, "Gaussian", 5).max() <= 1


def test_noise_is_repeated_by_its_seed():
    """Same seed, same noise; another seed, another; and amount 0 changes nothing?"""
    for kind in ("salt and pepper", "Gaussian"):
        assert np.array_equal(noisy(DIGITS, kind, 0.3, 1), noisy(DIGITS, kind, 0.3, 1))
        assert not np.array_equal(noisy(DIGITS, kind, 0.3, 1), noisy(DIGITS, kind, 0.3, 2))
        assert np.array_equal(noisy(DIGITS, kind, 0), DIGITS)


def test_what_is_refused():
    """Does an unknown noise, and what are no pictures, get a sentence?"""
    with pytest.raises(ValueError, match="got 'rain'"):
        noisy(DIGITS, "rain", 0.1)
    with pytest.raises(ValueError, match="got \\(3, 100\\)"):
        turned(DIGITS[:, :100], 10)
