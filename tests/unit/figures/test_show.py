"""A picture goes into a notebook with alt text, or not at all."""

import struct

import pytest
from matplotlib.figure import Figure

from course.figures.show import SCALE, show


def figure():
    """A small figure, 3 by 2 inches."""
    fig = Figure(figsize=(3, 2), dpi=100)
    fig.subplots().plot([1, 2])
    return fig


def test_alt_text_is_in_the_page_and_in_the_text():
    """Does the picture say what it shows, with quotes and brackets escaped?"""
    picture = show(figure(), 'a "line"\n   that <rises>')
    assert 'alt="a &quot;line&quot; that &lt;rises&gt;"' in picture._repr_html_()
    assert repr(picture) == '[picture: a "line" that <rises>]'


def test_png_is_sharper_than_its_place_on_the_page():
    """Is the file SCALE times as wide as the image on the page?"""
    picture = show(figure(), "a line")
    assert picture.png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture.png[16:24])
    assert (width, height) == (round(300 * SCALE), round(200 * SCALE))
    assert "width:300px" in picture._repr_html_()


@pytest.mark.parametrize("alt", [None, "", "  \n"])
def test_a_picture_without_alt_text_is_refused(alt):
    """Is a picture that somebody cannot see refused with a sentence?"""
    with pytest.raises(ValueError, match="alt text"):
        show(figure(), alt)


def test_a_drawing_may_bring_its_own_sentence():
    """Is `fig.alt` used, and does a given text win over it?"""
    fig = figure()
    fig.alt = "its own"
    assert show(fig).alt == "its own"
    assert show(fig, "another").alt == "another"
