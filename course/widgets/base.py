"""What all explorers share: state in traits, the reader's function in a thread, one figure that is never rebuilt."""

import base64
import html
import io
import threading
from contextlib import contextmanager

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave

from course.figures import style
from course.figures.theme import repaint
from course.widgets.picture import Picture
from course.widgets.reader import WrongAnswer, explain
from course.widgets.worker import LatestWins, Stopped

DPI = 100


class Explorer(widgets.VBox):
    """Base of the explorers. A subclass says what its state is, what to compute from it, and how to show that.

    * `state`: names of the traits that make a new picture; the Reset button brings their first values back
    * `build(figure)`: make all artists, once; it may set `self.moving`, a list of those that `show` changes, in the
      order in which they are drawn over the rest; a smaller list is a faster picture
    * `controls()`: the ipywidgets; `self.bind(name, widget)` ties a control to a trait
    * `compute(**state)`: call the reader's function; runs in a thread, touches neither artists nor traits
    * `show(result)`: update the artists; returns `(readout, alt)`. May set `result["warning"]`.

    Tests drive an explorer by its traits, then `wait()`, and look at `readout`, `alt`, `error`, `status`, `png`.
    """

    state = ()
    moving = ()  # empty: everything is drawn every time
    size = (style.WIDTH, 4.0)  # inches, at 100 CSS pixels an inch

    theme = traitlets.Enum(["light", "dark"], "light")
    readout = traitlets.Unicode(help="what the picture says, in words and numbers")
    alt = traitlets.Unicode(help="what the picture is, for who cannot see it")
    error = traitlets.Unicode(help="what went wrong in the reader's function")
    status = traitlets.Unicode(help="says that a slow function is still running")
    png = traitlets.Bytes()

    def __init__(self, theme=None, patience=0.15):
        """theme: "light", "dark", or None to follow the page. patience: seconds to wait for a quick function."""
        super().__init__()
        self.add_class("course-explorer")
        self._drawing = threading.RLock()
        self._hold, self._result, self._scale, self._painted, self._still = False, None, 1.0, None, None
        self._calls = LatestWins(self._receive, self._report_wait, patience)
        self.figure = Figure(figsize=self.size, dpi=DPI)
        FigureCanvasAgg(self.figure)
        with mpl.rc_context(style.settings("light")):
            self.figure.set_layout_engine("constrained")
            self.build(self.figure)
            self.figure.draw_without_rendering()  # lay out once, so that nothing moves later
            self.figure.set_layout_engine("none")

        self.picture = Picture(width=round(self.size[0] * DPI))
        for name in ("png", "alt", "readout", "error", "status"):
            traitlets.dlink((self, name), (self.picture, name))
        self._stop = widgets.Button(description="Stop my function", layout={"display": "none"})
        self._stop.on_click(lambda _: self._calls.stop())
        self._reset = widgets.Button(description="Reset", tooltip="Back to the first values", layout={"width": "80px"})
        self._reset.on_click(lambda _: self.reset())
        self.children = self.arrange(self.controls(), self.picture, [self._reset, self._stop])

        self._start = {name: getattr(self, name) for name in self.state}
        self.observe(lambda change: self.refresh(), list(self.state))
        self.observe(lambda change: self._redraw(), "theme")
        if theme is not None:
            self.theme = theme
        self.picture.observe(lambda change: self._page_changed(follow=theme is None), ["page_theme", "page_scale"])
        self.refresh()
        with self._drawing:
            if not self.png:  # a slow function: the empty picture says that something will come
                self.picture.stale, self.alt = True, "No picture yet: the function is still running."
                self._redraw()

    # for subclasses

    def build(self, figure):
        raise NotImplementedError

    def controls(self):
        raise NotImplementedError

    def compute(self, **state):
        raise NotImplementedError

    def show(self, result):
        raise NotImplementedError

    def arrange(self, controls, picture, buttons):
        """Children of the explorer, from top to bottom."""
        return [*controls, widgets.HBox(buttons), picture]

    def bind(self, name, control):
        """Tie a control to a trait, both ways. Returns the control."""
        traitlets.link((self, name), (control, "value"))
        return control

    # for everybody

    def reset(self):
        """Bring the first values back, and with them the same numbers."""
        with self.together():
            for name, value in self._start.items():
                setattr(self, name, value)

    @contextmanager
    def together(self):
        """Several traits change, one new picture."""
        self._hold = True
        try:
            yield
        finally:
            self._hold = False
        self.refresh()

    def refresh(self):
        """Compute and draw again from the present state."""
        if self._hold:
            return
        state = {name: getattr(self, name) for name in self.state}
        self._calls.submit(lambda: self._run(state))

    def wait(self, timeout=30.0):
        """Wait for a slow function; True if everything is drawn."""
        return self._calls.wait(timeout)

    def _run(self, state):
        try:
            with np.errstate(all="ignore"):  # huge numbers give inf and nan, which are talked about, not warned of
                return self.compute(**state)
        except WrongAnswer as wrong:
            return str(wrong)
        except Stopped:
            return "Stopped. Change a control to run your function again."
        except BaseException as error:  # the reader's function may raise anything, even SystemExit
            return explain(error)

    def _receive(self, outcome):
        if isinstance(outcome, Stopped):
            outcome = "Stopped. Change a control to run your function again."
        if isinstance(outcome, str):
            self._fail(outcome)
            return
        with self._drawing:
            self._result = outcome
            self.error, self.picture.stale = outcome.get("warning", ""), False
            self._redraw()

    def _fail(self, text):
        with self._drawing:
            self.error, self.picture.stale = text, True
            if self._result is None:
                self.readout, self.alt = "No result: see the message above.", "No picture: the function gave no result."
                self._redraw()
            else:
                self.readout = "No result: see the message above. The picture is the last one that worked."
                self.alt = f"Out of date. {self.alt.removeprefix('Out of date. ')}"

    def _report_wait(self, seconds):
        self.status = "" if seconds is None else f"your function is still running ({seconds:.1f} s)"
        self._stop.layout.display = "none" if seconds is None else ""

    def _page_changed(self, follow):
        new_scale = self.picture.page_scale != self._scale
        self._scale = self.picture.page_scale
        if follow and self.picture.page_theme and self.picture.page_theme != self.theme:
            self.theme = self.picture.page_theme  # draws
        elif new_scale:
            self._redraw()

    def _redraw(self):
        with self._drawing, np.errstate(all="ignore"):  # nan and inf are drawn, or said, where they occur
            if self._result is not None:
                readout, alt = self.show(self._result)
                if not self.picture.stale:
                    self.readout, self.alt = readout, alt
            if self._painted != (self.theme, self._scale):
                repaint(self.figure, self.theme)
                self.figure.set_dpi(DPI * self._scale)
                self._painted, self._still = (self.theme, self._scale), None
            self.png = self._render()

    def _render(self):
        """PNG of the figure. What stands still (ticks, titles, legends) is drawn once and kept: twice as fast."""
        canvas = self.figure.canvas
        if self._still is None or not self.moving:
            for artist in self.moving:
                artist.set_animated(True)  # left out of canvas.draw
            canvas.draw()
            self._still = canvas.copy_from_bbox(self.figure.bbox)
        else:
            canvas.restore_region(self._still)
        for artist in self.moving if self._result is not None else ():  # no made-up curve before the first result
            artist.draw(canvas.get_renderer())
        buffer = io.BytesIO()
        imsave(buffer, np.asarray(canvas.buffer_rgba()), format="png", pil_kwargs={"compress_level": 1})
        return buffer.getvalue()

    def redraw_all(self):
        """For `show`: something changed that is not in `moving`, so draw the whole figure this time."""
        self._still = None

    def __repr__(self):
        return f"{type(self).__name__}: {self.alt}"

    def _repr_mimebundle_(self, **kwargs):
        """The live view, and a still picture with alt text for where no kernel runs (HTML, slides, PDF)."""
        bundle = dict(super()._repr_mimebundle_(**kwargs) or {})
        png = base64.b64encode(self.png).decode()
        text = html.escape(self.error or self.readout)
        bundle["text/plain"] = f"{self!r}\n{self.error or self.readout}"
        bundle["image/png"] = png
        bundle["text/html"] = (
            f'<figure style="margin: 0"><img alt="{html.escape(self.alt)}" src="data:image/png;base64,{png}" '
            f'style="max-width: 100%; width: {self.picture.width}px">'
            f'<figcaption style="white-space: pre-line">{text}</figcaption></figure>'
        )
        return bundle
