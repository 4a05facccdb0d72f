"""Are hidden cases those of the secret: the same everywhere, others with another one, and is it said nowhere?"""

import hashlib
import os
import pickle
import subprocess
import sys
import traceback

import numpy as np
import pytest

from course.checks.record import Case
from course.grading.hidden import PUBLIC, Secret, distance, drawn, drawn_from
from course.grading.hidden.secret import current
from tests.notebooks.executed import ROOT, SOLUTIONS

TEXT = "a text that only these tests know, and nobody may see"
SECRET, OTHER = Secret(TEXT), Secret(TEXT + ".")
QUESTIONS = {cases.__module__.split(".")[-1] + "." + q.name: cases for q, cases in distance.questions()}


@drawn
def numbers(rng):
    """A case with one array."""
    return [Case("numbers", {"x": rng.normal(size=4), "n": 3})]


@drawn
def others(rng):
    """The same code under another name."""
    return [Case("numbers", {"x": rng.normal(size=4), "n": 3})]


def _values(cases):
    return [value.tolist() for case in cases() for value in case.inputs.values() if isinstance(value, np.ndarray)]


def _under(secret, cases):
    with drawn_from(secret):
        return _values(cases)


def test_same_secret_same_numbers():
    """Does the secret decide, does every function get numbers of its own, and is the public one in use by default?"""
    assert _under(SECRET, numbers) == _under(Secret(TEXT), numbers)
    assert len({str(_under(secret, f)) for secret in (SECRET, OTHER, PUBLIC) for f in (numbers, others)}) == 6
    assert _values(numbers) == _under(PUBLIC, numbers)


def test_nothing_is_left_behind():
    """Does a secret hold inside its block only, also inside another and where an error ends it?"""
    with pytest.raises(ZeroDivisionError), drawn_from(SECRET), drawn_from(OTHER):
        assert current() == OTHER != SECRET
        raise ZeroDivisionError
    assert current() is PUBLIC


PRINT = """
import hashlib, sys
from course.grading.hidden import Secret, distance, drawn_from
with drawn_from(Secret(sys.stdin.read())):
    cases = [case for _, cases in reversed([*distance.questions()]) for case in cases()]
print(hashlib.sha256(repr(sorted(map(repr, cases))).encode()).hexdigest())
"""


def test_same_in_every_process():
    """Does another process, which draws in another order and hashes otherwise, have the same cases?"""
    said = subprocess.run([sys.executable, "-c", PRINT], input=TEXT, capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONHASHSEED": "4711"}).stdout.strip()  # fmt: skip
    with drawn_from(SECRET):
        cases = [case for cases in QUESTIONS.values() for case in cases()]
    assert said == hashlib.sha256(repr(sorted(map(repr, cases))).encode()).hexdigest()


@pytest.mark.parametrize("name", QUESTIONS)
def test_cases_of_a_question(name):
    """Are all cases of a question hidden, closed to writing, and drawn: does another secret give other numbers?"""
    with drawn_from(SECRET):
        cases = QUESTIONS[name]()
    assert all(case.hidden for case in cases)
    arrays = [value for case in cases for value in case.inputs.values() if isinstance(value, np.ndarray)]
    assert arrays and not any(array.flags.writeable for array in arrays)
    assert _under(SECRET, QUESTIONS[name]) != _under(OTHER, QUESTIONS[name])


def test_reference_is_asked_once():
    """Does a worker ask the reference once for each case of a secret, and again for another secret?"""
    from course.checks.question import Question

    asked = []
    question = Question("double", lambda x, n: asked.append(x) or 2 * x, list)
    for secret in (SECRET, SECRET, OTHER, SECRET):
        with drawn_from(secret):
            assert question.run(lambda x, n: 2 * x, numbers).passed
            assert not question.run(lambda x, n: x, numbers).passed
    assert len(asked) == 2


def test_students_cannot_change_what_is_kept():
    """Does a function that writes into its inputs, and into what it returned before, change no later verdict?"""
    from course.checks.question import Question

    question = Question("same", lambda x, n: x, list)

    def vandal(x, n):
        x[:] = 7
        return x

    before = _values(numbers)
    assert not question.run(vandal, numbers).passed
    assert question.run(lambda x, n: x, numbers).passed and _values(numbers) == before


def test_a_secret_is_never_said():
    """Do repr, str, formats, errors and containers hide it, and does it arrive whole where it is sent?"""

    def fails(secret):
        raise ValueError(f"{secret} {secret!r} {[secret]} {secret:}")

    with pytest.raises(ValueError) as caught:
        fails(SECRET)
    said = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert TEXT[:10] not in said and SECRET.hash[:8] in said
    assert len(SECRET.hash) == 64 and SECRET.hash != OTHER.hash != hashlib.sha256(TEXT.encode()).hexdigest()
    sent = pickle.loads(pickle.dumps(SECRET))
    assert sent == SECRET and {sent: 1}[SECRET] == 1 and sent != OTHER and sent != TEXT


SUMS = """
import importlib, sys
from course.grading.hidden import PUBLIC, drawn_from
from course.grading.hidden.draw import checksums
with drawn_from(PUBLIC):
    for name in sys.argv[1:]:
        hidden = importlib.import_module(f"course.grading.hidden.{name}")
        for question in importlib.import_module(f"course.checks.{name}").QUESTIONS:
            getattr(hidden, question.name)()
    print(*sorted(checksums().items()), sep="\\n")
"""


@pytest.mark.slow
def test_every_worker_says_the_same_of_its_cases():
    """Have the cases of all sets the same checksums in two processes, whatever kinds of values they hold?"""
    names = [path.stem.partition("_")[2] for path in SOLUTIONS]
    said = [subprocess.run([sys.executable, "-c", SUMS, *names], env=os.environ | {"PYTHONHASHSEED": seed}, check=True,
                           capture_output=True, text=True, cwd=ROOT).stdout for seed in ("1", "2")]  # fmt: skip
    assert said[0] == said[1] and len(said[0].splitlines()) > 30
