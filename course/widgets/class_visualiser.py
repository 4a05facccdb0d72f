"""The picture that a class asks for: climb the gradient of a logit into the picture, with and without regulariser.

Simonyan, Vedaldi and Zisserman, 2014; Nguyen, Yosinski and Clune, CVPR 2015. Slides: ehinger-037 to ehinger-040.
"""

import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.patches import Rectangle

from course import nn
from course.figures.style import BLUE, DIGIT_CMAP, ORANGE
from course.widgets import reader
from course.widgets.base import Explorer
from course.widgets.climb import Climb, pair_of

MOST = 200  # steps
STAGES = 6  # pictures of a row, from the first to the last step
OFFERED = 20  # of the images, those to begin with
SURE = 0.99
BEGINNINGS = ["noise", "black"]
NONE_OF_THESE = ('Softmax cannot say "none of these": its numbers always add up to 1, and here one of them takes '
                 "nearly all, for a picture of nothing.")  # fmt: skip


class ClassVisualiser(Explorer):
    """From noise to what a net takes for a 3: gradient ascent on the picture, plain and with what you add to it.

    models: {name: (logits, gradient)}. logits: function of pictures (n, ...) that returns (n, C); gradient: function of
    (pictures, class) that returns the gradient of that class's logit, of the pictures' shape, as `nn.class_gradient`
    and `reference.class_gradient`. An `nn.MLP` or `nn.ConvNet` stands for its own two.
    images: (N, D), (N, H, W) or (N, 1, H, W) in [0, 1], to begin with; functions get pictures of this shape. labels:
    (N,) or None; with them the average picture of each class is shown, and how like it the pictures are.
    gradient: if given, your own function of one image (H, W) and a class, used for the first of the models.
    """

    state = ("model", "digit", "start", "steps", "step_size", "l2", "blur", "jitter", "seed")
    size = (7.2, 4.8)
    read_below = True

    model = traitlets.Unicode(help="name of the net")
    digit = traitlets.Int(3, min=0, help="the class whose logit grows")
    start = traitlets.Int(0, min=0, help="0 noise, 1 black, 2 + k the k-th of the images")
    steps = traitlets.Int(100, min=0, max=MOST)
    step_size = traitlets.Float(0.2, min=0.02, max=1.0)
    l2 = traitlets.Float(0.1, min=0.0, max=1.0, help="0 is off")
    blur = traitlets.Float(0.45, min=0.0, max=1.5, help="pixels; 0 is off")
    jitter = traitlets.Int(2, min=0, max=4, help="pixels; 0 is off")
    seed = traitlets.Int(0, min=0, max=99, help="of the noise and of the jitter")

    def __init__(self, models, images, labels=None, gradient=None, num_classes=10, **kwargs):
        if not isinstance(models, dict) or not models:
            found = reader.describe(models)
            raise TypeError(f'models must be a dict, as {{"1 layer": (logits, gradient)}}; got {found}')
        images = np.asarray(images, dtype=np.float32)
        self._shape, self._classes = images.shape[1:], num_classes
        self._images = images.reshape(len(images), *_height_and_width(images))
        if not (images.min() >= 0 and images.max() <= 1):
            raise ValueError(f"images must lie in [0, 1]; got {images.min():.3g} to {images.max():.3g}")
        self._labels = None if labels is None else np.asarray(labels)
        if labels is not None and self._labels.shape != (len(images),):
            raise ValueError(f"labels must be {len(images)} integers; got {reader.describe(self._labels)}")
        self._climbs = {}
        for name, model in models.items():
            logits, of_logit = pair_of(name, model)
            own = gradient is not None and not self._climbs
            self._climbs[name] = Climb(
                name, self.follow(f"logits of {name!r}", logits),
                self.follow("gradient" if own else f"gradient of {name!r}", gradient if own else of_logit),
                self._shape, num_classes, single=own,
            )  # fmt: skip
        super().__init__(**kwargs)

    @traitlets.default("model")
    def _default_model(self):
        return next(iter(self._climbs))

    @traitlets.validate("model", "digit", "start")
    def _known(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        known = {"model": list(self._climbs), "digit": range(self._classes),
                 "start": range(len(BEGINNINGS) + min(OFFERED, len(self._images)))}[name]  # fmt: skip
        if value not in known:
            raise traitlets.TraitError(f"{name} must be one of {', '.join(map(str, known))}; got {value}")
        return value

    def reset(self):
        """First values back; everything is climbed again, so a net that was trained further is seen."""
        for climb in self._climbs.values():
            climb.forget()
        super().reset()

    def controls(self):
        labels = [""] * OFFERED if self._labels is None else [f", a {label}" for label in self._labels[:OFFERED]]
        starts = [f"picture {k}{label}" for k, label in zip(range(len(self._images)), labels, strict=False)]
        begin = [(name, k) for k, name in enumerate(BEGINNINGS + starts)]
        made = [
            self.bind("digit", widgets.Dropdown(options=range(self._classes), description="Class")),
            self.bind("start", widgets.Dropdown(options=begin, description="Begin with")),
            self.bind("steps", widgets.IntSlider(max=MOST, step=5, description="Steps")),
            self.bind("step_size", widgets.FloatSlider(min=0.02, max=1, step=0.02, description="Step size")),
            self.bind("l2", widgets.FloatSlider(max=1, step=0.05, description="L2")),
            self.bind("blur", widgets.FloatSlider(max=1.5, step=0.05, description="Blur")),
            self.bind("jitter", widgets.IntSlider(max=4, description="Jitter")),
            self.bind("seed", widgets.IntSlider(max=99, description="Seed")),
        ]
        names = widgets.Dropdown(options=list(self._climbs), description="Net")
        return [self.bind("model", names), *made] if len(self._climbs) > 1 else made

    # the picture

    def build(self, figure):
        strip, bottom = figure.subfigures(2, 1, height_ratios=[2.75, 2.1])
        axes = strip.subplots()
        height, width = self._images.shape[1:]
        self._corners = [[(round(row * 1.32 * height), round(column * 1.07 * width)) for column in range(self._columns)]
                         for row in range(2)]  # fmt: skip
        below, right = self._corners[1][-1]
        self._blank = np.full((below + height, right + width), np.nan)  # one image for all: many axes are slow
        self._strip = axes.imshow(self._blank, cmap=DIGIT_CMAP["light"], vmin=0, vmax=1, gid="digit")
        axes.set_axis_off()
        axes.set(xlim=(-0.1 * width, right + width), ylim=(below + height, -0.2 * height))
        frames = [axes.add_patch(Rectangle((x - 0.5, y - 0.5), width, height, fill=False, lw=0.8, gid="faint"))
                  for row in self._corners for y, x in row]  # fmt: skip
        for (y, _), name in zip((row[0] for row in self._corners), ("plain", "with"), strict=True):
            axes.text(-0.06 * width, y + height / 2, name, rotation=90, ha="right", va="center")
        write = {"ha": "left", "va": "bottom", "fontsize": 9.5}
        self._stages = [axes.text(x, -0.05 * height, "step 200", **write) for _, x in self._corners[0][:STAGES]]
        self._titles = []
        if self._labels is not None:
            self._stages.append(axes.text(right, -0.05 * height, "average 0", **write))
            axes.text(right, below - 0.05 * height, "most alike", **write)
        self._score_axes, self._sure_axes = bottom.subplots(1, 2)
        self._lines = []
        for axes, title in ((self._score_axes, "logit of class 0"), (self._sure_axes, "probability of class 0")):
            axes.set(xlim=(0, MOST), ylim=(-100, 100), xlabel="step")
            self._lines.append([axes.plot([0, 1], [0, 1], look, color=colour, label=name)[0]
                                for look, colour, name in (("-", BLUE, "plain"), ("--", ORANGE, "with"))])  # fmt: skip
            self._titles.append(axes.set_title(title))
        self._sure_axes.set(ylim=(-0.03, 1.05))
        self._sure_axes.legend(loc="lower right")
        self.moving = [self._strip, *frames, *self._stages, *self._titles, self._score_axes.yaxis]
        self.moving += [axes.xaxis for axes in (self._score_axes, self._sure_axes)]
        self.moving += [*self._lines[0], *self._lines[1], self._sure_axes.get_legend()]

    @property
    def _columns(self):
        return STAGES + (self._labels is not None)

    # what is computed

    def compute(self, model, digit, start, steps, step_size, l2, blur, jitter, seed):
        climb, plain = self._climbs[model], (step_size, 0.0, 0.0, 0)
        begin, result = self._beginning(start, seed), {"digit": digit, "start": start, "steps": steps}
        ways = {"plain": plain, "with": (step_size, l2, blur, jitter)}
        result["paths"] = {way: climb.path(begin, (start, seed), digit, steps, *how) for way, how in ways.items()}
        result |= {"added": (l2, blur, jitter), "warning": result["paths"]["plain"].problem}
        if self._labels is not None:
            result |= self._likeness(digit, result["paths"])
        return result

    def _beginning(self, start, seed):
        """The first picture, (H, W)."""
        if start >= len(BEGINNINGS):
            return self._images[start - len(BEGINNINGS)].astype(float)
        noise = 0.5 + 0.1 * np.random.default_rng(seed).normal(size=self._images.shape[1:])
        return np.clip(noise, 0, 1) if start == 0 else np.zeros_like(noise)

    def _likeness(self, digit, paths):
        """The average picture of the class, its correlation with both results, and the example most like the second."""
        some = self._images[self._labels == digit]
        if not len(some):
            return {"average": None}
        average = some.mean(axis=0)
        alike = [_correlation(image, paths["with"].pictures[-1]) for image in some]
        return {"average": average, "nearest": some[int(np.argmax(alike))],
                "alike": [_correlation(average, path.pictures[-1]) for path in paths.values()]}  # fmt: skip

    # what is shown

    def show(self, result):
        digit, steps = result["digit"], result["steps"]
        stages = np.linspace(0, steps, STAGES).round().astype(int)
        rows = [[path.pictures[stage] for stage in stages] for path in result["paths"].values()]
        if result.get("average") is not None:
            rows[0].append(result["average"])
            rows[1].append(result["nearest"])
        strip = self._blank.copy()
        for places, row in zip(self._corners, rows, strict=True):
            for (y, x), picture in zip(places, row, strict=False):  # a class without images has no average
                strip[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        self._strip.set_data(strip)
        names = [f"step {stage}" for stage in stages] + [f"average {digit}"]
        for text, name in zip(self._stages, names, strict=False):
            text.set_text(name)
        for title, what in zip(self._titles, ("logit", "probability"), strict=True):
            title.set_text(f"{what} of class {digit}")
        logits = [path.logits[:, digit] for path in result["paths"].values()]
        probabilities = [nn.softmax(path.logits)[:, digit] for path in result["paths"].values()]
        for lines, curves in zip(self._lines, (logits, probabilities), strict=True):
            for line, curve in zip(lines, curves, strict=True):
                line.set_data(range(steps + 1), np.nan_to_num(curve, posinf=1e6, neginf=-1e6))
        everything = np.clip(np.nan_to_num(np.concatenate(logits)), -1e6, 1e6)
        low, high = everything.min(), everything.max()
        room = 0.06 * (high - low) + 0.5
        self._score_axes.set(xlim=(0, max(steps, 1)), ylim=(low - room, high + room))
        self._sure_axes.set(xlim=(0, max(steps, 1)))
        return self._words(result, logits, probabilities)

    def _words(self, result, logits, probabilities):
        digit, (l2, blur, jitter) = result["digit"], result["added"]
        k = result["start"] - len(BEGINNINGS)
        begin = BEGINNINGS[result["start"]] if k < 0 else f"picture {k}"
        added = [f"{name} {value:g}" for name, value in (("L2", l2), ("blur", blur), ("jitter", jitter)) if value]
        names = ["Plain", f"With {', '.join(added)}" if added else "With nothing added"]
        lines = [_reached(*how) for how in zip(names, logits, probabilities, strict=True)]
        lines[0] = f"Class {digit}, {result['steps']} steps from {begin}. {lines[0]}"
        if result.get("average") is not None:
            one, other = result["alike"]
            lines[1] += f" Correlation with the average {digit}: {one:.2f} plain, {other:.2f} with."
        if k < 0 and probabilities[0][-1] > SURE:
            lines.append(NONE_OF_THESE)
        alt = (
            f"Two rows of {STAGES} pictures, from {begin} to step {result['steps']}: plain gradient ascent and, below, "
            f"{'with ' + ', '.join(added) if added else 'the same, since nothing is added'}. Then two curves over the "
            f"steps: the logit of class {digit} ends at {logits[0][-1]:.1f} and {logits[1][-1]:.1f}, its "
            f"probability at {probabilities[0][-1]:.4f} and {probabilities[1][-1]:.4f}."
        )
        return "\n".join(lines), alt


def _reached(name, logits, probabilities):
    """What one row has come to, in a sentence."""
    sure = np.flatnonzero(probabilities > SURE)
    when = f", above {SURE} from step {sure[0]} on" if sure.size else ""
    return f"{name}: logit {logits[0]:.1f} to {logits[-1]:.1f}, probability {probabilities[-1]:.4f}{when}."


def _correlation(one, other):
    """From -1 to 1; 0 where one of them is even."""
    one, other = one - one.mean(), other - other.mean()
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else 0.0


def _height_and_width(images):
    """(H, W) of the pictures; ValueError if they are none."""
    shape = images.shape[1:]
    if len(shape) == 1 and round(shape[0] ** 0.5) ** 2 == shape[0]:
        shape = (round(shape[0] ** 0.5),) * 2
    if len(images) == 0 or len(shape) not in (2, 3) or len(shape) == 3 and shape[0] != 1:
        raise ValueError(f"images must be grey pictures, (N, D), (N, H, W) or (N, 1, H, W); got shape {images.shape}")
    return shape[-2:]
