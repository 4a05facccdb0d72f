"""The plan of a convolutional net: its layers as blocks, and a deep one as a long strip.

Slides: ehinger-004, ehinger-009.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures import style
from course.figures.guess import mark_guess

KINDS = {"input": 9, "convolution": 0, "pooling": 2, "dense": 1}  # kind of a layer: number of its colour
HATCHES = {"pooling": "//", "dense": ".."}  # so that nothing depends on colour alone


def draw_plan(ax, layers, marked=None):
    """Draw layers as blocks from left to right. layers: (name, kind, shape), shape (channels, height, width) or (D,).

    A block is as high as its maps (on a root scale), and wide by its number of channels. marked: number of a layer.
    """
    x, told = 0.0, []
    for number, (name, kind, shape) in enumerate(layers):
        height = np.sqrt(shape[1]) if len(shape) == 3 else 6 * np.log10(shape[0]) / np.log10(4096) + 4
        width = 0.35 * np.log2(shape[0] + 1) if len(shape) == 3 else 0.7
        ink = mpl.rcParams["text.color"]
        ax.add_patch(Rectangle((x, -height / 2), width, height, facecolor=style.CLASS_COLORS[KINDS[kind]],
                               edgecolor=ink, alpha=0.75, hatch=HATCHES.get(kind),
                               linewidth=3 if number == marked else 0.8))  # fmt: skip
        size = f"{shape[0]}\n{shape[1]}x{shape[2]}" if len(shape) == 3 else f"{shape[0]}"
        ax.text(x + width / 2, height / 2 + 0.4, size, ha="center", va="bottom", fontsize=7)
        bold = "bold" if number == marked else "normal"
        ax.text(x + width / 2, -8.4, name, ha="center", va="top", fontsize=7.5, fontweight=bold)
        told.append(f"{name} {'x'.join(map(str, shape))}")
        x += width + 1.35
    ax.set(xlim=(-0.8, x - 0.4), ylim=(-10.8, 10.8))
    ax.set_axis_off()
    return ", ".join(told)


def plan(layers, title="", marked=None):
    """Return a figure of `draw_plan`; its alt text has the sizes."""
    fig = Figure(figsize=(style.WIDTH, 2.5))
    ax = fig.subplots()
    told = draw_plan(ax, layers, marked)
    ax.set_title(title)
    fig.alt = f"A net as blocks{': ' + title if title else ''}; first the input. {told}."
    return fig


def strip(names, groups, title="", guess=None):
    """Return a figure of a deep net as one bar a layer; `groups` (a number a layer) decides height and colour.

    guess: a number of layers that the reader guessed, or None.
    """
    fig = Figure(figsize=(style.WIDTH, 1.9))
    ax = fig.subplots()
    for place, group in enumerate(groups):
        ax.bar(place + 1, 1 - 0.14 * group, width=0.72, bottom=0.07 * group, linewidth=0.8,
               color=style.CLASS_COLORS[group], hatch=["", "//", "..", "\\\\", "xx", "--"][group % 6],
               edgecolor=mpl.rcParams["axes.facecolor"])  # fmt: skip
    mark_guess(ax, x=guess)
    ax.set(xlabel="layer", yticks=[], title=title, xlim=(0, max(len(groups), guess or 0) + 1.5))
    ax.spines["left"].set_visible(False)
    ends = [k for k in range(len(groups)) if k + 1 == len(groups) or groups[k + 1] != groups[k]]
    told = ", ".join(f"{names[groups[k]]} up to layer {k + 1}" for k in ends)
    fig.alt = f"{len(groups)} bars in a row, one a layer: {told}."
    if guess is not None:
        fig.alt += f" Marked as your guess: {guess:g} layers."
    return fig
