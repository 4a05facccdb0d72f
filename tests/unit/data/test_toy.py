"""Toy sets: shapes, seeds, balance, and that each is as hard as it says."""

import numpy as np
import pytest

from course.data import circle, gaussians, spiral, two_curves, xor

SETS = [two_curves, circle, xor, spiral, gaussians]
every = pytest.mark.parametrize("make", SETS, ids=lambda make: make.__name__)


def best_line(x, labels):
    """Return the accuracy of the best straight line between two classes, by trying 180 directions and every cut."""
    best = 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        side = labels[np.argsort(x @ [np.cos(angle), np.sin(angle)])]  # (N,)
        right = np.cumsum(side == 0) + (side == 1).sum() - np.cumsum(side == 1)  # cut after each point
        best = max(best, right.max() / len(side), 1 - right.min() / len(side))
    return best


def nearest_neighbour(x, labels):
    """Return the share of points whose nearest other point has their label: high if the classes do not overlap."""
    distance = ((x[:, None] - x) ** 2).sum(axis=2)  # (N, N)
    np.fill_diagonal(distance, np.inf)
    return (labels[distance.argmin(axis=1)] == labels).mean()


@every
@pytest.mark.parametrize("n", [2, 7, 200])
def test_shapes_and_types(make, n):
    """Are there n points in the plane and n labels, of the promised types?"""
    x, labels = make(n)
    assert x.shape == (n, 2) and x.dtype == np.float64
    assert labels.shape == (n,) and labels.dtype == np.int64
    assert np.isfinite(x).all() and np.abs(x).max() < 3


@every
def test_the_seed_decides(make):
    """Does the same seed give the same points, another seed others, and is NumPy's global state left alone?"""
    x, labels = make(50, seed=3)
    state = np.random.get_state()[1].copy()  # noqa: NPY002  (the state that must not change)
    again, same = make(50, seed=3)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(labels, same)
    assert not np.array_equal(x, make(50, seed=4)[0])


@every
@pytest.mark.parametrize("n", [200, 201])
def test_classes_are_balanced_and_mixed(make, n):
    """Do the classes differ by one point at most, and come in no order?"""
    labels = make(n)[1]
    counts = np.bincount(labels)
    assert len(counts) == 2 and counts.max() - counts.min() <= 1
    assert 0.3 < (labels[1:] != labels[:-1]).mean() < 0.7


@every
def test_noise_is_a_standard_deviation(make):
    """Does the noise move each coordinate by as much as it says, and 0 by nothing?"""
    # with the same seed the points lie in the same order, so the difference is the noise
    if make is gaussians:
        assert len(np.unique(make(200, noise=0)[0].round(12), axis=0)) == 2
    exact, moved = make(2000, noise=0)[0], make(2000, noise=0.3)[0]
    assert np.isclose((moved - exact).std(), 0.3, rtol=0.05)


@pytest.mark.parametrize("make, at_most", [(two_curves, 0.9), (circle, 0.8), (xor, 0.8), (spiral, 0.8)])
def test_no_line_separates_them(make, at_most):
    """Is a single neuron not enough, though the classes do not overlap?"""
    x, labels = make(400)
    assert best_line(x, labels) < at_most
    assert nearest_neighbour(x, labels) > 0.95


def test_a_line_separates_gaussians():
    """Is a single neuron enough for two clouds, and not when they are wide?"""
    assert best_line(*gaussians(400)) > 0.97
    assert best_line(*gaussians(400, noise=1.5)) < 0.9


def test_circle_without_noise():
    """Is class 0 the disc and class 1 the ring, spread evenly?"""
    x, labels = circle(4000, noise=0)
    radius = np.hypot(*x.T)
    assert radius[labels == 0].max() <= 0.5
    assert radius[labels == 1].min() >= 0.7 and radius[labels == 1].max() <= 1
    # of a disc, a quarter of the area lies within half the radius
    assert abs((radius[labels == 0] < 0.25).mean() - 0.25) < 0.03


def test_xor_without_noise():
    """Is the class the exclusive or of the signs, with a quarter of the points in each square?"""
    x, labels = xor(400, noise=0)
    signs = x > 0
    np.testing.assert_array_equal(labels, signs[:, 0] ^ signs[:, 1])
    assert np.unique(signs, axis=0, return_counts=True)[1].tolist() == [100] * 4


def test_two_curves_without_noise():
    """Are the two curves the same arc, half a unit apart?"""
    x, labels = two_curves(400, noise=0)
    height = x[:, 1] - 0.6 * np.cos(np.pi * x[:, 0])
    np.testing.assert_allclose(height, np.where(labels == 0, 0.25, -0.25), atol=1e-12)


@pytest.mark.parametrize("make", [spiral, gaussians])
def test_more_classes(make):
    """Are three classes as balanced and as separate as two?"""
    x, labels = make(300, noise=0.02, classes=3)
    assert np.bincount(labels).tolist() == [100] * 3
    assert nearest_neighbour(x, labels) > 0.95


@every
def test_impossible_sets_are_refused(make):
    """Does each number that makes no set say so?"""
    with pytest.raises(ValueError, match="n must be at least 2"):
        make(1)
    with pytest.raises(ValueError, match="noise"):
        make(noise=-0.1)
    if make in (spiral, gaussians):
        with pytest.raises(ValueError, match="classes must be at least 2"):
            make(classes=1)
