"""The pad's answers, examples and templates."""

import numpy as np
import pytest
import traitlets

from course.widgets import DigitPad, to_mnist

from .conftest import IMAGES, SEVEN, WEIGHT, predict, settled


def test_networks_get_what_mnist_nets_expect():
    """Does a network get (1, 784) float32, the picture that is shown?"""
    seen = []

    def network(x):
        seen.append(x)
        return predict(x)

    pad = DigitPad({"net": network})
    pad.strokes = SEVEN
    settled(pad)
    assert seen[-1].shape == (1, 784) and seen[-1].dtype == np.float32
    np.testing.assert_array_equal(seen[-1][0], to_mnist(SEVEN).ravel())


def test_answer_in_words():
    """Is the largest probability named, with its number, for each network?"""
    pad = DigitPad({"first": lambda x: np.eye(10)[[3]], "second": lambda x: np.full((1, 10), 0.1)})
    pad.strokes = SEVEN
    assert "first: 3 with 100.0 %" in settled(pad).readout
    assert "second: 0 with 10.0 %" in pad.readout


def test_empty_pad_names_no_digit():
    """Does an empty pad wait instead of calling the blank picture a digit?"""
    assert "net: waits for a digit" in settled(DigitPad({"net": predict})).readout


def test_one_broken_network_leaves_the_other():
    """When one network fails, does the other still answer?"""

    def broken(x):
        raise RuntimeError("no weights")

    pad = DigitPad({"good": predict, "bad": broken})
    pad.strokes = SEVEN
    settled(pad)
    assert "good: " in pad.readout and "bad: no answer" in pad.readout
    assert "RuntimeError: no weights" in pad.error


def test_logits_are_not_probabilities():
    """Is it said when a network returns numbers that are no probabilities?"""
    pad = settled(DigitPad({"net": lambda x: x @ WEIGHT.T + 1}))
    assert "Expected probabilities, with sum 1" in pad.error


def test_undo_and_clear():
    """Does Undo take one stroke back, and Clear all?"""
    pad = DigitPad({"net": predict}, examples=IMAGES)
    pad.strokes = SEVEN * 2
    pad.undo()
    assert len(pad.strokes) == 1 and len(pad._pad.strokes) == 1
    pad.example = 2
    pad.clear()
    assert pad.strokes == [] and pad.example == 0 and not any(pad._pad.background)
    settled(pad)


def test_example_is_shown_and_read():
    """Does an example reach the network unchanged, and the canvas as grey levels?"""
    pad = DigitPad({"net": predict}, examples=IMAGES.reshape(-1, 28, 28))
    pad.example = 3
    np.testing.assert_array_equal(pad.image, IMAGES[2].reshape(28, 28))
    assert np.frombuffer(pad._pad.background, np.uint8)[5] == int(255 * IMAGES[2, 5])
    assert f"net: {predict(IMAGES[2:3]).argmax()} with" in settled(pad).readout
    with pytest.raises(traitlets.TraitError, match="there are 6 examples"):
        pad.example = 7


def test_templates_and_products():
    """Do the maps show the weights, or weight x picture, with the sums below?"""
    pad = DigitPad({"net": predict}, templates=WEIGHT)
    pad.strokes = SEVEN
    settled(pad)
    np.testing.assert_allclose(pad._maps[4].get_array(), WEIGHT[4].reshape(28, 28))
    assert pad._sums[4].get_text() == f"{WEIGHT[4] @ pad.image.ravel():+.1f}"
    pad.multiply = True
    settled(pad)
    np.testing.assert_allclose(pad._maps[4].get_array(), WEIGHT[4].reshape(28, 28) * pad.image)


def test_bad_arguments():
    """Are networks, templates and examples of a wrong kind refused with a sentence?"""
    with pytest.raises(TypeError, match="networks must be a dict"):
        DigitPad(predict)
    with pytest.raises(ValueError, match=r"shape \(10, 784\)"):
        DigitPad({"net": predict}, templates=WEIGHT.T)
    with pytest.raises(ValueError, match="pictures of 28x28"):
        DigitPad({"net": predict}, examples=np.zeros((2, 100)))


def test_the_switch_as_drawn():
    """Does the switch hand the net the drawing where it is, say so, and Reset bring the centring back?"""
    seen = []

    def network(x):
        seen.append(x[0].reshape(28, 28))
        return predict(x)

    corner = [{"tool": "pen", "points": [[20, 20], [60, 20], [40, 80]]}]
    pad = DigitPad({"net": network})
    pad.strokes = corner
    assert "centred, as in MNIST" in settled(pad).readout and seen[-1][12:].any()
    pad.as_drawn = True
    assert "where you drew it" in settled(pad).readout and not seen[-1][12:].any()
    np.testing.assert_array_equal(seen[-1], pad.image)
    pad.reset()
    assert not pad.as_drawn
