"""Is what a student is told of a hidden case one of a closed list of sentences, and the one that fits?"""

import numpy as np
import pytest

from course.checks import told
from course.checks.question import Question
from course.checks.record import Case, Result
from tests.unit.checks.strange import STRANGE

X = np.array([[1.0, -2.0, 0.5]])


def _cases():
    return [Case("a row", {"x": X}, hidden=True)]


double = Question("double", lambda x: 2 * x, list)
both = Question("both", lambda x: (x.sum(), 2 * x), list, outputs=("total", "doubled"))


def _told(function, question=double):
    (result,) = question.run(function, _cases).results
    return told.sentence(result)


def _raises(x):
    raise ValueError(x)


def _changes(x):
    x[0, 0] = 7
    return 2 * x


@pytest.mark.parametrize("function, failure", [
    ("not a function", "no function"), (_raises, "raised"), (_changes, "changed"), (lambda x: 3 * x, "values"),
    (lambda x: x[0], "shape"), (lambda x: x.tolist(), "type"), (lambda x: None, "type"), (lambda x: x * 1j, "type"),
    (lambda x: x.astype(object), "type"), (lambda x: (x, x), "type"), (lambda x: 3.0, "type"),
], ids=lambda value: value if isinstance(value, str) else "f")  # fmt: skip
def test_sentence_of_a_failure(function, failure):
    """Does each way to fail have its sentence?"""
    assert _told(function) == told.SENTENCES[failure]


def test_outputs_are_named():
    """Does the sentence name the output that is wrong, where there are several, and where it is about one?"""
    assert _told(lambda x: (x.sum(), x), both) == f"doubled: {told.SENTENCES['values']}"
    assert _told(lambda x: ("total", 2 * x), both) == f"total: {told.SENTENCES['type']}"
    assert _told(lambda x: 2 * x, both) == told.SENTENCES["type"]
    assert _told(_raises, both) == told.SENTENCES["raised"]


@pytest.mark.parametrize("name", STRANGE)
def test_strange_values_have_a_sentence(name):
    """Is anything that may come back told to be of the wrong type or shape, or to differ?"""
    for question in (double, both):
        said = _told(lambda *arguments: STRANGE[name](), question).removeprefix("total: ").removeprefix("doubled: ")
        assert said in {told.SENTENCES[failure] for failure in told.DIFFERS}


def test_what_nobody_named():
    """Does a failure without a sentence of its own get the general one, and never its message?"""
    result = Result(_cases()[0], message="It returned 4711.", failure="of a new kind", output="4711")
    assert told.sentence(result) == told.SENTENCES[""] == told.sentence(Result(_cases()[0], message="4711"))
