"""Line charts: several measured curves over one axis, told apart by colour and marker."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style


def draw_curves(ax, x, curves, xlabel="", ylabel="", title=""):
    """Draw `curves`, a dict name -> values, over x. Each gets its own colour and marker."""
    for index, (name, values) in enumerate(curves.items()):
        ax.plot(x, values, color=style.CLASS_COLORS[index], marker=style.CLASS_MARKERS[index], markersize=5, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    if len(curves) > 1:
        ax.legend(fontsize=9)


def curves(x, curves, xlabel="", ylabel="", title="", xscale="linear", yscale="linear", ylim=None):
    """Return a figure of the curves; its alt text holds all numbers."""
    fig = Figure(figsize=(style.WIDTH, 2.9))
    ax = fig.subplots()
    ax.set(xscale=xscale, yscale=yscale)
    draw_curves(ax, x, curves, xlabel, ylabel, title)
    ax.grid(True, alpha=0.5)
    if ylim is not None:
        ax.set_ylim(ylim)
    if xscale == "log" or (len(x) <= 8 and np.issubdtype(np.asarray(x).dtype, np.integer)):
        ax.set_xticks(x, [f"{value:g}" for value in x])
        ax.minorticks_off()
    told = "; ".join(
        f"{name}: " + ", ".join(f"{value:.3g} at {place:g}" for place, value in zip(x, values, strict=True))
        for name, values in curves.items()
    )
    fig.alt = f"Line chart{': ' + title if title else ''}. {ylabel} over {xlabel}. {told}."
    return fig
