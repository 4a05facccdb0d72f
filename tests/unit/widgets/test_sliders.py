"""Sliders over one drawing: values reach the drawing, the page and back."""

import ipywidgets
import pytest

from course.widgets.sliders import Sliders


def draw(ax, width, kind="a"):
    """Draw a bar and say so."""
    ax.bar([0], [width])
    return f"width {width} {kind}", f"A bar of height {width}."


def test_a_slider_draws_again():
    """Does a changed value give another picture, read-out and alt text?"""
    explorer = Sliders(draw, width=(1, 9, 4))
    first = explorer.png
    assert (explorer.readout, explorer.alt) == ("width 4 a", "A bar of height 4.")
    explorer.width = 7
    assert explorer.wait()
    assert (explorer.readout, explorer.alt) == ("width 7 a", "A bar of height 7.")
    assert explorer.png != first


def test_axes_are_cleared():
    """Is only the last state in the axes?"""
    explorer = Sliders(draw, width=(1, 9, 4))
    explorer.width = 5
    assert explorer.wait()
    assert [patch.get_height() for patch in explorer.figure.axes[0].patches] == [5]


def test_lists_and_labels():
    """Do a list and pairs of label and value become a slider through their entries, with a given start?"""
    explorer = Sliders(draw, width=[1, 3, 10], kind=[("first", "a"), ("second", "b")], start={"width": 10})
    assert (explorer.width, explorer.kind) == (10, "a")
    controls = [axis.control for axis in explorer.axes]
    assert all(isinstance(control, ipywidgets.SelectionSlider) for control in controls)
    assert [control.description for control in controls] == ["Width", "Kind"]
    controls[1].value = "b"
    assert explorer.wait()
    assert explorer.readout == "width 10 b"


def test_reset():
    """Does Reset bring the first values and the same picture back?"""
    explorer = Sliders(draw, width=(1, 9, 4))
    first = explorer.png
    explorer.width = 8
    explorer.reset()
    assert explorer.wait()
    assert explorer.width == 4 and explorer.png == first


def test_two_explorers_do_not_share_their_values():
    """Is a value of one explorer unknown to another?"""
    one, two = Sliders(draw, width=(1, 9, 4)), Sliders(draw, width=(1, 9, 5))
    one.width = 9
    assert two.width == 5


def test_a_slow_function_is_computed_beside_the_page():
    """Does `draw` get what `compute` returned?"""
    explorer = Sliders(
        lambda ax, result: (f"result {result}", "no picture needed"), compute=lambda n: n**2, n=(1, 9, 3)
    )
    assert explorer.readout == "result 9"
    explorer.n = 5
    assert explorer.wait()
    assert explorer.readout == "result 25"


def test_an_error_is_shown_in_place():
    """If `compute` fails, does the explorer say so and live on?"""
    explorer = Sliders(lambda ax, result: (f"result {result}", "alt"), compute=lambda n: 12 // n, n=(0, 9, 3))
    explorer.n = 0
    assert explorer.wait()
    assert "ZeroDivisionError" in explorer.error
    explorer.n = 2
    assert explorer.wait()
    assert explorer.error == "" and explorer.readout == "result 6"


@pytest.mark.parametrize("name", ["picture", "layout", "theme", "figure", "children"])
def test_a_name_that_explorers_use_is_refused(name):
    """Does a slider with a name that is taken give a sentence instead of a riddle?"""
    with pytest.raises(ValueError, match=name):
        Sliders(lambda ax, **values: ("", ""), **{name: (1, 2, 1)})
