"""The oracle: the operations of `course.nn` once more, computed by PyTorch.

`functional` takes and returns NumPy arrays under the names of `course.nn`; `gradients` asks autograd; `mlp`
and `convnet` are nets that train. All run on `device()`, in float64 where the device has it.
Read the files in this order: device, functional, gradients, mlp, convnet.
"""

from course.reference import functional
from course.reference.convnet import accuracy, convnet, predict, train_convnet
from course.reference.device import Tolerance, device, dtype, exact_arithmetic, to_numpy, to_tensor, tolerance
from course.reference.gradients import gradients
from course.reference.mlp import load, loss_and_gradients, mlp, state, train, train_step

__all__ = [
    "Tolerance", "accuracy", "convnet", "device", "dtype", "exact_arithmetic", "functional", "gradients",
    "load", "loss_and_gradients", "mlp", "predict", "state", "to_numpy", "to_tensor", "tolerance", "train",
    "train_convnet", "train_step",
]  # fmt: skip
