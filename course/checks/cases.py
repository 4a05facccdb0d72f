"""How inputs are handed to a student's function, and the same case in several layouts.

The list of what to try comes from mistakes that students made: float32 and integer inputs, views that are not
contiguous, arrays that must not be written to.
"""

from dataclasses import replace

import numpy as np

SLIDE_EXAMPLE = np.array([1.0, 2.0, -1.0, 0.0, 0.5, -2.0, 3.0, 0.0, -0.5, 1.5])  # slides cmu-l10-033, 034

LAYOUTS = {
    "plain": "",
    "float32": "float32 input",
    "non-contiguous": "an input that is a view into a larger array",
    "read-only": "an input that must not be written to",
}


def lay_out(value, layout):
    """Return a fresh copy of `value` in a layout. Everything that is no float array is only copied."""
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind == "f":
        if layout == "float32":
            return value.astype(np.float32)
        if layout == "non-contiguous" and value.ndim:
            wide = np.full((*value.shape[:-1], 2 * value.shape[-1]), np.nan)  # nan shows who reads beside the view
            wide[..., ::2] = value
            return wide[..., ::2]
    fresh = value.copy()
    if layout == "read-only":
        fresh.flags.writeable = False
    return fresh


def in_layouts(case, layouts=("float32", "non-contiguous", "read-only")):
    """Return the case again in each of the layouts, with the layout said in its kind."""
    return [replace(case, kind=f"{case.kind}, {LAYOUTS[layout]}", layout=layout) for layout in layouts]


def spread(rng, *shape, low=0.1, high=3.0):
    """Random numbers of both signs that keep away from 0, where slopes of ReLU and signs are a matter of taste."""
    return rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
