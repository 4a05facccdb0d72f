"""Standardising: PyTorch's numbers, and those of the training set only."""

import numpy as np
import pytest
from hypothesis import assume, given

from course import nn, reference
from tests.unit.compare import VALUE, assert_close
from tests.unit.strategies import any_shape, arrays

KINDS = ("float64", "float32")


@given(train=arrays(any_shape(), kinds=KINDS), test=arrays(any_shape(), kinds=KINDS))
def test_equals_pytorch(train, test):
    """Do both sets get the numbers that the reference gives them, each in its own type?"""
    assume(train.size and train.astype(np.float64).std() > 1e-3)
    for ours, theirs, given_ in zip(nn.standardise(train, test), reference.standardise(train, test), (train, test),
                                    strict=True):  # fmt: skip
        assert ours.dtype == given_.dtype and ours.shape == given_.shape
        if "float32" in (train.dtype, test.dtype):
            scale = max(1, np.abs(given_).max(initial=0) / train.astype(np.float64).std())
            assert np.abs(ours - theirs).max(initial=0) < 1e-6 * scale
        else:
            assert_close(ours, theirs, VALUE)


def test_the_test_set_says_nothing_of_itself():
    """Is a test set of other pictures moved by the training set's mean, and not by its own?"""
    train, test = nn.standardise(np.array([[1, 3]]), np.array([[5.0, 7.0]]))  # mean 2, deviation 1
    assert_close(train, [[-1, 1]])
    assert_close(test, [[3, 5]])


def test_nothing_to_divide_by():
    """Is a training set of equal numbers a sentence, and not a division by 0?"""
    with pytest.raises(ValueError, match="all numbers of the training set are 4: there is no scale"):
        nn.standardise(np.full((2, 3), 4))
