"""An instructor's evening, played on made-up students: release, submissions, grades, feedback, report, gradebook.

It runs the commands that an instructor runs, in a scratch folder, so that a real gradebook is never touched.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tqdm import tqdm

from course.grading.classroom.batch import grade_class, report_class
from course.grading.classroom.folder import assignments_in
from course.grading.samples import planned_marks, students, submission
from course.notebooks.release import with_environment_on_path

FOLDER = "build/class"
MARKER = ".sample-class"  # in a folder that this module may empty
REPOSITORY = Path(__file__).parents[3]  # the instructor works in a checkout: solutions/ is not in the package


def play(assignment="ps1_activations", folder=FOLDER, names=None):
    """Grade the sample class of an assignment in `folder`, which is emptied first, and print the gradebook.

    names: which students; None is everybody. Returns the list of differences from the planned marks: empty is good.
    """
    started = time.perf_counter()
    folder = Path(folder).resolve()
    sample = {name: s for name, s in students(assignment).items() if names is None or name in names}
    prepare(assignment, folder)
    print(f"Releasing {assignment} ...")
    nbgrader(folder, "generate_assignment", assignment, "--force")
    source = folder / "solutions" / assignment / f"{assignment}.ipynb"
    release = folder / "assignments" / assignment / source.name
    for name, student in sample.items():
        target = folder / "build/submitted" / name / assignment / source.name
        target.parent.mkdir(parents=True)
        target.write_text(submission(student, source, release), encoding="utf-8")
    enrol(folder, sample)
    print(f"{len(sample)} students hand in. Grading:")
    grade_class(assignment, root=folder, tell=False)
    print("Feedback:")
    nbgrader(folder, "generate_feedback", assignment, "--force", count=len(sample))
    marks, _ = report_class(assignment, folder, {name: student.story for name, student in sample.items()})
    pages = folder / "build/feedback/<student>" / assignment / f"{assignment}.html"
    print(f"feedback: {pages}\nlog of nbgrader: {folder / 'nbgrader.log'}")
    print(f"formgrader with the gradebook of this class: {how_to_open(folder)}")
    differences = compare(marks, {name: planned_marks(student, source) for name, student in sample.items()})
    verdict = "Every mark is as planned." if not differences else "NOT AS PLANNED:\n  " + "\n  ".join(differences)
    print(f"{verdict} ({time.perf_counter() - started:.0f} s)")
    return differences


def how_to_open(folder):
    """The command that opens the class in formgrader."""
    return "make class-open" if folder == (Path.cwd() / FOLDER).resolve() else f"course class --open --folder {folder}"


def open_in_formgrader(folder=FOLDER):
    """Start JupyterLab in the folder of a class that was played, at formgrader's page. Returns when it is ended.

    There nbgrader finds the settings and the gradebook of this class, and not those of the course around it.
    """
    folder = Path(folder).resolve()
    if not (folder / MARKER).exists():
        raise ValueError(f"{folder} holds no sample class; `course class --folder {folder}` plays one there")
    # as root, as some containers are, Jupyter asks for this word
    as_root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.default_url=/formgrader", *as_root]
    return subprocess.call(command, cwd=folder, env=with_environment_on_path())


def prepare(assignment, folder):
    """Make `folder` a course of its own: the repository's settings and the source of one assignment.

    Only a folder that is new, empty or made by this function is emptied; any other is a ValueError.
    """
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()):
        if not marker.exists():
            raise ValueError(f"{folder} holds other files; choose a new folder for the sample class")
        shutil.rmtree(folder)
    source = REPOSITORY / "solutions" / assignment
    if not source.is_dir():
        raise ValueError(f"no source of {assignment} in {source.parent}; there are: {assignments_in(source.parent)}")
    (folder / "build/exchange").mkdir(parents=True)
    marker.touch()
    settings = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    own = 'c.CourseDirectory.db_url = "sqlite:///build/gradebook.db"'  # also where the course's is on a server
    (folder / "nbgrader_config.py").write_text(f"{settings}\n{own}\n", encoding="utf-8")
    shutil.copytree(source, folder / "solutions" / assignment, ignore=shutil.ignore_patterns(".*"))


def enrol(folder, names):
    """Enter the students into the gradebook under a name, which formgrader shows."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/build/gradebook.db") as gradebook:
        for name in names:
            gradebook.update_or_create_student(name, first_name=name.capitalize(), last_name="Sample")


def nbgrader(folder, *arguments, count=None):
    """Run an nbgrader command in `folder`, with a progress bar over `count` students. Its log goes to a file.

    Raises RuntimeError with the end of the log if the command fails.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    lines = []
    with (
        open(folder / "nbgrader.log", "a", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         errors="replace", env=with_environment_on_path()) as process,
        tqdm(total=count, unit="student", disable=count is None, file=sys.stdout) as bar,
    ):  # fmt: skip
        for line in process.stdout:
            log.write(line)
            lines = [*lines[-30:], line]
            found = re.search(r"Converting notebook .*[/\\]submitted[/\\]([^/\\]+)[/\\]", line)
            if found:
                bar.set_postfix_str(found[1])
            if re.search(r"Setting destination file permissions|error processing assignment: ", line):
                bar.update()
    if process.returncode != 0:
        raise RuntimeError(f"nbgrader {' '.join(arguments)} failed:\n{''.join(lines)}")


def compare(marks, planned):
    """Return a sentence for every mark that differs from the plan {student: {cell: points}}."""
    return [
        f"{m.student}, {cell}: {(m.points or {}).get(cell)} points, {points} planned"
        for m in marks
        for cell, points in planned[m.student].items()
        if (m.points or {}).get(cell) != points
    ]
