"""Is a record plain data, also when values are not?"""

import json

import numpy as np
import pytest

from course.checks.record import SMALL, Case, Record, Result

CASE = Case("a vector", {"x": np.array([1.0, np.nan, -np.inf])})


def test_share_and_passed():
    """Do the points follow from the cases, with nothing for nothing?"""
    good, bad = Result(CASE), Result(CASE, "wrong")
    assert Record("f", [good, good, bad]).share == pytest.approx(2 / 3)
    assert Record("f", [good, good]).passed and Record("f", [good]).share == 1
    assert not Record("f", [good, bad]).passed
    for nothing in (Record("f"), Record("f", [], answered=False)):
        assert nothing.share == 0 and not nothing.passed and nothing.first_failure is None
    assert not Record("f", [good], answered=False).passed


def test_each_output_has_its_share():
    """Does one wrong output of several cost its own part of a case, and an error the whole case?"""
    one_wrong = Result(CASE, "b is wrong", parts={"a": True, "b": False, "c": True})
    raised = Result(CASE, "It raised", parts={})
    assert one_wrong.share == pytest.approx(2 / 3) and raised.share == 0 and not one_wrong.passed
    assert Record("f", [one_wrong, raised]).share == pytest.approx(1 / 3)
    assert Record("f", [one_wrong]).to_dict()["results"][0]["parts"] == {"a": True, "b": False, "c": True}


def test_first_failure_is_the_simplest():
    """Is the first failing case shown, unless only a later one has a known mistake to speak of?"""
    unknown, general = Result(CASE, "wrong"), Result(CASE, "wrong", mistake="not a number", hint="Which step?")
    known = Result(CASE, "wrong", mistake="sign", hint="Turn it.", known=True)
    assert Record("f", [Result(CASE), unknown]).first_failure is unknown
    assert Record("f", [unknown, general]).first_failure is unknown
    assert Record("f", [unknown, general, known]).first_failure is known
    assert Record("f", [general, known]).first_failure is general


@pytest.mark.parametrize("value, plain", [
    (float("nan"), "nan"), (float("-inf"), "-inf"), (np.float32("inf"), "inf"), (1.5, 1.5), (True, True), (3, 3),
    (np.int8(3), 3), (np.bool_(False), False), (None, None), ("a description", "a description"),
    ([1.0, float("nan")], [1.0, "nan"]), ({"z": (1, 2.0)}, {"z": [1, 2.0]}),
    (np.array([1.0, np.nan]), {"shape": [2], "dtype": "float64", "values": [1.0, "nan"]}),
    (np.array([[1, 2]], np.int8), {"shape": [1, 2], "dtype": "int8", "values": [1, 2]}),
    (np.array(2.0), {"shape": [], "dtype": "float64", "values": [2.0]}),
    (np.array([True]), {"shape": [1], "dtype": "bool", "values": [True]}),
    (np.zeros(SMALL + 1), {"shape": [SMALL + 1], "dtype": "float64", "values": None}),
    (np.array([1j]), {"shape": [1], "dtype": "complex128", "values": None}),
    (np.complex128(1j), "np.complex128(1j)"),
], ids=str)  # fmt: skip
def test_values_in_json(value, plain):
    """Can JSON hold every value, with nan and infinities as text?"""
    data = Record("f", [Result(CASE, "wrong", expected=value, got=value)]).to_dict()
    assert data["results"][0]["got"] == plain == data["results"][0]["expected"]
    again = json.loads(json.dumps(data, allow_nan=False))
    assert again == data
    assert again["results"][0]["inputs"]["x"]["values"] == [1.0, "nan", "-inf"]


def test_values_of_failed_results():
    """Are inputs and values there where a case failed, for the instructor also of a hidden one, and else left out?"""
    hidden = Case("a vector", {"x": np.array([1.0])}, hidden=True)
    results = [Result(hidden, "wrong", expected=1.0, got=2.0), Result(hidden), Result(CASE, expected=1.0, got=1.0)]
    failed, *passed = Record("f", results).to_dict()["results"]
    assert failed["inputs"]["x"]["values"] == [1.0] and failed["expected"] == 1.0 and failed["got"] == 2.0
    for entry in passed:
        assert set(entry) == {"kind", "hidden", "passed", "message", "hint", "mistake", "parts"}
