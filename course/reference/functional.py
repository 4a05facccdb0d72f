"""The functions of `course.nn` with NumPy arrays in and out, computed by PyTorch on `device()`.

Each function below is written with tensors; the decorator turns it into one of arrays and keeps the original
as `.on_tensors`, which is what `gradients` differentiates. Whatever float type goes in, float64 comes out. `labels`,
strides, paddings and sizes of windows stay integers, everything else may hold floats or integers.
"""

import functools
import inspect

import torch
import torch.nn.functional as F

from course.reference.device import dtype, exact_arithmetic, to_numpy, to_tensor

# PyTorch's softplus returns x itself above a threshold, by default 20, where the error is still 2e-9.
# Above 40 it is below the last digit of float64.
SOFTPLUS_THRESHOLD = 40
GEOMETRY = ("kernel_size", "stride", "padding")  # whole numbers, or pairs of them: PyTorch takes no tensors there


def _from_torch(operation):
    """Make a function of arrays from a function of tensors."""
    signature = inspect.signature(operation)

    @functools.wraps(operation)
    def on_tensors(*tensors):
        return operation(**{name: _argument(name, t) for name, t in signature.bind(*tensors).arguments.items()})

    @functools.wraps(operation)
    def on_arrays(*arrays, **options):
        given = signature.bind(*arrays, **options).args
        with torch.no_grad(), exact_arithmetic():
            return to_numpy(on_tensors(*map(to_tensor, given)))

    on_arrays.on_tensors = on_tensors
    return on_arrays


def _argument(name, tensor):
    if name in GEOMETRY:
        return tensor.tolist()
    return tensor if name == "labels" else tensor.to(dtype(tensor.device))


@_from_torch
def linear(x, weight, bias):
    """Return x W^T + b. x: (N, D) or (D,), weight: (H, D), bias: (H,). Returns (N, H) or (H,)."""
    return F.linear(x, weight, bias)


@_from_torch
def relu(x):
    """Keep what is positive. Any shape. The slope at exactly 0 is 0."""
    return F.relu(x)


@_from_torch
def sigmoid(x):
    """Squash to (0, 1). Any shape."""
    return torch.sigmoid(x)


@_from_torch
def tanh(x):
    """Squash to (-1, 1). Any shape."""
    return torch.tanh(x)


@_from_torch
def softplus(x):
    """A smooth ReLU: log(1 + exp(x)). Any shape."""
    return F.softplus(x, threshold=SOFTPLUS_THRESHOLD)


@_from_torch
def softmax(logits, temperature=1.0):
    """Turn logits (..., C) into probabilities along the last axis."""
    return F.softmax(logits / temperature, dim=-1)


@_from_torch
def log_softmax(logits):
    """Logarithm of the softmax of logits (..., C) along the last axis."""
    return F.log_softmax(logits, dim=-1)


@_from_torch
def cross_entropy(logits, labels):
    """Mean of -log p(label) over the examples. logits: (N, C), labels: (N,). Returns a number, in nats."""
    return F.cross_entropy(logits, labels)


@_from_torch
def nll(probabilities, labels):
    """The same from probabilities (N, C): mean of -log p(label). Infinite if a label has probability 0."""
    return -probabilities.gather(1, labels[:, None]).log().mean()  # (N, C) -> (N, 1) -> a number


@_from_torch
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Cross-correlation. x: (N, C, H, W), weight: (F, C, KH, KW), bias: (F,). Returns (N, F, OH, OW)."""
    return F.conv2d(x, weight, bias, stride, padding)


@_from_torch
def max_pool2d(x, kernel_size, stride=None):
    """The largest of each window; the stride is the window's size unless one is given. x: (N, C, H, W)."""
    return F.max_pool2d(x, kernel_size, stride)
