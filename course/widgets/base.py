"""What all explorers share: state in traits, the reader's function in a thread, one figure that is never rebuilt."""

import base64
import html
import threading
from contextlib import contextmanager

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.figure import Figure

from course.figures import style
from course.widgets.axes import Axis
from course.widgets.canvas import DPI, Canvas
from course.widgets.cells import CELLS
from course.widgets.followed import Followed
from course.widgets.picture import Picture
from course.widgets.reader import WrongAnswer, explain
from course.widgets.worker import LatestWins, Stopped


class Explorer(widgets.VBox):
    """Base of the explorers. A subclass says what its state is, what to compute from it, and how to show that.

    * `state`: names of the traits that make a new picture; the Reset button brings their first values back
    * `build(figure)`: make all artists, once; it may set `self.moving`, a list of those that `show` changes, in the
      order in which they are drawn over the rest; a smaller list is a faster picture
    * `controls()`: the ipywidgets, from top to bottom; `self.bind(name, widget)` ties a control to a trait. Widths
      come from picture.css: a control says its description and no layout
    * `compute(**state)`: call the reader's function; runs in a thread, touches neither artists nor traits
    * `show(result)`: update the artists and nothing else; returns `(readout, alt)`. May set `result["warning"]`.

    A function of the reader's goes through `self.follow(name, function)` before it is kept, in `__init__`: what that
    returns is called like the function, is the edited one after its cell ran again, and lets the explorer draw anew.

    Tests drive an explorer by its traits, then `wait()`, and look at `readout`, `alt`, `error`, `status`, `png`.
    """

    state = ()
    moving = ()  # empty: everything is drawn every time
    axes = ()  # an `Axis` for each control that `bind` or `axis` was told of
    size = (style.WIDTH, 4.0)  # inches, at 100 CSS pixels an inch; higher than 6 does not fit a laptop
    read_below = False  # the read-out stands under the controls, or under the picture, where it has longer lines

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
        self._hold, self._result, self._scale, self._settled = False, None, 1.0, False
        self._calls = LatestWins(self._receive, self._report_wait, patience)
        self.axes = []
        self.figure = Figure(figsize=self.size, dpi=DPI)
        self._canvas = Canvas(self.figure)
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
        self._reset = widgets.Button(description="Reset", tooltip="Back to the first values")
        self._reset.on_click(lambda _: self.reset())
        self.children = self.arrange(self.controls(), self.picture, [self._reset, self._stop])
        self.picture.axes = [axis.control.model_id for axis in self.axes]
        self.picture.explorer, self.picture.button = self.model_id, self._reset.model_id

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
        CELLS.connect()
        CELLS.after(self._cell_ended)

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
        """Children of the explorer. Controls stand on the left of the picture; in a narrow page above it."""
        side = widgets.VBox([*controls, *([widgets.HBox(buttons)] if buttons else [])])
        side.add_class("course-explorer-side")
        body = widgets.HBox([side, picture])
        body.add_class("course-explorer-body")
        if self.read_below:
            body.add_class("course-explorer-wide")
        return [body]

    def bind(self, name, control):
        """Tie a control to a trait, both ways. Returns the control."""
        traitlets.link((self, name), (control, "value"))
        return self.axis(control, lambda state, value: state | {name: value})

    def axis(self, control, change):
        """Declare a control that changes the state in another way than `bind`: `change(state, value)` returns the
        state, a dict, when the control has that value. Returns the control."""
        self.axes.append(Axis(control, change))
        return control

    def follow(self, name, function):
        """Take a function of the reader's, called `name` in messages. Returns what is to be called in its place.

        Raises TypeError if it cannot be called.
        """
        followed = Followed(name, function)
        self.__dict__.setdefault("_followed", []).append(followed)
        return followed

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

    def _cell_ended(self):
        """Follow the functions of the notebook: one that was exchanged is drawn with the controls where they are."""
        followed = self.__dict__.get("_followed", [])
        if not self._settled:
            self._settled = True
            for function in followed:
                function.settle()
        if any([function.changed() for function in followed]):
            self.refresh()

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
        with self._drawing, self.picture.hold_sync():  # one message
            if isinstance(outcome, str):
                self._fail(outcome)
            else:
                self._result = outcome
                self.error, self.picture.stale = outcome.get("warning", ""), False
                self._redraw()

    def _fail(self, text):
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
        with self._drawing, self.picture.hold_sync(), np.errstate(all="ignore"):  # nan and inf are drawn, or said
            if self._result is not None:
                try:
                    readout, alt = self.show(self._result)
                except BaseException as error:  # a drawing function of the reader's may raise anything as well
                    self.error, self.picture.stale = explain(error), True
                    self.readout, self.alt = "No result: see the message above.", "No picture: the drawing failed."
                if not self.picture.stale:
                    self.readout, self.alt = readout, alt
            self._canvas.paint(self.theme, self._scale)
            self.png = self._canvas.png(self.moving, empty=self._result is None)  # no curve before the first result

    def redraw_all(self):
        """For `show`: something changed that is not in `moving`, so draw the whole figure this time."""
        self._canvas.forget()

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
