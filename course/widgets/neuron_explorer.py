"""One neuron of two inputs: its weights and bias, the line it draws through the plane, and the table it answers.

Slides: intro-ann-009, intro-ann-011, intro-ann-012, intro-ann-013, intro-ann-014, intro-ann-015.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import CLASS_COLORS, CLASS_MARKERS, RED
from course.widgets import reader
from course.widgets.base import Explorer

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
TASKS = {  # inputs (N, 2) and what is wanted (N,)
    "AND": (CORNERS, [0, 0, 0, 1]),
    "OR": (CORNERS, [0, 1, 1, 1]),
    "NAND": (CORNERS, [1, 1, 1, 0]),
    "XOR": (CORNERS, [0, 1, 1, 0]),
    "detector of (1, −1)": (np.array([[1.0, -1], [-1, 1]]), [1, 0]),
}
BUILT_IN = {"threshold": lambda z: (z >= 0).astype(float), "sigmoid": nn.sigmoid}
LOW, HIGH, CELLS = -1.6, 2.1, 75
SIDE = np.linspace(LOW, HIGH, CELLS)
PLANE = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2)  # (CELLS * CELLS, 2), row by row from below
ROWS = 4  # of the longest table
COLUMNS = {"x1": 0.04, "x2": 0.18, "z": 0.36, "output": 0.58, "wanted": 0.82}


class NeuronExplorer(Explorer):
    """Set the weights and the bias of a neuron; it answers AND, OR, NAND, and never XOR.

    neuron: if given, yours: a function of x (N, 2), weight (2,) and bias, a number, that returns the outputs (N,).
    """

    state = ("task", "function", "w1", "w2", "bias")
    size = (7.2, 4.2)

    task = traitlets.Enum(list(TASKS), "AND")
    function = traitlets.Enum(["yours", *BUILT_IN], "threshold", help="from z to the output")
    w1 = traitlets.Float(1.0, min=-6, max=6)
    w2 = traitlets.Float(1.0, min=-6, max=6)
    bias = traitlets.Float(-0.5, min=-6, max=6, help="minus the threshold")

    def __init__(self, neuron=None, **kwargs):
        self._neuron = None if neuron is None else self.follow("neuron", neuron)
        if neuron is not None:
            self.function = "yours"
        super().__init__(**kwargs)

    @traitlets.validate("function")
    def _given_function(self, proposal):
        if proposal["value"] == "yours" and self._neuron is None:
            raise traitlets.TraitError("there is no neuron of yours: use NeuronExplorer(neuron=your_function)")
        return proposal["value"]

    def build(self, figure):
        plane, table = figure.subplots(1, 2, width_ratios=[1.35, 1])
        plane.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH), xlabel="x1", ylabel="x2", xticks=[-1, 0, 1, 2],
                  yticks=[-1, 0, 1, 2], title="output over the plane, and the line z = 0")  # fmt: skip
        plane.set_box_aspect(1)
        edge = (HIGH - LOW) / (CELLS - 1) / 2
        self._image = plane.imshow(np.zeros((CELLS, CELLS, 4)), origin="lower", aspect="auto", interpolation="nearest",
                                   extent=(LOW - edge, HIGH + edge) * 2)  # fmt: skip
        plane.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH))
        (self._line,) = plane.plot([0, 1], [0, 1], lw=2, gid="ink")
        (self._arrow,) = plane.plot([0, 1], [0, 1], color=RED, lw=3)
        (self._tip,) = plane.plot([0], [0], marker=(3, 0, 0), ms=13, color=RED)
        self._points = [plane.plot([], [], CLASS_MARKERS[k], ms=12, color=CLASS_COLORS[k], mec="white", mew=1.5,
                                   ls="", label=f"wanted {k}")[0] for k in (0, 1)]  # fmt: skip
        legend = plane.legend(loc="upper right", framealpha=0.8, frameon=True)
        (self._wrong,) = plane.plot([], [], "o", ms=20, mfc="none", mec=RED, mew=2.5, ls="")

        table.set(xlim=(0, 1), ylim=(0, 1))
        table.set_axis_off()
        places = np.linspace(0.8, 0.35, ROWS)
        for name, x in COLUMNS.items():
            table.text(x, 0.92, name, ha="center", fontweight="bold")
        self._cells = [[table.text(x, y, "", ha="center", va="center") for x in COLUMNS.values()] for y in places]
        self._verdict = table.text(0.0, 0.16, "", va="center", fontsize=11)
        self.moving = [self._image, self._line, self._arrow, self._tip, *self._points, self._wrong, legend,
                       *[cell for row in self._cells for cell in row], self._verdict]  # fmt: skip

    def controls(self):
        functions = ["yours"] * (self._neuron is not None) + list(BUILT_IN)
        slider = lambda name: widgets.FloatSlider(min=-6, max=6, step=0.1, description=name, readout_format=".1f")  # noqa: E731
        return [
            self.bind("task", widgets.Dropdown(options=list(TASKS), description="Table")),
            self.bind("function", widgets.Dropdown(options=functions, description="Activation")),
            self.bind("w1", slider("Weight w1")), self.bind("w2", slider("Weight w2")),
            self.bind("bias", slider("Bias b")),
        ]  # fmt: skip

    def compute(self, task, function, w1, w2, bias):
        points, wanted = TASKS[task]
        x, weight = np.concatenate([points, PLANE]), np.array([w1, w2])
        z = x @ weight + bias  # (N,)
        if function == "yours":
            outputs = reader.call("Your neuron", self._neuron, x, weight, bias, shape=(len(x),))
        else:
            outputs = BUILT_IN[function](z)
        return {
            "task": task, "function": function, "weight": weight, "bias": bias, "points": points,
            "wanted": np.array(wanted), "z": z[: len(points)], "outputs": outputs[: len(points)],
            "plane": outputs[len(points) :].reshape(CELLS, CELLS),
            "warning": reader.not_finite("Your neuron", outputs),
        }  # fmt: skip

    def show(self, result):
        points, wanted, z, outputs = (result[name] for name in ("points", "wanted", "z", "outputs"))
        right = (outputs >= 0.5) == wanted
        plane = np.clip(np.nan_to_num(result["plane"], nan=0.5), 0, 1)
        colours = np.array([[int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)] for colour in CLASS_COLORS[:2]])
        strength = 0.9 * np.abs(plane - 0.5)  # nothing where the neuron is undecided
        self._image.set_data(np.dstack([colours[(plane >= 0.5).astype(int)], strength]))
        self._line.set_data(*_boundary(result["weight"], result["bias"]))
        self._point_arrow(result["weight"], result["bias"])
        for k, artist in enumerate(self._points):
            artist.set_data(*points[wanted == k].T)
        self._wrong.set_data(*points[~right].T)
        for row, cells in enumerate(self._cells):
            texts = [""] * 5
            if row < len(points):
                texts = [f"{points[row, 0]:g}", f"{points[row, 1]:g}", f"{z[row]:.1f}", f"{outputs[row]:.2f}",
                         f"{wanted[row]} {'✓' if right[row] else '✗'}"]  # fmt: skip
            for cell, text in zip(cells, texts, strict=True):
                cell.set_text(text.replace("-", "−"))
        self._verdict.set_text(f"{right.sum()} of {len(right)} right")
        return self._words(result, right)

    def _point_arrow(self, weight, bias):
        """The weights as an arrow, at a right angle to the line, from the point of the line nearest to the middle."""
        length = np.hypot(*weight)
        if length == 0:
            self._arrow.set_data([], [])
            self._tip.set_data([], [])
            return
        start = -bias * weight / length**2
        end = start + 0.5 * weight / length
        self._arrow.set_data(*zip(start, end, strict=True))
        self._tip.set_data([end[0]], [end[1]])
        self._tip.set_marker((3, 0, np.degrees(np.arctan2(weight[1], weight[0])) - 90))

    @staticmethod
    def _words(result, right):
        (w1, w2), bias = result["weight"], result["bias"]
        rows = [
            f"({a:g}, {b:g}): z = {z:.1f}, output {output:.2f}, wanted {wanted}{'' if good else ', wrong'}"
            for (a, b), z, output, wanted, good
            in zip(result["points"], result["z"], result["outputs"], result["wanted"], right, strict=True)
        ]  # fmt: skip
        count = f"{result['task']}: {right.sum()} of {len(right)} right."
        if result["task"] == "XOR" and not right.all():
            count += " No line does all four: 3 are the most."
        signs = ["+" if value >= 0 else "−" for value in (w2, bias)]
        formula = f"z = {w1:.1f} x1 {signs[0]} {abs(w2):.1f} x2 {signs[1]} {abs(bias):.1f}"
        where = f"Output 1 where the weighted sum is {-bias:.1f} or more." if result["function"] == "threshold" else ""
        readout = "\n".join(filter(None, [formula, where, *rows, count]))
        line = "the line z = 0, with the weights as an arrow at a right angle to it"
        if w1 == w2 == 0:
            line = "the line z = 0 does not exist, as both weights are 0"
        alt = (f"The plane of two inputs with {len(right)} points, coloured by the output of the neuron {formula}; "
               f"{line}. Beside it the table of {result['task']}: {'; '.join(rows)}. {count}")  # fmt: skip
        return readout.replace("-", "−"), alt.replace("-", "−")


def _boundary(weight, bias):
    """Two points far out on the line where weight · x + bias = 0; none if the weights are 0."""
    square = weight @ weight
    if square == 0:
        return [], []
    middle, along = -bias * weight / square, np.array([-weight[1], weight[0]]) / np.sqrt(square)
    return tuple(zip(middle - 50 * along, middle + 50 * along, strict=True))
