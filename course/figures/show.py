"""Put a matplotlib figure into a notebook with alt text.

Jupyter's own picture of a figure has no alt text, in JupyterLab and in an exported page. Every picture of the
course therefore goes through `show`. It returns the picture: as the last line of a cell it appears; elsewhere
write `display(show(fig, alt))`.
"""

import base64
import html
import io

import matplotlib.pyplot as plt

SCALE = 1.6  # pixels of the file for one pixel on the page: sharp on a fine screen, small enough to send


class Picture:
    """A PNG with its alt text, which a notebook shows as `<img alt=...>` and a terminal as the sentence."""

    def __init__(self, png, alt, width):
        self.png, self.alt, self.width = png, alt, width

    def _repr_html_(self):
        data = base64.b64encode(self.png).decode("ascii")
        style = f"width:{self.width}px;max-width:100%;height:auto"
        return f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt)}" style="{style}">'

    def __repr__(self):
        return f"[picture: {self.alt}]"


def show(fig, alt=None):
    """Close `fig` and return it as a `Picture`. `alt` says in words what the picture shows.

    The drawings of `course.figures` bring their own sentence (`fig.alt`), so that `show(fig)` is enough for
    them. A picture without one is refused: somebody cannot see it.
    """
    alt = alt or getattr(fig, "alt", None)
    if not alt or not alt.strip():
        raise ValueError("a picture needs alt text: show(fig, 'what the picture shows, in a sentence')")
    plt.close(fig)
    return Picture(png(fig), " ".join(alt.split()), round(fig.get_figwidth() * fig.dpi))


def png(fig):
    """Return the figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=SCALE * fig.dpi)
    return buffer.getvalue()
