"""What each layer of a convolutional net makes of a digit: maps, receptive fields, kernels, most exciting patches.

Slides: ehinger-022, ehinger-023.
"""

import time

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import traitlets

from course import nn
from course.figures.style import ACTIVATION_CMAP, WEIGHT_CMAP
from course.widgets import reader
from course.widgets.digit_pad import BLANK, Pad
from course.widgets.feature_maps_still import draw_maps
from course.widgets.live import Live, Stage, stage_module
from course.widgets.receptive import by_layer, patches, windows
from course.widgets.strokes import to_mnist

PATIENT = 2.0  # seconds for the pictures of which the patches come
LEAST = 9  # pictures, however slow the net is
VALUES = {"module": "each map", "layer": "each layer", "global": "the whole net"}  # who shares one colour scale


class MapsStage(Stage):
    """The picture, the maps of each layer, the bars; or filters and patches."""

    _esm = stage_module("feature_maps_layout.js", "feature_maps.js")

    constants = traitlets.Dict(help="what does not depend on the picture").tag(sync=True)
    # no echo: the page knows where the mouse is
    unit = traitlets.List([0, 0, 14, 14]).tag(sync=True, echo_update=False)
    scale = traitlets.Unicode("layer").tag(sync=True)
    shown = traitlets.Unicode("maps").tag(sync=True)
    expanded = traitlets.Unicode().tag(sync=True)


class FeatureMaps(Live):
    """Choose or draw a digit; every layer shows its maps, and each unit what it looks at.

    layers: function of pictures (N, 1, 28, 28) that returns what each layer hands on, {name: (N, C, H, W) or (N, D)},
    the last being the logits. images: (N, 784) or (N, [1,] 28, 28), a hundred is a good number; labels: (N,).
    weights: {name: (weight, bias)} of layers, or the net's parameters in their order; with them kernels, sums and
    receptive fields are shown. initial: the same before training.
    """

    picture_class = MapsStage
    state = ("index", "strokes")
    views = ("unit", "scale", "shown", "expanded")
    size = (7.2, 5.4)
    read_below = True

    tool = traitlets.Enum(["pen", "eraser"], "pen")
    index = traitlets.Int(0, min=-1, help="which picture; -1 for an empty pad")
    strokes = traitlets.List(help='[{"tool": "pen", "points": [[x, y], ...]}, ...] on 280x280, over the picture')
    unit = traitlets.List([0, 0, 14, 14], help="layer, map, row and column that are looked at; all count from 0")
    scale = traitlets.Enum(list(VALUES), "layer", help="which maps share one colour scale")
    shown = traitlets.Enum(["maps", "filters"], "maps", help="maps, or filters and patches")
    expanded = traitlets.Unicode(help="the one layer that has all the room, or nothing")

    def __init__(self, layers, images, labels, weights=None, initial=None, **kwargs):
        self._layers = self.follow("layers", layers)
        images, labels = np.asarray(images, dtype=np.float32), np.asarray(labels)
        if len(images) == 0 or images.size != len(images) * 784:
            raise ValueError(f"images must be pictures of 28x28; got an array of shape {images.shape}")
        if labels.shape != (len(images),):
            raise ValueError(f"labels must be {len(images)} numbers; got {reader.describe(labels)}")
        self._images, self._labels = images.reshape(-1, 1, 28, 28), labels
        self._given, self._excited = (weights, initial), {}
        super().__init__(**kwargs)

    @traitlets.validate("index")
    def _known_picture(self, proposal):
        if proposal["value"] >= len(self._images):
            raise traitlets.TraitError(f"there are {len(self._images)} pictures; got index {proposal['value']}")
        return proposal["value"]

    @property
    def image(self):
        """The picture that the net sees, (28, 28) float32."""
        return self._image(self.index, self.strokes)

    def _image(self, index, strokes):
        picture = self._images[index, 0] if index >= 0 else None
        return picture if picture is not None and not strokes else to_mnist(strokes, picture)

    def reset(self):
        """First values back; the patches are looked for again, so that a net that was trained further is seen."""
        self._excited.clear()
        super().reset()

    # controls

    def controls(self):
        self._pad = Pad()
        for name in ("strokes", "tool"):
            traitlets.link((self, name), (self._pad, name))
        self.observe(lambda change: self._use_picture(), "index")
        self._use_picture()
        pictures = [(f"picture {k + 1}, a {label}", k) for k, label in enumerate(self._labels)]
        choice = widgets.Dropdown(options=[*pictures, ("draw your own", -1)], description="Digit")
        pen = widgets.ToggleButtons(options=[("Pen", "pen"), ("Eraser", "eraser")], description="Tool")
        undo = widgets.Button(description="Undo", tooltip="Take the last stroke back")
        undo.on_click(lambda _: setattr(self, "strokes", self.strokes[:-1]))
        clear = widgets.Button(description="Clear", tooltip="Empty the pad")
        clear.on_click(lambda _: self.clear())
        self._edit_buttons = [undo, clear]
        return [self.bind("index", choice), self.bind("tool", pen), self._pad]

    def arrange(self, controls, picture, buttons):
        """The buttons stand under the pad that they change."""
        return super().arrange([*controls, widgets.HBox([*self._edit_buttons, *buttons])], picture, [])

    def clear(self):
        """Empty the pad."""
        with self.together():
            self.strokes, self.index = [], -1

    def _use_picture(self):
        grey = self._images[self.index] if self.index >= 0 else np.zeros(784)
        self._pad.background = (255 * np.clip(grey, 0, 1)).astype(np.uint8).tobytes() if self.index >= 0 else BLANK
        self.strokes = []

    # the answer

    def _ask(self, pictures):
        """{name: (N, C, H, W) or (N, D)}, checked."""
        answer = self._layers(pictures.copy())
        if not isinstance(answer, dict) or not answer:
            what = "an empty dict" if answer == {} else reader.describe(answer)
            raise reader.WrongAnswer(f"Your layers returned {what}. Expected a dict, {{name: array}}, of all layers.")
        found, count, (*_, last) = {}, len(pictures), answer
        for name, value in answer.items():
            title, shape = f"Layer {name!r} of your layers", value.shape if isinstance(value, np.ndarray) else ()
            fits = shape[:1] == (count,) and 0 not in shape
            if name == last and not (fits and len(shape) == 2):
                shape = (count, 10)
            elif not (fits and len(shape) in (2, 4)):
                expected = f"shape ({count}, C, H, W) or ({count}, D)"
                raise reader.WrongAnswer(f"{title} returned {reader.describe(value)}. Expected an array of {expected}.")
            found[name] = reader.call(title, lambda value=value: value, shape=shape)
        return found

    def compute(self, index, strokes):
        image = self._image(index, strokes)
        began = time.perf_counter()
        found = {name: maps[0] for name, maps in self._ask(image[None, None].astype(np.float32)).items()}
        seconds = time.perf_counter() - began
        shapes = {name: maps.shape for name, maps in found.items()}
        try:
            weights, initial = (by_layer(given, shapes) for given in self._given)
        except ValueError as error:
            raise reader.WrongAnswer(str(error)) from None
        seen = windows(shapes, weights)
        key = self._layers.now, tuple(shapes.items())
        if key not in self._excited:
            count = int(np.clip(PATIENT / max(seconds, 1e-4), min(LEAST, len(self._images)), len(self._images)))
            self._excited = {key: (count, patches(self._ask(self._images[:count]), seen))}
        *_, last = found
        problems = [reader.not_finite(f"Layer {name!r} of your layers", maps) for name, maps in found.items()]
        with np.errstate(all="ignore"):
            p = nn.softmax(found[last][None].astype(float))[0]
        return {"image": image, "index": index, "drawn": bool(strokes), "found": found, "weights": weights,
                "initial": initial, "seen": seen, "p": p, "excited": self._excited[key],
                "warning": next(filter(None, problems), "")}  # fmt: skip

    # what is shown

    def _unit(self, result):
        """(name, channel, row, column) that is looked at, in this net."""
        names = list(result["found"])
        layer, channel, row, column = self.unit
        name = names[min(max(layer, 0), len(names) - 1)]
        shape = result["found"][name].shape
        shape = shape if len(shape) == 3 else (*shape, 1, 1)
        return name, *(min(max(int(one), 0), size - 1) for one, size in zip((channel, row, column), shape, strict=True))

    def _constants(self, result):
        colour = {name: mpl.colormaps[cmap](np.arange(256), bytes=True)[:, :3].tobytes()
                  for name, cmap in (("sequential", ACTIVATION_CMAP), ("diverging", WEIGHT_CMAP))}  # fmt: skip
        count, excited = result["excited"]
        pack = lambda pairs: {name: [np.asarray(one, np.float32).tobytes() for one in pair]  # noqa: E731
                              for name, pair in pairs.items()}  # fmt: skip
        return {
            "colours": colour, "images": (255 * np.clip(self._images[:count], 0, 1)).astype(np.uint8).tobytes(),
            "labels": [str(label) for label in self._labels[:count]], "patches": excited,
            "weights": pack(result["weights"]), "initial": pack(result["initial"]), "values": VALUES,
            "layers": [{
                "name": name, "shape": list(maps.shape), "parameters": self._parameters(result, name),
                "kernels": list(result["weights"][name][0].shape) if name in result["weights"] else [],
                **result["seen"][name]._asdict(),
            } for name, maps in result["found"].items()],
        }  # fmt: skip

    @staticmethod
    def _parameters(result, name):
        return sum(one.size for one in result["weights"].get(name, ()))

    def scene(self, result):
        self.picture.constants = self._constants(result)
        return {
            "drawn": True, "image": result["image"].astype(np.float32).tobytes(),
            "maps": [maps.astype(np.float32).tobytes() for maps in result["found"].values()],
            "p": [float(one) if np.isfinite(one) else 0.0 for one in result["p"]],
        }  # fmt: skip

    def words(self, result):
        unit, (count, _) = self._unit(result), result["excited"]
        name = "Your drawing" if result["drawn"] else "An empty pad"
        if result["index"] >= 0 and not result["drawn"]:
            name = f"Picture {result['index'] + 1}, a {self._labels[result['index']]}"
        order = np.argsort(-np.nan_to_num(result["p"]), kind="stable")[:2]
        read = f"{order[0]} with {100 * result['p'][order[0]]:.1f} %"
        if len(order) > 1:
            read += f", then {order[1]} with {100 * result['p'][order[1]]:.1f} %"
        sizes = ", ".join(f"{one} {'×'.join(map(str, maps.shape))}" for one, maps in result["found"].items())
        total = sum(self._parameters(result, one) for one in result["found"])
        parameters = f"; {total:,} parameters" if total else ""
        readout = [f"{name}: read as {read}. Layers: {sizes}{parameters}.", self._unit_words(result, *unit)]
        if best := result["excited"][1].get(unit[0]):
            whose = ", ".join(str(self._labels[n]) for n, *_ in best[unit[1]])
            readout.append(f"Of {count} pictures these excite map {unit[1]} of {unit[0]} most: {whose}.")
        alt = (
            f"What {len(result['found'])} layers make of a digit: {sizes}. Bars for the answer: {read}. Looked at: row "
            f"{unit[2]}, column {unit[3]} in map {unit[1]} of {unit[0]}, which is {self._value(result, *unit):.3g}."
        )
        return "\n".join(readout), alt

    @staticmethod
    def _value(result, name, channel, row, column):
        maps = result["found"][name]
        return maps[channel, row, column] if maps.ndim == 3 else maps[channel]

    def _unit_words(self, result, name, channel, row, column):
        value, seen = self._value(result, name, channel, row, column), result["seen"][name]
        names = list(result["found"])
        before = result["found"][names[names.index(name) - 1]] if name != names[0] else result["image"][None]
        if seen.kind == "dense":
            words = f"{name}, unit {channel}: {value:.4g}. It sees everything."
            if name in result["weights"]:
                weight, bias = result["weights"][name]
                products = weight[channel].ravel() @ before.ravel() if weight[channel].size == before.size else np.nan
                words += self._sum_words(f"{before.size} products", products, bias[channel], value)
            return words
        where = f"{name}, map {channel}, row {row}, column {column}: {value:.4g}."
        if not seen.kind:
            return f"{where} What it looks at is known with weights=..., the net's parameters."
        low = [place * seen.jump + seen.offset for place in (row, column)]
        from_to = [f"{max(one, 0)} to {min(one + seen.field, 28) - 1}" for one in low]
        where += f" It looks at rows {from_to[0]}, columns {from_to[1]} of the picture."
        patch = self._patch(before, seen, row, column)  # (C, K, K)
        if seen.kind == "conv":
            weight, bias = result["weights"][name]
            products = (weight[channel] * patch).sum()
            return where + self._sum_words(f"{patch.size} products", products, bias[channel], value)
        if seen.kind == "pool":
            return f"{where} The largest of {', '.join(f'{one:.3g}' for one in patch[channel].ravel())}."
        return f"{where} From {patch[channel, 0, 0]:.4g} in the layer before."

    @staticmethod
    def _patch(before, seen, row, column):
        """What a unit sees of the layer before, zeros around it included: (C, K, K)."""
        padded = np.pad(before, ((0, 0), *[(seen.padding, seen.padding + seen.kernel)] * 2))
        top, left = row * seen.stride, column * seen.stride
        return padded[:, top : top + seen.kernel, left : left + seen.kernel]

    @staticmethod
    def _sum_words(what, products, bias, value):
        said = f" {what} {products:.4g} + bias {bias:.4g} = {products + bias:.4g}."
        if not np.isclose(products + bias, value, rtol=1e-3, atol=1e-4) and np.isfinite(products):
            said += " Your layer says something else."
        return said

    def draw(self, figure, result):
        draw_maps(figure, result, self._unit(result), self.paper)
