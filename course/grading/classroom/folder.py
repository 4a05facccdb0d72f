"""An nbgrader course folder: where submissions, notebooks, records and pages of a class lie, and what is set there."""

import contextlib
import itertools
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from course.grading.classroom import secret_file
from course.grading.classroom.submitted import is_usable, student_id
from course.grading.sandbox import Limits


@dataclass(frozen=True)
class Course:
    """Read from the `nbgrader_config.py` of a folder; all but the directory are `c.SandboxedExporter`'s settings.

    secret_file: where the secret of the course lies, or shall lie; None: hidden cases are the public ones.
    """

    directory: CourseDirectory
    limits: dict = field(default_factory=dict)
    allow_weak: bool = False
    secret_file: Path | None = None

    @classmethod
    def here(cls):
        """The course in the current folder. ValueError if its settings are none."""
        app = NbGrader()
        app.load_config_file()
        settings = app.config.get("SandboxedExporter", {})
        limits = dict(settings.get("limits", {}))
        check_limits(limits, "c.SandboxedExporter.limits in nbgrader_config.py")
        directory = CourseDirectory(parent=app)
        return cls(directory, limits, bool(settings.get("allow_weak", False)),
                   secret_file.place(settings.get("secret_file", ""), directory.root))  # fmt: skip

    def path(self, step, student, assignment):
        """The folder of a student in a step: "submitted", "autograded", "feedback"."""
        return Path(self.directory.format_path(getattr(self.directory, f"{step}_directory"), student, assignment))

    def source(self, assignment):
        """The instructor's notebook of an assignment; ValueError if there is not exactly one."""
        folder = self.path("source", ".", assignment)
        found = sorted(folder.glob("*.ipynb"))
        if not folder.is_dir() or not assignment:
            raise ValueError(f"there is no assignment {assignment!r}; there are: {assignments_in(folder.parent)}")
        if len(found) != 1:
            raise ValueError(f"{assignment} has {len(found)} notebooks in its source folder; course grade needs one")
        return found[0]

    def students(self, assignment):
        """Everybody who has a folder for this assignment among the submissions, and a name that can be used."""
        folders, inside = around_student(self.directory, assignment)
        return sorted(p.name for p in folders.glob("*") if is_usable(p.name) and Path(f"{p}{inside}").is_dir())

    def record(self, student, assignment):
        """The file with the instructor's record of a submission."""
        return Path(self.directory.root, "build/records", assignment, f"{student}.json")

    def report(self, assignment):
        """The page about the whole class."""
        return Path(self.directory.root, "build/reports", f"{assignment}.html")

    @contextlib.contextmanager
    def alone(self, assignment):
        """Hold the lock on an assignment, which the system takes back however this process ends.

        RuntimeError if another run holds it: two would grade everything twice and write into each other's records.
        """
        import fcntl  # not on Windows, where there is no sandbox either

        path = self.record("any", assignment).parent.parent / f"{assignment}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.seek(0)
                raise RuntimeError(
                    f"{assignment} is being graded by process {file.read().strip() or '?'}: wait for it, or end it"
                ) from error
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield


def assignments_in(folder):
    """The names of the assignments whose sources lie in a folder, in words."""
    return ", ".join(sorted(path.name for path in Path(folder).glob("*") if any(path.glob("*.ipynb")))) or "none"


def around_student(directory, assignment):
    """(the folder that holds a folder for each student, what follows that folder's name) among the submissions."""
    before, after = directory.format_path(directory.submitted_directory, "*", assignment).rsplit("*", 1)
    return Path(before), after


def give_usable_names(directory, assignment):
    """Rename the folders of students whose names nbgrader cannot use. Returns ({old: new name}, {old: an error}).

    A name that is not UTF-8 fits into no gradebook, and ends formgrader's page about the class in an error; one with
    control characters acts on the terminal of whoever reads a log.
    """
    folders, inside = around_student(directory, assignment)
    renamed, failed = {}, {}
    for path in sorted(folders.glob("*")):
        if is_usable(path.name) or path.name.startswith(".") or not Path(f"{path}{inside}").is_dir():
            continue
        names = (f"{student_id(path.name)}{number or ''}" for number in itertools.count())
        name = next(name for name in names if not os.path.lexists(folders / name))
        try:
            path.rename(folders / name)
            renamed[path.name] = name
        except OSError as error:
            failed[path.name] = f"the name of its folder cannot be used, nor changed to {name}: {error.strerror}"
    return renamed, failed


def check_limits(limits, where):
    """ValueError, with the names there are, if these are no fields of Limits."""
    unknown = sorted(set(limits) - set(asdict(Limits())))
    if unknown:
        raise ValueError(f"{where} has no limit {', '.join(unknown)}; there are {', '.join(asdict(Limits()))}")
    Limits(**limits)  # raises ValueError for a value that is none
