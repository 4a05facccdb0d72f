"""Each problem set through the trust line: its solution, its empty sheet, one open question, its made-up students."""

import pytest

from course.grading.classroom.worker import work
from course.grading.samples import Sample, planned_marks, students, submission
from tests.grading.sandbox.conftest import require_bubblewrap
from tests.notebooks.executed import ROOT, SOLUTIONS

pytestmark = pytest.mark.slow
LIMITS = {"call_seconds": 3}  # one of the made-up students never comes to an end
SETS = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


@pytest.fixture(autouse=True, scope="module")
def sandboxed():
    """Without a sandbox nothing is graded."""
    require_bubblewrap()


def points(path, sample):
    """{test cell: points} of what this sample hands in."""
    release = ROOT / "assignments" / path.parent.name / path.name
    return work(submission(sample, path, release).encode(), path.read_text(encoding="utf-8"), LIMITS)["points"]


@SETS
def test_one_open_question_costs_that_question_only(path):
    """Does the solution get everything, the empty sheet nothing, and one stub among answers cost its own points?"""
    full = planned_marks(Sample("right"), path)
    names = [test.removesuffix("-test") for test in full]
    assert points(path, Sample("right")) == full
    assert set(points(path, Sample("empty", dict.fromkeys(names))).values()) == {0}
    for name in names:
        assert points(path, Sample("one open", {name: None})) == full | {f"{name}-test": 0.0}, name


@SETS
def test_marks_of_the_made_up_students(path):
    """Does each student of `course class` get the planned mark in every question?"""
    for student, sample in students(path.stem).items():
        assert points(path, sample) == pytest.approx(planned_marks(sample, path), abs=0.006), student
