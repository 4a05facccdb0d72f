"""Is a secret refused under which an answer is neither clearly right nor clearly wrong?"""

import numpy as np
import pytest

from course.checks.question import Mistake, Question
from course.checks.record import Case
from course.grading.hidden import PUBLIC, Secret, distance, drawn, drawn_from

DOUBLED = Mistake("tripled", lambda x: 3 * x, "Two times is less than three times.")


@drawn
def ordinary(rng):
    """Numbers of everyday size."""
    return [Case("numbers", {"x": rng.uniform(1, 2, 4)})]


@drawn
def ill_conditioned(rng):
    """Numbers whose digits float32 does not hold."""
    return [Case("numbers", {"x": 1e6 + rng.uniform(1, 2, 4)})]


@drawn
def sometimes(rng):
    """Only every second secret gives numbers by which the mistake can be seen."""
    return [Case("numbers", {"x": np.full(4, float(rng.integers(0, 2)))})]


def _problems(question, cases, secret=PUBLIC):
    with drawn_from(secret):
        return distance.of_question(question, cases)


def test_clear_answers_are_fair():
    """Is a question fair whose reference holds in float32 and whose mistake is far away, with one output or two?"""
    double = Question("double", lambda x: 2 * x, list, mistakes=[DOUBLED])
    both = Question("both", lambda x: (x.sum(), 2 * x), list, outputs=("total", "doubled"), mistakes=[
        Mistake("mean", lambda x: (x.mean(), 2 * x), "How many are there?")])  # fmt: skip
    assert _problems(double, ordinary) == [] == _problems(both, ordinary)


def test_digits_that_float32_lacks():
    """Is a right answer that computes in float32 kept from losing points?"""
    question = Question("remainder", lambda x: (x - 1e6) * 100, list)
    assert _problems(question, ordinary) == []
    (said,) = _problems(question, ill_conditioned)
    assert said.startswith("remainder, numbers: float32 is ") and "tolerances away" in said


@pytest.mark.parametrize("wrong", [lambda x: 2 * x, lambda x: 2 * x * 1.0002, lambda x: 2 * x * 1.0005])
def test_mistakes_that_pass_or_nearly_pass(wrong):
    """Is a mistake found that no hidden case sees, or one only just, in any of its forms?"""
    mistake = Mistake("nearly", (DOUBLED.compute, wrong), "Look again.")
    (said,) = _problems(Question("double", lambda x: 2 * x, list, mistakes=[mistake]), ordinary)
    assert said.startswith("double: 'nearly' is ") and "at most" in said


def test_the_secret_decides():
    """Are some secrets fair and others not, where the numbers decide?"""
    question = Question("double", lambda x: 2 * x, list, mistakes=[DOUBLED])
    fair = [not _problems(question, sometimes, Secret(f"number {i}")) for i in range(20)]
    assert 3 <= sum(fair) <= 17


def test_every_question_is_looked_at():
    """Do all questions of all assignments that have hidden cases take part?"""
    from course.checks import activations, backprop, convolution, mnist

    names = [question.name for question, _ in distance.questions()]
    asked = (*activations.QUESTIONS, *mnist.QUESTIONS, *convolution.QUESTIONS, *backprop.QUESTIONS)
    assert {question.name for question in asked} == set(names)
    assert len(names) == len(set(names))


@pytest.mark.slow
def test_public_cases_are_fair():
    """Do those who make no secret grade fairly?"""
    assert distance.problems(PUBLIC) == []
