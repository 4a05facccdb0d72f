"""What a layer does to the plane: a grid goes through matrix, shift and activation, layer by layer.

Slides: intro-ann-017, intro-ann-020, intro-ann-024.
"""

import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.collections import LineCollection

from course import nn
from course.figures.style import BLUE, CLASS_COLORS, CLASS_MARKERS, ORANGE
from course.widgets import reader
from course.widgets.axes import only_rounded
from course.widgets.base import Explorer

OWN, HALF, REACH = "your own", np.sqrt(0.5), 3.2
MAPS = {  # the matrix, the shift, the activation
    "rotate by 45°": ([[HALF, -HALF], [HALF, HALF]], [0, 0], "none"),
    "stretch and shear": ([[1.5, 0.7], [0, 0.8]], [0, 0], "none"),
    "flatten": ([[1, 1], [0.5, 0.5]], [0, 0], "none"),
    "fold: XOR can be split": ([[1, 1], [1, 1]], [0, -1], "ReLU"),
    "bend with tanh": ([[1.2, -0.8], [0.8, 1.2]], [-0.3, -0.5], "tanh"),
}
ACTIVATIONS = {"none": lambda z: z, "ReLU": nn.relu, "tanh": nn.tanh, "sigmoid": nn.sigmoid}
NUMBERS = ["w11", "w12", "w21", "w22", "b1", "b2"]  # z1 = w11 x1 + w12 x2 + b1
CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
LINES, ALONG = np.linspace(-1.5, 1.5, 13), np.linspace(-1.5, 1.5, 61)
ANGLES = np.linspace(0, 2 * np.pi, 720, endpoint=False)


class LinearMapExplorer(Explorer):
    """Send a grid and two classes of points through a layer: the matrix turns and stretches, the bias shifts, the
    activation bends. `stage` counts these three, layer by layer.

    layers: [(weight (2, 2), bias (2,)), ...] as PyTorch has them; without it there are known maps to start from.
    linear: function of x (N, 2), weight, bias that returns (N, 2). activation: if given, yours, of an array (N, 2).
    points: (N, 2) and labels: (N,) of 0 and 1; without them the four corners of XOR.
    """

    state = ("layers", "layer", "function", "stage")
    size = (7.2, 4.0)
    read_below = True

    layers = traitlets.List(help="of each layer [w11, w12, w21, w22, b1, b2]")
    layer = traitlets.Int(1, min=1, help="the layer that the sliders change")
    function = traitlets.Enum(["yours", *ACTIVATIONS], "none", help="the activation after each layer")
    stage = traitlets.Float(0.0, min=0, help="3 for each layer: matrix, shift, activation; 0.5 is half a matrix")

    def __init__(self, layers=None, linear=nn.linear, activation=None, points=None, labels=None, **kwargs):
        self._linear = self.follow("linear", linear)
        self._activation = None if activation is None else self.follow("activation", activation)
        self._known = layers is None
        weight, bias, function = MAPS["fold: XOR can be split"]
        given = [(weight, bias)] if layers is None else layers
        self.layers = [self._numbers(*pair) for pair in given]
        if not self.layers:
            raise ValueError("layers must hold at least one pair of weight and bias")
        self.function = "yours" if activation is not None else function if self._known else "tanh"
        self._points = CORNERS if points is None else np.asarray(points, dtype=float)
        self._labels = np.array([0, 1, 1, 0]) if labels is None else np.asarray(labels)
        if self._points.ndim != 2 or self._points.shape[1] != 2 or not np.isfinite(self._points).all():
            raise ValueError(f"points must be finite numbers of shape (N, 2); got {reader.describe(self._points)}")
        if self._labels.shape != self._points.shape[:1] or not np.isin(self._labels, (0, 1)).all():
            raise ValueError(f"labels must be {len(self._points)} times 0 or 1; got {reader.describe(self._labels)}")
        super().__init__(**kwargs)

    @staticmethod
    def _numbers(weight, bias):
        weight, bias = np.asarray(weight, dtype=float), np.asarray(bias, dtype=float)
        if weight.shape != (2, 2) or bias.shape != (2,):
            raise ValueError(f"a layer has a weight (2, 2) and a bias (2,); got {weight.shape} and {bias.shape}")
        return [*weight.ravel().tolist(), *bias.tolist()]

    @traitlets.validate("layer", "function", "stage")
    def _possible(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if name == "function" and value == "yours" and self._activation is None:
            raise traitlets.TraitError("there is no activation of yours: use LinearMapExplorer(activation=...)")
        if name == "layer" and value > len(self.layers):
            raise traitlets.TraitError(f"there are {len(self.layers)} layers; got number {value}")
        return min(value, 3.0 * len(self.layers)) if name == "stage" else value

    def build(self, figure):
        self._panels = []
        for axes, title in zip(figure.subplots(1, 2), ("before", "after"), strict=True):
            axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), title=title, xticks=range(-3, 4), yticks=range(-3, 4))
            axes.set_box_aspect(1)
            axes.axhline(0, lw=1, gid="faint")
            axes.axvline(0, lw=1, gid="faint")
            lines = [LineCollection([], colors=colour, lw=1, alpha=0.8, ls=style, gid="own")
                     for colour, style in ((BLUE, "-"), (ORANGE, "--"))]  # fmt: skip
            for one in lines:
                axes.add_collection(one)
            points = [axes.plot([], [], CLASS_MARKERS[k], ms=8, color=CLASS_COLORS[3 * k], mec="white", mew=1, ls="")[0]
                      for k in (0, 1)]  # fmt: skip
            (split,) = axes.plot([], [], lw=2.5, gid="ink")
            self._panels.append((lines, points, split))
        self._title = figure.axes[1].set_title("after", loc="left")
        self._place(self._panels[0], _grid(), self._points, None)
        lines, points, split = self._panels[1]
        self.moving = [*lines, split, *points, self._title]

    def _place(self, panel, grid, points, line):
        lines, markers, split = panel
        half = len(grid) // 2
        lines[0].set_segments(grid[:half])
        lines[1].set_segments(grid[half:])
        for k, artist in enumerate(markers):
            artist.set_data(*points[self._labels == k].T)
        split.set_data(*(line if line else ([], [])))

    def controls(self):
        self._following, rows = False, []
        self._map = widgets.Dropdown(options=[OWN, *MAPS], description="Map")
        if self._known:
            self._map.observe(lambda change: self._chosen(change["new"]), "value")
            rows.append(self.axis(self._map, lambda state, name: state | self._of(name) if name in MAPS else state))
        if len(self.layers) > 1:
            numbers = widgets.Dropdown(options=range(1, len(self.layers) + 1), description="Layer")
            rows.append(self.bind("layer", numbers))
        functions = ["yours"] * (self._activation is not None) + list(ACTIVATIONS)
        rows.append(self.bind("function", widgets.Dropdown(options=functions, description="Activation")))
        rows.append(self.bind("stage", widgets.FloatSlider(max=3 * len(self.layers), step=0.1, description="Stage",
                                                           readout_format=".1f")))  # fmt: skip
        self._sliders = []
        for place, name in enumerate(NUMBERS):
            slider = widgets.FloatSlider(min=-2, max=2, step=0.1, description=name, readout_format=".1f")
            slider.observe(lambda change: self._moved(), "value")
            self._sliders.append(self.axis(slider, lambda state, value, place=place: state | {
                "layers": _with(state["layers"], state["layer"] - 1, place, value)}))  # fmt: skip
        self._follow()
        self.observe(lambda change: self._follow(), ["layers", "layer", "function"])
        dense = widgets.VBox([*rows, *self._sliders])
        dense.add_class("course-explorer-dense")
        return [dense]

    def _of(self, name):
        weight, bias, function = MAPS[name]
        return {"layers": [self._numbers(weight, bias)], "function": function}

    def _chosen(self, name):
        if name in MAPS and not self._following:
            with self.together():
                for trait, value in self._of(name).items():
                    setattr(self, trait, value)

    def _moved(self):
        if not self._following:
            changed = [list(numbers) for numbers in self.layers]
            changed[self.layer - 1] = [
                old if only_rounded(slider, old) else slider.value
                for slider, old in zip(self._sliders, self.layers[self.layer - 1], strict=True)
            ]
            self.layers = changed

    def _follow(self):
        """The controls say what the layer is."""
        self._following = True
        for slider, value in zip(self._sliders, self.layers[self.layer - 1], strict=True):
            slider.min, slider.max = min(-2, value), max(2, value)
            slider.value = value
        now = {"layers": self.layers, "function": self.function}
        self._map.value = next((name for name in MAPS if self._of(name) == now), OWN)
        self._following = False

    def compute(self, layers, layer, function, stage):
        grid = _grid()
        x = np.concatenate([grid.reshape(-1, 2), self._points])  # (26 * 61 + N, 2)
        warning = ""
        for number, (*entries, b1, b2) in enumerate(layers):
            matrix, shift, bend = np.clip(stage - 3 * number - np.arange(3), 0, 1)  # how much of each
            if matrix == 0:
                break
            weight = (1 - matrix) * np.eye(2) + matrix * np.reshape(entries, (2, 2))
            x = reader.call("Your linear", self._linear, x, weight, shift * np.array([b1, b2]), shape=x.shape)
            warning = warning or reader.not_finite("Your linear", x)
            if bend:
                name = "Your activation" if function == "yours" else function
                activation = self._activation if function == "yours" else ACTIVATIONS[function]
                bent = reader.call(name, activation, x, shape=x.shape)
                warning = warning or reader.not_finite(name, bent)
                x = (1 - bend) * x + bend * bent
        x = np.clip(np.nan_to_num(x), -1e6, 1e6)
        count = grid.size // 2
        return {"grid": x[:count].reshape(grid.shape), "points": x[count:], "layers": layers, "layer": layer,
                "function": function, "stage": stage, "warning": warning,
                "line": _split(x[count:], self._labels)}  # fmt: skip

    def show(self, result):
        line = result["line"]
        drawn = None if line is None else _far(*line)
        self._place(self._panels[1], result["grid"], result["points"], drawn)
        where = _where(result["stage"], len(result["layers"]))
        self._title.set_text(where)
        w11, w12, w21, w22, b1, b2 = result["layers"][result["layer"] - 1]
        matrix = np.array([[w11, w12], [w21, w22]])
        stretch = np.linalg.svd(matrix, compute_uv=False)
        flat = "the plane falls onto a line" if stretch[0] > 0 else "the plane falls onto a point"
        area = flat if stretch[1] < 1e-9 else (f"areas become {abs(np.linalg.det(matrix)):.2f} times as large"
                                               f"{', mirrored' if np.linalg.det(matrix) < 0 else ''}")  # fmt: skip
        named = f"Layer {result['layer']}" if len(result["layers"]) > 1 else "The layer"
        numbers = f"{named}: z1 = {_sum(w11, w12, b1)}, z2 = {_sum(w21, w22, b2)}, then {result['function']}."
        told = [f"({a:g}, {b:g}) → ({c:.2f}, {d:.2f})" for (a, b), (c, d)
                in zip(self._points, result["points"], strict=True)] if len(self._points) <= 6 else []  # fmt: skip
        can = "A line splits the two classes here." if line is not None else "No line splits the two classes here."
        lines = [f"{where.capitalize()}. {can}", numbers,
                 f"Its matrix stretches by {stretch[0]:.2f} and {stretch[1]:.2f}: {area}.",
                 "; ".join(told)]  # fmt: skip
        outside = np.mean(np.abs(result["grid"]).max(axis=-1) > REACH)
        if outside:
            lines.append(f"{outside:.0%} of the grid is outside the picture.")
        alt = (f"A square grid with two classes of points, and beside it the same {where}. {can} {'; '.join(told)}"
               f" Grid corners at {_corners(result['grid'])}.")  # fmt: skip
        return "\n".join(filter(None, lines)).replace("-", "−"), alt.replace("-", "−")


def _grid():
    """Lines (26, 61, 2): 13 upright ones, then 13 flat ones."""
    upright = np.stack(np.broadcast_arrays(LINES[:, None], ALONG[None]), axis=-1)  # (13, 61, 2)
    return np.concatenate([upright, upright[..., ::-1]])


def _corners(grid):
    return ", ".join(f"({x:.1f}, {y:.1f})" for x, y in grid[[0, 0, 12, 12], [0, -1, 0, -1]])


def _sum(first, second, bias):
    signs = ["−" if value < 0 else "+" for value in (second, bias)]
    return f"{first:.1f} x1 {signs[0]} {abs(second):.1f} x2 {signs[1]} {abs(bias):.1f}"


def _with(layers, layer, place, value):
    """The layers with one number changed."""
    return [[value if (k, j) == (layer, place) else old for j, old in enumerate(numbers)]
            for k, numbers in enumerate(layers)]  # fmt: skip


def _where(stage, count):
    """A stage in words: "after the matrix of layer 2", "on the way through the shift"."""
    done = int(stage + 1e-9)
    if stage < 1e-9:
        return "before the layer" if count == 1 else "before the first layer"
    whole = abs(stage - done) < 1e-9
    number, part = divmod(done - whole, 3)
    of = f" of layer {number + 1}" if count > 1 else ""
    return f"{'after' if whole else 'on the way through'} the {['matrix', 'shift', 'activation'][part]}{of}"


def _split(points, labels):
    """(direction, threshold) of the widest gap between the classes, if a line splits them, else None."""
    directions = np.stack([np.cos(ANGLES), np.sin(ANGLES)])  # (2, 720)
    along = points @ directions  # (N, 720)
    if not (labels == 0).any() or not (labels == 1).any():
        return None
    low, high = along[labels == 0].max(axis=0), along[labels == 1].min(axis=0)
    best = (high - low).argmax()
    if high[best] - low[best] < 1e-6:
        return None
    return directions[:, best], (low[best] + high[best]) / 2


def _far(direction, threshold):
    """Two points far out on the line where direction · x = threshold."""
    middle, along = threshold * direction, np.array([-direction[1], direction[0]])
    return tuple(zip(middle - 50 * along, middle + 50 * along, strict=True))
