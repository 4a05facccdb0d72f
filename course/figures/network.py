"""A net drawn as columns of circles. Slides: cmu-l10-021, cmu-l10-022, cmu-l10-042."""

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from course.figures import style

MOST = 12  # circles that fit into a column; of a larger layer we draw the first and the last few


def num_parameters(sizes):
    """Weights and biases of a dense net: the sum of (n_in + 1) * n_out over its layers."""
    return sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))


def draw_network(ax, sizes, weights=None, names=None, most=MOST):
    """Draw one column of circles a layer into `ax`, joined by its weights.

    sizes: neurons a column, inputs first. weights: one (n_out, n_in) array a layer; then the colour of a line
    says the sign of the weight (red positive, blue negative) and its strength the size. Without weights the
    lines are grey. A column of more than `most` neurons is cut in the middle, with three dots.
    """
    ax.clear()
    ax.set_axis_off()
    shown = [_shown(size, most) for size in sizes]  # indices of the drawn neurons, column by column
    heights = [_heights(size, most) for size in sizes]
    tallest = max(ys[0] for ys in heights) + 0.5
    for layer in range(len(sizes) - 1):
        ax.add_collection(_lines(layer, shown, heights, None if weights is None else weights[layer]))
    for layer, ys in enumerate(heights):
        ax.scatter([layer] * len(ys), ys, s=90, zorder=3, color=mpl.rcParams["axes.facecolor"],
                   edgecolor=mpl.rcParams["text.color"], linewidth=1.2)  # fmt: skip
        if sizes[layer] > most:
            ax.scatter([layer] * 3, [-0.25, 0, 0.25], s=5, color=mpl.rcParams["text.color"], zorder=3)
        label = str(sizes[layer]) if names is None else f"{sizes[layer]}\n{names[layer]}"
        ax.text(layer, -tallest - 0.06 * (tallest + 3), label, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(-1.25 * tallest - 1, tallest + 0.6))


def network(sizes, weights=None, names=None):
    """Return a figure of the net; its alt text says the sizes and the number of parameters."""
    fig = Figure(figsize=(style.WIDTH, 3.2))
    draw_network(fig.subplots(), sizes, weights, names)
    fig.alt = (
        f"A net drawn as {len(sizes)} columns of circles, with {', '.join(map(str, sizes))} neurons from left to "
        f"right. Every circle is joined to all circles of the next column: {num_parameters(sizes)} parameters."
    )
    if weights is not None:
        fig.alt += " Red lines are positive weights, blue lines negative ones; strong colour means a large weight."
    return fig


def _shown(size, most):
    if size <= most:
        return np.arange(size)
    half = most // 2
    return np.r_[:half, size - half : size]


def _heights(size, most):
    """The y of each drawn circle, from top to bottom, centred at 0; a cut column leaves a gap in the middle."""
    count = min(size, most - most % 2) if size > most else size
    ys = (count - 1) / 2 - np.arange(count, dtype=float)
    if size > most:
        ys += np.where(ys > 0, 0.5, -0.5)
    return ys


def _lines(layer, shown, heights, weight):
    lines = [[(layer, y0), (layer + 1, y1)] for y1 in heights[layer + 1] for y0 in heights[layer]]
    if weight is None:
        return LineCollection(lines, colors=mpl.rcParams["grid.color"], linewidths=0.7, zorder=1)
    drawn = np.asarray(weight)[np.ix_(shown[layer + 1], shown[layer])].ravel()
    limits = style.weight_limits(drawn)
    norm, cmap = mpl.colors.Normalize(limits["vmin"], limits["vmax"]), mpl.colormaps[limits["cmap"]]
    strength = np.abs(drawn) / limits["vmax"]
    order = np.argsort(strength)  # the strong lines on top
    colors = cmap(norm(drawn[order]))
    colors[:, 3] = 0.25 + 0.75 * strength[order]
    return LineCollection([lines[i] for i in order], colors=colors, linewidths=0.4 + 2 * strength[order], zorder=1)
