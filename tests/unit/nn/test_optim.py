"""SGD: step by step the numbers of torch.optim.SGD."""

import numpy as np
import pytest
import torch

from course import nn
from tests.unit.compare import assert_close


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("lr", [0.01, 1.0])
def test_twenty_steps_equal_torch(lr, momentum):
    """Are all parameters equal after each of 20 steps, for several shapes at once?"""
    rng = np.random.default_rng(0)
    ours = [rng.standard_normal(shape) for shape in ((3, 2), (3,), (1, 1))]
    theirs = [torch.tensor(parameter, requires_grad=True) for parameter in ours]
    optimizer, oracle = nn.SGD(ours, lr, momentum), torch.optim.SGD(theirs, lr=lr, momentum=momentum)
    for _ in range(20):
        gradients = [rng.standard_normal(parameter.shape) for parameter in ours]
        kept = [gradient.copy() for gradient in gradients]
        for tensor, gradient in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(gradient)
        optimizer.step(gradients)
        oracle.step()
        for parameter, tensor in zip(ours, theirs, strict=True):
            assert_close(parameter, tensor.detach().numpy())
        assert all(np.array_equal(a, b) for a, b in zip(gradients, kept, strict=True))


def test_a_lower_rate_counts_from_the_next_step():
    """Does a change of `lr` act as in PyTorch, where the velocity does not hold the rate?"""
    ours = [np.array([1.0])]
    optimizer = nn.SGD(ours, 1.0, 0.9)
    optimizer.step([np.array([1.0])])  # velocity 1, parameter 0
    optimizer.lr = 0.1
    optimizer.step([np.array([1.0])])  # velocity 1.9, parameter -0.19
    assert_close(ours[0], [-0.19])


def test_parameters_change_in_place():
    """Does the model that owns the arrays see the step?"""
    model = nn.MLP((2, 2))
    kept = model.parameters[0]
    nn.SGD(model.parameters, 0.1).step([np.ones_like(parameter) for parameter in model.parameters])
    assert model.parameters[0] is kept


@pytest.mark.parametrize("lr", [0, -1, float("nan")])
def test_impossible_rate_is_an_error(lr):
    """Is a learning rate that is not above 0 refused?"""
    with pytest.raises(ValueError, match="learning rate must be above 0"):
        nn.SGD([], lr)


@pytest.mark.parametrize("momentum", [-0.1, 1, float("nan")])
def test_impossible_momentum_is_an_error(momentum):
    """Is a momentum outside [0, 1) refused?"""
    with pytest.raises(ValueError, match="momentum must be"):
        nn.SGD([], 0.1, momentum)


def test_missing_gradient_is_an_error():
    """Is a list of gradients that is too short refused?"""
    with pytest.raises(ValueError):
        nn.SGD([np.zeros(1), np.zeros(1)], 0.1).step([np.zeros(1)])
