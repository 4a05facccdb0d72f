"""Adversarial digits: a change too small to mind, along the gradient of the loss, and the net sees another digit.

The fast gradient sign method of Goodfellow, Shlens and Szegedy, ICLR 2015. Slides: cmu-l10-006.
"""

import ipywidgets as widgets
import numpy as np
import traitlets

from course import nn
from course.figures.style import BLUE, DIGIT_CMAP, ORANGE, RED, WEIGHT_CMAP
from course.widgets import reader
from course.widgets.base import Explorer

METHODS = {"one step": 1, "ten small steps": 10, "random signs (control)": 0}
SCAN = np.linspace(0, 0.3, 61)  # where the first flip is looked for
CURVE = np.linspace(0, 0.3, 16)  # where the accuracy curve is measured


class AdversarialExplorer(Explorer):
    """Picture + epsilon x sign(gradient) = another answer, on your own network.

    images: (N, 784), (N, 28, 28) or (N, 1, 28, 28) in [0, 1]; labels: (N,). The accuracy curve is over all of them,
    so a hundred is a good number. predict_proba: (n, 784) -> (n, 10). input_gradient: (x, labels) -> (n, 784), the
    gradient of the loss with respect to the pictures.
    """

    state = ("index", "epsilon", "target", "method", "seed")
    size = (7.2, 5.4)

    index = traitlets.Int(0, min=0, help="which picture")
    epsilon = traitlets.Float(0.1, min=0.0, max=0.3, help="largest change of a pixel; white is 1")
    target = traitlets.Int(-1, min=-1, max=9, help="the class to reach, or -1 for any wrong one")
    method = traitlets.Enum(list(METHODS), "one step")
    seed = traitlets.Int(0, min=0, max=99, help="of the random signs")

    def __init__(self, images, labels, predict_proba, input_gradient, **kwargs):
        self._predict = self.follow("predict_proba", predict_proba)
        self._gradient = self.follow("input_gradient", input_gradient)
        images, labels = np.asarray(images, dtype=np.float32), np.asarray(labels)
        if len(images) == 0 or images.size != len(images) * 784:
            raise ValueError(f"images must be pictures of 28x28; got an array of shape {images.shape}")
        if labels.shape != (len(images),) or labels.dtype.kind not in "iu" or not np.isin(labels, range(10)).all():
            raise ValueError(f"labels must be {len(images)} integers from 0 to 9; got {reader.describe(labels)}")
        if images.min() < 0 or images.max() > 1:
            raise ValueError(f"images must lie in [0, 1]; got {images.min():.3g} to {images.max():.3g}")
        self._images, self._labels = images.reshape(-1, 784), labels.astype(np.int64)
        self._own = None  # picture and label of use_image
        self._curves = {}
        super().__init__(**kwargs)

    @traitlets.validate("index")
    def _known_picture(self, proposal):
        last = len(self._images) - (self._own is None)
        if proposal["value"] > last:
            raise traitlets.TraitError(f"index must be from 0 to {last}; got {proposal['value']}")
        return proposal["value"]

    def use_image(self, image, label=None):
        """Attack this picture of 28x28 in [0, 1], such as `pad.image`. Without a label, what the net sees counts."""
        image = np.asarray(image, dtype=np.float32)
        if image.size != 784 or image.min() < 0 or image.max() > 1:
            raise ValueError(f"image must be 28x28 with values in [0, 1]; got an array of shape {image.shape}")
        self._own = (image.reshape(784), label)
        self._picture_control.max = len(self._images)
        self.outdate()
        with self.together():
            self.index = len(self._images)

    def reset(self):
        """First values back; the accuracy curves are measured again, so a net that was trained further is seen."""
        self._curves.clear()
        super().reset()

    # the picture

    def build(self, figure):
        top, bottom = figure.subfigures(2, 1, height_ratios=[3, 2.2])
        panels = top.subplots(1, 3)
        self._pictures, self._titles, self._captions = [], [], []
        kinds = [(DIGIT_CMAP["light"], 0), (WEIGHT_CMAP, -1), (DIGIT_CMAP["light"], 0)]
        for axes, (cmap, low) in zip(panels, kinds, strict=True):
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=True, gid="faint")
            gid = "digit" if low == 0 else None
            self._pictures.append(
                axes.imshow(np.zeros((28, 28)), cmap=cmap, vmin=1.25 * low, vmax=1.25 if low else 1, gid=gid)
            )
            self._titles.append(axes.set_title("picture", loc="left"))
            self._captions.append(axes.set_xlabel("called 0\n100.0 %"))
        axes = bottom.subplots()
        axes.set(xlim=(0, 0.3), ylim=(0, 1.08), xlabel="epsilon", title="share of the pictures read right")
        ones = np.ones_like(CURVE)
        (self._control_line,) = axes.plot(CURVE, ones, "s--", ms=5, color=BLUE, label="random signs")
        (self._curve_line,) = axes.plot(CURVE, ones, "o-", ms=5, color=RED, label="this attack")
        (self._now,) = axes.plot([0, 0], [0, 1.08], ls=":", gid="ink", label="epsilon now")
        (self._flip,) = axes.plot([0], [0.04], "^", ms=10, color=ORANGE, mec="black", label="this picture flips")
        self._flip.set_clip_on(False)
        self.moving = [*self._pictures, *(spine for panel in panels for spine in panel.spines.values())]
        self.moving += [*self._titles, *(panel.xaxis for panel in panels)]  # the captions are their labels
        self.moving += [self._control_line, self._curve_line, self._now, self._flip]
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5)).legend_handles[2].set_gid("ink")

    def controls(self):
        self._picture_control = widgets.IntSlider(max=len(self._images) - 1, description="Picture")
        epsilon = widgets.FloatSlider(max=0.3, step=0.005, description="Epsilon", readout_format=".3f")
        aims = [("any wrong class", -1), *((f"class {k}", k) for k in range(10))]
        return [
            self.bind("index", self._picture_control), self.bind("epsilon", epsilon),
            self.bind("method", widgets.Dropdown(options=list(METHODS), description="Method")),
            self.bind("target", widgets.Dropdown(options=aims, description="Target")),
            self.bind("seed", widgets.IntSlider(max=99, description="Seed")),
        ]  # fmt: skip

    # the attack

    def _probabilities(self, x):
        return reader.call("Your predict_proba", self._predict, x.astype(np.float32), shape=(len(x), 10))

    def _climb(self, x, labels, target):
        """Direction to go: up the loss of the true label, or down the loss of the target. Shape (n, 784)."""
        goal = labels if target < 0 else np.full_like(labels, target)
        gradient = reader.call("Your input_gradient", self._gradient, x.astype(np.float32), goal, shape=x.shape)
        if problem := reader.not_finite("Your input_gradient", gradient):
            raise reader.WrongAnswer(problem)
        return gradient if target < 0 else -gradient

    def _attack(self, x, labels, epsilon, method, target, seed):
        """Changed pictures (n, 784); epsilon is a number or (n, 1)."""
        if method == "random signs (control)":
            signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(1, 784))  # the same for every picture
            return nn.fgsm(x, signs, epsilon)
        if method == "one step":
            return nn.fgsm(x, self._climb(x, labels, target), epsilon)
        return nn.iterative_fgsm(x, lambda here: self._climb(here, labels, target), epsilon, METHODS[method])

    def _accuracy_curve(self, method, target, seed):
        """Share of the pictures whose label survives, for each epsilon of CURVE. Measured once for each attack."""
        key = (method, target, seed)
        if key not in self._curves:
            shares = []
            for epsilon in CURVE:
                changed = self._attack(self._images, self._labels, epsilon, method, target, seed)
                shares.append(np.mean(self._probabilities(changed).argmax(1) == self._labels))
            self._curves[key] = shares
        return self._curves[key]

    def compute(self, index, epsilon, target, method, seed):
        own = index == len(self._images)
        image, label = self._own if own else (self._images[index], int(self._labels[index]))
        before = self._probabilities(image[None])[0]
        label = int(before.argmax()) if label is None else int(label)
        target = target if METHODS[method] else -1  # random signs have no aim
        labels = np.full(len(SCAN), label)
        arguments = (method, target, seed)
        # the picture now, and the same attack with growing epsilon: one call of the network for all
        changed = self._attack(image[None], labels[:1], epsilon, *arguments)[0]
        scan = self._attack(np.repeat(image[None], len(SCAN), 0), labels, SCAN[:, None], *arguments)
        answers = self._probabilities(scan).argmax(1)
        flipped = np.flatnonzero(answers != label if target < 0 else answers == target)
        result = {
            "image": image, "label": label, "changed": changed, "epsilon": epsilon, "method": method, "target": target,
            "before": before, "after": self._probabilities(changed[None])[0], "own": own, "index": index,
            "flip": float(SCAN[flipped[0]]) if flipped.size else None,
            "curve": self._accuracy_curve(method, target, 0 if METHODS[method] else seed),
            "control": self._accuracy_curve("random signs (control)", -1, seed), "seed": seed,
        }  # fmt: skip
        result["warning"] = reader.not_finite("Your predict_proba", np.stack([before, result["after"]]))
        if METHODS[method] and epsilon > 0 and np.array_equal(changed, image):
            result["warning"] = "Your input_gradient is 0 in every pixel, so there is no direction to go."
        return result

    def show(self, result):
        image, changed, epsilon = result["image"], result["changed"], result["epsilon"]
        change = changed - image
        self._pictures[0].set_data(image.reshape(28, 28))
        self._pictures[1].set_data((change / epsilon if epsilon else change).reshape(28, 28))
        self._pictures[2].set_data(changed.reshape(28, 28))
        called = [int(np.argmax(result[key])) for key in ("before", "after")]
        sure = [100 * float(np.max(result[key])) for key in ("before", "after")]
        self._titles[0].set_text(f"picture, label {result['label']}")
        self._titles[1].set_text("+ change, amplified")
        self._titles[2].set_text("= what the net gets")
        grey = epsilon * 255
        self._captions[0].set_text(f"called {called[0]}\n{sure[0]:.1f} %")
        self._captions[1].set_text(f"at most {epsilon:.3f}\n{grey:.1f} of 255 grey levels")
        self._captions[2].set_text(f"called {called[1]}\n{sure[1]:.1f} %")
        self._curve_line.set_ydata(result["curve"])
        self._control_line.set_ydata(result["control"])
        self._now.set_xdata([epsilon, epsilon])
        self._flip.set_visible(result["flip"] is not None)
        self._flip.set_xdata([result["flip"] or 0])
        return self._words(result, called, sure, np.abs(change).max())

    def _words(self, result, called, sure, distance):
        goal = " towards any wrong class" if result["target"] < 0 else f" towards class {result['target']}"
        goal = f" (seed {result['seed']})" if METHODS[result["method"]] == 0 else goal
        name = "Your own picture" if result["own"] else f"Picture {result['index']}"
        flip = "no epsilon up to 0.3" if result["flip"] is None else f"epsilon {result['flip']:.3f}"
        share = np.interp(result["epsilon"], CURVE, result["curve"])
        readout = "\n".join([
            f"{name}, label {result['label']}: called {called[0]} with {sure[0]:.1f} %.",
            f"After {result['method']}{goal}: called {called[1]} with {sure[1]:.1f} %.",
            f"Epsilon {result['epsilon']:.3f} is {result['epsilon'] * 255:.1f} of 255 grey levels; "
            f"largest change of a pixel (L-infinity distance) {distance:.3f}.",
            f"First epsilon that reaches the goal on this picture: {flip}.",
            f"Of the {len(self._images)} pictures {100 * share:.0f} % are read right at this epsilon.",
        ])  # fmt: skip
        alt = (
            f"Three pictures: a digit called {called[0]}, the change of at most {result['epsilon']:.3f} a pixel, and "
            f"their sum, called {called[1]} with {sure[1]:.1f} %. Below, the share of pictures read right goes from "
            f"{100 * result['curve'][0]:.0f} % to {100 * result['curve'][-1]:.0f} % at epsilon 0.3; with random signs "
            f"to {100 * result['control'][-1]:.0f} %."
        )
        return readout, alt
