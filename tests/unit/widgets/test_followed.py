"""The function that is drawn is the one that is there."""

import functools
import sys
import types

import numpy as np
import pytest

from course.widgets import ActivationExplorer, DigitPad
from course.widgets.cells import CELLS
from course.widgets.followed import Followed
from course.widgets.sliders import Sliders

from .conftest import predict, settled


def relu(x):
    return np.maximum(x, 0)


def leaky(x):
    return np.where(x > 0, x, 0.1 * x)


@pytest.fixture
def notebook(monkeypatch):
    """The notebook's namespace, `__main__`, with a method that ends a cell."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    main.end_cell = CELLS.ended
    return main


def test_an_edited_function_is_drawn(notebook):
    """After `relu` was edited and its cell run, does the explorer draw the new one, controls where they were?"""
    notebook.relu = relu
    explorer = ActivationExplorer(activation=relu)
    explorer.x = -2.0
    notebook.end_cell()
    assert "f(-2.0) = 0.0000" in settled(explorer).readout
    notebook.relu = leaky
    notebook.end_cell()
    assert "f(-2.0) = -0.2000" in settled(explorer).readout
    assert explorer.x == -2.0


def test_it_is_looked_up_at_each_call(notebook):
    """Is the new function used by the next change of a control, too, before its cell has ended?"""
    notebook.relu = relu
    explorer = ActivationExplorer(activation=relu)
    notebook.end_cell()
    notebook.relu = leaky
    explorer.x = -1.0
    assert "f(-1.0) = -0.1000" in settled(explorer).readout


def test_every_kind_of_explorer_follows(notebook):
    """Do the functions in a dict, and the drawing of a few sliders, follow as well?"""
    notebook.predict, notebook.draw = predict, lambda ax, n: (f"old {n}", "alt")
    notebook.draw.__name__ = "draw"
    pad, sliders = DigitPad({"net": predict}), Sliders(notebook.draw, n=(1, 9, 4))
    notebook.end_cell()
    notebook.predict = lambda x: np.eye(10)[[3]]
    notebook.draw = lambda ax, n: (f"new {n}", "alt")
    notebook.end_cell()
    pad.strokes = [{"tool": "pen", "points": [[60, 60], [200, 60]]}]
    assert "net: 3 with 100.0 %" in settled(pad).readout
    assert settled(sliders).readout == "new 4"


def test_an_edited_class_is_followed(notebook):
    """Is a class looked up by its name, as a function is?"""
    notebook.Value = type("Value", (), {})
    followed = Followed("value", notebook.Value)
    followed.settle()
    notebook.Value = type("Value", (), {})
    assert followed.now is notebook.Value and isinstance(followed(), notebook.Value)


def test_a_function_without_a_name_stays(notebook):
    """Do lambdas, partials, methods and functions that the notebook does not hold stay what they were?"""

    class Net:
        def predict(self, x):
            return "method"

    notebook.twice = lambda x: "lambda"
    notebook.half = functools.partial(str, "partial")
    notebook.net = Net()
    for function in (notebook.twice, notebook.half, notebook.net.predict, relu):
        followed = Followed("activation", function)
        assert followed.name is None
        notebook.twice = notebook.half = notebook.predict = notebook.relu = lambda x: "another"
        assert followed.now is function


def test_another_name_than_its_own(notebook):
    """Is a function followed that the notebook holds under another name than it was defined with?"""
    notebook.draw = leaky
    followed = Followed("draw", leaky)
    followed.settle()
    notebook.draw = relu
    assert followed.now is relu


def test_the_variable_of_a_loop_is_not_followed(notebook):
    """In a loop over functions, does each explorer keep its own?"""

    def made(slope):
        return lambda x: slope * x

    explorers = []
    for slope in (2.0, 3.0):
        notebook.f = made(slope)
        notebook.f.__name__ = "line"
        explorers.append(ActivationExplorer(activation=notebook.f))
    notebook.end_cell()
    for explorer, value in zip(explorers, ("2.0000", "3.0000"), strict=True):
        explorer.refresh()
        assert f"f(1.0) = {value}" in settled(explorer).readout


def test_a_name_that_is_gone(notebook):
    """If the name is deleted or holds no function any more, is the function that was given still drawn?"""
    notebook.relu = relu
    followed = Followed("activation", relu)
    followed.settle()
    notebook.relu = 3
    assert followed.now is relu
    del notebook.relu
    assert followed.now is relu and not followed.changed()


def test_an_error_in_the_edited_function_is_shown(notebook):
    """Is an error of the new function shown in place, and gone with the next edit?"""
    notebook.relu = relu
    explorer = ActivationExplorer(activation=relu)
    notebook.end_cell()

    def broken(x):
        raise ValueError("not yet")

    notebook.relu = broken
    notebook.end_cell()
    assert "ValueError: not yet" in settled(explorer).error
    notebook.relu = relu
    notebook.end_cell()
    assert settled(explorer).error == ""


def test_an_explorer_that_nobody_holds_is_not_called():
    """Does the list of explorers to tell forget one that is gone?"""

    class Listener:
        def hear(self):
            calls.append(1)

    calls, listener = [], Listener()
    CELLS.after(listener.hear)
    CELLS.ended()
    del listener
    CELLS.ended()
    assert calls == [1]
