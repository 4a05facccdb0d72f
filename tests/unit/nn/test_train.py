"""Mini-batches, the training loop, accuracy and the confusion matrix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import nn, reference
from tests.unit.compare import assert_close


def two_gaussians(n=200, seed=0):
    """Two clouds with centres 4 standard deviations apart: x (N, 2), labels (N,)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    return rng.standard_normal((n, 2)) + 4.0 * labels[:, None], labels


@given(n=st.integers(0, 50), batch_size=st.integers(1, 60), seed=st.integers(0, 100))
def test_minibatches_cover_everything_once(n, batch_size, seed):
    """Is each index in exactly one batch, and only the last batch smaller?"""
    batches = list(nn.minibatches(n, batch_size, np.random.default_rng(seed)))
    assert sorted(index for batch in batches for index in batch) == list(range(n))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert all(1 <= len(batch) <= batch_size for batch in batches)


def test_minibatches_are_shuffled_anew():
    """Does every epoch bring another order?"""
    rng = np.random.default_rng(0)
    assert list(next(nn.minibatches(100, 100, rng))) != list(next(nn.minibatches(100, 100, rng)))


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "softplus"])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_whole_training_equals_torch(activation, momentum):
    """Every loss of 5 epochs, and the parameters at the end, with a last batch of 2: equal to PyTorch's?"""
    x, labels = two_gaussians(50)
    options = {"epochs": 5, "batch_size": 16, "lr": 0.1, "momentum": momentum, "seed": 3}
    ours = nn.MLP((2, 4, 2), activation)
    theirs = reference.load(reference.mlp((2, 4, 2), activation), ours.state_dict())
    losses = nn.train(ours, x, labels, **options)
    assert len(losses) == 5 * 4
    assert_close(losses, reference.train(theirs, x, labels, **options))
    for name, value in reference.state(theirs).items():
        assert_close(ours.state_dict()[name], value)


def test_learns_two_gaussians():
    """Does the loss fall and the net read nine of ten new points right? The best possible is 99.8 %."""
    model = nn.MLP((2, 8, 2))
    losses = nn.train(model, *two_gaussians(), epochs=10, batch_size=32, lr=0.1)
    assert losses[-5:].mean() < losses[:5].mean() / 2
    assert nn.accuracy(model, *two_gaussians(seed=1)) > 0.9


def test_same_seed_same_numbers():
    """Is a run repeatable to the last digit, and another seed another run?"""

    def run(seed):
        return nn.train(nn.MLP((2, 3, 2)), *two_gaussians(), epochs=2, seed=seed)

    assert np.array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))


def test_callback_sees_every_step():
    """Is the callback told step, number of steps and loss, and are the losses what is returned?"""
    seen = []
    losses = nn.train(nn.MLP((2, 2)), *two_gaussians(50), epochs=3, batch_size=20,
                      callback=lambda *args: seen.append(args))  # fmt: skip
    assert [(step, steps) for step, steps, _ in seen] == [(step, 9) for step in range(1, 10)]
    assert [loss for *_, loss in seen] == losses.tolist()


def test_callback_can_stop():
    """Does True stop after that step, in the middle of an epoch?"""
    losses = nn.train(nn.MLP((2, 2)), *two_gaussians(50), epochs=3, batch_size=20,
                      callback=lambda step, steps, loss: step == 4)  # fmt: skip
    assert len(losses) == 4


def test_rate_drops_for_the_last_fifth():
    """Ten equal steps: are the last two ten times smaller? A model with a constant gradient shows it."""

    class Slope:
        parameters = [np.array([0.0])]

        def loss_and_gradients(self, x, labels, of_input=True):
            return self.parameters[0][0], [np.array([1.0])], None

    positions = nn.train(Slope(), np.zeros((10, 1)), np.zeros(10, int), epochs=10, batch_size=10, lr=1.0)
    assert_close(np.diff(positions), [-1.0] * 8 + [-0.1])  # positions before each step


def test_training_leaves_the_data_alone():
    """Are read-only pictures and labels fine, and unchanged?"""
    x, labels = two_gaussians(50)
    before = x.copy(), labels.copy()
    x.flags.writeable = labels.flags.writeable = False
    nn.train(nn.MLP((2, 2)), x, labels, epochs=1)
    assert np.array_equal(x, before[0]) and np.array_equal(labels, before[1])


@given(n=st.integers(1, 30), batch_size=st.integers(1, 40))
def test_accuracy_is_the_share_of_right_predictions(n, batch_size):
    """Does the size of the pieces make no difference?"""
    model = nn.MLP((2, 3))
    rng = np.random.default_rng(n)
    x, labels = rng.standard_normal((n, 2)), rng.integers(0, 3, n)
    right = sum(int(np.argmax(model(x[[i]]))) == labels[i] for i in range(n))
    assert_close(nn.accuracy(model, x, labels, batch_size), right / n)


@given(pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_confusion_matrix_equals_the_plain_loop(pairs):
    """The specification: one count for each pair, row = label, column = prediction."""
    want = [[0] * 4 for _ in range(4)]
    for label, prediction in pairs:
        want[label][prediction] += 1
    labels, predictions = np.array(pairs, dtype=int).reshape(-1, 2).T
    got = nn.confusion_matrix(labels, predictions, 4)
    assert got.tolist() == want
    assert got.dtype.kind == "i"
