"""A grid through a layer: each of matrix, shift and activation does what NumPy says, and XOR is split by one fold."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import LinearMapExplorer
from course.widgets.linear_map_explorer import CORNERS, LINES, MAPS

from .conftest import settled

LAYERS = [([[1.0, -0.5], [0.4, 2.0]], [0.5, -1.0]), ([[0.0, 1.0], [-1.0, 0.2]], [0.0, 0.3])]


def at(stage, *given, **kwargs):
    """Points and grid at a stage."""
    explorer = LinearMapExplorer(*given, **kwargs)
    explorer.stage = stage
    return settled(explorer)


def test_the_three_steps_of_two_layers():
    """After each step of each layer, are the points those that NumPy gives, and the grid bent by the same rule?"""
    x, expected = CORNERS, [CORNERS]
    for weight, bias in LAYERS:
        x = x @ np.transpose(weight)
        expected += [x, x + bias, np.tanh(x + bias)]
        x = np.tanh(x + bias)
    for stage, wanted in enumerate(expected):
        result = at(stage, LAYERS)._result
        np.testing.assert_allclose(result["points"], wanted, atol=1e-12)
        corner = np.array([LINES[0], LINES[0]])
        for number in range(stage):
            weight, bias = LAYERS[number // 3]
            corner = [corner @ np.transpose(weight), corner + bias, np.tanh(corner)][number % 3]
        np.testing.assert_allclose(result["grid"][0, 0], corner, atol=1e-12)


def test_half_a_step_is_half_way():
    """Between two stages, is each point on the straight way from one to the other?"""
    start, half, end = (at(stage, LAYERS)._result["grid"] for stage in (2, 2.5, 3))
    np.testing.assert_allclose(half, (start + end) / 2, atol=1e-12)


def test_one_fold_splits_xor():
    """Does no line split XOR before the fold, one after it, and are the corners where the deck has them?"""
    explorer = at(0)
    assert "Before the layer. No line splits the two classes here." in explorer.readout
    assert explorer._map.value == "fold: XOR can be split"
    explorer.stage = 2.0
    assert "No line splits" in settled(explorer).readout
    explorer.stage = 3.0
    assert "After the activation. A line splits the two classes here." in settled(explorer).readout
    np.testing.assert_allclose(explorer._result["points"], [[0, 0], [1, 0], [1, 0], [2, 1]])
    assert "(1, 1) → (2.00, 1.00)" in explorer.readout
    assert len(explorer._panels[1][2].get_data()[0]) == 2
    direction, threshold = explorer._result["line"]
    assert list(explorer._result["points"] @ direction > threshold) == [False, True, True, False]


def test_what_the_matrix_does_is_said():
    """Are stretch, area, a mirror image and a lost dimension those of the matrix?"""
    explorer = LinearMapExplorer()
    for entries, words in [([0, -2, 1, 0], "stretches by 2.00 and 1.00: areas become 2.00 times as large."),
                           ([0, 1, 1, 0], "1.00 times as large, mirrored."), ([1, 1, 1, 1], "falls onto a line"),
                           ([0, 0, 0, 0], "falls onto a point")]:  # fmt: skip
        explorer.layers = [[*map(float, entries), 0.0, 0.0]]
        assert words in settled(explorer).readout


@pytest.mark.parametrize("name", MAPS)
def test_known_maps(name):
    """Does each map of the menu set sliders and activation, and is it named again when they say it?"""
    explorer = settled(LinearMapExplorer())
    explorer._map.value = name
    weight, bias, function = MAPS[name]
    assert [slider.value for slider in explorer._sliders] == [*np.ravel(weight), *bias]
    assert explorer.function == function and settled(explorer).error == ""
    explorer._sliders[0].value = -0.7
    assert explorer.layers[0][0] == -0.7 and explorer._map.value == "your own"
    explorer.reset()
    assert explorer._map.value == "fold: XOR can be split"


def test_the_sliders_change_the_chosen_layer():
    """Do the sliders show and change the layer that is chosen, and leave the other?"""
    explorer = settled(LinearMapExplorer(LAYERS))
    explorer.layer = 2
    assert [slider.value for slider in explorer._sliders] == [0.0, 1.0, -1.0, 0.2, 0.0, 0.3]
    explorer._sliders[5].value = -0.4
    assert explorer.layers == [[1.0, -0.5, 0.4, 2.0, 0.5, -1.0], [0.0, 1.0, -1.0, 0.2, 0.0, -0.4]]
    assert "Layer 2: z1 = 0.0 x1 + 1.0 x2 + 0.0" in settled(explorer).readout


def test_own_functions_are_called():
    """Is the reader's linear called with x, weight and bias, and the reader's activation with its result?"""
    seen = []

    def linear(x, weight, bias):
        seen.append((weight.tolist(), bias.tolist()))
        return nn.linear(x, weight, bias)

    explorer = at(3, linear=linear, activation=np.abs)
    assert seen[-1] == ([[1, 1], [1, 1]], [0, -1]) and explorer.function == "yours"
    np.testing.assert_allclose(explorer._result["points"], [[0, 1], [1, 0], [1, 0], [2, 1]])


def test_bad_arguments():
    """Are layers, points, labels and states that do not fit refused with a sentence?"""
    for given, sentence in [({"layers": [([[1, 2]], [0, 0])]}, r"weight \(2, 2\) and a bias"),
                            ({"layers": []}, "at least one pair"), ({"points": [[1, 2, 3]]}, r"shape \(N, 2\)"),
                            ({"labels": [0, 1]}, "labels must be 4 times"),
                            ({"labels": [0, 1, 2, 3]}, "0 or 1")]:  # fmt: skip
        with pytest.raises(ValueError, match=sentence):
            LinearMapExplorer(**given)
    with pytest.raises(TypeError, match="linear must be a function"):
        LinearMapExplorer(linear=3)
    explorer = LinearMapExplorer()
    for name, value, sentence in [("layer", 2, "there are 1 layers"), ("function", "yours", "no activation of yours")]:
        with pytest.raises(traitlets.TraitError, match=sentence):
            setattr(explorer, name, value)
    explorer.stage = 99.0
    assert explorer.stage == 3.0
