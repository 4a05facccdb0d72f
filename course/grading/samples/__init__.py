"""Made-up students whose marks are known beforehand: right, wrong, partly right, empty and mangled submissions.

`make class` grades them, so that an instructor sees the whole evening before the first real one; the tests hold the
marks against the plan. One module an assignment lists its students in `STUDENTS`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

from course.grading.rebuild.released import RUBRIC, plain, without
from course.notebooks.canonical import dumps, read

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Sample:
    """One student. `answers` maps a grade_id to what the student wrote instead of the right answer; None keeps the
    stub. `marks` are the points of the test cells that do not get full marks. `mangle` changes the notebook or its
    text at the end."""

    story: str
    answers: dict[str, str | None] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    mangle: Callable | None = None


def students(assignment):
    """Return {student id: Sample} of an assignment; ValueError if it has no sample class."""
    try:
        return importlib.import_module(f"course.grading.samples.{assignment}").STUDENTS
    except ModuleNotFoundError as error:
        known = sorted(module.name for module in pkgutil.iter_modules(__path__))
        raise ValueError(f"there is no sample class for {assignment!r}; there are: {', '.join(known)}") from error


def without_markers(source):
    """The solution of a cell as a student would have written it."""
    lines = without(source, RUBRIC).split("\n")
    return plain("\n".join(line for line in lines if line.strip() not in (BEGIN, END)))


def submission(sample, solution, release):
    """Return the text of the notebook that a sample student hands in.

    solution, release: paths of the source notebook and of the one that students got.
    """
    right = {cell.metadata.nbgrader.grade_id: without_markers(cell.source) for cell in _answers(read(solution))}
    notebook = read(release)
    for cell in _answers(notebook):
        grade_id = cell.metadata.nbgrader.grade_id
        answer = sample.answers.get(grade_id, right[grade_id])
        if answer is not None:
            cell.source = answer
    if sample.mangle is not None:
        notebook = sample.mangle(notebook)
    return notebook if isinstance(notebook, str) else dumps(notebook)


def planned_marks(sample, solution):
    """Return {test cell: points} that the sample must get."""
    tests = {cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
             for cell in read(solution).cells if _is_test(cell)}  # fmt: skip
    unknown = set(sample.marks) - set(tests)
    if unknown:
        raise ValueError(f"{sample.story}: no test cells named {', '.join(sorted(unknown))}")
    return tests | sample.marks


def _answers(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]


def _is_test(cell):
    nbgrader = cell.metadata.get("nbgrader", {})
    return nbgrader.get("grade") and not nbgrader.get("solution")
