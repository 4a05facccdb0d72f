"""Boxes and arrows: the stages between a picture and its name, and the ways through a module.

Slides: cmu-l10-017, cmu-l10-019 to cmu-l10-022, cmu-short-024.
"""

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


def branches(before, rows, after, title=""):
    """Draw one box that several rows of boxes start from, and one in which they end: the ways through a module.

    before, after: labels. rows: a list of labels each, from left to right.
    """
    ink, paper = mpl.rcParams["text.color"], mpl.rcParams["axes.facecolor"]
    longest, middle = max(map(len, rows)), -(len(rows) - 1) / 2
    fig = Figure(figsize=(style.WIDTH, 0.75 * len(rows) + 0.35))
    ax = fig.subplots()
    ax.set_axis_off()
    for x, label in ((0, before), (longest + 1, after)):
        _box(ax, x, middle, label, 0.7, ink, paper)
    for row, labels in enumerate(rows):
        ends = [0.35 + 0.07, *(k + 1.43 for k in range(len(labels)))]  # right ends of the boxes of this row
        if len(labels) < longest:  # past the other rows' boxes
            ax.plot([ends[-1], longest + 0.43], [-row, -row], color=ink, lw=1)
            ends[-1] = longest + 0.43
        for k, label in enumerate(labels):
            _box(ax, k + 1, -row, label, 0.78, ink, paper)
        for k, x in enumerate(ends):
            start = (x, middle if k == 0 else -row)
            end = (longest + 0.6, middle) if k == len(labels) else (k + 0.57, -row)
            ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, color=ink))
    ax.set(xlim=(-0.45, longest + 1.45), ylim=(-len(rows) + 0.5, 0.6), title=title)
    ways = "; ".join(" to ".join(label.replace("\n", " ") for label in labels) for labels in rows)
    fig.alt = (
        f"Boxes{': ' + title if title else ''}. From {before} {len(rows)} ways lead to {after}: {ways}."
    ).replace("\n", " ")
    return fig


def _box(ax, x, y, label, width, ink, paper):
    ax.add_patch(FancyBboxPatch((x - width / 2, y - 0.26), width, 0.52, boxstyle="round,pad=0.04", linewidth=1.2,
                                edgecolor=ink, facecolor=paper))  # fmt: skip
    ax.text(x, y, label, ha="center", va="center", fontsize=8.5)
