"""Feature maps: sizes, sums and fields of single units worked out apart, patches, scales, and nets that do not fit."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import FeatureMaps, to_mnist
from course.widgets.receptive import by_layer, windows

from .conftest import IMAGES, LABELS, SEVEN, settled

NET = nn.ConvNet.random()
BEFORE = nn.ConvNet.random(seed=1)


def make(layers=NET.layers, weights=NET.parameters, **kwargs):
    return settled(FeatureMaps(layers, IMAGES, LABELS, weights=weights, **kwargs))


def line(explorer):
    """What is said of the unit."""
    return explorer.readout.splitlines()[1]


def test_sizes_parameters_and_answer():
    """Are all layers named with their sizes and parameters, and is the answer softmax of the logits?"""
    explorer = make()
    assert "conv1 8×28×28, relu1 8×28×28, pool1 8×14×14, conv2 16×14×14" in explorer.readout
    assert "logits 10; 9,098 parameters." in explorer.readout  # 8 * 10 + 16 * 73 + 10 * 785
    counted = [layer["parameters"] for layer in explorer.picture.constants["layers"]]
    assert counted == [80, 0, 0, 1168, 0, 0, 7850]
    p = NET.predict_proba(IMAGES[:1].reshape(1, 1, 28, 28))[0]
    np.testing.assert_allclose(explorer.picture.scene["p"], p, rtol=1e-5)
    assert f"read as {p.argmax()} with {100 * p.max():.1f} %" in explorer.readout


def test_the_page_gets_the_maps():
    """Are the numbers that the page draws those that the net handed on?"""
    explorer = make()
    explorer.index = 4
    found = NET.layers(IMAGES[4:5].reshape(1, 1, 28, 28))
    for sent, expected in zip(settled(explorer).picture.scene["maps"], found.values(), strict=True):
        np.testing.assert_allclose(np.frombuffer(sent, np.float32), expected.ravel(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("layer, field", [(0, 3), (1, 3), (2, 4), (3, 8), (4, 8), (5, 10)])
def test_the_field_is_what_changes_the_unit(layer, field):
    """Does a change of a pixel change the unit inside its receptive field only, and are its borders said right?"""
    explorer = make()
    explorer.unit = [layer, 1, 3, 2]
    name = list(NET.layers(np.zeros((1, 1, 28, 28))))[layer]
    seen = explorer._result["seen"][name]
    assert seen.field == field
    low = [place * seen.jump + seen.offset for place in (3, 2)]
    rows, columns = (f"{max(one, 0)} to {one + field - 1}" for one in low)
    assert f"It looks at rows {rows}, columns {columns} of the picture." in line(explorer)
    rng = np.random.default_rng(0)
    moved = set()
    for _ in range(8):
        image = rng.uniform(size=(2, 1, 28, 28))
        inside = (slice(max(low[0], 0), low[0] + field), slice(max(low[1], 0), low[1] + field))
        image[1, 0][inside] = image[0, 0][inside]
        outside = NET.layers(image)[name][:, 1, 3, 2]
        assert np.isclose(*outside), "a pixel outside of the field changed the unit"
        for corner in ((inside[0].start, inside[1].start), (inside[0].stop - 1, inside[1].stop - 1)):
            one = np.repeat(image[:1], 2, 0)
            one[1, 0][corner] += 5
            if not np.isclose(*NET.layers(one)[name][:, 1, 3, 2]):
                moved.add(corner)
    assert len(moved) == 2, "a corner of the field never changed the unit: it is smaller"


def test_sum_of_a_unit():
    """Do the products over the window and the bias give the unit, in each layer with weights, at the border too?"""
    explorer = make()
    found = NET.layers(IMAGES[:1].reshape(1, 1, 28, 28))
    units = [("conv1", [0, 2, 0, 0]), ("conv2", [3, 5, 13, 13]), ("conv2", [3, 0, 6, 7]), ("logits", [6, 9, 0, 0])]
    for name, unit in units:
        explorer.unit = unit
        value = found[name][0][tuple(unit[1:]) if name != "logits" else unit[1]]
        assert f"= {value:.4g}." in line(explorer) and "something else" not in line(explorer)
    explorer.unit = [2, 1, 3, 4]
    seen = ", ".join(f"{one:.3g}" for one in found["relu1"][0, 1, 6:8, 8:10].ravel())
    assert f"The largest of {seen}." in line(explorer)


def test_a_layer_that_does_not_fit_its_weights():
    """Is it said when the net hands on something else than the products and the bias?"""

    def shifted(images):
        found = NET.layers(images)
        return found | {"conv1": found["conv1"] + 1}

    explorer = make(shifted)
    assert "Your layer says something else." in line(explorer)


def test_patches_excite_most():
    """Are the nine patches of a map the strongest places, each of another picture, strongest first?"""
    explorer = make()
    found = NET.layers(IMAGES.reshape(-1, 1, 28, 28))
    for name, channel in (("relu1", 3), ("conv2", 7)):
        best = explorer.picture.constants["patches"][name][channel]
        values = found[name][:, channel].max((1, 2))
        assert [n for n, *_ in best] == list(np.argsort(-values))[:9]
        for n, row, column, value in best:
            np.testing.assert_allclose([value, found[name][n, channel, row, column]], values[n], rtol=1e-5)


def test_kernels_before_and_after():
    """Does the page get the first kernels trained and untrained, in the order of the net?"""
    constants = make(initial=BEFORE.parameters).picture.constants
    for sent, net in (("weights", NET), ("initial", BEFORE)):
        values = np.frombuffer(constants[sent]["conv1"][0], np.float32)
        np.testing.assert_allclose(values, net.parameters[0].ravel(), rtol=1e-6)


def test_without_weights_the_field_is_not_guessed():
    """Without weights, are maps and answer there, and is it said what is missing, instead of a wrong field?"""
    explorer = make(weights=None)
    assert "known with weights=" in line(explorer) and "parameters" not in explorer.readout.splitlines()[0]
    assert explorer.picture.constants["patches"].keys() == {"logits"} and explorer.png


def test_a_drawing_is_read():
    """Does a drawing reach the net as MNIST's digits are, and does Clear leave an empty pad?"""
    asked = []
    explorer = make(lambda images: asked.append(images) or NET.layers(images))
    explorer.clear()
    assert "An empty pad" in settled(explorer).readout and not any(explorer._pad.background)
    explorer.strokes = SEVEN
    np.testing.assert_array_equal(explorer.image, to_mnist(SEVEN))
    assert "Your drawing: read as" in settled(explorer).readout
    np.testing.assert_array_equal(asked[-1][0, 0], to_mnist(SEVEN))
    assert len([images for images in asked if len(images) > 1]) == 1, "the patches are looked for once"
    explorer.reset()
    assert settled(explorer).index == 0 and "Picture 1" in explorer.readout


def test_what_is_shown_asks_nobody():
    """Do unit, scale, view and enlarged layer change without a call, and come back with Reset?"""
    asked = []
    explorer = make(lambda images: asked.append(images) or NET.layers(images))
    count = len(asked)
    explorer.unit, explorer.scale, explorer.shown, explorer.expanded = [3, 1, 2, 2], "global", "filters", "conv2"
    assert len(asked) == count and explorer.picture.expanded == "conv2"
    explorer.reset()
    assert settled(explorer).unit == [0, 0, 14, 14] and explorer.shown == "maps"


def test_other_layers_of_other_nets():
    """Are strides, larger kernels and dense layers understood from shapes and weights?"""
    shapes = {"conv1": (4, 12, 12), "relu1": (4, 12, 12), "conv2": (6, 6, 6), "hidden": (30,), "logits": (10,)}
    arrays = [np.zeros(s) for s in [(4, 1, 5, 5), (4,), (6, 4, 3, 3), (6,), (30, 216), (30,), (10, 30), (10,)]]
    weights = by_layer(arrays, shapes)
    assert list(weights) == ["conv1", "conv2", "hidden", "logits"]
    seen = windows(shapes, weights)
    assert seen["conv1"][:4] == ("conv", 5, 2, 0) and seen["conv2"][:4] == ("conv", 3, 2, 1)
    assert (seen["conv2"].jump, seen["conv2"].offset, seen["conv2"].field) == (4, -2, 9)
    assert seen["hidden"].kind == seen["logits"].kind == "dense"
    with pytest.raises(ValueError, match="belong to none of the layers"):
        by_layer([np.zeros((3, 1, 5, 5)), np.zeros(3)], shapes)


def test_layers_that_are_none():
    """Is it said when the function returns no dict, an empty one, or maps without the number of pictures?"""
    for returned, sentence in [
        (lambda images: [1], "Your layers returned a list of length 1. Expected a dict"),
        (lambda images: {}, "Your layers returned an empty dict."),
        (lambda images: {"conv1": np.zeros((28, 28)), "logits": np.zeros((len(images), 10))}, "Layer 'conv1'"),
    ]:
        assert sentence in make(returned, weights=None).error
    wrong = make(weights=[np.zeros((5, 1, 3, 3)), np.zeros(5)])
    assert "belong to none of the layers conv1, relu1" in wrong.error


def test_bad_arguments():
    """Are pictures, labels and indices that do not fit refused with a sentence?"""
    with pytest.raises(ValueError, match="pictures of 28x28"):
        FeatureMaps(NET.layers, np.zeros((3, 100)), [1, 2, 3])
    with pytest.raises(ValueError, match="labels must be 6 numbers"):
        FeatureMaps(NET.layers, IMAGES, [1, 2])
    with pytest.raises(TypeError, match="must be a function"):
        FeatureMaps({}, IMAGES, LABELS)
    with pytest.raises(traitlets.TraitError, match="there are 6 pictures"):
        make().index = 6
