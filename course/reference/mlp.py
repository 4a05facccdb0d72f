"""The net of `course.nn.MLP` as a PyTorch module, and the same training loop around PyTorch's own SGD.

Parameters have the names, order and shapes of `course.nn.MLP.state_dict()`. Mini-batches come from NumPy's
generator as in `course.nn.train`, so from the same parameters and seed both go through the same losses.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course.reference.device import device, dtype, exact_arithmetic, to_numpy, to_tensor
from course.reference.functional import SOFTPLUS_THRESHOLD

ACTIVATIONS = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softplus": lambda: nn.Softplus(threshold=SOFTPLUS_THRESHOLD),
}


def mlp(sizes, activation="relu"):
    """Return a `Sequential`: dense layers, sizes[0] inputs to sizes[-1] logits, in `dtype()` on `device()`."""
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {activation!r}")
    layers = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1]).to(device(), dtype())  # no activation after the last layer: logits


def load(module, state):
    """Copy a dictionary of arrays, such as `course.nn.MLP.state_dict()`, into the module and return it."""
    module.load_state_dict({name: to_tensor(value) for name, value in state.items()})
    return module


def with_parameters(*parameters, activation="relu"):
    """Return the net that has these parameters, arrays: weight (H, D) and bias (H,) of each layer in turn."""
    weights = parameters[::2]
    module = mlp([weights[0].shape[1], *(len(weight) for weight in weights)], activation)
    return load(module, dict(zip(module.state_dict(), parameters, strict=True)))


def state(module):
    """Return the parameters of the module as a dictionary of float64 arrays."""
    return {name: to_numpy(value) for name, value in module.state_dict().items()}


def loss_and_gradients(module, x, labels):
    """Return the mean cross-entropy, its gradients in the order of the parameters, and the gradient of x."""
    x, labels = to_tensor(x).to(dtype()).requires_grad_(), to_tensor(labels)
    with torch.enable_grad(), exact_arithmetic():
        loss = F.cross_entropy(module(x), labels)
        *of_parameters, of_x = torch.autograd.grad(loss, [*module.parameters(), x])
    return to_numpy(loss), [to_numpy(gradient) for gradient in of_parameters], to_numpy(of_x)


def train_step(module, optimizer, x, labels):
    """Make one step of a torch optimizer on the mean cross-entropy, and return the loss before it.

    x: (N, D), labels: (N,).
    """
    x, labels = to_tensor(x).to(dtype()), to_tensor(labels)
    optimizer.zero_grad()
    with torch.enable_grad(), exact_arithmetic():
        loss = F.cross_entropy(module(x), labels)
        loss.backward()
    optimizer.step()
    return loss.item()


def train(module, x, labels, *, epochs, batch_size=64, lr=0.1, momentum=0.0, seed=0, callback=None):
    """Train `module` in place as `course.nn.train` does: same arguments, batches and lower rate at the end.

    x: (N, D), labels: (N,). Returns the loss of every mini-batch, as an array.
    """
    rng = np.random.default_rng(seed)
    optimizer = torch.optim.SGD(module.parameters(), lr=lr, momentum=momentum)
    per_epoch = -(-len(x) // batch_size)
    steps, losses = epochs * per_epoch, []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            if len(losses) == steps - steps // 5:
                optimizer.param_groups[0]["lr"] *= 0.1
            batch = order[start : start + batch_size]
            losses.append(train_step(module, optimizer, x[batch], labels[batch]))
            if callback is not None and callback(len(losses), steps, losses[-1]):
                return np.array(losses)
    return np.array(losses)
