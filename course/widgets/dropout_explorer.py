"""Dropout: which units are there, what becomes of the mean, of the net's answer, and of training.

Srivastava et al., JMLR 2014. Slides: ehinger-031.
"""

from itertools import pairwise

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from course import nn
from course.figures.style import BLUE, CLASS_COLORS, GREEN, ORANGE, RED
from course.widgets import reader
from course.widgets.base import Explorer
from course.widgets.trainings import Trainings

SIZES = (5, 10, 10, 3)  # of the net that is drawn
HIDDEN = SIZES[1] + SIZES[2]
GREY = CLASS_COLORS[8]
MASKS, NUMBERS = 500, 10_000  # answers of the net, each with a mask of its own; numbers whose mean is taken
BELOW = ["average of many masks", "training with and without"]


class DropoutExplorer(Explorer):
    """Cross out units with probability p and see what is left: the net, a mean, an answer, a training.

    dropout: function (x, p, uniform, training) that returns an array of the shape of x, as `nn.dropout`. `uniform` has
    one number of [0, 1) for each of x, which decides: the same chance for your function and for everybody's.
    results: {p: {"train": (E,), "held-out": (E,)}}, what nets reached that were trained before with this p, one of them
    with 0; None leaves the curves out. of: what these numbers are, "loss" or "accuracy". every: epochs from one number
    to the next.
    measure: if given, your own training: a function of p that returns (train (E,), held-out (E,)). It is called, for
    the p that is chosen and for 0, when *Trained by* says "yours".
    """

    state = ("p", "mask", "training", "below", "source")
    size = (7.2, 5.6)

    p = traitlets.Float(0.5, min=0.0, max=1.0, help="probability that a unit is left out")
    mask = traitlets.Int(0, min=0, max=99, help="the seed of who is left out")
    training = traitlets.Bool(True, help="in training, or in use")
    below = traitlets.Enum(BELOW, BELOW[0])
    source = traitlets.Enum(["the lecture", "yours"], "the lecture")

    def __init__(self, dropout=nn.dropout, results=None, of="loss", every=1, measure=None, **kwargs):
        self._dropout = self.follow("dropout", dropout)
        self._measures, self._of, self._every = measure is not None, of, every
        self._trainings = Trainings(results, self.follow("measure", measure) if self._measures else None)
        self._stored = list(self._trainings.results)
        if self._stored and not self._stored[0] == 0 <= self._stored[-1] <= 1:
            raise ValueError(f"results must be of p from 0, without dropout, to 1; got p = {self._stored}")
        rng = np.random.default_rng(4)  # a net that has made up its mind, and not for good
        scales = zip((2.0, 1.5, 1.5), pairwise(SIZES), strict=True)
        self._weights = [scale * rng.normal(size=pair) / np.sqrt(pair[0]) for scale, pair in scales]
        self._inputs = rng.uniform(size=(1, SIZES[0]))
        numbers = np.random.default_rng(0).uniform(0, 2, NUMBERS)
        self._numbers = numbers / numbers.mean()  # mean exactly 1, so that the other means can be compared with it
        super().__init__(**kwargs)

    @traitlets.validate("below")
    def _given_results(self, proposal):
        if proposal["value"] == BELOW[1] and not self._stored and not self._measures:
            raise traitlets.TraitError("there are no curves: use DropoutExplorer(results=...) or measure=...")
        return proposal["value"]

    @traitlets.validate("source")
    def _given_measure(self, proposal):
        if proposal["value"] == "yours" and not self._measures:
            raise traitlets.TraitError("there is no training of yours: use DropoutExplorer(measure=your_function)")
        return proposal["value"]

    @traitlets.default("source")
    def _default_source(self):
        return "the lecture" if self._stored or not self._measures else "yours"

    @property
    def ahead(self):
        """A training that nobody asked for is not started."""
        return self.below == BELOW[0] or self.source != "yours"

    def reset(self):
        """First values back; your own function trains anew."""
        self._trainings.forget()
        super().reset()

    def controls(self):
        kinds = widgets.ToggleButtons(options=[("in training", True), ("in use", False)], description="The net is")
        self._new = widgets.Button(description="New mask", tooltip="Leave other units out")
        self._new.on_click(lambda _: setattr(self, "mask", (self.mask + 1) % 100))
        made = [
            self.bind("p", widgets.FloatSlider(max=1, step=0.05, description="Drop with p", readout_format=".2f")),
            self.bind("mask", widgets.IntSlider(max=99, description="Mask")), self.bind("training", kinds),
        ]  # fmt: skip
        if self._stored or self._measures:
            below = widgets.Dropdown(options=BELOW, description="Below")
            traitlets.link((self, "below"), (below, "value"))  # and no `bind`: nobody trains ahead along it
            made.append(below)
        if self._stored and self._measures:
            choice = widgets.Dropdown(options=["the lecture", "yours"], description="Trained by")
            traitlets.link((self, "source"), (choice, "value"))
            made.append(choice)
        return made

    def arrange(self, controls, picture, buttons):
        """The button that crosses out others stands under the slider that says which they are."""
        p, mask, *rest = controls
        return super().arrange([p, mask, widgets.HBox([self._new]), *rest], picture, buttons)

    # the picture

    def build(self, figure):
        top, bottom = figure.subfigures(2, 1, height_ratios=[3, 2.5])
        self._build_net(top.subplots())
        means, self._curve_axes = bottom.subplots(1, 2, width_ratios=[1, 1.25])
        means.set(xlim=(0, 1.75), ylim=(3.6, -0.6), xticks=[0, 0.5, 1], xlabel=f"mean of {NUMBERS:,} numbers")
        means.set(yticks=range(4), yticklabels=["as they are", "only masked", "yours, training", "yours, in use"])
        means.tick_params(axis="y", length=0)
        means.axvline(1, ls=":", gid="ink", lw=1.2)
        self._bars = means.barh(range(4), np.ones(4), 0.62, color=[GREY, ORANGE, GREEN, BLUE])
        self._means = [means.text(0, k, "0.000", va="center", fontsize=9.5) for k in range(4)]
        self._build_curves(self._curve_axes)
        self.moving = [self._links, self._units, self._crosses, *self._answers, self._title, *self._bars, *self._means]
        self.moving += [means.lines[0], self._curve_axes.xaxis, self._curve_axes.yaxis, self._curve_title]
        self.moving += [*self._lines, self._curve_axes.get_legend()]

    def _build_net(self, axes):
        axes.set(xlim=(-0.3, 3.55), ylim=(-0.6, 0.5))
        axes.set_axis_off()
        self._places = [np.column_stack([np.full(n, k), np.linspace(0.45, -0.45, n) * min(1, 0.3 + n / 12)])
                        for k, n in enumerate(SIZES)]  # fmt: skip
        segments = [(a, b) for left, right in pairwise(self._places) for a in left for b in right]
        self._links = axes.add_collection(LineCollection(segments, colors=GREY, linewidths=0.7))
        places = np.concatenate(self._places)  # (28, 2)
        self._units = axes.scatter(*places.T, s=95, facecolors=[BLUE] * len(places), lw=1, zorder=3,
                                   edgecolors=mpl.rcParams["text.color"])  # fmt: skip
        (self._crosses,) = axes.plot([0], [0], "x", ms=10, mew=2.4, color=RED, zorder=4)
        self._answers = [axes.text(3.13, y, "100 %", va="center") for _, y in self._places[3]]
        for k, name in enumerate(["5 inputs", "10 hidden", "10 hidden", "3 classes"]):
            axes.text(k, -0.57, name, ha="center", fontsize=9)
        self._title = axes.set_title("in training, p = 0.50: 20 of 20 hidden units alive, kept ones × 20.00")

    def _build_curves(self, axes):
        self._curve_title = axes.set_title("500 masks: 0.00; in use: 0.00 (dashed)", fontsize=10)
        axes.set(xlim=(1, MASKS), ylim=(0, 1), xlabel="masks", ylabel="accuracy")
        looks = [
            (".", GREY, "one mask"), ("-", ORANGE, "mean so far"), ("--", BLUE, "in use"),
            ("--", BLUE, "p = 0, training"), ("-", BLUE, "p = 0, held out"),
            ("--", ORANGE, "p = 0.00, training"), ("-", ORANGE, "p = 0.00, held out"),
        ]  # fmt: skip
        self._lines = [axes.plot([1, MASKS], [0, 1], look, ms=4, color=c, label=name)[0] for look, c, name in looks]
        axes.legend(self._lines[3:], [line.get_label() for line in self._lines[3:]], fontsize=8.5,
                    loc="lower right" if self._of == "accuracy" else "upper right")  # fmt: skip

    # what is computed

    def _drop(self, x, p, uniform, training):
        return reader.call("Your dropout", self._dropout, x, p, uniform, training, shape=x.shape)

    def _answer_of(self, p, uniforms, training):
        """The net's probabilities (M, 3), and what dropout left of its hidden layers, two of (M, 10)."""
        x, left = np.repeat(self._inputs, len(uniforms[0]), axis=0), []  # (M, 5)
        for weight, uniform in zip(self._weights[:-1], uniforms, strict=True):
            x = self._drop(nn.sigmoid(x @ weight - weight.sum(0) / 2), p, uniform, training)  # (M, 10)
            left.append(x)
        return nn.softmax(x @ self._weights[-1]), left

    def compute(self, p, mask, training, below, source):
        rng = np.random.default_rng(mask)
        uniforms = [rng.uniform(size=(MASKS, size)) for size in SIZES[1:-1]]
        first = [uniform[:1] for uniform in uniforms]
        answers, left = self._answer_of(p, uniforms, True)
        in_use, whole = self._answer_of(p, first, False)
        uniform = rng.uniform(size=NUMBERS)
        dropped, used = (self._drop(self._numbers, p, uniform, how) for how in (True, False))
        result = {
            "p": p, "training": training, "answers": answers, "in_use": in_use[0],
            "alive": [layer[0] != 0 for layer in (left if training else whole)],
            "means": [self._numbers.mean(), self._numbers[dropped != 0].sum() / NUMBERS, dropped.mean(), used.mean()],
            "factor": _factor(self._numbers, dropped), "curves": None, "source": source,
            "warning": reader.not_finite("Your dropout", np.concatenate([answers.ravel(), dropped, used]))
            or _wrong(self._numbers, p, uniform, dropped, used),
        }  # fmt: skip
        if below == BELOW[1] and source == "yours":
            result["curves"], warning = self._trainings.own(p)
            result["warning"] = warning or result["warning"]
        elif below == BELOW[1]:
            result["curves"] = self._trainings.stored(p)
        return result

    # what is shown

    def show(self, result):
        there = np.concatenate([np.ones(SIZES[0], bool), *result["alive"], np.ones(SIZES[-1], bool)])  # (28,)
        starts = np.cumsum([0, *SIZES])
        layers = [there[a:b] for a, b in pairwise(starts)]
        pairs = [np.logical_and.outer(left, right).ravel() for left, right in pairwise(layers)]
        self._links.set_linewidths(np.where(np.concatenate(pairs), 0.7, 0))
        self._units.set_facecolors([BLUE if alive else "none" for alive in there])
        self._crosses.set_data(np.concatenate(self._places)[~there].T)
        answer = result["answers"][0] if result["training"] else result["in_use"]  # (3,)
        for text, value in zip(self._answers, answer, strict=True):
            text.set_text(f"{value:.0%}")
        alive = int(there[SIZES[0] : -SIZES[-1]].sum())
        factor = "none kept" if result["factor"] is None else f"kept ones × {result['factor']:.2f}"
        when = f"in training, p = {result['p']:.2f}" if result["training"] else "in use"
        self._title.set_text(f"{when}: {alive} of {HIDDEN} hidden units alive" + f", {factor}" * result["training"])
        for bar, text, value in zip(self._bars, self._means, result["means"], strict=True):
            drawn = float(np.clip(np.nan_to_num(value), 0, 1.3))
            bar.set_width(drawn)
            text.set(x=drawn + 0.04, text=f"{value:.3f}" if abs(value) < 1000 else f"{value:.0e}")
        trained = result["curves"] is not None
        for k, line in enumerate(self._lines):
            line.set_visible((k > 2) == trained)
        self._curve_axes.get_legend().set_visible(trained)
        said = self._show_training(result) if trained else self._show_average(result)
        return self._words(result, alive, factor, answer, said)

    def _show_average(self, result):
        axes, top = self._curve_axes, int(np.argmax(result["in_use"]))
        some, use, counts = result["answers"][:, top], result["in_use"][top], np.arange(1, MASKS + 1)
        mean = np.cumsum(some) / counts
        axes.set(xscale="log", xlim=(0.9, 1.1 * MASKS), xlabel="masks: their mean (line), each (dots)")
        axes.set(ylim=(0, 1), ylabel=f"probability of class {top}")
        axes.set_xticks([1, 10, 100, MASKS], labels=["1", "10", "100", f"{MASKS}"])
        self._curve_title.set_text(f"{MASKS} masks: {mean[-1]:.2f}; in use: {use:.2f} (dashed)")
        self._lines[0].set_data(counts, some)
        self._lines[1].set_data(counts, mean)
        self._lines[2].set_data([0.5, 2 * MASKS], [use, use])
        return (
            f"Class {top}, averaged over {MASKS} masks: {mean[-1]:.3f}, one mask gives {some.min():.2f} to "
            f"{some.max():.2f}. In use, in one pass, the whole net says {use:.3f}: "
            "near, and equal only if no unit bent what it adds up."
        )

    def _show_training(self, result):
        axes, curves = self._curve_axes, result["curves"]
        without, chosen = curves[0.0], max(curves)
        pairs = [without["train"], without["held-out"], curves[chosen]["train"], curves[chosen]["held-out"]]
        for line, values in zip(self._lines[3:], pairs, strict=True):
            line.set_data(self._every * np.arange(1, len(values) + 1), values)
        legend = axes.get_legend()
        for k, name in ((2, "training"), (3, "held out")):
            legend.texts[k].set_text(f"p = {chosen:.2f}, {name}" if chosen else "")
            legend.legend_handles[k].set_visible(chosen > 0)
            self._lines[3 + k].set_visible(chosen > 0)
        numbers = np.concatenate(pairs)
        finite = numbers[np.isfinite(numbers)]
        low, high = (finite.min(), finite.max()) if finite.size else (0, 1)
        room = 0.05 * (high - low) + 1e-3
        below, above = (8, 1) if self._of == "accuracy" else (1, 8)  # the legend stands where curves do not end
        axes.set(ylim=(low - below * room, high + above * room), xlabel="epoch")
        axes.set(xscale="linear", xlim=(0.5, self._every * max(map(len, pairs)) + 0.5))
        axes.set_ylabel(self._of)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        self._curve_title.set_text("with and without dropout" + ", trained by you" * (result["source"] == "yours"))
        words = [f"with p = {p:.2f} ends with {self._of} {pair['train'][-1]:.3f} in training, "
                 f"{pair['held-out'][-1]:.3f} held out" for p, pair in curves.items()]  # fmt: skip
        return f"Trained {'; '.join(words)}."

    def _words(self, result, alive, factor, answer, said):
        p, means = result["p"], result["means"]
        expected = f"expected {HIDDEN * (1 - p):.1f}, give or take {np.sqrt(HIDDEN * p * (1 - p)):.1f}"
        top, there = int(np.argmax(answer)), f"{alive} of {HIDDEN} hidden units are alive"
        lines = [
            f"{there} ({expected}), {factor}." if result["training"] else f"In use nothing is dropped: {there}.",
            f"Mean {means[0]:.3f}; only masked {means[1]:.3f}; your dropout {means[2]:.3f} in training, "
            f"{means[3]:.3f} in use.",
            f"The net says class {top} with {answer[top]:.0%}.", said,
        ]  # fmt: skip
        if p == 1:
            lines.append("With p = 1 nothing is left, and nothing can be learned.")
        alt = (
            f"A net of {', '.join(map(str, SIZES))} units; {HIDDEN - alive} of the {HIDDEN} hidden ones are crossed "
            f"out. Below left, four bars: means {', '.join(f'{value:.3f}' for value in means)}. Below right: {said}"
        )
        return "\n".join(lines), alt


def _factor(x, dropped):
    """What the kept numbers were multiplied by; None if none was kept."""
    kept = dropped != 0
    return float(np.median(dropped[kept] / x[kept])) if kept.any() else None


def _wrong(x, p, uniform, dropped, used):
    """A sentence about dropout that is another than the one of the lecture, else an empty string."""
    zero, wanted, factor = dropped == 0, uniform < p, _factor(x, dropped)
    if not np.array_equal(zero, wanted):
        return (f"Your dropout puts 0 in {zero.sum():,} of {len(x):,} places, not where uniform is below p: these are "
                f"{wanted.sum():,}.")  # fmt: skip
    if factor is not None and not np.allclose(dropped[~zero] * (1 - p), x[~zero], rtol=1e-4):
        return (f"Your dropout multiplies what it keeps by {factor:.4g} in training. Expected 1 / (1 - p) = "
                f"{1 / (1 - p):.4g}: then the mean stays, and in use nothing has to be rescaled.")  # fmt: skip
    if not np.allclose(used, x, rtol=1e-4):
        return f"In use, with training=False, your dropout changes {np.sum(used != x):,} of {len(x):,} numbers."
    return ""
