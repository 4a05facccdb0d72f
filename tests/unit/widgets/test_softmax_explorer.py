"""Logits to probabilities: the slide's numbers, shift invariance, overflow of the naive form."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import SoftmaxExplorer
from course.widgets.softmax_explorer import naive_softmax

from .conftest import settled

SLIDE = "0.0689, 0.1874, 0.0093, 0.0254, 0.0418, 0.0034, 0.5094, 0.0254, 0.0154, 0.1137"


def test_slide_numbers():
    """Are the ten probabilities those of slide cmu-l10-034, and the loss -ln 0.5094?"""
    explorer = settled(SoftmaxExplorer())
    assert SLIDE in explorer.readout
    assert "-ln p[6] = 0.6746" in explorer.readout


def test_offset_changes_nothing_but_breaks_the_naive_form():
    """With an offset of 1000, do yours stay and does the naive form become nan?"""
    explorer = SoftmaxExplorer()
    explorer.offset = 1000
    assert SLIDE in settled(explorer).readout
    assert "naive form gives nan in 10 of 10 places" in explorer.readout
    assert explorer.error == ""


def test_naive_function_of_the_reader_is_found_out():
    """Does the reader's own naive softmax show nan marked and a sentence, and recover?"""
    explorer = SoftmaxExplorer(softmax=naive_softmax)
    explorer.offset = 1000
    assert "returned nan in 10 of 10 places" in settled(explorer).error
    assert [text.get_text() for text in explorer._p_marks] == ["nan"] * 10
    explorer.offset = 0
    assert SLIDE in settled(explorer).readout
    assert explorer.error == ""


def test_temperature_divides():
    """Is a temperature of 2 the same as half the logits?"""
    explorer = SoftmaxExplorer(logits=[2.0, 0.0], label=0)
    explorer.temperature = 2.0
    expected = nn.softmax(np.array([1.0, 0.0]))
    assert f"{expected[0]:.4f}, {expected[1]:.4f}" in settled(explorer).readout


def test_gradient_is_p_minus_y():
    """Is the gradient p - y for the chosen true class?"""
    explorer = SoftmaxExplorer(logits=[0.0, 0.0], label=1)
    assert "Gradient p - y: +0.500, -0.500" in settled(explorer).readout
    explorer.label = 0
    assert "Gradient p - y: -0.500, +0.500" in settled(explorer).readout


@pytest.mark.parametrize("wrong", [lambda z: np.exp(z), lambda z: nn.softmax(z.T).T])
def test_sum_is_checked(wrong):
    """Is it said when the numbers do not sum to 1: no division, or the wrong axis?"""
    assert "Expected probabilities, with sum 1" in settled(SoftmaxExplorer(softmax=wrong)).error


def test_sliders_and_traits_are_tied_both_ways():
    """Does a slider move the trait, and the trait the slider, with one picture each?"""
    explorer = SoftmaxExplorer(logits=[0.0, 0.0, 0.0], label=0)
    explorer._sliders[1].value = 2.0
    assert explorer.logits == [0.0, 2.0, 0.0]
    explorer.logits = [1.0, 1.0, -1.0]
    assert [slider.value for slider in explorer._sliders] == [1.0, 1.0, -1.0]
    settled(explorer)


def test_one_dimensional_functions():
    """With batch=False, is a function of (n,) taken, such as the slide's code?"""

    def slide(z):
        assert z.shape == (10,)
        exp = np.exp(z)
        return exp / np.sum(exp)

    assert SLIDE in settled(SoftmaxExplorer(softmax=slide, batch=False)).readout


def test_bad_arguments():
    """Are logits and labels that make no sense refused with a sentence?"""
    with pytest.raises(ValueError, match="2 to 12 numbers"):
        SoftmaxExplorer(logits=[1.0])
    with pytest.raises(ValueError, match="label must be from 0 to 1"):
        SoftmaxExplorer(logits=[1.0, 2.0], label=2)
    with pytest.raises(traitlets.TraitError, match="this explorer has 10 logits"):
        SoftmaxExplorer().logits = [1.0]
