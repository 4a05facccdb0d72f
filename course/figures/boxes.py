"""Boxes and arrows: the stages between a picture and its name. Slides: cmu-l10-017, cmu-l10-019 to cmu-l10-022."""

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from course.figures import style

# the ventral visual pathway as modellers draw it, bottom to top
VISUAL_CORTEX = ["V1/V2\nedges", "V2/V4\ncorners, curves", "V4/PIT\nparts", "PIT/AIT\nobjects", "classification\nunits"]


def draw_chain(ax, labels, y=0.0, learned=(), width=1.0):
    """Draw boxes from left to right, joined by arrows. The stages in `learned` are filled and hatched."""
    ink, paper = mpl.rcParams["text.color"], mpl.rcParams["axes.facecolor"]
    for index, label in enumerate(labels):
        x, filled = index * 1.5 * width, index in learned
        ax.add_patch(FancyBboxPatch(
            (x - width / 2, y - 0.3), width, 0.6, boxstyle="round,pad=0.05", linewidth=1.2, edgecolor=ink,
            facecolor=style.CLASS_COLORS[4] if filled else paper, alpha=0.9))  # fmt: skip
        color, gid = ("black", "own") if filled else (ink, None)
        ax.text(x, y, label, ha="center", va="center", fontsize=9, color=color, gid=gid)
        if index:
            start, end = (x - 1.5 * width + width / 2 + 0.07, y), (x - width / 2 - 0.07, y)
            ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=10, color=ink))


def chain(labels, title=""):
    """One row of boxes, from left to right."""
    return chains([(title, labels, ())])


def chains(rows):
    """Draw several chains below each other. rows: (title, labels, indices of the learned stages)."""
    longest = max(len(labels) for _, labels, _ in rows)
    fig = Figure(figsize=(style.WIDTH, 1.05 * len(rows) + 0.15))
    ax = fig.subplots()
    ax.set_axis_off()
    told = []
    for row, (title, labels, learned) in enumerate(rows):
        y = -1.35 * row
        draw_chain(ax, labels, y, learned)
        ax.text(-0.55, y + 0.45, title, fontsize=9, fontweight="bold", va="bottom")
        names = " to ".join(label.replace("\n", " ") for label in labels)
        which = ", ".join(labels[index].replace("\n", " ") for index in learned)
        told.append(f"{title or 'Boxes'}: {names}" + (f"; filled, that is learned: {which}" if which else ""))
    ax.set(xlim=(-0.7, 1.5 * longest - 0.8), ylim=(-1.35 * len(rows) + 0.85, 0.85))
    fig.alt = ". ".join(told) + "."
    return fig
