"""Small matrices of numbers beside each other: a worked example of a convolution or of pooling.

Slides: ehinger-015 to ehinger-020, ehinger-028.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures import style
from course.figures.guess import COLOUR, WORDS


def draw_grid(ax, grid, title="", windows=(), form="{:g}"):
    """Draw a matrix (H, W) as numbers in cells into `ax`; a nan is a cell that is still empty.

    windows: (row, column, height, width, k) of frames; each has the colour of class k and its own line style.
    """
    grid = np.asarray(grid, dtype=float)
    height, width = grid.shape
    for row, column in np.ndindex(height, width):
        ax.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=mpl.rcParams["grid.color"], gid="faint"))
        if not np.isnan(grid[row, column]):
            ax.text(column + 0.5, row + 0.5, form.format(grid[row, column]), ha="center", va="center", fontsize=11)
    for row, column, rows, columns, k in windows:
        ax.add_patch(Rectangle((column + 0.05, row + 0.05), columns - 0.1, rows - 0.1, linewidth=2.2,
                               facecolor=(*mpl.colors.to_rgb(style.CLASS_COLORS[k]), 0.18),
                               edgecolor=style.CLASS_COLORS[k], linestyle=["-", "--", ":", "-."][k % 4]))  # fmt: skip
    ax.set(xlim=(-0.05, width + 0.05), ylim=(height + 0.05, -0.05), aspect="equal")
    ax.set_axis_off()
    ax.set_title(title, fontsize=10, loc="center")


def grids(named, windows=None, form="{:g}", guess=None):
    """Return a figure of the matrices in `named`, {title: (H, W)}, from left to right, in cells of one size.

    windows: {title: list of frames as in `draw_grid`}. guess: the title that the reader guessed.
    """
    windows = windows or {}
    shapes = [np.shape(grid) for grid in named.values()]
    widths, tallest = [max(width, 2.6) for _, width in shapes], max(height for height, _ in shapes)  # room for titles
    size = min(0.5, style.WIDTH / (sum(widths) + 0.8 * len(shapes)))  # inches a cell
    fig = Figure(figsize=(style.WIDTH, size * tallest + 0.75))
    panels = fig.subplots(1, len(named), width_ratios=widths, squeeze=False)[0]
    for number, (ax, (title, grid)) in enumerate(zip(panels, named.items(), strict=True)):
        draw_grid(ax, grid, title, windows.get(title, ()), form)
        height, width = np.shape(grid)
        ax.set(xlim=(width / 2 - widths[number] / 2 - 0.1, width / 2 + widths[number] / 2 + 0.1),
               ylim=(height / 2 + tallest / 2 + 0.1, height / 2 - tallest / 2 - 0.1))  # fmt: skip
        if title == guess:
            ax.text(0.5, -0.02, f"▲ {WORDS}", transform=ax.transAxes, ha="center", va="top", fontsize=9, color=COLOUR,
                    fontweight="bold", gid="own")  # fmt: skip
    told = "; ".join(f"{title.replace(chr(10), ' ')}: {_words(grid, form)}" for title, grid in named.items())
    fig.alt = f"Matrices of numbers. {told}." + (f" Marked as your guess: {guess}." if guess is not None else "")
    return fig


def _words(grid, form):
    rows = np.asarray(grid, dtype=float)
    return " / ".join(" ".join("empty" if np.isnan(n) else form.format(n) for n in row) for row in rows)
