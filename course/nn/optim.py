"""Ways to go downhill: stochastic gradient descent and those after it, equal to PyTorch's step by step.

Slides: cmu-l10-040, intro-ann-026.
"""

import numpy as np


class _Optimizer:
    """What all share: parameters that change in place, and a learning rate that may be changed between two steps."""

    def __init__(self, parameters, lr):
        if not lr > 0:
            raise ValueError(f"the learning rate must be above 0; got {lr}")
        self.parameters, self.lr = parameters, lr

    def _zeros(self):
        return [np.zeros_like(parameter) for parameter in self.parameters]


class SGD(_Optimizer):
    """Move every parameter a step of `lr` against its gradient; `momentum` keeps part of the last direction.

    With `nesterov` the step looks ahead to where the momentum leads.
    """

    def __init__(self, parameters, lr, momentum=0.0, nesterov=False):
        super().__init__(parameters, lr)
        _share("momentum", momentum)
        if nesterov and momentum == 0:
            raise ValueError("nesterov needs a momentum above 0")
        self.momentum, self.nesterov = momentum, nesterov
        self.velocity = self._zeros()

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        for parameter, velocity, gradient in zip(self.parameters, self.velocity, gradients, strict=True):
            velocity *= self.momentum
            velocity += gradient
            parameter -= self.lr * (gradient + self.momentum * velocity if self.nesterov else velocity)


class Adagrad(_Optimizer):
    """Divide each step by the root of the sum of all squares so far: what often moved moves less."""

    def __init__(self, parameters, lr=0.01, eps=1e-10):
        super().__init__(parameters, lr)
        self.eps, self.squares = eps, self._zeros()

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        for parameter, squares, gradient in zip(self.parameters, self.squares, gradients, strict=True):
            squares += gradient**2
            parameter -= self.lr * gradient / (np.sqrt(squares) + self.eps)


class RMSprop(_Optimizer):
    """Divide each step by the root of a running mean of squares: as Adagrad, but it forgets. `alpha`: what it keeps."""

    def __init__(self, parameters, lr=0.01, alpha=0.99, eps=1e-8):
        super().__init__(parameters, lr)
        _share("alpha", alpha)
        self.alpha, self.eps, self.squares = alpha, eps, self._zeros()

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        for parameter, squares, gradient in zip(self.parameters, self.squares, gradients, strict=True):
            squares *= self.alpha
            squares += (1 - self.alpha) * gradient**2
            parameter -= self.lr * gradient / (np.sqrt(squares) + self.eps)


class Adadelta(_Optimizer):
    """As RMSprop, with steps as long as the last ones were, so that `lr` need not be chosen. `rho`: what it keeps."""

    def __init__(self, parameters, lr=1.0, rho=0.9, eps=1e-6):
        super().__init__(parameters, lr)
        _share("rho", rho)
        self.rho, self.eps, self.squares, self.moves = rho, eps, self._zeros(), self._zeros()

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        sums = zip(self.parameters, self.squares, self.moves, gradients, strict=True)
        for parameter, squares, moves, gradient in sums:
            squares *= self.rho
            squares += (1 - self.rho) * gradient**2
            move = np.sqrt(moves + self.eps) / np.sqrt(squares + self.eps) * gradient
            moves *= self.rho
            moves += (1 - self.rho) * move**2
            parameter -= self.lr * move


class Adam(_Optimizer):
    """Momentum and RMSprop together, both as if they had run for ever: divided by what they have seen so far.

    betas: what the running mean of gradients keeps, and that of squares.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        for beta in betas:
            _share("each of betas", beta)
        self.betas, self.eps, self.steps = betas, eps, 0
        self.means, self.squares = self._zeros(), self._zeros()

    def step(self, gradients):
        """Change the parameters in place. `gradients` come in the order of the parameters."""
        self.steps += 1
        seen, seen_squares = (1 - beta**self.steps for beta in self.betas)
        sums = zip(self.parameters, self.means, self.squares, gradients, strict=True)
        for parameter, mean, squares, gradient in sums:
            mean *= self.betas[0]
            mean += (1 - self.betas[0]) * gradient
            squares *= self.betas[1]
            squares += (1 - self.betas[1]) * gradient**2
            parameter -= self.lr * (mean / seen) / (np.sqrt(squares / seen_squares) + self.eps)


def _share(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be in [0, 1); got {value}")
