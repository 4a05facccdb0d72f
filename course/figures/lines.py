"""Line charts: several measured curves over one axis, told apart by colour and marker."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.guess import mark_guess


def draw_curves(ax, x, curves, xlabel="", ylabel="", title=""):
    """Draw `curves`, a dict name -> values, over x. Each gets its own colour and marker.

    Of curves that lie on each other the first is drawn wide and pale, so that both are seen.
    """
    drawn = []
    for index, (name, values) in enumerate(curves.items()):
        below = next((line for line, other in drawn if _same(values, other, ax.get_yscale())), None)
        looks = {"marker": style.CLASS_MARKERS[index], "markersize": 5}
        if below is not None:
            below.set(linewidth=7, alpha=0.45, marker="none")
            looks = {"linewidth": 1.5, "linestyle": "--"}
        (line,) = ax.plot(x, values, color=style.CLASS_COLORS[index], label=name, **looks)
        drawn.append((line, values))
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if len(curves) > 1:
        ax.legend(fontsize=9)


def _same(values, others, scale="linear"):
    """Whether two curves can hardly be told apart: nowhere further than a hundredth of their height."""
    if scale == "log":
        values, others = np.log(values), np.log(others)
    height = np.ptp(others) or 1.0
    return bool(np.abs(np.asarray(values) - np.asarray(others)).max() < 0.01 * height)


def curves(x, curves, xlabel="", ylabel="", title="", xscale="linear", yscale="linear", ylim=None, guess=None):
    """Return a figure of the curves; its alt text holds all numbers.

    guess: what the reader guessed, `{"x": value}` or `{"y": value}`; None, or a value that is None, draws no mark.
    """
    fig = Figure(figsize=(style.WIDTH, 2.9))
    ax = fig.subplots()
    ax.set(xscale=xscale, yscale=yscale)
    draw_curves(ax, x, curves, xlabel, ylabel, title)
    ax.grid(True, alpha=0.5)
    if ylim is not None:
        ax.set_ylim(ylim)
    guess = {axis: value for axis, value in (guess or {}).items() if value is not None}
    mark_guess(ax, **guess)
    if xscale == "log" or (len(x) <= 8 and np.issubdtype(np.asarray(x).dtype, np.integer)):
        ax.set_xticks(x, [f"{value:g}" for value in x])
        ax.minorticks_off()
    told = "; ".join(
        f"{name}: " + ", ".join(f"{value:.3g} at {place:g}" for place, value in zip(x, values, strict=True))
        for name, values in curves.items()
    )
    fig.alt = f"Line chart{': ' + title if title else ''}. {ylabel} over {xlabel}. {told}."
    for axis, value in guess.items():
        fig.alt += f" Marked as your guess: {value:g} on the {axis} axis."
    return fig
