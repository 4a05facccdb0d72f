"""The attack: distances, goals, the control, the curve, and an own picture."""

import re

import numpy as np
import pytest

from course import nn
from course.widgets import AdversarialExplorer

from .conftest import IMAGES, LABELS, WEIGHT, gradient, make_adversarial, predict, settled


def changed(explorer):
    return explorer._result["changed"]


def test_epsilon_zero_changes_nothing():
    """At epsilon 0, is the picture the same and the answer too?"""
    explorer = make_adversarial()
    explorer.epsilon = 0.0
    np.testing.assert_allclose(changed(settled(explorer)), IMAGES[0], rtol=1e-6)
    assert "0.0 of 255 grey levels; largest change of a pixel (L-infinity distance) 0.000" in explorer.readout


@pytest.mark.parametrize("method", ["one step", "ten small steps", "random signs (control)"])
def test_no_pixel_moves_by_more_than_epsilon(method):
    """Does every method keep the L-infinity distance and the range [0, 1]?"""
    explorer = make_adversarial()
    explorer.method, explorer.epsilon = method, 0.12
    picture = changed(settled(explorer))
    assert 0.119 < np.abs(picture - IMAGES[0]).max() < 0.12 + 1e-6
    assert picture.min() >= 0 and picture.max() <= 1
    assert "30.6 of 255 grey levels" in explorer.readout


def test_one_step_is_fgsm():
    """Is the one-step attack the formula of slide cmu-l10-006?"""
    explorer = make_adversarial()
    explorer.index, explorer.epsilon = 2, 0.1
    expected = nn.fgsm(IMAGES[2:3], gradient(IMAGES[2:3], LABELS[2:3]), 0.1)[0]
    np.testing.assert_allclose(changed(settled(explorer)), expected, rtol=1e-6)


def test_gradient_beats_random_signs():
    """Is the same budget in random directions harmless where the gradient is not?"""
    explorer = settled(make_adversarial())
    result = explorer._result
    assert result["curve"][0] == 1.0
    assert result["curve"][-1] < 0.2
    assert result["control"][-1] > result["curve"][-1]


def test_targeted_attack_reaches_its_class():
    """Does a targeted attack end in the class that was asked for, and say from which epsilon on?"""
    explorer = make_adversarial()
    explorer.target = (int(LABELS[0]) + 3) % 10
    explorer.method, explorer.epsilon = "ten small steps", 0.3
    settled(explorer)
    assert explorer._result["after"].argmax() == explorer.target
    flip = explorer._result["flip"]
    assert f"First epsilon that reaches the goal on this picture: epsilon {flip:.3f}" in explorer.readout


def test_first_flip_is_the_first():
    """Just below the first epsilon that flips, does the net still answer right, and at it wrong?"""
    explorer = settled(make_adversarial())
    flip = explorer._result["flip"]
    sign = gradient(IMAGES[:1], LABELS[:1])
    below, at = (predict(nn.fgsm(IMAGES[:1], sign, epsilon)).argmax() for epsilon in (flip - 0.005, flip))
    assert below == LABELS[0] and at != LABELS[0]


def test_seed_gives_the_same_noise():
    """Is the random control the same for the same seed, and another for another?"""
    explorer = make_adversarial()
    explorer.method = "random signs (control)"
    first = changed(settled(explorer))
    explorer.seed = 1
    other = changed(settled(explorer))
    explorer.seed = 0
    np.testing.assert_array_equal(changed(settled(explorer)), first)
    assert not np.array_equal(other, first)


def test_own_picture():
    """Can a drawn digit be attacked, with what the net sees as its label?"""
    explorer = make_adversarial()
    explorer.use_image(IMAGES[3].reshape(28, 28))
    assert re.match(rf"Your own picture, label {predict(IMAGES[3:4]).argmax()}:", settled(explorer).readout)
    explorer.use_image(IMAGES[4], label=0)
    assert settled(explorer).readout.startswith("Your own picture, label 0:")
    explorer.reset()
    assert settled(explorer).readout.startswith("Picture 0,")


def test_zero_gradient_is_said():
    """Is a gradient of 0 everywhere explained instead of drawn as an attack that does not work?"""
    explorer = settled(AdversarialExplorer(IMAGES, LABELS, predict, lambda x, labels: np.zeros_like(x)))
    assert "Your input_gradient is 0 in every pixel" in explorer.error


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda x, labels: None, "Your input_gradient returned None"),
        (lambda x, labels: WEIGHT, "Your input_gradient returned an array of shape (10, 784)"),
        (lambda x, labels: x * np.nan, "Your input_gradient returned nan"),
    ],
    ids=["None", "shape", "nan"],
)
def test_wrong_gradient_is_a_sentence(wrong, sentence):
    """Is a wrong gradient named with what came back?"""
    assert sentence in settled(AdversarialExplorer(IMAGES, LABELS, predict, wrong)).error


def test_another_gradient_is_another_attack():
    """Does a gradient with the wrong sign show in the read-out?"""
    right = settled(make_adversarial())
    wrong = settled(AdversarialExplorer(IMAGES, LABELS, predict, lambda x, labels: -gradient(x, labels)))
    assert right.readout != wrong.readout


def test_image_shapes():
    """Are (N, 28, 28) and (N, 1, 28, 28) taken, and bad arguments refused with a sentence?"""
    flat = settled(make_adversarial())
    for shape in [(-1, 28, 28), (-1, 1, 28, 28)]:
        explorer = AdversarialExplorer(IMAGES.reshape(shape), LABELS, predict, gradient)
        assert settled(explorer).readout == flat.readout
    with pytest.raises(ValueError, match="28x28"):
        AdversarialExplorer(IMAGES[:, :100], LABELS, predict, gradient)
    with pytest.raises(ValueError, match="labels must be 6 integers"):
        AdversarialExplorer(IMAGES, LABELS[:2], predict, gradient)
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        AdversarialExplorer(255 * IMAGES, LABELS, predict, gradient)
