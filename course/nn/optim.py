"""Stochastic gradient descent, with PyTorch's meaning of momentum. Slides: cmu-l10-040."""

import numpy as np


class SGD:
    """Move every parameter a step of `lr` against its gradient; `momentum` keeps part of the last direction."""

    def __init__(self, parameters, lr, momentum=0.0):
        if not lr > 0:
            raise ValueError(f"the learning rate must be above 0; got {lr}")
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1); got {momentum}")
        self.parameters, self.lr, self.momentum = parameters, lr, momentum
        self.velocity = [np.zeros_like(p) for p in parameters]

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        for parameter, velocity, gradient in zip(self.parameters, self.velocity, gradients, strict=True):
            velocity *= self.momentum
            velocity += gradient
            parameter -= self.lr * velocity
