"""Curve, slope and the ten numbers of the slide."""

import numpy as np
import pytest
import traitlets

from course.widgets import ActivationExplorer

from .conftest import settled


def test_slide_numbers():
    """Do the ten numbers of slide cmu-l10-033 come out of ReLU as on the slide?"""
    assert "After: 1, 2, 0, 0, 0.5, 0, 3, 0, 0, 1.5" in settled(ActivationExplorer()).readout


@pytest.mark.parametrize(
    ("function", "x", "value", "slope"),
    [("ReLU", 2.0, "2.0000", "1.000"), ("sigmoid", 0.0, "0.5000", "0.250"), ("tanh", 0.0, "0.0000", "1.000"),
     ("softplus", 0.0, "0.6931", "0.500")],
)  # fmt: skip
def test_values_and_slopes(function, x, value, slope):
    """Are value and measured slope those of the textbook?"""
    explorer = ActivationExplorer()
    explorer.function, explorer.x = function, x
    assert f"= {value}, slope {slope}" in settled(explorer).readout


def test_kink_of_relu():
    """At the kink, are both slopes given instead of their mean?"""
    explorer = ActivationExplorer()
    explorer.x = 0.0
    assert "a kink: slope 0.00 on the left and 1.00 on the right" in settled(explorer).readout


def test_shift_moves_all_ten():
    """Does the shift act on all ten numbers before the activation?"""
    explorer = ActivationExplorer()
    explorer.shift = -1.0
    assert "After: 0, 1, 0, 0, 0, 0, 2, 0, 0, 0.5" in settled(explorer).readout


def test_yours_is_first_choice_only_when_given():
    """Is the reader's function the one shown at first, and absent from the menu without one?"""
    assert ActivationExplorer().function == "ReLU"
    assert ActivationExplorer(activation=np.tanh).function == "yours"


def test_choosing_yours_without_a_function():
    """Is it refused with a sentence to ask for a function that was not given?"""
    with pytest.raises(traitlets.TraitError, match="there is no function of yours"):
        ActivationExplorer().function = "yours"


def test_given_derivative_is_compared():
    """Is the reader's derivative said beside the measured slope?"""
    explorer = ActivationExplorer(activation=np.tanh, derivative=lambda x: 1 - np.tanh(x))  # forgot the square
    explorer.x = 1.0
    assert "slope 0.420" in settled(explorer).readout
    assert "Your derivative says 0.2384, which is not that slope." in explorer.readout
