"""What a layer makes of a picture: its maps, its kernels, and the patches that excite it, in a grid.

Slides: ehinger-012, ehinger-021 to ehinger-023.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.digits import digit_cmap
from course.figures.guess import COLOUR, WORDS

KINDS = ("map", "kernel", "ink", "photo")


def draw_map(ax, array, title="", kind="map", limit=None):
    """Draw (H, W) numbers: a "map" from 0, "kernel" for both signs, "ink" as a digit, "photo" from black to white.

    limit: the number with the strongest colour; by default the largest of these.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    array = np.asarray(array, dtype=float)
    limit = limit or float(np.nanmax(np.abs(array))) or 1.0
    looks = {
        "map": {"cmap": style.ACTIVATION_CMAP, "vmin": 0, "vmax": limit},
        "kernel": style.weight_limits(limit),
        "ink": {"cmap": digit_cmap(), "vmin": 0, "vmax": limit, "gid": "digit"},
        "photo": {"cmap": "gray", "vmin": 0, "vmax": limit},
    }
    ax.imshow(array, **looks[kind])
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=mpl.rcParams["grid.color"], linewidth=0.8, gid="faint")
    ax.set_title(title, fontsize=9, loc="center")


def side_by_side(arrays):
    """Return arrays (H, W) as one, (H, N (W + 1) - 1): beside each other, with a column of nan, paper, in between."""
    gap = np.full((np.shape(arrays[0])[0], 1), np.nan)
    return np.hstack([part for array in arrays for part in (np.asarray(array, dtype=float), gap)][:-1])


def maps(arrays, titles, alt, kind="map", columns=8, shared=False, guess=None):
    """Return a figure of arrays (H, W), each with its title; a nan is left empty.

    kind: as in `draw_map`, or a list with one for each. shared: one colour scale for all arrays of a kind, else each
    has its own. guess: a title that the reader guessed.
    """
    kinds = [kind] * len(arrays) if isinstance(kind, str) else list(kind)
    largest = {k: max(float(np.nanmax(np.abs(a))) for a, b in zip(arrays, kinds, strict=True) if b == k) for k in kinds}
    rows, lines = -(-len(arrays) // columns), max(title.count("\n") for title in titles) + 1
    extra = 0.17 * lines + (0.2 if guess is not None else 0) if any(titles) else 0.03
    shape = max(np.shape(a)[0] / np.shape(a)[1] for a in arrays)
    fig = Figure(figsize=(style.WIDTH, rows * (0.93 * shape * style.WIDTH / columns + extra)))
    panels = np.ravel(fig.subplots(rows, columns, squeeze=False))
    for ax, array, title, one in zip(panels, arrays, titles, kinds, strict=False):
        draw_map(ax, array, title, one, largest[one] if shared else None)
        if guess is not None and title == guess:
            ax.set_xlabel(WORDS, color=COLOUR, fontweight="bold", fontsize=9, gid="own")
    for ax in panels[len(arrays) :]:
        ax.set_visible(False)
    fig.alt = alt + (f" Marked as your guess: {guess}.".replace("\n", " ") if guess is not None else "")
    return fig
