"""A class with odd files and names in it: by `course grade` and by nbgrader's own command everybody gets a mark."""

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from course.grading.classroom import evening, pool
from course.grading.classroom.batch import grade_class
from tests.grading.classroom.classroom import PS1, prepare, sqlite
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
FULL = 23
LATE, EARLY = "2026-01-01 13:00 UTC", "2026-01-01 11:00 UTC"


def links(path):
    path.symlink_to("/etc/hostname")


# name of the folder: what its timestamp.txt is
ODD = {
    "year-1": lambda path: path.write_text("0001-01-01 00:00:00 +1400"),
    "no-date": lambda path: path.write_text("soon"),
    "folder": os.mkdir,
    "large": lambda path: path.write_bytes(b"1 " * 10_000_000),
    "link": links,
    "pipe": os.mkfifo,
}
NAMES = {os.fsdecode(b"J\xfcrgen"): "J=FCrgen", "red\x1b[31m": "red=1B[31m"}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course folder in which Ada's right submission was handed in by several, each with something odd beside it."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("odd") / "course"
    prepare(folder)
    submissions = folder / "build/submitted"
    for name in ("absent", "dora", "flora", "kurt"):
        shutil.rmtree(submissions / name)
    for name in (*ODD, *NAMES, "renamed"):
        shutil.copytree(submissions / "ada", submissions / name)
    for name, make in ODD.items():
        make(submissions / name / PS1 / "timestamp.txt")
    (submissions / "ada" / PS1 / "timestamp.txt").write_text(LATE)
    (submissions / "ada" / PS1 / "data.csv").symlink_to("nowhere")
    (submissions / "renamed" / PS1 / f"{PS1}.ipynb").rename(submissions / "renamed" / PS1 / "ps1 (1).ipynb")
    return folder


@pytest.fixture(scope="module")
def workers():
    """A worker that stays warm from one run to the next."""
    require_bubblewrap()
    with pool.Processes(1) as processes:
        yield processes


@pytest.fixture
def course(handed_in, tmp_path):
    """A fresh copy of that folder."""
    # shutil.copytree waits for a pipe
    subprocess.run(["cp", "-a", handed_in, tmp_path / "course"], check=True)
    return tmp_path / "course"


def stored(course):
    """{student: (marks of the tests together, when it was handed in)} in the gradebook."""
    with Gradebook(sqlite(course)) as book:
        return {s.student.id: (sum(g.auto_score or 0 for n in s.notebooks for g in n.grades), s.timestamp)
                for s in book.assignment_submissions(PS1)}  # fmt: skip


def test_course_grade(course, workers, capsys):
    """Has everybody the mark that the notebook deserves, and is said what was odd, in what a terminal can show?"""
    grade_class(PS1, root=course, workers=workers)
    found = stored(course)
    everybody = {"ada", "renamed", *ODD, *NAMES.values()}
    assert {name: mark for name, (mark, _) in found.items()} == dict.fromkeys(everybody, FULL) | {"renamed": 0}
    assert {name for name, (_, time) in found.items() if time} == {"ada"}
    text = capsys.readouterr().out
    assert re.sub(r"\n", "", text).isprintable()
    notes = {line.split()[0]: line for line in text.splitlines() if " / 26 " in line}
    assert all("no time of hand-in: timestamp.txt " in notes[name] for name in ODD)
    assert f"expected is {PS1}.ipynb, found is ps1 (1).ipynb" in notes["renamed"]
    for new in NAMES.values():
        assert f"has a name that cannot be used; it is called {new} now" in text and "no time" not in notes[new]


def test_nbgrader_autograde(course):
    """The same by nbgrader's command, which refuses only the submission without the notebook: is its log harmless?"""
    command = [sys.executable, "-W", "ignore", "-m", "nbgrader", "autograde", PS1]
    done = subprocess.run(command, cwd=course, capture_output=True, timeout=250)
    log = done.stderr.decode()
    assert done.returncode == 1 and re.sub(r"[\n\t]", "", log).isprintable()
    assert log.count("There was an error processing assignment '") == 1, log
    assert f"renamed: expected is {PS1}.ipynb, found is ps1 (1).ipynb" in log
    found = stored(course)
    assert {name: mark for name, (mark, _) in found.items() if mark} == dict.fromkeys(
        {"ada", *ODD, *NAMES.values()}, FULL)  # fmt: skip
    assert {name for name, (_, time) in found.items() if time} == {"ada"}
    for name in ODD:
        assert f"{name}: no time of hand-in: timestamp.txt " in log
    assert "ada: data.csv is a link or a device (now .unusable-data.csv)" in log


def times(course):
    return {name: time for name, (_, time) in stored(course).items()}


def test_the_time_follows_the_file(course, workers):
    """Is a new time of the same bytes stored, and does a better file without a time not keep the old one?"""
    folder = course / "build/submitted/ada" / PS1
    grade_class(PS1, root=course, students=["ada"], workers=workers)
    assert times(course) == {"ada": datetime(2026, 1, 1, 13)}
    (folder / "timestamp.txt").write_text(EARLY)
    grade_class(PS1, root=course, students=["ada"], workers=workers)
    assert times(course) == {"ada": datetime(2026, 1, 1, 11)}
    assert (course / "build/autograded/ada" / PS1 / "timestamp.txt").read_text() == EARLY
    (folder / "timestamp.txt").unlink()
    notebook = folder / f"{PS1}.ipynb"
    notebook.write_text(notebook.read_text() + "\n")
    evening.nbgrader(course, "autograde", PS1, "--student", "ada", "--force")
    assert times(course) == {"ada": None}, "nbgrader's own command"
    (folder / "timestamp.txt").write_text(LATE)
    grade_class(PS1, root=course, students=["ada"], workers=workers)
    assert times(course) == {"ada": datetime(2026, 1, 1, 13)}
    (folder / "timestamp.txt").unlink()
    grade_class(PS1, root=course, students=["ada"], workers=workers)
    assert times(course) == {"ada": None}
    assert not (course / "build/autograded/ada" / PS1 / "timestamp.txt").exists()
