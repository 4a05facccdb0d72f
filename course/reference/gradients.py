"""Gradients by autograd, of the functions in `functional` and of any made of torch operations."""

import numpy as np
import torch

from course.reference import functional
from course.reference.device import exact_arithmetic, to_numpy, to_tensor


def gradients(function, *inputs, grad_output=None):
    """Return the gradients of sum(function(*inputs) * grad_output), one array for each float input, in order.

    function: a name in `functional` ("softmax"), one of its functions, or a function of tensors to one tensor.
    inputs: arrays or numbers. Integers, such as labels, get no gradient and no place in the result.
    grad_output: gradient of the loss with respect to the output, of its shape; None means ones.
    An input that the function does not use gets zeros.
    """
    on_tensors = _on_tensors(function)
    tensors = [to_tensor(value) for value in inputs]
    floats = [tensor.requires_grad_() for tensor in tensors if tensor.is_floating_point()]
    if not floats:
        raise ValueError("none of the inputs is a float, so there is nothing to differentiate by")
    with torch.enable_grad(), exact_arithmetic():
        output = on_tensors(*tensors)
        grad = torch.ones_like(output) if grad_output is None else to_tensor(grad_output).to(output.dtype)
        if grad.shape != output.shape:
            wanted, found = tuple(output.shape), tuple(grad.shape)
            raise ValueError(f"grad_output must have the shape of the output, {wanted}; got {found}")
        # of the sum, and not with `grad` as an argument: for that PyTorch imports half a second of symbolic algebra
        total = (output * grad).sum()  # ()
        found = torch.autograd.grad(total, floats, allow_unused=True, materialize_grads=True)
    return tuple(np.asarray(to_numpy(gradient)) for gradient in found)


def _on_tensors(function):
    """Return the function of tensors behind a name, a function of `functional`, or a function of tensors."""
    if isinstance(function, str):
        named = getattr(functional, function, None)
        if not hasattr(named, "on_tensors"):
            names = ", ".join(name for name, value in vars(functional).items() if hasattr(value, "on_tensors"))
            raise ValueError(f"no function {function!r} in the reference; there are {names}")
        function = named
    return getattr(function, "on_tensors", function)
