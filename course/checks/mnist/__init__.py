"""The checks of ps2: from labels and pictures to a trained net.

Each check is a `Question`: `check.train(train)` in a notebook. Chance is an argument (first weights, an order), so that
PyTorch gives the exact result. The visible cases are small; the hidden ones live with the grader.
"""

from course.checks.mnist.batches import minibatch, one_hot, standardise
from course.checks.mnist.learning import momentum_step, sanity_ladder, train
from course.checks.mnist.loss import add_l2, softmax_loss
from course.checks.mnist.nets import one_layer, two_layer_backward, two_layer_forward
from course.checks.overview import Overview, called
from course.checks.overview import missing as sentences

QUESTIONS = (one_hot, standardise, minibatch, softmax_loss, add_l2, momentum_step, one_layer, two_layer_forward,
             two_layer_backward, train, sanity_ladder)  # fmt: skip


def overview():
    """The table at the end: what passes, and what is missing."""
    return Overview(QUESTIONS, written=["Written question"])


def missing(*functions):
    """Sentences about what these functions call and cannot be used yet: not there, not tested, or never right."""
    return sentences(called(QUESTIONS, functions))


__all__ = [*(question.name for question in QUESTIONS), "missing", "overview"]
