"""A figure that is drawn again and again, and what of it stands still is drawn once."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from course.figures.theme import repaint

DPI = 100


class Canvas:
    """PNG bytes of a figure. `paint` says for which page, `png` draws."""

    def __init__(self, figure):
        self.figure = figure
        FigureCanvasAgg(figure)
        self._page, self._still = None, None

    def paint(self, theme, scale):
        """Use the colours of the theme and `scale` pixels for one CSS pixel."""
        if self._page != (theme, scale):
            repaint(self.figure, theme)
            self.figure.set_dpi(DPI * scale)
            self._page, self._still = (theme, scale), None

    def forget(self):
        """Something changed that is not in `moving`: draw all of the figure next time."""
        self._still = None

    def png(self, moving=(), empty=False, go_on=lambda: None):
        """Draw; of a figure that was drawn before only the artists `moving`, over the rest: twice as fast.

        `empty` leaves `moving` out. `go_on` is called again and again and may raise, to end the work.
        """
        with np.errstate(all="ignore"):  # nan, inf and huge numbers are drawn, or said, where they occur
            return self._png(moving, empty, go_on)

    def _png(self, moving, empty, go_on):
        canvas = self.figure.canvas
        if self._still is None or not moving:
            for artist in moving:
                artist.set_animated(True)  # left out of canvas.draw
            canvas.draw()
            self._still = canvas.copy_from_bbox(self.figure.bbox)
        else:
            canvas.restore_region(self._still)
        for artist in () if empty else moving:
            go_on()
            artist.draw(canvas.get_renderer())
        go_on()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # (height, width, 3): the paper is opaque
        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "png", compress_level=1)
        return buffer.getvalue()
