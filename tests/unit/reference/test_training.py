"""The single steps of a training, against `course.nn` and numbers worked out by hand."""

import numpy as np
import pytest

from course import nn, reference
from tests.unit.compare import assert_close

RNG = np.random.default_rng(0)


def test_what_is_done_with_the_data():
    """Are one-hot labels, standardised sets and mini-batches those that one can write down?"""
    assert reference.one_hot(np.array([1, 0]), 3).tolist() == [[0, 1, 0], [1, 0, 0]]
    train, test = reference.standardise(np.array([[1, 3]]), np.array([[5.0]]))  # mean 2, deviation 1
    assert (train.tolist(), test.tolist()) == ([[-1, 1]], [[3]])
    x, labels, count = reference.minibatch(np.arange(6).reshape(3, 2), np.array([7, 8, 9]), np.array([2, 0, 1]), 2, 1)
    assert (x.tolist(), labels.tolist(), count) == ([[2, 3]], [8], 2)


def test_l2():
    """Are the price of weights and its gradient those worked out by hand?"""
    penalty, gradient = reference.l2(np.array([[1, -2]]), 0.5)
    assert_close(penalty, 1.25)
    assert_close(gradient, [[0.5, -1.0]])


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_step_is_that_of_nn(momentum):
    """Does a step give parameter and velocity of `nn.SGD`, and change none of its arguments?"""
    parameter, gradient, velocity = (RNG.standard_normal((2, 3)) for _ in range(3))
    before = [value.copy() for value in (parameter, gradient, velocity)]
    new, kept = reference.sgd_step(parameter, gradient, velocity, 0.1, momentum)
    assert all(np.array_equal(*pair) for pair in zip(before, (parameter, gradient, velocity), strict=True))
    ours = nn.SGD([parameter.copy()], 0.1, momentum)
    ours.velocity[0][:] = velocity
    ours.step([gradient])
    assert_close(new, ours.parameters[0])
    assert_close(kept, ours.velocity[0])


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_training_in_a_given_order(momentum):
    """Are losses and weights after twenty steps those of the net and the SGD of `nn`, the last batch being smaller?"""
    x, labels, ours = RNG.standard_normal((13, 4)), RNG.integers(0, 3, 13), nn.MLP([4, 5, 3])
    order = np.stack([RNG.permutation(13) for _ in range(4)])
    module = reference.with_parameters(*ours.parameters)
    losses = reference.train_in_order(module, x, labels, order, 3, 0.1, momentum)
    optimizer, found = nn.SGD(ours.parameters, 0.1, momentum), []
    for rows in (epoch[start : start + 3] for epoch in order for start in range(0, 13, 3)):
        loss, gradients, _ = ours.loss_and_gradients(x[rows], labels[rows])
        optimizer.step(gradients)
        found.append(loss)
    assert len(losses) == 20
    assert_close(losses, found)
    for name, value in reference.state(module).items():
        assert_close(value, ours.state_dict()[name])
    loss, share = reference.loss_and_accuracy(module, x, labels)
    assert_close(loss, nn.cross_entropy(ours(x), labels))
    assert share == nn.accuracy(ours, x, labels)


def test_a_guess():
    """Is the loss of a guess that of a net of zeros?"""
    nothing = reference.with_parameters(np.zeros((10, 2)), np.zeros(10))
    assert_close(reference.loss_of_a_guess(10), reference.loss_and_accuracy(nothing, np.ones((3, 2)), np.arange(3))[0])
