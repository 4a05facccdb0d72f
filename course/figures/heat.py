"""A small table as coloured cells with their numbers. Slides: ehinger-042."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures import style
from course.figures.guess import COLOUR, WORDS


def heat(table, rows, columns, ylabel="", xlabel="", form="{:.2f}", guess=None):
    """Draw numbers from 0 to 1, shape (R, C); the largest of each column has a frame.

    guess: the (row, column) that the reader guessed, or None.
    """
    table = np.asarray(table, dtype=float)
    fig = Figure(figsize=(style.WIDTH, 0.55 * len(rows) + 1.0))
    ax = fig.subplots()
    ax.imshow(table, cmap=style.ACTIVATION_CMAP, vmin=0, vmax=1, aspect="auto")
    for (i, j), value in np.ndenumerate(table):
        ax.text(j, i, form.format(value), ha="center", va="center", fontsize=11, gid="own",
                color="white" if value < 0.55 else "black")  # fmt: skip
    for j, i in enumerate(table.argmax(axis=0)):
        ax.add_patch(Rectangle((j - 0.46, i - 0.42), 0.92, 0.84, fill=False, linewidth=2.5, gid="own",
                               edgecolor="white" if table[i, j] < 0.55 else "black"))  # fmt: skip
    if guess is not None:
        light = table[guess] < 0.55
        ax.text(guess[1], guess[0] + 0.3, WORDS, ha="center", va="center", fontsize=8.5, fontweight="bold", gid="own",
                color=COLOUR if light else "#8A1F5C")  # fmt: skip
    ax.set(xticks=range(len(columns)), xticklabels=columns, yticks=range(len(rows)), yticklabels=rows,
           xlabel=xlabel, ylabel=ylabel)  # fmt: skip
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    told = "; ".join(
        f"{name}: " + ", ".join(f"{c} {form.format(v)}" for c, v in zip(columns, values, strict=True))
        for name, values in zip(rows, table, strict=True)
    )
    fig.alt = f"A table with the largest number of each column framed. {told}."
    if guess is not None:
        fig.alt += f" Marked as your guess: {rows[guess[0]]}, {columns[guess[1]]}."
    return fig
