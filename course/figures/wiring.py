"""Who is joined with whom: a dense layer, and a convolution along a line. Slides: ehinger-024, ehinger-026."""

import matplotlib as mpl
from matplotlib.collections import LineCollection

from course.figures import style


def draw_wiring(ax, inputs, outputs, size, position, title=""):
    """Draw two rows of neurons, below the inputs. The output at `position` sees `size` inputs, from its place on.

    With `size` equal to `inputs` it is a dense layer. Lines of the same colour and style have the same weight.
    """
    dense, grey = size >= inputs, []
    for output in range(outputs):
        seen = range(inputs) if dense else range(output, output + size)
        for k, place in enumerate(seen):
            line = [(place, 0), (_above(output, inputs, outputs), 1)]
            if output != position:
                grey.append(line)
                continue
            looks = {"color": style.CLASS_COLORS[8]} if dense else {
                "color": style.CLASS_COLORS[k % 10], "linestyle": ["-", "--", ":", "-."][k % 4]}  # fmt: skip
            ax.plot(*zip(*line, strict=True), linewidth=2, zorder=2, **looks)
    ax.add_collection(LineCollection(grey, colors=mpl.rcParams["grid.color"], linewidths=0.5, zorder=1, gid="faint"))
    places = [*((place, 0) for place in range(inputs)), *((_above(k, inputs, outputs), 1) for k in range(outputs))]
    looks = {"s": 80, "zorder": 3, "edgecolor": mpl.rcParams["text.color"], "linewidth": 1.2}
    ax.scatter(*zip(*places, strict=True), color=mpl.rcParams["axes.facecolor"], **looks)
    ax.scatter(_above(position, inputs, outputs), 1, color=style.ORANGE, **looks)
    ax.set(xlim=(-0.6, inputs - 0.4), ylim=(-0.25, 1.25), title=title)
    ax.set_axis_off()


def _above(output, inputs, outputs):
    return output + (inputs - outputs) / 2
