"""Explorers without a browser: driven by traits, read by traits."""

import threading

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import (
    ActivationExplorer,
    AdversarialExplorer,
    ClassVisualiser,
    ConvolutionStepper,
    DepthExplorer,
    DescentExplorer,
    DigitPad,
    DropoutExplorer,
    EmbeddingMap,
    FeatureMaps,
    GraphStepper,
    LinearMapExplorer,
    NeuronExplorer,
    PoolingExplorer,
    SoftmaxExplorer,
)

WEIGHT = np.random.default_rng(0).normal(size=(10, 784)) / 28
IMAGES = np.random.default_rng(1).uniform(size=(6, 784)).astype(np.float32)
LABELS = nn.softmax(IMAGES @ WEIGHT.T).argmax(1)
DOT = [{"tool": "pen", "points": [[20, 250]]}]
SEVEN = [{"tool": "pen", "points": [[60, 60], [200, 60], [120, 230]]}]


def predict(x):
    return nn.softmax(x @ WEIGHT.T)


def gradient(x, labels):
    return (predict(x) - np.eye(10)[labels]) @ WEIGHT


def make_activation(function=nn.relu, **kwargs):
    return ActivationExplorer(activation=function, **kwargs)


def make_softmax(function=nn.softmax, **kwargs):
    return SoftmaxExplorer(softmax=function, **kwargs)


def make_pad(function=predict, **kwargs):
    pad = DigitPad({"net": function}, **kwargs)
    pad.strokes = SEVEN
    return pad


def make_adversarial(function=predict, **kwargs):
    return AdversarialExplorer(IMAGES, LABELS, function, gradient, **kwargs)


DEPTHS, WIDTHS = [1, 2, 3], [4, 16]
ACCURACIES = {"train": np.linspace(0.7, 0.95, 6).reshape(3, 2), "held-out": np.linspace(0.9, 0.65, 6).reshape(3, 2)}


def measured(sizes):
    return np.array([0.9, 0.8]) - 0.5 / sizes[1]  # (2,): wider is better


def make_depth(function=measured, **kwargs):
    def measure(sizes):
        return function(np.array(sizes))

    results, sizes = {"digits": ACCURACIES, "spirals": ACCURACIES}, {"digits": (784, 10), "spirals": (2, 2)}
    explorer = DepthExplorer(results, DEPTHS, WIDTHS, sizes, measure=measure, **kwargs)
    explorer.source = "yours"
    return explorer


def dropped(stacked):
    """`nn.dropout` as a function of one array (4, *shape of x): x, uniform, p and training, each in every place."""
    x, uniform, p, training = stacked
    return nn.dropout(x, p.flat[0], uniform, bool(training.flat[0]))


def make_dropout(function=dropped, **kwargs):
    def dropout(x, p, uniform, training):
        return function(np.stack([x, uniform, np.full(x.shape, p), np.full(x.shape, float(training))]))

    return DropoutExplorer(dropout=dropout, **kwargs)


IMAGE = np.array([[[1.0, 5, 1, 1], [1, 2, 8, 2], [0, 0, 1, 8]]])  # (1, 3, 4): the deck's


def convolved(x):
    return nn.conv2d(x, np.eye(2)[None, None], np.zeros(1))


def make_convolution(function=convolved, **kwargs):
    def conv2d(x, weight, bias, stride, padding):
        return function(x)

    return ConvolutionStepper(conv2d, **kwargs)


def pooled(x):
    return nn.max_pool2d(x, 2)


def make_pooling(function=pooled, **kwargs):
    return PoolingExplorer(lambda x, kernel_size, stride: function(x), **kwargs)


def of_logit(x):
    """The gradient of the logit of class 3 of the net above, by a picture (28, 28)."""
    return WEIGHT[3].reshape(28, 28) + 0 * x


def make_visualiser(function=of_logit, **kwargs):
    models = {"net": (lambda x: x @ WEIGHT.T, None)}
    return ClassVisualiser(models, IMAGES, LABELS, gradient=lambda x, digit: function(x), **kwargs)


def logits_of(x):
    return x @ WEIGHT.T


def make_maps(function=logits_of, **kwargs):
    def layers(images):
        return {"conv1": images - 0.5, "logits": function(images.reshape(len(images), 784))}

    return FeatureMaps(layers, IMAGES, LABELS, **kwargs)


EMBEDDINGS = {"early": IMAGES[:, :30], "late": np.random.default_rng(2).normal(size=(6, 4)).astype(np.float32)}


def flattened(x):
    return x[:, :2].astype(float)


def make_map(function=flattened, **kwargs):
    return EmbeddingMap(EMBEDDINGS, IMAGES, LABELS, project=function, **kwargs)


class AtTheEnd(GraphStepper):
    """Shows the last step from the beginning."""

    position = traitlets.Int(99, min=0)


def rectified(x):
    return np.maximum(x, 0)


def make_graph(function=rectified, **kwargs):
    class Value(nn.Value):
        def relu(self):
            rule = lambda gradient: (gradient * (self.data > 0),)  # noqa: E731
            value = nn.Value(0.0, (self,), "relu", rule)
            value.data = function(self.data.copy())
            value.grad = np.zeros(3)
            return value

    return AtTheEnd(Value, "x = [1, -2, 3]; f = sum(relu(x))", **kwargs)


def make_neuron(function=nn.sigmoid, **kwargs):
    return NeuronExplorer(lambda x, weight, bias: function(x @ weight + bias), **kwargs)


class Folded(LinearMapExplorer):
    """Shows the end of the way from the beginning."""

    stage = traitlets.Float(3.0, min=0)


def make_linear_map(function=nn.relu, **kwargs):
    return Folded(activation=function, **kwargs)


def downhill(gradient):
    return 0.1 * gradient


def make_descent(function=downhill, **kwargs):
    return DescentExplorer(lambda gradient, state, lr: function(gradient), **kwargs)


# maker, a right function, a wrong one, and a change of state: (trait, value)
EXPLORERS = {
    "activation": (make_activation, nn.relu, lambda x: np.minimum(x, 0), ("x", -2.0)),
    "softmax": (make_softmax, nn.softmax, nn.sigmoid, ("temperature", 3.0)),
    "digit pad": (make_pad, predict, lambda x: predict(-x), ("strokes", SEVEN + DOT)),
    "adversarial": (make_adversarial, predict, lambda x: predict(-x), ("epsilon", 0.25)),
    "convolution": (make_convolution, convolved, lambda x: convolved(-x), ("image", (IMAGE + 1).tolist())),
    "pooling": (make_pooling, pooled, lambda x: pooled(-x), ("values", np.arange(16.0).reshape(4, 4).tolist())),
    "feature maps": (make_maps, logits_of, lambda x: logits_of(-x), ("index", 2)),
    "depth": (make_depth, measured, lambda sizes: measured(sizes)[::-1], ("depth", 3)),
    "class visualiser": (make_visualiser, of_logit, lambda x: of_logit(x).T, ("step_size", 0.06)),
    "dropout": (make_dropout, dropped, lambda stacked: stacked[0] * (stacked[1] >= stacked[2]), ("p", 0.2)),
    "graph": (make_graph, rectified, np.abs, ("values", {"x": [1.0, 2.0, 3.0]})),
    "neuron": (make_neuron, nn.sigmoid, lambda z: nn.sigmoid(-z), ("w1", -2.0)),
    "linear map": (make_linear_map, nn.relu, np.abs, ("stage", 2.5)),
    "descent": (make_descent, downhill, lambda gradient: -0.1 * gradient, ("x", 1.0)),
    "embedding map": (make_map, flattened, lambda x: -flattened(x)[:, ::-1] ** 3, ("layer", "late")),
}  # fmt: skip


@pytest.fixture(params=EXPLORERS)
def kind(request):
    """(maker, right function, wrong function, (trait, value)) of each explorer in turn."""
    return EXPLORERS[request.param]


@pytest.fixture
def gate():
    """gate(function): a function that waits until `gate.open()`; deterministic slowness."""

    class Gate:
        def __init__(self):
            self.event = threading.Event()
            self.open = self.event.set

        def __call__(self, function):
            def slow(*inputs):
                assert self.event.wait(20)
                return function(*inputs)

            return slow

    made = Gate()
    yield made
    made.open()


def settled(explorer):
    """The explorer when nothing runs any more."""
    assert explorer.wait(60)
    return explorer
