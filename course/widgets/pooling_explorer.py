"""Pooling: of each window one number goes on. What is lost, and what a small shift does not change.

Slides: ehinger-028, ehinger-029.
"""

import ipywidgets as widgets
import numpy as np
import traitlets
from numpy.lib.stride_tricks import sliding_window_view

from course import nn
from course.figures.style import CLASS_COLORS
from course.widgets import reader
from course.widgets.convolution_words import output_size
from course.widgets.grids import as_canvas, draw_frame, draw_grid, numbers, shares, short, texts
from course.widgets.live import Live, Stage, stage_module
from course.widgets.strokes import to_mnist

DECK = [[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
PIXEL = [[1.0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
SEVEN = [{"tool": "pen", "points": [[70, 60], [200, 60], [120, 230]]}]
OWN = "your own"
SHIFTS = 4  # 0 to 3 columns
LETTERED = 12  # windows: so many have a letter and a colour of their own
READ = 12  # columns: numbers in more cannot be read


class PoolingStage(Stage):
    """The input and its windows, the pooled numbers, and those without the shift."""

    _esm = stage_module("grid.js", "pooling_explorer.js")

    # no echo: the page knows where it is
    shift = traitlets.Int(0).tag(sync=True, echo_update=False)
    cell = traitlets.Int(0).tag(sync=True, echo_update=False)


class PoolingExplorer(Live):
    """Choose window, stride and shift, write into the cells, and see which numbers go on, by your max pooling.

    max_pool2d: function of x (N, 1, H, W), kernel size, stride, handed over in this order, that returns
    (N, 1, OH, OW); it gets the input at all shifts at once. values: (H, W), up to 28 × 28. digit: a picture (28, 28).
    """

    picture_class = PoolingStage
    state = ("values", "window", "stride")
    views = ("shift", "cell", "kind")
    size = (7.2, 4.2)
    read_below = True

    values = traitlets.List(help="(H, W) numbers")
    window = traitlets.Int(2, min=1, max=4)
    stride = traitlets.Int(2, min=1, max=4)
    shift = traitlets.Int(0, min=0, max=SHIFTS - 1, help="columns to the right; zeros come in on the left")
    cell = traitlets.Int(0, min=0, help="output cell that is looked at, row by row")
    kind = traitlets.Enum(["max", "average"], "max")

    def __init__(self, max_pool2d=nn.max_pool2d, values=DECK, digit=None, **kwargs):
        self._pool = self.follow("max_pool2d", max_pool2d)
        digit = to_mnist(SEVEN) if digit is None else np.asarray(digit, dtype=float)
        if digit.size != 784:
            raise ValueError(f"digit must be a picture of 28x28; got an array of shape {digit.shape}")
        self._sources = {
            "4×4 numbers": DECK, "one bright pixel": PIXEL,
            "a digit": np.round(digit.reshape(28, 28).astype(float), 3).tolist(),
        }  # fmt: skip
        self.values = self._numbers(values)
        super().__init__(**kwargs)

    @staticmethod
    def _numbers(values):
        return numbers("values", [values], "", "rows", "columns", most=(1, 28, 28))[0]

    @traitlets.validate("values")
    def _some_numbers(self, proposal):
        try:
            return self._numbers(proposal["value"])
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def write(self, place, value):
        """Change one number; place: row and column without the shift."""
        changed = np.array(self.values)
        changed[tuple(place)] = value
        self.values = changed.tolist()

    def _from_page(self, _, content, buffers):
        if "write" in content:
            self.write(*content["write"])
        super()._from_page(_, content, buffers)

    def controls(self):
        self._source = widgets.Dropdown(options=[OWN, *self._sources], description="Input")
        self._name_source()
        self._source.observe(lambda change: self._use(change["new"]), "value")
        self.observe(lambda change: self._name_source(), "values")
        window = self.bind("window", widgets.IntSlider(min=1, max=4, description="Window"))
        stride = self.bind("stride", widgets.IntSlider(min=1, max=4, description="Stride"))
        self.observe(lambda change: setattr(self, "stride", change["new"]), "window")  # PyTorch's default
        kind = widgets.Dropdown(options=["max", "average"], description="Goes on")
        return [self._source, window, stride, self.bind("kind", kind)]

    def _name_source(self):
        self._source.value = next((name for name, values in self._sources.items() if values == self.values), OWN)

    def _use(self, name):
        if name != OWN and self._sources[name] != self.values:
            self.values = self._sources[name]

    # the answer

    def compute(self, values, window, stride):
        x = np.array(values)  # (H, W)
        size = tuple(output_size(side, window, stride, 0) for side in x.shape)
        if 0 in size:
            raise reader.WrongAnswer(f"A window of {window} has no room in {x.shape[0]} rows and {x.shape[1]} columns.")
        shifted = np.stack([np.pad(x, ((0, 0), (k, 0)))[:, : x.shape[1]] for k in range(SHIFTS)])  # (S, H, W)
        seen = sliding_window_view(shifted, (window, window), axis=(1, 2))[:, ::stride, ::stride]  # (S, OH, OW, K, K)
        shape = (SHIFTS, 1, *size)
        out = reader.call("Your max_pool2d", self._pool, shifted[:, None], window, stride, shape=shape)[:, 0]
        largest = seen.max(axis=(3, 4))
        wrong = ~np.isclose(out, largest, rtol=1e-6, atol=1e-9)
        warning = reader.not_finite("Your max_pool2d", out)
        if wrong.any() and not warning:
            k, r, c = np.argwhere(wrong)[0]
            warning = (
                f"Your max_pool2d differs from the largest of the window in {wrong.sum()} of {wrong.size} cells, all "
                f"shifts together. First at shift {k}, row {r + 1}, column {c + 1}: it says {short(out[k, r, c])}, the "
                f"largest is {short(largest[k, r, c])}."
            )
        return {"x": shifted, "seen": seen, "max": out, "average": seen.mean(axis=(3, 4)), "wrong": wrong,
                "window": window, "stride": stride, "warning": warning}  # fmt: skip

    # what is shown

    def _changed(self, result):
        """(S, OH, OW): is the pooled number another one than without a shift?"""
        out = result[self.kind]
        return ~np.isclose(out, out[:1], rtol=1e-9, atol=1e-12, equal_nan=True)

    def _cell(self, result):
        return min(self.cell, result["max"][0].size - 1)

    def _head(self, result, shift):
        (_, rows, columns), (_, out_rows, out_columns) = result["x"].shape, result["max"].shape
        window, stride = result["window"], result["stride"]
        sizes = [f"{what} ({side} - {window}) / {stride} + 1 = {(side - window) / stride + 1:.4g}"
                 for what, side in (("rows", rows), ("columns", columns))]  # fmt: skip
        lines = [f"Output {' and '.join(sizes)}. {rows * columns} numbers become {out_rows * out_columns}."]
        unseen = rows - (out_rows - 1) * stride - window, columns - (out_columns - 1) * stride - window
        if max(unseen) > 0 and stride <= window:
            lines.append(f"Not in any window (pale): the last {unseen[0]} rows and {unseen[1]} columns.")
        if shift:
            changed = self._changed(result)[shift].sum()
            moved = (result["x"][shift] != result["x"][0]).sum()
            result_of = "the pooled result stays" if changed == 0 else "the pooled result changes"
            lines.append(
                f"Shift {shift}: {result_of}. {moved} of {rows * columns} numbers of the input are others, "
                f"and {changed} of {out_rows * out_columns} pooled ones."
            )
        else:
            lines.append("Shift 0. Move the shift: does the pooled result stay?")
        return "\n".join(lines)

    def _step(self, result, shift, r, c):
        window, stride, numbers_seen = result["window"], result["stride"], result["seen"][shift, r, c].ravel()
        out = result[self.kind][shift, r, c]
        named = f"Window {self._letter(result, r, c)}".strip()
        where = f"{named}, from row {r * stride + 1}, column {c * stride + 1}: {', '.join(map(short, numbers_seen))}."
        if self.kind == "average":
            return f"{where} Their average is {short(out)}."
        if result["wrong"][shift, r, c]:
            return f"{where} Your max_pool2d says {short(out)}; the largest is {short(numbers_seen.max())}."
        return f"{where} The largest is {short(out)}; where it stood, and the other {window**2 - 1}, are lost."

    @staticmethod
    def _letter(result, r, c):
        _, rows, columns = result["max"].shape
        return chr(ord("A") + r * columns + c) if rows * columns <= LETTERED else ""

    def _winners(self, result, shift):
        """Row and column of the first largest number of each window, window by window."""
        window, stride = result["window"], result["stride"]
        _, rows, columns = result["max"].shape
        best = result["seen"][shift].reshape(rows, columns, -1).argmax(-1)
        return [[r * stride + int(best[r, c]) // window, c * stride + int(best[r, c]) % window]
                for r in range(rows) for c in range(columns)]  # fmt: skip

    def scene(self, result):
        out, (_, _, columns) = result[self.kind], result["x"].shape
        cells = list(np.ndindex(out.shape[1:]))
        read, x_shares, out_shares = columns <= READ, shares(result["x"]), shares(out)
        blank = np.full(out.shape[1:], "").tolist()
        return {
            "drawn": True, "window": result["window"], "stride": result["stride"], "shape": list(out.shape[1:]),
            "read": read, "colours": CLASS_COLORS, "kind": self.kind, "signed": bool((result["x"] < 0).any()),
            "letters": [self._letter(result, r, c) for r, c in cells],
            "shifts": [{
                "head": self._head(result, k), "steps": [self._step(result, k, r, c) for r, c in cells],
                "text": texts(x) if read else np.full(x.shape, "").tolist(), "share": x_shares[k],
                "out": texts(out[k]) if read else blank, "outShare": out_shares[k],
                "winners": self._winners(result, k), "changed": self._changed(result)[k].ravel().tolist(),
                "wrong": result["wrong"][k].ravel().tolist() if self.kind == "max" else [False] * len(cells),
            } for k, x in enumerate(result["x"])],
        }  # fmt: skip

    def words(self, result):
        shift, (_, rows, columns) = self.shift, result["max"].shape
        r, c = divmod(self._cell(result), columns)
        out, changed = result[self.kind][shift], self._changed(result)[shift].sum()
        alt = (
            f"{'Max' if self.kind == 'max' else 'Average'} pooling with a window of {result['window']} and stride "
            f"{result['stride']}: {result['x'].shape[1]} × {result['x'].shape[2]} numbers, shifted by {shift}, become "
            f"{rows} × {columns}. The marked window gives {short(out[r, c])}. "
            f"{changed} of {out.size} pooled numbers differ from those without a shift."
        )
        return f"{self._head(result, shift)}\n{self._step(result, shift, r, c)}", alt

    def draw(self, figure, result):
        shift, window, stride = self.shift, result["window"], result["stride"]
        x, out = result["x"][shift], result[self.kind][shift]
        (rows, columns), (out_rows, out_columns) = x.shape, out.shape
        axes, read = figure.subplots(), columns <= READ
        as_canvas(axes, columns + out_columns + 2, max(rows, out_rows) + 1.5)
        fontsize = min(11.0, 300 / (columns + out_columns + 2))
        for left, values, title in [(0.5, x, f"input, shift {shift}"), (columns + 1.5, out, self.kind)]:
            labels = texts(values) if read else np.full(values.shape, "").tolist()
            axes.text(left, 0.8, title, fontsize=10, va="bottom")
            draw_grid(axes, [labels], left, 1, share=[shares(values)], signed=bool((x < 0).any()), fontsize=fontsize)
        for number, (r, c) in enumerate(np.ndindex(out.shape)):
            if out.size <= LETTERED:
                draw_frame(axes, 0.5 + c * stride, 1 + r * stride, window, window, CLASS_COLORS[number % 10])
        r, c = divmod(self._cell(result), out_columns)
        draw_frame(axes, 0.5 + c * stride, 1 + r * stride, window, window)
        draw_frame(axes, columns + 1.5 + c, 1 + r, 1, 1)
