"""Climbing a logit: the step by hand, what each regulariser does, nonsense that a net is sure of, going on."""

import numpy as np
import pytest
import torch
import traitlets

from course import nn, reference
from course.widgets import ClassVisualiser

from .conftest import IMAGES, LABELS, WEIGHT, make_visualiser, of_logit, settled

OFF = {"l2": 0.0, "blur": 0.0, "jitter": 0}
NETS = {
    "dense": (nn.MLP((784, 12, 10)), IMAGES),
    "conv": (nn.ConvNet.random(channels=(2, 3)), IMAGES.reshape(-1, 1, 28, 28)),
    "linear": ((lambda x: x @ WEIGHT.T, lambda x, digit: np.repeat(WEIGHT[[digit]], len(x), 0)), IMAGES),
}


def make(net="linear", labels=LABELS, **state):
    model, images = NETS[net]
    explorer = ClassVisualiser({net: model}, images, labels)
    return changed(explorer, **state)


def changed(explorer, **state):
    with explorer.together():
        for name, value in state.items():
            setattr(explorer, name, value)
    return settled(explorer)


def last(explorer, way="plain"):
    return explorer._result["paths"][way].pictures[-1]


def test_the_steps_by_hand():
    """Without a regulariser and from black, are the pictures k times step size times gradient, cut to [0, 1]?"""
    explorer = make(start=1, steps=5, step_size=0.1, digit=4, **OFF)
    gradient = WEIGHT[4].reshape(28, 28)
    x = np.zeros((28, 28))
    for k in range(6):
        np.testing.assert_allclose(explorer._result["paths"]["plain"].pictures[k], x, atol=1e-9)
        x = np.clip(x + 0.1 * gradient, 0, 1)
    logits = explorer._result["paths"]["plain"].logits[:, 4]
    np.testing.assert_allclose(logits[-1], last(explorer).ravel() @ WEIGHT[4], rtol=1e-5)
    assert f"logit 0.0 to {logits[-1]:.1f}" in explorer.readout


@pytest.mark.parametrize("net", NETS)
def test_every_net_is_climbed(net):
    """Does the logit grow with dense layers, convolutions and a pair of functions, in the images' shape?"""
    explorer = make(net, steps=20)
    for way in ("plain", "with"):
        logits = explorer._result["paths"][way].logits[:, 3]
        assert logits[-1] > logits[0]
    assert explorer.error == ""


def test_a_pytorch_net():
    """Is the convnet of the reference climbed as its twin in NumPy is?"""
    twin, images = NETS["conv"]
    module = reference.load(sequential(twin), twin.state_dict())
    logits = lambda x: reference.layers(module, x)["logits"]  # noqa: E731
    pair = logits, lambda x, digit: reference.class_gradient(module, x, digit)
    explorer = changed(ClassVisualiser({"torch": pair}, images), steps=10)
    np.testing.assert_allclose(last(explorer, "with"), last(make("conv", steps=10), "with"), atol=1e-4)


def sequential(twin):
    """PyTorch's layers of the same sizes."""
    first, second = len(twin.parameters[0]), len(twin.parameters[2])
    convs = [torch.nn.Conv2d(1, first, 3, padding=1), torch.nn.Conv2d(first, second, 3, padding=1)]
    block = [[conv, torch.nn.ReLU(), torch.nn.MaxPool2d(2)] for conv in convs]
    return torch.nn.Sequential(*block[0], *block[1], torch.nn.Flatten(), torch.nn.Linear(second * 49, 10))


def test_switched_off_there_is_no_difference():
    """With L2, blur and jitter at 0, are both rows the same, and does the read-out say that nothing is added?"""
    explorer = make("dense", steps=10, **OFF)
    assert np.array_equal(last(explorer), last(explorer, "with"))
    assert "With nothing added" in explorer.readout


def roughness(picture):
    return np.abs(np.diff(picture, axis=0)).mean() + np.abs(np.diff(picture, axis=1)).mean()


def test_what_each_regulariser_does():
    """Does L2 leave less ink, blur a smoother picture, and jitter another one, and each of them alone?"""
    explorer = make("dense", steps=30, **OFF)
    plain = last(explorer)
    l2, blur, jitter = (last(changed(explorer, **OFF | {name: value}), "with")
                        for name, value in (("l2", 0.5), ("blur", 0.5), ("jitter", 2)))  # fmt: skip
    assert (l2**2).sum() < 0.5 * (plain**2).sum()
    assert roughness(blur) < 0.5 * roughness(plain)
    assert not np.allclose(jitter, plain) and jitter.min() >= 0 and jitter.max() <= 1


def test_high_confidence_nonsense():
    """From noise, is p above 0.99 for the class that is asked for, and is it said what softmax cannot say?"""
    explorer = make(step_size=1.0, steps=20)
    for digit in (0, 3, 8):
        changed(explorer, digit=digit)
        p = nn.softmax(explorer._result["paths"]["plain"].logits[-1])
        assert p.argmax() == digit and p.max() > 0.99
        assert 'cannot say "none of these"' in explorer.readout
        assert "above 0.99 from step" in explorer.readout
    assert "none of these" not in changed(explorer, start=2).readout  # a digit is no picture of nothing
    assert "none of these" not in changed(explorer, start=0, steps=0).readout


def test_more_steps_go_on():
    """Are 30 steps after 20 ten more calls for each row, and one to see that the net is the same; as 30 at once?"""
    calls = []

    def gradient(x):
        calls.append(1)
        return of_logit(x)

    explorer = changed(make_visualiser(gradient), steps=20, step_size=0.5)
    before = len(calls)
    changed(explorer, steps=30)
    assert len(calls) - before == 2 * 11
    assert np.array_equal(last(explorer, "with"), last(changed(make_visualiser(), steps=30, step_size=0.5), "with"))


def test_a_climb_that_ended_goes_on():
    """After an error in step 30, do 29 steps stay, and is only the rest computed?"""
    calls, broken = [], True

    def gradient(x):
        calls.append(1)
        if broken and len(calls) == 30:
            raise ValueError("no more")
        return of_logit(x)

    explorer = settled(make_visualiser(gradient))
    assert "no more" in explorer.error
    broken = False
    explorer.refresh()
    assert settled(explorer).error == "" and len(calls) == 30 + 1 + 71 + 100  # 1: is the net still the same?


def test_a_net_that_was_trained_further():
    """Is everything climbed again when the function answers otherwise than it did?"""
    sign = 1.0
    explorer = changed(make_visualiser(lambda x: sign * of_logit(x)), steps=10)
    first = last(explorer)
    sign = -1.0
    explorer.refresh()
    assert not np.array_equal(last(settled(explorer)), first)
    assert "leads down" in explorer.error and "with its sign" in explorer.error


def test_a_flat_gradient_is_a_sentence():
    """Is a gradient of 0 said, and does the picture stay?"""
    explorer = make_visualiser(np.zeros_like)
    assert "is 0 in every pixel" in settled(explorer).error
    assert np.array_equal(last(explorer), explorer._result["paths"]["plain"].pictures[0])


def test_average_and_likeness():
    """Is the average that of the class's images, and is a class without any no error?"""
    digit = int(LABELS[0])
    explorer = make(digit=digit, steps=10)
    average = IMAGES[digit == LABELS].mean(0).reshape(28, 28)
    np.testing.assert_allclose(explorer._result["average"], average, rtol=1e-5)
    by_hand = np.corrcoef(average.ravel(), last(explorer, "with").ravel())[0, 1]
    assert f"{by_hand:.2f} with." in explorer.readout
    missing = next(k for k in range(10) if k not in LABELS)
    assert "Correlation" not in changed(explorer, digit=missing).readout and explorer.error == ""
    assert "Correlation" not in make(labels=None).readout


def test_several_nets():
    """Is the net chosen by its name, and does each keep its way?"""
    explorer = settled(ClassVisualiser({"one": NETS["linear"][0], "two": NETS["dense"][0]}, IMAGES))
    first = last(explorer)
    assert not np.array_equal(last(changed(explorer, model="two")), first)
    assert np.array_equal(last(changed(explorer, model="one")), first)


def test_bad_arguments():
    """Are nets, images and states that do not fit refused with a sentence?"""
    for models, said in [({}, "must be a dict"), ({"net": 3}, "pair of functions"), ({"net": (3, abs)}, "function")]:
        with pytest.raises(TypeError, match=said):
            ClassVisualiser(models, IMAGES)
    for images, labels, said in [(IMAGES[:, :9], LABELS[:2], "labels must be 6"),
                                 (IMAGES[:, :7], None, "grey pictures"), (2 * IMAGES, None, r"lie in \[0, 1\]"),
                                 (IMAGES[:0], None, "grey pictures"),
                                 (np.zeros((2, 3, 4, 4)), None, "grey pictures")]:  # fmt: skip
        with pytest.raises(ValueError, match=said):
            ClassVisualiser({"net": NETS["linear"][0]}, images, labels)
    explorer = make()
    for trait, value in [("model", "other"), ("digit", 10), ("start", 8)]:
        with pytest.raises(traitlets.TraitError, match=f"{trait} must be one of .*; got {value}"):
            setattr(explorer, trait, value)
