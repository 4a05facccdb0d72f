"""What is said of code that never ends: to the student, in the note of the table, and in the count of the report."""

from pathlib import Path

import pytest

from course.grading.report import findings
from course.grading.run.grade import grade
from course.grading.samples import Sample, submission
from course.grading.sandbox import Limits
from tests.grading.sandbox.conftest import require_bubblewrap, sandbox  # noqa: F401  (a fixture)

ROOT = Path(__file__).parents[3]
PS1 = "ps1_activations"
SOURCE = ROOT / "solutions" / PS1 / f"{PS1}.ipynb"
RELEASE = ROOT / "assignments" / PS1 / f"{PS1}.ipynb"
pytestmark = pytest.mark.slow
ANSWERS = {
    "cell": {"relu": "while True:\n    pass"},
    "call": {"relu": "def relu(x):\n    while True:\n        pass"},
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_endless_loop(sandbox, what):  # noqa: F811
    """Is it said as a person would say it, noted with the limit, and counted as stopped by one?"""
    text = submission(Sample("a slip", ANSWERS[what]), SOURCE, RELEASE)
    limits = Limits(cell_seconds=1, call_seconds=1)
    found = grade(text.encode(), SOURCE.read_text(encoding="utf-8"), sandbox, limits)
    noted = {"cell": "the cell relu took too long: stopped by the limit on cell time",
             "call": "a call took too long: stopped by the limit on call time"}  # fmt: skip
    assert found.notes == [noted[what]]
    assert "Sandbox" not in found.notebook
    assert f"The {what} ran longer than 1 s and was ended: is there a loop that never ends?" in found.notebook
    record = {"usage": found.usage, "notes": found.notes}
    assert findings.stopped(record) == f"{what} time"
    rows = findings.students({"ada": record}, [])
    assert rows[0]["notes"] == found.notes, "said twice"
    assert found.points["relu-test"] == 0 and found.points["softmax-test"] == found.maximum["softmax-test"]


def test_a_process_that_ends(sandbox):  # noqa: F811
    """Is an answer that ends its process told without the name of a class of the grader's?"""
    text = submission(Sample("a slip", {"relu": "import os\ndef relu(x):\n    os._exit(0)"}), SOURCE, RELEASE)
    found = grade(text.encode(), SOURCE.read_text(encoding="utf-8"), sandbox, Limits())
    assert "Sandbox" not in found.notebook and "The student's process has ended" in found.notebook
