"""Pictures of digits: a grid with captions, and a gallery of mistakes. Slides: cmu-l10-028, cmu-l10-043."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from course.figures import style


def digit_cmap():
    """Ink on the paper of the theme in use: dark ink on light paper, light ink on dark paper."""
    dark = mpl.rcParams["axes.facecolor"] == style.THEMES["dark"]["paper"]
    return style.DIGIT_CMAP["dark" if dark else "light"]


def draw_digit(ax, image, caption=None, color=None):
    """Draw one 28x28 picture (or 784 numbers) with values in [0, 1] into `ax`, with a thin frame."""
    ax.imshow(np.reshape(image, (28, 28)), cmap=digit_cmap(), vmin=0, vmax=1, gid="digit")
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=mpl.rcParams["grid.color"], linewidth=0.8, gid="faint")
    if caption is not None:
        ax.set_title(caption, fontsize=9, loc="center", color=color or mpl.rcParams["text.color"])


def digit_grid(images, captions=None, columns=10):
    """Draw pictures row by row. images: (N, 784) or (N, 1, 28, 28); captions: N strings."""
    rows = -(-len(images) // columns)
    height = 0.74 if captions is None else 0.96
    fig = Figure(figsize=(style.WIDTH, height * rows * 10 / columns))
    for index, ax in enumerate(np.ravel(fig.subplots(rows, columns))):
        if index < len(images):
            draw_digit(ax, images[index], None if captions is None else captions[index])
        else:
            ax.set_visible(False)
    said = "" if captions is None else ": " + ", ".join(str(c).replace("\n", " ") for c in captions)
    fig.alt = f"{len(images)} pictures of handwritten digits in a grid{said}."
    return fig


def worst_mistakes(images, labels, probabilities, count=10, columns=5):
    """Draw the `count` mistakes that the net was surest about: true digit, its answer, its probability.

    images: (N, 784), labels: (N,), probabilities: (N, 10).
    """
    answers, rows = probabilities.argmax(axis=1), np.arange(len(labels))
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(-probabilities[rows, answers][wrong])][:count]
    if len(worst) == 0:
        raise ValueError("there is no mistake to show: every answer is right")
    captions = [f"{labels[i]} called {answers[i]}\np = {probabilities[i, answers[i]]:.3f}" for i in worst]
    fig = digit_grid(images[worst], captions, columns=min(columns, len(worst)))
    fig.set_size_inches(style.WIDTH, 1.75 * -(-len(worst) // columns) * (5 / columns) ** 0.7)
    fig.alt = f"The {len(worst)} mistakes the net was surest about: " + "; ".join(captions).replace("\n", ", ") + "."
    return fig
