"""The reader's guess in a picture: marked, named, in the alt text, and absent when there is none."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from course import figures
from course.figures.guess import COLOUR, WORDS


def marks(fig):
    """The texts "your guess" in a figure, and what is drawn in the colour of guesses."""
    texts = [text for text in fig.findobj(lambda a: hasattr(a, "get_text")) if WORDS in text.get_text()]
    lines = [line for ax in fig.axes for line in ax.lines if same_color(line.get_color(), COLOUR)]
    return texts, lines


@pytest.mark.parametrize("place", [{"x": 0.1}, {"y": 0.4}, {"x": 1, "y": 2}])
def test_a_mark_is_drawn_where_the_guess_is(place):
    """Is a line or a diamond at the guess, with its name?"""
    fig = Figure()
    figures.mark_guess(fig.subplots(), **place)
    texts, (line,) = marks(fig)
    assert len(texts) == 1 and texts[0].get_gid() == "own"
    for axis, value in place.items():
        assert set(getattr(line, f"get_{axis}data")()) == {value}


def test_no_guess_no_mark():
    """Is nothing drawn where nobody guessed?"""
    for fig in (figures.named_bars(["a", "b"], [1, 2]), figures.curves([1, 2], {"a": [1, 2]}, guess={"x": None})):
        assert marks(fig) == ([], []) and "guess" not in fig.alt


def test_guesses_in_bars_and_curves():
    """Does the guess stand beside the truth, in the picture and the alt text: a name, a number of a row, on an axis?"""
    named = figures.named_bars(["dense", "convnet"], [0.9, 0.95], guess="convnet")
    assert len(marks(named)[0]) == 1 and "Marked as your guess: convnet." in named.alt
    number = figures.named_bars(["a", "b"], [1, 2], guess=("b", 1.5))
    assert marks(number)[1][0].get_xdata()[0] == 1.5 and "your guess: b 1.5." in number.alt
    lines = figures.curves([1, 2], {"a": [1, 2]}, guess={"y": 1.25})
    assert list(marks(lines)[1][0].get_ydata()) == [1.25, 1.25] and "1.25 on the y axis" in lines.alt


@pytest.mark.parametrize(
    "draw, guess, said",
    [
        (lambda g: figures.timeline(guess=g), "perceptron", "your guess: perceptron."),
        (lambda g: figures.flattened(np.eye(28), 283, guess=g), 30, "your guess: entry 30, in row 1, column 2."),
        (lambda g: figures.read_digit(np.eye(28), np.full(10, 0.1), guess=g), 0.5, "your guess: a height of 0.5."),
        (lambda g: figures.layer_points([np.eye(2)] * 2, np.arange(2), ["in", "out"], "P.", guess=g), "out",
         "your guess: out."),
        (lambda g: figures.named_bars(["a", "b", "c"], [1, 2, 3], guess=g), ["a", "c"], "your guess: a, c."),
    ],
)  # fmt: skip
def test_other_drawings_mark_a_guess(draw, guess, said):
    """Does each drawing that takes a guess mark it, name it, and leave it out where there is none?"""
    texts, _ = marks(draw(guess))
    assert texts and draw(guess).alt.endswith(f"Marked as {said}")
    assert marks(draw(None)) == ([], []) and "guess" not in draw(None).alt


def test_curves_on_each_other_are_both_seen():
    """Of two equal curves, is the first wide and pale and the second thin and dashed; are others left alone?"""
    x = np.linspace(0, 1, 50)
    both = figures.curves(x, {"one": x**2, "two": x**2 + 1e-6, "other": 1 - x}).axes[0].lines
    assert both[0].get_linewidth() > 3 * both[1].get_linewidth() and both[0].get_alpha() < 0.6
    assert both[1].get_linestyle() == "--" and both[2].get_linestyle() == "-"


def test_regions_show_where_the_answer_changes():
    """Is the plane coloured by the answer, with a line at the boundary, also when there is one answer only?"""
    points = np.array([[0.0, 0.0], [1.0, 1.0]])
    ax = Figure().subplots()
    figures.draw_regions(ax, lambda x: (x[:, 0] > 0.5).astype(int), points)
    boundary = ax.collections[-1].get_paths()[0].vertices
    assert np.allclose(boundary[:, 0], 0.5, atol=0.02) and len(ax.collections) == 3
    ax = Figure().subplots()
    figures.draw_regions(ax, lambda x: np.zeros(len(x), dtype=int), points)
    assert len(ax.collections) == 1


def test_what_does_not_hold_is_said():
    """Does a notice show its sentences, and mark the one that this run contradicts?"""
    good = figures.Notice("A.", ("B is\n   larger.", 2 > 1))
    assert good.holds and good._repr_markdown_() == "**Notice.** A. B is larger."
    bad = figures.Notice("A.", ("B is larger.", np.float64(1) > 2))
    assert not bad.holds and "*(Not so with the numbers above: B is larger.)*" in bad._repr_markdown_()
    assert repr(bad) == "Notice. A. (Not so with the numbers above: B is larger.)"
