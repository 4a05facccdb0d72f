"""The one timeline of the course: eighty years of neural nets, with the two winters. Slides: cmu-l10-014."""

import matplotlib as mpl
from matplotlib.figure import Figure

from course.figures import style
from course.figures.guess import COLOUR, WORDS

# (year, what, source)
EVENTS = [
    (1943, "mathematical neuron", "McCulloch and Pitts, Bull. Math. Biophysics 5"),
    (1957, "perceptron", "Rosenblatt, Cornell Aeronautical Laboratory report 85-460-1"),
    (1969, "one layer cannot do XOR", "Minsky and Papert, Perceptrons, MIT Press"),
    (1980, "neocognitron", "Fukushima, Biological Cybernetics 36"),
    (1986, "backpropagation for nets", "Rumelhart, Hinton and Williams, Nature 323"),
    (1989, "convnet reads digits", "LeCun et al., Neural Computation 1"),
    (1991, "vanishing gradient", "Hochreiter, diploma thesis, TU Munich"),
    (1997, "LSTM", "Hochreiter and Schmidhuber, Neural Computation 9"),
    (2006, "deep nets, layer by layer", "Hinton, Osindero and Teh, Neural Computation 18"),
    (2009, "ImageNet", "Deng et al., CVPR"),
    (2012, "AlexNet", "Krizhevsky, Sutskever and Hinton, NIPS"),
    (2014, "GAN", "Goodfellow et al., NIPS"),
    (2015, "ResNet, 96 % on ImageNet", "He et al., CVPR 2016 (report of 2015)"),
    (2016, "AlphaGo", "Silver et al., Nature 529"),
]
# (first year, last year, what collapsed)
WINTERS = [(1974, 1980, "first winter"), (1987, 1993, "second winter")]


def timeline(events=EVENTS, winters=WINTERS, guess=None):
    """Draw the events along the years. The labels go down like a staircase, so that none covers another.

    guess: the event that the reader guessed.
    """
    ink, faint = mpl.rcParams["text.color"], mpl.rcParams["grid.color"]
    fig = Figure(figsize=(style.WIDTH, 4.0))
    ax = fig.subplots()
    for first, last, name in winters:
        ax.axvspan(first, last, color=style.CLASS_COLORS[4], alpha=0.3, linewidth=0)
        ax.text((first + last) / 2, -0.6, f"{name}\n{first}-{last}", ha="center", va="top", fontsize=8)
    for index, (year, what, _) in enumerate(events):
        height = len(events) - index
        ax.plot([year, year], [0, height], color=faint, linewidth=1)
        ax.plot(year, 0, "o", color=style.BLUE, markersize=6, zorder=3)
        looks = {"color": COLOUR, "fontweight": "bold", "gid": "own"} if what == guess else {"color": ink}
        text = f" {year} {what}" + (f"  ◀ {WORDS}" if what == guess else "")
        ax.text(year, height, text, fontsize=8.5, ha="left", va="center", **looks)
    ax.axhline(0, color=ink, linewidth=1.5)
    ax.set(ylim=(-3, len(events) + 0.8), xlim=(1940, 2042), yticks=[], xticks=range(1940, 2021, 10))
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    fig.alt = "Timeline of neural nets: " + "; ".join(f"{year} {what}" for year, what, _ in events)
    fig.alt += ". Shaded: " + ", ".join(f"{name} {first} to {last}" for first, last, name in winters) + "."
    if guess is not None:
        fig.alt += f" Marked as your guess: {guess}."
    return fig
