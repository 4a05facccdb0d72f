"""Hidden cases of ps3: random pictures and kernels in every range, edges of shape and size, pieces of real digits.

A case says its kind, no values. The simplest ones come first: the first that fails is the one that is reported.
"""

from course.grading.hidden.convolution.layers import (
    conv2d,
    conv2d_backward_input,
    conv2d_backward_weight,
    max_pool,
    max_pool_backward,
)
from course.grading.hidden.convolution.net import convnet
from course.grading.hidden.convolution.planes import conv_matrix, convolve, correlate, output_size

__all__ = ["conv2d", "conv2d_backward_input", "conv2d_backward_weight", "conv_matrix", "convnet", "convolve",
           "correlate", "max_pool", "max_pool_backward", "output_size"]  # fmt: skip
