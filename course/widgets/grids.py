"""Grids of numbers, as texts and colours: for the page (grid.js), and drawn for the still picture."""

import numpy as np
from matplotlib.patches import Rectangle

from course.figures.style import BLUE, ORANGE, RED

STRENGTH = 0.42  # of the strongest colour: a text in ink can be read on it


def short(value):
    """A number as a cell shows it: 3, -0.25, 1e+04; as short() in live.js."""
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e5:
        return str(int(value))
    return f"{value:.0e}" if abs(value) >= 1e4 or abs(value) < 0.005 else f"{round(value, 2):g}"


def texts(values):
    """The texts of an array, as nested lists of its shape."""
    return [texts(part) for part in values] if np.ndim(values) else short(values)


def shares(values):
    """The array divided by its largest size, as nested lists; what is not finite is 0."""
    values = np.asarray(values, dtype=float)
    finite = np.where(np.isfinite(values), np.clip(values, -1e300, 1e300), 0.0)
    largest = np.abs(finite).max(initial=0.0)
    return (finite / largest if largest else finite).tolist()


def numbers(name, values, *dimensions, most):
    """`values` as nested lists of floats, with one dimension added in front where it is missing.

    ValueError if they are not finite numbers, or in a dimension more than `most` are.
    """
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers with dimensions {', '.join(dimensions)}") from error
    while array.ndim < len(dimensions):
        array = array[None]
    if array.ndim != len(dimensions) or not all(1 <= size <= top for size, top in zip(array.shape, most, strict=True)):
        wanted = ", ".join(f"1 to {top} {what}" for what, top in zip(dimensions, most, strict=True))
        raise ValueError(f"{name} must have {wanted}; got an array of shape {np.shape(values)}")
    if not (np.isfinite(array).all() and np.abs(array).max() <= 1e6):
        raise ValueError(f"{name} must be finite numbers, of size 1e6 or less")
    return array.tolist()


def as_canvas(axes, width, height):
    """Make the axes a sheet of squared paper: x to the right, y down, no ticks."""
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axes.set_axis_off()


def draw_grid(axes, labels, x, y, size=1.0, share=None, signed=True, gap=0.6, fontsize=11):
    """Draw planes (planes, rows, columns) of texts from (x, y) down. Returns the y below the last one."""
    share = np.zeros(np.shape(labels)) if share is None else np.asarray(share)
    for plane, rows in enumerate(labels):
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                left, top, strength = x + c * size, y + r * size, share[plane, r, c]
                colour = None if not signed else BLUE if strength < 0 else RED
                fill = Rectangle((left, top), size, size, lw=0, alpha=STRENGTH * min(abs(strength), 1), gid="own")
                fill.set_facecolor(colour or axes.xaxis.label.get_color())
                axes.add_patch(fill)
                axes.add_patch(Rectangle((left, top), size, size, fill=False, lw=0.6, alpha=0.6, gid="ink",
                                         ec=axes.xaxis.label.get_color()))  # fmt: skip
                small = fontsize * min(1, 3.2 / max(len(text), 1))
                axes.text(left + size / 2, top + size / 2, text, ha="center", va="center", fontsize=small)
        y += len(rows) * size + gap
    return y - gap


def draw_frame(axes, x, y, width, height, colour=ORANGE):
    """Draw the orange frame that says: here."""
    axes.add_patch(Rectangle((x, y), width, height, fill=False, lw=3, ec=colour, gid="own"))
