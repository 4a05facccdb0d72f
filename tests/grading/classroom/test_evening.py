"""The sample class through nbgrader's real commands: are the marks exactly those planned?"""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.classroom import evening
from course.grading.classroom.gradebook import Marks, read_marks, table
from course.grading.samples import Sample, planned_marks, students, submission
from tests.grading.sandbox.conftest import require_bubblewrap

ROOT = Path(__file__).parents[3]
ASSIGNMENT = "ps1_activations"
SOURCE = ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
RELEASE = ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One evening, played once: (folder, differences from the plan, marks by student, what it said)."""
    folder = tmp_path_factory.mktemp("evening") / "class"
    require_bubblewrap()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        differences = evening.play(ASSIGNMENT, folder)
    marks = read_marks(f"sqlite:///{folder}/build/gradebook.db", ASSIGNMENT, expected=students(ASSIGNMENT))
    return folder, differences, {m.student: m for m in marks}, said.getvalue()


def page(played, student):
    return (played[0] / "build/feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text()


@pytest.mark.slow
@pytest.mark.timeout(600)
class TestEvening:
    def test_marks_are_as_planned(self, played):
        """Does every one of the twelve students get exactly the planned mark in every question?"""
        assert played[1] == []
        assert len(played[2]) == 12
        assert (played[2]["ada"].score, played[2]["ada"].maximum, played[2]["ada"].total_of) == (23, 23, 26)

    def test_broken_file_stops_nobody(self, played):
        """Does what can be read of a cut file count, and is the student after it graded?"""
        assert sorted(played[2]).index("lise") > sorted(played[2]).index("kurt")
        assert (played[2]["kurt"].score, played[2]["lise"].score) == (16, 19)

    def test_written_answers_wait(self, played):
        """Do written answers wait for a person, and not the ones that were left empty?"""
        assert (played[2]["ada"].by_hand, played[2]["ada"].written) == (3, {"written": None})
        assert (played[2]["flora"].by_hand, played[2]["flora"].written) == (0, {"written": 0.0})

    def test_where_to_look(self, played):
        """Does the evening say where everything is, and how to open its own gradebook in formgrader?"""
        folder, _, _, said = played
        for place in ("build/reports", "build/feedback", "nbgrader.log"):
            assert str(folder / place) in said
        assert f"course class --open --folder {folder}" in said and " written  note" in said and " wait  " in said

    def test_names_lead_to_feedback(self, played):
        """Does each name in the report lead to the page of that student?"""
        report = played[0] / "build/reports" / f"{ASSIGNMENT}.html"
        links = re.findall(r'<th scope="row"><a href="([^"]+)">(\w+)</a>', report.read_text())
        assert [name for _, name in links] == sorted(played[2])
        assert all((report.parent / link).is_file() and f"/{name}/" in link for link, name in links)

    def test_feedback_says_why(self, played):
        """Does the feedback page show the failing case, what came back, and the hint for the mistake?"""
        text = page(played, "dora")
        assert "along which axis do its probabilities sum to 1" in text
        assert "an average, so that it does not grow" in text
        assert "not answered yet" in page(played, "flora")
        assert "A function that ends without `return` gives None" in page(played, "hedy")

    def test_feedback_holds_nothing_hidden(self, played):
        """Does a feedback page hold no hidden test, and of a failing hidden case its kind and not its numbers?"""
        for student in ("ada", "dora", "emil"):
            text = page(played, student)
            assert "HIDDEN" not in text and "course.grading" not in text
            reports = re.findall(r'<div class="course-check".*?</div>', text, re.DOTALL)
            hidden = [report for report in reports if "hidden case" in report]
            assert len(hidden) == 11
            assert not [report for report in hidden if "expected</th>" in report or "[[" in report]


def test_every_student_has_a_story_and_a_plan():
    """Do the plans name only cells that exist, and cover right, wrong, empty and mangled submissions?"""
    class_ = students(ASSIGNMENT)
    totals = {name: sum(planned_marks(sample, SOURCE).values()) for name, sample in class_.items()}
    assert len(totals) == 12 and all(sample.story for sample in class_.values())
    assert 0 in totals.values() and 23 in totals.values() and any(0 < total < 23 for total in totals.values())
    assert sum(sample.mangle is not None for sample in class_.values()) >= 3


def test_plan_with_an_unknown_cell_is_refused():
    """Is a plan that names a test cell which does not exist an error?"""
    with pytest.raises(ValueError, match="no test cells named nothing-test"):
        planned_marks(Sample("a slip", marks={"nothing-test": 0.0}), SOURCE)


def test_right_submission_holds_no_markers():
    """Does a sample submission look like a student's, without the markers of the source?"""
    text = submission(Sample("right"), SOURCE, RELEASE)
    assert "BEGIN SOLUTION" not in text and "np.maximum(x, 0)" in text and "HIDDEN" not in text


def test_unknown_assignment():
    """Is an assignment without a sample class a clear error?"""
    with pytest.raises(ValueError, match="no sample class for 'ps9'"):
        students("ps9")


def test_foreign_folder_is_not_emptied(tmp_path):
    """Is a folder with somebody's files left alone?"""
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(ValueError, match="holds other files"):
        evening.prepare(ASSIGNMENT, tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_open_in_formgrader(tmp_path, monkeypatch):
    """Is JupyterLab started in the folder of the class, at formgrader's page, with the environment's programs?"""
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda command, **how: calls.append((command, how)) or 0)
    with pytest.raises(ValueError, match="holds no sample class; `course class --folder"):
        evening.open_in_formgrader(tmp_path)
    evening.prepare(ASSIGNMENT, tmp_path)
    assert evening.open_in_formgrader(tmp_path) == 0
    ((command, how),) = calls
    assert "--LabApp.default_url=/formgrader" in command and how["cwd"] == tmp_path
    assert how["env"]["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    monkeypatch.chdir(tmp_path)
    assert evening.how_to_open(tmp_path / "build/class") == "make class-open"


def test_failing_command_shows_the_log(tmp_path):
    """Does a command of nbgrader that fails raise with the end of its log?"""
    (tmp_path / "build").mkdir()
    with pytest.raises(RuntimeError, match="generate_assignment nothing"):
        evening.nbgrader(tmp_path, "generate_assignment", "nothing")


def test_compare_finds_differences():
    """Does the comparison with the plan see a wrong point and a missing mark?"""
    points = {"a": {"q": 1.0}, "b": None, "c": {"q": 2.0}}
    marks = [Marks(student, got, 2.0) for student, got in points.items()]
    found = evening.compare(marks, dict.fromkeys(points, {"q": 2.0}))
    assert [line.split(":")[0] for line in found] == ["a, q", "b, q"]


def test_written_answers_in_the_table():
    """Are written points in the table and in the mark, what nobody has read marked, and lateness taken off?"""
    of = {"written": 3.0}
    marks = [Marks("a", {"q-test": 2.0}, 2.0, 0.0, {"written": 2.5}, of),
             Marks("b", {"q-test": 2.0}, 2.0, 3.0, {"written": None}, of),
             Marks("c", {"q-test": 2.0}, 2.0, 0.0, {"written": 3.0}, of, 4.5), Marks("d", None, 2.0, written_of=of)]
    text = table(marks, {"c": "a story"})
    rows = [" ".join(line.split()) for line in text.split("\n")]
    assert rows[0] == "student mark 1 written note" and rows[2:6] == [
        "a 4.5 / 5 2 2.5", "b 2 / 5 2 wait", "c 0.5 / 5 2 3 late: 4.5 off; a story", "d none"]  # fmt: skip
    assert "nobody has read yet" in text and "nobody has read yet" not in table(marks[:1])
    assert [m.is_full for m in marks] == [False, True, False, False]


def test_table_of_nobody_and_of_everybody():
    """Does the table stand for an empty class, for missing marks and for long names?"""
    assert "0 graded, 0 without a mark, mean -" in table([])
    text = table([Marks("a-very-long-student-name", {"relu-test": 0.5, "softmax-test": None}, 3.0, 2.0),
                  Marks("b", None, 3.0)], {"b": "cut file"})  # fmt: skip
    assert "0.5 / 3" in text and "  ?" in text and "none" in text and "cut file" in text
    assert "written answers to read by hand: 1" in text
