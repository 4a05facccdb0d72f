"""The table at the end of a problem set: what the last tests said, as things stand now."""

from types import SimpleNamespace

import numpy as np
import pytest

from course.checks import CheckFailed, notebook
from course.checks.cells import Cells
from course.checks.deliver import deliver
from course.checks.overview import Overview
from course.checks.question import Question
from course.checks.record import Case

HIDDEN = [Case("a secret", {"x": np.array([3.75])}, hidden=True)]
CASES = [Case("a vector", {"x": np.array([1.0])}), Case("another", {"x": np.array([-1.0])})]
SAID = "the mark also counts hidden cases"
double = Question("double", lambda x: 2 * x, lambda: CASES, number="3a")


@pytest.fixture
def names(monkeypatch):
    """The namespace of a notebook whose setup cell has been run."""
    found = {}
    monkeypatch.setattr(notebook, "_cells", Cells(found))
    monkeypatch.setattr(notebook, "_tests", {})
    return found


def answer(names, function):
    """Define the answer and run its test, as two cells do."""
    names["double"] = function
    notebook.remember("double", function, double.run(function))


def row():
    """The row of the question as text, without its title."""
    line = repr(Overview([double])).split("\n")[1]
    assert line.startswith("  Question 3a, double  visible ")
    return line.removeprefix("  Question 3a, double  visible ")


def stub(x):
    raise NotImplementedError("Question 3a: double")


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda x: 2 * x, "2 of 2  nothing"),
        (lambda x: 2 * np.abs(x), "1 of 2  fails: another"),
        (lambda x: 3 * x, "0 of 2  fails: a vector"),
        (stub, "0 of 2  not answered yet"),
    ],
)
def test_what_the_test_said(names, function, words):
    """Does a row say how many of the visible cases passed, and what is missing?"""
    answer(names, function)
    assert row() == words


def test_what_changed_since(names):
    """Is a function without a test, one that is newer than its test, and one that is gone told from a result?"""
    assert row() == "0 of 2  `double` is not defined: run its cell"
    names["double"] = abs
    assert row() == "0 of 2  run its test cell"
    answer(names, lambda x: 2 * x)
    names["double"] = lambda x: 2 * x
    assert row() == "0 of 2  `double` is newer than its test: run the test again"
    notebook.remember("double", names["double"], "`double` was interrupted after 60 s.")
    assert row() == "0 of 2  `double` was interrupted after 60 s."


def test_an_older_function(names):
    """Is a function that its cell does not define any more said, also after a test that it passed?"""
    cells = notebook._cells
    names["double"] = lambda x: 2 * x
    info = SimpleNamespace(cell_id="a", raw_cell="def double(x): ...")
    cells.note(SimpleNamespace(info=info, error_before_exec=None, error_in_exec=None))
    notebook.remember("double", names["double"], double.run(names["double"]))
    assert row() == "2 of 2  nothing"
    cells.note(SimpleNamespace(info=info, error_before_exec=SyntaxError(), error_in_exec=None))
    assert "`double` is older than its cell" in row()


def test_hidden_cases_do_not_count(names):
    """Does the table stay with the visible cases where a test runs hidden ones too, and say that they count?"""
    answer(names, lambda x: 2 * x)
    double.run(names["double"], cases=lambda: HIDDEN)
    shown = repr(Overview([double], written=["Written question"]))
    assert shown.split("\n")[0] == (f"1 of 1 questions pass all their visible cases; {SAID}.")
    assert shown.split("\n")[2].startswith("  Written question ") and "a person reads it" in shown


def test_html(names):
    """Is the table a table with headers, each state with a word beside its colour, and the text escaped?"""
    answer(names, lambda x: 2 * np.abs(x))
    page = Overview([double])._repr_html_()
    assert "<caption" in page and page.count('scope="col"') == 3 and page.count('scope="row"') == 1
    assert "✗" in page and "1 of 2" in page and "fails: another" in page
    names.pop("double")
    assert "`double` is not defined" in Overview([double])._repr_html_()


def test_outside_a_notebook():
    """Does the table say that nothing was run, where no notebook is followed?"""
    assert "`double` is not defined" in repr(Overview([double]))


@pytest.mark.parametrize("function, words", [
    (lambda x: 2 * np.abs(x), f"Question 3a, double: visible 1 of 2; {SAID}.\n  Failing case: another"),
    (stub, f"Question 3a, double: visible 0 of 2; {SAID}.\n  To do: replace"),
])  # fmt: skip
def test_while_it_is_validated(monkeypatch, function, words):
    """Does the error say all that Validate shows of a question, in lines that it does not cut, and no traceback?"""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(CheckFailed) as caught:
        deliver(double.run(function))
    lines = caught.value._render_traceback_()
    assert "\n".join(lines).startswith(words) and max(map(len, lines)) <= 83
    monkeypatch.delenv("NBGRADER_VALIDATING")
    assert caught.value._render_traceback_() == ["Question 3a, double: not passed yet, see the report above."]
