"""Two classes of points in the plane, drawn so that nothing depends on colour alone. Slides: cmu-l10-023."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style


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


def layer_points(layers, labels, titles, alt):
    """Draw one panel a layer. layers: list of (N, 2) arrays, see `plane`."""
    fig = Figure(figsize=(style.WIDTH, style.WIDTH / len(layers) + 0.35))
    for ax, points, title in zip(fig.subplots(1, len(layers)), layers, titles, strict=True):
        draw_points(ax, points, labels, title)
    fig.alt = alt
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
