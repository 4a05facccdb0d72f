"""The reader's guess: kept, shown by the picture that answers, and never needed."""

import pytest
import traitlets
from IPython.core.formatters import DisplayFormatter

from course import figures
from course.widgets import Guess, guess


class Handle:
    """Stands for the place of a display in a notebook."""

    def __init__(self):
        self.shown = []

    def update(self, picture):
        self.shown.append(picture)


@pytest.fixture
def shown(monkeypatch):
    """What the answers show: one handle for each, its pictures in order."""
    handles = []

    def display(picture, display_id):
        handles.append(Handle())
        handles[-1].update(picture)
        return handles[-1]

    monkeypatch.setattr(guess, "display", display)
    monkeypatch.setattr(Guess, "_made", {})
    return handles


def bars(value):
    return figures.named_bars(["a", "b"], [1, 2], guess=value)


def test_without_a_guess_the_truth_stands_alone(shown):
    """Does everything run without a guess, with no mark in the picture and the truth below it?"""
    asked = Guess("Which?", ["a", "b"])
    asked.answer("It is b.", bars)
    (handle,) = shown
    assert asked.value is None and handle.shown[0].caption == "It is b." and "guess" not in handle.shown[0].alt


def test_the_picture_shows_the_guess_beside_the_truth(shown):
    """Is the guess marked, in the alt text and in words, when made before, and at once when made or changed later?"""
    asked = Guess("Which?", ["a", "b"])
    asked.guess("a")
    asked.answer("It is b.", bars)
    asked.guess("b")
    asked.chosen = None
    before, changed, cleared = shown[0].shown
    assert before.caption == "Your guess: a. It is b." and "Marked as your guess: a." in before.alt
    assert changed.caption == "Your guess: b. It is b." and "Marked as your guess: b." in changed.alt
    assert cleared.caption == "It is b."


def test_a_number_stays_within_its_bounds(shown):
    """Is a number taken with its unit, and held between smallest and largest?"""
    asked = Guess("How many?", number=(0, 100), unit=" %")
    asked.guess(30)
    assert asked.value == 30 and asked.said == "Your guess: 30 %."
    asked.guess(1000)
    assert asked.value == 100


def test_choices_may_be_numbers(shown):
    """Does a choice come back as what it was, not as its label?"""
    asked = Guess("How weak?", [0.3, 0.1, 0.05])
    asked.guess(0.1)
    assert asked.value == 0.1 and asked.said == "Your guess: 0.1."
    with pytest.raises(ValueError, match="Choose one of 0.3, 0.1, 0.05; got 7"):
        asked.guess(7)
    with pytest.raises(traitlets.TraitError, match="3 choices"):
        asked.chosen = 5


def test_running_the_cell_again_keeps_the_guess(shown):
    """Does the same question find its guess again, and do pictures shown before follow the new control?"""
    first = Guess("Which?", ["a", "b"])
    first.answer("It is b.", bars)
    first.guess("a")
    again = Guess("Which?", ["a", "b"])
    assert again.value == "a"
    again.guess("b")
    assert shown[0].shown[-1].caption == "Your guess: b. It is b."
    assert Guess("Another?", ["a", "b"]).value is None
    assert Guess("Which?", ["a", "b", "c"]).value is None  # other choices: another question


@pytest.mark.parametrize(
    "options, said",
    [
        ({}, "either choices or a number"),
        ({"choices": ["a"], "number": (0, 1)}, "either choices or a number"),
        ({"choices": ["a"]}, "two or more different choices"),
        ({"choices": ["a", "a", "b"]}, "two or more different choices"),
        ({"number": (1, 1)}, "smallest, largest"),
    ],
)
def test_a_question_that_cannot_be_answered(shown, options, said):
    """Is a control without choices refused, with what it needs?"""
    with pytest.raises(ValueError, match=said):
        Guess("Which?", **options)


def test_without_a_kernel_the_question_stands(shown):
    """Does an exported page show the question with its choices, and the guess, as text?"""
    asked = Guess("Is 1 < 2?", ["yes", "no"])
    asked.guess("yes")
    data, _ = DisplayFormatter().format(asked)
    assert data["text/html"] == (
        '<p class="course-guess"><b>Guess.</b> Is 1 &lt; 2? (yes / no) Your guess: yes.</p>'
    )
    assert data["text/plain"] == "Guess. Is 1 < 2? (yes / no) Your guess: yes."
    assert "application/vnd.jupyter.widget-view+json" in data


def test_all_guesses_of_a_notebook_can_be_made(shown):
    """Does the kernel know each question once, a possible guess for it, and what answers it?"""
    Guess("Which?", ["a", "b"]).answer("It is a.", bars)
    asked = Guess("Which?", ["a", "b"])
    asked.answer("It is b.", bars)
    number = Guess("How many?", number=(0, 100))
    assert Guess.asked() == [asked, number]
    assert [truth for truth, _ in asked.answers] == ["It is b."] and number.answers == []
    for one in Guess.asked():
        one.guess(one.middle)
    assert asked.caption("It is b.") == "Your guess: b. It is b." and number.value == 50


def test_later_cells_may_use_the_names_again(shown):
    """Does a guess that is made after later cells have used the same names still draw what its cell drew?"""
    cell = """
rows = ["a", "b"]
guess = Guess("Which?", ["a", "b"])
guess.answer("It is b.", lambda g: figures.named_bars(rows, [len(row) + k for k, row in enumerate(rows)], guess=g))
rows = [3.0]
"""
    exec(cell, names := {"Guess": Guess, "figures": figures})
    names["guess"].guess("b")
    (handle,) = shown
    assert len(handle.shown) == 2 and "Marked as your guess" in handle.shown[-1].alt
