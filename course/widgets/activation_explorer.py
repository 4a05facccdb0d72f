"""An activation function under a magnifying glass: its curve, its slope at a point, and what it does to ten numbers.

Slides: cmu-l10-033.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import BLUE, ORANGE, RED
from course.widgets import reader
from course.widgets.base import Explorer

BUILT_IN = {"ReLU": nn.relu, "sigmoid": nn.sigmoid, "tanh": nn.tanh, "softplus": nn.softplus}
DENSE = np.array([1, 2, -1, 0, 0.5, -2, 3, 0, -0.5, 1.5])  # ten numbers from a linear layer
GRID = np.linspace(-6, 6, 481)
STEP = 1e-3  # for slopes: small enough for a curve, large enough for a function that works in float32


class ActivationExplorer(Explorer):
    """Move a point along an activation function, yours or a known one.

    activation: function of an array of any shape, returns the same shape. derivative: if given, the slope of
    `activation` as a function of the same input; it is compared with the slope measured on the curve.
    """

    state = ("function", "x", "shift")
    size = (7.2, 5.6)

    function = traitlets.Enum(["yours", *BUILT_IN], "ReLU")
    x = traitlets.Float(1.0, min=-6, max=6, help="where the slope is taken")
    shift = traitlets.Float(0.0, min=-3, max=3, help="added to all ten numbers, like a bias")

    def __init__(self, activation=None, derivative=None, **kwargs):
        self._functions = dict(BUILT_IN)
        self._derivative = None if derivative is None else self.follow("derivative", derivative)
        if activation is not None:
            self._functions = {"yours": self.follow("activation", activation), **BUILT_IN}
        self._first = next(iter(self._functions))
        super().__init__(**kwargs)

    @traitlets.default("function")
    def _default_function(self):
        return self._first

    @traitlets.validate("function")
    def _given_function(self, proposal):
        if proposal["value"] not in self._functions:
            raise traitlets.TraitError(
                "there is no function of yours: use ActivationExplorer(activation=your_function)"
            )
        return proposal["value"]

    def build(self, figure):
        self._curve_axes, self._bar_axes = figure.subplots(2, 1, height_ratios=[3, 2])
        axes = self._curve_axes
        axes.set(xlim=(-6, 6), ylim=(-1.5, 6.2), xlabel="input x", title="output f(x) and slope f′(x)")
        axes.axhline(0, lw=1, gid="faint")
        axes.axvline(0, lw=1, gid="faint")
        (self._curve,) = axes.plot(GRID, GRID, color=BLUE, label="f(x)")
        (self._slopes,) = axes.plot(GRID, GRID, color=ORANGE, ls="--", label="slope f′(x)")
        (self._tangent,) = axes.plot([0, 1], [0, 1], color=RED, lw=3, ls="-", label="tangent at x")
        (self._point,) = axes.plot([0], [0], "o", ms=10, color=RED, mec="white", mew=1.5)
        axes.legend(loc="upper left")

        axes = self._bar_axes
        places = np.arange(10)
        axes.set(xlim=(-0.6, 9.6), ylim=(-6, 7.5), xticks=places, xlabel="neuron", title="ten numbers before and after")
        axes.axhline(0, lw=1, gid="ink")
        # hatched and plain, so that the pair is told apart without colour
        self._before = axes.bar(places - 0.2, DENSE, 0.38, fc="none", gid="ink", hatch="////", lw=1, label="before")
        self._after = axes.bar(places + 0.2, DENSE, 0.38, color=BLUE, label="after")
        self._numbers = [axes.text(place, 0, "", ha="center", fontsize=9) for place in places]
        legend = axes.legend(loc="upper right", ncols=2, borderaxespad=0, bbox_to_anchor=(1, 1.22))
        legend.legend_handles[0].set_gid("ink")
        self.moving = [
            self._curve, self._slopes, self._tangent, self._point, *self._before, *self._after, *self._numbers
        ]  # fmt: skip

    def controls(self):
        choice = widgets.Dropdown(options=list(self._functions), description="Function")
        x = widgets.FloatSlider(min=-6, max=6, step=0.1, description="Input x", readout_format=".1f")
        shift = widgets.FloatSlider(min=-3, max=3, step=0.1, description="Shift all ten", readout_format=".1f")
        return [self.bind("function", choice), self.bind("x", x), self.bind("shift", shift)]

    def compute(self, function, x, shift):
        activation = self._functions[function]
        name = "Your function" if function == "yours" else function
        values = reader.call(name, activation, GRID, shape=GRID.shape)
        around = reader.call(name, activation, np.array([x - STEP, x, x + STEP]), shape=(3,))
        dense = DENSE + shift
        after = reader.call(name, activation, dense, shape=dense.shape)
        given = None
        if function == "yours" and self._derivative is not None:
            given = reader.call("Your derivative", self._derivative, GRID, shape=GRID.shape)
            given = (given, reader.call("Your derivative", self._derivative, np.array([x]), shape=(1,))[0])
        return {
            "name": name, "x": x, "values": values, "around": around, "before": dense, "after": after, "given": given,
            "warning": reader.not_finite(name, np.concatenate([values, around, after])),
        }  # fmt: skip

    def show(self, result):
        x, values, (left, y, right) = result["x"], result["values"], result["around"]
        slope = (right - left) / (2 * STEP)
        self._curve.set_ydata(values)
        self._slopes.set_ydata(result["given"][0] if result["given"] else np.gradient(values, GRID))
        self._point.set_data([x], [y])
        reach = 2 / np.sqrt(1 + slope**2) if np.isfinite(slope) else 0  # the tangent is always equally long
        self._tangent.set_data([x - reach, x + reach], [y - slope * reach, y + slope * reach])
        for bar, value in zip(self._before, result["before"], strict=True):
            bar.set_height(value)
        pairs = zip(result["before"], result["after"], strict=True)
        for bar, number, (before, after) in zip(self._after, self._numbers, pairs, strict=True):
            height = after if np.isfinite(after) else 0
            bar.set_height(height)
            number.set_text(f"{after:.2g}")
            number.set_y(np.clip(max(before, height, 0), 0, 6) + 0.3)
        slope_text = self._slope_text(slope, (y - left) / STEP, (right - y) / STEP)
        lines = [f"{result['name']}: f({x:.1f}) = {y:.4f}, {slope_text}."]
        if result["given"]:
            given = result["given"][1]
            agrees = abs(given - slope) <= 1e-3 * max(1, abs(slope))
            lines.append(f"Your derivative says {given:.4f}, which is {'that' if agrees else 'not that'} slope.")
        lines.append("Before: " + ", ".join(f"{value:.4g}" for value in result["before"]))
        lines.append("After: " + ", ".join(f"{value:.3g}" for value in result["after"]))
        alt = (
            f"Curve of {result['name']} from -6 to 6 with its slope; a point at x = {x:.1f}, height {y:.2f}, with a "
            f"tangent of slope {slope:.2f}. Below, paired bars of ten numbers before and after."
        )
        return "\n".join(lines), alt

    @staticmethod
    def _slope_text(slope, from_left, from_right):
        if abs(from_left - from_right) > 0.05 * max(1, abs(slope)):
            return f"a kink: slope {from_left:.2f} on the left and {from_right:.2f} on the right"
        return f"slope {slope:.3f}"
