"""Attacks by the file itself: labels, encodings, and sources that break whoever reads them."""

import json
import subprocess
import sys

import pytest

from tests.grading.hostile.attack import WRONG, Attack
from tests.grading.hostile.shown import steals


def _labels(change):
    """A function of the text of a notebook that changes nbgrader's labels: change(cell, label)."""

    def mangle(text):
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if "nbgrader" in cell["metadata"]:
                change(cell, cell["metadata"]["nbgrader"])
        return json.dumps(notebook)

    return mangle


def _more_points(cell, label):
    if "points" in label:
        label["points"] = 200


def _no_test(cell, label):
    if label["grade_id"] == "relu-test":
        cell["source"] = "pass"


def _as_own_answer(cell, label):
    if label["grade_id"] == "relu-test":
        label |= {"solution": True, "locked": False, "grade": True}
        cell["source"] = "23.0"


def _believed(attack, world):
    """Who reads points from what was handed in gives more than there are."""
    cells = json.loads(attack.content(world))["cells"]
    assert sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in cells) > 26


def _not_put_back(attack, world):
    """The test of the submission itself passes."""
    cells = json.loads(attack.content(world))["cells"]
    test = next(c["source"] for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == "relu-test")
    found = world.plain.run(attack.cells(world, {"relu-test": test}))
    assert not next(cell for cell in found["cells"] if cell["name"] == "relu-test")["failed"]


def _breaks(reader, *errors):
    """Reading it in the usual way raises."""

    def show(attack, world):
        with pytest.raises(errors):
            reader(attack.content(world))

    return show


def _breaks_compiler(attack, world):
    """A process that compiles it, as a grader that looks into answers would, ends or fails."""
    code = attack.answers["relu"]
    done = subprocess.run([sys.executable, "-c", "import ast, sys\nast.parse(sys.stdin.read())"], input=code.encode(),
                          capture_output=True)  # fmt: skip
    assert done.returncode != 0


def _answer(data):
    cells = json.loads(data)["cells"]
    return next(c["source"] for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == "relu")


def _can_be_stored(found, world):
    found["notebook"].encode()
    str(found).encode()


ATTACKS = {
    "more_points": Attack("gives itself 200 points a question", _believed, {"relu": WRONG},
                          mangle=_labels(_more_points)),
    "own_test": Attack("replaces a test by nothing", _not_put_back, {"relu": WRONG}, mangle=_labels(_no_test)),
    "test_as_answer": Attack("makes an answer of the test, whose last line is a mark", _not_put_back, {"relu": WRONG},
                             mangle=_labels(_as_own_answer)),
    "utf_16": Attack("is stored in another encoding",
                     _breaks(lambda data: json.loads(data.decode()), UnicodeDecodeError),
                     mangle=lambda text: text.encode("utf-16"), marks={}),
    "nul_in_source": Attack("has a null byte in an answer",
                            _breaks(lambda data: compile(_answer(data), "", "exec"), ValueError, SyntaxError),
                            {"relu": WRONG + "\0"}),
    "lone_surrogate": Attack("has a character that cannot be stored",
                             _breaks(lambda data: _answer(data).encode(), UnicodeEncodeError),
                             {"relu": "def relu(x):\n    raise ValueError('\ud800')"}, afterwards=_can_be_stored),
    "syntax_error": Attack("does not compile", _breaks_compiler, {"relu": "def relu(x)\n    return"}),
    "deep_source": Attack("is nested so deeply that the compiler gives up", _breaks_compiler,
                          {"relu": WRONG + "-" * 200_000 + "1"}),
    "deep_brackets": Attack("opens more brackets than a parser follows", _breaks_compiler,
                            {"relu": WRONG + "(" * 5000 + ")" * 5000}),
    "deep_json": Attack("is nested so deeply that a reader of JSON gives up", _breaks(json.loads, RecursionError),
                        mangle=lambda text: text[:-1] + ', "more": ' + "[" * 100_000 + "]" * 100_000 + "}", marks={}),
    "long_source": Attack("has an answer of 2 MB, more than the line carries", steals("LONGER"),
                          {"relu": WRONG + "#" * 2_000_000 + "\nprint('LONG' + 'ER')"}, absent=("LONGER",)),
}  # fmt: skip
