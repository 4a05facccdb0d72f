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


def test_first_failure_has_the_most_to_say():
    """Is a failure with a known mistake shown before an earlier one without?"""
    first, known = Result(CASE, "wrong"), Result(CASE, "wrong", mistake="sign", hint="Turn it.")
    assert Record("f", [Result(CASE), first]).first_failure is first
    assert Record("f", [first, known]).first_failure is known


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
        assert set(entry) == {"kind", "hidden", "passed", "message", "hint", "mistake"}
