"""Does the comparison accept what is right, refuse what is not, and never run a method of what came back?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.checks.compare import as_numbers, describe, is_exactly, is_number, mismatch, relative_error
from tests.unit.checks.strange import STRANGE, Liar, Number

TOLERANCE = 1e-4


@pytest.mark.parametrize("got, expected, error", [
    (1.0, 1.0, 0.0),
    ([1.0, 2.0], [1.0, 2.0002], 0.0002 / 3.0002),
    ([0.0, 2.0], [0.001, 2.0], 0.001 / 1.001),  # near 0 the scale of the whole array counts, at most 1
    (2e-7, 1e-7, 0.5),  # small numbers alone are measured by their own size
    ([np.nan, np.inf], [np.nan, np.inf], 0.0),
    (np.nan, 1.0, np.inf),
    (1.0, np.nan, np.inf),
    (-np.inf, np.inf, np.inf),
    (np.inf, 1.0, np.inf),
    (1e308, -1e308, np.inf),
])  # fmt: skip
def test_relative_error(got, expected, error):
    """Is the error |got - expected| / (|expected| + scale), and infinite where only one side is finite?"""
    assert np.max(relative_error(got, expected)) == pytest.approx(error, rel=1e-3)


@given(st.lists(st.floats(), min_size=1, max_size=6), st.lists(st.floats(), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None, database=None, derandomize=True)
def test_relative_error_is_a_number(got, expected):
    """Is the error never nan, never negative, 0 for the same values, and silent?"""
    size = min(len(got), len(expected))
    error = relative_error(got[:size], expected[:size])
    assert (error >= 0).all()
    assert (relative_error(got, got) == 0).all()
    assert mismatch(np.array(got), np.array(got), TOLERANCE)[0] == ""


@pytest.mark.parametrize("value", [
    np.array([1.0, 2.0]), np.array([1, 2]), np.array([1.0, 2.0], np.float32), np.array([1.0, 2.0], ">f8"),
    np.array([1.0, 2.0], np.longdouble), np.array([1.0, 9.0, 2.0])[::2], np.array([1.0, 2.0 + 2e-5]),
])  # fmt: skip
def test_arrays_that_agree(value):
    """Does every real type and memory layout pass?"""
    assert mismatch(value, np.array([1.0, 2.0]), TOLERANCE) == ("", pytest.approx(0, abs=0.2), None)


@pytest.mark.parametrize("value", [1, 1.0, True, np.float32(1), np.int8(1), np.bool_(True), np.array(1.0), np.array(1)])
def test_numbers_that_agree(value):
    """Does a number of any type pass, also as an array without axes?"""
    assert mismatch(value, 1.0, TOLERANCE)[0] == ""
    assert mismatch(value, np.float64(2.0), TOLERANCE)[0] != ""


def test_empty_arrays():
    """Do empty arrays agree if their shapes do?"""
    assert mismatch(np.zeros((0, 3)), np.zeros((0, 3)), TOLERANCE) == ("", 0.0, None)
    assert "(3, 0)" in mismatch(np.zeros((3, 0)), np.zeros((0, 3)), TOLERANCE)[0]


@pytest.mark.parametrize("name, words", [
    ("None", "None"),
    ("a text", "the text 'abc'"),
    ("a list", "a list of 2 items"),
    ("a tuple of one", "a tuple of 1 items"),
    ("nan", "the number nan"),
    ("a huge integer", "an integer too large for NumPy"),
    ("a dictionary", "an object of type dict"),
    ("a lying array", "an object of type Yes"),
    ("a masked array", "an object of type MaskedArray"),
    ("a matrix", "an object of type matrix"),
    ("a liar", "an object of type Liar"),
    ("a lying number", "an object of type Number"),
    ("an array of objects", "shape (2, 2)"),
    ("an array without axes", "shape ()"),
    ("a huge array", "shape (10000000,)"),
])  # fmt: skip
def test_what_is_no_array_of_numbers(name, words):
    """Is everything refused that is not an array of the shape, in words that say what came back?"""
    sentence, error, index = mismatch(STRANGE[name](), np.array([1.0, 2.0]), TOLERANCE)
    assert words in sentence and sentence.endswith("was expected.")
    assert error == np.inf and index is None


@pytest.mark.parametrize("dtype", ["object", "complex128", "<U3", "|S3", "datetime64[D]", "timedelta64[D]", "V8"])
def test_array_of_other_things(dtype):
    """Is an array of the right shape refused if it does not hold real numbers?"""
    sentence, error, _ = mismatch(np.zeros(2, dtype), np.zeros(2), TOLERANCE)
    assert dtype in sentence and "real numbers" in sentence and error == np.inf


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_number(name):
    """Is everything refused that is not exactly a real number? Only an array without axes is as good as one."""
    sentence, error, _ = mismatch(STRANGE[name](), 1.0, TOLERANCE)
    assert (sentence == "") == (name == "an array without axes")
    assert sentence == "" or error == np.inf


def test_sentence_names_the_worst_entry():
    """Does the sentence name place, values and count?"""
    sentence, error, index = mismatch(np.array([[1.0, 2.0], [3.5, 9.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), 1e-4, "z")
    assert sentence == "z: It returned 9 at index (1, 1); 4 was expected. 2 of 4 entries differ."
    assert error == pytest.approx(5 / 5 / 1e-4) and index == (1, 1)
    assert all(isinstance(i, int | np.integer) for i in index)


def test_tolerance_is_the_border():
    """Is the error reported in tolerances, also when the value passes?"""
    assert mismatch(1.0001, 1.0, 1e-4)[1] == pytest.approx(0.5, rel=1e-3)
    assert mismatch(1.0001, 1.0, 1e-4)[0] == ""
    assert mismatch(1.0003, 1.0, 1e-4)[0] != ""


def test_largest_float_is_silent():
    """Does a difference that overflows count as infinite, without a warning that would cost the mark?"""
    assert mismatch(np.array([np.finfo(float).max]), np.array([-5.0]), TOLERANCE)[1] == np.inf
    huge = np.array([np.finfo(np.longdouble).max], np.longdouble)
    assert mismatch(huge, np.array([1.0]), TOLERANCE)[1] == np.inf


def test_types_are_compared_by_identity():
    """Does a metaclass that equals every type not help?"""
    assert not is_exactly(Liar(), float, int, tuple, list)
    assert not is_number(Liar()) and not is_number(Number(1.0))
    assert as_numbers(Liar(), 1.0)[0] is None


@pytest.mark.parametrize("name", STRANGE)
def test_describe_is_short(name):
    """Is every description one short line?"""
    text = describe(STRANGE[name]())
    assert type(text) is str and 0 < len(text) < 160 and text.isprintable()


def test_name_of_a_class_is_cut():
    """Can a class of one's own not fill the page with its name?"""
    assert len(describe(type("T" * 500, (), {})())) < 100
