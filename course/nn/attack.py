"""Adversarial examples: follow the gradient of the loss into the picture. Slides: cmu-l10-006, cmu-l10-007.

The fast gradient sign method is Goodfellow, Shlens and Szegedy, ICLR 2015. Pictures are in [0, 1].
"""

import numpy as np


def input_gradient(model, x, labels):
    """Gradient of the loss with respect to the picture. x: (N, D), labels: (N,). Returns (N, D)."""
    return model.loss_and_gradients(x, labels)[2]


def fgsm(x, gradient, epsilon):
    """One step of size epsilon for every pixel, uphill in the loss; the result stays in [0, 1]."""
    return np.clip(x + epsilon * np.sign(gradient), 0, 1)


def iterative_fgsm(x, gradient_at, epsilon, steps=10):
    """Several small steps that never leave the box of half-width epsilon around x.

    `gradient_at(x)` returns the gradient to climb; hand in its negative for a chosen target label to get a
    targeted attack.
    """
    adversarial = x
    for _ in range(steps):
        adversarial = fgsm(adversarial, gradient_at(adversarial), 1.5 * epsilon / steps)
        adversarial = np.clip(adversarial, x - epsilon, x + epsilon)
    return adversarial
