"""What live explorers share: the page draws and moves, from arrays that Python computed once and sent.

Python keeps the state, calls the reader's function and says the words; what steps, is pointed at or dragged is drawn in
the page without asking (live.js). The still picture, for exports, is drawn by Python when it is asked for.
"""

import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.figure import Figure

from course.figures import style
from course.widgets.base import Explorer
from course.widgets.canvas import DPI, Canvas
from course.widgets.picture import HERE, Picture, module
from course.widgets.watch import Seen


def stage_module(*names):
    """The ES module of a stage: what all share, and then its own files."""
    return module("page.js", "controls.js", "live.js", *names)


class Stage(Picture):
    """The place in the page where a live explorer draws. A subclass gives `_esm`, and traits that both sides change."""

    _css = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("picture.css", "live.css"))

    scene = traitlets.Dict(help="what is drawn: arrays and words").tag(sync=True)
    theme = traitlets.Enum(["", "light", "dark"], "", help="empty: as the page").tag(sync=True)


class Live(Explorer):
    """Base of the explorers that the page draws. A subclass says, besides `state`, `controls` and `compute`:

    * `picture_class`: its `Stage`
    * `views`: traits that change what is shown without a new call of the reader's function; those that the stage has
      as well are tied to it
    * `scene(result)`: a dict for the page; finite numbers, texts, bytes
    * `words(result)`: `(readout, alt)`
    * `draw(figure, result)`: the still picture
    """

    ahead = False  # the page has all it needs
    views = ()
    told = ("alt", "readout", "error", "status")

    def __init__(self, theme=None, **kwargs):
        self._png = None  # the theme of the still picture, and its bytes
        super().__init__(theme=theme, **kwargs)
        if theme is not None:
            self.picture.theme = theme
        for name in self.views:
            if self.picture.has_trait(name):
                traitlets.link((self, name), (self.picture, name))
        self._start |= {name: getattr(self, name) for name in self.views}
        self.observe(lambda change: self.show_again(), list(self.views))

    # for subclasses

    def scene(self, result):
        raise NotImplementedError

    def words(self, result):
        raise NotImplementedError

    def draw(self, figure, result):
        raise NotImplementedError

    # for everybody

    @property
    def png(self):
        """The still picture."""
        if self._png is None or self._png[0] != self.theme:
            self._png = self.theme, self._still_in(self.theme)
        return self._png[1]

    @property
    def is_blank(self):
        return self._result is None and not self.error

    def in_both_themes(self):
        return self._still_in("light"), self._still_in("dark")

    def show_again(self):
        """Show the same result: something changed that the reader's function does not depend on."""
        if not self._hold:
            self._redraw()

    # own

    def build(self, figure):
        """Nothing stands still here."""

    def show(self, result):
        self.picture.scene = self.scene(result)
        return self.words(result)

    def _redraw(self):
        with self._drawing, self.picture.hold_sync(), np.errstate(all="ignore"):
            self._png = None
            if self._result is not None and not self.picture.stale:
                self.readout, self.alt = self.show(self._result)
        return Seen()

    def _repaint(self):
        self._png = None  # the page follows by itself

    def _still_in(self, theme):
        with self._drawing, mpl.rc_context(style.settings(theme)), np.errstate(all="ignore"):
            figure = Figure(figsize=self.size, dpi=DPI)
            self.paper = theme
            if self._result is not None:
                self.draw(figure, self._result)
            return Canvas(figure).png()
