"""A picture and the vector it becomes, with the same pixel marked in both. Slides: cmu-l10-028."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.digits import draw_digit
from course.figures.guess import mark_guess


def flattened(image, k, guess=None):
    """Return a figure of the picture and its 784 numbers, entry k ringed in both, and the entry that was guessed."""
    fig = Figure(figsize=(style.WIDTH, 2.7))
    axes = fig.subplots(1, 2, width_ratios=[1, 2.2])
    fig.alt = "A digit and its 784 numbers as a curve, one entry ringed in both. " + draw_flattened(axes, image, k)
    if guess is not None:
        row, column = divmod(int(guess), 28)
        mark_guess(axes[0], column, row)
        mark_guess(axes[1], x=guess)
        fig.alt += f" Marked as your guess: entry {guess:g}, in row {row}, column {column}."
    return fig


def draw_flattened(axes, image, k):
    """Draw the 28x28 picture into axes[0] and its 784 numbers into axes[1]; entry k is ringed in both.

    Returns a sentence that says where entry k sits and what its value is.
    """
    vector = np.reshape(image, -1)  # (28, 28) -> (784,): row after row
    row, column = divmod(k, 28)
    draw_digit(axes[0], image)
    axes[0].set(xticks=[0, 27], yticks=[0, 27], xlabel="column", ylabel="row")
    axes[1].fill_between(np.arange(784), vector, step="mid", color=style.CLASS_COLORS[4], linewidth=0)
    for start in range(0, 785, 28):
        axes[1].axvline(start - 0.5, color=mpl.rcParams["grid.color"], linewidth=0.6, zorder=0)
    axes[1].set(xlim=(-5, 788), ylim=(0, 1.15), xlabel="index k in the vector (a grey line every 28)", ylabel="value")
    for ax, place in ((axes[0], (column, row)), (axes[1], (k, vector[k]))):
        ax.plot(*place, "o", markersize=9, fillstyle="none", color=style.RED, markeredgewidth=2, clip_on=False)
    return f"x[{k}] is the pixel in row {k} // 28 = {row}, column {k} % 28 = {column}; its value is {vector[k]:.2f}."
