"""Is what happens between two calls found and named, and nothing else taken for it?"""

import numpy as np
import pytest

from course.checks.again import between_calls
from course.checks.hints import HINTS
from course.checks.kinds import called_again
from course.checks.question import Question
from course.checks.record import Case

X = np.array([[1.0, -2.0, 0.5], [3.0, 4.25, -6.0]])
FIRST, OTHER = Case("two rows", {"x": X}), Case("two other rows", {"x": X[::-1] + 1})
double = Question("double", lambda x: 2 * x, lambda: [called_again(FIRST, OTHER)])
both = Question("both", lambda x: (x.sum(), 2 * x), lambda: [called_again(FIRST, OTHER)], outputs=("total", "doubled"))


def _one_array():
    buffer = np.zeros(X.shape)

    def function(x):
        np.multiply(x, 2, out=buffer)
        return buffer

    return function


def _by_shape():
    known = {}
    return lambda x: known.setdefault(x.shape, 2 * x)


def _state():
    calls = []

    def function(x):
        calls.append(x)
        return 2 * x + 0.01 * (len(calls) - 1)

    return function


def _chance():
    rng = np.random.default_rng(0)
    return lambda x: 2 * x * (rng.random(x.shape) < 0.5)


@pytest.mark.parametrize("make, mistake", [
    (_one_array, "one array"), (_by_shape, "remembered"), (_state, "differs"), (_chance, "differs"),
])  # fmt: skip
def test_between_calls(make, mistake):
    """Is the mistake named, with its hint and without a share, also where it is in one output of several?"""
    function = make()
    record = double.run(function)
    assert [r.mistake for r in record.results] == [mistake] and record.share == 0
    assert record.first_failure.hint == HINTS[mistake]
    function = make()
    assert both.run(lambda x: (x.sum(), function(x))).first_failure.mistake == mistake


@pytest.mark.parametrize("function", [
    lambda x: 2 * x, lambda x: (x.T * 2).T, lambda x: np.add(x, x, dtype=np.float32).astype(np.float64),
    lambda x, kept={}: kept.setdefault(x.tobytes(), 2 * x), lambda x: 2 * x + np.random.default_rng().uniform(0, 1e-7),
])  # fmt: skip
def test_right_answers_may_be_called_again(function):
    """Does who keeps results with the values they belong to, or differs in the last digits, keep the points?"""
    assert double.run(function).passed


@pytest.mark.parametrize("value", [np.full(X.shape, 7.0), "text", None, [1.0, 2.0], np.full(X.shape, np.nan), 1j, len])
def test_the_same_wrong_answer_is_no_state(value):
    """Is an answer that is always the same wrong one judged like in any other case?"""
    for question in (double, both):
        result = question.run(lambda x: value).first_failure
        assert result.mistake not in ("one array", "differs", "remembered") and result.message


def test_a_number_is_no_array():
    """Is a wrong share, a number that happens to be the right one for the last call, called wrong and nothing else?"""
    assert between_calls([0.5, 0.5, 0.5], [0.75, 0.5], 0, 1e-4) == ""
    arrays = [np.array([0.5]) for _ in range(3)]
    assert between_calls(arrays, [np.array([0.75]), np.array([0.5])], 0, 1e-4) == "one array"


def test_wrong_for_the_last_call_alone():
    """Is a mistake that only the last call shows reported with the inputs of that call?"""
    result = double.run(lambda x: 2 * np.minimum(x, 4.25)).first_failure
    assert np.array_equal(result.inputs["x"], OTHER.inputs["x"]) and result.expected[1, 0] == 2 * (X[0, 0] + 1)
    assert "8.5 at index (0, 1); 10.5" in result.message


def test_changed_inputs_are_found_in_every_call():
    """Is an input changed in the last call, or one kept from the first, found?"""
    kept = []

    def later(x):
        kept.append(x)
        kept[0][...] = 0 if len(kept) == 3 else kept[0]
        return 2 * x

    assert double.run(later).first_failure.mistake == "in place"
