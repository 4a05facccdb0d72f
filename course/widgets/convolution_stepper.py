"""Convolution, one output cell after the other: window, kernel, products, their sum and the bias, on your own function.

Slides: ehinger-015, ehinger-016, ehinger-017, ehinger-018, ehinger-019, ehinger-020.
"""

import numpy as np
import traitlets
from numpy.lib.stride_tricks import sliding_window_view

from course import nn
from course.widgets import reader
from course.widgets.convolution_controls import ConvolutionControls
from course.widgets.convolution_examples import EXAMPLES
from course.widgets.convolution_still import draw_step
from course.widgets.convolution_words import output_size, size_words, step_words, sum_words
from course.widgets.grids import numbers, shares, short, texts
from course.widgets.live import Live, Stage, stage_module

FIRST = next(iter(EXAMPLES))
MOST = {"image": (3, 12, 12), "weight": (3, 3, 7, 7)}


class ConvolutionStage(Stage):
    """Input, kernel, products and output as grids, with the buttons that step through them."""

    _esm = stage_module("grid.js", "convolution_stepper.js")

    # no echo: the page knows where it is, and an old echo would take it back
    position = traitlets.Int(0).tag(sync=True, echo_update=False)
    answer_first = traitlets.Bool().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True, echo_update=False)


class ConvolutionStepper(ConvolutionControls, Live):
    """Step through a convolution; your function fills the output, and each cell is compared with the sum shown.

    conv2d: function of x (1, C, H, W), weight (F, C, KH, KW), bias (F,), stride, padding, handed over in this order,
    that returns (1, F, OH, OW); with `planes=True` of image (H, W), kernel (KH, KW), stride that returns (OH, OW).
    image: (C, H, W) or (H, W); weight: (F, C, KH, KW) or (KH, KW); bias: (F,). What is not given is the example's.
    """

    picture_class = ConvolutionStage
    state = ("image", "weight", "bias", "stride", "padding")
    views = ("position", "answer_first", "answers")
    size = (7.2, 4.6)
    read_below = True

    image = traitlets.List(help="(C, H, W) numbers")
    weight = traitlets.List(help="(F, C, KH, KW) numbers: F filters")
    bias = traitlets.List(traitlets.Float(), help="(F,) numbers")
    stride = traitlets.Int(1, min=1, max=4)
    padding = traitlets.Int(0, min=0, max=3)
    position = traitlets.Int(0, min=0, help="output cell: filter by filter, row by row")
    answer_first = traitlets.Bool(False, help="the reader says a cell before it is shown")
    answers = traitlets.Dict(help='{"3": 1.0}: what was said of a cell; None where it was shown unsaid')

    def __init__(
        self, conv2d=nn.conv2d, image=None, weight=None, bias=None, stride=None, padding=None,
        example=FIRST, planes=False, **kwargs
    ):  # fmt: skip
        if example not in EXAMPLES:
            raise ValueError(f"example must be one of {', '.join(map(repr, EXAMPLES))}; got {example!r}")
        self._conv2d, self._planes = self.follow("conv2d", conv2d), planes
        given = EXAMPLES[example] | {key: value for key, value in [
            ("image", image), ("weight", weight), ("bias", bias), ("stride", stride), ("padding", padding)
        ] if value is not None}  # fmt: skip
        given["image"] = self._numbers("image", given["image"])
        given["weight"] = self._numbers("weight", given["weight"])
        if weight is not None and bias is None:
            given["bias"] = [0.0] * len(given["weight"])
        if len(given["weight"][0]) != len(given["image"]):
            raise ValueError(f"a kernel has a slice for each channel: the image has {len(given['image'])} channels, "
                             f"the kernel {len(given['weight'][0])}")  # fmt: skip
        if planes and (len(given["weight"]), len(given["image"])) != (1, 1):
            raise ValueError("planes=True is for one channel and one kernel")
        given["bias"] = np.asarray(given["bias"], dtype=float).ravel().tolist()
        if len(given["bias"]) != len(given["weight"]):
            raise ValueError(f"each of {len(given['weight'])} filters has one bias; got {len(given['bias'])}")
        for name, value in given.items():
            setattr(self, name, value)
        super().__init__(**kwargs)

    def _numbers(self, name, values):
        dimensions = ("channels", "rows", "columns") if name == "image" else ("filters", "channels", "rows", "columns")
        return numbers(name, values, *dimensions, most=MOST[name])

    @traitlets.validate("image", "weight")
    def _some_numbers(self, proposal):
        try:
            return self._numbers(proposal["trait"].name, proposal["value"])
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    def say(self, value):
        """Say the number of the present output cell, before it is shown; None gives up and shows it."""
        self.answers = self.answers | {str(self.position): value}

    def _from_page(self, _, content, buffers):
        if "write" in content:
            self.write(*content["write"])
        super()._from_page(_, content, buffers)

    # the answer

    def compute(self, image, weight, bias, stride, padding):
        x, w, b = np.array(image), np.array(weight), np.array(bias)
        if w.shape[1] != len(x) or len(b) != len(w):
            raise reader.WrongAnswer(
                f"The image has {len(x)} channels and the kernel {w.shape[1]}; {len(w)} filters have {len(b)} biases."
            )
        padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))  # (C, PH, PW)
        size = tuple(output_size(x.shape[k], w.shape[k + 1], stride, padding) for k in (1, 2))
        result = {"x": x, "w": w, "b": b, "stride": stride, "padding": padding, "padded": padded, "size": size,
                  "warning": ""}  # fmt: skip
        if 0 in size:
            empty = np.zeros((len(w), 0, 0))
            return result | {"windows": empty, "sums": empty, "out": empty, "wrong": empty.astype(bool)}
        windows = sliding_window_view(padded, w.shape[2:], axis=(1, 2))[:, ::stride, ::stride]  # (C, OH, OW, KH, KW)
        sums = np.einsum("fcij,chwij->fhw", w, windows) + b[:, None, None]  # (F, OH, OW)
        if self._planes:
            out = reader.call("Your conv2d", self._conv2d, padded[0], w[0, 0], stride, shape=size)[None]
            sums = sums - b[:, None, None]
            result["b"] = np.zeros(1)
        else:
            shape = (1, *sums.shape)
            out = reader.call("Your conv2d", self._conv2d, x[None], w, b, stride, padding, shape=shape)[0]
        wrong = ~np.isclose(out, sums, rtol=1e-5, atol=1e-6)
        result["warning"] = reader.not_finite("Your conv2d", out)
        if wrong.any() and not result["warning"]:
            f, r, c = np.argwhere(wrong)[0]
            result["warning"] = (
                f"Your conv2d differs in {wrong.sum()} of {wrong.size} cells from the sum of the products. First in "
                f"{self._place(result, f, r, c)}: it says {short(out[f, r, c])}, the sum is {short(sums[f, r, c])}."
            )
        return result | {"windows": windows, "sums": sums, "out": out, "wrong": wrong}

    @staticmethod
    def _place(result, f, r, c):
        named = f"filter {f + 1}, " if len(result["w"]) > 1 else ""
        return f"{named}row {r + 1}, column {c + 1}"

    def _at(self, result):
        """(filter, row, column) of the present cell; None if there is no output."""
        count = result["out"].size
        return np.unravel_index(min(self.position, count - 1), result["out"].shape) if count else None

    # what is shown

    def _verdict(self, result, cell):
        """(is the cell open?, what is said of the answer) while the reader says the cells first."""
        number = str(np.ravel_multi_index(cell, result["out"].shape))
        if not self.answer_first:
            return True, ""
        if number not in self.answers:
            return False, "Your turn: multiply window and kernel, add the products and the bias."
        said = self.answers[number]
        if said is None:
            return True, "Shown."
        if np.isclose(said, result["sums"][cell], rtol=1e-3, atol=6e-3):
            return True, f"Right: {short(said)}."
        return False, f"{short(said)} is not it. Try again: {result['w'][0].size} products and the bias."

    def _step(self, result, cell):
        f, r, c = cell
        windows, kernel, bias = result["windows"][:, r, c], result["w"][f], result["b"][f]
        count = result["out"].size
        where = f"Cell {np.ravel_multi_index(cell, result['out'].shape) + 1} of {count}, {self._place(result, *cell)}."
        is_open, verdict = self._verdict(result, cell)
        lines = step_words(where, windows, kernel, bias) if is_open else [where]
        if result["wrong"][cell] and is_open:
            said, total = short(result["out"][cell]), short(result["sums"][cell])
            lines.append(f"Your conv2d says {said} here; the sum is {total}.")
        return {"open": is_open, "says": "\n".join([*lines, verdict] if verdict else lines),
                "sum": sum_words(windows, kernel, bias) if is_open else "products + bias = ?"}  # fmt: skip

    def _head(self, result):
        return size_words(result["x"].shape, result["w"].shape, result["stride"], result["padding"])

    def scene(self, result):
        padded, w, out, stride = result["padded"], result["w"], result["out"], result["stride"]
        channels, rows, columns = padded.shape
        covered = [(count - 1) * stride + k for count, k in zip(result["size"], w.shape[2:], strict=True)]
        return {
            "drawn": True, "head": self._head(result), "padding": result["padding"], "stride": stride,
            "input": {"text": texts(padded), "share": shares(padded), "values": padded.tolist(),
                      "title": ("padded " if result["padding"] else "input ")
                      + "×".join(map(str, padded.shape[channels == 1 :]))},
            "covered": covered if out.size else [rows, columns],
            "kernels": [{"text": texts(one), "share": shares(one), "values": one.tolist()} for one in w],
            "bias": None if self._planes else texts(result["b"]),
            "out": {"text": texts(out), "share": shares(out), "shape": list(out.shape)},
            "wrong": result["wrong"].ravel().tolist(),
            "steps": [self._step(result, cell) for cell in np.ndindex(out.shape)],
        }  # fmt: skip

    def words(self, result):
        (channels, rows, columns), cell = result["x"].shape, self._at(result)
        (filters, _, kernel_rows, kernel_columns), stride = result["w"].shape, result["stride"]
        what = (
            f"A convolution: input of {channels} × {rows} × {columns}, padding {result['padding']}, {filters} "
            f"{'kernel' if filters == 1 else 'kernels'} of {kernel_rows} × {kernel_columns}, stride {stride}. "
        )
        if cell is None:
            return self._head(result), what + "The kernel does not fit, so there is no output."
        step, (_, r, c) = self._step(result, cell), cell
        so_far = np.ravel_multi_index(cell, result["out"].shape) + 1
        value = short(result["out"][cell]) if step["open"] else "still hidden"
        alt = (
            f"{what}The window at row {r * stride + 1}, column {c * stride + 1} is marked. Output, "
            f"{result['size'][0]} × {result['size'][1]}: cell {so_far} is {value}."
        )
        return f"{self._head(result)}\n{step['says']}", alt

    def draw(self, figure, result):
        cell, out = self._at(result), result["out"]
        if cell is None:
            draw_step(figure, result, None, [])
            return
        number = np.ravel_multi_index(cell, out.shape)
        seen = [self._verdict(result, other)[0] for other in np.ndindex(out.shape)]  # of each cell: is it open?
        shown = ["" if k > number else short(value) if seen[k] else "?" for k, value in enumerate(out.ravel())]
        draw_step(figure, result, cell, np.reshape(shown, out.shape)[cell[0]].tolist(), seen[number])
