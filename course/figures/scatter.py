"""Points with names: sizes against classes, and one accuracy against another. Slides: ehinger-007, ehinger-041."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.guess import mark_guess

HEIGHT, LINE = 120, 14  # points: between the lowest and the highest point of a plot, and of a name


def draw_named_points(ax, x, y, names, xlabel="", ylabel="", title="", diagonal=False):
    """Draw points with their names beside them. diagonal: a dashed line of equal x and y."""
    for k, (a, b) in enumerate(zip(x, y, strict=True)):
        ax.plot(a, b, style.CLASS_MARKERS[k % 10], color=style.CLASS_COLORS[k % 10], markersize=8)
    for a, b, name, lift in zip(x, y, names, _lifts(ax, x, y, diagonal), strict=True):
        ax.annotate(name, (a, b), (8, lift), textcoords="offset points", va="center", fontsize=9)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if diagonal:
        low, high = min(*x, *y), max(*x, *y)
        ax.plot([low, high], [low, high], "--", color=style.CLASS_COLORS[8], linewidth=1)
        ax.annotate("the same on both", (high, high), (-4, 4), textcoords="offset points", fontsize=8.5, ha="right")


def _lifts(ax, x, y, diagonal):
    """How far each name is moved up or down, in points, so that names of near points do not lie on each other."""
    places = ax.transScale.transform(np.stack([x, y], axis=1).astype(float))  # (N, 2): logarithms on a log axis
    # a diagonal makes both axes as long as all numbers together
    low, high = (places.min(), places.max()) if diagonal else (places.min(axis=0), places.max(axis=0))
    places = (places - low) / (high - low + 1e-12)
    order, lifts = np.argsort(places[:, 1], kind="stable"), np.zeros(len(places))
    for _ in range(20):  # two names that are too near push each other away, and perhaps others
        for k, lower in enumerate(order):
            for upper in order[k + 1 :]:
                gap = HEIGHT * (places[upper, 1] - places[lower, 1]) + lifts[upper] - lifts[lower]
                if abs(places[upper, 0] - places[lower, 0]) < 0.35 and gap < LINE:
                    lifts[[lower, upper]] += [(gap - LINE) / 2, (LINE - gap) / 2]
    return lifts.round(1)


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
