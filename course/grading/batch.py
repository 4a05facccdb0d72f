"""Grade a whole class: workers run submissions side by side, one writer keeps the gradebook.

A run may be killed at any moment and started again: a student is done when their record is written, which is the last
step, and everything before it can be done twice.
"""

import contextlib
import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from tqdm import tqdm

from course.grading.gradebook import read_marks, table
from course.grading.records import GradebookWriter
from course.grading.worker import handed_in, work
from course.notebooks.release import with_environment_on_path

SLOW = 15  # seconds after which a submission is named while it runs


@dataclass(frozen=True)
class Course:
    """Where things are: an nbgrader course folder, read from its `nbgrader_config.py`."""

    directory: CourseDirectory

    @classmethod
    def here(cls):
        """The course in the current folder."""
        app = NbGrader()
        app.load_config_file()
        return cls(CourseDirectory(parent=app))

    def path(self, step, student, assignment):
        """The folder of a student in a step: "submitted", "autograded"."""
        return Path(self.directory.format_path(getattr(self.directory, f"{step}_directory"), student, assignment))

    def source(self, assignment):
        """The instructor's notebook of an assignment; ValueError if there is not exactly one."""
        found = sorted(self.path("source", ".", assignment).glob("*.ipynb"))
        if len(found) != 1:
            raise ValueError(f"{assignment} has {len(found)} notebooks in its source folder; course grade needs one")
        return found[0]

    def students(self, assignment):
        """Everybody who has a folder for this assignment among the submissions."""
        before, after = str(self.path("submitted", "*", assignment)).split("*", 1)
        return sorted(p.name for p in Path(before).glob("*") if Path(f"{p}{after}").is_dir())

    def record(self, student, assignment):
        """The file with the instructor's record of a submission."""
        return Path(self.directory.root, "build/records", assignment, f"{student}.json")


def grade_class(assignment, *, students=None, jobs=None, executor=None, force=False, limits=None, weak=False, root="."):
    """Grade an assignment of the course in `root` and print the marks. Returns (marks, records by student).

    students: which; None is everybody who has handed in. jobs: worker processes, None is one a core. executor: a
    `concurrent.futures.Executor` to use instead, for example Dask's `Client.get_executor()`. force: also those who are
    graded already. limits: fields of `course.grading.sandbox.Limits`. weak: allow grading without bubblewrap.
    Raises RuntimeError if the instructor's own solution does not get full marks.
    """
    os.environ.update(with_environment_on_path())  # a new gradebook calls `alembic` by name
    with contextlib.chdir(root):  # nbgrader's settings are relative to the folder of the course
        return _grade_class(assignment, students, jobs, executor, force, limits, weak)


def _grade_class(assignment, students, jobs, executor, force, limits, weak):
    course, started = Course.here(), time.perf_counter()
    source = course.source(assignment)
    text = source.read_text(encoding="utf-8")
    everybody = course.students(assignment)
    missing = sorted(set(students or ()) - set(everybody))
    if missing:
        raise ValueError(f"no submission of {assignment} by {', '.join(missing)}")
    chosen = [name for name in everybody if students is None or name in students]
    waiting = {}
    for name in chosen:
        content = handed_in(course.path("submitted", name, assignment) / source.name)
        if force or _mark_of(course, name, assignment) != _key(content, text):
            waiting[name] = content
    print(f"{assignment}: {len(chosen)} handed in, {len(chosen) - len(waiting)} graded already")
    if waiting:
        with contextlib.ExitStack() as stack:
            count = 1
            if executor is None:
                count = min(jobs or os.cpu_count() or 1, len(waiting))
                context = multiprocessing.get_context("spawn")
                executor = stack.enter_context(ProcessPoolExecutor(count, mp_context=context))
            _check_solution(executor, text, limits, weak, count)
            writer = stack.enter_context(GradebookWriter(course.directory, assignment, source.stem))
            _run(executor, waiting, text, limits, weak, lambda name, found: _keep(course, writer, name, assignment,
                 source.name, found, _key(waiting[name], text)))  # fmt: skip
    records = {name: _load(course.record(name, assignment)) for name in chosen}
    marks = [m for m in read_marks(course.directory.db_url, assignment, chosen) if m.student in chosen]
    print(f"\n{table(marks, {name: _note(record) for name, record in records.items()})}")
    print(f"{len(waiting)} graded in {time.perf_counter() - started:.1f} s")
    return marks, records


@contextlib.contextmanager
def workers(scheduler):
    """Yield the executor of a Dask scheduler, or None without an address: then `grade_class` starts its own.

    The workers need this course installed, and bubblewrap; files are not shared. OSError if nobody answers.
    """
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError('--scheduler needs Dask: pip install "course[cluster]"') from error
    with Client(scheduler, timeout=10) as client:
        # pure=False: the same bytes may be graded again; retries: a worker that is lost costs nothing
        with client.get_executor(pure=False, retries=2) as executor:
            yield executor


def _run(executor, waiting, text, limits, weak, keep):
    """Hand everything to the workers; keep results as they come, with progress and the names of slow ones."""
    futures, named = {}, set()
    for name, content in waiting.items():
        futures[executor.submit(work, content, text, limits, weak)] = name
    left, last = set(futures), time.monotonic()
    with tqdm(total=len(futures), unit="student", file=sys.stdout, disable=None) as bar:
        while left:
            done, left = wait(left, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                keep(futures[future], future.result())
                bar.set_postfix_str(futures[future], refresh=False)
                bar.update()
                last = time.monotonic()
            if not done and time.monotonic() - last > SLOW:
                running = {futures[f] for f in left if f.running()} - named
                for name in sorted(running)[:8]:
                    bar.write(f"still running: {name}")
                named |= running


def _check_solution(executor, text, limits, weak, workers):
    """Grade the instructor's own solution on the same road: if it does not get everything, nobody is graded.

    Once a worker, which warms them all up side by side.
    """
    futures = [executor.submit(work, text.encode(), text, limits, weak) for _ in range(workers)]
    for future in futures:
        _refuse_unless_full(future.result())


def _refuse_unless_full(found):
    """RuntimeError with the reasons if what was found for the solution is not full marks."""
    lost = {name: f"{points:g} of {found['maximum'][name]:g}" for name, points in found["points"].items()
            if points < found["maximum"][name]}  # fmt: skip
    if lost or not found["points"]:
        why = "; ".join([f"{name} gets {points}" for name, points in lost.items()] or ["there is no test cell"])
        notes = "; ".join(found["notes"] + found["repairs"])
        raise RuntimeError(f"the solution itself does not get full marks, so nobody is graded: {why}. {notes}".strip())


def _keep(course, writer, student, assignment, filename, found, key):
    """Write what a worker found: gradebook, notebook, and last the record that says that it is done."""
    timestamp = course.directory.get_existing_timestamp(str(course.path("submitted", student, assignment)))
    writer.write(student, found, timestamp)
    replace(course.path("autograded", student, assignment) / filename, found.pop("notebook"))
    replace(course.record(student, assignment), json.dumps({"key": key, "student": student, **found}, indent=1))


def replace(path, text):
    """Write a file so that it is either the old one or the whole new one, whenever the power goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as part:
        part.write(text)
    os.chmod(part.name, 0o644)
    os.replace(part.name, path)


def _key(content, source):
    """What a record was made from: a changed submission or source is graded again."""
    parts = (b"" if content is None else b"+" + content, source.encode())
    return " ".join(hashlib.sha256(part).hexdigest() for part in parts)


def _mark_of(course, student, assignment):
    return _load(course.record(student, assignment)).get("key")


def _load(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there yet, or from a time when the disk was full
        return {}


def _note(record):
    """What the table says about a submission."""
    kinds = {"repairs": "repaired", "notes": "noted"}
    words = [f"{word} ({len(record[kind])})" for kind, word in kinds.items() if record.get(kind)]
    reason = record.get("usage", {}).get("reason", "")
    return ", ".join(words + ([f"limit: {reason}"] if reason not in ("", "killed") else []))
