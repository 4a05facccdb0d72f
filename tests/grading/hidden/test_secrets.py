"""Is every secret a fair one: are wrong answers caught and right ones kept, whatever cases are drawn from?"""

import contextlib
import io

import pytest

from course.grading.hidden import Secret, drawn_from
from tests.grading.variants.sets import ASKED
from tests.grading.variants.slips import right_forms, slips

FEW, MANY = 3, 20


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny arrays: PyTorch's threads would only wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _some(asked):
    return [pytest.param(asked, n, id=f"{asked}-{n}", marks=[] if n < FEW else [pytest.mark.long]) for n in range(MANY)]


@pytest.mark.parametrize("asked, number", [param for asked in ASKED for param in _some(asked)])
def test_variants_under_a_secret(asked, number):
    """Does each wrong answer fail a hidden case by ten tolerances, and each right one pass all below a half?"""
    wrong, right = asked.variants("wrong"), asked.variants("right")
    assert len(wrong) >= 12 and len(right) >= 4
    if number == FEW - 1:
        wrong |= {str(slip): slip.make() for slip in slips(asked)}
        right |= dict(right_forms(asked))
    with drawn_from(Secret(f"variants {number}")), contextlib.redirect_stdout(io.StringIO()):
        found = {name: asked.question.run(f, asked.hidden).results for name, f in (wrong | right).items()}
    errors = {name: max((r.error for r in found[name] if not r.passed), default=0.0) for name in wrong}
    assert {name: error for name, error in errors.items() if error < 10} == {}
    assert {name for name in right if not all(r.passed and r.error < 0.5 for r in found[name])} == set()
