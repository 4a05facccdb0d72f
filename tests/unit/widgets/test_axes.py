"""Positions of controls, and their values."""

import ipywidgets as widgets
import pytest

from course.widgets.axes import Axis, only_rounded

CONTROLS = {
    "whole numbers": (lambda: widgets.IntSlider(min=2, max=10, step=2, value=4), 5, 1, [2, 4, 6, 8, 10], "4"),
    "numbers": (lambda: widgets.FloatSlider(min=-0.3, max=0.3, step=0.1, value=0.2, readout_format=".1f"), 7, 5,
                [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3], "0.2"),
    "powers": (lambda: widgets.FloatLogSlider(base=10, min=-1, max=1, step=1, value=10, readout_format=".1f"), 3, 2,
               [0.1, 1.0, 10.0], "10.0"),
    "words": (lambda: widgets.Dropdown(options=["a", "b"], value="b"), 2, 1, ["a", "b"], "b"),
    "pairs": (lambda: widgets.SelectionSlider(options=[("low", 1), ("high", 5)], value=5), 2, 1, [1, 5], "high"),
    "buttons": (lambda: widgets.ToggleButtons(options=[("Pen", "pen"), ("Eraser", "eraser")]), 2, 0,
                ["pen", "eraser"], "Pen"),
    "box": (lambda: widgets.Checkbox(value=True), 2, 1, [False, True], "on"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTROLS)
def test_positions_and_values(kind):
    """Has each kind of control its positions, from 0, their values without dust, and the words that it shows?"""
    make, length, position, values, label = CONTROLS[kind]
    axis = Axis(make(), None)
    assert (axis.length, axis.position) == (length, position)
    assert [axis.value(k) for k in range(length)] == values
    assert axis.label(position) == label
    for k in range(length):
        axis.control.value = axis.value(k)
        assert axis.position == k


def test_between_two_positions():
    """Does a value between two positions have a name of its own?"""
    slider = widgets.FloatSlider(min=-6, max=6, step=0.1, value=1.234)
    assert Axis(slider, None).position == "@1234000"


@pytest.mark.parametrize("control", [widgets.Text, widgets.FloatText, widgets.IntRangeSlider, widgets.SelectMultiple])
def test_controls_without_positions(control):
    """Has a control that is no line of positions none?"""
    axis = Axis(control(), None)
    assert (axis.length, axis.position) == (0, "@0")


def test_a_longer_slider():
    """Does an axis follow its control when that gets more positions?"""
    slider = widgets.IntSlider(max=3)
    axis = Axis(slider, None)
    slider.max = 8
    assert axis.length == 9


@pytest.mark.parametrize("slider, value, now, rounded", [
    (widgets.FloatSlider(min=-6, max=6, step=0.1), 0.7, 0.7071, True),
    (widgets.FloatSlider(min=-6, max=6, step=0.1), 0.8, 0.7071, False),
    (widgets.FloatSlider(min=-6, max=6, step=0.1), 0.23, 0.2, False),
    (widgets.FloatSlider(min=-6, max=6, step=0.1), -1 + 1e-12, -1.0, True),
    (widgets.FloatLogSlider(min=-4, max=2, step=0.05), 10**-0.4, 0.4, True),
    (widgets.FloatLogSlider(min=-4, max=2, step=0.05), 10**-0.35, 0.4, False),
])  # fmt: skip
def test_what_only_was_rounded(slider, value, now, rounded):
    """Is a value that a slider's own steps make of a number told from one that a reader chose or typed?"""
    slider.value = value
    assert only_rounded(slider, now) == rounded
