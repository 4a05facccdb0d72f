"""The weights of a layer drawn as pictures: one 28x28 template a neuron. Slides: cmu-l10-029, cmu-l10-040."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style


def templates(weight, titles=None, columns=5):
    """Draw each row of `weight`, shape (H, 784), as a 28x28 picture; all share one colour scale, white is 0."""
    titles = [f"neuron {j}" for j in range(len(weight))] if titles is None else titles
    rows = -(-len(weight) // columns)
    bound = np.quantile(np.abs(weight), 0.995)  # a few large weights must not make all others pale
    fig = Figure(figsize=(style.WIDTH, (1.55 if columns <= 5 else 1.9) * rows * 5 / columns))
    axes = np.ravel(fig.subplots(rows, columns))
    for ax in axes:
        ax.set_axis_off()
    for ax, row, title in zip(axes, weight, titles, strict=False):
        drawn = ax.imshow(row.reshape(28, 28), **style.weight_limits(bound))
        ax.set_title(title, fontsize=9, loc="center")
    bar = fig.colorbar(drawn, ax=list(axes), shrink=0.8, pad=0.02, extend="both")
    bar.set_label("weight")
    bar.outline.set_visible(False)
    largest = np.abs(weight).max()
    fig.alt = (
        f"The weights of {len(weight)} neurons as pictures of 28 by 28 pixels. Red pixels speak for the neuron's "
        f"class, blue ones against it, white ones do not matter; the largest weight is {largest:.2f} in size."
    )
    return fig
