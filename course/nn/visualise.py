"""The picture that a class asks for: climb the gradient of a logit into the picture. Slides: ehinger-037, ehinger-038.

Simonyan, Vedaldi and Zisserman, ICLR workshop, 2014; blur and jitter as in DeepDream, Mordvintsev et al., 2015.
"""

import numpy as np


def ascend(x, gradient_at, step_size, l2=0.0, blur=0.0, shift=(0, 0)):
    """Return the picture after one step of gradient ascent, in [0, 1].

    x: (H, W). gradient_at: function of a picture (H, W) that returns the gradient of what shall grow, (H, W).
    l2: what grows is that minus l2/2 times the sum of squares, so that ink has to be worth it. blur: width in pixels of
    a Gaussian that smooths the picture after the step. shift: (down, right), jitter: where the picture is held when the
    gradient is asked for; it is put back afterwards.
    """
    gradient = np.roll(gradient_at(np.roll(x, shift, axis=(0, 1))), (-shift[0], -shift[1]), axis=(0, 1))
    return np.clip(smooth(x + step_size * (gradient - l2 * x), blur), 0, 1)


def smooth(x, width):
    """Return the picture (H, W) with each pixel a mean of those around it, by a Gaussian of this width in pixels."""
    if width == 0:
        return x
    rows, columns = (_means(size, width) for size in x.shape)
    return rows @ x @ columns.T


def _means(size, width):
    """The (size, size) matrix whose row i has the weights of the mean around i; at the border fewer count."""
    places = np.arange(size)
    weights = np.exp(-0.5 * ((places[:, None] - places) / width) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)
