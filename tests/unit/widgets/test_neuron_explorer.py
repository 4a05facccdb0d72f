"""One neuron: the tables that it can answer and the one that it cannot, and its line."""

import itertools

import numpy as np
import pytest
import traitlets

from course.widgets import NeuronExplorer
from course.widgets.neuron_explorer import PLANE, TASKS

from .conftest import settled


def make(**state):
    explorer = NeuronExplorer()
    with explorer.together():
        for name, value in state.items():
            setattr(explorer, name, value)
    return settled(explorer)


@pytest.mark.parametrize("task, w1, w2, bias", [("AND", 1, 1, -1.5), ("OR", 1, 1, -0.5), ("NAND", -1, -1, 1.5),
                                                ("detector of (1, −1)", 5, -5, 0)])  # fmt: skip
def test_tables_that_it_answers(task, w1, w2, bias):
    """Do the weights of the deck give the whole table, and does the opposite give none of it?"""
    count = len(TASKS[task][1])
    assert f"{count} of {count} right" in make(task=task, w1=w1, w2=w2, bias=bias).readout
    opposite = make(task=task, w1=-w1, w2=-w2, bias=-bias - 0.1 * (bias == 0))
    assert f"0 of {count} right" in opposite.readout and ", wrong" in opposite.readout


def test_the_detector_of_the_deck():
    """Are z = 10 and −10, with outputs 1 and 0 of the threshold and nearly so of the sigmoid?"""
    explorer = make(task="detector of (1, −1)", w1=5, w2=-5, bias=0)
    assert "(1, −1): z = 10.0, output 1.00" in explorer.readout
    assert "(−1, 1): z = −10.0, output 0.00" in explorer.readout
    explorer.function = "sigmoid"
    assert settled(explorer)._result["outputs"] == pytest.approx([0.9999546, 0.0000454], abs=1e-7)


def test_no_neuron_does_xor():
    """Of all settings of the sliders in steps of a half, is the best 3 of 4, and is it said why?"""
    explorer, best = make(task="XOR"), 0
    grid = np.arange(-6, 6.1, 0.5)
    for w1, w2 in itertools.product(grid, grid):
        z = TASKS["XOR"][0] @ np.array([w1, w2])
        best = max(best, max(((z + bias >= 0) == TASKS["XOR"][1]).sum() for bias in grid))
    assert best == 3
    assert "XOR: 3 of 4 right. No line does all four: 3 are the most." in explorer.readout


def test_the_line_is_where_the_output_changes():
    """Do all points of the line have z = 0, is the arrow at a right angle to it, and are both gone without weights?"""
    explorer = make(w1=2.0, w2=-3.0, bias=1.0)
    x, y = (np.array(values) for values in explorer._line.get_data())
    np.testing.assert_allclose(2 * x - 3 * y + 1, 0, atol=1e-9)
    arrow = np.ptp(explorer._arrow.get_data(), axis=1)
    assert abs(np.diff(x)[0] * arrow[0] - np.diff(y)[0] * arrow[1]) < 1e-9
    explorer.w1 = explorer.w2 = 0.0
    assert len(settled(explorer)._line.get_data()[0]) == 0 and "does not exist" in explorer.alt


def test_your_neuron_gets_x_weight_and_bias():
    """Is the function called with all points, the weights and the bias, and are its answers those of the table?"""
    seen = []

    def neuron(x, weight, bias):
        seen.append((x.shape, weight.tolist(), bias))
        return (x @ weight + bias > 0) * 0.75

    explorer = settled(NeuronExplorer(neuron))
    assert explorer.function == "yours" and seen[-1] == ((len(PLANE) + 4, 2), [1.0, 1.0], -0.5)
    assert "(1, 1): z = 1.5, output 0.75, wanted 1" in explorer.readout
    explorer.function = "threshold"
    assert "output 1.00" in settled(explorer).readout


def test_bad_arguments():
    """Is what is no function refused, and the reader's neuron where there is none?"""
    with pytest.raises(TypeError, match="neuron must be a function"):
        NeuronExplorer(np.ones(2))
    with pytest.raises(traitlets.TraitError, match="no neuron of yours"):
        NeuronExplorer().function = "yours"
