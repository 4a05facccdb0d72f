"""`course check`: the words of the notebook in a terminal, an exit status, and nothing written."""

import json
from pathlib import Path

import pytest

from course.checks import activations
from course.student import main

ROOT = Path(__file__).parents[2]
PS1 = "ps1_activations"
RELU = "def relu(x):\n    return np.maximum(x, helper)"
WRONG = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"


@pytest.fixture
def notebook(tmp_path):
    """notebook({id: source}, own=...): the released set with answers and a cell of the student's own, as a file."""

    def make(answers, own="helper = 0"):
        path = tmp_path / "mine.ipynb"
        content = json.loads((ROOT / "assignments" / PS1 / f"{PS1}.ipynb").read_text())
        for cell in content["cells"]:
            cell["source"] = answers.get(cell["id"], cell["source"])
        mine = {"cell_type": "code", "id": "mine", "metadata": {}, "source": own}
        content["cells"].insert(2, mine | {"outputs": [], "execution_count": None})
        path.write_text(json.dumps(content))
        return path

    return make


@pytest.mark.slow
def test_a_half_answered_set(notebook, capsys):
    """Are right, wrong and open answers told apart as in the notebook, with status 1 and the file left as it was?"""
    path = notebook({"ps1-relu": RELU, "ps1-softmax": WRONG, "ps1-sigmoid": "def sigmoid(x) return x"})
    before = path.read_bytes()
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert "Question 4, relu: all" in said and "Every row needs a total of its own" in said
    assert "This cell failed, and what it defines is missing:\n  def sigmoid(x) return x\nSyntaxError" in said
    assert "1 of 11 questions pass all their visible cases" in said
    assert said.count("not answered yet") == 2 * (len(activations.QUESTIONS) - 3)
    assert path.read_bytes() == before and [file.name for file in path.parent.iterdir()] == ["mine.ipynb"]


@pytest.mark.slow
def test_one_question(notebook, capsys):
    """Is only the asked question run, by number or by name, with status 0 if it passes?"""
    path = notebook({"ps1-relu": RELU, "ps1-softmax": WRONG})
    assert main(["check", str(path), "relu"]) == 0
    said = capsys.readouterr().out
    assert "Question 4, relu: all" in said and "Question 9" not in said and "questions pass" not in said
    assert main(["check", str(path), "9"]) == 1
    assert "Failing case: two rows of three logits" in capsys.readouterr().out


@pytest.mark.slow
def test_a_test_cell_that_is_gone(notebook, capsys):
    """Does a question without its test cell, and one whose own cell fails, say what to do?"""
    path = notebook({"ps1-relu": RELU, "ps1-relu-test": ""}, own="helper = 1 / 0")
    assert main(["check", str(path), "relu"]) == 1
    said = capsys.readouterr().out
    assert "Question 4, relu: run its test cell" in said and "ZeroDivisionError" in said


def test_what_cannot_be_checked(notebook, tmp_path, capsys):
    """Is it said what is wrong with a file, a notebook without checks, unknown checks and an unknown question?"""
    for content, expected in (
        ("no JSON", "not a notebook"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no problem set"),
        ((ROOT / "assignments" / PS1 / f"{PS1}.ipynb").read_text().replace("import activations", "import deeper"),
         "this course does not have: deeper"),
    ):  # fmt: skip
        (tmp_path / "odd.ipynb").write_text(content)
        assert main(["check", str(tmp_path / "odd.ipynb")]) == 1
        assert expected in capsys.readouterr().err
    assert main(["check", str(tmp_path / "gone.ipynb")]) == 1
    assert "gone.ipynb" in capsys.readouterr().err
    assert main(["check", str(notebook({})), "gelu"]) == 1
    assert "there are 1 neuron, 2 linear" in capsys.readouterr().err
