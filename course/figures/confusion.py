"""Confusion matrix: what was it, what did the net say. Slides: cmu-l10-040, cmu-l10-043."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style


def confusion(counts, title=""):
    """Draw a (C, C) matrix of counts, true class down, answer across.

    The colour shows the mistakes only: the diagonal is a hundred times larger and would hide them. It is
    printed without colour.
    """
    mistakes = counts - np.diag(np.diag(counts))
    fig = Figure(figsize=(5.2, 4.3))
    ax = fig.subplots()
    cmap = mpl.colormaps[style.ACTIVATION_CMAP].with_extremes(bad=mpl.rcParams["axes.facecolor"])
    drawn = ax.imshow(np.ma.masked_where(np.eye(len(counts)), mistakes), cmap=cmap, vmin=0)
    for (row, column), count in np.ndenumerate(counts):
        light = row != column and mistakes[row, column] > 0.5 * mistakes.max()
        color = mpl.rcParams["text.color"] if row == column else ("black" if light else "white")
        gid = None if row == column else "own"
        ax.text(column, row, f"{count}", ha="center", va="center", fontsize=8, color=color, gid=gid)
    ax.set(xlabel="the net said", ylabel="the digit was", title=title)
    ax.set(xticks=range(len(counts)), yticks=range(len(counts)))
    ax.tick_params(length=0)
    bar = fig.colorbar(drawn, ax=ax, shrink=0.8, label="mistakes")
    bar.outline.set_visible(False)
    row, column = np.unravel_index(mistakes.argmax(), mistakes.shape)
    fig.alt = (
        f"Confusion matrix: {np.trace(counts)} of {counts.sum()} right, on the diagonal. "
        f"The most frequent mistake: {row} called {column}, {mistakes.max()} times."
    )
    return fig
