"""Repainting a drawing: what has the theme's colours changes, what has a meaning stays."""

import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure

from course import figures
from course.figures.style import BLUE, THEMES
from course.figures.theme import repaint

from .test_drawings import DRAWINGS


def colours(figure):
    """All plain colours that stand in a figure, of lines, patches, collections and texts that can be seen."""
    found = set()
    for artist in figure.findobj(lambda artist: artist.get_visible() and artist.get_gid() != "own"):
        for name in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
            value = getattr(artist, f"get_{name}", lambda: ())()
            for one in np.atleast_2d(value) if not isinstance(value, str) else [value]:
                if len(one) and not (isinstance(one, str) and one in ("auto", "none", "face")):
                    found.add(to_hex(one))
    return found


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_follows(name):
    """In the dark, is nothing left of light paper, ink or faint lines, and the other way round?"""
    fig = DRAWINGS[name]()
    fig.draw_without_rendering()  # ticks are made while drawing
    for theme, other in (("dark", "light"), ("light", "dark")):
        repaint(fig, theme)
        left = colours(fig) & set(THEMES[other].values())
        assert left == set()


def test_there_and_back_is_the_same():
    """After light, dark and light again, are the pictures equal, pixel by pixel?"""
    fig = DRAWINGS["confusion"]()
    before = figures.show(fig)
    after = figures.show(fig)
    assert before.light == after.light and before.dark == after.dark and before.light != before.dark


def test_colours_with_a_meaning_stay():
    """Do a blue line, a white number on a coloured field and half-transparent ink keep what they are?"""
    fig = Figure()
    ax = fig.subplots()
    (line,) = ax.plot([1, 2], color=BLUE)
    number = ax.text(0, 0, "7", color="white", gid="own")
    span = ax.axvspan(0, 1, color=THEMES["light"]["ink"], alpha=0.3)
    repaint(fig, "dark")
    assert same_color(line.get_color(), BLUE) and same_color(number.get_color(), "white")
    assert to_hex(span.get_facecolor()) == THEMES["dark"]["ink"]
    assert span.get_facecolor()[3] == pytest.approx(0.3)


def test_a_digit_is_ink_on_the_paper():
    """Is a digit dark on light paper and light on dark paper, and the diagonal of a confusion matrix paper?"""
    fig = figures.digit_grid(np.zeros((1, 784)))
    image = fig.axes[0].images[0]
    for theme in THEMES:
        repaint(fig, theme)
        background = image.get_cmap()(0.0)
        assert (sum(background[:3]) > 1.5) == (theme == "light")
    fig = figures.confusion(np.array([[5, 1], [3, 9]]))
    repaint(fig, "dark")
    assert to_hex(fig.axes[0].images[0].get_cmap()(np.nan)) == THEMES["dark"]["paper"]
