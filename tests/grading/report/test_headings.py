"""Numbers and rubrics: from the instructor's notebook to the report, and nowhere else."""

import importlib
import re
import shutil

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.apps import NbGrader

from course.grading.classroom.gradebook import Marks, table
from course.grading.report import headings
from course.grading.report import page as report
from course.grading.samples import Sample, submission, without_markers
from course.notebooks.canonical import read
from tests.notebooks.executed import ROOT, SOLUTIONS

ANSWER = {"grade": False, "solution": True, "locked": False, "schema_version": 3}
RUBRIC = "1 point: <b>bends</b> at $x_0$."
WRITTEN = f"### BEGIN SOLUTION\nIt bends.\n\n### BEGIN RUBRIC\n{RUBRIC}\n### END RUBRIC\n### END SOLUTION"


def source():
    """A notebook with a question of two parts, one with a heading only, and a written one."""
    texts = [("markdown", "## Question 7a: the first (2 points)", None), ("code", "a = 1", "first"),
             ("markdown", "## Question 7b: another (1 point)\n\nText.", None), ("code", "b = 1", "second"),
             ("markdown", "## Written question (3 points)", None), ("markdown", WRITTEN, "written")]  # fmt: skip
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    cells = [make[kind](text) for kind, text, _ in texts]
    for cell, (_, _, name) in zip(cells, texts, strict=True):
        cell.metadata = {"nbgrader": ANSWER | {"grade_id": name}} if name else {}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


def test_numbers_and_rubrics():
    """Does an answer have the number of the heading above it, and a written one its rubric?"""
    assert headings.numbers(source()) == {"first": "7a", "second": "7b"}
    assert headings.rubrics(source()) == {"Written question": RUBRIC}


def test_table_and_report():
    """Are questions called by the numbers of the text, and does the report show the rubric as text and formulas?"""
    marks = [Marks("ada", {"first-test": 2.0, "second-test": 1.0}, 3.0)]
    text = table(marks, numbers=headings.numbers(source()))
    assert "  7a   7b" in text.split("\n")[0] and text.endswith("columns: 7a first, 7b second")
    records = {"ada": {"maximum": {"first-test": 2.0, "second-test": 1.0}}}
    page = report.page("ps7", records, marks, {}, {}, numbers=headings.numbers(source()),
                       rubrics=headings.rubrics(source()))  # fmt: skip
    assert ">7a</td>" in page and ">7b</abbr>" in page
    assert "How written answers are marked" in page and "1 point: &lt;b&gt;bends&lt;/b&gt; at <math" in page
    assert "<msub><mi>x</mi><mn>0</mn></msub>" in page and "$x_0$" not in page


FORMGRADER = {"assignment_id": "ps7", "notebook_id": "ps7", "submission_id": "4711", "student": "ada"}


@pytest.mark.parametrize("resources, shown", [
    (FORMGRADER, True), ({}, False), ({"nbgrader": {"assignment": "ps7", "notebook": "ps7"}}, False),
    (FORMGRADER | {"nbgrader": {}}, False), (FORMGRADER | {"assignment_id": "ps8"}, False),
])  # fmt: skip
def test_formgrader_shows_the_rubric(resources, shown, tmp_path, monkeypatch):
    """With the settings of the course, is the rubric above the answer in formgrader's page, and in no other?"""
    (tmp_path / "solutions/ps7").mkdir(parents=True)
    (tmp_path / "solutions/ps7/ps7.ipynb").write_text(source())
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    monkeypatch.chdir(tmp_path)
    app = NbGrader()
    app.load_config_file()
    notebook = nbformat.reads(source(), 4)
    notebook.cells[-1].source = "What ada wrote."
    page, _ = HTMLExporter(config=app.config).from_notebook_node(notebook, dict(resources))
    assert ("How it is marked." in page and page.index("1 point: ") < page.index("What ada wrote.")) == shown
    assert ("1 point: " in page) == shown and notebook.cells[-2].source.startswith("## Written question")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_rubrics_of_the_sets(path):
    """Has each written question a rubric for all its points, and is it in no submission of the sample class?"""
    text = path.read_text(encoding="utf-8")
    written = [c for c in read(path).cells if c.cell_type == "markdown" and c.metadata.nbgrader.get("grade")]
    rubrics = list(headings.rubrics(text).values())
    assert len(rubrics) == len(written) >= 1
    handed_in = submission(Sample("all right"), path, ROOT / "assignments" / path.parent.name / path.name)
    for cell, rubric in zip(written, rubrics, strict=True):
        points = sum(map(int, re.findall(r"\b(\d+) points?\b", rubric)))
        assert points == cell.metadata.nbgrader.points
        answer = without_markers(cell.source)
        assert answer and not any(line in answer for line in rubric.split("\n"))
    assert not re.search(r"[Rr]ubric|RUBRIC|BEGIN|1 point: says", handed_in)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_numbers_of_the_sets(path):
    """Do text, stub and check give a question the same number?"""
    check = importlib.import_module(f"course.checks.{path.stem.partition('_')[2]}")  # ps1_activations: activations
    checks = {question.name: question.number for question in check.QUESTIONS}
    found = headings.numbers(path.read_text(encoding="utf-8"))
    labels = {name.lower().replace("_", "-"): number for name, number in checks.items()}
    assert found == labels
    stubs = re.findall(r"Question (\w+): (\w+)", "\n".join(c.source for c in read(path).cells if c.cell_type == "code"))
    assert {name: number for number, name in stubs} == checks
