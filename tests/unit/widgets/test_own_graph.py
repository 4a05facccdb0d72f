"""Two curves, separated by a net that the reader's own graph trains: it learns, and what is wrong is said."""

import numpy as np
import pytest

from course import widgets
from course.nn import Value
from course.widgets import own_graph


def output(x, w1, b1, w2, b2):
    return (Value(x) @ w1 + b1).tanh() @ w2 + b2


def loss(x, targets, *parameters):
    return ((1 + (output(x, *parameters) * Value(-targets)).exp()).log() * (1 / len(x))).sum()


def test_the_graph_separates_the_curves(monkeypatch):
    """Does a right class learn nearly all of the points, and is that said with the picture?"""
    monkeypatch.setattr(own_graph, "STEPS", 400)
    picture = widgets.two_curves(Value, output, loss)
    share = float(picture.alt.split(": ")[1].split("%")[0])
    assert share > 95 and "after 400 steps" in picture.alt


def test_a_slow_class_makes_fewer_steps(monkeypatch):
    """Does a class that is slow stop when its time is up, with a picture of what it has learned?"""
    monkeypatch.setattr(own_graph, "SECONDS", 1e-9)
    assert "after 1 steps" in widgets.two_curves(Value, output, loss).alt


@pytest.mark.parametrize("wrong, said", [
    (lambda x, *p: 1 / 0, "ZeroDivisionError"),
    (lambda x, *p: Value(np.zeros((3, 1))), "the output of 200 points must have the shape (200, 1)"),
])  # fmt: skip
def test_what_is_wrong_is_said(wrong, said, monkeypatch):
    """Is an error, or an output of another shape, said in the place of the picture?"""
    monkeypatch.setattr(own_graph, "STEPS", 2)
    assert said in repr(widgets.two_curves(Value, wrong, loss))


def test_a_gradient_of_another_shape(monkeypatch):
    """Is a gradient that does not fit its data named, before NumPy repeats it in silence?"""

    class Flat(Value):
        @property
        def grad(self):
            return 0.0

        @grad.setter
        def grad(self, value):
            pass

    assert "a gradient has the shape ()" in repr(widgets.two_curves(Flat, output, loss))


def test_what_is_missing_is_listed():
    """Does it wait while the class is not there yet, and say for what?"""
    assert "Question 8, Value" in repr(widgets.two_curves(Value, output, loss, ["Question 8, Value: not answered yet"]))
