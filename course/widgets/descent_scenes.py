"""Landscapes to go down, with their gradients, for `DescentExplorer`. Slides: intro-ann-026."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Scene(NamedTuple):
    """height(x, y) and gradient(x, y) -> (2,); the part that is shown; where to start; its lowest height.

    rates: of each method a learning rate with which it gets somewhere.
    """

    height: Callable
    gradient: Callable
    box: tuple  # x from, to, y from, to
    start: tuple
    lowest: float
    rates: dict


def _beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _beale_gradient(x, y):
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.array([2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1)), 2 * x * (a + 2 * b * y + 3 * c * y**2)])


SCENES = {
    "long valley": Scene(
        lambda x, y: 0.05 * x**2 + 2 * y**2, lambda x, y: np.array([0.1 * x, 4 * y]), (-6, 6, -3, 3), (-5.0, 2.0), 0.0,
        {"SGD": 0.4, "Momentum": 0.1, "NAG": 0.1, "Adagrad": 0.7, "Adadelta": 50.0, "RMSprop": 0.1, "Adam": 0.2},
    ),
    "Beale": Scene(
        _beale, _beale_gradient, (-4.5, 4.5, -4.5, 4.5), (1.0, 1.5), 0.0,
        {"SGD": 0.01, "Momentum": 0.005, "NAG": 0.005, "Adagrad": 0.5, "Adadelta": 50.0, "RMSprop": 0.05, "Adam": 0.1},
    ),
    "saddle": Scene(
        lambda x, y: x**2 - y**2 + y**4 / 8, lambda x, y: np.array([2 * x, -2 * y + y**3 / 2]), (-3, 3, -3, 3),
        (2.0, 0.0001), -2.0,
        {"SGD": 0.02, "Momentum": 0.02, "NAG": 0.02, "Adagrad": 0.3, "Adadelta": 20.0, "RMSprop": 0.05, "Adam": 0.1},
    ),
}  # fmt: skip
