"""The small convolutional net: every layer, loss and gradients equal to PyTorch's, and it learns."""

import numpy as np
import pytest
import torch

from course import nn, reference
from tests.unit.compare import GRADIENT, assert_close, check_gradient


def data(n=3, height=8, width=12, seed=0):
    """Random pictures (N, 1, H, W) and labels (N,)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, 1, height, width)), rng.integers(0, 10, n)


def same_net(seed=0):
    """The net of the reference in float64 and ours with its parameters, for pictures of 8 x 12."""
    theirs = reference.convnet(8, 12, seed=seed).double()
    return nn.ConvNet(reference.state(theirs)), theirs


def test_every_layer_equals_the_reference():
    """Are all activations PyTorch's, in the order of its layers, up to the logits?"""
    ours, theirs = same_net()
    x, _ = data()
    found, value = ours.layers(x), torch.from_numpy(x).to(next(theirs.parameters()).device)
    modules = [module for module in theirs if not isinstance(module, torch.nn.Flatten)]
    assert list(found) == ["conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "logits"]
    for module, layer in zip(theirs, [*found.values()][:-1], strict=False):
        value = module(value)
        assert_close(layer, reference.to_numpy(value))
    assert len(modules) == len(found)
    assert_close(found["logits"], reference.to_numpy(theirs(torch.from_numpy(x).to(value.device))))
    assert np.array_equal(ours(x), found["logits"])


def test_loss_and_gradients_equal_the_reference():
    """Do the loss, the gradients of all parameters and that of the picture equal PyTorch's?"""
    ours, theirs = same_net(1)
    x, labels = data(seed=1)
    loss, gradients, grad_x = ours.loss_and_gradients(x, labels)
    want_loss, want_gradients, want_grad_x = reference.loss_and_gradients(theirs, x, labels)
    assert_close(loss, want_loss)
    for got, want in zip([*gradients, grad_x], [*want_gradients, want_grad_x], strict=True):
        assert_close(got, want, GRADIENT)
    _, same, nothing = ours.loss_and_gradients(x, labels, of_input=False)
    assert nothing is None and all(np.array_equal(a, b) for a, b in zip(same, gradients, strict=True))


@pytest.mark.parametrize("index", range(6))
def test_gradients_are_the_measured_gradients(index):
    """Does the gradient of each parameter agree with finite differences, without PyTorch?"""
    model = nn.ConvNet.random((2, 2), height=4, width=4, num_classes=3, seed=2)
    x, labels = np.random.default_rng(2).standard_normal((2, 1, 4, 4)), np.array([0, 2])
    _, gradients, _ = model.loss_and_gradients(x, labels)

    def loss(value):
        parameters = [*model.parameters]
        parameters[index] = value
        return nn.ConvNet(parameters).loss_and_gradients(x, labels)[0]

    check_gradient(loss, model.parameters[index], gradients[index])


def test_it_learns():
    """Does the training loop of the dense nets train it: eight pictures by heart, in float32?"""
    model = nn.ConvNet.random((4, 6), height=8, width=8, num_classes=4, dtype=np.float32)
    x = np.random.default_rng(3).standard_normal((8, 1, 8, 8)).astype(np.float32)
    labels = np.arange(8) % 4
    losses = nn.train(model, x, labels, epochs=40, batch_size=8, lr=0.1, momentum=0.9)
    assert losses[-1] < 0.1 < losses[0] and nn.accuracy(model, x, labels) == 1
    assert model(x).dtype == np.float32 and model.predict_proba(x).sum(axis=1) == pytest.approx(1)


def test_parameters_have_pytorchs_names_and_are_copied():
    """Do parameters travel both ways under PyTorch's names, and does a net leave what it was given alone?"""
    ours, theirs = same_net()
    state = reference.state(theirs)
    assert {name: v.shape for name, v in ours.state_dict().items()} == {name: v.shape for name, v in state.items()}
    ours.parameters[0] += 1
    assert np.array_equal(state["0.weight"] + 1, ours.state_dict()["0.weight"])
    random = nn.ConvNet.random(height=8, width=12)
    assert [p.shape for p in random.parameters] == [p.shape for p in ours.parameters]


def test_parameters_that_do_not_fit_are_an_error():
    """Are a missing name, other axes, other channels and an even kernel refused, with what was found?"""
    good = nn.ConvNet.random(height=8, width=12).parameters
    with pytest.raises(ValueError, match="named 0.weight.*got 0.weight"):
        nn.ConvNet({"0.weight": good[0]})
    with pytest.raises(ValueError, match=r"4, 1, 4, 1, 2 and 1 axes; got \(8, 1, 3, 3\)"):
        nn.ConvNet(good[:5])
    for index, value in ((2, np.ones((16, 3, 3, 3))), (0, np.ones((8, 1, 2, 2))), (5, np.ones(4))):
        with pytest.raises(ValueError, match="do not fit each other"):
            nn.ConvNet([*good[:index], value, *good[index + 1 :]])
