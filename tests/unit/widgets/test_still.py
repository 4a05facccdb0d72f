"""What is left of an explorer without a kernel: the still picture, and sliders over saved frames."""

import json
import re

import numpy as np
import pytest

from course.widgets import ActivationExplorer
from course.widgets.sliders import Sliders
from course.widgets.still import Still, saved_frames, thinned

from .conftest import settled


def draw(ax, width, kind):
    ax.bar([0], [width])
    return f"width {width} {kind}", f"A bar of height {width}, {kind}."


def made(**kwargs):
    return Sliders(draw, width=(1, 9, 4), kind=[("first", "a"), ("second", "b")], size=(2, 1), **kwargs)


def data_of(page):
    """The saved frames in a still's HTML, or None."""
    found = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_the_still_says_what_the_explorer_says(kind):
    """Are picture, alt text and numbers of every explorer there, for light pages and for dark ones, and as text?"""
    make, right, _, _ = kind
    explorer = settled(make(right))
    png = explorer.png
    still = Still(explorer)
    page = still._repr_html_()
    assert page.count('<img alt="') == 1 and page.count('<img hidden alt="') == 1
    light, dark = re.findall("data:image/png;base64,([^\"]*)", page)
    assert light.startswith("iVBOR") and dark.startswith("iVBOR") and light != dark
    assert explorer.readout in repr(still) and still._repr_png_() == png
    assert f'data-explorer="{explorer.model_id}"' in page
    assert data_of(page) is None, "frames are saved only where they are asked for"
    explorer.refresh()
    assert settled(explorer).png == png, "the dark picture left nothing behind"


def test_a_cell_shows_the_still_and_the_explorer(monkeypatch):
    """Are there two outputs, the still with all its forms and the live view with nothing else?"""
    shown = []
    monkeypatch.setattr("course.widgets.base.display", lambda what, raw=False: shown.append((what, raw)))
    explorer = made()
    explorer._ipython_display_()
    (still, raw_still), (live, raw_live) = shown
    assert isinstance(still, Still) and not raw_still and raw_live
    assert live.pop("application/vnd.jupyter.widget-view+json")["model_id"] == explorer.model_id
    assert set(live.values()) == {""}


def test_few_states_are_saved_all():
    """Where all states are few enough, is each there, with its own picture and words?"""
    saved = saved_frames(made(), 18)
    assert saved["together"] and saved["start"] == [3, 0] and len(saved["frames"]) == 18
    assert saved["frames"]["8,1"]["words"] == "width 9 b"
    assert len({frame["png"] for frame in saved["frames"].values()}) == 9
    assert [axis["name"] for axis in saved["axes"]] == ["Width", "Kind"]
    assert saved["axes"][1]["labels"] == ["first", "second"]


def test_of_many_states_one_control_moves_at_a_time():
    """Where all states are too many, is there a line for each control through the first state, within the number?"""
    saved = saved_frames(made(), 8)
    assert not saved["together"] and "3,0" in saved["frames"] and "3,1" in saved["frames"]
    assert len(saved["frames"]) <= 8
    assert saved["axes"][0]["places"][0] == 0 and saved["axes"][0]["places"][-1] == 8


@pytest.mark.parametrize("most", [2, 5, 20, 50, 200])
def test_thinned_axes(most):
    """Do thinned axes keep their ends and their start, and together at most so many pictures?"""
    lengths, start = [121, 61, 2, 7], [70, 30, 0, 6]
    chosen = thinned([list(range(length)) for length in lengths], start, most)
    assert 1 + sum(len(places) - 1 for places in chosen) <= max(most, 1 + len(lengths) * 2)
    for places, first in zip(chosen, start, strict=True):
        assert first in places and places == sorted(set(places))
    if most >= 50:
        assert all(places[0] == 0 and places[-1] == length - 1
                   for places, length in zip(chosen, lengths, strict=True))  # fmt: skip


def test_nothing_is_saved_of_a_function_that_is_not_called_ahead():
    """Is a function that prints, or answers with chance, left alone: a still without sliders?"""

    def prints(x):
        print("hello")
        return x

    for function in (prints, lambda x: x + np.random.default_rng().normal()):
        assert saved_frames(settled(ActivationExplorer(activation=function)), 10) is None


def test_the_environment_asks_for_frames(monkeypatch):
    """Does the still hold frames where COURSE_SAVED_FRAMES says how many, and words that HTML cannot misread?"""
    monkeypatch.setenv("COURSE_SAVED_FRAMES", "30")
    explorer = Sliders(lambda ax, n: (f"</script> {n}", "alt"), n=(1, 3, 2), size=(2, 1))
    page = Still(explorer)._repr_html_()
    assert sorted(data_of(page)["frames"]) == ["0", "1", "2"]
    assert data_of(page)["frames"]["2"]["words"] == "</script> 3"
    assert page.count("</script>") == 2


def test_a_state_that_fails_has_no_picture():
    """Is a state in which the function raises left out, and the others kept?"""
    explorer = Sliders(lambda ax, r: (f"{r}", f"{r}"), compute=lambda n: 6 // n, n=(0, 3, 2), size=(2, 1))
    assert sorted(saved_frames(explorer, 30)["frames"]) == ["1", "2", "3"]
