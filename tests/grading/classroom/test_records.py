"""Writing into a gradebook that others use as well, and one that does not work."""

import shutil
import sqlite3

import pytest

from course.grading.classroom import evening, records
from course.grading.classroom.folder import Course
from tests.grading.classroom.classroom import PS1, at_once, gradebook, prepare, race, sqlite
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = pytest.mark.slow
FOUND = {"points": {"relu-test": 1.0}, "answers": {"relu": "answered"}}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course folder with submissions that nobody has graded."""
    folder = tmp_path_factory.mktemp("records") / "course"
    prepare(folder)
    return folder


@pytest.fixture
def course(handed_in, tmp_path, monkeypatch):
    """A fresh copy of that folder, which is the current one."""
    shutil.copytree(handed_in, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.long)])
def test_writers_at_once(course, count):
    """Do processes that add the same students at the same moment come to terms, without a word?"""
    names = [f"new{i:02d}" for i in range(count)]
    assert race(course, names) == [(0, "")] * 3
    found = gradebook(sqlite(course))
    assert set(found) == set(names)
    assert {dict(grade[:2] for grade in grades)["relu-test"] for grades, _, _ in found.values()} == {1.0}


def test_two_runs_at_once(course):
    """Does one of two runs in the same folder grade everybody, and the other say that it does?"""
    require_bubblewrap()
    (first, _), (second, error) = sorted(at_once(course, course))
    assert (first, second) == (0, 1)
    assert f"course: {PS1} is being graded by process " in error and "Traceback" not in error
    assert len(gradebook(sqlite(course))) == 5


def test_locked_for_a_moment(course, monkeypatch):
    """Is a student written after all when another program lets the gradebook go?"""
    other, pauses = sqlite3.connect(course / "build/gradebook.db", isolation_level=None), []

    def pause(seconds):
        pauses.append(seconds)
        other.execute("rollback")

    monkeypatch.setattr(records.time, "sleep", pause)
    with impatient(course) as writer:
        other.execute("begin immediate")
        writer.write("ada", FOUND)
    other.close()
    assert len(pauses) == 1 and set(gradebook(sqlite(course))) == {"ada"}


def test_locked_for_long(course, monkeypatch, capfd):
    """Is a gradebook that another program holds an error that says so, and nothing else?"""
    other = sqlite3.connect(course / "build/gradebook.db", isolation_level=None)
    monkeypatch.setattr(records.time, "sleep", lambda seconds: None)
    with impatient(course) as writer:
        other.execute("begin immediate")
        with pytest.raises(RuntimeError, match="gradebook.db.* does not work: .*database is locked.*start the same"):
            writer.write("ada", FOUND)
        other.execute("rollback")
        writer.write("ada", FOUND)
    other.close()
    assert set(gradebook(sqlite(course))) == {"ada"} and capfd.readouterr() == ("", "")


def impatient(course):
    """A writer that waits a moment for SQLite's lock, not seconds."""
    directory = Course.here().directory
    directory.db_url = f"{sqlite(course)}?timeout=0.1"
    return records.GradebookWriter(directory, PS1, PS1)


@pytest.mark.parametrize(
    "db_url, said",
    [
        ("sqlite:///missing/book.db", "the gradebook sqlite:///missing/book.db does not work: unable to open"),
        ("postgresql+psycopg://teacher:secret@127.0.0.1:1/marks", "postgresql+psycopg://teacher:***@127.0.0.1:1/marks"),
        ("postgres://teacher:secret@host/marks", 'pip install "course[postgresql]", and an address postgresql+psycopg'),
        ("postgresql+nothing://teacher:secret@host/marks", 'pip install "course[postgresql]"'),
        ("teacher:secret@host/marks", "the gradebook of c.CourseDirectory.db_url does not work: Could not parse"),
    ],
)  # fmt: skip
def test_address_that_leads_nowhere(course, capsys, db_url, said):
    """Does an address with a mistake give one sentence that says what to do, without the password?"""
    if "psycopg" in db_url:
        pytest.importorskip("psycopg")
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {db_url!r}\n")
    with pytest.raises(RuntimeError) as raised:
        with records.GradebookWriter(Course.here().directory, PS1, PS1):
            pass
    assert said in str(raised.value) and "secret" not in str(raised.value) and "\n" not in str(raised.value)


def test_sample_class_keeps_away(tmp_path, monkeypatch):
    """Has the made-up class a gradebook of its own also when the course's is on a server?"""
    (tmp_path / "repository/solutions" / PS1).mkdir(parents=True)
    settings = "c = get_config()\nc.CourseDirectory.db_url = 'postgresql+psycopg://teacher@host/marks'\n"
    (tmp_path / "repository/nbgrader_config.py").write_text(settings)
    monkeypatch.setattr(evening, "REPOSITORY", tmp_path / "repository")
    evening.prepare(PS1, tmp_path / "class")
    monkeypatch.chdir(tmp_path / "class")
    assert Course.here().directory.db_url == "sqlite:///build/gradebook.db"
    monkeypatch.chdir(tmp_path / "repository")
    assert "host/marks" in Course.here().directory.db_url
