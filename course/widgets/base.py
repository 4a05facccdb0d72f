"""What all explorers share: state in traits, the reader's function in a thread, one figure that is never rebuilt."""

import threading
from contextlib import contextmanager

import ipywidgets as widgets
import matplotlib as mpl
import traitlets
from IPython.display import display
from matplotlib.figure import Figure

from course.figures import style
from course.widgets.ahead import Ahead, switched_on
from course.widgets.answering import Answering
from course.widgets.axes import Axis
from course.widgets.canvas import DPI, Canvas
from course.widgets.cells import CELLS
from course.widgets.followed import Followed
from course.widgets.picture import Picture
from course.widgets.still import Still
from course.widgets.worker import LatestWins


class Explorer(Answering, widgets.VBox):
    """Base of the explorers. A subclass says what its state is, what to compute from it, and how to show that.

    * `state`: names of the traits that make a new picture; the Reset button brings their first values back
    * `build(figure)`: make all artists, once; it may set `self.moving`, a list of those that `show` changes, in the
      order in which they are drawn over the rest; a smaller list is a faster picture
    * `controls()`: the ipywidgets, from top to bottom; `self.bind(name, widget)` ties a control to a trait. Widths
      come from picture.css: a control says its description and no layout
    * `compute(**state)`: call the reader's function; runs in a thread, touches neither artists nor traits. Returns
      a dict for `show`; its `"warning"`, if it has one, is shown like an error
    * `show(result)`: update the artists from the result and nothing else; returns `(readout, alt)`. The theme it draws
      for, where it matters before repainting, is `self.paper`

    A function of the reader's goes through `self.follow(name, function)` before it is kept, in `__init__`: what that
    returns is called like the function, is the edited one after its cell ran again, and lets the explorer draw anew.

    Idle, an explorer computes what may be asked for next (ahead.py): `compute` and `show` are called for states that
    the controls never had, and what they return may depend on their arguments alone. Where that cannot be, as where
    training goes on from call to call, a subclass says `ahead = False`.

    Tests drive an explorer by its traits, then `wait()`, and look at `readout`, `alt`, `error`, `status`, `png`.
    """

    state = ()
    moving = ()  # empty: everything is drawn every time
    axes = ()  # an `Axis` for each control that `bind` or `axis` was told of
    size = (style.WIDTH, 4.0)  # inches, at 100 CSS pixels an inch; higher than 6 does not fit a laptop
    picture_class = Picture
    told = ("png", "alt", "readout", "error", "status")  # what the page is told
    read_below = False  # the read-out stands under the controls, or under the picture, where it has longer lines

    theme = traitlets.Enum(["light", "dark"], "light")
    readout = traitlets.Unicode(help="what the picture says, in words and numbers")
    alt = traitlets.Unicode(help="what the picture is, for who cannot see it")
    error = traitlets.Unicode(help="what went wrong in the reader's function")
    status = traitlets.Unicode(help="says that a slow function is still running")
    png = traitlets.Bytes()
    ahead = True  # compute states before they are asked for

    def __init__(self, theme=None, patience=0.15):
        """theme: "light", "dark", or None to follow the page. patience: seconds to wait for a quick function."""
        super().__init__()
        self.add_class("course-explorer")
        self._drawing = threading.RLock()
        self._hold, self._result, self._scale, self._settled = False, None, 1.0, False
        self._origin, self._views, self._outdated, self.paper = None, None, False, "light"
        self._calls = LatestWins(self._receive, self._report_wait, patience)
        self.axes = []
        self.figure = Figure(figsize=self.size, dpi=DPI)
        self._canvas = Canvas(self.figure)
        with mpl.rc_context(style.settings("light")):
            self.figure.set_layout_engine("constrained")
            self.build(self.figure)
            self.figure.draw_without_rendering()  # lay out once, so that nothing moves later
            self.figure.set_layout_engine("none")

        controls, self._reset = self.controls(), widgets.Button(description="Reset", tooltip="Back to the first values")
        self.picture = self.picture_class(
            width=round(self.size[0] * DPI), explorer=self.model_id, button=self._reset.model_id,
            axes=[axis.control.model_id for axis in self.axes],
        )  # fmt: skip
        for name in self.told:
            traitlets.dlink((self, name), (self.picture, name))
        self._stop = widgets.Button(description="Stop my function", layout={"display": "none"})
        self._stop.on_click(lambda _: self._calls.stop())
        self._reset.on_click(lambda _: self.reset())
        self.children = self.arrange(controls, self.picture, [self._reset, self._stop])
        self._ahead = Ahead(
            wanted=lambda: self.ahead and switched_on(), length=lambda axis: self.axes[axis].length,
            answer=self._answer, compute=self._compute_at, draw=self._draw_ahead,
            send=self.picture.send, busy=LatestWins.busy,
        )  # fmt: skip

        self._start = {name: getattr(self, name) for name in self.state}
        self.observe(lambda change: self.refresh(), list(self.state))
        self.observe(lambda change: self._repaint(), "theme")
        if theme is not None:
            self.theme = theme
        self.picture.observe(lambda change: self._page_changed(follow=theme is None), ["page_theme", "page_scale"])
        self.picture.on_msg(self._from_page)
        self.refresh()
        with self._drawing:
            if self.is_blank:  # a slow function: the empty picture says that something will come
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

    @property
    def is_blank(self):
        """Has nothing been drawn yet?"""
        return not self.png

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
        self.outdate()
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
        """Compute and draw again from the present state; where it was foreseen the page shows it already."""
        if self._hold:
            return
        origin = self._state_at([0] * len(self.axes))
        if not _equal(origin, self._origin):  # more has changed than the axes say
            self._origin, self.picture.basis = origin, self._ahead.forget()
        if not self._ahead.moved(self._positions()):
            self._answer()

    def wait(self, timeout=30.0):
        """Wait for a slow function; True if everything is drawn."""
        self._ahead.confirm()
        return self._calls.wait(timeout)

    # told by the notebook and the page

    def _cell_ended(self):
        """A cell may have changed anything: frames are out of date, and a function that was exchanged is drawn."""
        followed = self.__dict__.get("_followed", [])
        if not self._settled:
            self._settled = True
            for function in followed:
                function.settle()
        changed = any([function.changed() for function in followed])
        if changed:
            self._ahead.refused = ""
        if self._ahead.page:
            self.outdate()
        if changed and self._views == 0:
            self._outdated = True
        elif changed:
            self.refresh()

    def _from_page(self, _, content, buffers):
        if content.get("axis") in range(len(self.axes)):  # the focus or the mouse is on a control
            self._ahead.attend(content["axis"])
        if content.get("opened"):
            self.picture.basis = self._ahead.hello()
        if "views" in content:  # nothing is drawn for a page that shows nothing
            self._views = content["views"]
            if self._views and self._outdated:
                self._outdated = False
                self.refresh()

    def _report_wait(self, seconds):
        self.status = "" if seconds is None else f"your function is still running ({seconds:.1f} s)"
        self._stop.layout.display = "none" if seconds is None else ""

    def _page_changed(self, follow):
        new_scale = self.picture.page_scale != self._scale
        self._scale = self.picture.page_scale
        if follow and self.picture.page_theme and self.picture.page_theme != self.theme:
            self.theme = self.picture.page_theme  # draws
        elif new_scale:
            self._repaint()

    def redraw_all(self):
        """For `show`: something changed that is not in `moving`, so draw the whole figure this time."""
        self._canvas.forget()

    def outdate(self):
        """Something that pictures are made of has changed and is not in `state`: forget what was computed ahead."""
        self.picture.basis = self._ahead.forget()

    def __repr__(self):
        return f"{type(self).__name__}: {self.alt}"

    def _ipython_display_(self, **kwargs):
        """Two outputs, of which the reader sees one: the still for where no kernel runs, and the live explorer."""
        display(Still(self))
        # the still speaks for it in all other forms
        display({**self._repr_mimebundle_(), "text/plain": "", "text/html": ""}, raw=True)


def _equal(one, other):
    try:
        return bool(one == other)
    except ValueError:  # arrays: they do not say whether they are the same
        return False
