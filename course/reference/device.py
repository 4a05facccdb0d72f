"""Where PyTorch computes, with how many digits, and how arrays get there and back."""

import os
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch

VARIABLE = "COURSE_DEVICE"  # set it to cuda, mps or cpu to overrule the choice


class Tolerance(NamedTuple):
    """Largest relative error between two right answers, for values and for gradients."""

    value: float
    gradient: float


def device():
    """Return the torch device to compute on: cuda if there is one, else mps, else cpu.

    The environment variable COURSE_DEVICE overrules this: ValueError if it names no such device, RuntimeError
    if this machine does not have it. Which of several cards is CUDA_VISIBLE_DEVICES' business.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return torch.device(next(name for name, there in available.items() if there))
    if wanted not in available:
        raise ValueError(f"{VARIABLE} must be one of {', '.join(available)}; got {wanted!r}")
    if not available[wanted]:
        there = ", ".join(name for name in available if available[name])
        raise RuntimeError(f"{VARIABLE} asks for {wanted}, but PyTorch sees none here; available: {there}")
    return torch.device(wanted)


def _on(where):
    return device() if where is None else torch.device(where)


def dtype(device=None):
    """Return the float type of the reference: float64; on mps, which has no float64, float32."""
    return torch.float32 if _on(device).type == "mps" else torch.float64


def tolerance(device=None):
    """Return the `Tolerance` that fits `dtype(device)`."""
    return Tolerance(1e-4, 1e-3) if dtype(device) == torch.float32 else Tolerance(1e-9, 1e-8)


def _tf32_switches():
    """Return (object, attribute, value that means exact) of every TF32 switch this PyTorch has."""
    cuda, cudnn = torch.backends.cuda, torch.backends.cudnn
    if hasattr(cuda.matmul, "fp32_precision"):  # since PyTorch 2.9; to mix both kinds is an error
        return [(switch, "fp32_precision", "ieee") for switch in (cuda.matmul, cudnn.conv, cudnn.rnn)]
    return [(switch, "allow_tf32", False) for switch in (cuda.matmul, cudnn)]


@contextmanager
def exact_arithmetic():
    """Switch TF32 off inside the `with` block, and back to what it was after it.

    TF32 rounds the factors of float32 products to 10 bits on newer NVIDIA cards. It never touches float64.
    """
    before = [(switch, name, getattr(switch, name)) for switch, name, _ in _tf32_switches()]
    try:
        for switch, name, exact in _tf32_switches():
            setattr(switch, name, exact)
        yield
    finally:
        for switch, name, value in before:
            setattr(switch, name, value)


def to_tensor(array, device=None):
    """Copy an array or number to the device: floats become `dtype(device)`, integers int64, booleans stay."""
    array = np.asarray(array)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"expected real numbers; got an array of {array.dtype}")
    kind = {"f": np.float64, "i": np.int64, "u": np.int64, "b": np.bool_}[array.dtype.kind]
    copy = torch.from_numpy(np.array(array, dtype=kind, order="C"))  # a copy: the caller's may be read-only
    where = _on(device)
    return (copy.to(dtype(where)) if copy.is_floating_point() else copy).to(where)


def to_numpy(tensor):
    """Return a tensor's values as a new array, floats as float64; without axes they become a number."""
    array = tensor.detach().cpu().numpy()
    return (array.astype(np.float64) if array.dtype.kind == "f" else array.copy())[()]
