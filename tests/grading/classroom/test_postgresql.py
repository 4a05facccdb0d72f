"""A gradebook on a PostgreSQL server: the same marks, comments, penalties and exports as in SQLite, and no harm when
the server goes away."""

import csv
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course import cli
from course.grading.classroom import evening, records
from course.grading.classroom.folder import Course
from tests.grading.classroom import postgresql
from tests.grading.classroom.classroom import NAMES, PS1, at_once, configure, gradebook, prepare, race, run, sqlite
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LATE = ("c.LateSubmissionPlugin.penalty_method = 'zero'",)


@pytest.fixture(scope="module")
def server():
    """A server for the tests of this file, gone afterwards."""
    postgresql.require_postgresql()
    require_bubblewrap()
    server = postgresql.Server()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def here(server, tmp_path_factory):
    """A graded class with its gradebook in a file: two have handed in late, and one of them loses everything."""
    folder = tmp_path_factory.mktemp("sqlite") / "course"
    prepare(folder)
    configure(folder, *LATE)
    for name, time in {"ada": "13:00", "dora": "11:00", "kurt": "12:01"}.items():
        (folder / "build/submitted" / name / PS1 / "timestamp.txt").write_text(f"2026-01-01 {time} UTC")
    not_graded = tmp_path_factory.mktemp("not-graded") / "course"
    shutil.copytree(folder, not_graded)
    set_due_date(sqlite(folder))
    assert run(folder).wait() == 0
    return folder, not_graded


def set_due_date(db_url):
    """Say until when the assignment had to be handed in."""
    with Gradebook(db_url) as book:
        book.update_or_create_assignment(PS1, duedate="2026-01-01 12:00 UTC")


@pytest.fixture(scope="module")
def generated(server, here, tmp_path_factory):
    """(folder, name of its database): the same class before it is graded, with its gradebook on the server."""
    folder = tmp_path_factory.mktemp("generated") / "course"
    shutil.copytree(here[1], folder)
    (folder / "build/gradebook.db").unlink()
    url = server.url("generated")
    configure(folder, f"c.CourseDirectory.db_url = {url!r}")
    evening.nbgrader(folder, "generate_assignment", PS1, "--force")
    set_due_date(url)
    return folder, "generated"


def on_server(server, generated, folder):
    """A copy of that class, with its gradebook in a new database. Returns the database's address."""
    shutil.copytree(generated[0], folder)
    url = server.url(folder.parent.name, template=generated[1])
    configure(folder, f"c.CourseDirectory.db_url = {url!r}")
    return url


@pytest.fixture(scope="module")
def there(server, generated, tmp_path_factory):
    """(folder, address) of the same class, graded into a database on the server."""
    folder = tmp_path_factory.mktemp("there") / "course"
    url = on_server(server, generated, folder)
    assert run(folder).wait() == 0
    return folder, url


@pytest.fixture
def fresh(server, generated, tmp_path):
    """(folder, address) of the same class, not graded yet."""
    return tmp_path / "course", on_server(server, generated, tmp_path / "course")


def test_same_gradebook(here, there):
    """Are marks, open questions, comments and late penalties those that SQLite holds?"""
    found = gradebook(there[1])
    assert found == gradebook(sqlite(here[0]))
    assert set(found) == {*NAMES, "absent"} and not (there[0] / "build/gradebook.db").exists()
    assert {name: penalty > 0 for name, (_, _, penalty) in found.items()} == {
        "ada": True, "dora": False, "flora": False, "kurt": True, "absent": False}  # fmt: skip


def test_same_export(here, there):
    """Does `nbgrader export` write the same table?"""
    tables = []
    for folder in (here[0], there[0]):
        evening.nbgrader(folder, "export", "--to", "grades.csv")
        with open(folder / "grades.csv", newline="") as file:
            tables.append(sorted(csv.DictReader(file), key=lambda row: row["student_id"]))
    assert tables[0] == tables[1] and len(tables[0]) == len(NAMES) + 1
    assert {row["student_id"]: float(row["score"]) for row in tables[0]}["ada"] == 0


def test_second_run_has_nothing_to_do(there, monkeypatch, capsys):
    """Is what is graded left alone?"""
    monkeypatch.chdir(there[0])
    before = gradebook(there[1])
    assert cli.main(["grade", PS1]) == 0
    assert f"{len(NAMES) + 1} handed in, {len(NAMES) + 1} graded already" in capsys.readouterr().out
    assert gradebook(there[1]) == before


def test_plain_autograde(there):
    """Does nbgrader's own command write the same marks into the database?"""
    before = gradebook(there[1])
    with Gradebook(there[1]) as book:
        book.remove_submission(PS1, "dora")
    assert "dora" not in gradebook(there[1])
    evening.nbgrader(there[0], "autograde", PS1, "--student", "dora", "--force")
    assert gradebook(there[1]) == before


def test_server_stops_in_the_middle(server, fresh, there, monkeypatch, capfd):
    """Does a run whose server stops say so without a traceback, and does the next one complete the gradebook?"""
    folder, url = fresh
    write, written = records.GradebookWriter.write, []

    def stopped_after_two(writer, student, *rest):
        if len(written) == 2:
            server.stop()
        write(writer, student, *rest)
        written.append(student)

    monkeypatch.chdir(folder)
    with monkeypatch.context() as patch:
        patch.setattr(records.GradebookWriter, "write", stopped_after_two)
        try:
            assert cli.main(["grade", PS1, "--jobs", "1"]) == 1
        finally:
            server.start()
    output = capfd.readouterr()
    assert "course: the gradebook postgresql+psycopg://teacher:***@/" in output.err
    assert "start the same command again" in output.err
    assert "Traceback" not in output.err and postgresql.PASSWORD not in output.err + output.out
    assert set(gradebook(url)) == set(written) and len(written) == 2
    assert cli.main(["grade", PS1, "--jobs", "1"]) == 0
    assert "2 graded already" in capfd.readouterr().out
    assert gradebook(url) == gradebook(there[1])


def test_server_is_back_soon(server, fresh, monkeypatch):
    """Does a run survive a server that was restarted between two students?"""
    folder, url = fresh
    monkeypatch.chdir(folder)
    found = {"points": {"relu-test": 1.0}, "answers": {}}
    with records.GradebookWriter(Course.here().directory, PS1, PS1) as writer:
        writer.write("ada", found)
        server.stop()
        server.start()
        writer.write("dora", found)
    assert set(gradebook(url)) == {"ada", "dora"}


def test_server_is_not_there(server, fresh, monkeypatch, capfd):
    """Is a server that does not answer at all an error that names it, before anybody is graded in vain?"""
    folder, _ = fresh
    monkeypatch.chdir(folder)
    server.stop()
    try:
        assert cli.main(["grade", PS1, "--jobs", "1"]) == 1
    finally:
        server.start()
    error = capfd.readouterr().err
    assert "teacher:***@" in error and "start the same command again" in error and "Traceback" not in error


@pytest.mark.long("test_writers_at_once")
def test_two_machines_at_once(fresh, there, tmp_path):
    """Do two runs at the same moment, each in a folder of its own, both end well with the gradebook of one?"""
    second = tmp_path / "second"
    shutil.copytree(fresh[0], second)
    for status, error in at_once(fresh[0], second):  # nbgrader says on stderr who is late
        assert status == 0 and "Traceback" not in error and "Error" not in error
    assert gradebook(fresh[1]) == gradebook(there[1])


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.long)])
def test_writers_at_once(fresh, count):
    """Do processes that add the same students at the same moment come to terms?"""
    names = [f"new{i:02d}" for i in range(count)]
    assert race(fresh[0], names) == [(0, "")] * 3
    assert set(gradebook(fresh[1])) == set(names)


@pytest.mark.parametrize("required", ["", "postgresql"])
def test_missing_package(required, monkeypatch):
    """Are these tests skipped with the reason, and fail where the server is required?"""
    monkeypatch.setattr(postgresql, "program", lambda name: None)
    monkeypatch.setenv("COURSE_REQUIRE", required)
    outcome = pytest.fail.Exception if required else pytest.skip.Exception
    with pytest.raises(outcome, match="install the system package `postgresql`"):
        postgresql.require_postgresql()


def test_nothing_is_left():
    """Is a server's folder gone when it is removed, also while it runs?"""
    postgresql.require_postgresql()
    server = postgresql.Server()
    process = server._process
    assert process.poll() is None and Path(server.folder, "data/postmaster.pid").exists()
    server.remove()
    assert process.poll() is not None and not server.folder.exists()
