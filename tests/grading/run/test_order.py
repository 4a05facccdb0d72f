"""Does every answer meet the helpers that stood there when its test ran, whatever later cells define?"""

import time

import nbformat
import pytest

from course.grading.classroom.worker import work
from course.grading.run import order, runner
from course.grading.run.runner import is_test
from tests.grading.hostile.attack import FULL, NO_RELU, SOURCE, Attack
from tests.grading.sandbox.conftest import require_bubblewrap


def cells(*texts):
    """Cells of code; "?name" is the test of that name."""
    found = []
    for text in texts:
        test = text.startswith("?")
        label = {"grade_id": text[1:], "grade": True, "solution": False, "points": 1, "locked": True} if test else {}
        metadata = {"nbgrader": label} if test else {}
        found.append(nbformat.v4.new_code_cell("pass" if test else text, metadata=metadata))
    return found


USES = "def f(x):\n    return helper(x)\n"
HELPER = "def helper(x):\n    return x\n"


@pytest.mark.parametrize("texts, expected", [
    ((HELPER + USES, "?f", USES, "?g"), set()),  # f itself is taken as it stood there
    ((HELPER + USES, "?f", HELPER, "?g"), {"f"}),
    ((HELPER, USES, "?f", "helper = abs", "?g"), {"f"}),
    ((HELPER + USES, "?f", "x = 3", "?g", "helper = None"), {"f", "g"}),
    (("x = 1\n" + HELPER + USES, "?f", "x = 2", "?g"), set()),  # x is a parameter
    (("def f(a):\n    x = a\n    return x", "x = 1", "?f", "x = 2"), set()),  # a local name
    (("def f(a):\n    for x in a:\n        print(x)", "x = 1", "?f", "x = 2"), set()),
    (("EPS = 1e-12\n\ndef f(a):\n    return a + EPS", "?f", "EPS = 0.1", "?g"), {"f"}),
    (("g = lambda x: helper(x)\nhelper = abs", "?f", "helper = 2"), {"f"}),
    (("g = lambda x: x\nx = abs", "?f", "x = 2"), set()),
    (("class A:\n    def f(self, x):\n        return helper(x)\nhelper = 1", "?f", "helper = 2"), {"f"}),
    (("# helper\ndef f(x):\n    return 'helper'\nhelper = 1", "?f", "helper = 2"), set()),  # no code
    (("def f(n):\n    return f(n - 1) if n else 0", "?f", "def f(n):\n    return 7"), {"f"}),  # it calls itself
    (("?f", HELPER, HELPER), set()),  # no answer before it
    (("", "%matplotlib inline\n!ls", "def broken(", "?f", "def broken(:"), set()),
])  # fmt: skip
def test_early(texts, expected):
    """Is a test early exactly if an earlier function looks up what an earlier and a later cell define?"""
    assert order.early(cells(*texts), is_test) == expected


@pytest.mark.parametrize("text", [
    "def f(" * 200_000, "def f((" + "()" * 500_000, "lambda " * 200_000, " " * 1_000_000, "    a" + ", a" * 300_000,
    "    " + "a" * 1_000_000, "def f(x):\n" + "    x\n" * 200_000, "(" * 1_000_000, "x = 1\n" * 200_000,
], ids=str.split("defs brackets lambdas blanks commas word lines open assignments"))  # fmt: skip
def test_in_bounded_time(text):
    """Is a megabyte that was made to stall a pattern read within seconds?"""
    started = time.process_time()
    order.early(cells(text, "?f", text), is_test)
    assert time.process_time() - started < 10


class Nowhere:
    """A world that fills nothing in."""

    def fill(self, code):
        return code


FIRST = "def helper(x):\n    return np.maximum(x, 0)\n\ndef relu(x):\n    return helper(x)"
SECOND = "def helper(x):\n    return 1 / (1 + np.exp(-np.asarray(x, float)))\n\ndef scratch(x):\n    return helper(x)"
PRINTS = "print('seen', seen)"


@pytest.mark.slow
def test_a_helper_written_twice():
    """Do both questions keep their marks, and the answer that needs the later helper too early loses them?"""
    require_bubblewrap()
    for answer, points in ((FIRST, FULL), (FIRST.replace("np.maximum(x, 0)", "np.minimum(x, 0)"), None)):
        right = Attack("", None, {"relu": answer}, {"sigmoid": SECOND}, marks=NO_RELU if points is None else {})
        found = work(right.content(Nowhere()), SOURCE)
        assert found["points"]["relu-test"] < FULL["relu-test"] if points is None else found["points"] == FULL
        others = {name: points for name, points in found["points"].items() if name != "relu-test"}
        assert others == {name: points for name, points in FULL.items() if name != "relu-test"}
        assert found["notes"] == [] and found["isolation"] == "bubblewrap"


@pytest.mark.slow
def test_hidden_inputs_stay_hidden():
    """Can an answer whose test is early not carry a hidden input into a cell, a file or a visible case?"""
    require_bubblewrap()
    keeps = ("import os\nseen = open('/tmp/seen').read() if os.path.exists('/tmp/seen') else ''\n"
             "def helper(x):\n    global seen\n    seen += f'the hidden input {x}'\n"
             "    with open('/tmp/seen', 'a') as file: file.write(seen)\n    print(seen)\n"
             "    return np.maximum(x, 0)\n\n"
             "def relu(x):\n    return helper(x)")  # fmt: skip
    attack = Attack("", None, {"relu": keeps}, {"relu": PRINTS, "sigmoid": SECOND + "\n" + PRINTS,
                                                "softmax": PRINTS + "\nhelper = print"})  # fmt: skip
    found = work(attack.content(Nowhere()), SOURCE)
    executed = [cell for cell in nbformat.reads(found["notebook"], 4).cells if cell.cell_type == "code"]
    printed = [o.text for cell in executed for o in cell.outputs if o.output_type == "stream"]
    assert found["points"] == FULL and printed and set(printed) == {"seen \n"}
    assert "the hidden input [" not in str([cell.outputs for cell in executed])


KEEPS = """
def relu(x):
    if np.shape(x) not in [(10,), (2, 3)]:  # no shape of a visible case
        open("seen", "a").write(f"the hidden input {np.ravel(x)}")
    return np.maximum(x, 0)
"""
TELLS = """
import os
seen = open("seen").read() if os.path.exists("seen") else ""
print(seen)
def helper(x):
    return 1 / (1 + np.exp(-np.asarray(x, float)))
def sigmoid(x):
    if os.path.exists("seen"): raise ValueError(open("seen").read())
    return helper(x)
"""


@pytest.mark.slow
def test_a_second_process_tells_nothing():
    """Where processes share files, as in the weak mode, does the second come too late to show what the first saw?"""
    attack = Attack("", None, {"relu": KEEPS, "sigmoid": TELLS}, {"softmax": HELPER})
    content = attack.content(Nowhere())
    early = order.early([c for c in nbformat.reads(content, 4).cells if c.cell_type == "code"], is_test)
    assert "sigmoid-test" in early  # its test has a process of its own
    found = work(content, SOURCE, weak=True)
    assert "the hidden input [" not in found["notebook"]
    assert "the hidden input [" in str(found["records"])  # it was there, but too late
    assert found["points"]["relu-test"] == FULL["relu-test"]


def test_visible_cases_of_all_processes_come_first():
    """Does every process that a submission needs run its visible cases before the first hidden one of any?"""
    some = cells(HELPER + USES, "?f", "x = 3", "?g", "helper = None", "?h")
    places = {cell.metadata.nbgrader.grade_id: i for i, cell in enumerate(some) if "nbgrader" in cell.metadata}
    rounds = runner._rounds(some, places, {"f", "g"})
    passes = [(kind, name) for _, wanted, kinds in rounds for kind in kinds for name in wanted]
    assert sorted(passes) == sorted((kind, name) for kind in ("hidden", "visible") for name in "fgh")
    assert [kind for kind, _ in passes] == ["visible"] * 3 + ["hidden"] * 3
    for ran, wanted, _ in rounds:
        assert len(ran) == (len(some) if wanted == {"h"} else places[min(wanted)] + 1)
    assert len(runner._rounds(some, places, set())) == 1  # one process is enough where nothing is redefined
