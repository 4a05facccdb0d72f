"""Depth and width: parameters worked out by hand, the table of the grid, the reader's own training."""

import numpy as np
import pytest
import traitlets

from course.widgets import DepthExplorer

from .conftest import ACCURACIES, DEPTHS, WIDTHS, make_depth, measured, settled

SIZES = {"digits": (784, 10)}


def make(**kwargs):
    return settled(DepthExplorer({"digits": ACCURACIES}, DEPTHS, WIDTHS, SIZES, **kwargs))


@pytest.mark.parametrize(
    "depth, width, parameters, share, train, held_out",
    [
        (1, 4, "3,190", "98%", "0.700", "0.900"),  # 785 * 4 + 5 * 10
        (1, 16, "12,730", "99%", "0.750", "0.850"),  # 785 * 16 + 17 * 10
        (3, 16, "13,274", "95%", "0.950", "0.650"),  # and twice 17 * 16
    ],
)
def test_parameters_and_accuracies(depth, width, parameters, share, train, held_out):
    """Does the read-out say what was worked out by hand, for the net that is chosen?"""
    explorer = make()
    with explorer.together():
        explorer.depth, explorer.width = depth, width
    net = "-".join(["784", *[str(width)] * depth, "10"])
    assert settled(explorer).readout.startswith(f"{net}: {parameters} parameters, {share} of them in layer 1.")
    gap = f"{float(train) - float(held_out):+.3f}"
    assert f"Accuracy {train} in training, {held_out} held out: a gap of {gap}." in explorer.readout
    assert "Best held-out accuracy of this table: 0.900, with 1 hidden layer of 4." in explorer.readout


def test_the_drawing_has_the_layers():
    """Are there as many columns as layers, each higher where it has more neurons, with the parameters between them?"""
    explorer = make()
    explorer.depth = 2
    settled(explorer)
    there = [column for column in explorer._columns if column.get_visible()]
    heights = [column.get_ydata()[1] for column in there]
    assert len(there) == 4 and heights[0] > heights[1] == heights[2] > heights[3]
    assert [text.get_text() for text in explorer._counts] == ["12,560", "272", "170", ""]
    assert [text.get_text() for text in explorer._neurons] == ["784", "16", "16", "10", ""]


@pytest.mark.parametrize(
    "shown, numbers",
    [
        ("held-out accuracy", ["0.900", "0.850", "0.800", "0.750", "0.700", "0.650"]),
        ("training accuracy", ["0.700", "0.750", "0.800", "0.850", "0.900", "0.950"]),
        ("training minus held-out", ["-0.200", "-0.100", "0.000", "0.100", "0.200", "0.300"]),
    ],
)
def test_the_table_says_its_numbers(shown, numbers):
    """Does each cell of the table say its number, so that nothing depends on colour, and does the ring follow?"""
    explorer = make()
    with explorer.together():
        explorer.shown, explorer.depth, explorer.width = shown, 3, 4
    settled(explorer)
    assert [text.get_text().replace("-0.000", "0.000") for text in explorer._numbers.values()] == numbers
    assert explorer._ring.get_xy() == (-0.5, 1.5)


def test_own_training_fills_the_table():
    """Does the reader's function get the sizes, and does the table show its numbers and "?" for the rest?"""
    asked = []
    explorer = settled(make_depth(lambda sizes: asked.append(list(sizes)) or measured(sizes)))
    explorer.depth = 2
    settled(explorer)
    assert asked == [[784, 16, 10], [784, 16, 16, 10]]
    assert [text.get_text() for text in explorer._numbers.values()] == ["?", "0.769", "?", "0.769", "?", "?"]
    assert "0.869 in training, 0.769 held out" in explorer.readout and explorer.error == ""
    explorer.task = "spirals"
    assert asked[-1:] == [[2, 16, 16, 2]] if settled(explorer) else False
    explorer.source = "the lecture"
    assert settled(explorer)._numbers[0, 0].get_text() == "0.900"


def test_a_pair_is_enough():
    """Is `return train, held_out` taken, as people write it?"""
    explorer = make(measure=lambda sizes: (0.5, 0.25))
    explorer.source = "yours"
    assert "Accuracy 0.500 in training, 0.250 held out: a gap of +0.250." in settled(explorer).readout


def test_percent_are_found_out():
    """Is it said when the function returns percent instead of shares?"""
    explorer = settled(make_depth(lambda sizes: 100 * measured(sizes)))
    assert "Your measure returned 86.875 and 76.875. Expected accuracies, from 0 to 1." in explorer.error


def test_trainings_are_not_computed_ahead():
    """Is the stored grid drawn ahead, and no net trained that was not asked for, in any state that may come?"""
    asked = []
    explorer = settled(make_depth(lambda sizes: asked.append(list(sizes)) or measured(sizes)))
    assert not explorer.ahead
    assert [axis.name for axis in explorer.axes] == ["Data", "Width", "Hidden layers", "Table of"]
    explorer.source = "the lecture"
    asked.clear()
    assert settled(explorer).ahead
    for number, axis in enumerate(explorer.axes):
        for position in range(axis.length):
            positions = [axis.position for axis in explorer.axes]
            explorer.compute(**explorer._state_at([*positions[:number], position, *positions[number + 1 :]]))
    assert asked == []


def test_bad_arguments():
    """Are grids, sizes and states that do not fit refused with a sentence?"""
    with pytest.raises(ValueError, match=r"must have shape \(3, 2\)"):
        DepthExplorer({"digits": {"train": np.zeros((2, 3)), "held-out": np.zeros((3, 2))}}, DEPTHS, WIDTHS, SIZES)
    with pytest.raises(ValueError, match="accuracies from 0 to 1"):
        DepthExplorer({"digits": {"train": np.full((3, 2), 90), "held-out": np.zeros((3, 2))}}, DEPTHS, WIDTHS, SIZES)
    with pytest.raises(ValueError, match="name the same data"):
        DepthExplorer({"digits": ACCURACIES}, DEPTHS, WIDTHS, {"letters": (784, 26)})
    with pytest.raises(ValueError, match="depths and widths"):
        DepthExplorer({"digits": ACCURACIES}, [0, 1, 2], WIDTHS, SIZES)
    with pytest.raises(traitlets.TraitError, match="width must be one of 4, 16; got 5"):
        make().width = 5
    with pytest.raises(traitlets.TraitError, match="there is no training of yours"):
        make().source = "yours"
    with pytest.raises(TypeError, match="must be a function"):
        DepthExplorer({"digits": ACCURACIES}, DEPTHS, WIDTHS, SIZES, measure=0.9)
