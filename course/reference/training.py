"""The steps of a training, from labels to trained weights, by PyTorch: arrays in, float64 arrays out.

Shapes: N examples, D inputs, C classes. `order` holds row numbers of the examples: in which order they are taken.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch.optim.sgd import sgd

from course.reference.device import dtype, exact_arithmetic, to_numpy, to_tensor


def _floats(array):
    return to_tensor(array).to(dtype())


def one_hot(labels, num_classes):
    """Return (N, C) with a single 1 a row, at the label. labels: (N,)."""
    return to_numpy(F.one_hot(to_tensor(labels), num_classes).to(dtype()))


def standardise(train, *others):
    """Return all arrays, of any shapes, minus the mean of `train` and divided by its standard deviation."""
    deviation, mean = torch.std_mean(_floats(train), correction=0)
    return tuple(to_numpy((_floats(array) - mean) / deviation) for array in (train, *others))


def minibatch(x, labels, order, batch_size, number):
    """Return the rows of x and the labels of mini-batch `number`, counted from 0, and how many mini-batches there are.

    x: (N, D), labels and order: (N,). The last mini-batch may be smaller.
    """
    batches = to_tensor(order).split(batch_size)
    rows = batches[number]
    return to_numpy(_floats(x)[rows]), to_numpy(to_tensor(labels)[rows]), len(batches)


def l2(weight, strength):
    """Return strength / 2 times the sum of the squares of `weight`, and its gradient, of the shape of `weight`."""
    weight = _floats(weight).requires_grad_()
    with torch.enable_grad():
        penalty = strength / 2 * weight.square().sum()
        (gradient,) = torch.autograd.grad(penalty, weight)
    return to_numpy(penalty), to_numpy(gradient)


def sgd_step(parameter, gradient, velocity, lr, momentum):
    """Return (parameter, velocity) after a step of PyTorch's SGD; all arrays have one shape. Changes no argument."""
    parameter, gradient, velocity = map(_floats, (parameter, gradient, velocity))
    _step([parameter], [gradient], [velocity], lr, momentum)
    return to_numpy(parameter), to_numpy(velocity)


def train_in_order(module, x, labels, order, batch_size, lr, momentum=0.0):
    """Train `module` in place with SGD on the mean cross-entropy; returns the loss of each mini-batch, before its step.

    x: (N, D), labels: (N,). order: (E, N), a row an epoch. Nothing is left to chance.
    """
    parameters = list(module.parameters())
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    x, labels, losses = _floats(x), to_tensor(labels), []
    for epoch in to_tensor(order):
        for rows in epoch.split(batch_size):
            with torch.enable_grad(), exact_arithmetic():
                loss = F.cross_entropy(module(x[rows]), labels[rows])
                gradients = torch.autograd.grad(loss, parameters)
            _step(parameters, list(gradients), velocities, lr, momentum)
            losses.append(to_numpy(loss))
    return np.array(losses)


def loss_and_accuracy(module, x, labels):
    """Return the mean cross-entropy and the share of examples whose largest logit is at the label."""
    labels = to_tensor(labels)
    with torch.no_grad(), exact_arithmetic():
        logits = module(_floats(x))  # (N, C)
        return to_numpy(F.cross_entropy(logits, labels)), to_numpy((logits.argmax(dim=1) == labels).to(dtype()).mean())


def loss_of_a_guess(num_classes):
    """Return the cross-entropy of a net that gives each class the same probability."""
    return math.log(num_classes)


@torch.no_grad()
def _step(parameters, gradients, velocities, lr, momentum):
    """PyTorch's own step, without its optimizer object: that one loads a compiler first."""
    sgd(parameters, gradients, velocities if momentum else [None] * len(parameters), weight_decay=0, momentum=momentum,
        lr=lr, dampening=0, nesterov=False, maximize=False, foreach=False, fused=False)  # fmt: skip
    if not momentum:  # then PyTorch keeps no velocity; by the formula it is the gradient
        for velocity, gradient in zip(velocities, gradients, strict=True):
            velocity.copy_(gradient)
