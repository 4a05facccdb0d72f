"""L2 regularisation: large weights cost something, so that no few of them decide alone. Slides: icme-s2-055."""

import numpy as np


def l2(weight, strength):
    """Return strength / 2 times the sum of the squares of `weight`: a number that is added to the loss."""
    return strength / 2 * np.sum(np.square(weight, dtype=np.result_type(weight, np.float32)))


def l2_backward(weight, strength):
    """Gradient of `l2` with respect to the weight, of its shape: strength times the weight."""
    return strength * np.asarray(weight)
