"""The checks of ps3: from a sliding kernel to a net that sees.

Each check is a `Question`: `check.correlate(correlate)` in a notebook. No picture that is pooled has two equal numbers:
which of them wins is a matter of taste. The visible cases are small; the hidden ones live with the grader.
"""

from course.checks.convolution.backward import conv2d_backward_input, conv2d_backward_weight, max_pool_backward
from course.checks.convolution.layers import conv2d, max_pool
from course.checks.convolution.matrix import conv_matrix
from course.checks.convolution.net import convnet
from course.checks.convolution.planes import convolve, correlate
from course.checks.convolution.sizes import output_size
from course.checks.overview import Overview, called
from course.checks.overview import missing as sentences

QUESTIONS = (output_size, correlate, convolve, conv_matrix, conv2d, max_pool, max_pool_backward,
             conv2d_backward_weight, conv2d_backward_input, convnet)  # fmt: skip


def overview():
    """The table at the end: what passes, and what is missing."""
    return Overview(QUESTIONS, written=["Written question"])


def missing(*functions):
    """Sentences about what these functions call and cannot be used yet: not there, not tested, or never right."""
    return sentences(called(QUESTIONS, functions))


__all__ = [*(question.name for question in QUESTIONS), "missing", "overview"]
