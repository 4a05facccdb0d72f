"""A class graded with a secret: the same marks on every road, none without it, and its text in no file and no log."""

import base64
import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from course.grading.classroom import secret_file
from course.grading.classroom.batch import grade_class
from course.grading.classroom.worker import work
from course.grading.hidden import PUBLIC, Secret
from tests.grading.classroom.classroom import PS1, gradebook, prepare, run, sqlite
from tests.grading.classroom.scheduler import scheduler
from tests.grading.hostile.attack import FULL, SOURCE, Attack
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ONE, OTHER = (f"course-secret-{digit * 64}" for digit in "ab")
SEEN = [ONE, ONE.removeprefix("course-secret-"), base64.b64encode(ONE.encode()).decode()[:30]]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course folder with a secret and submissions that nobody has graded."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("secret") / "course"
    prepare(folder)
    (folder / "course_secret").write_text(ONE)
    return folder


@pytest.fixture(scope="module")
def graded(handed_in, worker, tmp_path_factory):
    """The same folder after `course grade`."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(handed_in, folder)
    grade_class(PS1, root=folder, workers=worker)
    return folder


@pytest.fixture
def course(graded, tmp_path):
    """A copy of it."""
    shutil.copytree(graded, tmp_path / "course")
    return tmp_path / "course"


def _records(folder):
    return {path.stem: json.loads(path.read_text()) for path in (folder / "build/records" / PS1).glob("*.json")}


def _holding(folder, texts, but=()):
    """Files below a folder that hold one of these texts."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name not in but
            and any(text.encode() in path.read_bytes() for text in texts)]  # fmt: skip


def test_a_record_names_its_secret(graded):
    """Do records hold the hash, the gradebook too, and nothing but the secret's own file its text?"""
    assert {record["secret"] for record in _records(graded).values()} == {Secret(ONE).hash}
    assert secret_file.used_in(sqlite(graded)) == [Secret(ONE).hash]
    assert _holding(graded, SEEN) == [graded / "course_secret"]


@pytest.mark.usefixtures("warm")
def test_missing_it_is_refused(course, capsys):
    """Does `course grade` refuse without the secret, have nothing to do with it, and grade again with another?"""
    before = gradebook(sqlite(course))
    (course / "course_secret").rename(course / "kept")
    with pytest.raises(RuntimeError, match="put it back from your copy"):
        grade_class(PS1, root=course, jobs=1)
    assert gradebook(sqlite(course)) == before
    (course / "kept").rename(course / "course_secret")
    grade_class(PS1, root=course, jobs=1)
    said = capsys.readouterr().out
    assert "5 handed in, 5 graded already" in said
    assert f"drawn from the secret {Secret(ONE).hash[:8]}" in said and ONE not in said
    (course / "course_secret").write_text(OTHER)
    _, records = grade_class(PS1, root=course, jobs=1, students=["ada"])
    assert records["ada"]["secret"] == Secret(OTHER).hash and records["ada"]["points"] == FULL
    assert {record["secret"] for record in _records(course).values()} == {Secret(ONE).hash, Secret(OTHER).hash}


def test_plain_nbgrader(handed_in, graded, tmp_path):
    """Does nbgrader's own command give the same marks with the secret, and none without it once it was used?"""
    folder = tmp_path / "course"
    shutil.copytree(handed_in, folder)

    def autograde():
        command = [sys.executable, "-m", "nbgrader", "autograde", PS1, "--force", "--student", "dora"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)

    assert autograde().returncode == 0
    assert gradebook(sqlite(folder))["dora"] == gradebook(sqlite(graded))["dora"]
    assert _holding(folder, SEEN) == [folder / "course_secret"]
    (folder / "course_secret").unlink()
    refused = autograde()
    assert refused.returncode != 0 and "put it back from your copy" in refused.stdout + refused.stderr


def test_two_workers_that_draw_otherwise(graded, monkeypatch):
    """Is nobody graded where a worker has drawn other hidden cases from the same secret?"""
    from course.grading.classroom import batch

    found = {"version": "same", "points": {"a": 1}, "maximum": {"a": 1}, "notes": [], "repairs": []}
    drawn = iter([{"drawn": {"activations.relu": "1234"}}, {"drawn": {"activations.relu": "4321"}}])
    monkeypatch.setattr(batch.pool, "results", lambda workers, tasks: [("the solution", found | d) for d in drawn])

    class Same:
        version, text, count = "same", "", 2

        def arguments(self, content):
            return ()

    with pytest.raises(RuntimeError, match="install the same NumPy"):
        batch.check_solution(Same(), Same())


LOOKS = """
import os
def holding(path):
    try:
        with open(path, "rb") as file: return b"course-secret-" in file.read(10**7)
    except OSError: return False
found = [os.path.join(place, name) for place, _, names in os.walk("/") for name in names
         if not place.startswith(("/proc", "/sys")) and holding(os.path.join(place, name))]
found += [name for name, value in os.environ.items() if "course-secret-" in value]
for path in ("/proc/self/environ", "/proc/self/cmdline", "/proc/1/environ", "/proc/1/cmdline"):
    found += [path] if holding(path) else []
print("looked", found)
"""


def test_student_code_does_not_find_it(graded, monkeypatch):
    """Is the secret in no file and no variable that student code can reach, wherever the grader works?"""

    class Nowhere:
        def fill(self, code):
            return code

    monkeypatch.chdir(graded)
    attack = Attack("", None, {}, {"setup": LOOKS})
    found = work(attack.content(Nowhere()), SOURCE, secret=Secret(ONE))
    cells = [cell for cell in nbformat.reads(found["notebook"], 4).cells if cell.cell_type == "code"]
    printed = [output.text for cell in cells for output in cell.outputs if output.output_type == "stream"]
    assert printed == ["looked []\n"] and found["points"] == FULL
    assert not any(text in str(found) for text in SEEN) and found["secret"] == Secret(ONE).hash != PUBLIC.hash


@pytest.fixture
def dask(tmp_path):
    """(address, folder) of a Dask scheduler and a worker, which log all that they can."""
    (folder := tmp_path / "dask").mkdir()
    with scheduler(folder, ["worker"], DASK_LOGGING__DISTRIBUTED="debug") as address:
        yield address, folder


def test_on_other_machines_it_is_in_no_file(handed_in, graded, dask, tmp_path):
    """Do Dask's workers draw from it, and do files, logs, names of tasks and texts of errors there not hold it?"""
    from distributed import Client

    address, folder = dask
    course = tmp_path / "course"
    shutil.copytree(handed_in, course)
    assert run(course, "--scheduler", address).wait() == 0
    assert gradebook(sqlite(course)) == gradebook(sqlite(graded))
    assert _holding(course, SEEN) == [course / "course_secret"]

    def fails(content, secret):
        raise ValueError(f"no luck with {secret}")

    with Client(address) as client:
        failed = client.submit(fails, b"a submission", Secret(ONE), pure=False)  # it is logged with its arguments
        assert "no luck" in str(failed.exception()) and not any(text in str(failed.key) for text in SEEN)
        states = client.run_on_scheduler(lambda dask_scheduler: repr(list(dask_scheduler.tasks.items())))
        events = repr(client.get_events()) + repr(client.get_worker_logs()) + repr(client.get_scheduler_logs())
    assert not any(text in states + events for text in SEEN)
    logs = {path.name: path.read_text(errors="replace") for path in folder.glob("*.log")}
    assert Secret(ONE).hash[:8] in logs["worker.log"]  # the task that failed stands there, with what hides the secret
    assert _holding(folder, SEEN) == []
