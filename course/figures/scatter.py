"""Points with names: sizes against classes, and one accuracy against another. Slides: ehinger-007, ehinger-041."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.guess import mark_guess


def draw_named_points(ax, x, y, names, xlabel="", ylabel="", title="", diagonal=False):
    """Draw points with their names beside them. diagonal: a dashed line of equal x and y."""
    for k, (a, b) in enumerate(zip(x, y, strict=True)):
        ax.plot(a, b, style.CLASS_MARKERS[k % 10], color=style.CLASS_COLORS[k % 10], markersize=8)
    for a, b, name, lift in zip(x, y, names, _lifts(ax, x, y), strict=True):
        ax.annotate(name, (a, b), (8, lift), textcoords="offset points", va="center", fontsize=9)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if diagonal:
        low, high = min(*x, *y), max(*x, *y)
        ax.plot([low, high], [low, high], "--", color=style.CLASS_COLORS[8], linewidth=1)
        ax.annotate("the same on both", (high, high), (-4, 4), textcoords="offset points", fontsize=8.5, ha="right")


def _lifts(ax, x, y):
    """How far each name is moved up, in points, so that names of near points do not lie on each other."""
    places = ax.transScale.transform(np.stack([x, y], axis=1).astype(float))  # (N, 2): logarithms on a log axis
    places = (places - places.min(axis=0)) / (np.ptp(places, axis=0) + 1e-12)
    near = np.abs(places[:, None] - places) < [0.3, 0.14]  # (N, N, 2)
    pairs = near.all(axis=2) & ~np.eye(len(places), dtype=bool)
    above = places[:, None, 1] >= places[:, 1]
    return [7 * (int((p & a).any()) - int((p & ~a).any())) for p, a in zip(pairs, above, strict=True)]


def named_points(x, y, names, xlabel="", ylabel="", title="", scale="linear", diagonal=False, guess=None):
    """Return a figure of `draw_named_points`; its alt text has all numbers.

    scale: "linear" or "log", of both axes. guess: `{"x": value}`, `{"y": value}`, or None.
    """
    fig = Figure(figsize=(style.WIDTH, 3.3))
    ax = fig.subplots()
    ax.set(xscale=scale, yscale=scale)
    draw_named_points(ax, x, y, names, xlabel, ylabel, title, diagonal)
    ax.margins(x=0.2, y=0.15)
    ax.grid(True, alpha=0.5)
    guess = {axis: value for axis, value in (guess or {}).items() if value is not None}
    mark_guess(ax, **guess)
    told = "; ".join(f"{name} {a:.6g}, {b:.6g}" for a, b, name in zip(np.ravel(x), np.ravel(y), names, strict=True))
    fig.alt = f"Points with names: {xlabel}, {ylabel}. {told}."
    for axis, value in guess.items():
        fig.alt += f" Marked as your guess: {value:g} on the {axis} axis."
    return fig
