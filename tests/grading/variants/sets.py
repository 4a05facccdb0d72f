"""The questions that are tried with variants: those of every problem set that has a folder psN here.

psN/__init__.py names the checks, the hidden cases and the assignment; psN/<question>.py holds the variants.
"""

import contextlib
import functools
import importlib
import io
import json
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from course.checks.question import Question
from tests.grading import variants

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Asked:
    """A question with its set: `asked.question` is the check, `asked.hidden` draws the hidden cases."""

    set: str
    package: ModuleType
    question: Question

    @property
    def name(self):
        return self.question.name

    @property
    def hidden(self):
        return getattr(self.package.hidden, self.name)

    def variants(self, kind):
        """{name: function} of the "wrong" or "right" variants."""
        module = importlib.import_module(f"{self.package.__name__}.{self.name}")
        found = {name: f for name, f in vars(module).items() if name.startswith(f"{kind}_") and callable(f)}
        return {name: self._function(f) for name, f in found.items()}

    def _function(self, written):
        """What is asked about as a function of a case: of a class what the check makes of it."""
        if not hasattr(self.question, "adapt"):
            return written
        function = self.question.adapt(written)
        function.__doc__, function.mistake = written.__doc__, getattr(written, "mistake", None)
        return function

    @property
    def solution(self):
        """The instructor's own function."""
        return self._function(_solutions(self.package.ASSIGNMENT)[self.name])

    def run(self, function, long=True):
        """The two records of a test cell: the visible cases and the hidden ones. long: with those of ten thousand."""
        with contextlib.redirect_stdout(io.StringIO()):
            return tuple(self.question.run(function, lambda cases=cases: [
                case for case in cases() if long or "ten thousand" not in case.kind])
                for cases in (lambda: self.question.visible, self.hidden))  # fmt: skip

    def __str__(self):
        return f"{self.set}-{self.name}"


@functools.cache
def _solutions(assignment):
    """The names that a solution's notebook defines in its setup and its answers."""
    notebook = json.loads((ROOT / "solutions" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
    names = {"__name__": assignment}
    for cell in notebook["cells"]:
        said = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and (said.get("solution") or said.get("grade_id", "").startswith("setup")):
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    return names


def _found():
    for module in pkgutil.iter_modules(variants.__path__):
        if module.ispkg:
            package = importlib.import_module(f"{variants.__name__}.{module.name}")
            yield from (Asked(module.name, package, question) for question in package.check.QUESTIONS)


ASKED = tuple(_found())


def in_range(asked, zone, inputs):
    """Where the inputs of a case lie in a Range, as an array of yes and no."""
    with np.errstate(all="ignore"):
        return np.asarray(zone.where(**inputs))
