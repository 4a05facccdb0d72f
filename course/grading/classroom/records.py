"""Write marks into nbgrader's gradebook, in one session for a whole batch.

The same fields as nbgrader's own `SaveAutoGrades` and `AssignLatePenalties` steps set; a test compares both.
"""

import contextlib
import logging
import time
import warnings
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SAWarning, SQLAlchemyError

ATTEMPTS = 3  # others write as well (formgrader, a second run); each attempt waits for SQLite's lock, 5 seconds
PAUSE = 0.5  # seconds between two attempts


def check_generated(directory, assignment, notebook):
    """ValueError, with the command to run, if the gradebook of nbgrader's CourseDirectory does not know the assignment.

    A gradebook that is a file, and is not there yet, is not made by asking.
    """
    url = directory.db_url
    with clear_errors(url):
        address = make_url(url)
        place = Path(address.database or "") if address.get_backend_name() == "sqlite" else None
        known = place is None or place.is_file() or not place.parent.is_dir()  # the last one is an error of its own
        if known:
            with Gradebook(url, directory.course_id) as gradebook:
                try:
                    gradebook.find_notebook(notebook, assignment)
                except MissingEntry:
                    known = False
    if not known:
        raise ValueError(f"the gradebook does not know {assignment}: run `nbgrader generate_assignment {assignment}`")


class GradebookWriter:
    """One open gradebook. `write` can be repeated: whatever was there of a student, the end is the same."""

    def __init__(self, directory, assignment, notebook):
        """directory: nbgrader's CourseDirectory. The assignment must have been generated once."""
        self._directory, self._assignment, self._notebook = directory, assignment, notebook

    def __enter__(self):
        check_generated(self._directory, self._assignment, self._notebook)
        with clear_errors(self._directory.db_url):
            self._gradebook = Gradebook(self._directory.db_url, self._directory.course_id)
        return self

    def __exit__(self, *_):
        self._gradebook.close()

    def write(self, student, found, timestamp=None, unchanged=()):
        """Store the result of `course.grading.classroom.worker.work` for a student.

        Marks and comments by hand stay. unchanged: grade_ids of the answers that are those of the earlier grading: who
        has given a mark for one by hand is not asked to look again.
        Raises RuntimeError that says what to do if the gradebook cannot be written after several attempts.
        """
        with clear_errors(self._directory.db_url), _quiet():
            for left in reversed(range(ATTEMPTS)):
                try:
                    return self._store(student, found, timestamp, unchanged)
                except (SQLAlchemyError, InvalidEntry):  # a lock, a lost connection, or another has just added the same
                    self._gradebook.db.remove()
                    if not left:
                        raise
                    time.sleep(PAUSE)

    def _store(self, student, found, timestamp, unchanged):
        self._gradebook.update_or_create_student(student)
        # also where there is none: a file without a time does not keep that of an earlier one
        submission = self._gradebook.update_or_create_submission(self._assignment, student, timestamp=timestamp)
        notebook = next(n for n in submission.notebooks if n.name == self._notebook)
        for grade in notebook.grades:
            before = grade.auto_score
            if grade.name in found["points"]:
                grade.auto_score = found["points"][grade.name]
            else:  # graded by hand: 0 if nothing was written, else it waits
                grade.auto_score = None if found["answers"].get(grade.name) == "answered" else 0.0
            same = grade.auto_score == before and (grade.name in found["points"] or grade.name in unchanged)
            if grade.manual_score is None or not same:
                grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            answered = found["answers"].get(comment.name) == "answered"
            comment.auto_comment = None if answered else "No response."
        self._gradebook.db.commit()
        if submission.total_seconds_late > 0 or notebook.late_submission_penalty is not None:
            self._penalise(student)

    def _penalise(self, student):
        """nbgrader's own step, with the plugin that the course has chosen."""
        self._gradebook.db.commit()  # ends the transaction: the step opens a connection of its own
        names = {"notebook": self._notebook, "assignment": self._assignment, "student": student}
        step = AssignLatePenalties(parent=self._directory.parent)
        step.preprocess(new_notebook(), {"nbgrader": names | {"db_url": self._directory.db_url}})


@contextlib.contextmanager
def clear_errors(db_url):
    """Turn what a database says into a RuntimeError that names the gradebook and says what to do."""
    try:
        yield
    except (SQLAlchemyError, InvalidEntry, ImportError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        if isinstance(error, (ImportError, NoSuchModuleError)):
            todo = 'PostgreSQL needs its driver, pip install "course[postgresql]", and an address postgresql+psycopg://'
        else:
            todo = ("What is graded so far is kept. See that the database can be reached and that no other program "
                    "holds it, then start the same command again.")  # fmt: skip
        raise RuntimeError(f"the gradebook {_shown(db_url)} does not work: {said}. {todo}") from error


def _shown(db_url):
    """The address without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:  # it may hold a password all the same
        return "of c.CourseDirectory.db_url"


@contextlib.contextmanager
def _quiet():
    """nbgrader logs every error with its traceback, also where a second attempt succeeds; and it builds a submission
    outside of SQLAlchemy's session, which then warns."""
    log = logging.getLogger("tornado.application")  # nbgrader's
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        log.disabled = before
