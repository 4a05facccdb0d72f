"""The PyTorch net and its training loop. That it equals `course.nn` step by step is tested in tests/unit/nn."""

import numpy as np
import pytest
import torch

from course import reference
from tests.unit.compare import assert_close

X = np.random.default_rng(0).standard_normal((20, 3))
LABELS = (X.sum(axis=1) > 0).astype(int)


def test_layers_and_their_names():
    """Dense layers with an activation between them, none after the last, named 0, 2, 4."""
    module = reference.mlp((3, 5, 4, 2), "tanh")
    assert [type(layer).__name__ for layer in module] == ["Linear", "Tanh", "Linear", "Tanh", "Linear"]
    assert list(module.state_dict()) == [f"{i}.{kind}" for i in (0, 2, 4) for kind in ("weight", "bias")]
    assert next(module.parameters()).dtype == reference.dtype()


def test_state_travels_both_ways():
    """Are the parameters the same after a round trip, and copies?"""
    one, other = reference.mlp((3, 4, 2)), reference.mlp((3, 4, 2))
    state = reference.state(one)
    assert reference.load(other, state) is other
    assert all(np.array_equal(value, state[name]) for name, value in reference.state(other).items())
    state["0.weight"][...] = 0
    assert reference.state(one)["0.weight"].any() and reference.state(other)["0.weight"].any()


def test_state_that_does_not_fit_is_an_error():
    """Is a state of another net refused?"""
    with pytest.raises(RuntimeError, match="size mismatch"):
        reference.load(reference.mlp((3, 2)), reference.state(reference.mlp((4, 2))))


def test_unknown_activation_is_an_error():
    """Are the known ones listed?"""
    with pytest.raises(ValueError, match="relu, sigmoid, tanh, softplus; got 'step'"):
        reference.mlp((2, 2), "step")


def test_train_step_goes_downhill():
    """Does each step return the loss before it, and lower it?"""
    module = reference.mlp((3, 2))
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    losses = [reference.train_step(module, optimizer, X, LABELS) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert reference.loss_and_gradients(module, X, LABELS)[0] < losses[-1]


def test_loss_and_gradients_leave_no_trace():
    """Do two calls give the same, with no gradients left in the module?"""
    module = reference.mlp((3, 4, 2))
    first, second = (reference.loss_and_gradients(module, X, LABELS)[1] for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert_close(one, other)
    assert all(parameter.grad is None for parameter in module.parameters())


def test_any_torch_optimizer():
    """Does `train_step` also take Adam, which the later lectures compare with SGD?"""
    module = reference.mlp((3, 8, 2))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    losses = [reference.train_step(module, optimizer, X, LABELS) for _ in range(30)]
    assert losses[-1] < losses[0]


def test_callback_can_stop():
    """Does True stop after that step?"""
    seen = []

    def callback(step, steps, loss):
        seen.append((step, steps))
        return step == 3

    losses = reference.train(reference.mlp((3, 2)), X, LABELS, epochs=5, batch_size=8, callback=callback)
    assert seen == [(1, 15), (2, 15), (3, 15)] and len(losses) == 3
