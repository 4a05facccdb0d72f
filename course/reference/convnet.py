"""A small convolutional net for pictures: the structure of pictures built into the net. Slides: cmu-l10-026.

Shapes: N pictures, C classes, height H, width W (28 for MNIST). It computes in float32: it is there to learn
fast, not to check.
"""

from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course.reference.device import device

CHANNELS = (8, 16)  # enough for digits, few enough for two laptop cores


def convnet(height=28, width=28, num_classes=10, seed=0):
    """Return the net: twice (3x3 convolution, ReLU, 2x2 max pooling), then one dense layer to C logits."""
    first, second = CHANNELS
    with torch.random.fork_rng(devices=[]):  # leaves the caller's random numbers alone
        torch.manual_seed(seed)
        module = nn.Sequential(
            nn.Conv2d(1, first, 3, padding=1),  # (N, 1, H, W) -> (N, 8, H, W)
            nn.ReLU(),
            nn.MaxPool2d(2),  # -> (N, 8, H/2, W/2)
            nn.Conv2d(first, second, 3, padding=1),  # -> (N, 16, H/2, W/2)
            nn.ReLU(),
            nn.MaxPool2d(2),  # -> (N, 16, H/4, W/4)
            nn.Flatten(),  # -> (N, 16 * H/4 * W/4)
            nn.Linear(second * (height // 4) * (width // 4), num_classes),  # -> (N, C)
        )
    return module.to(device())


@contextmanager
def one_thread():
    """Compute on one thread: the pieces are so small that more threads cost time, on a busy machine 10 x."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@one_thread()
def train_convnet(images, labels, epochs=3, batch_size=64, lr=0.05, seed=0, callback=None):
    """Train a new convnet with SGD (momentum 0.9) on the mean cross-entropy, and return it.

    images: (N, 1, H, W), values about 0 to 1; labels: (N,), class numbers from 0. One `seed` decides the
    first weights and the order. `callback(step, steps, loss)` is called after every step; True stops early.
    """
    images, labels = _check_images(images), np.asarray(labels)
    module = convnet(*images.shape[2:], num_classes=max(10, int(labels.max()) + 1), seed=seed)
    optimizer = torch.optim.SGD(module.parameters(), lr=lr, momentum=0.9)
    x, y = _to_device(images), torch.tensor(labels, dtype=torch.int64, device=device())
    rng = np.random.default_rng(seed)
    steps, step = epochs * -(-len(x) // batch_size), 0
    for _ in range(epochs):
        order = torch.from_numpy(rng.permutation(len(x))).to(x.device)
        for batch in order.split(batch_size):
            loss = F.cross_entropy(module(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            if callback is not None and callback(step, steps, loss.item()):
                return module
    return module


@one_thread()
def predict(module, images, batch_size=200):
    """Return the most probable class of each picture. images: (N, 1, H, W) -> (N,)."""
    images = _check_images(images)
    where = next(module.parameters()).device
    with torch.no_grad():
        parts = [
            module(_to_device(images[start : start + batch_size], where)).argmax(dim=1).cpu().numpy()
            for start in range(0, len(images), batch_size)
        ]
    return np.concatenate(parts)


def accuracy(module, images, labels):
    """Return the share of pictures that the net reads right. images: (N, 1, H, W), labels: (N,)."""
    return float((predict(module, images) == np.asarray(labels)).mean())


def _check_images(images):
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1] != 1 or min(images.shape[2:]) < 4:
        raise ValueError(f"pictures must have shape (N, 1, H, W), H and W at least 4; got {images.shape}")
    return images


def _to_device(images, where=None):
    return torch.tensor(np.ascontiguousarray(images), dtype=torch.float32, device=where or device())
