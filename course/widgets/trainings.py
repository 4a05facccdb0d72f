"""Curves of trainings, one for each value of something: those that were measured before, and the reader's own."""

import numpy as np

from course.widgets import reader


class Trainings:
    """{value: {"train": (E,), "held-out": (E,)}} over E epochs, sorted by value.

    results: measured before, or None. measure: a function of the value that returns (train (E,), held-out (E,)),
    followed by the explorer, or None; what it returned is remembered until it is edited or forgotten.
    """

    def __init__(self, results, measure):
        self.results = {float(value): _curves(value, pair) for value, pair in sorted((results or {}).items())}
        self._measure, self._own = measure, {}

    def forget(self):
        """The reader's function trains anew."""
        self._own = {}

    def stored(self, value):
        """The curves measured before, of 0 and of the value nearest to this one."""
        nearest = min(self.results, key=lambda known: (abs(known - value), known))
        return {known: self.results[known] for known in sorted({0.0, nearest})}

    def own(self, value):
        """(the reader's curves of 0 and of this value, what is wrong with their numbers); raises WrongAnswer."""
        self._own = {self._measure.now: self._own.get(self._measure.now, {})}  # an edited function starts anew
        known = self._own[self._measure.now]
        for asked in sorted({0.0, value} - set(known)):
            known[asked] = self._measured(asked)
        found = {asked: known[asked] for asked in sorted({0.0, value})}
        numbers = np.concatenate([curve for pair in found.values() for curve in pair.values()])
        return found, reader.not_finite("Your measure", numbers)

    def _measured(self, value):
        with np.errstate(all="ignore"):
            reached = self._measure(value)
        try:
            curves = np.array(reached, dtype=float)
            if curves.ndim == 2 and len(curves) == 2 and curves.size:
                return dict(zip(("train", "held-out"), curves, strict=True))
        except (TypeError, ValueError):  # no numbers, or two lengths
            pass
        expected = "Expected two arrays of one length: a number for each epoch, in training and held out."
        raise reader.WrongAnswer(f"Your measure returned {reader.describe(reached)}. {expected}")


def _curves(value, pair):
    """The two curves as float arrays; ValueError if they are not that."""
    curves = {key: np.asarray(pair.get(key, []), dtype=float) for key in ("train", "held-out")}
    one, other = (curve.shape for curve in curves.values())
    if one != other or len(one) != 1 or one[0] == 0:
        raise ValueError(f'results[{value}] must have "train" and "held-out", one number for each epoch in both; '
                         f"got shapes {one} and {other}")  # fmt: skip
    return curves
