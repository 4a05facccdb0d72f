"""How inputs are handed to a student's function: the layouts of an array, and numbers to fill it with.

The list of what to try comes from mistakes that students made: float32 input, views that are not contiguous, arrays
that lie in another order in memory, arrays that must not be written to. `kinds` makes whole lists of cases from it.
"""

from dataclasses import replace

import numpy as np

SLIDE_EXAMPLE = np.array([1.0, 2.0, -1.0, 0.0, 0.5, -2.0, 3.0, 0.0, -0.5, 1.5])  # slides cmu-l10-033, 034

LAYOUTS = {
    "plain": "",
    "float32": "float32 input",
    "non-contiguous": "an input that is a view into a larger array",
    "transposed": "an input whose entries lie in another order in memory",
    "read-only": "an input that must not be written to",
}


def lay_out(value, layout):
    """Return a fresh copy of `value` in a layout. Everything that is no array of numbers is only copied."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim and value.dtype.kind in "if":
        if layout == "non-contiguous":
            # who reads beside the view gets nan, or a number that is no index
            beside = np.nan if value.dtype.kind == "f" else np.iinfo(value.dtype).max
            wide = np.full((*value.shape[:-1], 2 * value.shape[-1]), beside, value.dtype)
            wide[..., ::2] = value
            return wide[..., ::2]
        if layout == "transposed":  # columns behind each other; a vector lies there from its end
            return value[::-1].copy()[::-1] if value.ndim == 1 else value.copy(order="F")
    if layout == "float32" and value.dtype.kind == "f":
        return value.astype(np.float32)
    fresh = value.copy()
    if layout == "read-only":
        fresh.flags.writeable = False
    return fresh


def in_layouts(case, layouts=("float32", "non-contiguous", "transposed", "read-only")):
    """Return the case again in each of the layouts, with the layout said in its kind."""
    return [replace(case, kind=f"{case.kind}, {LAYOUTS[layout]}", layout=layout) for layout in layouts]


def spread(rng, *shape, low=0.1, high=3.0):
    """Random numbers of both signs that keep away from 0, where slopes of ReLU and signs are a matter of taste."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
