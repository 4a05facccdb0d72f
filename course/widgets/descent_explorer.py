"""A race downhill: gradient descent and the ways after it, from one start, step by step, and your own rule with them.

Slides: intro-ann-026.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import CLASS_COLORS, DIGIT_CMAP, RED
from course.widgets import reader
from course.widgets.axes import only_rounded
from course.widgets.descent_scenes import SCENES
from course.widgets.live import Live, Stage, stage_module

STEPS, GRID, FAR = 150, 90, 1e4
MAKE = {  # of parameters, rate and the share of the last direction that is kept
    "SGD": lambda parameters, lr, beta: nn.SGD(parameters, lr),
    "Momentum": lambda parameters, lr, beta: nn.SGD(parameters, lr, beta),
    "NAG": lambda parameters, lr, beta: nn.SGD(parameters, lr, beta, nesterov=beta > 0),
    "Adagrad": lambda parameters, lr, beta: nn.Adagrad(parameters, lr),
    "Adadelta": lambda parameters, lr, beta: nn.Adadelta(parameters, lr),
    "RMSprop": lambda parameters, lr, beta: nn.RMSprop(parameters, lr, alpha=0.9),
    "Adam": lambda parameters, lr, beta: nn.Adam(parameters, lr, betas=(beta, 0.999)),
}
YOURS = "yours"
LOOKS = {  # mark in the page, marker in the still picture, colour
    "SGD": ("●", "o", CLASS_COLORS[0]), "Momentum": ("■", "s", CLASS_COLORS[1]), "NAG": ("▲", "^", CLASS_COLORS[2]),
    "Adagrad": ("◆", "D", CLASS_COLORS[7]), "Adadelta": ("▼", "v", CLASS_COLORS[4]),
    "RMSprop": ("✚", "P", CLASS_COLORS[5]), "Adam": ("★", "*", CLASS_COLORS[6]), YOURS: ("✖", "X", RED),
}  # fmt: skip


class DescentStage(Stage):
    """The landscape with the paths, the losses, and the buttons of the race."""

    _esm = stage_module("descent_explorer.js")

    # no echo: the page knows how far the race is, and an old echo would take it back
    position = traitlets.Int(0).tag(sync=True, echo_update=False)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True, echo_update=False)


class DescentExplorer(Live):
    """Let optimisers race down a landscape, each with its learning rate; those that diverge are said to.

    update: if given, your rule: a function of the gradient (2,), a dict that is empty at the first step and yours to
    keep things in, and the learning rate, that returns what is taken from the parameters (2,).
    """

    picture_class = DescentStage
    state = ("landscape", "x", "y", "rates", "beta")
    views = ("position", "shown", "method")
    size = (7.2, 4.2)
    read_below = True

    landscape = traitlets.Enum(list(SCENES), "long valley")
    x = traitlets.Float(help="where all start")
    y = traitlets.Float()
    rates = traitlets.Dict(help="{method: learning rate}")
    beta = traitlets.Float(0.9, min=0, max=0.99, help="momentum: the share of the last direction that is kept")
    method = traitlets.Unicode("SGD", help="the method whose learning rate the slider changes")
    position = traitlets.Int(STEPS, min=0, max=STEPS, help="steps done")
    shown = traitlets.List(traitlets.Unicode(), help="the methods that are drawn")

    def __init__(self, update=None, **kwargs):
        self._update = None if update is None else self.follow("update", update)
        self._methods = ([YOURS] if update is not None else []) + list(MAKE)
        self.shown, self.method = list(self._methods), self._methods[0]
        self.x, self.y = SCENES[self.landscape].start
        self.rates = self._usual(self.landscape)
        super().__init__(**kwargs)

    def _usual(self, landscape):
        rates = SCENES[landscape].rates
        return {name: rates.get(name, rates["SGD"]) for name in self._methods}

    @traitlets.validate("rates", "method", "shown")
    def _known(self, proposal):
        value = proposal["value"]
        unknown = set([value] if isinstance(value, str) else value) - set(self._methods)
        if unknown:
            raise traitlets.TraitError(f"the methods are {', '.join(self._methods)}; got {', '.join(sorted(unknown))}")
        if isinstance(value, dict):
            if not all(isinstance(rate, int | float) and rate > 0 for rate in value.values()):
                raise traitlets.TraitError(f"a learning rate is a number above 0; got {value}")
            return self._usual(self.landscape) | value
        return value

    def controls(self):
        self._following = False
        self._x = widgets.FloatSlider(description="Start x", step=0.1, readout_format=".1f")
        self._y = widgets.FloatSlider(description="Start y", step=0.1, readout_format=".1f")
        self._rate = widgets.FloatLogSlider(base=10, min=-4, max=2, step=0.05, description="Its rate",
                                            readout_format=".4f")  # fmt: skip
        self._follow()
        self.observe(lambda change: self._other_landscape(), "landscape")
        self.observe(lambda change: self._follow(), ["landscape", "x", "y", "rates", "method"])
        self._x.observe(lambda change: self._moved("x", change["new"]), "value")
        self._y.observe(lambda change: self._moved("y", change["new"]), "value")
        self._rate.observe(lambda change: self._moved("rate", change["new"]), "value")
        landscape = widgets.Dropdown(options=list(SCENES), description="Landscape")
        beta = widgets.FloatSlider(max=0.99, step=0.01, description="Momentum β")
        method = widgets.Dropdown(options=self._methods, description="Method")
        return [self.bind("landscape", landscape), self._x, self._y, self.bind("beta", beta),
                self.bind("method", method), self._rate]  # fmt: skip

    def _other_landscape(self):
        start, hold = SCENES[self.landscape].start, self._hold
        self._hold = True  # one race for three changes
        self.x, self.y = start
        self.rates = self._usual(self.landscape)
        self._hold = hold

    def _moved(self, name, value):
        slider, now = {"x": (self._x, self.x), "y": (self._y, self.y),
                       "rate": (self._rate, self.rates[self.method])}[name]  # fmt: skip
        if self._following or only_rounded(slider, now):
            return
        if name == "rate":
            self.rates = self.rates | {self.method: value}
        else:
            setattr(self, name, value)

    def _follow(self):
        """The controls say where the race starts, and the rate of the chosen method."""
        self._following = True
        low_x, high_x, low_y, high_y = SCENES[self.landscape].box
        for control, low, high, value in [(self._x, low_x, high_x, self.x), (self._y, low_y, high_y, self.y)]:
            low, high = min(low, value), max(high, value)
            if low > control.max:
                control.max, control.min = high, low
            else:
                control.min, control.max = low, high
            control.value = value
        self._rate.value = min(max(self.rates[self.method], 1e-4), 1e2)
        self._following = False

    def _from_page(self, _, content, buffers):
        if "start" in content:
            with self.together():
                self.x, self.y = map(float, content["start"])
        super()._from_page(_, content, buffers)

    # the race

    def compute(self, landscape, x, y, rates, beta):
        scene, warning, races = SCENES[landscape], "", {}
        for name in self._methods:
            races[name], said = self._race(name, scene, (x, y), rates[name], beta)
            warning = warning or said
        return {"landscape": landscape, "races": races, "rates": dict(rates), "beta": beta, "warning": warning,
                "picture": _picture(scene), "losses": {
                    name: np.maximum(scene.height(*path.T) - scene.lowest, 1e-12) for name, (path, _) in races.items()
                }}  # fmt: skip

    def _race(self, name, scene, start, rate, beta):
        """((path (STEPS + 1, 2), the step at which it left for ever or None), a warning)."""
        place, state, warning = np.array(start, dtype=float), {}, ""
        path = np.tile(place, (STEPS + 1, 1))
        optimiser = None if name == YOURS else MAKE[name]([place], rate, beta)
        for step in range(1, STEPS + 1):
            gradient = scene.gradient(*place)
            if name == YOURS:
                move = reader.call("Your update", self._update, gradient, state, rate, shape=(2,))
                warning = warning or reader.not_finite("Your update", move)
                place -= move
            else:
                optimiser.step([gradient])
            if not (np.isfinite(place).all() and np.abs(place).max() < FAR):
                path[step:] = path[step - 1]
                return (path, step), warning
            path[step] = place
        return (path, None), warning

    # what is shown

    def _told(self, result, name):
        """What is said of a method after each step."""
        (path, gone), losses = result["races"][name], result["losses"][name]
        texts = [f"{name} {loss:.3g} at ({x:.2f}, {y:.2f})"
                 for (x, y), loss in zip(np.round(path, 2) + 0.0, losses, strict=True)]  # no -0.00
        if gone is not None:
            texts[gone:] = [f"{name} diverged at step {gone}"] * (STEPS + 1 - gone)
        return [text.replace("-", "−") for text in texts]

    def scene(self, result):
        races = result["races"]
        return {
            "drawn": True, "box": SCENES[result["landscape"]].box, "picture": result["picture"].tobytes(),
            "grid": GRID, "steps": STEPS, "methods": [
                {"name": name, "mark": LOOKS[name][0], "colour": LOOKS[name][2], "gone": gone,
                 "path": np.round(path, 4).tolist(), "told": self._told(result, name),
                 "loss": np.round(np.log10(result["losses"][name]), 3).tolist()}
                for name, (path, gone) in races.items()
            ],
            "head": self._head(result),
        }  # fmt: skip

    def _head(self, result):
        rates = ", ".join(f"{name} {rate:.3g}" for name, rate in result["rates"].items())
        return f"Learning rates: {rates}; momentum β {result['beta']:.2f}."

    def words(self, result):
        position = self.position
        told = [self._told(result, name)[position] for name in self._methods if name in self.shown]
        step = f"Step {position} of {STEPS}, height above the lowest: {'; '.join(told) or 'no method is drawn'}."
        start = next(iter(result["races"].values()))[0][0]
        alt = (f"A landscape, {result['landscape']}, seen from above, with the paths of {len(told)} methods from "
               f"({start[0]:.2f}, {start[1]:.2f}), and their heights step by step. {step}")  # fmt: skip
        return f"{step}\n{self._head(result)}", alt.replace("-", "−")

    def draw(self, figure, result):
        left, right = figure.subplots(1, 2, width_ratios=[1.3, 1])
        box = SCENES[result["landscape"]].box
        left.imshow(result["picture"], extent=box, aspect="auto", cmap=DIGIT_CMAP[self.paper], vmin=0, vmax=400)
        left.set(xlim=box[:2], ylim=box[2:], title=f"{result['landscape']}, step {self.position}")
        right.set(title="height above the lowest", xlabel="step", yscale="log", xlim=(0, STEPS), ylim=(1e-6, 1e3))
        for name in self.shown:
            path, _ = result["races"][name]
            _, marker, colour = LOOKS[name]
            look = {"color": colour, "marker": marker, "label": name, "lw": 1.5, "markevery": [-1]}
            left.plot(*path[: self.position + 1].T, ms=9, **look)
            right.plot(result["losses"][name][: self.position + 1], **look)
        if self.shown:
            right.legend(loc="upper right", fontsize=8, ncols=2)


def _picture(scene):
    """The landscape in 12 bands, (GRID, GRID) bytes: the lowest 0, the first row on top."""
    low_x, high_x, low_y, high_y = scene.box
    x, y = np.linspace(low_x, high_x, GRID), np.linspace(high_y, low_y, GRID)
    heights = np.log1p(20 * (scene.height(x[None], y[:, None]) - scene.lowest))
    return np.uint8(np.floor(12 * heights / heights.max()).clip(0, 11) * 18)
