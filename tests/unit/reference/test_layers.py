"""A look inside a net: the layers in their order, and the gradient of a logit by the picture."""

import numpy as np
import pytest
import torch

from course import nn, reference
from tests.unit.compare import GRADIENT, VALUE_32, Tolerance, assert_close, numerical_gradient

SHAPES = {
    "conv1": (8, 12, 12), "relu1": (8, 12, 12), "pool1": (8, 6, 6),
    "conv2": (16, 6, 6), "relu2": (16, 6, 6), "pool2": (16, 3, 3), "logits": (10,),
}  # fmt: skip


@pytest.fixture(scope="module")
def net():
    return reference.convnet(12, 12)


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(size=(5, 1, 12, 12)).astype(np.float32)


def test_each_layer_has_its_name_and_shape(net, images):
    """Do they come in order, the last one as logits, each as the next one's input?"""
    found = reference.layers(net, images)
    assert {name: value.shape[1:] for name, value in found.items()} == SHAPES
    assert list(found) == list(SHAPES) and all(len(value) == 5 for value in found.values())
    assert np.array_equal(found["relu1"], np.maximum(found["conv1"], 0))
    assert np.array_equal(found["pool1"][0, 0, 0, 0], found["relu1"][0, 0, :2, :2].max())
    with torch.no_grad():
        assert np.array_equal(found["logits"], net(torch.tensor(images)).numpy())


def test_in_pieces_the_same(net, images):
    """Does the size of the pieces make no difference?"""
    whole, pieces = reference.layers(net, images), reference.layers(net, images, batch_size=2)
    for name in whole:
        assert_close(pieces[name], whole[name], VALUE_32)


def test_a_net_of_dense_layers():
    """Are the layers those of the same net in NumPy, and the gradients of a logit?"""
    ours = nn.MLP((6, 4, 3))
    module = reference.load(reference.mlp((6, 4, 3)), ours.state_dict())
    x = np.random.default_rng(0).normal(size=(7, 6))
    found = reference.layers(module, x)
    assert list(found) == ["linear1", "relu1", "logits"]
    assert_close(found["logits"], ours(x))
    for classes in (2, [0, 1, 2, 2, 1, 0, 0]):
        assert_close(nn.class_gradient(ours, x, classes), reference.class_gradient(module, x, classes), GRADIENT)


def test_the_same_convnet_in_numpy(images):
    """Have the layers the same names and values, and is the gradient of a logit the same?"""
    ours = nn.ConvNet.random(height=12, width=12)
    module = reference.convnet(12, 12).double()
    reference.load(module, ours.state_dict())
    x = images.astype(float)
    found, theirs = ours.layers(x), reference.layers(module, x)
    assert list(found) == list(theirs)
    for name in found:
        assert_close(found[name], theirs[name])
    assert_close(nn.class_gradient(ours, x, [3, 1, 4, 1, 5]), reference.class_gradient(module, x, [3, 1, 4, 1, 5]),
                 GRADIENT)  # fmt: skip


def test_dropout_and_flatten_are_no_layers_of_their_own():
    """Is the last layer the logits when dropout follows it?"""
    module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2), torch.nn.Dropout(0.5)).eval()
    assert list(reference.layers(module, np.ones((1, 1, 2, 2)))) == ["logits"]


def test_gradient_is_the_measured_one(images):
    """Does the gradient of a logit agree with small changes of each pixel?"""
    net = reference.convnet(12, 12, seed=3).double()  # differences of float32 say little
    picture = images[:1].astype(float)

    def logit(x):
        with torch.no_grad():
            return net(torch.tensor(x))[0, 4].item()

    got = reference.class_gradient(net, picture, 4)
    assert_close(got, numerical_gradient(logit, picture, 1e-6), Tolerance(1e-4, 1e-6))


def test_each_picture_has_its_own_gradient(net, images):
    """Does another picture of the batch change nothing, and may each picture have a class of its own?"""
    together = reference.class_gradient(net, images, [0, 1, 2, 3, 9])
    assert together.shape == images.shape and together.dtype == np.float32
    for k, digit in enumerate([0, 1, 2, 3, 9]):
        assert np.allclose(reference.class_gradient(net, images[k : k + 1], digit), together[k : k + 1], atol=1e-6)
    assert all(parameter.grad is None for parameter in net.parameters())


def test_what_has_no_layers_is_refused(images):
    """Do the messages say what came?"""
    with pytest.raises(TypeError, match="Sequential.*got Linear"):
        reference.layers(torch.nn.Linear(4, 2), images)
    with pytest.raises(ValueError, match="at least one picture"):
        reference.layers(reference.convnet(12, 12), images[:0])
