"""Is every secret a fair one: are wrong answers caught and right ones kept, whatever cases are drawn from?"""

import contextlib
import importlib
import io

import pytest

from course.checks import activations
from course.grading.hidden import Secret, drawn_from
from course.grading.hidden import activations as hidden

QUESTIONS = {question.name: question for question in activations.QUESTIONS}
FEW, MANY = 3, 20


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny arrays: PyTorch's threads would only wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _some(question):
    return [pytest.param(question, n, id=f"{question}-{n}", marks=[] if n < FEW else [pytest.mark.long])
            for n in range(MANY)]  # fmt: skip


@pytest.mark.parametrize("question, number", [param for question in QUESTIONS for param in _some(question)])
def test_variants_under_a_secret(question, number):
    """Does each wrong answer fail a hidden case by ten tolerances, and each right one pass all below a half?"""
    variants = vars(importlib.import_module(f"tests.grading.variants.ps1.{question}"))
    wrong = [f for name, f in variants.items() if name.startswith("wrong_")]
    right = [f for name, f in variants.items() if name.startswith("right_")]
    assert len(wrong) >= 12 and len(right) >= 4
    with drawn_from(Secret(f"variants {number}")), contextlib.redirect_stdout(io.StringIO()):
        found = {f: QUESTIONS[question].run(f, getattr(hidden, question)).results for f in wrong + right}
    errors = {f: max((r.error for r in found[f] if not r.passed), default=0.0) for f in wrong}
    assert {f.__name__: error for f, error in errors.items() if error < 10} == {}
    assert {f.__name__ for f in right if not all(r.passed and r.error < 0.5 for r in found[f])} == set()
