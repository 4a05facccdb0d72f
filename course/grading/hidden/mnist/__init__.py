"""Hidden cases of ps2: pieces of real digits and random values in every range of a formula, edges of shape and size.

A case says its kind, no values. The simplest ones come first: the first that fails is the one that is reported.
"""

from course.grading.hidden.mnist.batches import minibatch, one_hot, standardise
from course.grading.hidden.mnist.learning import momentum_step, sanity_ladder, train
from course.grading.hidden.mnist.loss import add_l2, softmax_loss
from course.grading.hidden.mnist.nets import one_layer, two_layer_backward, two_layer_forward

__all__ = ["add_l2", "minibatch", "momentum_step", "one_hot", "one_layer", "sanity_ladder", "softmax_loss",
           "standardise", "train", "two_layer_backward", "two_layer_forward"]  # fmt: skip
