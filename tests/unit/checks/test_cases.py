"""Are inputs laid out as their layout says, and is every one a fresh copy?"""

import numpy as np
import pytest

from course.checks.cases import LAYOUTS, in_layouts, lay_out, spread
from course.checks.record import Case

X = np.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("value", [X, X[0], X[:0], np.array(2.0), np.arange(3), np.array([True])], ids=repr)
def test_layout_keeps_the_values(layout, value):
    """Are shape and values those of the case, in memory of their own?"""
    got = lay_out(value, layout)
    assert type(got) is np.ndarray and got.shape == value.shape and np.array_equal(got, value)
    assert not np.shares_memory(got, value)
    assert not np.shares_memory(got, lay_out(value, layout))
    if layout != "float32":
        assert got.dtype == value.dtype


def test_layouts():
    """Is each layout what its name says?"""
    assert lay_out(X, "float32").dtype == np.float32
    assert not lay_out(X, "non-contiguous").flags.c_contiguous
    assert np.isnan(lay_out(X, "non-contiguous").base).any()
    whole = lay_out(np.arange(3), "non-contiguous")
    assert whole.base.max() > 10**9 and not whole.flags.c_contiguous  # an index that is never one
    assert lay_out(X, "transposed").flags.f_contiguous and not lay_out(X, "transposed").flags.c_contiguous
    assert not np.array_equal(lay_out(X, "transposed").ravel("K"), X.ravel())
    assert lay_out(X[0], "transposed").strides == (-8,)
    with pytest.raises(ValueError, match="read-only"):
        lay_out(X, "read-only")[0] = 1
    assert lay_out(np.arange(3), "float32").dtype == np.arange(3).dtype
    assert lay_out(2.5, "float32") == 2.5


def test_in_layouts_says_so():
    """Does every further case say its layout, keep the inputs and stay hidden?"""
    cases = in_layouts(Case("a matrix", {"x": X}, hidden=True))
    assert [c.layout for c in cases] == ["float32", "non-contiguous", "transposed", "read-only"]
    assert all(c.kind.startswith("a matrix, ") and c.hidden and c.inputs["x"] is X for c in cases)
    assert len({c.kind for c in cases}) == 4


def test_spread_keeps_away_from_0():
    """Are there numbers of both signs, none near 0?"""
    x = spread(np.random.default_rng(0), 50, 4)
    assert (np.abs(x) >= 0.1).all() and (np.abs(x) <= 3).all() and (x < 0).any() and (x > 0).any()
