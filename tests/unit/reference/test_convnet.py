"""The convnet of the demo "structure present in data matters": shapes, learning, repeatability."""

import numpy as np
import pytest
import torch

from course import nn, reference


def bars(n=200, seed=0, size=12):
    """Pictures with one bright bar, upright (class 0) or lying (class 1): (N, 1, size, size) float32, (N,)."""
    rng = np.random.default_rng(seed)
    images, labels = rng.normal(0, 0.1, (n, 1, size, size)).astype(np.float32), rng.integers(0, 2, n)
    for image, label, place in zip(images, labels, rng.integers(0, size, n), strict=True):
        (image[0].T if label else image[0])[:, place] += 1
    return images, labels


def test_learns_what_one_dense_layer_cannot():
    """A bar may be anywhere: does the convnet read new ones, and much better than weighted sums of pixels?"""
    (images, labels), (new, new_labels) = bars(), bars(seed=1)
    module = reference.train_convnet(images, labels, epochs=10, batch_size=20)
    dense = nn.MLP((144, 10))
    nn.train(dense, images.reshape(-1, 144), labels, epochs=10, batch_size=20, lr=0.05, momentum=0.9)
    assert reference.accuracy(module, new, new_labels) > 0.95
    assert nn.accuracy(dense, new.reshape(-1, 144), new_labels) < 0.85


def test_same_seed_same_net():
    """Is a run repeatable, another seed another run, and the caller's torch left alone?"""
    images, labels = bars(40)

    def run(seed):
        module = reference.train_convnet(images, labels, epochs=1, seed=seed)
        return torch.cat([value.flatten() for value in module.state_dict().values()])

    before = torch.random.get_rng_state()
    one, same, other = run(1), run(1), run(2)
    assert torch.equal(one, same) and not torch.equal(one, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_number_of_threads_is_the_callers():
    """The net trains on one thread; does the caller have as many as before, also when training fails?"""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        reference.train_convnet(*bars(20), epochs=1)
        with pytest.raises(ValueError):
            reference.train_convnet(np.zeros((5, 784)), np.zeros(5, int))
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_callback_sees_every_step_and_can_stop():
    """Three batches of at most 16 an epoch; True stops after that step."""
    seen = []

    def callback(step, steps, loss):
        seen.append((step, steps))
        assert loss > 0
        return step == 4

    reference.train_convnet(*bars(40), epochs=3, batch_size=16, callback=callback)
    assert seen == [(step, 9) for step in (1, 2, 3, 4)]


def test_size_of_the_net_for_digits():
    """Two convolutions and a dense layer: 80 + 1 168 + 7 850 parameters."""
    module = reference.convnet()
    assert [value.numel() for value in module.parameters()] == [72, 8, 1152, 16, 7840, 10]
    assert module(torch.zeros(2, 1, 28, 28, device=reference.device())).shape == (2, 10)


def test_predicts_in_pieces():
    """Does the size of the pieces make no difference, and are inputs unchanged, read-only ones too?"""
    images, labels = bars(30)
    before = images.copy()
    images.flags.writeable = False
    module = reference.train_convnet(images, labels, epochs=1)
    assert np.array_equal(reference.predict(module, images, 7), reference.predict(module, images))
    assert np.array_equal(images, before)


@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28), (5, 3, 28, 28), (5, 1, 3, 28)])
def test_pictures_of_another_shape_are_an_error(shape):
    """Is the wanted shape named, and the one that came?"""
    with pytest.raises(ValueError, match=r"shape \(N, 1, H, W\), .*got \(5, "):
        reference.train_convnet(np.zeros(shape), np.zeros(5, int))
