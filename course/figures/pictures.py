"""Colour pictures in a row or a grid, and what a photograph is for a computer. Slides: cmu-l10-006 to cmu-l10-018."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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


def photo_as_numbers(pixels, row, column, size=6):
    """Draw a photo, (H, W, 3) in [0, 1], and the red numbers of `size` x `size` of its pixels, marked in the photo."""
    fig = Figure(figsize=(style.WIDTH, 2.7))
    photo, numbers = fig.subplots(1, 2, width_ratios=[1.5, 1.3])
    photo.imshow(pixels)
    frame = {"fill": False, "edgecolor": "white", "linewidth": 1.5, "gid": "own"}
    photo.add_patch(Rectangle((column - 1.5, row - 1.5), size + 2, size + 2, **frame))
    for ax in (photo, numbers):
        ax.set_axis_off()
    part = pixels[row : row + size, column : column + size, 0]
    numbers.set(xlim=(-0.6, size - 0.4), ylim=(size - 0.4, -0.6))
    for (i, j), value in np.ndenumerate(part):
        numbers.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=9)
    numbers.set_title(f"how red: {size} × {size} of {pixels.size:,} numbers", fontsize=9)
    fig.alt = (
        f"A photograph with a small white frame, and the red values of {size} by {size} pixels in it, "
        f"from {part.min():.2f} to {part.max():.2f}: that is all a computer gets."
    )
    return fig


def photo_changed(pixels, pattern, epsilon):
    """Draw a photo (H, W, 3), a pattern of +1 and -1 of its shape, and the photo with epsilon times the pattern."""
    fig = Figure(figsize=(style.WIDTH, 2.6))
    changed = np.clip(pixels + epsilon * pattern, 0, 1)
    shown = {"the photo": pixels, "the pattern, at full strength": (1 + pattern) / 2,
             f"the photo, each number moved by {epsilon}": changed}  # fmt: skip
    for ax, (title, picture) in zip(fig.subplots(1, 3), shown.items(), strict=True):
        ax.imshow(picture)
        ax.set_axis_off()
        ax.set_title(title, fontsize=8.5)
    fig.alt = (
        f"A photograph, a coloured pattern like noise, and the photograph with {epsilon} times the pattern: no number "
        f"differs by more than {np.abs(changed - pixels).max():.4f} on a scale from 0 to 1."
    )
    return fig
