"""A map of embeddings: what a layer makes of each picture, as points in the plane, and which pictures are neighbours.

Slides: ehinger-035.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import BLUE, CLASS_COLORS, CLASS_MARKERS, DIGIT_CMAP, RED
from course.widgets import reader
from course.widgets.live import Live, Stage, stage_module

PCA, TSNE, OWN = "PCA", "t-SNE", "yours"
NEIGHBOURS = 5
BEFORE_TSNE = 50  # components: of hundreds of directions t-SNE would take long
TAKES_LONG = {PCA: "the search for neighbours", TSNE: "t-SNE"}


class EmbeddingStage(Stage):
    """The map, the chosen picture, its neighbours, and how good each layer is."""

    _esm = stage_module("embedding_map.js")

    # no echo: the page knows which point is under the hand
    chosen = traitlets.Int(0).tag(sync=True, echo_update=False)


class EmbeddingMap(Live):
    """Point at a picture in the map of a layer: which pictures are near it there, and which are in pixels?

    embeddings: {layer: (N, D) or (N, ...)}, as `reference.layers` and `nn.ConvNet.layers` return them.
    images: (N, 784), (N, 28, 28) or (N, 1, 28, 28) in [0, 1]; labels: (N,), classes 0 to 9. Some hundred pictures are a
    good number.
    project: if given, your own map: a function of an embedding (N, D) that returns points (N, 2).
    """

    picture_class = EmbeddingStage
    state = ("layer", "method")
    views = ("chosen",)
    size = (7.2, 4.7)
    read_below = True

    layer = traitlets.Unicode(help="name of the layer")
    method = traitlets.Enum([PCA, TSNE, OWN], PCA, help="how many numbers become two")
    chosen = traitlets.Int(0, min=0, help="which picture")

    def __init__(self, embeddings, images, labels, project=None, **kwargs):
        images, self._labels = np.asarray(images, dtype=np.float32), np.asarray(labels)
        count = len(images)
        if images.size != 784 * count or not (images.min(initial=0) >= 0 and images.max(initial=0) <= 1):
            raise ValueError(f"images must be pictures of 28x28 in [0, 1]; got an array of shape {images.shape}")
        if self._labels.shape != (count,) or not np.isin(self._labels, range(10)).all():
            raise ValueError(f"labels must be {count} integers from 0 to 9; got {reader.describe(self._labels)}")
        if count <= NEIGHBOURS:
            raise ValueError(f"a map needs more than {NEIGHBOURS} pictures; got {count}")
        if not isinstance(embeddings, dict) or not embeddings:
            raise TypeError(f"embeddings must be a dict of arrays by layer; got {reader.describe(embeddings)}")
        self._embeddings = {name: _rows(name, values, count) for name, values in embeddings.items()}
        self._images = images.reshape(count, 28, 28)
        self._project = None if project is None else self.follow("project", project)
        self._near, self._maps = {}, {}
        super().__init__(**kwargs)

    @traitlets.default("layer")
    def _default_layer(self):
        return next(iter(self._embeddings))

    @traitlets.default("method")
    def _default_method(self):
        return PCA if self._project is None else OWN

    @traitlets.validate("layer", "method", "chosen")
    def _known(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if name == "layer" and value not in self._embeddings:
            raise traitlets.TraitError(f"layer must be one of {', '.join(self._embeddings)}; got {value}")
        if name == "method" and value == OWN and self._project is None:
            raise traitlets.TraitError("there is no map of yours: use EmbeddingMap(..., project=your_function)")
        if name == "chosen" and value >= len(self._images):
            raise traitlets.TraitError(f"chosen must be from 0 to {len(self._images) - 1}; got {value}")
        return value

    def controls(self):
        methods = [PCA, TSNE] + [OWN] * (self._project is not None)
        point = widgets.IntSlider(max=len(self._images) - 1, description="Picture")
        return [
            self.bind("layer", widgets.Dropdown(options=list(self._embeddings), description="Layer")),
            self.bind("method", widgets.Dropdown(options=methods, description="Map by")), self.bind("chosen", point),
        ]  # fmt: skip

    def _report_wait(self, seconds):
        super()._report_wait(seconds)
        self.status = self.status.replace("your function", TAKES_LONG.get(self.method, "your function"))

    # what is computed

    def compute(self, layer, method):
        x, warning = self._embeddings[layer], ""
        if method == OWN:
            points = reader.call("Your project", self._project, x, shape=(len(x), 2))
            warning = reader.not_finite("Your project", points)
            points, kept = np.clip(np.nan_to_num(points), -1e100, 1e100), None
        else:
            points, kept = self._map(layer, method)
        span = np.ptp(points, axis=0)
        places = (points - points.min(axis=0)) / np.where(span > 0, span, 1)  # (N, 2) in [0, 1]
        places[:, span == 0] = 0.5
        result = {"layer": layer, "method": method, "places": places, "kept": kept, "warning": warning}
        result["near"] = [self._neighbours("pixels"), self._neighbours(layer)]
        result["near"].append(nn.nearest_neighbours(places, NEIGHBOURS))
        result["accuracy"] = {name: self._share(self._neighbours(name)) for name in ["pixels", *self._embeddings]}
        result["plane"] = self._share(result["near"][2])
        return result | {"scene": self._scene(result)}

    def _map(self, layer, method):
        """(points (N, 2), the share of the variance that they keep); each map is made once."""
        if (layer, method) not in self._maps:
            if method == PCA:
                points, shares = nn.pca(self._embeddings[layer])
                self._maps[layer, method] = points, shares.sum()
            else:
                self._maps[layer, method] = _tsne(self._embeddings[layer]), None
        return self._maps[layer, method]

    def _neighbours(self, name):
        """The nearest pictures of each, (N, 5), by this layer, or by "pixels" as they are."""
        if name not in self._near:
            x = self._images if name == "pixels" else self._embeddings[name]
            self._near[name] = nn.nearest_neighbours(x, NEIGHBOURS)
        return self._near[name]

    def _share(self, near):
        """Of so many pictures the nearest other one is the same digit."""
        return float((self._labels[near[:, 0]] == self._labels).mean())

    # what is shown

    def _scene(self, result):
        return {
            "drawn": True, "head": "\n".join(self._head(result)),
            "layer": result["layer"], "title": f"{result['layer']} by {result['method']}",
            "places": np.round(result["places"], 4).tolist(), "labels": self._labels.tolist(),
            "images": np.uint8(np.round(255 * self._images)).tobytes(), "colours": CLASS_COLORS,
            "markers": CLASS_MARKERS, "near": [near.tolist() for near in result["near"]],
            "accuracy": [[name, share] for name, share in result["accuracy"].items()],
        }  # fmt: skip

    def scene(self, result):
        return result["scene"]

    def _head(self, result):
        """Two sentences about the layer and its map."""
        how = {
            PCA: f"by PCA, which keeps {result['kept'] or 0:.0%} of the variance",
            TSNE: "by t-SNE, which keeps who is near, and not how far groups are apart", OWN: "by your project",
        }[result["method"]]  # fmt: skip
        size = self._embeddings[result["layer"]].shape[1]
        return [
            f"Layer {result['layer']}: {size:,} numbers for each of {len(self._labels)} pictures, {how}.",
            f"The nearest other picture is the same digit: {self._shares(result)}; "
            f"on this map {result['plane']:.1%}.",
        ]

    @staticmethod
    def _shares(result):
        return ", ".join(f"{name} {share:.1%}" for name, share in result["accuracy"].items())

    def words(self, result):
        layer, labels, chosen = result["layer"], self._labels, self.chosen
        named = [" ".join(str(labels[k]) for k in near[chosen]) for near in result["near"]]
        near = (f"Picture {chosen}, a {labels[chosen]}. Nearest in pixels: {named[0]}; in {layer}: {named[1]}; "
                f"on the map: {named[2]}.")  # fmt: skip
        alt = (
            f"A map of {len(labels)} digits, by {result['method']} of layer {layer}, each digit with a colour and a "
            f"marker of its own. {near} Bars: the nearest other picture is the same digit for {self._shares(result)}."
        )
        return "\n".join([*self._head(result), near]), alt

    def draw(self, figure, result):
        chosen, near = self.chosen, result["near"]
        left, right = figure.subfigures(1, 2, width_ratios=[1.9, 1])
        axes = left.subplots()
        axes.set(title=f"{result['layer']} by {result['method']}", xticks=[], yticks=[])
        for digit in range(10):
            x, y = result["places"][self._labels == digit].T
            axes.scatter(x, y, s=26, c=CLASS_COLORS[digit], marker=CLASS_MARKERS[digit], label=str(digit), lw=0)
        axes.scatter(*result["places"][chosen], s=190, fc="none", ec=RED, lw=2.5)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=10, columnspacing=0.6, handletextpad=0)
        *pictures, bars = right.subplots(4, 1, height_ratios=[1, 0.8, 0.8, 1.6])
        rows = {f"picture {chosen}, a {self._labels[chosen]}": [chosen]}
        names = ("pixels", result["layer"])
        rows |= {f"nearest in {name}": found[chosen] for name, found in zip(names, near, strict=False)}
        for axes, (title, numbers) in zip(pictures, rows.items(), strict=False):
            axes.imshow(np.hstack(self._images[numbers]), cmap=DIGIT_CMAP[self.paper], vmin=0, vmax=1)
            axes.set_title(title, fontsize=9)
            axes.set_axis_off()
        names, shares = list(result["accuracy"]), list(result["accuracy"].values())
        colours = [BLUE if name == result["layer"] else CLASS_COLORS[8] for name in names]
        bars.barh(range(len(names)), shares, color=colours)
        bars.set(xlim=(0, 1), yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.6))
        bars.set_title("nearest is the same digit", fontsize=9)


def _rows(name, values, count):
    """One row of float32 for each picture; ValueError if they are not that."""
    values = np.asarray(values, dtype=np.float32)
    if len(values) != count or values.size == 0 or not np.isfinite(values).all():
        raise ValueError(f"embeddings[{name!r}] must have a row of finite numbers for each of {count} pictures; "
                         f"got {reader.describe(values)}")  # fmt: skip
    return values.reshape(count, -1)


def _tsne(x):
    """Points (N, 2) by t-SNE of the first principal components, the same for everybody."""
    from sklearn.manifold import TSNE as Tsne  # takes a second to load

    few, _ = nn.pca(x, min(BEFORE_TSNE, *x.shape))
    perplexity = min(30, (len(x) - 1) / 3)
    return Tsne(perplexity=perplexity, init="pca", random_state=0).fit_transform(few).astype(float)
