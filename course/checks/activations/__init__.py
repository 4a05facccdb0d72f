"""The checks of ps1: from one neuron to the gradient of softmax with cross-entropy.

Each check is a `Question`: `check.softmax(softmax)` in a notebook. The visible cases are small enough to follow by
hand; the hidden ones live with the grader. The mistakes are those that real students made, and their cousins.
"""

from course.checks.activations.dense import linear, linear_backward, neuron
from course.checks.activations.elementwise import relu, relu_backward, sigmoid, softplus, tanh_backward
from course.checks.activations.softmax import cross_entropy, softmax, softmax_cross_entropy_backward
from course.checks.overview import Overview, called
from course.checks.overview import missing as sentences

QUESTIONS = (neuron, linear, linear_backward, relu, relu_backward, sigmoid, tanh_backward, softplus, softmax,
             cross_entropy, softmax_cross_entropy_backward)  # fmt: skip


def overview():
    """The table at the end: what passes, and what is missing."""
    return Overview(QUESTIONS, written=["Written question"])


def missing(*functions):
    """Sentences about what these functions call and cannot be used yet: not there, not tested, or never right."""
    return sentences(called(QUESTIONS, functions))


__all__ = [*(question.name for question in QUESTIONS), "missing", "overview"]
