"""Problem sets as a student meets them: Run All with open questions, the table at the end, and Validate.

A half-answered notebook goes through stock nbgrader's own autograde, without the settings of the course: it is executed
from top to bottom in one kernel, as Run All does, with the hidden tests back in their place.
"""

import copy
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from course.checks import activations, backprop, compare, convolution, mnist
from course.grading.classroom.gradebook import read_marks
from course.grading.rebuild.released import checksum
from course.grading.samples import Sample, submission
from course.notebooks.canonical import GOES_ON, is_test, read
from course.notebooks.execute import execute
from course.notebooks.release import with_environment_on_path
from tests.notebooks.executed import ROOT, SOLUTIONS, executed

PS1 = "ps1_activations"
RELEASED = ROOT / "assignments" / PS1 / f"{PS1}.ipynb"
HIDDEN = "the mark also counts hidden cases"
SETTINGS = {"JUPYTER_CONFIG_PATH": str(ROOT / "settings")}  # where the course is installed these lie in etc/jupyter

# right (also written differently), an error, wrong in most cases, no function, and open questions
HALF = Sample(
    "half answered",
    dict.fromkeys(["tanh-backward", "softplus", "cross-entropy", "written"])
    | {
        "relu": "def relu(x):\n    return np.where(x > 0, x, 0)",
        "sigmoid": "def sigmoid(x):\n    return 1 / 0",
        "softmax": "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()",
        "softmax-cross-entropy-backward": "softmax_cross_entropy_backward = None",
    },
)


def overview(notebook):
    """{question: (visible, what is missing)} of the table at the end."""
    (shown,) = notebook.cells[-1].outputs
    lines = shown.data["text/plain"].split("\n")
    assert HIDDEN in lines[0] and "<table" in shown.data["text/html"]
    return {row[0]: row[1:] for row in (re.split(r" {2,}", line.strip()) for line in lines[1:])}


def grade_ids(notebook):
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_what_is_compared(path):
    """Does the text say the tolerances and the bounds of the scale that the checks have?"""
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    said = " ".join(text[text.index("**What is compared.**") :].split("\n* ")[0].split())
    least, most = compare.SMALLEST_SCALE, compare.LARGEST_SCALE
    assert f"at most {most:g} and at least {least:g}".replace("e-0", "e-") in said
    tolerances = [float(f"1e{power}") for power in re.findall(r"\$10\^\{(-\d+)\}\\,\(\|b\| \+ s\)\$", said)]
    assert tolerances == [compare.VALUE_TOLERANCE, compare.GRADIENT_TOLERANCE]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_open_questions_do_not_stop(path):
    """Does each released test cell bear the tag, and nothing else: no answer, and no label that was changed by it?"""
    notebook = read(ROOT / "assignments" / path.parent.name / path.name)
    tagged = [cell for cell in notebook.cells if GOES_ON in cell.metadata.get("tags", [])]
    assert tagged and tagged == [cell for cell in notebook.cells if is_test(cell)]
    for cell in tagged:
        assert cell.metadata.nbgrader.checksum == checksum(cell)


# by set: the checks, how many questions its net waits for, one of them, and one that it does not need
SETS = {
    "ps1_activations": (activations, 7, "Question 10a, cross_entropy", "sigmoid"),
    "ps2_mnist": (mnist, 6, "Question 8b, two_layer_backward", "sanity_ladder"),
    "ps3_convolution": (convolution, 3, "Question 5, conv2d", "conv_matrix"),
    "ps4_backprop": (backprop, 1, "Question 8, Value", "sum_to"),
}


@pytest.fixture(scope="module", params=SETS)
def unanswered(request, tmp_path_factory):
    """The released problem set as it was run from top to bottom: (name, notebook, what `execute` said of it)."""
    output = tmp_path_factory.mktemp("unanswered") / "out.ipynb"
    with pytest.raises(RuntimeError) as caught:
        execute(ROOT / "assignments" / request.param / f"{request.param}.ipynb", output)
    return request.param, nbformat.read(output, 4), str(caught.value)


def test_every_set_is_here():
    """Is each problem set tried without answers?"""
    assert sorted(SETS) == sorted(path.stem for path in SOLUTIONS)


@pytest.mark.slow
def test_an_unanswered_set(unanswered):
    """Does it run to its end, say that everything is missing, and is each open question an error to `execute`?"""
    name, notebook, said = unanswered
    questions, prefix = SETS[name][0].QUESTIONS, name.partition("_")[0]
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    rows = overview(notebook)
    assert [row.split(", ")[-1] for row in rows] == [*(q.name for q in questions), "Written question"]
    for question in questions:
        row = rows[f"Question {question.number}, {question.name}"]
        assert row == [f"visible 0 of {len(question.visible)}", "not answered yet"]
        assert f"{prefix}-{question.name.replace('_', '-').lower()}-test" in said
    assert SETS[name][2] in rows and "not answered yet" in said
    others = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_test(cell)]
    outputs = [(cell.id, output) for cell in others for output in cell.outputs]
    outside = [name for name, output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert outside == []


@pytest.mark.slow
def test_the_net_waits(unanswered):
    """Does the end say, without an error, which functions the net waits for, and show no pad?"""
    name, notebook, _ = unanswered
    _, count, needed, other = SETS[name]
    cells = {cell.id.partition("-")[2]: cell for cell in notebook.cells}
    curves = cells["curves"].outputs[0].data["text/plain"] if "curves" in cells else ""
    said = curves or cells["net-train"].outputs[0].text
    assert "waits for what it is made of" in said and len(said.strip().split("\n")) == 1 + count
    assert f"{needed}: not answered yet" in said and other not in said
    assert curves or "The pad comes when" in cells["net-pad"].outputs[0].data["text/plain"]


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_the_solution(path):
    """Does the table of the solution say that nothing is missing? Does its net read digits, or tell curves apart?"""
    notebook, prefix = executed(path), path.name.partition("_")[0]
    rows = overview(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    if "ps4-curves" in cells:
        assert float(re.search(r"([\d.]+)% are right after", str(cells["ps4-curves"].outputs))[1]) > 98
        assert "GraphStepper" in str(cells["ps4-stepper"].outputs)
    else:
        assert float(re.search(r"reads ([\d.]+)% of 1,000", cells[f"{prefix}-net-train"].outputs[-1].text)[1]) > 90
        assert "DigitPad" in str(cells[f"{prefix}-net-pad"].outputs)
    behind = notebook.cells[[cell.id for cell in notebook.cells].index(f"{prefix}-written") + 1 :]
    assert not any(cell.metadata.nbgrader.grade or cell.metadata.nbgrader.solution for cell in behind)
    assert {row[1] for title, row in rows.items() if title != "Written question"} == {"nothing"}


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """(notebook, marks) of the half-answered set after stock nbgrader has autograded it."""
    folder = tmp_path_factory.mktemp("stock")
    shutil.copy(ROOT / "benchmarks" / "stock_nbgrader_config.py", folder / "nbgrader_config.py")
    shutil.copytree(ROOT / "solutions" / PS1, folder / "solutions" / PS1)
    handed_in = folder / "build/submitted/ada" / PS1 / f"{PS1}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_text(submission(HALF, folder / "solutions" / PS1 / f"{PS1}.ipynb", RELEASED), encoding="utf-8")
    for step in ("generate_assignment", "autograde"):
        done = subprocess.run([sys.executable, "-m", "nbgrader", step, PS1], cwd=folder, capture_output=True, text=True,
                              env=with_environment_on_path())  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
    (marks,) = read_marks(f"sqlite:///{folder}/build/gradebook.db", PS1)
    return nbformat.read(folder / "build/autograded/ada" / PS1 / f"{PS1}.ipynb", 4), marks.points


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stock_nbgrader(stock):
    """Are test cells that raise still failed to stock nbgrader, whose marks are all or nothing, and the others not?"""
    notebook, points = stock
    right = {"neuron", "linear", "linear-backward", "relu", "relu-backward"}
    assert {name.removesuffix("-test") for name, mark in points.items() if mark} == right
    assert len(points) == len(activations.QUESTIONS)
    assert GOES_ON in grade_ids(notebook)["sigmoid-test"].metadata.tags
    waits = grade_ids(notebook)["net-train"].outputs[0].text
    assert "Question 10a, cross_entropy: not answered yet" in waits and "Question 9" not in waits


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_half_answered_set(stock):
    """Is each question in the table as its answer is: right, wrong in some cases, an error, no function, open?"""
    rows = {title.split(", ")[-1]: row for title, row in overview(stock[0]).items()}
    for name in ("neuron", "linear", "linear_backward", "relu", "relu_backward"):
        assert rows[name][1] == "nothing" and len(set(re.findall(r"\d+", rows[name][0]))) == 1
    assert rows["sigmoid"][1].startswith("fails: ") and rows["sigmoid"][0].startswith("visible 0 of")
    assert re.match(r"visible [1-9]\d* of \d+", rows["softmax"][0]) and rows["softmax"][1].startswith("fails: ")
    assert rows["softmax_cross_entropy_backward"][1].startswith("fails: ")
    assert {rows[name][1] for name in ("tanh_backward", "softplus", "cross_entropy")} == {"not answered yet"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_validate_with_copied_cells(tmp_path):
    """Does `nbgrader validate` name the copies and say of each question what the table says, without a traceback?"""
    notebook = nbformat.reads(submission(HALF, ROOT / "solutions" / PS1 / f"{PS1}.ipynb", RELEASED), 4)
    for name in ("relu", "linear-test"):
        place = next(i for i, c in enumerate(notebook.cells) if c.metadata.nbgrader.get("grade_id") == name)
        notebook.cells.insert(place + 1, copy.deepcopy(notebook.cells[place]))
        notebook.cells[place + 1].id = f"copy-of-{name}"
    nbformat.write(notebook, tmp_path / "a.ipynb")
    done = subprocess.run([sys.executable, "-m", "nbgrader", "validate", "a.ipynb"], cwd=tmp_path, text=True,
                          capture_output=True, env=os.environ | SETTINGS)  # fmt: skip
    said = re.sub(r"\n {6}", " ", done.stdout)
    assert done.returncode == 0 and "Traceback" not in done.stdout + done.stderr, done.stderr
    assert "there 2 times, with the label 'relu'" in said and "there 2 times, with the label 'linear-test'" in said
    total = len(activations.softplus.visible)
    assert f"Question 8, softplus: visible 0 of {total}; {HIDDEN}." in said
    assert re.search(rf"Question 9, softmax: visible [1-9]\d* of \d+; {HIDDEN}\.", said) and "Failing case:" in said
    assert "Written question (3 points): not answered yet; a person reads it." in said
    assert "Question 4, relu:" not in said and "..." not in said.replace("NotImplementedError(...)", "")
