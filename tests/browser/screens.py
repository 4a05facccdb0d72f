"""Every explorer once, as a notebook shows it: for browser tests, screenshots and benchmarks/explorers.py.

An explorer that is new goes into SCREENS: the code of its cell, and the name of a slider that moves it.
"""

from typing import NamedTuple

SETUP = """
import time
import numpy as np
from course import nn
from course.widgets import (
    ActivationExplorer, AdversarialExplorer, ClassVisualiser, ConvolutionStepper, DepthExplorer,
    DescentExplorer, DigitPad, DropoutExplorer, EmbeddingMap, FeatureMaps, GraphStepper, LinearMapExplorer,
    NeuronExplorer, PoolingExplorer, SoftmaxExplorer, to_mnist
)
from course.widgets.sliders import Sliders
line = lambda *points: [{"tool": "pen", "points": [list(p) for p in points]}]
circle = [(140 + 60 * np.sin(t), 140 - 90 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 40)]
shapes = {0: line(*circle), 1: line((140, 40), (140, 240)), 4: line((150, 240), (150, 40), (70, 160), (210, 160)),
          7: line((80, 50), (200, 50), (120, 240)),
          9: line((180, 90), (130, 130), (90, 90), (130, 50), (180, 90), (170, 240))}
weights = np.full((10, 784), -0.12)
for digit, strokes in shapes.items():
    picture = to_mnist(strokes).ravel()
    weights[digit] = picture / np.linalg.norm(picture) - 0.12
net = lambda x: nn.softmax(0.8 * x @ weights.T)
soft = lambda x: nn.softmax(0.5 * x @ weights.T)
"""


class Screen(NamedTuple):
    """Code of a cell that ends with an explorer, and the description of a slider of it ("" if there is none)."""

    code: str
    slider: str


SCREENS = {
    "activation": Screen("ActivationExplorer(activation=lambda x: np.where(x > 0, x, 0.1 * x))", "Input x"),
    "softmax": Screen("SoftmaxExplorer()", "logit 0"),
    "digit_pad": Screen(
        'DigitPad({"1 layer": net, "2 layers": soft}, templates=weights, '
        "examples=[to_mnist(s) for s in shapes.values()])",
        "",
    ),
    "adversarial": Screen(
        """
images = np.stack([to_mnist(s) for s in shapes.values()])
labels = np.array(list(shapes))
rough = weights + 0.06 * np.random.default_rng(0).normal(size=weights.shape)  # a net that is easy to fool
fooled = lambda x: nn.softmax(x @ rough.T)
AdversarialExplorer(images, labels, fooled, lambda x, labels: (fooled(x) - np.eye(10)[labels]) @ rough)
""",
        "Epsilon",
    ),
    "depth": Screen(
        """
def measure(sizes):
    time.sleep(1)
    return 0.9, 1 - 1 / sum(sizes[1:-1])
grid = lambda: dict(zip(["train", "held-out"], np.random.default_rng(0).uniform(0.5, 1, (2, 5, 5))))
DepthExplorer({"digits": grid(), "spirals": grid()}, [1, 2, 3, 4, 5], [4, 8, 16, 32, 128],
              {"digits": (784, 10), "spirals": (2, 2)}, measure=measure)
""",
        "Width",
    ),
    "class_visualiser": Screen(
        """
images = np.stack([to_mnist(s) for s in shapes.values()])
linear = lambda x: x.reshape(len(x), 784) @ weights.T
explorer = ClassVisualiser({"1 layer": (linear, lambda x, digit: weights[digit].reshape(x.shape)),
                            "2 layers": nn.MLP((784, 30, 10))}, images, list(shapes))
explorer.digit = 4
explorer
""",
        "Steps",
    ),
    "dropout": Screen(
        """
epochs = np.arange(1, 31)
DropoutExplorer(results={p: {"train": np.exp(-epochs * (0.3 - 0.2 * p)),
                             "held-out": 0.3 + 0.01 * epochs * (1 - p) + np.exp(-epochs / 3)} for p in (0, 0.2, 0.5)})
""",
        "Drop with p",
    ),
    "convolution": Screen(
        'ConvolutionStepper(example="7×7×3 padded, two 3×3×3 filters")', "Position"
    ),
    "pooling": Screen("PoolingExplorer()", "Shift to the right"),
    "embedding_map": Screen(
        """
rng = np.random.default_rng(0)
drawn = np.stack([to_mnist(s).ravel() for s in shapes.values()])
labels = np.repeat(list(shapes), 40)
some = np.clip(np.repeat(drawn, 40, axis=0) * rng.uniform(0.3, 1, (200, 784)), 0, 1)
EmbeddingMap({"pool1": some @ rng.normal(size=(784, 60)), "logits": some @ weights.T}, some, labels)
""",
        "Picture",
    ),
    "feature_maps": Screen(
        """
small, before = nn.ConvNet.random(), nn.ConvNet.random(seed=1)
FeatureMaps(small.layers, [to_mnist(s) for s in shapes.values()], list(shapes), weights=small.parameters,
            initial=before.parameters)
""",
        "",
    ),
    "graph": Screen(
        """
graph = GraphStepper(example="sigmoid neuron, piece by piece")
graph.position = 13
graph
""",
        "w1",
    ),
    "neuron": Screen('explorer = NeuronExplorer()\nexplorer.function = "sigmoid"\nexplorer', "Weight w1"),
    "linear_map": Screen("explorer = LinearMapExplorer()\nexplorer.stage = 3.0\nexplorer", "Stage"),
    "descent": Screen("explorer = DescentExplorer()\nexplorer.position = 60\nexplorer", "Start x"),
    "sliders": Screen(
        """
def draw(ax, width):
    xs = np.linspace(-3, 3, 200)
    ax.plot(xs, np.exp(-((xs / width) ** 2)))
    ax.set(xlabel="x", ylabel="bell", ylim=(0, 1.1), title=f"width {width}")
    return f"width {width}: {width * np.sqrt(np.pi):.3f} below the curve", f"A bell of width {width}."
Sliders(draw, width=[round(0.05 * k, 2) for k in range(2, 63)], start={"width": 1.5}, size=(7.2, 2.8))
""",
        "Width",
    ),
}
