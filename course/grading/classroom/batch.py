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


def grade_class(assignment, *, students=None, jobs=None, workers=None, force=False, limits=None, weak=False, root=".",
                tell=True):  # fmt: skip
    """Grade an assignment of the course in `root`, print the marks and write the report. Returns (marks, records) of
    those chosen.

    students: which; None is everybody who has handed in. jobs: worker processes, None is one a core. workers: what to
    use instead, see `pool`. force: also those who are graded already. limits, weak: what to change of
    `c.SandboxedExporter.limits` and `allow_weak` in `nbgrader_config.py`. tell: print the marks and write the report,
    or leave that to `report_class`.
    Raises RuntimeError if the instructor's own solution does not get full marks, if another run is on, and at the end
    if somebody could not be graded.
    """
    with the_job(assignment, root, limits, weak) as job, job.course.alone(assignment):
        return _grade_class(job, students, jobs, workers, force, tell)


@contextlib.contextmanager
def the_job(assignment, root=".", limits=None, weak=False):
    """Go to the course in `root` and yield what is to be done there. See `grade_class` for arguments and errors."""
    with the_course(root) as course:
        check_limits(limits or {}, "the call")
        secret = secret_file.find(course.secret_file, course.directory.db_url)
        job = Job(course, assignment, course.limits | (limits or {}), weak or course.allow_weak, secret)
        check_generated(course.directory, assignment, job.source.stem)  # before a minute of work, not after it
        yield job


@contextlib.contextmanager
def the_course(root="."):
    """Go to the folder `root`, for nbgrader's settings are relative to it, and yield the course there."""
    os.environ.update(with_environment_on_path())  # a new gradebook calls `alembic` by name
    with contextlib.chdir(root):
        yield Course.here()


def report_class(assignment, root=".", notes=None):
    """Print the marks of a class and write its page, as they are now: with marks by hand, and links to feedback pages.

    notes: {student: what the table says}. Returns (marks, records).
    """
    with the_course(root) as course:
        job = Job(course, assignment, course.limits, course.allow_weak)
        check_generated(course.directory, assignment, job.source.stem)
        everybody = job.course.students(assignment)
        return _told(job, everybody, everybody, notes)


def choose(everybody, students, assignment):
    """Those among `everybody` whom `students` names, None is all; ValueError if one is missing."""
    students = None if students is None else [student_id(name) for name in students]
    missing = sorted(set(students or ()) - set(everybody))
    if missing:
        raise ValueError(f"no submission of {assignment} by {shown(', '.join(missing))}")
    return [name for name in everybody if students is None or name in students]


def _grade_class(job, students, jobs, workers, force, tell):
    course, started = job.course, time.perf_counter()
    renamed, failed = give_usable_names(course.directory, job.assignment)
    for old, new in renamed.items():
        print(f"the folder {shown(old)} has a name that cannot be used; it is called {new} now")
    everybody = course.students(job.assignment)
    chosen = choose(everybody, students, job.assignment)
    waiting = [name for name in chosen if force or not job.is_done(name)]
    print(f"{job.assignment}: {len(chosen)} handed in, {len(chosen) - len(waiting)} graded already")
    print(secret_file.said(job.secret, course.secret_file))
    graded = 0
    if waiting:
        with contextlib.ExitStack() as stack:
            workers = workers or stack.enter_context(own_workers(jobs, len(waiting)))
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
    mine, records = _told(job, everybody, chosen, tell=tell)
    print(f"{graded} graded in {time.perf_counter() - started:.1f} s")
    ungraded = [name for name in chosen if records[name].get("ungraded")]
    if ungraded:
        print(f"Not graded, and not tried again unless the file changes or with --force: {', '.join(ungraded)}. Their "
              "files keep the grader itself busy; their cells wait for a mark by hand in formgrader.")  # fmt: skip
    if failed:
        reasons = shown("; ".join(f"{name} ({reason})" for name, reason in sorted(failed.items())))
        raise RuntimeError(f"{len(failed)} could not be graded and got no new mark: {reasons}")
    return mine, records


def own_workers(jobs, tasks):
    """Worker processes on this machine for so many tasks; jobs: at most so many, None is one a core."""
    return pool.Processes(min(jobs or os.cpu_count() or 1, tasks))


def _told(job, everybody, chosen, notes=None, tell=True):
    """Print the marks of those chosen, and write the page about everybody. Returns (marks, records) of the chosen."""
    records = {name: job.record(name) for name in everybody}
    marks = read_marks(job.course.directory.db_url, job.assignment, everybody)
    mine = [mark for mark in marks if mark.student in chosen]
    if tell:
        said = {name: _note(records[name]) for name in chosen} if notes is None else notes
        print(f"\n{table(mine, said, job.numbers)}")
        print(f"report: {job.report(marks, records)}")
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
