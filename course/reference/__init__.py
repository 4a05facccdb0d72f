"""The oracle: the operations of `course.nn` once more, computed by PyTorch.

`functional` takes and returns NumPy arrays under the names of `course.nn`; `gradients` asks autograd; `mlp`
and `convnet` are nets that train; `training` has the single steps of a training. All run on `device()`, in float64
where the device has it.
Read the files in this order: device, functional, gradients, mlp, training, convolution, convnet.
The names for notebooks stand in `__init__.pyi`. PyTorch is loaded when the first one is asked for.
"""

from course import lazy

__all__ = lazy.namespace(__name__)
