"""Does a check show its report, raise, leave the failing case behind, and get the mark right in a real notebook?"""

import nbformat
import numpy as np
import pytest
from nbgrader.utils import determine_grade

from course.checks import CheckFailed, collect
from course.checks.deliver import FailedCase, deliver
from course.checks.question import Question
from course.checks.record import Case, Record, Result
from course.notebooks.execute import execute

X = np.array([1.0, -2.0])
VISIBLE, HIDDEN = Case("a vector", {"x": X}), Case("a secret", {"x": X}, hidden=True)


def test_outside_a_notebook(capsys):
    """Does a plain Python run print a passed report, and raise a failed one with the record on the error?"""
    assert deliver(Record("f", [Result(VISIBLE)])) is None
    assert capsys.readouterr().out == "f: all 1 case passed\n"
    failed = Record("f", [Result(VISIBLE, "wrong")])
    with pytest.raises(CheckFailed, match="Failing case: a vector") as caught:
        deliver(failed)
    assert caught.value.record is failed and isinstance(caught.value, AssertionError)
    with pytest.raises(CheckFailed, match="not answered yet"):
        deliver(Record("f", [], answered=False))


def test_collect_nests_and_ends(capsys):
    """Does collect take records in silence, the inner one first, and stop at the end also after an error?"""
    record = Record("f", [Result(VISIBLE, "wrong")])
    with collect() as outer:
        with pytest.raises(ZeroDivisionError), collect() as inner:
            deliver(record)
            raise ZeroDivisionError
        deliver(record)
        deliver(record)
    assert len(inner) == 1 and len(outer) == 2
    assert capsys.readouterr() == ("", "")
    with pytest.raises(CheckFailed):
        deliver(record)


def test_failed_case_can_be_run_again_and_again():
    """Are its arguments new ones each time, in the layout of the case?"""
    case = FailedCase(Result(Case("a vector", {"x": X}, layout="float32"), "wrong", expected=1.0, got=2.0))
    case.arguments[0][:] = 0
    assert np.array_equal(case.arguments[0], X) and case.arguments[0].dtype == np.float32
    assert list(case.inputs) == ["x"] and "expected=1.0, got=2.0" in repr(case)


HEAD = """
import logging, sys, warnings
import numpy as np
from course.checks.question import Mistake, Question
from course.checks.record import Case
cases = lambda: [Case("a vector", {"x": np.array([1.0, 2.5])})]
hidden = lambda: [Case("a secret", {"x": np.array([3.75])}, hidden=True)]
double = Question("double", lambda x: 2 * x, cases, mistakes=[Mistake("square", lambda x: x**2, "Not squared.")])
"""
CELLS = {
    "head": HEAD,
    "passes": "double(lambda x: 2 * x)",
    "both": "double(lambda x: 2 * x)\ndouble(lambda x: 2 * x, cases=hidden)",
    "number": "assert double(lambda x: 2 * x) is None\ndouble(lambda x: 2 * x)",
    "fails": "double(lambda x: x**2)",
    "again": "print([float(v) for v in failed_case.arguments[0]], failed_case.got[1])",
    "forget": "del failed_case",
    "hidden": "double(lambda x: 2 * x if len(x) > 1 else x / 0)\ndouble(lambda x: x * 3, cases=hidden)",
    "hidden-raises": "def f(x):\n    raise ValueError(f'{x} {2 * x}')\ndouble(f, cases=hidden)",
    "hidden-displays": "def d(x):\n    display(x)\n    print(x)\n    return x\ndouble(d, cases=hidden)",
    "nothing-left": "print('failed_case' in globals())",
    "stub": "def g(x):\n    raise NotImplementedError('Question 1')\ndouble(g)",
    "noisy": "def n(x):\n    print('one'); print('two', file=sys.stderr); warnings.warn('three')\n"
    "    logging.error('four'); np.log(-x)\n    return 2 * x\ndouble(n)",
    "chatty": "def c(x):\n    for i in range(100_000): print('line', i)\n    return 2 * x\ndouble(c)",
    "exits": "double(lambda x: sys.exit(0))",
    "surrogate": "def s(x):\n    raise ValueError('\\ud800')\ndouble(s)",
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """The cells after a run in a real kernel, by id."""
    notebook = nbformat.v4.new_notebook()
    for name, source in CELLS.items():
        cell = nbformat.v4.new_code_cell(source, id=name)
        cell.metadata = {"tags": ["raises-exception"]}
        notebook.cells.append(cell)
    path = tmp_path_factory.mktemp("checks") / "checks.ipynb"
    nbformat.write(notebook, path)
    cells = {cell.id: cell for cell in execute(path).cells}
    for name, cell in cells.items():  # only now: in a test cell `execute` would not take an error for an expected one
        cell.metadata.nbgrader = nbformat.from_dict({"grade": True, "solution": False, "points": 3, "grade_id": name})
    return cells


def _grade(cell):
    return determine_grade(cell)[0]


def _all_text(cell):
    return "".join(str(dict(output)) for output in cell.outputs)


@pytest.mark.slow
@pytest.mark.parametrize("name, grade", [
    ("passes", 3), ("both", 3), ("number", 3), ("noisy", 3), ("chatty", 3),
    ("fails", 0), ("hidden", 0), ("hidden-raises", 0), ("stub", 0), ("exits", 0), ("surrogate", 0),
])  # fmt: skip
def test_nbgrader_gives_all_or_nothing(cells, name, grade):
    """Does nbgrader read full marks off a passed check and none off a failed one, whatever the function printed?"""
    assert _grade(cells[name]) == grade
    assert not any(output.output_type == "execute_result" for output in cells[name].outputs)


@pytest.mark.slow
def test_failing_check_in_a_notebook(cells):
    """Does a failing check show HTML and text, one short line for the error, and keep the case?"""
    shown, error = cells["fails"].outputs
    assert shown.output_type == "display_data" and set(shown.data) == {"text/html", "text/plain"}
    assert "Not squared." in shown.data["text/html"] and "Not squared." in shown.data["text/plain"]
    assert error.ename == "CheckFailed" and len(error.traceback) == 1 and "report above" in error.traceback[0]
    assert cells["again"].outputs[0].text == "[1.0, 2.5] 6.25\n"


@pytest.mark.slow
def test_hidden_failure_in_a_notebook(cells):
    """Does a failing hidden case leave no value in the cell and no variable behind?"""
    for name in ("hidden", "hidden-raises", "hidden-displays"):
        text = _all_text(cells[name])
        assert "a secret" in text and "CheckFailed" in text
        assert not any(value in text for value in ("3.75", "7.5", "11.25"))
    assert cells["nothing-left"].outputs[0].text == "False\n"


@pytest.mark.slow
def test_nothing_reaches_stderr(cells):
    """Is there no stderr output in any cell, for which nbgrader would give 0, and no flood on stdout?"""
    for cell in cells.values():
        assert not any(output.get("name") == "stderr" for output in cell.outputs)
        assert len(_all_text(cell)) < 30_000
    assert cells["noisy"].outputs[0].text == "one\n"
    assert "not answered yet" in _all_text(cells["stub"])


def test_a_question_says_what_it_checks():
    """Does help(check.softmax) name the function?"""
    assert "`f`" in Question("f", abs, list).__doc__
