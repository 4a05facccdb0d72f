"""Colour pictures in a row or a grid. Slides: cmu-l10-012, cmu-l10-013."""

import numpy as np
from matplotlib.figure import Figure

from course.figures import style


def picture_grid(images, captions, alt, columns=8):
    """Draw pictures (N, 3, H, W) with values in [0, 1], each with its caption."""
    rows = -(-len(images) // columns)
    fig = Figure(figsize=(style.WIDTH, 10.4 * rows / columns))
    for index, ax in enumerate(np.ravel(fig.subplots(rows, columns))):
        ax.set_axis_off()
        if index < len(images):
            ax.imshow(np.moveaxis(images[index], 0, -1))  # (3, H, W) -> (H, W, 3)
            ax.set_title(captions[index], fontsize=9, loc="center")
    fig.alt = alt
    return fig
