"""nbgrader's Validate as the course has it: cells that were copied, what broke, and notebooks of others."""

import io

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import utils
from nbgrader.preprocessors import CheckCellMetadata
from nbgrader.validator import Validator

from course import validate

SETUP = "from course.checks import activations as check"


def labelled(cell, name, **flags):
    """A cell with nbgrader's label, as it was released."""
    flags = {"grade": False, "solution": False, "locked": False, "task": False} | flags
    cell.metadata.nbgrader = nbformat.from_dict({"grade_id": name, "schema_version": 3, **flags})
    cell.metadata.nbgrader.checksum = utils.compute_checksum(cell)
    return cell


def answer(source, released="released"):
    cell = labelled(new_code_cell(released), "relu", solution=True)
    cell.source = source
    return cell


def test_cell(source, released="check.relu(relu)"):
    cell = labelled(new_code_cell(released), "relu-test", grade=True, locked=True, points=1)
    cell.source = source
    return cell


test_cell.__test__ = False


@pytest.mark.parametrize(
    "cells, kept",
    [
        ([answer("released"), answer("mine")], "mine"),
        ([answer("mine"), answer("released")], "mine"),
        ([answer("older"), answer("newer")], "newer"),
        ([test_cell("print(relu)"), test_cell("check.relu(relu)")], "check.relu(relu)"),
        ([test_cell("check.relu(relu)"), test_cell("print(relu)")], "check.relu(relu)"),
    ],
)
def test_copies(cells, kept):
    """Does the one keep its label that is graded: the answer written last, the test as it was released?"""
    notebook = new_notebook(cells=[new_code_cell(SETUP), *cells])
    ((source, words),) = validate._take_copies_out(notebook)
    assert [cell.source for cell in notebook.cells if "nbgrader" in cell.metadata] == [kept] == [source]
    assert "there 2 times" in words and "Delete the others" in words
    assert validate._take_copies_out(notebook) == []


@pytest.fixture
def said(tmp_path, monkeypatch):
    """said(cells): (what `Validator.validate` returns, what the command prints), with outputs as they are given."""
    monkeypatch.setattr(Validator, "validate", Validator.validate)
    monkeypatch.setattr(Validator, "_print_num_failed", Validator._print_num_failed)
    monkeypatch.setattr(Validator, "_preprocess", lambda self, notebook: notebook)
    validate.install()
    validate.install()

    def said(*cells):
        nbformat.write(new_notebook(cells=list(cells)), tmp_path / "a.ipynb")
        validator = Validator()
        validator.stream = io.StringIO()
        found = validator.validate(str(tmp_path / "a.ipynb"))
        validator.validate_and_print(str(tmp_path / "a.ipynb"))
        return found, validator.stream.getvalue()

    return said


def with_error(cell, name, text, *lines):
    cell.outputs = [nbformat.v4.new_output("error", ename=name, evalue=text, traceback=list(lines))]
    return cell


def test_all_visible_cases_pass(said):
    """Is success said together with the hidden cases?"""
    found, text = said(new_code_cell(SETUP), answer("mine"), test_cell("check.relu(relu)"))
    assert found == {}
    assert text == "Success! Your notebook passes all visible cases; the mark also counts hidden cases.\n"


def test_what_failed(said):
    """Are a check's own words shown, an error in an answer named with its line, and no traceback anywhere?"""
    broken = with_error(answer("def relu(x)"), "SyntaxError", "expected ':' (123.py, line 1)", "Traceback <frame>")
    untested = with_error(test_cell("check.relu(relu)"), "NameError", "name 'relu' is not defined", "Traceback <frame>")
    heading = new_markdown_cell("## Question 4: ReLU (1 point)")
    found, text = said(new_code_cell(SETUP), heading, broken, untested)
    first, second = found["failed"]
    assert first["raw_error"] == "This cell ends in SyntaxError: expected ':' (line 1). Run All Cells stops here."
    assert second["raw_error"].startswith("Question 4: ReLU (1 point): its cases were not run; the mark also counts")
    assert "`relu` is not defined" in second["raw_error"] and "Traceback" not in text
    checked = with_error(test_cell("check.relu(relu)"), "CheckFailed", "long", "Question 4, relu: visible 1 of <2>")
    found, text = said(new_code_cell(SETUP), answer("mine"), checked)
    assert found["failed"][0]["raw_error"] == "Question 4, relu: visible 1 of <2>" in text
    assert "&lt;2&gt;" in found["failed"][0]["error"]


def test_an_unwritten_answer(said):
    """Is a written question called by its heading?"""
    written = labelled(new_markdown_cell("YOUR ANSWER HERE"), "w", grade=True, solution=True, points=3)
    found, _ = said(new_code_cell(SETUP), new_markdown_cell("## Written question (3 points)"), written)
    assert found["failed"][0]["raw_error"] == ("Written question (3 points): not answered yet; a person reads it.")


@pytest.mark.parametrize("name", ["grade_id", "points"])
def test_damaged_labels(said, monkeypatch, name):
    """Is a label of which a part is gone said in a sentence, also twice?"""
    monkeypatch.setattr(Validator, "_preprocess", lambda self, nb: CheckCellMetadata().preprocess(nb, {})[0])
    cells = [test_cell("check.relu(relu)"), test_cell("check.relu(relu)")]
    for cell in cells:
        del cell.metadata.nbgrader[name]
    found, text = said(new_code_cell(SETUP), *cells)
    assert " ".join(found["failed"][-1]["raw_error"].split()).startswith(validate.DAMAGED)
    assert "Traceback" not in text


def test_notebooks_of_others(said):
    """Is a notebook that does not use the checks left to nbgrader, in its own words?"""
    found, text = said(new_code_cell("import numpy"), answer("mine"), test_cell("check.relu(relu)"))
    assert found == {} and text == "Success! Your notebook passes all the tests.\n"
