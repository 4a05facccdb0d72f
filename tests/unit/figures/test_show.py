"""A picture goes into a notebook with alt text, or not at all."""

import io
import re
import struct

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from course.figures.show import COLOURS, SCALE, picture, show
from course.figures.style import BLUE, THEMES


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
    for file in (picture.light, picture.dark):
        assert file.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", file[16:24])
        assert (width, height) == (round(300 * SCALE), round(200 * SCALE))
    assert "width:300px" in picture._repr_html_()


def pixels(file):
    """The colours of a PNG, (H, W, 3) from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


def test_both_themes_are_in_the_output():
    """Is the picture there on light and on dark paper, with ink of the theme, and does a line keep its colour?"""
    fig = figure()
    fig.axes[0].plot([2, 1], color=BLUE)
    fig.axes[0].plot([2, 2], color=THEMES["light"]["ink"])
    picture = show(fig, "a line")
    for name, file in (("light", picture.light), ("dark", picture.dark)):
        drawn = pixels(file)
        paper, ink, line = (np.array(to_rgb(c)) * 255 for c in (THEMES[name]["paper"], THEMES[name]["ink"], BLUE))
        assert np.abs(drawn[0, 0] - paper).max() < 2
        for colour in (ink, line):
            assert np.abs(drawn - colour).max(axis=2).min() < 12
        other = THEMES["dark" if name == "light" else "light"]
        assert np.abs(drawn - np.array(to_rgb(other["paper"])) * 255).max(axis=2).min() > 5


def test_the_page_without_style_sheets_shows_one():
    """Is the dark picture hidden by itself, so that a page that drops styles shows one picture and not two?"""
    page = show(figure(), "a line")._repr_html_()
    images = re.findall("<img [^>]*>", page)
    assert len(images) == 2 and all('alt="a line"' in image for image in images)
    assert [" hidden " in image for image in images] == [False, True]


def test_a_figure_may_be_drawn_again():
    """After both pictures, does a figure that lives on lay itself out anew?"""
    fig = figure()
    fig.set_layout_engine("constrained")
    engine = fig.get_layout_engine()
    picture(fig, "a line")
    assert fig.get_layout_engine() is engine


def test_a_caption_stands_below():
    """Is a sentence below the picture in the page, escaped, and in the text?"""
    shown = show(figure(), "a line", "1 < 2")
    assert "<figcaption>1 &lt; 2</figcaption>" in shown._repr_html_() and repr(shown).endswith("\n1 < 2")
    assert "figcaption" not in show(figure(), "a line")._repr_html_()


def test_a_photo_keeps_its_colours():
    """Are charts stored with few colours, and photographs with all, in a file that is still small?"""
    fig = Figure(figsize=(3, 2), dpi=100)
    x, y = np.meshgrid(np.linspace(0, 1, 300), np.linspace(0, 1, 200))
    fig.subplots().imshow(np.stack([x, y, 1 - x], axis=2))
    photo = show(fig, "a photo")
    assert len(np.unique(pixels(photo.light).reshape(-1, 3), axis=0)) > 1000
    assert "data:image/jpeg;base64" in photo._repr_html_() and len(photo.light) < 50_000
    assert len(np.unique(pixels(show(figure(), "a line").light).reshape(-1, 3), axis=0)) <= COLOURS


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
