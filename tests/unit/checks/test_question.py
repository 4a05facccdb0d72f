"""Does a check survive whatever a student's function does, and say what came back?"""

import contextlib
import io
import json
import logging
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.checks import CheckFailed, Record, activations, collect
from course.checks.call import PRINTED
from course.checks.hints import HINTS
from course.checks.question import Mistake, Question
from course.checks.record import Case
from course.checks.render import to_html, to_text
from tests.unit.checks.strange import STRANGE

X = np.array([[1.0, -2.0, 0.5], [3.0, 4.25, -6.0]])


def _cases(hidden=False):
    return [Case("two rows", {"x": X}, hidden=hidden), Case("a vector", {"x": X[0]}, hidden=hidden)]


def _hidden():
    return _cases(hidden=True)


double = Question("double", lambda x: 2 * x, _cases, mistakes=[
    Mistake("squared", lambda x: x**2, "Two times is not to the power of two."),
    Mistake("columns", lambda x: 2 * x[:, ::-1], "Which column is which?"),
])  # fmt: skip
both = Question("both", lambda x: (x.sum(), 2 * x), _cases, outputs=("total", "doubled"))
QUESTIONS = (double, both, activations.neuron, activations.linear_backward, activations.cross_entropy)


def _shown(record):
    """Everything that a record can be turned into, for one that must not pass."""
    text, html = to_text(record), to_html(record)
    data = json.dumps(record.to_dict(), allow_nan=False)
    assert len(text) < 20_000 and len(html) < 40_000 and len(data) < 100_000
    html.encode(), text.encode()
    return text


@pytest.mark.parametrize("name", STRANGE)
def test_strange_values(name):
    """Is anything but the answer refused, with a sentence, in visible and in hidden cases?"""
    for question in QUESTIONS:
        for cases in (None, lambda q=question: [Case(c.kind, c.inputs, hidden=True) for c in q.cases()]):
            record = question.run(lambda *arguments: STRANGE[name](), cases)
            assert record.answered and not record.passed and 0 <= record.share < 1
            assert record.first_failure.message.strip()
            _shown(record)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
    | hnp.arrays(hnp.scalar_dtypes() | hnp.array_dtypes(), hnp.array_shapes(min_dims=0, max_side=4, min_side=0))
    | hnp.from_dtype(np.dtype("f2")) | st.sampled_from([object(), int, len]),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=2)
    | st.tuples(inner, inner, inner), max_leaves=5,
))  # fmt: skip
@settings(max_examples=150, deadline=None, database=None, derandomize=True)
def test_any_value(value):
    """Does the check never crash, whatever comes back, and always make a record that JSON can hold?"""
    for question in (double, both):
        for cases in (None, _hidden):
            record = question.run(lambda x: value, cases)
            assert record.answered and not record.passed
            _shown(record)


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError("nobody may ask")

    __repr__ = __str__


class UninvitedError(BaseException):
    pass


def _recursion(x):
    return _recursion(x)


def _raiser(error):
    def function(x):
        raise error

    return function


@pytest.mark.parametrize("function, words", [
    (_raiser(ValueError("no luck")), "ValueError in line"),
    (_raiser(UnprintableError()), "UnprintableError"),
    (_raiser(UninvitedError("go")), "UninvitedError"),
    (_raiser(SystemExit(0)), "SystemExit"),
    (_raiser(GeneratorExit()), "GeneratorExit"),
    (_raiser(StopIteration()), "StopIteration"),
    (_raiser(MemoryError()), "MemoryError"),
    (_raiser(ValueError("x" * 10**6)), "xxx"),
    (_raiser(ValueError("\ud800\x1b[31m")), "??[31m"),
    (_raiser(AssertionError()), "no message"),
    (_recursion, "RecursionError"),
    (lambda x: x @ np.ones((7, 7)), "matmul"),
    (lambda x: exit(), "SystemExit"),
], ids=lambda value: value if isinstance(value, str) else "raises")  # fmt: skip
def test_raising(function, words):
    """Is an error named with the student's own line, and is its text kept out of hidden cases?"""
    record = double.run(function)
    assert words in record.first_failure.message and record.share == 0 and record.answered
    _shown(record)
    record = double.run(function, _hidden)
    assert "It raised" in record.first_failure.message
    assert not any(text in _shown(record) for text in ("no luck", "xxx", "[31m", "Unprintable", "Uninvited", "nobody"))


def test_line_of_the_student():
    """Does the report quote the student's line and not one of NumPy's or the standard library's?"""
    import statistics

    for function, line in ((lambda x: statistics.mean([]), "statistics.mean([])"),
                           (lambda x: np.linalg.inv(x), "np.linalg.inv(x)")):  # fmt: skip
        assert line in double.run(function).first_failure.message


def test_keyboard_interrupt_goes_through():
    """Does the stop button stop a check, and leave stdout, stderr and logging as they were?"""
    before = sys.stdout, sys.stderr, logging.root.manager.disable
    with pytest.raises(KeyboardInterrupt):
        double.run(_raiser(KeyboardInterrupt()))
    assert before == (sys.stdout, sys.stderr, logging.root.manager.disable)


def test_stub():
    """Is a stub "not answered yet", also by a subclass of the error, and never a pass?"""
    record = double.run(_raiser(NotImplementedError("Question 1: double")))
    assert not record.answered and not record.passed and record.share == 0
    assert "not answered yet" in to_text(record)

    def half(x):
        if x.ndim == 1:
            raise NotImplementedError("vectors")
        return 2 * x

    record = double.run(half)
    assert record.answered and record.share == 0.5
    assert "NotImplementedError" in record.first_failure.message


@pytest.mark.parametrize("function", [None, 3, "double", X, {}, NotImplemented], ids=str)
def test_not_callable(function):
    """Does something that is no function fail every case with a sentence?"""
    for cases in (None, _hidden):
        record = double.run(function, cases)
        assert record.share == 0 and "a function was expected" in record.first_failure.message
        assert ("a function was expected" if cases is None else "does not stand for a function") in _shown(record)


@pytest.mark.parametrize("function", [lambda: 1, lambda x, y: x, lambda *, x: x, np.add], ids=["0", "2", "name", "add"])
def test_wrong_arguments(function):
    """Does a wrong number of arguments give the hint to compare the signature?"""
    for cases in (None, _hidden):
        assert double.run(function, cases).first_failure.hint == HINTS["signature"]


def test_type_error_inside_is_no_wrong_signature():
    """Is a wrong call inside the function not taken for a wrong signature?"""

    def calls_wrongly(x):
        return sorted(x, 1, 2, 3)

    assert double.run(calls_wrongly).first_failure.mistake != "signature"


@pytest.mark.parametrize("make", [
    lambda: (lambda x: x + x),
    lambda: np.vectorize(lambda v: 2 * v),
    lambda: type("Doubler", (), {"__call__": lambda self, x: 2 * x})(),
    lambda: (lambda *arguments, **options: 2 * arguments[0]),
    lambda: (lambda x, factor=2: factor * x),
], ids=["lambda", "vectorize", "object", "star", "default"])  # fmt: skip
def test_any_callable_may_be_right(make):
    """Does every kind of callable pass if it gives the right values?"""
    assert double.run(make()).passed


def test_named_tuple_is_a_tuple():
    """Do several outputs pass as any kind of tuple, and not in a dictionary or another order?"""
    from collections import namedtuple

    Out = namedtuple("Out", "total doubled")
    assert both.run(lambda x: Out(x.sum(), 2 * x)).passed
    assert both.run(lambda x: [x.sum(), 2 * x]).passed
    assert not both.run(lambda x: (2 * x, x.sum())).passed
    record = both.run(lambda x: (x.sum(), None))
    assert record.first_failure.message.startswith("doubled: It returned None")
    assert both.run(lambda x: x).first_failure.hint == HINTS["tuple"]


def test_mutation_is_found():
    """Is a changed input a failure even if the values are right, whatever was changed?"""

    def in_place(x):
        x *= 2
        return x.copy()

    def type_changed(x):
        y = 2 * x
        x.dtype = np.int64
        return y

    def shape_changed(x):
        y = 2 * x
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            x.shape = (x.size, 1)
        return y

    for function in (in_place, type_changed, shape_changed):
        for cases in (None, _hidden):
            record = double.run(function, cases)
            assert record.share == 0 and record.first_failure.mistake == "in place"
            assert record.first_failure.message == "The call changed its own input 'x'."
            assert "changed its own input" in _shown(record)
    assert np.array_equal(_cases()[0].inputs["x"], X) and X[0, 0] == 1


def test_later_changes_change_nothing():
    """Can a function that keeps its inputs and results change neither later cases nor what the record says?"""
    seen = []

    def keeps(x):
        for old in seen:
            old[...] = -1
        out = 2.0 * x if x.ndim == 1 else 3.0 * x
        seen.extend([x, out])
        return out

    record = double.run(keeps)
    assert [r.passed for r in record.results] == [False, True]
    assert np.array_equal(record.results[0].got, 3 * X)
    assert np.array_equal(record.results[0].inputs["x"], X)

    buffer = np.zeros(X.shape)

    def one_buffer(x):
        buffer[...] = x**2
        return buffer if x.ndim == 2 else buffer[0]

    assert double.run(one_buffer).first_failure.mistake == "squared"


def test_the_input_itself():
    """Is handing back the input right where it is the answer, and wrong where it is not?"""
    same = Question("same", lambda x: x, _cases)
    assert same.run(lambda x: x).passed
    assert not double.run(lambda x: x).passed


def test_huge_result_leaves_a_small_record():
    """Is an array of ten million entries described and not kept?"""
    record = double.run(lambda x: np.zeros(10**7))
    assert record.first_failure.got == "float64 array of shape (10000000,)"
    assert "'" not in to_text(record).split("got: ")[1].split("\n")[0]


def test_printing_is_bounded(capsys):
    """Do visible cases print what a function prints, up to a length, and hidden ones nothing?"""

    def chatty(x):
        print("hello")
        for i in range(100_000):
            print(i)
        return 2 * x

    assert double.run(chatty).passed
    out, err = capsys.readouterr()
    assert out.startswith("hello\n0\n1\n") and "left out" in out and len(out) < PRINTED + 200 and not err
    assert double.run(chatty, _hidden).passed
    assert capsys.readouterr() == ("", "")


def test_stderr_warnings_and_logging_are_kept_out(capsys):
    """Does nothing reach stderr, for which nbgrader would take the mark, and is all as before after the call?"""

    def noisy(x):
        print("to stderr", file=sys.stderr)
        warnings.warn("watch out", stacklevel=1)
        logging.warning("logged")
        np.log(np.array(-1.0)), np.exp(np.array(1e6)), np.array(1.0) / 0
        return 2 * x

    handler = logging.StreamHandler(sys.stderr)  # keeps the real stderr, as basicConfig does
    logging.root.addHandler(handler)
    try:
        assert double.run(noisy).passed
    finally:
        logging.root.removeHandler(handler)
    assert capsys.readouterr() == ("", "")
    with pytest.warns(UserWarning, match="still there"):
        warnings.warn("still there", stacklevel=1)


def test_streams_of_a_vandal(capsys):
    """Does a function that closes or replaces stdout and stderr harm nobody?"""

    def vandal(x):
        sys.stdout.close()
        sys.stderr = None
        print("still works")
        sys.stdout = None
        return 2 * x

    assert double.run(vandal).passed and double.run(vandal, _hidden).passed
    print("here")
    assert capsys.readouterr().out.endswith("here\n")
    with contextlib.redirect_stdout(io.StringIO()):
        assert double.run(lambda x: sys.stdout.write(3)).first_failure.message.startswith("It raised TypeError")


def test_raising_on_overflow_is_the_students_own_choice():
    """Does `np.seterr(all="raise")` in another cell not fail an answer that is right?"""
    with np.errstate(all="raise"):
        assert double.run(lambda x: 2 * x + 0 / (1 + np.exp(x * 1000))).passed


def test_known_mistake_gets_its_hint():
    """Does a known mistake get its hint in every case that it explains, and no other answer get it?"""
    record = double.run(lambda x: x**2)
    assert [r.mistake for r in record.results] == ["squared", "squared"]
    assert record.first_failure.hint == "Two times is not to the power of two."
    record = double.run(lambda x: 2 * x[:, ::-1])  # raises for the vector: the same mistake
    assert [r.mistake for r in record.results] == ["columns", "columns"]
    assert [r.hint for r in double.run(lambda x: 3 * x).results] == ["", ""]


def test_visible_message_and_measured_slope():
    """Does a wrong gradient come with the slope that a small step measures?"""
    record = activations.relu_backward.run(lambda grad_output, x: -grad_output)
    assert "measures the slope" in record.first_failure.message
    assert record.first_failure.mistake == ""


def test_delivery_of_a_call():
    """Does calling a check return None, hand over inside collect, and raise outside?"""
    with collect() as records:
        assert double(lambda x: 2 * x) is None
        assert double(lambda x: x) is None
        assert double(lambda x: x, cases=_hidden) is None
    assert [r.passed for r in records] == [True, False, False] and all(isinstance(r, Record) for r in records)
    with pytest.raises(CheckFailed, match="double: 0 of 2 cases passed"):
        double(lambda x: 3 * x)


def test_more_outputs_show_the_worst_error():
    """Is the error of a case the largest over all outputs?"""
    record = both.run(lambda x: (x.sum() * 1.001, 5 * x))
    assert record.results[0].error > 1000 and record.first_failure.message.startswith("total")
