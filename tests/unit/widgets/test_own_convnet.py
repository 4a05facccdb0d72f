"""The convolutional net that is made of the reader's functions: it reads, shows its maps, and says what is wrong."""

import numpy as np
import pytest

from course import nn
from course.widgets import DigitPad, FeatureMaps, OwnConvNet, own_convnet


@pytest.fixture(autouse=True)
def parameters(monkeypatch):
    """A net that was hardly trained: what it reads matters to nobody here, only who computes it."""
    found = nn.ConvNet.random(dtype=np.float32, seed=1).parameters
    monkeypatch.setattr(own_convnet, "trained", lambda: found)
    monkeypatch.setattr(own_convnet, "TESTED", 30)
    return found


def layers(x, *parameters):
    return nn.ConvNet(list(parameters)).layers(x)


def forward(x, *parameters):
    found = layers(x, *parameters)
    return found["pool1"], found["pool2"], found["logits"]


def test_it_reads_as_the_course_does(capsys):
    """Does a right net read each digit as the course's own, say so, and hand out the maps and the pad?"""
    net = OwnConvNet(forward, layers)
    net.read(seconds=60)
    said = capsys.readouterr().out
    assert f"reads {net.accuracy:.1%} of 30 test digits" in said and "as many as the course's own" in said
    maps, pad = net.maps(), net.pad()
    assert isinstance(maps, FeatureMaps) and isinstance(pad, DigitPad)
    picture = np.zeros((2, 784), dtype=np.float32)
    assert net.predict_proba(picture).shape == (2, 10) and list(net.layers(picture.reshape(2, 1, 28, 28)))[0] == "conv1"


def test_a_wrong_net_is_told_from_the_right_one(capsys):
    """Is a net that computes something else compared with the course's own?"""
    net = OwnConvNet(lambda x, *p: (0, 0, np.eye(10)[np.zeros(len(x), int)]), layers)
    net.read(seconds=60)
    assert ", and not " in capsys.readouterr().out


def test_a_slow_net_reads_fewer(capsys):
    """Does a net of loops read what it has time for, at least one digit, and is that said?"""
    net = OwnConvNet(forward, layers)
    net.read(seconds=1e-9)
    said = capsys.readouterr().out
    assert net.accuracy in (0, 1) and "of 1 test digits" in said and "loops in Python are slow" in said


@pytest.mark.parametrize("wrong, said", [
    (lambda x, *p: 1 / 0, "ZeroDivisionError"),
    (lambda x, *p: None, "returned None"),
    (lambda x, *p: (0, 0), "a tuple of length 2. Expected a tuple (first, second, logits)"),
    (lambda x, *p: (0, 0, np.zeros((len(x), 3))), "Expected an array of shape (1, 10)"),
])  # fmt: skip
def test_what_is_wrong_is_said(wrong, said, capsys):
    """Is an error, and an answer that does not fit, a sentence, and do maps and pad wait?"""
    net = OwnConvNet(wrong, layers)
    net.read()
    assert said in capsys.readouterr().out and said in net.problem
    assert "come when" in repr(net.maps()) and "comes when" in repr(net.pad())


def test_it_waits_for_its_parts(capsys):
    """Does it say which functions are missing, and call nothing?"""
    net = OwnConvNet(forward, layers, ["Question 5, conv2d: not answered yet"])
    net.read()
    said = capsys.readouterr().out
    assert "waits for what it is made of" in said and "Question 5, conv2d" in said and net.parameters is None


def test_what_is_no_function_is_an_error():
    """Is it said in the cell that makes the net?"""
    with pytest.raises(TypeError, match="layers must be a function"):
        OwnConvNet(forward, None)


def test_the_weights_are_learned_and_kept(monkeypatch, tmp_path):
    """Does the course's own net learn in a few steps, and is the result taken from the cache the next time?"""
    monkeypatch.undo()
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(own_convnet, "MOST", 600)
    monkeypatch.setattr(own_convnet, "STEPS", 36)
    first = own_convnet.trained()
    assert nn.ConvNet(first).parameters[0].dtype == np.float32
    net = OwnConvNet(forward, layers)
    net.read(seconds=60)
    assert net.accuracy > 0.5
    monkeypatch.setattr(own_convnet.nn, "train", None)
    assert all(np.array_equal(a, b) for a, b in zip(first, own_convnet.trained(), strict=True))
