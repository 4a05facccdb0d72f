"""Two classes of points in the plane, drawn so that nothing depends on colour alone. Slides: cmu-l10-023."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.guess import COLOUR, WORDS


def draw_points(ax, points, labels, title=""):
    """Scatter points (N, 2) with the colour and marker of their class."""
    for k in np.unique(labels):
        mine = points[labels == k]
        ax.scatter(mine[:, 0], mine[:, 1], s=14, marker=style.CLASS_MARKERS[k], linewidth=0,
                   color=style.CLASS_COLORS[k], label=f"class {k}")  # fmt: skip
    ax.set(xticks=[], yticks=[], title=title)
    ax.set_box_aspect(1)
    for spine in ax.spines.values():
        spine.set_visible(True)


def draw_regions(ax, predict, points, steps=120):
    """Fill the plane around the points with the colour of the class that `predict`, (N, 2) -> (N,), gives there.

    A line stands where the answer changes: the decision boundary.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    x, y = (np.linspace(low[i], high[i], steps) for i in (0, 1))
    plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)  # (steps * steps, 2)
    answers = predict(plane).reshape(steps, steps)
    classes = np.unique(answers)
    for k in classes:
        ax.contourf(x, y, answers == k, levels=[0.5, 1.5], colors=[style.CLASS_COLORS[k]], alpha=0.25)
    if len(classes) > 1:
        ax.contour(x, y, answers, levels=classes[:-1] + 0.5, colors=mpl.rcParams["text.color"], linewidths=1)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def layer_points(layers, labels, titles, alt, guess=None):
    """Draw one panel a layer. layers: list of (N, 2) arrays, see `plane`. guess: a title that the reader guessed."""
    fig = Figure(figsize=(style.WIDTH, style.WIDTH / len(layers) + 0.35))
    for ax, points, title in zip(fig.subplots(1, len(layers)), layers, titles, strict=True):
        draw_points(ax, points, labels, title)
        ax.title.set_fontsize(10)
        if title == guess:
            ax.set_xlabel(WORDS, color=COLOUR, fontweight="bold", gid="own")
    fig.alt = alt if guess is None else f"{alt} Marked as your guess: {guess}."
    return fig


def plane(values):
    """Look at points of many dimensions from the two directions in which they spread most (PCA).

    values: (N, D) -> (N, 2). With D = 2 they stay as they are.
    """
    if values.shape[1] <= 2:
        return values
    centred = values - values.mean(axis=0)  # (N, D)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # (2, D)
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.sign(directions[[0, 1], largest])[:, None]  # a fixed sign, so that the view does not flip
    return centred @ directions.T
