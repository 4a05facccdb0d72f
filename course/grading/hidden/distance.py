"""Is a secret a fair one? Every answer must be clearly right or clearly wrong under the hidden cases drawn from it.

    the reference, its inputs and results rounded to float32     below RIGHT tolerances in every case
    each known mistake of a question                             above WRONG tolerances in some case that it fails
"""

import contextlib
import importlib
import io
import pkgutil

import numpy as np

from course.checks.mistakes import wide
from course.checks.question import Question
from course.grading import hidden
from course.grading.hidden.secret import drawn_from

RIGHT, WRONG = 0.5, 10  # in tolerances


def problems(secret):
    """Sentences about the questions of all assignments that are too close to call under `secret`; none if it is fair.

    Loads PyTorch; takes about a second for each assignment.
    """
    with drawn_from(secret), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        return [problem for question, cases in questions() for problem in of_question(question, cases)]


def questions():
    """Yield (Question, function that gives its hidden cases) for all assignments."""
    for module in pkgutil.iter_modules(hidden.__path__):
        cases = importlib.import_module(f"course.grading.hidden.{module.name}")
        if importlib.util.find_spec(f"course.checks.{module.name}"):
            for question in importlib.import_module(f"course.checks.{module.name}").QUESTIONS:
                yield question, getattr(cases, question.name)


def of_question(question, cases):
    """Sentences about one question under the secret in use."""
    found = []
    # without its mistakes nobody looks for hints, which takes most of the time
    bare = Question(question.name, question.expected, question.cases, outputs=question.outputs,
                    tolerance=question.tolerance)  # fmt: skip
    right = bare.run(lambda *inputs: _rounded(question.expected(*map(_rounded, inputs))), cases)
    for result in right.results:
        if not (result.passed and result.error < RIGHT):
            found.append(f"{question.name}, {result.case.kind}: float32 is {result.error:.2g} tolerances away")
    for mistake in question.mistakes:
        for compute in mistake.forms:
            worst = max((r.error for r in bare.run(compute, cases).results if not r.passed), default=0)
            if not worst > WRONG:
                found.append(f"{question.name}: {mistake.name!r} is {worst:.2g} tolerances away at most")
    return found


def _rounded(value):
    """The value as float32 can hold it, in float64; whole numbers and labels stay what they are."""
    if isinstance(value, tuple):
        return tuple(map(_rounded, value))
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return wide(np.asarray(value, np.float32))[()]
    return value
