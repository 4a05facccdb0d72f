"""What every explorer promises: the reader's own function, errors in place, slow functions, stills, themes."""

import time

import numpy as np
import pytest
import traitlets

from course.widgets import ActivationExplorer, AdversarialExplorer, DigitPad, SoftmaxExplorer
from course.widgets.base import Explorer
from course.widgets.live import Live

from .conftest import make_activation, settled


def drawn_things(explorer):
    return [(id(axes), [id(child) for child in axes.get_children()]) for axes in explorer.figure.axes]


def exchangeable(kind):
    """An explorer and its function; the function's `body` can be exchanged."""
    make, right, _, _ = kind

    def function(x):
        return function.body(x)

    function.body = right
    return settled(make(function)), function


def test_two_functions_differ(kind):
    """Do a right and a wrong function give different read-outs and pictures?"""
    make, right, wrong, _ = kind
    first, second = settled(make(right)), settled(make(wrong))
    assert first.error == ""
    assert first.readout != second.readout
    assert first.png != second.png


def test_error_is_shown_in_place(kind):
    """Does an exception show type, text and the reader's own line, and does the explorer live on?"""
    make, right, _, (trait, value) = kind
    broken = False

    def reader_function(x):
        if broken:
            raise ValueError("no <good> idea")
        return right(x)

    explorer = settled(make(reader_function))
    before = getattr(explorer, trait)
    broken = True
    setattr(explorer, trait, value)
    settled(explorer)
    assert "ValueError: no <good> idea" in explorer.error
    assert "in reader_function" in explorer.error
    assert 'raise ValueError("no <good> idea")' in explorer.error
    assert "reader.py" not in explorer.error and "in compute" not in explorer.error
    broken = False
    setattr(explorer, trait, before)
    assert settled(explorer).error == ""


def test_any_exception_is_caught(kind):
    """Does even an exception that is not an Exception stay inside?"""
    explorer, function = exchangeable(kind)
    for error in (NotImplementedError, SystemExit, KeyboardInterrupt, RecursionError):

        def reader_function(x, error=error):
            raise error("stop here")

        function.body = reader_function
        explorer.refresh()
        assert f"{error.__name__}: stop here" in settled(explorer).error


WRONG_RETURNS = [
    (None, "None (a function without `return` does that)"),
    ("text", "a string, 'text'"),
    ([1.0, 2.0], "a list of length 2"),
    (3.5, "a single number, 3.5"),
    (np.zeros((3, 2)), "an array of shape (3, 2)"),
    (np.array([object()]), "an array of dtype object"),
    (np.zeros(3, dtype=complex), "an array of dtype complex128"),
    ({}, "an object of type dict"),
]


def test_wrong_return_is_a_sentence(kind):
    """Does a wrong return value give a sentence that says what came back and what was expected?"""
    explorer, function = exchangeable(kind)
    for value, sentence in WRONG_RETURNS:
        function.body = lambda x, value=value: value
        explorer.refresh()
        assert f"returned {sentence}" in settled(explorer).error
        assert "Expected an array of shape (" in explorer.error
        assert "Traceback" not in explorer.error


def test_nan_is_a_sentence(kind):
    """Does nan give a sentence, and does the explorer still draw?"""
    make, right, _, _ = kind
    explorer = settled(make(lambda x: right(x) * np.nan))
    assert "returned nan" in explorer.error
    assert "Expected finite numbers" in explorer.error
    assert explorer.png


def test_extreme_values_do_no_harm(kind):
    """Do infinite, huge and tiny numbers leave the explorer alive, with a new picture?"""
    explorer, function = exchangeable(kind)
    for value in (np.inf, -np.inf, 1e308, -1e308, 1e-320, 0.0):
        function.body = lambda x, value=value: np.full_like(kind[1](x), value)
        explorer.refresh()
        assert not settled(explorer).picture.stale, f"{value}: {explorer.error}"


def test_input_changed_in_place(kind):
    """Does a function that overwrites its input leave the explorer unharmed?"""
    make, right, _, _ = kind

    def overwrites(x):
        answer = right(x)
        x[...] = 0
        return answer

    assert settled(make(overwrites)).readout == settled(make(right)).readout


def test_slow_function_shows_progress_then_result(kind, gate):
    """Does a slow function leave the caller free, say so, and be drawn when it comes?"""
    make, right, _, _ = kind
    explorer = make(gate(right), patience=0.05)
    assert "your function is still running" in explorer.status
    assert explorer._stop.layout.display == ""
    waiting = explorer.png
    gate.open()
    settled(explorer)
    assert explorer.png != waiting
    assert explorer.status == ""
    assert explorer._stop.layout.display == "none"
    assert explorer.readout == settled(make(right)).readout


def test_latest_wins(gate):
    """Of many changes during a slow call, is only the newest one run?"""
    seen = []

    class Slow(Explorer):
        state = ("number",)
        number = traitlets.Int(0)

        def build(self, figure):
            self.text = figure.subplots().text(0, 0, "")

        def controls(self):
            return []

        def compute(self, number):
            seen.append(number)
            gate.event.wait(20)
            return {"number": number}

        def show(self, result):
            return str(result["number"]), str(result["number"])

    explorer = Slow(patience=0.05)
    for number in range(1, 6):
        explorer.number = number
    gate.open()
    settled(explorer)
    assert seen == [0, 5]
    assert explorer.readout == "5"


def test_stop_button_ends_an_endless_function():
    """Does Stop end a function that never returns, and can the reader go on?"""
    endless = True

    def reader_function(x):
        while endless:
            time.sleep(0.001)
        return x

    explorer = make_activation(reader_function, patience=0.05)
    assert "still running" in explorer.status
    explorer._stop.click()
    settled(explorer)
    assert explorer.error.startswith("Stopped")
    endless = False
    explorer.x = 2.0
    assert settled(explorer).error == ""


def test_artists_are_updated_not_rebuilt(kind):
    """After a change of state, are figure, axes and artists the same objects, or what the page draws another scene?"""
    make, right, _, (trait, value) = kind
    explorer = settled(make(right))
    figure, things, png = explorer.figure, drawn_things(explorer), explorer.png
    scene = explorer.picture.scene if isinstance(explorer, Live) else None
    setattr(explorer, trait, value)
    settled(explorer)
    assert explorer.figure is figure
    assert drawn_things(explorer) == things
    assert explorer.png != png
    assert scene is None or explorer.picture.scene != scene


def test_reset_brings_the_same_numbers(kind):
    """After Reset, are read-out, alt text and picture the same as at the start?"""
    make, right, _, (trait, value) = kind
    explorer = make(right)
    explorer.reset()
    settled(explorer)
    start = explorer.readout, explorer.alt, explorer.png
    setattr(explorer, trait, value)
    settled(explorer)
    assert explorer.readout != start[0]
    explorer._reset.click()
    settled(explorer)
    assert (explorer.readout, explorer.alt, explorer.png) == start


def test_alt_text_follows_the_state(kind):
    """Does the alt text change with what the picture shows?"""
    make, right, _, (trait, value) = kind
    explorer = settled(make(right))
    explorer.reset()
    alt = settled(explorer).alt
    setattr(explorer, trait, value)
    assert settled(explorer).alt != alt
    assert explorer.picture.alt == explorer.alt


def test_old_picture_says_that_it_is_old(kind):
    """When a new call fails, do the picture and its alt text say that they are out of date?"""
    make, right, _, (trait, value) = kind
    works = True
    explorer = settled(make(lambda x: right(x) if works else None))
    works = False
    setattr(explorer, trait, value)
    settled(explorer)
    if isinstance(explorer, DigitPad):  # draws what the net sees, and no bars
        assert "no answer" in explorer.alt
    else:
        assert explorer.picture.stale
        assert explorer.alt.startswith("Out of date.")


def test_dark_theme_changes_the_picture(kind):
    """Is the dark picture another one, are the numbers the same, and is light again the same picture?"""
    make, right, _, _ = kind
    explorer = settled(make(right))
    light, readout = explorer.png, explorer.readout
    explorer.theme = "dark"
    dark = explorer.png
    explorer.theme = "light"
    assert dark != light
    assert explorer.png == light
    assert explorer.readout == readout


def test_page_tells_the_theme(kind):
    """Does the explorer follow the page's theme, unless the reader chose one?"""
    make, right, _, _ = kind
    following, fixed = settled(make(right)), settled(make(right, theme="light"))
    for explorer in (following, fixed):
        explorer.picture.page_theme = "dark"
    assert following.theme == "dark"
    assert fixed.theme == "light"


def test_every_control_has_a_description(kind):
    """Does every slider, menu and button say what it is?"""
    make, right, _, _ = kind

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    controls = [widget for widget in walk(make(right)) if hasattr(widget, "description")]
    assert len(controls) >= 4
    assert all(control.description for control in controls)


def test_not_a_function_is_refused():
    """Is a result instead of a function refused in the cell that makes the explorer?"""
    for make in (
        lambda: ActivationExplorer(activation=np.zeros(3)),
        lambda: SoftmaxExplorer(softmax=None),
        lambda: DigitPad({"net": 3}),
        lambda: AdversarialExplorer(np.zeros((1, 784)), np.zeros(1, dtype=int), "net", abs),
    ):
        with pytest.raises(TypeError, match="must be a function"):
            make()
