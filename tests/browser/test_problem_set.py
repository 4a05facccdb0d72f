"""A problem set as a student meets it in JupyterLab: Run All with open questions, its end, and Validate."""

import copy
import re

import nbformat
import pytest

from course.grading.samples import Sample, submission
from tests.browser.conftest import REPOSITORY
from tests.notebooks.executed import SOLUTIONS
from tests.notebooks.test_problem_sets import HALF, HIDDEN, PS1, RELEASED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SIZE = {"width": 1366, "height": 768}  # a laptop
SOURCE = REPOSITORY / "solutions" / PS1 / f"{PS1}.ipynb"


def run_all(lab, page, text, name):
    """Open a notebook, given as text, at a laptop's size, and run all its cells."""
    (lab.root / name).write_text(text, encoding="utf-8")
    page.set_viewport_size(SIZE)
    lab.open(page, name)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")  # ends at the first error, the cells do not
    page.wait_for_function(
        """() => jupyterapp.shell.currentWidget.content.widgets
          .every(cell => cell.model.type !== 'code' || cell.model.executionCount !== null)""",
        timeout=120_000,
    )
    table = page.locator(".course-overview")
    table.scroll_into_view_if_needed()
    return table


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_the_end_of_an_unanswered_set(lab, page, screenshot, theme):
    """Does Run All go through with every question open, and is the whole table seen on a laptop?"""
    lab.set_theme(theme)
    try:
        table = run_all(lab, page, RELEASED.read_text(encoding="utf-8"), f"open_{theme}.ipynb")
        assert "0 of 11 questions pass all their visible cases; " + HIDDEN in table.inner_text()
        assert table.get_by_text("not answered yet").count() == 11
        box = table.bounding_box()
        assert box["height"] < 500 and box["width"] <= SIZE["width"]
        screenshot(page, f"ps1_open_{theme}")
    finally:
        lab.set_theme("light")


SETS = [pytest.param(path, theme, id=f"{path.stem}-{theme}",
                     marks=[] if (path, theme) == (SOURCE, "dark") else pytest.mark.long)
        for path in SOLUTIONS for theme in ("light", "dark")]  # fmt: skip


@pytest.mark.parametrize("path, theme", SETS)
def test_the_end_of_the_answered_set(lab, page, screenshot, path, theme):
    """Does the net of right answers train, do its explorers live, and does the table say it all passes?"""
    lab.set_theme(theme)
    short = path.stem.partition("_")[0]
    try:
        release = REPOSITORY / "assignments" / path.parent.name / path.name
        table = run_all(lab, page, submission(Sample("all right"), path, release), f"{short}_right_{theme}.ipynb")
        assert re.search(r"\b(\d+) of \1 questions pass all their visible cases", table.inner_text())
        screenshot(page, f"{short}_right_{theme}")
        explorers = page.locator(".jp-Cell:has(.course-explorer)")
        assert explorers.count() > 0
        for number in range(explorers.count()):
            explorers.nth(number).scroll_into_view_if_needed()
            screenshot(page, f"{short}_end_{number}_{theme}")
        if short in ("ps1", "ps2", "ps3"):  # these end in a pad
            draw_a_one(page, explorers.last)
            explorers.last.get_by_text(re.compile(r"your net: \d with [\d.]+ %")).first.wait_for(timeout=30_000)
            screenshot(page, f"{short}_pad_{theme}")
        assert [problem for problem in page.problems if "course" in problem.lower()] == []
    finally:
        lab.set_theme("light")


def draw_a_one(page, pad):
    """Draw a stroke from above downwards."""
    box = pad.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()


def validate(lab, page, notebook, name):
    """Press the button; returns the dialog that comes."""
    nbformat.write(notebook, lab.root / name)
    page.set_viewport_size(SIZE)
    lab.open(page, name)
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog:has(#validation-message)")
    dialog.wait_for(timeout=120_000)
    return dialog


def test_validate_button(lab, page, screenshot):
    """Does the button name a copied cell and say what the table says of each question, without a traceback?"""
    notebook = nbformat.reads(submission(HALF, SOURCE, RELEASED), 4)
    place = next(i for i, c in enumerate(notebook.cells) if c.metadata.nbgrader.get("grade_id") == "relu")
    notebook.cells.insert(place + 1, copy.deepcopy(notebook.cells[place]))
    notebook.cells[place + 1].id = "copy-of-relu"
    said = validate(lab, page, notebook, "half.ipynb").inner_text()
    screenshot(page, "ps1_validate")
    assert "there 2 times, with the label 'relu'" in said and "Traceback" not in said
    assert re.search(rf"Question 8, softplus: visible 0 of \d+; {HIDDEN}", said)
    assert re.search(rf"Question 9, softmax: visible [1-9]\d* of \d+; {HIDDEN}", said)
    assert "Written question (3 points): not answered yet" in said


def test_validate_button_where_all_passes(lab, page):
    """Does success not sound like full marks, and is the dialog of another course's notebook nbgrader's own?"""
    right = nbformat.reads(submission(Sample("all right"), SOURCE, RELEASED), 4)
    dialog = validate(lab, page, right, "all_right.ipynb")
    dialog.get_by_text(f"Success! Your notebook passes all visible cases; {HIDDEN}.", exact=True).wait_for()
    assert "all the tests" not in dialog.inner_text()
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")], metadata=right.metadata)
    dialog = validate(lab, page, other, "other.ipynb")
    dialog.get_by_text("Success! Your notebook passes all the tests.", exact=True).wait_for()
