"""Bar charts: the probabilities of the classes, and numbers with names."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.digits import draw_digit
from course.figures.guess import COLOUR, WORDS, mark_guess


def draw_probabilities(ax, probabilities, label=None, classes=None):
    """Draw one bar a class, the largest with its number; the true class `label` is hatched and says so below."""
    classes = [str(k) for k in range(len(probabilities))] if classes is None else list(classes)
    bars = ax.bar(classes, probabilities, color=style.BLUE)
    if label is not None:
        bars[label].set(hatch="///", edgecolor=mpl.rcParams["axes.facecolor"])
        classes[label] += "\ntrue"
        ax.set_xticks(range(len(classes)), classes)
    best = int(np.argmax(probabilities))
    ax.text(best, probabilities[best] + 0.02, f"{probabilities[best]:.2f}", ha="center", fontsize=9)
    ax.set(ylim=(0, 1.12), ylabel="probability", yticks=[0, 0.5, 1])
    return bars


def read_digit(image, probabilities, label=None, gradient=None, guess=None):
    """Draw a digit and, beside it, the probabilities that a net gives it. image: (784,), probabilities: (10,).

    gradient: (784,) of the loss, drawn as a third picture. guess: a height of the bars that the reader guessed.
    """
    fig = Figure(figsize=(style.WIDTH, 2.3))
    widths = [1, 2.6] if gradient is None else [1, 2.6, 1]
    panels = fig.subplots(1, len(widths), width_ratios=widths)
    left, right = panels[:2]
    draw_digit(left, image)
    draw_probabilities(right, probabilities, label)
    mark_guess(right, y=guess)
    best = int(np.argmax(probabilities))
    right.set(xlabel="digit", title=f"the net says {best}" + ("" if label is None else f", it is a {label}"))
    told = ", ".join(f"{k}: {p:.2f}" for k, p in enumerate(probabilities))
    fig.alt = f"A handwritten digit and ten bars with the probabilities of the classes. {told}. Largest: {best}."
    if label is not None:
        fig.alt += f" The true digit is {label}."
    if gradient is not None:
        panels[2].imshow(np.reshape(gradient, (28, 28)), **style.weight_limits(gradient))
        panels[2].set(xticks=[], yticks=[], title="gradient")
        fig.alt += " Beside them the gradient of the loss: red where more ink makes it larger, blue where smaller."
    if guess is not None:
        fig.alt += f" Marked as your guess: a height of {guess:g}."
    return fig


def named_bars(names, values, xlabel="", title="", form="{:.3g}", guess=None):
    """Draw one horizontal bar a name, with its number at the end; first name on top.

    guess: what the reader guessed, a name, a list of names, or `(name, value)`; None draws no mark.
    """
    marked = guess if isinstance(guess, list) else [guess]
    fig = Figure(figsize=(style.WIDTH, 0.7 + 0.3 * len(names)))
    ax = fig.subplots()
    ax.barh(range(len(names)), values, color=style.BLUE)
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        end = max(value, 0), row
        ax.annotate(form.format(value), end, (4, 0), textcoords="offset points", va="center", fontsize=9)
        if name in marked:
            ax.annotate(f"  ◀ {WORDS}", end, (34, 0), textcoords="offset points", va="center", fontsize=9,
                        color=COLOUR, fontweight="bold", gid="own")  # fmt: skip
    if isinstance(guess, tuple):
        mark_guess(ax, guess[1], list(names).index(guess[0]) - 0.5)
    ax.set(yticks=range(len(names)), yticklabels=names, xlabel=xlabel, title=title)
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.tick_params(axis="y", length=0)
    told = ", ".join(f"{name} {form.format(value)}" for name, value in zip(names, values, strict=True))
    fig.alt = f"Bar chart{': ' + title if title else ''}. {told}."
    if guess is not None:
        said = f"{guess[0]} {form.format(guess[1])}" if isinstance(guess, tuple) else ", ".join(marked)
        fig.alt += f" Marked as your guess: {said}."
    return fig
