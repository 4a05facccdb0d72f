"""How deep, how wide: a net drawn as its layers, its parameters, and what nets of its kind reached on held-out data.

Slides: cmu-short-023.
"""

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.patches import Rectangle

from course.figures import num_parameters, style
from course.widgets import reader
from course.widgets.base import Explorer

SHOWN = {"held-out accuracy": "held-out", "training accuracy": "train", "training minus held-out": "gap"}
TALLEST = 1024  # neurons; a layer of so many is drawn as high as there is room


class DepthExplorer(Explorer):
    """Choose width and depth; the drawing says where the parameters are, the table what each net of a grid reached.

    results: {name of the data: {"train": (D, W), "held-out": (D, W)}}, accuracies of nets that were trained before, for
    each of the D `depths` (hidden layers) and W `widths` (neurons in each of them). sizes: {name: (inputs, outputs)}.
    measure: if given, your own training: a function of the list of sizes, such as [784, 64, 64, 10], that returns
    (training accuracy, held-out accuracy). It is called for the net that is chosen, when *Trained by* says "yours", and
    the table fills with what it returned.
    """

    state = ("task", "width", "depth", "shown", "source")
    size = (7.2, 5.6)

    task = traitlets.Unicode(help="name of the data")
    width = traitlets.Int(help="neurons in each hidden layer")
    depth = traitlets.Int(help="hidden layers")
    shown = traitlets.Enum(list(SHOWN), "held-out accuracy")
    source = traitlets.Enum(["the lecture", "yours"], "the lecture")

    def __init__(self, results, depths, widths, sizes, measure=None, **kwargs):
        self._depths, self._widths = [int(depth) for depth in depths], [int(width) for width in widths]
        if min(self._depths, default=0) < 1 or min(self._widths, default=0) < 1:
            raise ValueError(f"depths and widths must be numbers from 1; got {list(depths)} and {list(widths)}")
        self._results = {task: _grid(task, found, self._depths, self._widths) for task, found in results.items()}
        if not self._results or set(sizes) != set(self._results):
            raise ValueError(f"results and sizes must name the same data; got {list(results)} and {list(sizes)}")
        self._sizes, self._own = dict(sizes), {}
        self._measure = None if measure is None else self.follow("measure", measure)
        super().__init__(**kwargs)

    @traitlets.default("task")
    def _default_task(self):
        return next(iter(self._results))

    @traitlets.default("width")
    def _default_width(self):
        return self._widths[len(self._widths) // 2]

    @traitlets.default("depth")
    def _default_depth(self):
        return self._depths[0]

    @traitlets.validate("task", "width", "depth")
    def _in_the_grid(self, proposal):
        known = {"task": list(self._results), "width": self._widths, "depth": self._depths}[proposal["trait"].name]
        if proposal["value"] not in known:
            one_of = ", ".join(map(str, known))
            raise traitlets.TraitError(f"{proposal['trait'].name} must be one of {one_of}; got {proposal['value']}")
        return proposal["value"]

    @traitlets.validate("source")
    def _given_measure(self, proposal):
        if proposal["value"] == "yours" and self._measure is None:
            raise traitlets.TraitError("there is no training of yours: use DepthExplorer(..., measure=your_function)")
        return proposal["value"]

    @property
    def ahead(self):
        """Stored numbers are drawn ahead; a training that nobody asked for is not started."""
        return self.source != "yours"

    def reset(self):
        """First values back; your own function trains anew."""
        self._own.clear()
        super().reset()

    def controls(self):
        tasks = widgets.Dropdown(options=list(self._results), description="Data")
        width = widgets.SelectionSlider(options=self._widths, value=self.width, description="Width")
        depth = widgets.SelectionSlider(options=self._depths, value=self.depth, description="Hidden layers")
        shown = widgets.Dropdown(options=list(SHOWN), description="Table of")
        made = [self.bind("task", tasks), self.bind("width", width), self.bind("depth", depth)]
        made.append(self.bind("shown", shown))
        if self._measure is not None:
            choice = widgets.Dropdown(options=["the lecture", "yours"], description="Trained by")
            traitlets.link((self, "source"), (choice, "value"))  # and no `bind`: nobody computes ahead along it
            made.append(choice)
        return made

    # the picture

    def build(self, figure):
        self._net_axes, self._table_axes = figure.subplots(2, 1, height_ratios=[3, 2.6])
        most = max(self._depths) + 2  # columns of the deepest net
        axes = self._net_axes
        axes.set(xlim=(-0.5, most - 0.5), ylim=(-0.78, 0.72), title="the net: neurons above, parameters below")
        axes.set_axis_off()
        self._links = [axes.fill([0], [0], color=style.CLASS_COLORS[4], alpha=0.4, lw=0)[0] for _ in range(most - 1)]
        self._columns = [axes.plot([k, k], [-0.1, 0.1], lw=7, solid_capstyle="butt", color=style.BLUE)[0]
                         for k in range(most)]  # fmt: skip
        self._neurons = [axes.text(k, 0, "", ha="center", va="bottom", fontsize=9) for k in range(most)]
        self._counts = [axes.text(k + 0.5, -0.6, "", ha="center", va="top", fontsize=8.5) for k in range(most - 1)]

        axes = self._table_axes
        shape = (len(self._depths), len(self._widths))
        cmap = mpl.colormaps[style.ACTIVATION_CMAP].with_extremes(bad=mpl.rcParams["axes.facecolor"])
        self._table = axes.imshow(np.zeros(shape), cmap=cmap, vmin=0, vmax=1, aspect="auto")
        axes.set(xlabel="width", ylabel="hidden layers", xticks=range(shape[1]), yticks=range(shape[0]))
        axes.set(xticklabels=self._widths, yticklabels=self._depths)
        axes.tick_params(length=0)
        self._title = axes.set_title("held-out accuracy")
        self._numbers = {
            place: axes.text(place[1], place[0], "0.00", ha="center", va="center", fontsize=9, gid="own")
            for place in np.ndindex(shape)
        }
        self._ring = axes.add_patch(Rectangle((-0.5, -0.5), 1, 1, fill=False, lw=3, ec=style.RED, clip_on=False))
        self.moving = [*self._links, *self._columns, *self._neurons, *self._counts]
        self.moving += [self._table, *self._numbers.values(), self._title, self._ring]

    def compute(self, task, width, depth, shown, source):
        inputs, outputs = self._sizes[task]
        sizes = [inputs, *[width] * depth, outputs]
        place = self._depths.index(depth), self._widths.index(width)
        found = {key: grid.copy() for key, grid in self._results[task].items()}
        warning = ""
        if source == "yours":
            warning = self._train(task, sizes, place)
            for key, column in (("train", 0), ("held-out", 1)):
                found[key][...] = np.nan
                for where, reached in self._own[self._measure.now].get(task, {}).items():
                    found[key][where] = reached[column]
        found["gap"] = found["train"] - found["held-out"]
        return {"task": task, "sizes": sizes, "place": place, "shown": shown, "found": found, "source": source,
                "warning": warning}  # fmt: skip

    def _train(self, task, sizes, place):
        """Ask the reader's function about this net and remember what it says; returns what is wrong with that."""

        def pair(sizes):
            reached = self._measure(sizes)
            return np.array(reached, dtype=float) if isinstance(reached, tuple) and len(reached) == 2 else reached

        reached = reader.call("Your measure", pair, list(sizes), shape=(2,))
        self._own = {self._measure.now: self._own.get(self._measure.now, {})}  # an edited function starts anew
        self._own[self._measure.now].setdefault(task, {})[place] = reached
        warning = reader.not_finite("Your measure", reached)
        if not warning and not (0 <= reached.min() and reached.max() <= 1):
            warning = f"Your measure returned {reached[0]:g} and {reached[1]:g}. Expected accuracies, from 0 to 1."
        return warning

    def show(self, result):
        sizes, found, (row, column) = result["sizes"], result["found"], result["place"]
        self._show_net(sizes)
        drawn = found[SHOWN[result["shown"]]]
        low, high = (0, 0.2) if SHOWN[result["shown"]] == "gap" else (0, 1)
        self._table.set_data(np.ma.masked_invalid(drawn))
        self._table.set_clim(low, high)
        for place, text in self._numbers.items():
            value = drawn[place]
            text.set_text("?" if np.isnan(value) else f"{value:.3f}" if abs(value) < 10 else f"{value:.0e}")
            on_paper = style.THEMES[self.paper]["ink"]
            on_colour = "black" if value > low + 0.55 * (high - low) else "white"
            text.set_color(on_paper if np.isnan(value) else on_colour)
        whose = ", trained by you" if result["source"] == "yours" else ""
        self._title.set_text(f"{result['shown']}, {result['task']}{whose}")
        self._ring.set_xy((column - 0.5, row - 0.5))
        return self._words(result, drawn)

    def _show_net(self, sizes):
        heights = [0.06 + 0.44 * np.log2(1 + size) / np.log2(1 + TALLEST) for size in sizes]
        for k, (column, name) in enumerate(zip(self._columns, self._neurons, strict=True)):
            there = k < len(sizes)
            column.set_visible(there)
            name.set_text(f"{sizes[k]}" if there else "")
            if there:
                column.set_ydata([-heights[k], heights[k]])
                name.set_y(heights[k] + 0.03)
        for k, (link, count) in enumerate(zip(self._links, self._counts, strict=True)):
            there = k < len(sizes) - 1
            link.set_visible(there)
            count.set_text(f"{num_parameters(sizes[k : k + 2]):,}" if there else "")
            if there:
                left, right = heights[k : k + 2]
                link.set_xy([[k, -left], [k, left], [k + 1, right], [k + 1, -right]])

    def _words(self, result, drawn):
        sizes, found, place = result["sizes"], result["found"], result["place"]
        each = [num_parameters(pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]
        largest = int(np.argmax(each))
        train, held_out = found["train"][place], found["held-out"][place]
        held = np.nan_to_num(found["held-out"], nan=-1, posinf=-1, neginf=-1)
        best = np.unravel_index(held.argmax(), held.shape)
        layers = f"{self._depths[best[0]]} hidden {'layer' if self._depths[best[0]] == 1 else 'layers'}"
        net = "-".join(map(str, sizes))
        readout = "\n".join([
            f"{net}: {sum(each):,} parameters, {each[largest] / sum(each):.0%} of them in layer {largest + 1}.",
            f"Accuracy {train:.3f} in training, {held_out:.3f} held out: a gap of {train - held_out:+.3f}.",
            f"Best held-out accuracy of this table: {held[best]:.3f}, with {layers} of {self._widths[best[1]]}.",
        ])  # fmt: skip
        alt = (
            f"A net drawn as {len(sizes)} columns, {', '.join(map(str, sizes))} neurons high, with the parameters of "
            f"each layer: {', '.join(f'{count:,}' for count in each)}. Below, a table of the {result['shown']} for "
            f"{len(self._depths)} depths and {len(self._widths)} widths, a square around {drawn[place]:.3f}."
        )
        return readout, alt


def _grid(task, found, depths, widths):
    """The accuracies of one set of data as float arrays (D, W); ValueError if they are not that."""
    shape, grids = (len(depths), len(widths)), {}
    for key in ("train", "held-out"):
        grids[key] = np.asarray(found.get(key, []), dtype=float)
        if grids[key].shape != shape:
            raise ValueError(f"results[{task!r}][{key!r}] must have shape {shape}, one number for each depth and "
                             f"width; got {grids[key].shape}")  # fmt: skip
        if not (np.all(grids[key] >= 0) and np.all(grids[key] <= 1)):
            raise ValueError(f"results[{task!r}][{key!r}] must be accuracies from 0 to 1")
    return grids
