"""Optimisers: step by step the numbers of torch.optim."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

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


SHARES = st.floats(0, 0.999)
OPTIMIZERS = {
    "SGD": st.fixed_dictionaries({"momentum": st.floats(0.01, 0.999), "nesterov": st.booleans()}),
    "Adagrad": st.fixed_dictionaries({"eps": st.sampled_from([1e-10, 1e-3])}),
    "RMSprop": st.fixed_dictionaries({"alpha": SHARES, "eps": st.sampled_from([1e-8, 1e-3])}),
    "Adadelta": st.fixed_dictionaries({"rho": SHARES, "eps": st.sampled_from([1e-6, 1e-3])}),
    "Adam": st.fixed_dictionaries({"betas": st.tuples(SHARES, SHARES), "eps": st.sampled_from([1e-8, 1e-3])}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(data=st.data(), lr=st.floats(1e-4, 2), seed=st.integers(0, 2**32))
def test_each_equals_torch(name, data, lr, seed):
    """Whatever its settings, are all parameters those of PyTorch's class of this name after each step?

    Between two steps the rate is lowered; one gradient is 0 throughout.
    """
    settings = data.draw(OPTIMIZERS[name])
    rng = np.random.default_rng(seed)
    ours = [rng.standard_normal(shape) for shape in ((3, 2), (3,), (1,))]
    theirs = [torch.tensor(parameter, requires_grad=True) for parameter in ours]
    optimizer, oracle = getattr(nn, name)(ours, lr, **settings), getattr(torch.optim, name)(theirs, lr=lr, **settings)
    for step in range(8):
        gradients = [rng.standard_normal(parameter.shape) for parameter in ours[:2]] + [np.zeros(1)]
        kept = [gradient.copy() for gradient in gradients]
        for tensor, gradient in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(gradient)
        if step == 4:
            optimizer.lr = oracle.param_groups[0]["lr"] = lr / 10
        optimizer.step(gradients)
        oracle.step()
        for parameter, tensor in zip(ours, theirs, strict=True):
            assert_close(parameter, tensor.detach().numpy(), scale=1e3)
        assert all(np.array_equal(a, b) for a, b in zip(gradients, kept, strict=True))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_usual_settings_are_those_of_torch(name):
    """Is what is not given what PyTorch takes?"""
    ours, theirs = [np.array([1.0, -2.0])], [torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)]
    given = {"lr": 0.1} if name == "SGD" else {}
    optimizer, oracle = getattr(nn, name)(ours, **given), getattr(torch.optim, name)(theirs, **given)
    for gradient in ([3.0, 1.0], [-1.0, 0.5], [0.2, 4.0]):
        theirs[0].grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step([np.array(gradient)])
        oracle.step()
        assert_close(ours[0], theirs[0].detach().numpy())


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


@pytest.mark.parametrize("make", [
    lambda: nn.RMSprop([], alpha=1), lambda: nn.Adadelta([], rho=-1), lambda: nn.Adam([], betas=(0.9, 1)),
])  # fmt: skip
def test_impossible_shares_are_errors(make):
    """Is a share outside [0, 1) refused, by its name?"""
    with pytest.raises(ValueError, match=r"(alpha|rho|each of betas) must be in \[0, 1\)"):
        make()


def test_nesterov_without_momentum_is_an_error():
    """Is it refused, as in PyTorch?"""
    with pytest.raises(ValueError, match="nesterov needs a momentum"):
        nn.SGD([], 0.1, nesterov=True)
