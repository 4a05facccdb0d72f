"""Pooling: the numbers of the deck, which shifts a pooled result does not notice, average, and what is left out."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import PoolingExplorer

from .conftest import settled


def outputs(explorer):
    """The pooled texts at each shift."""
    return [shift["out"] for shift in explorer.picture.scene["shifts"]]


def test_the_decks_numbers():
    """Do the sixteen numbers become [[6, 8], [3, 4]], with the winners where the largest stand?"""
    explorer = settled(PoolingExplorer())
    assert outputs(explorer)[0] == [["6", "8"], ["3", "4"]] and explorer.error == ""
    assert explorer.picture.scene["shifts"][0]["winners"] == [[1, 1], [1, 3], [2, 0], [3, 3]]
    assert "rows (4 - 2) / 2 + 1 = 2" in explorer.readout and "16 numbers become 4" in explorer.readout
    explorer.cell = 3
    assert "Window D, from row 3, column 3: 1, 0, 3, 4. The largest is 4" in explorer.readout


@pytest.mark.parametrize("shift, stays, changed", [(1, True, 0), (2, False, 2), (3, False, 2)])
def test_a_shift_inside_the_window(shift, stays, changed):
    """Is a bright pixel's shift unseen while it stays in its window, and seen when it enters the next one?"""
    explorer = PoolingExplorer()
    explorer._source.value = "one bright pixel"
    explorer.shift = shift
    said = "stays" if stays else "changes"
    assert f"Shift {shift}: the pooled result {said}." in settled(explorer).readout
    assert f"and {changed} of 4 pooled ones" in explorer.readout
    assert sum(explorer.picture.scene["shifts"][shift]["changed"]) == changed
    assert f"{changed} of 4 pooled numbers differ" in explorer.alt


def test_the_function_gets_all_shifts_at_once():
    """Does one call hold the picture at every shift, with zeros coming in, and window and stride?"""
    asked = []
    explorer = settled(PoolingExplorer(lambda *given: asked.append(given) or nn.max_pool2d(*given)))
    ((x, window, stride),) = asked
    assert x.shape == (4, 1, 4, 4) and (window, stride) == (2, 2)
    np.testing.assert_array_equal(x[1, 0], np.pad(explorer.values, ((0, 0), (1, 0)))[:, :4])
    explorer.shift = 2
    explorer.cell = 1
    explorer.kind = "average"
    assert len(asked) == 1, "what moves asks nobody"


def test_average_and_overlapping_windows():
    """Is the average that of the window, and does a window of 3 with stride 1 overlap?"""
    explorer = PoolingExplorer()
    explorer.kind = "average"
    assert outputs(explorer)[0] == [["3.25", "5.25"], ["2", "2"]]
    explorer.window = 3
    assert explorer.stride == 3 and outputs(settled(explorer))[0] == [["3.11"]]
    assert "the last 1 rows and 1 columns" in explorer.readout
    explorer.stride = 1
    explorer.kind = "max"
    assert outputs(settled(explorer))[0] == [["7", "8"], ["7", "8"]]
    explorer.reset()
    assert (explorer.window, explorer.stride, explorer.kind) == (2, 2, "max")


def test_a_wrong_cell_is_named():
    """Does a function that takes the first number of each window hear where, what it said, and what is largest?"""
    explorer = settled(PoolingExplorer(lambda x, size, stride: x[:, :, ::stride, ::stride]))
    assert "First at shift 0, row 1, column 1: it says 1, the largest is 6." in explorer.error
    assert "Your max_pool2d says 1; the largest is 6." in explorer.readout


def test_numbers_are_edited_and_a_digit_is_there():
    """Does a typed number count, and is a digit of 28 × 28 pooled, with more changed in the picture than behind it?"""
    explorer = settled(PoolingExplorer())
    explorer.picture._handle_custom_msg({"write": [[0, 0], 9]}, [])
    assert outputs(settled(explorer))[0] == [["9", "8"], ["3", "4"]] and explorer._source.value == "your own"
    explorer._source.value = "a digit"
    explorer.shift = 1
    x, out = np.array(explorer.values), nn.max_pool2d(np.array(explorer.values)[None, None], 2)[0, 0]
    moved = np.pad(x, ((0, 0), (1, 0)))[:, :28]
    pooled = nn.max_pool2d(moved[None, None], 2)[0, 0]
    assert f"{(moved != x).sum()} of 784 numbers" in settled(explorer).readout
    assert f"{(pooled != out).sum()} of 196 pooled" in explorer.readout
    assert 0 < (pooled != out).sum() < (moved != x).sum()


def test_windows_and_values_that_do_not_fit():
    """Are a window without room, numbers that are none and a wrong digit said in a sentence?"""
    explorer = PoolingExplorer(values=[[1, 2]])
    assert "A window of 2 has no room in 1 rows and 2 columns." in settled(explorer).error
    with pytest.raises(ValueError, match="values must have"):
        PoolingExplorer(values=np.ones((30, 30)))
    with pytest.raises(traitlets.TraitError, match="finite"):
        explorer.values = [[np.inf, 1]]
    with pytest.raises(ValueError, match="28x28"):
        PoolingExplorer(digit=np.ones(100))
