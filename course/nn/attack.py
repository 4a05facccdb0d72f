"""Adversarial examples: follow the gradient of the loss into the picture. Slides: cmu-l10-006, cmu-l10-007.

The fast gradient sign method is Goodfellow, Shlens and Szegedy, ICLR 2015. Pictures are in [0, 1].
"""

import numpy as np


def input_gradient(model, x, labels):
    """Gradient of the loss with respect to the picture. x: (N, D), labels: (N,). Returns (N, D)."""
    return model.loss_and_gradients(x, labels)[2]


def class_gradient(model, x, classes):
    """Gradient of one logit with respect to the picture: what to brighten so that the model is surer of that class.

    x: (N, D), or (N, C, H, W) for a `ConvNet`. classes: one for all, or (N,). Returns the shape of x.
    Slides: ehinger-037.
    """
    num_classes = model(x[:1]).shape[1]
    chosen = np.broadcast_to(classes, len(x))[:, None] == np.arange(num_classes)  # (N, C)
    return model.input_gradient(x, chosen.astype(np.result_type(x, np.float32)))


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
