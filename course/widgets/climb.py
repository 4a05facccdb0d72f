"""Gradient ascent on a picture that is remembered: more steps go on from where the last ones stopped."""

from typing import NamedTuple

import numpy as np

from course import nn
from course.widgets import reader

REMEMBERED = 60  # ways up; the oldest is forgotten


class Path(NamedTuple):
    """Pictures (K + 1, H, W) and logits (K + 1, C) before the first step and after each of K; and what is wrong."""

    pictures: np.ndarray
    logits: np.ndarray
    problem: str


class Climb:
    """The way up for one net.

    logits: (n, *shape) -> (n, C). gradient: (n, *shape), class -> (n, *shape); with `single` one (H, W), class ->
    (H, W). Both are followed by the explorer.
    """

    def __init__(self, name, logits, gradient, shape, num_classes, single):
        self._says = f"Network {name!r}"
        self._asked = "Your gradient" if single else f"The gradient of {name!r}"
        self._logits, self._gradient, self._shape, self._classes = logits, gradient, shape, num_classes
        self._single, self._known = single, {}

    def forget(self):
        """Climb anew."""
        self._known = {}

    def path(self, begin, origin, digit, steps, step_size, l2, blur, jitter):
        """The first `steps` steps up the logit of `digit` from the picture `begin` (H, W).

        origin: what `begin` and the jitter depend on, numbers that tell one beginning from another.
        """
        key = (self._gradient.now, *origin, digit, step_size, l2, blur, jitter)
        problems = []

        def step(number, picture):
            shift = np.random.default_rng([number, *origin]).integers(-jitter, jitter + 1, size=2)
            return nn.ascend(picture, lambda x: self._of(x, digit, problems), step_size, l2, blur, tuple(shift))

        pictures, told = self._known.get(key, ([begin], ""))
        pictures = list(pictures)
        if steps and len(pictures) > 1 and not np.array_equal(step(1, begin), pictures[1]):
            pictures, told = [begin], ""  # the function answers otherwise than it did: a net was trained further
        try:
            for number in range(len(pictures), steps + 1):
                pictures.append(step(number, pictures[-1]))
        finally:  # a reader who stops a slow function and goes on does not begin again
            told = next(iter(problems), told)
            self._known = {**dict(list(self._known.items())[1 - REMEMBERED :]), key: (pictures, told)}
        taken = np.array(pictures[: steps + 1])  # (steps + 1, H, W)
        x = taken.reshape(steps + 1, *self._shape).astype(np.float32)
        logits = reader.call(self._says, self._logits, x, shape=(steps + 1, self._classes))
        return Path(taken, logits, told or reader.not_finite(self._says, logits) or self._falls(logits[:, digit]))

    def _of(self, picture, digit, problems):
        """The gradient of the logit, (H, W), and 0 where it is no number, which is told in `problems`."""
        x = (picture if self._single else picture.reshape(1, *self._shape)).astype(np.float32)
        gradient = reader.call(self._asked, self._gradient, x, digit, shape=x.shape)
        if problem := reader.not_finite(self._asked, gradient):
            problems.append(problem)
        elif not gradient.any():
            problems.append(f"{self._asked} is 0 in every pixel, so there is no direction to go.")
        return np.nan_to_num(gradient, posinf=0, neginf=0).reshape(picture.shape)

    def _falls(self, logits):
        """A sentence when the logit does not grow along the gradient, else an empty string."""
        if len(logits) == 1 or logits[1:].max() >= logits[0]:
            return ""
        return (f"{self._asked} leads down: the logit is {logits[0]:.3g} at first and {logits[-1]:.3g} after "
                f"{len(logits) - 1} steps. Is it the gradient of the logit itself, with its sign?")  # fmt: skip


def pair_of(name, model):
    """(logits, gradient) of a model that is a pair of functions, or a net of `course.nn`."""
    if isinstance(model, nn.MLP | nn.ConvNet):

        def shaped(x):
            return x.reshape(len(x), 1, *x.shape[-2:]) if isinstance(model, nn.ConvNet) else x.reshape(len(x), -1)

        return (lambda x: model(shaped(x)),
                lambda x, digit: nn.class_gradient(model, shaped(x), digit).reshape(x.shape))  # fmt: skip
    if not isinstance(model, tuple | list) or len(model) != 2:
        found = reader.describe(model)
        raise TypeError(f"model {name!r} must be a pair of functions, (logits, gradient), or a net of nn; got {found}")
    return tuple(model)
