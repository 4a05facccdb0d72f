"""A class of any size whose answers are the right and wrong variants of ps1, with the records of the real checks.

No sandbox: the checks call the variants here. For tests of what comes after grading.
"""

import contextlib
import functools
import importlib
import inspect
import io
import random
import re

from course.checks import activations
from course.grading.classroom.gradebook import Marks
from course.grading.hidden import activations as hidden

QUESTIONS = {question.name: question for question in activations.QUESTIONS}
POINTS = 2.0
TEMPLATE = {
    name.replace("_", "-"): f'def {name}(x):\n    """Return it."""\n    # YOUR CODE HERE\n'
    f'    raise NotImplementedError("Question: {name}")'
    for name in QUESTIONS
}


@functools.cache
def variants(question):
    """{name: function} of all ways to write an answer, right ones first."""
    module = importlib.import_module(f"tests.grading.variants.ps1.{question}")
    found = {n: f for n, f in vars(module).items() if n.startswith(("right_", "wrong_")) and inspect.isfunction(f)}
    return dict(sorted(found.items(), key=lambda item: item[0].startswith("wrong_")))


@functools.cache
def source(question, name):
    """A variant as a student would have typed it: under the function's own name, without the sentence about it."""
    text = inspect.getsource(variants(question)[name])
    text = text[text.index("def ") :].replace(f"def {name}(", f"def {question}(")
    return re.sub(r'\n +"""[^"]*"""', "", text, count=1).strip()


@functools.cache
def results(question, name):
    """What the checks say of a variant, as it stands in a record: visible and hidden cases."""
    function = variants(question)[name]
    with contextlib.redirect_stdout(io.StringIO()):
        return [QUESTIONS[question].run(function, cases).to_dict() for cases in (None, getattr(hidden, question))]


def independent(count, seed=0):
    """Answers of students no two of whom have chosen the same variant of a question, as long as there are enough."""
    chosen = {}
    for question in QUESTIONS:
        names = list(variants(question))
        random.Random(f"{seed} {question}").shuffle(names)
        chosen[question] = names
    return [{question: names[i % len(names)] for question, names in chosen.items()} for i in range(count)]


def by_chance(count, seed=0):
    """Answers of students who choose at random, some variants more often than others; right ones most of all."""
    random_ = random.Random(seed)
    popular = {question: [1 / (1 + i) for i in range(len(variants(question)))] for question in QUESTIONS}
    return [{question: random_.choices(list(variants(question)), popular[question])[0] for question in QUESTIONS}
            for _ in range(count)]  # fmt: skip


def sources(choices):
    """{student: {grade_id: source}} of the variants that each has chosen."""
    return {f"s{i:03d}": {question.replace("_", "-"): source(question, name) for question, name in choice.items()}
            for i, choice in enumerate(choices)}  # fmt: skip


def graded(choices):
    """(records, marks) of these choices, as `course grade` has them."""
    records, marks = {}, []
    for i, choice in enumerate(choices):
        student = f"s{i:03d}"
        found = {f"{question.replace('_', '-')}-test": results(question, name) for question, name in choice.items()}
        points = {test: round(POINTS * sum(r["passed"] for r in both) / max(1, sum(r["cases"] for r in both)), 2)
                  for test, both in found.items()}  # fmt: skip
        records[student] = {
            "student": student, "points": points, "maximum": dict.fromkeys(found, POINTS), "records": found,
            "answers": dict.fromkeys(TEMPLATE, "answered"), "repairs": [], "notes": [], "isolation": "bubblewrap",
            "usage": {"reason": "", "cpu": 0.5 + i / 100, "wall": 1 + i / 50}, "attempts": [],
        }  # fmt: skip
        marks.append(Marks(student, points, POINTS * len(found), by_hand=3.0 if i % 3 else 0.0))
    return records, marks
