"""Adversarial pictures: the step goes uphill, stays in the box, and does what the arithmetic of the lecture says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn
from tests.unit.compare import GRADIENT, assert_close, check_gradient
from tests.unit.strategies import arrays

EPSILONS = st.sampled_from([0.0, 0.01, 0.1, 0.3, 1.0])


def pictures(n=4, seed=0):
    """A trained-looking net, pictures in [0, 1] and labels."""
    rng = np.random.default_rng(seed)
    return nn.MLP((6, 5, 3), seed=seed), rng.random((n, 6)), rng.integers(0, 3, n)


def test_input_gradient_is_the_measured_gradient():
    """Is it the slope of the loss along each pixel?"""
    model, x, labels = pictures()
    check_gradient(lambda x: model.loss_and_gradients(x, labels)[0], x, nn.input_gradient(model, x, labels))


@given(x=arrays((2, 5), 1, kinds=("float64", "float32")), g=arrays((2, 5), 1, kinds=("float64",)), epsilon=EPSILONS)
def test_fgsm_stays_in_the_box_and_in_range(x, g, epsilon):
    """No pixel leaves [0, 1], none moves by more than epsilon, each moves uphill or not at all."""
    x = np.abs(x)
    before = x.copy()
    moved = nn.fgsm(x, g, epsilon)
    assert moved.min() >= 0 and moved.max() <= 1
    assert (np.abs(moved - x) <= epsilon + 1e-6).all()
    assert ((moved - x) * g >= 0).all()
    assert np.array_equal(x, before)


def test_fgsm_moves_every_pixel_by_epsilon():
    """Away from the edges of [0, 1] the whole step is taken, however small the gradient; where it is 0, none."""
    x, gradient = np.full((1, 3), 0.5), np.array([[1e-9, -7.0, 0.0]])
    assert_close(nn.fgsm(x, gradient, 0.1), [[0.6, 0.4, 0.5]])


@pytest.mark.parametrize("epsilon", [0.01, 0.1])
def test_a_linear_model_loses_epsilon_times_the_l1_norm(epsilon):
    """The lecture's explanation: 1-layer net, logit gap w.x, change of exactly epsilon * ||w||_1, many small steps."""
    model = nn.MLP((784, 2), seed=0)
    x, labels = np.full((1, 784), 0.5), np.array([1])
    moved = nn.fgsm(x, nn.input_gradient(model, x, labels), epsilon)
    gap = (model(moved) - model(x)) @ np.array([-1.0, 1.0])
    weight = model.parameters[0][1] - model.parameters[0][0]
    assert_close(gap, [-epsilon * np.abs(weight).sum()], GRADIENT)


@pytest.mark.parametrize("steps", [1, 2, 10])
@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.3])
def test_iterative_stays_within_epsilon(steps, epsilon):
    """Many steps, one box, and still pictures in [0, 1]; the start is not changed."""
    model, x, labels = pictures()
    before = x.copy()
    x.flags.writeable = False
    moved = nn.iterative_fgsm(x, lambda x: nn.input_gradient(model, x, labels), epsilon, steps)
    assert (np.abs(moved - x) <= epsilon + 1e-12).all()
    assert moved.min() >= 0 and moved.max() <= 1
    assert np.array_equal(x, before)


def test_iterative_asks_for_the_gradient_where_it_stands():
    """Is the gradient taken at the new picture in each step, not ten times at the first?"""
    asked = []

    def gradient_at(x):
        asked.append(x.copy())
        return np.ones_like(x)

    nn.iterative_fgsm(np.full((1, 2), 0.2), gradient_at, 0.4, steps=4)
    assert_close(asked, [np.full((1, 2), value) for value in (0.2, 0.35, 0.5, 0.6)])


def test_attacks_raise_the_loss():
    """One step raises the loss, and the opposite direction for a chosen label makes that label likelier."""
    model, x, labels = pictures(8)
    x = 0.2 + 0.6 * x
    loss = model.loss_and_gradients(x, labels)[0]
    moved = nn.fgsm(x, nn.input_gradient(model, x, labels), 0.1)
    assert model.loss_and_gradients(moved, labels)[0] > loss
    target = np.zeros(8, int)
    moved = nn.iterative_fgsm(x, lambda x: -nn.input_gradient(model, x, target), 0.1)
    assert (model.predict_proba(moved)[:, 0] > model.predict_proba(x)[:, 0]).all()
