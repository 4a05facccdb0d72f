"""Put a matplotlib figure into a notebook with alt text, in the colours of the page.

Jupyter's own picture of a figure has no alt text and one paper, white. Every picture of the course therefore goes
through `show`. It returns the picture: as the last line of a cell it appears; elsewhere write
`display(show(fig, alt))`. It is drawn for light and for dark pages, and the page shows the one that fits.
"""

import base64
import html
import io

import matplotlib.pyplot as plt
from PIL import Image

from course.figures.style import THEMES
from course.figures.theme import repaint

SCALE = 1.6  # pixels of the file for one pixel on the page: sharp on a fine screen, small enough to send
COLOURS = 128  # of a file: enough for smooth edges, and a third of the bytes
QUALITY = 88  # of a photograph: a tenth of the bytes

# JupyterLab and its exports say their theme on <body>; elsewhere the reader's system does. A page that throws style
# sheets away shows the light picture alone, for the dark one is `hidden`.
CSS = """
body[data-jp-theme-light="false"] .course-figure img { display: none }
body[data-jp-theme-light="false"] .course-figure img[hidden] { display: inline }
@media (prefers-color-scheme: dark) {
  body:not([data-jp-theme-light]) .course-figure img { display: none }
  body:not([data-jp-theme-light]) .course-figure img[hidden] { display: inline }
}
"""


class Picture:
    """A drawing as two files, for light and dark pages, with its alt text and what stands below it."""

    def __init__(self, light, dark, alt, width, caption=""):
        self.light, self.dark, self.alt, self.width, self.caption = light, dark, alt, width, caption

    def _repr_html_(self):
        below = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        images = self._image(self.light) + self._image(self.dark, "hidden ")
        return f'<figure class="course-figure" style="margin:0"><style>{CSS}</style>{images}{below}</figure>'

    def _image(self, file, attributes=""):
        kind = "png" if file.startswith(b"\x89PNG") else "jpeg"
        data, style = base64.b64encode(file).decode("ascii"), f"width:{self.width}px;max-width:100%;height:auto"
        alt = html.escape(self.alt)
        return f'<img {attributes}alt="{alt}" src="data:image/{kind};base64,{data}" style="{style}">'

    def __repr__(self):
        return f"[picture: {self.alt}]" + (f"\n{self.caption}" if self.caption else "")


def show(fig, alt=None, caption=""):
    """Close `fig` and return it as a `Picture`. `alt` says in words what the picture shows.

    The drawings of `course.figures` bring their own sentence (`fig.alt`), so that `show(fig)` is enough for
    them. A picture without one is refused: somebody cannot see it. caption: a sentence below the picture.
    """
    alt = alt or getattr(fig, "alt", None)
    if not alt or not alt.strip():
        raise ValueError("a picture needs alt text: show(fig, 'what the picture shows, in a sentence')")
    plt.close(fig)
    return picture(fig, " ".join(alt.split()), caption)


def picture(fig, alt, caption=""):
    """Return the figure as it is now, in both themes; it may be changed and drawn again."""
    files, layout = [], fig.get_layout_engine()
    for theme in THEMES:
        files.append(draw(fig, theme))
        fig.set_layout_engine("none")  # the same places in both, and half the time
    fig.set_layout_engine(layout)
    return Picture(*files, alt, round(fig.get_figwidth() * fig.dpi), caption)


def draw(fig, theme="light"):
    """Return the figure in the colours of the theme, as the bytes of a PNG file; of a JPEG if a photo is in it."""
    repaint(fig, theme)
    drawn, file = io.BytesIO(), io.BytesIO()
    quick = {"compress_level": 1}
    fig.savefig(drawn, format="png", dpi=SCALE * fig.dpi, facecolor=fig.get_facecolor(), pil_kwargs=quick)
    image = Image.open(drawn).convert("RGB")
    if any(_is_photo(drawing.get_array()) for axes in fig.axes for drawing in axes.images):
        image.save(file, format="jpeg", quality=QUALITY)
    else:
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, format="png")
    return file.getvalue()


def _is_photo(pixels):
    return pixels.ndim == 3 and min(pixels.shape[:2]) > 100
