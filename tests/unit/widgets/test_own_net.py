"""The net that is made of the reader's functions: it learns, reads, and stays quiet where one of them is wrong."""

import time

import matplotlib as mpl
import numpy as np
import pytest

from course import nn
from course.checks import activations as check
from course.checks import notebook
from course.checks.cells import Cells
from course.nn.loss import cross_entropy_backward
from course.widgets import DigitPad, LiveTraining, OwnNet, own_net, twenty_digits


def predict(x, w1, b1, w2, b2):
    return nn.softmax(nn.linear(nn.relu(nn.linear(x, w1, b1)), w2, b2))


def loss_and_gradients(x, labels, w1, b1, w2, b2):
    sums = nn.linear(x, w1, b1)
    hidden = nn.relu(sums)
    logits = nn.linear(hidden, w2, b2)
    grad, *second = nn.linear_backward(cross_entropy_backward(logits, labels), hidden, w2)
    _, *first = nn.linear_backward(nn.relu_backward(grad, sums), x, w1)
    return nn.cross_entropy(logits, labels), [*first, *second]


def spoiled(change):
    """A loss_and_gradients whose answer is changed."""
    return lambda *arguments: change(*loss_and_gradients(*arguments))


def test_it_learns_and_reads(capsys):
    """Does a net of right functions learn to read most digits, say how many, and read on the pad?"""
    net = OwnNet(predict, loss_and_gradients)
    net.train(seconds=60)
    said = capsys.readouterr().out
    assert net.accuracy > 0.9 and f"Your net reads {net.accuracy:.1%} of 1,000 test digits" in said
    assert "computer is busy" not in said and net.problem == ""
    pad = net.pad()
    assert isinstance(pad, DigitPad) and pad.size[1] <= 5
    shown = pad.compute([], 1, False, False)
    assert shown["warning"] == "" and np.isclose(shown["probabilities"]["your net"].sum(), 1)


def test_the_look(monkeypatch):
    """Is its training drawn in the look of the course, in a notebook that has set none, and that left as it was?"""
    made, before = [], dict(mpl.rcParams)

    class Watched(LiveTraining):
        def __init__(self, *arguments):
            made.append((mpl.rcParams["figure.constrained_layout.use"], mpl.rcParams["axes.spines.top"]))
            super().__init__(*arguments)

    monkeypatch.setattr(own_net, "LiveTraining", Watched)
    with mpl.rc_context({"figure.constrained_layout.use": False, "axes.spines.top": True}):
        OwnNet(predict, loss_and_gradients).train(seconds=0)
    assert made == [(True, False)] and dict(mpl.rcParams) == before


def test_what_is_missing(capsys):
    """With functions missing, does it say which, train nothing, call nothing, and say so in the place of the pad?"""

    def never(*_):
        raise AssertionError("called")

    net = OwnNet(never, never, missing=["Question 4, relu: not answered yet"])
    net.train()
    assert "waits for what it is made of:\nQuestion 4, relu: not answered yet" in capsys.readouterr().out
    assert net.accuracy is None and repr(net.pad()).startswith("The pad comes when")


WRONG = {
    "raises": (lambda loss, gradients: 1 / 0, "ZeroDivisionError"),
    "shapes": (lambda loss, gradients: (loss, [gradients[0].T, *gradients[1:]]), "the gradients have the shapes"),
    "too few": (lambda loss, gradients: (loss, gradients[:3]), "the gradients have the shapes"),
    "nan": (lambda loss, gradients: (np.nan, gradients), "the loss is nan after step 1"),
    "explodes": (lambda loss, gradients: (loss, [-1e30 * g for g in gradients]), "Which function returns nan or inf?"),
    "nothing": (lambda loss, gradients: None, "TypeError"),
    "no number": (lambda loss, gradients: ("much", gradients), "ValueError"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_functions(kind, capsys):
    """Does it stop with one report of what went wrong, raise nothing, and offer no pad?"""
    change, words = WRONG[kind]
    net = OwnNet(predict, spoiled(change))
    net.train(seconds=60)
    said, errors = capsys.readouterr()
    assert "Your net has stopped: " in said and words in said and errors == ""
    assert not isinstance(net.pad(), DigitPad)


def test_a_wrong_forward_pass(capsys):
    """Is a prediction of another shape said too?"""
    net = OwnNet(lambda *arguments: predict(*arguments)[0], loss_and_gradients)
    net.train(seconds=60)
    assert "Your net has stopped: your net returned an array of shape (10,)" in capsys.readouterr().out


def test_slow_and_noisy_functions(capsys):
    """Does it end in time with fewer steps, tell them, and show nothing of what the functions print or warn of?"""
    steps = []

    def slow(loss, gradients):
        time.sleep(0.05)
        print("noise")
        steps.append(np.log(np.array(-1.0)))  # warns
        return loss, gradients

    net = OwnNet(predict, spoiled(slow))
    net.train(seconds=0.3)
    said, errors = capsys.readouterr()
    assert 0 < len(steps) < 100 and f"made {len(steps)} steps" in said
    assert "noise" not in said and errors == "" and isinstance(net.pad(), DigitPad)


def test_what_it_calls(monkeypatch):
    """Is a function that the net calls missing while it is undefined, untested, open or wrong in every case?"""
    names = {}
    monkeypatch.setattr(notebook, "_cells", Cells(names))
    monkeypatch.setattr(notebook, "_tests", {})

    def used(x):
        return relu(sigmoid(x))  # noqa: F821

    def said(name, function):
        names[name] = function
        notebook.remember(name, function, getattr(check, name).run(function))
        return check.missing(used)

    assert len(check.missing(used)) == 2 and "Question 4, relu: `relu` is not defined" in check.missing(used)[0]
    names |= {"relu": abs, "sigmoid": abs, "softmax": None}
    assert check.missing(used) == ["Question 4, relu: run its test cell", "Question 6, sigmoid: run its test cell"]
    assert len(said("relu", lambda x: "no array")) == 2
    assert len(said("relu", lambda x: np.maximum(x, 0))) == 1
    assert said("sigmoid", lambda x: 1 / (1 + np.exp(-x))) == []  # right in some cases: the net may try


def prepare(train, x):
    return (x - train.mean()) / train.std()


def batch(x, labels, order, number):
    rows = order[number * 100 : (number + 1) * 100]
    return x[rows], labels[rows], -(-len(order) // 100)


def step(parameter, gradient, velocity):
    velocity = 0.9 * velocity + gradient
    return parameter - 0.05 * velocity, velocity


def test_the_whole_training_is_the_readers(capsys):
    """Does a net learn by the reader's batches and steps, and are pictures on the pad prepared as in training?"""
    seen = []

    def watched(x, *parameters):
        seen.append(x.mean())
        return predict(x, *parameters)

    net = OwnNet(watched, loss_and_gradients, hidden=32, prepare=prepare, batch=batch, step=step)
    net.train(seconds=60)
    assert net.accuracy > 0.9, capsys.readouterr().out
    assert net.parameters[0].shape == (32, 784) and net.parameters[0].dtype == np.float32
    assert abs(np.mean(seen)) < 0.1 and seen[-1] != 0
    with pytest.raises(TypeError, match="come together"):
        OwnNet(predict, loss_and_gradients, batch=batch)


STEPS = {
    "a step that keeps no shape": ({"step": lambda p, g, v: (p.sum(), v)}, "a step gave a parameter and a velocity"),
    "a count": ({"batch": lambda *given: (*batch(*given)[:2], 3)}, "there should be"),
    "one picture for all": ({"prepare": lambda train, x: x[0]}, "prepare returned an array of shape (784,)"),
    "an error": ({"step": lambda p, g, v: 1 / 0}, "ZeroDivisionError"),
}


@pytest.mark.parametrize("kind", STEPS)
def test_wrong_steps(kind, capsys):
    """Is what is wrong with a part of the reader's training said in one report?"""
    spoilt, words = STEPS[kind]
    net = OwnNet(predict, loss_and_gradients, **{"prepare": prepare, "batch": batch, "step": step} | spoilt)
    net.train(seconds=60)
    assert "Your net has stopped: " in (said := capsys.readouterr().out) and words in said


def test_twenty_digits(capsys):
    """Does the ladder hand over 20 digits and small weights, say what came back, and what is missing or wrong?"""

    def ladder(x, labels, weight, bias):
        assert x.shape == (20, 784) and labels.shape == (20,) and weight.shape == (10, 784) and not bias.any()
        return 2.31, np.log(10), 0.04, 0.95

    twenty_digits(ladder)
    assert "loss 2.31; a guess has 2.30" in (said := capsys.readouterr().out) and "95% of the 20 digits" in said
    twenty_digits(lambda *_: None)
    assert "The ladder has stopped: TypeError" in capsys.readouterr().out
    twenty_digits(ladder, missing=["Question 10, sanity_ladder: not answered yet"])
    assert capsys.readouterr().out.endswith("made of:\nQuestion 10, sanity_ladder: not answered yet\n")
