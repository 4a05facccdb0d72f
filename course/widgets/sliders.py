"""A few sliders over one drawing: the small explorers that a notebook makes on the spot."""

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets

from course.figures import style
from course.widgets.base import Explorer


class Sliders(Explorer):
    """Redraw axes from the values of some sliders.

        def draw(ax, width):
            draw_network(ax, [784, width, 10])
            return f"{num_parameters([784, width, 10])} parameters", f"A net with {width} hidden neurons."

        Sliders(draw, width=(1, 64, 16))

    draw(axes, **values): gets the axes, cleared, and the value of each slider; returns the read-out and the alt
    text. With `compute`, a slow function of the same values that runs beside the page, `draw(axes, result)` gets
    what it returned. A control is `(smallest, largest, first)` for a whole number, or a list of values or of
    (label, value) pairs, which starts at the first; `start` names another. `axes` is handed to `Figure.subplots`,
    for example `{"ncols": 2}`. Each value is also a trait of the explorer: `explorer.width = 32`.
    """

    def __init__(self, draw, *, compute=None, size=(style.WIDTH, 3.0), axes=None, start=None, labels=None, **controls):
        taken = [name for name in controls if hasattr(Explorer, name) or name in ("figure", "picture")]
        if taken:
            raise ValueError(f"a slider cannot be called {taken[0]!r}: explorers use that name themselves")
        self.state, self.size = tuple(controls), size
        self._draw = self.follow("draw", draw)
        self._compute = None if compute is None else self.follow("compute", compute)
        self._subplots, self._specs = axes or {}, controls
        self._labels = labels or {}
        first = {name: _first(spec) for name, spec in controls.items()} | (start or {})
        self.add_traits(**{name: traitlets.Any(value) for name, value in first.items()})
        super().__init__()

    def build(self, figure):
        """Make the axes and draw the first state, so that the layout has room for all labels."""
        self._axes = figure.subplots(**self._subplots)
        self.show(self.compute(**{name: getattr(self, name) for name in self.state}))

    def controls(self):
        """One slider a value; with a list the slider steps through its entries."""
        return [self.bind(name, self._control(name, spec)) for name, spec in self._specs.items()]

    def compute(self, **state):
        """Call the slow function, if there is one."""
        return {"values": state} if self._compute is None else {"computed": self._compute(**state)}

    def show(self, result):
        """Draw again, in the colours of the theme."""
        with mpl.rc_context(style.settings(self.paper)):
            for ax in np.ravel(self._axes):
                ax.clear()
            if "computed" in result:
                return self._draw(self._axes, result["computed"])
            return self._draw(self._axes, **result["values"])

    def _control(self, name, spec):
        says = {"description": self._labels.get(name, name.replace("_", " ").capitalize())}
        if isinstance(spec, tuple):
            return widgets.IntSlider(min=spec[0], max=spec[1], value=getattr(self, name), **says)
        return widgets.SelectionSlider(options=spec, value=getattr(self, name), **says)


def _first(spec):
    if isinstance(spec, tuple):
        return spec[2]
    first = spec[0]
    return first[1] if isinstance(first, tuple) else first
