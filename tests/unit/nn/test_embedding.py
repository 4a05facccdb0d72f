"""Embeddings: principal components as scikit-learn has them, neighbours as a loop finds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from course import nn
from tests.unit.compare import Tolerance, assert_close
from tests.unit.strategies import arrays

rows = st.tuples(st.integers(3, 7), st.integers(2, 9))


@given(x=arrays(rows, largest=100))
def test_equals_scikit_learn(x):
    """Are distances between the points, and the shares of the variance, those of scikit-learn, for more rows than
    columns and for fewer?"""
    before = x.copy()
    points, shares = nn.pca(x)
    theirs = PCA(2, svd_solver="full").fit(x) if np.ptp(x, axis=0).any() else None
    assert np.array_equal(x, before) and points.shape == (len(x), 2)
    if theirs is None:
        assert not points.any() and not shares.any()
        return
    variances, (first, second, *_) = theirs.explained_variance_, np.append(PCA().fit(x).explained_variance_, [0, 0])
    assert_close(points.var(axis=0, ddof=1), variances, Tolerance(1e-5, 1e-4))
    assert_close(shares, theirs.explained_variance_ratio_, Tolerance(1e-5, 1e-6))
    if first > 1.1 * second > 0.1:  # else the direction is no single one
        assert_close(np.abs(points[:, 0]), np.abs(theirs.transform(x)[:, 0]), Tolerance(1e-4, 1e-3))


def test_more_components_than_there_are():
    """Is the rest 0, and is everything kept?"""
    points, shares = nn.pca(np.array([[0.0], [1.0], [3.0]]), 3)
    assert points.shape == (3, 3) and not points[:, 1:].any()
    assert_close(shares, [1, 0, 0])
    assert points[:, 0].max() == np.abs(points).max()  # the largest is positive


@given(x=arrays(rows, largest=50, kinds=("float64", "int64")), k=st.integers(1, 2))
def test_neighbours_as_a_loop_finds_them(x, k):
    """Are those the nearest whose distances a loop finds smallest, and nobody his own neighbour?"""
    found = nn.nearest_neighbours(x, k)
    for i, near in enumerate(found):
        distances = [np.inf if i == j else ((1.0 * x[i] - x[j]) ** 2).sum() for j in range(len(x))]
        assert i not in near and len(set(near)) == k
        assert_close(np.take(distances, near), np.sort(distances)[:k], Tolerance(1e-6, 1e-6))


def test_accuracy_of_neighbours():
    """Are the shares those found by hand, and pictures read as rows?"""
    x = np.array([0.0, 1.0, 5.0, 5.5]).reshape(4, 1, 1, 1)
    assert nn.neighbour_accuracy(x, [3, 3, 7, 7]) == 1
    assert nn.neighbour_accuracy(x, [3, 3, 7, 8]) == 0.5


@pytest.mark.parametrize("k", [0, 4])
def test_too_many_neighbours(k):
    """Is it said how many others there are?"""
    with pytest.raises(ValueError, match=f"from 1 to 3, the number of other examples; got {k}"):
        nn.nearest_neighbours(np.zeros((4, 2)), k)
