"""Draw a digit, and the networks read it while you draw.

Slides: cmu-l10-034.
"""

from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from course.figures.style import BLUE, DIGIT_CMAP, ORANGE, weight_limits
from course.widgets import reader
from course.widgets.base import Explorer
from course.widgets.strokes import to_mnist

BLANK = bytes(784)
TEMPLATE_TITLES = {
    False: "templates: red for, blue against; below: template · picture",
    True: "template × picture: red for, blue against; below: the sum",
}


class Pad(anywidget.AnyWidget):
    """The canvas: a mouse, a finger or the keyboard adds strokes; Python may set them as well."""

    _esm = Path(__file__).parent / "digit_pad.js"
    _css = Path(__file__).parent / "digit_pad.css"

    # no echo: the page knows what it has just drawn, and an old echo would undo newer points
    strokes = traitlets.List().tag(sync=True, echo_update=False)
    tool = traitlets.Enum(["pen", "eraser"], "pen").tag(sync=True)
    background = traitlets.Bytes(BLANK, help="28x28 grey levels of an example under the strokes").tag(sync=True)


class DigitPad(Explorer):
    """Ten bars for each network, what the network sees, and the templates of a one-layer net.

    networks: dict of name -> function of a picture (1, 784) float32 that returns probabilities (1, 10).
    templates: weight (10, 784) of a one-layer net, or None. examples: pictures (N, 784) or (N, 28, 28), or None.
    """

    state = ("strokes", "example", "multiply", "as_drawn")
    read_below = True
    ahead = False  # what is drawn next is not foreseen

    strokes = traitlets.List(help='[{"tool": "pen", "points": [[x, y], ...]}, ...] on 280x280')
    tool = traitlets.Enum(["pen", "eraser"], "pen")
    example = traitlets.Int(0, min=0, help="0 for an empty pad, k for the k-th example digit")
    multiply = traitlets.Bool(False, help="show template x picture instead of the template")
    as_drawn = traitlets.Bool(False, help="leave the drawing where it is instead of centring it, as MNIST does")

    def __init__(self, networks, templates=None, examples=None, **kwargs):
        if not isinstance(networks, dict) or not 1 <= len(networks) <= 3:
            raise TypeError(f'networks must be a dict of 1 to 3, as {{"1 layer": predict_proba}}; got {networks!r}')
        self._networks = {name: self.follow(f"network {name!r}", function) for name, function in networks.items()}
        self._templates = None if templates is None else np.asarray(templates, dtype=float)
        if self._templates is not None and self._templates.shape != (10, 784):
            raise ValueError(f"templates must be weights of shape (10, 784); got {self._templates.shape}")
        self._examples = np.zeros((0, 28, 28)) if examples is None else np.asarray(examples, dtype=np.float32)
        if self._examples.size != len(self._examples) * 784:
            raise ValueError(f"examples must be pictures of 28x28; got an array of shape {self._examples.shape}")
        self._examples = self._examples.reshape(-1, 28, 28)
        self.size = (5.6, 2.9 if templates is None else 4.15)
        super().__init__(**kwargs)

    @property
    def image(self):
        """The picture that the networks see, (28, 28) float32."""
        return self._image(self.strokes, self.example, self.as_drawn)

    @traitlets.validate("example")
    def _known_example(self, proposal):
        if proposal["value"] > len(self._examples):
            raise traitlets.TraitError(f"there are {len(self._examples)} examples; got {proposal['value']}")
        return proposal["value"]

    def _image(self, strokes, example, as_drawn):
        picture = self._examples[example - 1] if example else None
        if example and not strokes:
            return picture.astype(np.float32)
        return to_mnist(strokes, picture, centre=not as_drawn)

    # the picture

    def build(self, figure):
        count = len(self._networks)
        parts = figure.subfigures(2, 1, height_ratios=[2.9, 1.25]) if self._templates is not None else [figure]
        widths = [1.4] + [1.0 if count > 1 else 2.0] * count
        axes = parts[0].subplots(1, 1 + count, width_ratios=widths)
        axes[0].set(title="the net sees", xticks=[], yticks=[])
        axes[0].spines[:].set(visible=True, gid="faint")
        axes[0].set_anchor("N")
        self._seen = axes[0].imshow(np.zeros((28, 28)), cmap=DIGIT_CMAP["light"], vmin=0, vmax=1, gid="digit")
        self._bars, self._percents = {}, {}
        for name, panel in zip(self._networks, axes[1:], strict=True):
            panel.set(title=name, xlim=(0, 1.8), ylim=(9.6, -0.6), yticks=range(10), xticks=[])
            panel.spines["bottom"].set_visible(False)
            panel.tick_params(length=0)
            self._bars[name] = panel.barh(range(10), np.ones(10), 0.7, color=BLUE)
            self._percents[name] = [panel.text(0, k, "100.0 %", va="center", fontsize=9) for k in range(10)]
        self.moving = [self._seen, *axes[0].spines.values()]
        for name in self._networks:
            self.moving += [*self._bars[name], *self._percents[name]]
        self._multiplied = False
        if self._templates is not None:
            self._build_templates(parts[1])
            self.moving += [label.axes.xaxis for label in self._maps]  # their labels are the sums

    def _build_templates(self, part):
        self._template_title = part.suptitle(TEMPLATE_TITLES[False], x=0.01, ha="left", fontsize=11)
        self._maps, self._sums = [], []
        for k, axes in enumerate(part.subplots(1, 10)):
            axes.set(title=str(k), xticks=[], yticks=[])
            axes.title.set_fontsize(10)
            axes.spines[:].set(visible=True, gid="faint")
            weights = self._templates[k].reshape(28, 28)
            self._maps.append(axes.imshow(weights, **weight_limits(self._templates)))
            self._sums.append(axes.set_xlabel("+00.0", fontsize=9))

    def controls(self):
        self._pad = Pad()
        traitlets.link((self, "strokes"), (self._pad, "strokes"))
        traitlets.link((self, "tool"), (self._pad, "tool"))
        self.observe(lambda change: self._use_example(), "example")
        pen = widgets.ToggleButtons(options=[("Pen", "pen"), ("Eraser", "eraser")], description="Tool")
        undo = widgets.Button(description="Undo", tooltip="Take the last stroke back")
        undo.on_click(lambda _: self.undo())
        clear = widgets.Button(description="Clear", tooltip="Empty the pad")
        clear.on_click(lambda _: self.clear())
        self._edit_buttons = [undo, clear]
        column = [self.bind("tool", pen), self._pad]
        if len(self._examples):
            options = [("draw your own", 0)] + [(f"example {k + 1}", k + 1) for k in range(len(self._examples))]
            column.append(self.bind("example", widgets.Dropdown(options=options, description="Digit")))
        drawn = widgets.Checkbox(description="as drawn: not centred, not scaled", indent=False)
        column.append(self.bind("as_drawn", drawn))
        if self._templates is not None:
            column.append(self.bind("multiply", widgets.Checkbox(description="template × picture", indent=False)))
        return column

    def arrange(self, controls, picture, buttons):
        """The buttons stand under the pad that they change."""
        tool, pad, *rest = controls
        return super().arrange([tool, pad, widgets.HBox([*self._edit_buttons, *buttons]), *rest], picture, [])

    # drawing

    def undo(self):
        """Take the last stroke back."""
        self.strokes = self.strokes[:-1]

    def clear(self):
        """Empty the pad."""
        with self.together():
            self.strokes, self.example = [], 0

    def _use_example(self):
        grey = np.zeros(784) if self.example == 0 else self._examples[self.example - 1].ravel()
        self._pad.background = (255 * np.clip(grey, 0, 1)).astype(np.uint8).tobytes()
        self.strokes = []

    # the answer

    def compute(self, strokes, example, multiply, as_drawn):
        image = self._image(strokes, example, as_drawn)
        result = {"image": image, "multiply": multiply, "as_drawn": as_drawn, "probabilities": {}, "warning": ""}
        problems = []
        for name, network in self._networks.items():
            title = f"Network {name!r}"
            try:
                p = reader.call(title, network, image.reshape(1, 784).astype(np.float32), shape=(1, 10))[0]
            except reader.WrongAnswer as wrong:  # one network fails, the others still answer
                problems.append(str(wrong))
                continue
            except Exception as error:
                problems.append(f"{title}: {reader.explain(error)}")
                continue
            if problem := reader.not_finite(title, p):
                problems.append(problem)
            elif abs(p.sum() - 1) > 1e-2 or p.min() < 0:
                problems.append(f"{title} returned numbers with sum {p.sum():.4g}. Expected probabilities, with sum 1.")
            result["probabilities"][name] = p
        result["warning"] = "\n".join(problems)
        return result

    def show(self, result):
        image, answers = result["image"], result["probabilities"]
        self._seen.set_data(image)
        words = []
        for name in self._networks:
            p = answers.get(name, np.full(10, np.nan))
            empty = not image.any()
            winner = int(np.nanargmax(p)) if np.isfinite(p).any() and not empty else None
            for k, (bar, text) in enumerate(zip(self._bars[name], self._percents[name], strict=True)):
                width = float(np.clip(p[k], 0, 1)) if np.isfinite(p[k]) else 0.0
                bar.set_width(width)
                bar.set_facecolor(ORANGE if k == winner else BLUE)
                text.set(x=width + 0.03, text=f"{100 * p[k]:.1f} %" if name in answers else "no answer")
                text.set_fontweight("bold" if k == winner else "normal")
            words.append(self._words(name, p, winner, name in answers))
        if self._templates is not None:
            self._show_templates(image, result["multiply"])
        what = "a digit" if image.any() else "nothing yet"
        where = "where you drew it" if result["as_drawn"] else "centred, as in MNIST"
        ink = f"Ink in {int((image > 0.1).sum())} of 784 pixels, {where}."
        alt = f"The 28 by 28 picture that the network sees ({what}), and ten bars a network. " + " ".join(words)
        return "\n".join([*words, ink] if image.any() else ["Draw a digit on the pad.", *words]), alt

    @staticmethod
    def _words(name, p, winner, answered):
        if not answered:
            return f"{name}: no answer."
        if winner is None:
            return f"{name}: waits for a digit."
        order = np.argsort(-np.nan_to_num(p), kind="stable")
        return f"{name}: {winner} with {100 * p[winner]:.1f} %, then {order[1]} with {100 * p[order[1]]:.1f} %."

    def _show_templates(self, image, multiply):
        flat = image.ravel()
        sums = self._templates @ flat  # (10,)
        if multiply or self._multiplied:  # else the templates stand still
            self.redraw_all()
        self._multiplied = multiply
        self._template_title.set_text(TEMPLATE_TITLES[multiply])
        for k, (picture, label) in enumerate(zip(self._maps, self._sums, strict=True)):
            weights = self._templates[k] * flat if multiply else self._templates[k]
            picture.set_data(weights.reshape(28, 28))
            label.set_text(f"{round(sums[k], 1) + 0.0:+.1f}")
            label.set_fontweight("bold" if flat.any() and k == sums.argmax() else "normal")
