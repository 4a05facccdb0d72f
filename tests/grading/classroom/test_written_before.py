"""A class that was half graded before the grader's modules moved into folders: its files and settings go on working.

`written_before/half_graded.tar.xz` holds what commit aeac8fb left in a course folder: settings, gradebook, records and
notebooks of two graded students (one with a mark and a comment by hand), and the submissions of all four.
"""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.grading.classroom import worker
from course.grading.classroom.gradebook import read_marks
from tests.grading.classroom.classroom import NAMES, PS1, run, sqlite
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
GRADED = ("ada", "dora")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The course folder as it was left, with the solutions that the checkout has now."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("before") / "course"
    with tarfile.open(Path(__file__).parent / "written_before/half_graded.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    shutil.copytree(ROOT / "solutions" / PS1, folder / "solutions" / PS1)
    return folder


def by_hand(folder):
    """What the instructor has given Ada's written answer."""
    with Gradebook(sqlite(folder)) as book:
        notebook = book.find_submission_notebook(PS1, PS1, "ada")
        grade = next(g for g in notebook.grades if g.name == "written")
        comment = next(c for c in notebook.comments if c.name == "written")
        return grade.manual_score, comment.manual_comment


def test_the_class_is_graded_to_its_end(before):
    """Do both halves get the marks that their files deserve now, and does what was given by hand stay?"""
    records = {name: json.loads((before / f"build/records/{PS1}/{name}.json").read_text()) for name in GRADED}
    assert by_hand(before) == (2.5, "A clear picture.")
    assert run(before).wait() == 0
    source = (before / f"solutions/{PS1}/{PS1}.ipynb").read_text()
    marks = {mark.student: mark.points for mark in read_marks(sqlite(before), PS1)}
    for name in NAMES:
        content = (before / f"build/submitted/{name}/{PS1}/{PS1}.ipynb").read_bytes()
        assert marks[name] == worker.work(content, source)["points"], name
        record = json.loads((before / f"build/records/{PS1}/{name}.json").read_text())
        assert record["version"] == worker.version()
        assert set(records.get(name, {})) <= set(record), "a field of before is gone"
    assert by_hand(before) == (2.5, "A clear picture.")


def test_settings_of_before(before):
    """Does nbgrader's own command find the grader where the old settings say that it is?"""
    assert "course.grading.plugin.SandboxedExporter" in (before / "nbgrader_config.py").read_text()
    command = [sys.executable, "-m", "nbgrader", "autograde", PS1, "--student", "flora", "--force"]
    done = subprocess.run(command, cwd=before, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "flora: isolation bubblewrap" in done.stderr
