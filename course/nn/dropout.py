"""Dropout: in training each number is 0 with probability p, and the others grow so that the mean stays.

Srivastava et al., JMLR 2014. Slides: ehinger-031.

Chance is an argument: `uniform` holds one number of [0, 1) for each number of x, such as
`np.random.default_rng(seed).uniform(size=x.shape)`. The same numbers give the same result, and the gradient of it.
"""

import numpy as np


def dropout(x, p, uniform, training=True):
    """Put 0 where `uniform` is below p and divide the rest by 1 - p; out of training return x as it is.

    x: any shape. p: probability of a 0, from 0 to 1. uniform: shape of x. Returns the shape of x, a new array.
    Divided by 1 - p the result has, on average, the mean of x: nothing has to be rescaled when the net is used.
    """
    kept, factor = _kept(np.shape(x), p, uniform, training)
    return np.where(kept, factor * x, 0.0)


def dropout_backward(grad_output, p, uniform, training=True):
    """Gradient with respect to x: none where x was put to 0, and the same factor elsewhere. Shape of `grad_output`."""
    return dropout(grad_output, p, uniform, training)  # each number of x was multiplied by a constant


def _kept(shape, p, uniform, training):
    """Return (which numbers stay, what they are multiplied by)."""
    if not 0 <= p <= 1:
        raise ValueError(f"p is a probability, from 0 to 1; got {p}")
    if np.shape(uniform) != shape:
        raise ValueError(f"uniform must have one number for each of x, shape {shape}; got shape {np.shape(uniform)}")
    if not training:
        return True, 1.0
    # with p = 1 nothing is left that could grow
    return np.asarray(uniform) >= p, 1.0 / (1.0 - float(p)) if p < 1 else 0.0
