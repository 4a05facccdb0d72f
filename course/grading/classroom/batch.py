"""Grade a whole class: workers run submissions side by side, one writer keeps the gradebook.

A run may be killed at any moment and started again: a student is done when their record is written, which is the last
step, and everything before it can be done twice.
"""

import contextlib
import os
import textwrap
import time

from course.grading.classroom import pool, secret_file
from course.grading.classroom.folder import Course, check_limits, give_usable_names
from course.grading.classroom.gradebook import read_marks, table
from course.grading.classroom.job import Job
from course.grading.classroom.progress import Progress
from course.grading.classroom.records import GradebookWriter, check_generated
from course.grading.classroom.submitted import shown, student_id
from course.grading.process import Ungraded
from course.notebooks.release import with_environment_on_path

NOTE = 100  # characters of what the table says about a submission


def grade_class(assignment, *, students=None, jobs=None, workers=None, force=False, limits=None, weak=False, root="."):
    """Grade an assignment of the course in `root`, print the marks and write the report. Returns (marks, records).

    students: which; None is everybody who has handed in. jobs: worker processes, None is one a core. workers: what to
    use instead, see `pool`. force: also those who are graded already. limits, weak: what to change of
    `c.SandboxedExporter.limits` and `allow_weak` in `nbgrader_config.py`.
    Raises RuntimeError if the instructor's own solution does not get full marks, if another run is on, and at the end
    if somebody could not be graded.
    """
    os.environ.update(with_environment_on_path())  # a new gradebook calls `alembic` by name
    with contextlib.chdir(root):  # nbgrader's settings are relative to the folder of the course
        course = Course.here()
        check_limits(limits or {}, "the call")
        secret = secret_file.find(course.secret_file, course.directory.db_url)
        job = Job(course, assignment, course.limits | (limits or {}), weak or course.allow_weak, secret)
        with course.alone(assignment):
            return _grade_class(job, students, jobs, workers, force)


def _grade_class(job, students, jobs, workers, force):
    course, started = job.course, time.perf_counter()
    check_generated(course.directory, job.assignment, job.source.stem)  # before a minute of work, not after it
    renamed, failed = give_usable_names(course.directory, job.assignment)
    for old, new in renamed.items():
        print(f"the folder {shown(old)} has a name that cannot be used; it is called {new} now")
    everybody = course.students(job.assignment)
    students = None if students is None else [student_id(name) for name in students]
    missing = sorted(set(students or ()) - set(everybody))
    if missing:
        raise ValueError(f"no submission of {job.assignment} by {shown(', '.join(missing))}")
    chosen = [name for name in everybody if students is None or name in students]
    waiting = [name for name in chosen if force or not job.is_done(name)]
    print(f"{job.assignment}: {len(chosen)} handed in, {len(chosen) - len(waiting)} graded already")
    print(secret_file.said(job.secret, course.secret_file))
    graded = 0
    if waiting:
        with contextlib.ExitStack() as stack:
            if workers is None:
                count = min(jobs or os.cpu_count() or 1, len(waiting))
                workers = stack.enter_context(pool.Processes(count))
            check_solution(workers, job)
            writer = stack.enter_context(GradebookWriter(course.directory, job.assignment, job.source.stem))
            secret_file.remember(course.directory.db_url, job.secret.hash)
            progress = stack.enter_context(Progress(len(waiting)))
            for name, found in pool.results(workers, job.tasks(waiting), progress.show):
                if isinstance(found, Ungraded):
                    found = job.ungraded(found)
                if isinstance(found, Exception):
                    failed[name] = f"{type(found).__name__}: {found}"
                else:
                    job.keep(writer, name, found)
                    graded += 1
                progress.advance(name)
    records = {name: job.record(name) for name in everybody}
    marks = read_marks(course.directory.db_url, job.assignment, everybody)
    mine = [mark for mark in marks if mark.student in chosen]
    print(f"\n{table(mine, {name: _note(records[name]) for name in chosen}, job.numbers)}")
    print(f"report: {job.report(marks, records)}")
    print(f"{graded} graded in {time.perf_counter() - started:.1f} s")
    ungraded = [name for name in chosen if records[name].get("ungraded")]
    if ungraded:
        print(f"Not graded, and not tried again unless the file changes or with --force: {', '.join(ungraded)}. Their "
              "files keep the grader itself busy; their cells wait for a mark by hand in formgrader.")  # fmt: skip
    if failed:
        reasons = shown("; ".join(f"{name} ({reason})" for name, reason in sorted(failed.items())))
        raise RuntimeError(f"{len(failed)} could not be graded and got no new mark: {reasons}")
    return mine, {name: records[name] for name in chosen}


def check_solution(workers, job):
    """Grade the instructor's own solution on the same road, once a worker, which warms them all up side by side.

    RuntimeError, with the reason, if it does not get everything, or if a worker grades by another version, or draws
    other hidden cases from the same secret.
    """
    drawn = {}
    tasks = [("the solution", job.arguments(job.text.encode())) for _ in range(workers.count)]
    for _, found in pool.results(workers, tasks):
        if isinstance(found, Exception):
            raise found
        if found["version"] != job.version:
            raise RuntimeError("a worker has other checks or hidden cases than this machine: install the same course")
        if any(drawn.setdefault(name, checksum) != checksum for name, checksum in found["drawn"].items()):
            raise RuntimeError("two workers draw other hidden cases from the same secret: install the same NumPy")
        lost = [f"{name} gets {points:g} of {found['maximum'][name]:g}" for name, points in found["points"].items()
                if points < found["maximum"][name]]  # fmt: skip
        if lost or not found["points"]:
            why = "; ".join([*(lost or ["there is no test cell"]), *found["notes"], *found["repairs"]])
            raise RuntimeError(f"the solution itself does not get full marks, so nobody is graded: {why}")


def _note(record):
    """What the table says about a submission; the report says it at length."""
    words = [f"repaired ({len(record['repairs'])})"] if record.get("repairs") else []
    words += record.get("notes", [])  # what took too long, ended the program, reached a limit
    words += [f"tried: {', '.join(record['attempts'])}"] if record.get("attempts") else []
    return textwrap.shorten("; ".join(words), NOTE, placeholder=" ...")
