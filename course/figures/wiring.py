"""Who is joined with whom: a dense layer, and a convolution along a line. Slides: ehinger-024, ehinger-026."""

import matplotlib as mpl

from course.figures import style


def draw_wiring(ax, inputs, outputs, size, position, title=""):
    """Draw two rows of neurons, below the inputs. The output at `position` sees `size` inputs, from its place on.

    With `size` equal to `inputs` it is a dense layer. Lines of the same colour and style have the same weight.
    """
    dense = size >= inputs
    for output in range(outputs):
        seen = range(inputs) if dense else range(output, output + size)
        for k, place in enumerate(seen):
            mine = output == position
            colour = style.CLASS_COLORS[(k if not dense else 8) % 10] if mine else mpl.rcParams["grid.color"]
            ax.plot([place, _above(output, inputs, outputs)], [0, 1], color=colour, linewidth=2 if mine else 0.5,
                    linestyle=["-", "--", ":", "-."][k % 4] if mine and not dense else "-",
                    zorder=2 if mine else 1, gid=None if mine else "faint")  # fmt: skip
    for count, y in ((inputs, 0), (outputs, 1)):
        for place in range(count):
            x = place if y == 0 else _above(place, inputs, outputs)
            filled = y == 1 and place == position
            ax.plot(x, y, "o", markersize=9, color=mpl.rcParams["text.color"], zorder=3,
                    markerfacecolor=style.ORANGE if filled else mpl.rcParams["axes.facecolor"])  # fmt: skip
    ax.set(xlim=(-0.6, inputs - 0.4), ylim=(-0.25, 1.25), title=title)
    ax.set_axis_off()


def _above(output, inputs, outputs):
    return output + (inputs - outputs) / 2
