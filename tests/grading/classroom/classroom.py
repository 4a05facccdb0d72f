"""A course folder with a few submissions, runs of `course grade` in it, and what its gradebook says afterwards."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook

from course.grading.classroom import evening
from course.grading.classroom.worker import work
from course.grading.samples import students, submission
from tests.grading.process.held import HOPELESS
from tests.notebooks.executed import ROOT, RUN

PS1 = "ps1_activations"
STUCK = "stuck-4711"  # in a file that keeps its reader busy for ever
# generated once in a test run, by nbgrader's own command, which takes longer than most tests
PREPARED = ROOT / "build" / "prepared" / RUN
NAMES = ("ada", "dora", "flora", "kurt")


def prepare(folder):
    """Make a course folder with four submissions, and one empty folder, that nobody has graded."""
    PREPARED.parent.mkdir(parents=True, exist_ok=True)
    with open(PREPARED.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PREPARED.exists():
            for old in PREPARED.parent.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            with tempfile.TemporaryDirectory(dir=PREPARED.parent) as new:
                _prepare(Path(new) / "course")
                os.replace(Path(new) / "course", PREPARED)
    shutil.copytree(PREPARED, folder)


def _prepare(folder):
    evening.prepare(PS1, folder)
    evening.nbgrader(folder, "generate_assignment", PS1, "--force")
    source = folder / "solutions" / PS1 / f"{PS1}.ipynb"
    for name in NAMES:
        target = folder / "build/submitted" / name / PS1 / source.name
        target.parent.mkdir(parents=True)
        target.write_text(submission(students(PS1)[name], source, folder / "assignments" / PS1 / source.name))
    (folder / "build/submitted/absent" / PS1).mkdir(parents=True)  # a folder, and no notebook in it


def stuck_work(content, *rest):
    """What a worker does here: `work`, but for a file with STUCK in it a regular expression that does not end."""
    if content and STUCK.encode() in content:
        pattern, text = HOPELESS
        pattern.match(text)
    return work(content, *rest)


def a_moment(content, *_):
    """Seconds that this may take: a few for such a file, and enough for all others."""
    return 2 if content and STUCK.encode() in content else 600


def configure(folder, *lines):
    """Add settings to the course's `nbgrader_config.py`."""
    with open(folder / "nbgrader_config.py", "a") as config:
        config.writelines(f"\n{line}\n" for line in lines)


def run(folder, *options, **popen):
    """Start `course grade` as a person does, in a session of its own."""
    command = [sys.executable, "-m", "course.cli", "grade", PS1, "--jobs", "2", *options]
    popen.setdefault("stdout", subprocess.DEVNULL)
    return subprocess.Popen(command, cwd=folder, start_new_session=True, **popen)


def at_once(*folders):
    """Run `course grade` in several folders at the same time. Returns [(exit status, what it wrote on stderr)]."""
    running = [run(folder, stderr=subprocess.PIPE, text=True, errors="replace") for folder in folders]
    return [_ended(process) for process in running]


def _ended(process):
    _, error = process.communicate()
    return process.returncode, error


def sqlite(folder):
    """The address of the gradebook that a course has when nothing else is set."""
    return f"sqlite:///{folder}/build/gradebook.db"


def gradebook(db_url):
    """What the gradebook says of everybody, without ids and times."""
    with Gradebook(db_url) as book:
        return {
            s.student.id: (
                sorted((g.name, g.auto_score, g.needs_manual_grade) for n in s.notebooks for g in n.grades),
                sorted((c.name, c.auto_comment) for n in s.notebooks for c in n.comments),
                s.late_submission_penalty,
            )
            for s in book.assignment_submissions(PS1)
        }


def files(folder):
    """What a run leaves beside the gradebook: {student: record without times}, {student: bytes of the notebook}."""
    records = {}
    for path in (folder / "build/records" / PS1).glob("*.json"):
        records[path.stem] = json.loads(path.read_text())
        for measured in ("cpu", "wall"):
            records[path.stem].get("usage", {}).pop(measured, None)
    notebooks = {path.parts[-3]: path.read_bytes() for path in (folder / "build/autograded").glob("*/*/*.ipynb")}
    return records, notebooks


STORE = """
import sys
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from course.grading.classroom.records import GradebookWriter
app = NbGrader()
app.load_config_file()
assignment, *names = sys.argv[1:]
with GradebookWriter(CourseDirectory(parent=app), assignment, assignment) as writer:
    print("ready", flush=True)
    sys.stdin.readline()
    for name in names:
        writer.write(name, {"points": {"relu-test": 1.0}, "answers": {"relu": "answered"}})
"""


def race(folder, names, count=3):
    """Several processes add the marks of the same new students at the same moment. Returns as `at_once` does."""
    command, pipe = [sys.executable, "-c", STORE, PS1, *names], subprocess.PIPE
    writers = [subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
               for _ in range(count)]  # fmt: skip
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    return [_ended(writer) for writer in writers]
