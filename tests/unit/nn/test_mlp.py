"""The net of dense layers: outputs, loss, every gradient, and parameters under PyTorch's names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn, reference
from tests.unit.compare import GRADIENT, VALUE, assert_close, check_gradient
from tests.unit.strategies import networks

ACTIVATIONS = ("relu", "sigmoid", "tanh", "softplus")


def data(sizes, n, seed=0):
    """Random pictures (N, D) and labels (N,)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, sizes[0])), rng.integers(0, sizes[-1], n)


def same_net(sizes, activation, seed=0):
    """The net in NumPy, and in PyTorch with the same parameters."""
    ours = nn.MLP(sizes, activation, seed=seed)
    return ours, reference.load(reference.mlp(sizes, activation), ours.state_dict())


@given(network=networks(), n=st.integers(1, 7))
def test_loss_and_gradients_equal_the_reference(network, n):
    """Do logits, loss, every parameter's gradient and the gradient of the picture equal PyTorch's?"""
    sizes, activation, seed = network
    ours, theirs = same_net(sizes, activation, seed)
    x, labels = data(sizes, n, seed)
    assert_close(ours(x), reference.to_numpy(theirs(reference.to_tensor(x))))
    loss, gradients, grad_x = ours.loss_and_gradients(x, labels)
    want_loss, want_gradients, want_grad_x = reference.loss_and_gradients(theirs, x, labels)
    assert_close(loss, want_loss)
    assert len(gradients) == len(want_gradients)
    for got, want in zip(gradients, want_gradients, strict=True):
        assert_close(got, want, GRADIENT)
    assert_close(grad_x, want_grad_x, GRADIENT)


def test_training_does_not_pay_for_the_gradient_of_the_picture():
    """With of_input=False, are loss and gradients of the parameters the same, and that of x not computed?"""
    rng = np.random.default_rng(0)
    model, x, labels = nn.MLP([6, 5, 3]), rng.normal(size=(4, 6)), np.array([0, 1, 2, 0])
    loss, gradients, grad_x = model.loss_and_gradients(x, labels)
    same_loss, same_gradients, nothing = model.loss_and_gradients(x, labels, of_input=False)
    assert loss == same_loss and grad_x.shape == x.shape and nothing is None
    for a, b in zip(gradients, same_gradients, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 2), (3, 5, 2), (3, 4, 1, 2), (2, 3, 3, 4, 3)])
def test_gradients_are_the_measured_gradients(sizes, activation):
    """Do all gradients of nets of 1 to 4 layers agree with finite differences, without PyTorch?"""
    model = nn.MLP(sizes, activation, seed=3)
    x, labels = data(sizes, 5, seed=3)
    _, gradients, grad_x = model.loss_and_gradients(x, labels)
    check_gradient(lambda x: model.loss_and_gradients(x, labels)[0], x, grad_x)
    for index, gradient in enumerate(gradients):

        def loss(value, index=index):
            kept, model.parameters[index] = model.parameters[index], value
            result = model.loss_and_gradients(x, labels)[0]
            model.parameters[index] = kept
            return result

        check_gradient(loss, model.parameters[index], gradient)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_example_used_twice_counts_twice(activation):
    """Is the gradient of a batch the mean over its examples, also when one stands twice?"""
    model = nn.MLP((3, 4, 2), activation, seed=1)
    x, labels = data((3, 2), 2)
    first, second = (model.loss_and_gradients(x[[i]], labels[[i]])[1] for i in (0, 1))
    twice = model.loss_and_gradients(x[[0, 1, 0]], labels[[0, 1, 0]])[1]
    for got, one, other in zip(twice, first, second, strict=True):
        assert_close(got, (2 * one + other) / 3, GRADIENT)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_nothing_is_changed_in_place(activation):
    """Are pictures, labels and parameters as before, also when they are read-only?"""
    model = nn.MLP((3, 4, 2), activation)
    x, labels = data((3, 2), 5)
    everything = [x, labels, *model.parameters]
    before = [value.copy() for value in everything]
    for value in everything:
        value.flags.writeable = False
    model.loss_and_gradients(x, labels)
    model.predict_proba(x), model.predict(x), model.hidden(x)
    for old, new in zip(before, everything, strict=True):
        assert np.array_equal(old, new)


@given(network=networks())
def test_state_dict_has_the_names_and_shapes_of_pytorch(network):
    """Same names, same order, same shapes, so that parameters travel both ways."""
    sizes, activation, seed = network
    ours, theirs = nn.MLP(sizes, activation, seed), reference.mlp(sizes, activation)
    shapes = [(name, tuple(value.shape)) for name, value in theirs.state_dict().items()]
    assert [(name, value.shape) for name, value in ours.state_dict().items()] == shapes
    ours.load_state_dict(reference.state(theirs))
    x = data(sizes, 3, seed)[0]
    assert_close(ours(x), reference.to_numpy(theirs(reference.to_tensor(x))))


def test_loading_copies():
    """After loading, does training one net leave the other alone?"""
    one, other = nn.MLP((2, 2), seed=0), nn.MLP((2, 2), seed=1)
    kept = {name: value.copy() for name, value in one.state_dict().items()}
    other.load_state_dict(one.state_dict())
    other.parameters[0] += 1
    assert all(np.array_equal(value, kept[name]) for name, value in one.state_dict().items())


@pytest.mark.parametrize("spoil", ["missing", "extra", "transposed"])
def test_loading_what_does_not_fit_is_an_error(spoil):
    """Is a missing, extra or turned parameter refused, with both sides named, before anything is written?"""
    model = nn.MLP((3, 2), seed=0)
    before = model.parameters[1].copy()
    state = nn.MLP((3, 2), seed=1).state_dict()
    state = {
        "missing": {"0.bias": state["0.bias"]},
        "extra": {**state, "2.weight": state["0.weight"]},
        "transposed": {"0.bias": state["0.bias"], "0.weight": state["0.weight"].T},
    }[spoil]
    with pytest.raises(ValueError, match="expected .*0.weight.*found"):
        model.load_state_dict(state)
    assert np.array_equal(model.parameters[1], before)


def test_predictions_follow_the_logits():
    """Probabilities are the softmax of the logits, the prediction is the largest of them."""
    model = nn.MLP((4, 5, 3))
    x, _ = data((4, 3), 6)
    assert_close(model.predict_proba(x), nn.softmax(model(x)))
    assert model.predict(x).tolist() == [int(np.argmax(row)) for row in model(x)]


def test_hidden_is_what_the_layers_hand_on():
    """One array a hidden layer, after its activation; the last one feeds the logits."""
    model = nn.MLP((4, 5, 3, 2), "tanh")
    x, _ = data((4, 2), 6)
    hidden = model.hidden(x)
    assert [h.shape for h in hidden] == [(6, 5), (6, 3)]
    assert_close(hidden[0], np.tanh(x @ model.parameters[0].T + model.parameters[1]))
    assert_close(model(x), nn.linear(hidden[-1], *model.layers[-1]))
    assert nn.MLP((4, 2)).hidden(x) == []


def test_number_of_parameters():
    """The lecture's nets: 7 850 parameters for 784-10 and 407 050 for 784-512-10."""
    assert nn.MLP((784, 10)).num_parameters == 7850
    assert nn.MLP((784, 512, 10)).num_parameters == 407050


def test_seed_decides_the_parameters():
    """Same seed, same net; another seed, another net; every parameter within PyTorch's bound."""
    one, same, other = nn.MLP((9, 4, 2), seed=1), nn.MLP((9, 4, 2), seed=1), nn.MLP((9, 4, 2), seed=2)
    assert all(np.array_equal(a, b) for a, b in zip(one.parameters, same.parameters, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(one.parameters, other.parameters, strict=True))
    for parameter, inputs in zip(one.parameters, (9, 9, 4, 4), strict=True):
        assert np.abs(parameter).max() <= 1 / np.sqrt(inputs)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_stays_float32(activation):
    """Does a float32 net compute in float32 all the way, and agree with float64?"""
    model, wide = nn.MLP((3, 4, 2), activation, dtype=np.float32), nn.MLP((3, 4, 2), activation)
    x, labels = data((3, 2), 5)
    loss, gradients, grad_x = model.loss_and_gradients(x.astype(np.float32), labels)
    assert {value.dtype for value in (loss, grad_x, *gradients)} == {np.dtype(np.float32)}
    for got, want in zip(gradients, wide.loss_and_gradients(x, labels)[1], strict=True):
        assert np.allclose(got, want, rtol=1e-4, atol=1e-6)
    assert_close(loss, wide.loss_and_gradients(x, labels)[0], VALUE._replace(relative=1e-5))


@pytest.mark.parametrize("sizes", [(), (3,), (3, 0), (3, -1, 2)])
def test_impossible_sizes_are_an_error(sizes):
    """Is a net without a layer, or a layer without neurons, refused with the sizes in the message?"""
    with pytest.raises(ValueError, match="sizes must"):
        nn.MLP(sizes)


def test_unknown_activation_is_an_error():
    """Are the known ones listed?"""
    with pytest.raises(ValueError, match="relu, sigmoid, tanh, softplus; got 'step'"):
        nn.MLP((2, 2), "step")
