"""Softmax with all its parts: logits, exponentials, probabilities, and the gradient p - y of the cross-entropy.

Slides: cmu-l10-034, cmu-l10-039.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import BLUE, GREEN, ORANGE, RED
from course.widgets import reader
from course.widgets.base import Explorer

LOGITS = (1.0, 2.0, -1.0, 0.0, 0.5, -2.0, 3.0, 0.0, -0.5, 1.5)  # the example of the slides


def naive_softmax(logits):
    """The formula as it stands on the slide. It overflows for logits above 709: inf / inf is nan."""
    with np.errstate(all="ignore"):
        exp = np.exp(logits)
        return exp / exp.sum(axis=-1, keepdims=True)


class SoftmaxExplorer(Explorer):
    """Move the logits and see your softmax beside the naive form.

    softmax: function of logits (1, n) that returns probabilities (1, n), or of (n,) with `batch=False`.
    """

    state = ("logits", "temperature", "offset", "label")
    size = (7.2, 4.8)
    read_below = True

    logits = traitlets.List(traitlets.Float(), LOGITS)
    temperature = traitlets.Float(1.0, min=0.1, max=10.0)
    offset = traitlets.Int(0, min=0, max=1000, help="added to every logit: softmax must not notice")
    label = traitlets.Int(6, min=0, help="the true class")

    def __init__(self, softmax=nn.softmax, logits=LOGITS, label=6, batch=True, **kwargs):
        logits = [float(value) for value in logits]
        if not 2 <= len(logits) <= 12 or not all(-5 <= value <= 5 for value in logits):
            raise ValueError(f"logits must be 2 to 12 numbers from -5 to 5; got {logits}")
        if not 0 <= label < len(logits):
            raise ValueError(f"label must be from 0 to {len(logits) - 1}; got {label}")
        self._softmax, self._batch, self._given = self.follow("softmax", softmax), batch, (logits, label)
        super().__init__(**kwargs)

    @traitlets.default("logits")
    def _default_logits(self):
        return list(self._given[0])

    @traitlets.default("label")
    def _default_label(self):
        return self._given[1]

    @traitlets.validate("logits")
    def _same_length(self, proposal):
        if len(proposal["value"]) != len(self._given[0]):
            raise traitlets.TraitError(f"this explorer has {len(self._given[0])} logits; got {len(proposal['value'])}")
        return proposal["value"]

    @traitlets.validate("label")
    def _known_class(self, proposal):
        if proposal["value"] >= len(self._given[0]):
            raise traitlets.TraitError(f"label must be below {len(self._given[0])}; got {proposal['value']}")
        return proposal["value"]

    def build(self, figure):
        n = len(self.logits)
        places = np.arange(n)
        (self._z_axes, self._exp_axes), (self._p_axes, self._gradient_axes) = figure.subplots(2, 2)
        titles = ["what goes in: (z + offset) / T", "exp of it", "probabilities p", "gradient p - y"]
        for axes, title in zip(figure.axes, titles, strict=True):
            axes.set(title=title, xticks=places, xlim=(-0.6, n - 0.4))
            axes.axhline(0, lw=1, gid="ink")
        self._exp_title = self._exp_axes.set_title(titles[1], loc="left")
        self._z_axes.set_ylim(0, 10_000)  # the widest numbers, so that the layout has room for them
        self._p_axes.set(xlabel="class", ylim=(0, 1.25), yticks=[0, 0.25, 0.5, 0.75, 1])
        self._gradient_axes.set(xlabel="class", ylim=(-1.15, 1.15))
        self._z_bars = self._z_axes.bar(places, np.ones(n), color=BLUE)
        self._exp_bars = self._exp_axes.bar(places, np.ones(n), color=ORANGE)
        self._exp_marks = [self._exp_axes.text(place, 0, "", ha="center", fontsize=9) for place in places]
        self._p_bars = self._p_axes.bar(places - 0.2, np.ones(n), 0.38, color=GREEN, label="yours")
        self._naive_bars = self._p_axes.bar(
            places + 0.2, np.ones(n), 0.38, fc="none", gid="ink", hatch="////", lw=1, label="naive"
        )
        upright = {"ha": "center", "va": "bottom", "rotation": 90, "fontsize": 9}
        self._p_marks = [self._p_axes.text(place - 0.2, 0.02, "", **upright) for place in places]
        self._naive_marks = [self._p_axes.text(place + 0.2, 0.02, "", **upright) for place in places]
        self._gradient_bars = self._gradient_axes.bar(places, np.ones(n), color=GREEN)
        (self._label_mark,) = self._p_axes.plot([0], [0.96], "v", ms=9, color=RED, ls="none", label="true class")
        (self._label_mark_2,) = self._gradient_axes.plot([0], [0.96], "v", ms=9, color=RED, ls="none")
        zero = self._z_axes.lines[0]  # moves with the limits of its axes
        self.moving = [
            self._z_axes.yaxis, *self._z_bars, zero, self._exp_axes.yaxis, *self._exp_bars, *self._exp_marks,
            self._exp_title, *self._p_bars, *self._naive_bars, *self._p_marks, *self._naive_marks,
            *self._gradient_bars, self._label_mark, self._label_mark_2,
        ]  # fmt: skip
        legend = self._p_axes.legend(loc="upper right", fontsize=9, ncols=3, borderaxespad=0, columnspacing=1.2)
        for handle, text in zip(legend.legend_handles, legend.texts, strict=True):
            handle.set_gid("ink" if text.get_text() == "naive" else "own")

    def controls(self):
        n = len(self.logits)
        self._setting = False
        self._sliders = []
        for k, value in enumerate(self.logits):
            slider = widgets.FloatSlider(
                value=value, min=-5, max=5, step=0.1, description=f"logit {k}", readout_format=".1f"
            )
            slider.observe(lambda change: self._slider_moved(), "value")
            self._sliders.append(self.axis(slider, lambda state, value, k=k: state | {"logits": [
                value if place == k else old for place, old in enumerate(state["logits"])
            ]}))  # fmt: skip
        self.observe(lambda change: self._logits_set(), "logits")
        temperature = widgets.FloatLogSlider(
            base=10, min=-1, max=1, step=0.05, description="Temperature", readout_format=".2f"
        )
        offset = widgets.IntSlider(min=0, max=1000, step=10, description="Offset")
        label = widgets.Dropdown(options=range(n), description="True class")
        rows = widgets.VBox(self._sliders)
        rows.add_class("course-explorer-dense")
        return [
            rows, self.bind("temperature", temperature), self.bind("offset", offset), self.bind("label", label)
        ]  # fmt: skip

    def _slider_moved(self):
        if not self._setting:
            self.logits = [slider.value for slider in self._sliders]

    def _logits_set(self):
        self._setting = True  # the sliders follow one by one, and none of them answers back
        for slider, value in zip(self._sliders, list(self.logits), strict=True):
            slider.value = value
        self._setting = False

    def compute(self, logits, temperature, offset, label):
        z = (np.array(logits) + offset) / temperature
        if self._batch:
            p = reader.call("Your softmax", self._softmax, z[None], shape=(1, len(z)))[0]
        else:
            p = reader.call("Your softmax", self._softmax, z, shape=z.shape)
        warning = reader.not_finite("Your softmax", p)
        if not warning and abs(p.sum() - 1) > 1e-3:
            warning = f"Your softmax returned numbers with sum {p.sum():.4g}. Expected probabilities, with sum 1."
        elif not warning and p.min() < 0:
            warning = f"Your softmax returned {p.min():.4g} for class {p.argmin()}. Expected no negative number."
        return {"z": z, "p": p, "label": label, "offset": offset, "temperature": temperature, "warning": warning}

    def show(self, result):
        z, p, label = result["z"], result["p"], result["label"]
        naive, exp = naive_softmax(z), np.exp(z)
        gradient = p - np.eye(len(p))[label]
        self._set_heights(self._z_bars, z)
        low, high = min(z.min(), 0), max(z.max(), 0)
        self._z_axes.set_ylim(low - 0.08 * (high - low) - 0.1, high + 0.08 * (high - low) + 0.1)
        self._show_exponentials(exp)
        for bars, marks, values in [
            (self._p_bars, self._p_marks, p), (self._naive_bars, self._naive_marks, naive)
        ]:  # fmt: skip
            self._set_heights(bars, np.clip(values, 0, 1.2))
            for mark, value in zip(marks, values, strict=True):
                mark.set_text("" if np.isfinite(value) else "nan")
        self._set_heights(self._gradient_bars, np.clip(gradient, -1.15, 1.15))
        for k, bar in enumerate(self._gradient_bars):
            bar.set_facecolor(RED if k == label else GREEN)
        self._label_mark.set_xdata([label])
        self._label_mark_2.set_xdata([label])
        return self._readout(result, naive, gradient), self._alt(p, naive, label)

    def _show_exponentials(self, exp):
        finite = exp[np.isfinite(exp)]
        power = int(np.floor(np.log10(finite.max()))) if finite.size and finite.max() > 0 else 0
        power = power if abs(power) > 3 else 0  # everyday numbers stay as they are
        scaled = exp / 10.0**power
        top = 1.2 * (np.max(scaled[np.isfinite(scaled)], initial=0) or 1)
        self._exp_axes.set_ylim(0, top)
        self._exp_title.set_text(f"exp of it, in units of 1e{power}" if power else "exp of it")
        self._set_heights(self._exp_bars, np.where(np.isfinite(scaled), scaled, 0))
        for mark, value in zip(self._exp_marks, exp, strict=True):
            mark.set_text("" if np.isfinite(value) else "inf")
            mark.set_y(0.03 * top)

    @staticmethod
    def _set_heights(bars, values):
        for bar, value in zip(bars, values, strict=True):
            bar.set_height(value if np.isfinite(value) else 0)

    @staticmethod
    def _readout(result, naive, gradient):
        p, label = result["p"], result["label"]
        lines = [
            f"Offset {result['offset']}, temperature {result['temperature']:.2f}, true class {label}.",
            "Your p: " + ", ".join(f"{value:.4f}" for value in p) + f" (sum {p.sum():.4f})",
            f"Cross-entropy -ln p[{label}] = {-np.log(p[label]):.4f}",
            "Gradient p - y: " + ", ".join(f"{value:+.3f}" for value in gradient),
        ]
        if not np.isfinite(naive).all():
            bad = np.isnan(naive).sum()
            lines.append(f"The naive form gives nan in {bad} of {len(p)} places: exp overflows above 709.")
        elif np.isfinite(p).all():
            lines.append(f"The naive form differs from yours by at most {np.abs(naive - p).max():.1e}.")
        return "\n".join(lines)

    @staticmethod
    def _alt(p, naive, label):
        top = f"largest is class {np.nanargmax(p)} with {np.nanmax(p):.3f}" if np.isfinite(p).any() else "all are nan"
        naive_text = "agrees" if np.allclose(naive, p, atol=1e-6) else "differs"
        if np.isnan(naive).any():
            naive_text = "is nan"
        return (
            f"Four bar charts over {len(p)} classes: logits, exponentials, probabilities and gradient. Of your "
            f"probabilities the {top}; the true class {label} has {p[label]:.3f}. The naive form {naive_text}."
        )
