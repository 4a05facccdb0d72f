"""`course grade`: a class in parallel, the same marks as nbgrader's own command, and no harm from being killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook

from course.grading.classroom import evening, pool
from course.grading.classroom.batch import grade_class
from course.notebooks.canonical import dumps, read
from tests.grading.classroom.classroom import (
    NAMES,
    PS1,
    STUCK,
    a_moment,
    configure,
    files,
    gradebook,
    prepare,
    run,
    sqlite,
    stuck_work,
)
from tests.grading.classroom.scheduler import scheduler
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
MOMENTS, CHAINS = 20, 5  # a run is killed at 20 moments: in each of 5 folders 4 times in a row, then it is left alone
CHAIN = [(7, 12), *(pytest.param(range(chain, MOMENTS, CHAINS), marks=pytest.mark.long) for chain in range(CHAINS))]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course folder with submissions that nobody has graded."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("batch") / "course"
    prepare(folder)
    return folder


@pytest.fixture
def course(handed_in, tmp_path):
    """A fresh copy of that folder."""
    shutil.copytree(handed_in, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture(scope="module")
def undisturbed(handed_in, tmp_path_factory):
    """What one run from beginning to end leaves: (gradebook, (records, notebooks), seconds that it took)."""
    folder = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(handed_in, folder)
    started = time.monotonic()
    assert run(folder).wait() == 0
    seconds = time.monotonic() - started
    assert set(gradebook(sqlite(folder))) == set(files(folder)[0]) == set(files(folder)[1])
    return gradebook(sqlite(folder)), files(folder), seconds


@pytest.fixture(scope="module")
def length(undisturbed):
    """Seconds of a run, in a list: shorter when one was shorter."""
    return [undisturbed[2]]


def test_same_as_nbgrader(course, undisturbed):
    """Does plain `nbgrader autograde` give the same marks, comments and open questions?"""
    shutil.rmtree(course / "build/submitted/absent")  # nbgrader skips a folder without a notebook
    evening.nbgrader(course, "autograde", PS1)
    expected = {name: rest for name, rest in undisturbed[0].items() if name != "absent"}
    assert gradebook(sqlite(course)) == expected


def test_no_notebook_is_zero(undisturbed):
    """Does somebody who handed in an empty folder get 0, and no hand-grading?"""
    grades, comments, _ = undisturbed[0]["absent"]
    assert {(score, by_hand) for _, score, by_hand in grades} == {(0.0, False)}
    assert {text for _, text in comments} == {"No response."}


def killed(folder, seconds, group):
    """Start a run and kill it after `seconds`: its whole process group, or only the process that was started.

    Returns None, or how many seconds it took if it was done before. Nothing that it had started may live on.
    """
    process, started = run(folder), time.monotonic()
    try:
        process.wait(seconds)
        return time.monotonic() - started
    except subprocess.TimeoutExpired:
        family = psutil.Process(process.pid).children(recursive=True)
    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    died = process.wait() == -signal.SIGKILL
    assert psutil.wait_procs(family, timeout=15)[1] == [], "it lives on"
    return None if died else seconds


@pytest.mark.parametrize("moments", CHAIN, ids=str)
def test_killed_and_started_again(handed_in, course, undisturbed, length, moments):
    """Does a run that is killed with SIGKILL again and again end with the same gradebook, records and notebooks?

    At an even moment with all its processes, at an odd one without its workers.
    """
    for number, moment in enumerate(moments):
        new = number == 0
        while True:
            took = killed(course, (moment + 0.5) / MOMENTS * length[0], group=moment % 2 == 0)
            if took is None:
                break
            if new:  # the machine is quicker than when the length was measured
                length[0] = min(length[0], took)
            shutil.rmtree(course)  # too much was graded already: from the start
            shutil.copytree(handed_in, course)
            new = True
    assert run(course).wait() == 0
    assert gradebook(sqlite(course)) == undisturbed[0]
    assert files(course) == undisturbed[1]
    assert len(parts(course)) <= len(moments)


def test_killed_between_two_files(course, undisturbed):
    """Is a student who is in the gradebook, but has no notebook or no record yet, graded again?"""
    program = (
        "import os, sys\nfrom course import cli\nreplace, left = os.replace, [int(sys.argv[1])]\n"
        "def kill(*paths):\n    left[0] -= 1\n    os.kill(os.getpid(), 9) if left[0] < 0 else replace(*paths)\n"
        f"os.replace = kill\ncli.main(['grade', '{PS1}', '--jobs', '1'])"
    )
    for written in range(3):  # no file, one notebook, its record as well
        command = [sys.executable, "-c", program, str(written)]
        assert subprocess.run(command, cwd=course, stdout=subprocess.DEVNULL).returncode == -signal.SIGKILL
        assert len(parts(course)) == written + 1  # the file that was being written
    assert run(course).wait() == 0
    assert gradebook(sqlite(course)) == undisturbed[0]
    assert files(course) == undisturbed[1]


def parts(course):
    """Files that were being written when a run was killed."""
    return [path for path in (course / "build").rglob(".*") if path.is_file() and path.name != ".gitignore"]


def test_on_other_machines(course, undisturbed, tmp_path):
    """Do workers of a Dask scheduler, which share no folder with the grader, give the same gradebook?"""
    with scheduler(tmp_path, ["one", "two"]) as address:
        assert run(course, "--scheduler", address).wait() == 0
    assert gradebook(sqlite(course)) == undisturbed[0]


def test_no_scheduler_there(course):
    """Is an address where nobody answers an error, and is nothing graded?"""
    process = subprocess.run(
        [sys.executable, "-m", "course.cli", "grade", PS1, "--scheduler", "tcp://127.0.0.1:9"],
        cwd=course, capture_output=True, text=True,
    )  # fmt: skip
    assert process.returncode == 1 and "course: " in process.stderr and gradebook(sqlite(course)) == {}


@pytest.mark.usefixtures("warm")
def test_second_run_has_nothing_to_do(course, capsys):
    """Is what is graded left alone, graded again when it changes, and again with --force?"""
    grade_class(PS1, root=course, students=["ada", "dora"], jobs=1)
    grade_class(PS1, root=course, students=["ada", "dora"], jobs=1)
    assert "2 handed in, 2 graded already" in capsys.readouterr().out
    file = course / "build/submitted/ada" / PS1 / f"{PS1}.ipynb"
    file.write_text(file.read_text().replace("np.maximum(x, 0)", "np.maximum(x, 1)"))
    marks, records = grade_class(PS1, root=course, students=["ada", "dora"], jobs=1)
    assert "2 handed in, 1 graded already" in capsys.readouterr().out
    assert {m.student: m.score for m in marks}["ada"] < 23
    assert records["ada"]["isolation"] == "bubblewrap"
    grade_class(PS1, root=course, students=["dora"], jobs=1, force=True)
    assert "1 handed in, 0 graded already" in capsys.readouterr().out


UNGRADED = "could not be graded: it was not done after 2 s"


def stuck(course, name):
    """Hand in a file that keeps its reader busy for ever; in its place stands a pattern, see `stuck_work`."""
    file = course / "build/submitted" / name / PS1 / f"{PS1}.ipynb"
    notebook = read(file)
    cell = next(cell for cell in notebook.cells if "np.maximum" in cell.source)
    cell.source = f"# {STUCK}\n{cell.source}"
    file.write_text(dumps(notebook))


@pytest.mark.usefixtures("warm")
def test_one_that_cannot_be_graded(course, undisturbed, capsys):
    """One file keeps its reader busy for ever: has the class its marks, and is that one noted and not tried again?"""
    stuck(course, "ada")
    with pool.Processes(1, stuck_work, a_moment) as workers:
        marks, records = grade_class(PS1, root=course, workers=workers)
    said = capsys.readouterr().out
    assert UNGRADED in said and "formgrader: ada" not in said and "with --force: ada. " in said
    assert {m.student: m.points is None for m in marks} == {name: name == "ada" for name in ("absent", *NAMES)}
    assert records["ada"]["notes"] == [UNGRADED]
    waiting = gradebook(sqlite(course))
    assert {name: rest for name, rest in waiting.items() if name != "ada"} == {
        name: rest for name, rest in undisturbed[0].items() if name != "ada"
    }
    assert {(score, by_hand) for _, score, by_hand in waiting["ada"][0]} == {(None, True)}
    assert {comment for _, comment in waiting["ada"][1]} == {None}
    grade_class(PS1, root=course, jobs=1)  # by workers that would be stuck in no file
    assert "5 handed in, 5 graded already" in (said := capsys.readouterr().out) and "with --force: ada. " in said
    evening.nbgrader(course, "generate_feedback", PS1)
    pages = {path.parts[-3]: path.read_text() for path in (course / "build/feedback").glob("*/*/*.html")}
    source = read(course / "solutions" / PS1 / f"{PS1}.ipynb")
    total = float(sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in source.cells))
    assert set(pages) == {"absent", *NAMES} and UNGRADED in pages["ada"]
    assert f"Score so far: 0 of {total:g} points</strong>; {total:g} of them are" in pages["ada"]
    assert UNGRADED in (course / f"build/reports/{PS1}.html").read_text()
    grade_class(PS1, root=course, jobs=1, students=["ada"], force=True)
    assert gradebook(sqlite(course)) == undisturbed[0]


def test_one_that_nbgrader_cannot_grade(course, monkeypatch):
    """The same by nbgrader's own command: does it go on, and leave that one without a mark, for a hand?"""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    configure(course, "import course.grading.plugin as plugin",
              "from course.grading.classroom import pool",  # nbgrader reads its settings twice
              "from tests.grading.classroom.classroom import a_moment, stuck_work",
              "plugin.Processes = lambda count: pool.Processes(count, stuck_work, a_moment)")  # fmt: skip
    stuck(course, "ada")
    for name in ("absent", "flora", "kurt"):
        shutil.rmtree(course / "build/submitted" / name)
    evening.nbgrader(course, "autograde", PS1)
    grades = {name: {(score, by_hand) for _, score, by_hand in rest[0]}
              for name, rest in gradebook(sqlite(course)).items()}  # fmt: skip
    assert grades["ada"] == {(None, True)} and (2.0, False) in grades["dora"]
    assert f"ada: {UNGRADED}" in (course / "nbgrader.log").read_text()


@pytest.mark.usefixtures("warm")
def test_wrong_solution_stops_the_batch(course):
    """Is nobody graded when the instructor's own solution does not get full marks?"""
    source = course / "solutions" / PS1 / f"{PS1}.ipynb"
    source.write_text(source.read_text().replace("return np.maximum(x, 0)", "return np.maximum(x, 1)"))
    with pytest.raises(RuntimeError, match="does not get full marks, so nobody is graded: relu-test gets"):
        grade_class(PS1, root=course, jobs=1)
    assert gradebook(sqlite(course)) == {}


@pytest.mark.usefixtures("warm")
def test_late_penalty(course):
    """Is the course's late penalty taken off, as nbgrader does?"""
    configure(course, 'c.LateSubmissionPlugin.penalty_method = "zero"')
    with Gradebook(sqlite(course)) as book:
        book.update_or_create_assignment(PS1, duedate="2026-01-01 12:00 UTC")
    (course / "build/submitted/ada" / PS1 / "timestamp.txt").write_text("2026-01-01 13:00 UTC")
    (course / "build/submitted/dora" / PS1 / "timestamp.txt").write_text("2026-01-01 11:00 UTC")
    grade_class(PS1, root=course, students=["ada", "dora"], jobs=1)
    with Gradebook(sqlite(course)) as book:
        penalties = {s.student.id: s.late_submission_penalty for s in book.assignment_submissions(PS1)}
    assert penalties == {"ada": 23, "dora": 0}


def test_unknown_student(course):
    """Is a student who has handed nothing in named?"""
    with pytest.raises(ValueError, match="no submission of ps1_activations by nobody"):
        grade_class(PS1, root=course, students=["nobody"])


@pytest.mark.parametrize("there", [False, True], ids=["no gradebook", "another assignment"])
def test_not_generated_yet(course, monkeypatch, there):
    """Is an assignment that the gradebook does not know a sentence that says what to do, before any worker starts?"""
    path = Path(course / "build/gradebook.db")
    path.unlink()
    if there:
        with Gradebook(sqlite(course)) as book:
            book.add_assignment("ps0")
    monkeypatch.setattr(pool, "Processes", lambda count: pytest.fail("workers were started"))
    with pytest.raises(ValueError, match="run `nbgrader generate_assignment ps1_activations`"):
        grade_class(PS1, root=course, jobs=1)
    assert path.exists() == there, "a gradebook was made by asking"
    process = run(course, stderr=subprocess.PIPE, text=True)
    _, said = process.communicate()
    assert process.returncode == 1 and re.fullmatch("course: the gradebook does not know .*\n", said), said


def test_interrupted(course, undisturbed, length):
    """Does Ctrl-C, which reaches all processes, end a run with one sentence, and does the next one go on?"""
    while True:
        process = run(course, "--force", stderr=subprocess.PIPE, text=True)
        time.sleep(0.4 * length[0])  # later it may be done, and only ending
        if process.poll() is None:
            break
        process.communicate()
        length[0] /= 2  # the machine is quicker than when it was measured
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and said.startswith("course: interrupted") and said.count("\n") == 1, said
    assert psutil.wait_procs(family, timeout=15)[1] == [], "it lives on"
    assert run(course).wait() == 0
    assert gradebook(sqlite(course)) == undisturbed[0] and files(course) == undisturbed[1]
