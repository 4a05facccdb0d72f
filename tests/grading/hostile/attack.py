"""What a hostile submission is: what it hands in, the exact marks it must get, and how it is shown to work."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from course.grading.run.runner import is_test
from course.grading.samples import without_markers

ROOT = Path(__file__).parents[3]
SOURCE = (ROOT / "solutions/ps1_activations/ps1_activations.ipynb").read_text(encoding="utf-8")
RELEASED = (ROOT / "assignments/ps1_activations/ps1_activations.ipynb").read_text(encoding="utf-8")
FULL = {cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
        for cell in nbformat.reads(SOURCE, 4).cells if is_test(cell.metadata.get("nbgrader", {}))}  # fmt: skip
ORDER = [name.removesuffix("-test") for name in FULL]
NOTHING = dict.fromkeys(FULL, 0.0)
WRONG = "def relu(x):\n    return np.full(np.shape(x), 7.0)\n"  # right in no case
NO_RELU = {"relu-test": 0.0}


def from_on(question):
    """The marks where this question and all later ones get nothing."""
    return {f"{name}-test": 0.0 for name in ORDER[ORDER.index(question) :]}


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    answers: code in place of the right answers, by grade_id. extra: cells of the student's own, each behind the answer
    with this grade_id; "setup" stands before all answers. mangle: function of the text that is handed in, at the end.
    marks: the marks that are not the full ones. limits: fields of Limits. $FOLDER and the like in the code are
    replaced, see world.py.

    shown: function of (attack, world) that asserts that the attack works where the defence is missing.
    absent: what must not be in the stored notebook. noted: what must be among the notes.
    afterwards: function of (found, world) that asserts more about the graded submission.
    """

    story: str
    shown: Callable
    answers: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)
    marks: dict = field(default_factory=lambda: NO_RELU)
    limits: dict = field(default_factory=dict)
    mangle: Callable | None = None
    absent: tuple = ()
    noted: str = ""
    afterwards: Callable | None = None

    def cells(self, world, tests=None):
        """[(grade_id, source)] as one kernel runs them: setup, answers, own cells, and the tests in `tests`.

        tests: {name of the test cell: code, or None for the instructor's}.
        """
        found = []
        for cell in nbformat.reads(SOURCE, 4).cells:
            nbgrader = cell.metadata.get("nbgrader", {})
            name = nbgrader.get("grade_id")
            if cell.cell_type != "code" or name is None or name.startswith("explore"):
                continue
            if is_test(nbgrader):
                if name in (tests or {}):
                    found.append((name, tests[name] or cell.source))
                continue
            found.append((name, world.fill(self.answers.get(name, without_markers(cell.source)))))
            if name in self.extra:
                found.append(("", world.fill(self.extra[name])))
        return found

    def content(self, world):
        """The bytes of the file that is handed in."""
        notebook = nbformat.reads(RELEASED, 4)
        code = self.cells(world)
        for name, source in code:
            for cell in notebook.cells:
                nbgrader = cell.metadata.get("nbgrader", {})
                if name and nbgrader.get("grade_id") == name and nbgrader.get("solution"):
                    cell.source = source
        for name, source in self.extra.items():
            place = next(i for i, cell in enumerate(notebook.cells)
                         if cell.metadata.get("nbgrader", {}).get("grade_id") == name)  # fmt: skip
            notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(world.fill(source), id=f"own-{name}"))
        text = json.dumps(notebook)
        given = text if self.mangle is None else self.mangle(text)
        return given if isinstance(given, bytes) else given.encode()

    def plan(self):
        """The points of every test cell."""
        return {**FULL, **self.marks}


def honest():
    """The file of a student who has everything right."""
    notebook = nbformat.reads(RELEASED, 4)
    right = {cell.metadata.nbgrader.grade_id: without_markers(cell.source)
             for cell in nbformat.reads(SOURCE, 4).cells
             if cell.metadata.get("nbgrader", {}).get("solution")}  # fmt: skip
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = right.get(name, cell.source)
    return json.dumps(notebook).encode()
