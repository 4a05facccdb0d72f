"""Dropout: who is crossed out, what becomes of means and answers, the curves, and dropouts that are another's."""

import re

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import DropoutExplorer
from course.widgets.dropout_explorer import BELOW, HIDDEN, MASKS

from .conftest import settled

EPOCHS = np.arange(1.0, 5)
RESULTS = {p: {"train": (1 - p) / EPOCHS, "held-out": p + EPOCHS} for p in (0, 0.2, 0.6)}


def make(dropout=nn.dropout, p=0.5, **kwargs):
    explorer = DropoutExplorer(dropout=dropout, **kwargs)
    explorer.p = p
    return settled(explorer)


def crosses(explorer):
    return len(explorer._crosses.get_xdata())


@pytest.mark.parametrize(
    "p, expected", [(0.0, "20.0, give or take 0.0"), (0.5, "10.0, give or take 2.2"), (0.95, "1.0, give or take 1.0")]
)
def test_alive_and_expected(p, expected):
    """Are as many crossed out as the read-out says, about as many as p says over many masks, each with its links?"""
    explorer = make(p=p)
    for mask in (0, 7):
        explorer.mask = mask
        said = rf"(\d+) of 20 hidden units are alive \(expected {expected}\)"
        assert crosses(explorer) == HIDDEN - int(re.match(said, settled(explorer).readout)[1])
        first, second = (int(layer.sum()) for layer in explorer._result["alive"])
        assert HIDDEN - crosses(explorer) == first + second
        links = 5 * first + first * second + second * 3
        assert np.count_nonzero(explorer._links.get_linewidths()) == links
    state = explorer._state_at(explorer._positions())
    left = [np.concatenate(explorer.compute(**state | {"mask": mask})["alive"]).sum() for mask in range(25)]
    assert np.mean(left) == pytest.approx(HIDDEN * (1 - p), abs=4 * np.sqrt(HIDDEN * p * (1 - p) / 25) + 1e-9)


@pytest.mark.parametrize("p", [0.0, 0.3, 0.5, 0.8])
def test_means(p):
    """Is the mean 1 - p when only masked, and 1 in training and in use?"""
    means = make(p=p)._result["means"]
    assert means == pytest.approx([1, 1 - p, 1, 1], abs=0.05)
    assert means[0] == pytest.approx(1) and means[2] == pytest.approx(means[1] / (1 - p))


def test_nothing_is_left():
    """Is p = 1 an answer, with every unit crossed out, and no error?"""
    explorer = make(p=1.0)
    assert crosses(explorer) == HIDDEN and "none kept" in explorer.readout and "nothing is left" in explorer.readout
    assert explorer._result["means"][1:3] == [0, 0] and explorer.error == ""


def test_in_use_nothing_is_crossed_out():
    """Are all units there in use, whatever p and the mask, and is the answer always the same?"""
    explorer = make()
    explorer.training = False
    said = set()
    for mask, p in [(0, 0.5), (1, 0.5), (1, 0.9)]:
        with explorer.together():
            explorer.mask, explorer.p = mask, p
        assert crosses(settled(explorer)) == 0
        assert "20 of 20 hidden units are alive" in explorer.readout
        said.add(tuple(text.get_text() for text in explorer._answers))
    assert len(said) == 1


def test_average_of_many_masks_is_near_use():
    """Do single masks say much else than the net in use, and their mean nearly the same?"""
    result = make()._result
    top = result["in_use"].argmax()
    some = result["answers"][:, top]
    assert len(some) == MASKS and some.std() > 0.1
    assert abs(some.mean() - result["in_use"][top]) < 0.06
    assert np.allclose(result["answers"].sum(1), 1)


def test_new_mask():
    """Does the button cross out others, and the same mask again the same?"""
    explorer = make()
    first = explorer._crosses.get_xydata().tolist()
    explorer._new.click()
    assert settled(explorer).mask == 1 and explorer._crosses.get_xydata().tolist() != first
    explorer.mask = 0
    assert settled(explorer)._crosses.get_xydata().tolist() == first


@pytest.mark.parametrize(
    "dropout, said",
    [
        (lambda x, p, u, training: x * (u >= p) if training else x, "multiplies what it keeps by 1 in training"),
        (lambda x, p, u, training: x * (u < p) / p if training else x, "puts 0 in 7,"),
        (lambda x, p, u, training: nn.dropout(x, p, u), r"In use, with training=False, your dropout changes 10,000"),
        (lambda x, p, u, training: x * (u >= p) / p if training else x, r"keeps by 3\.333.*1 / \(1 - p\) = 1\.429"),
    ],
)
def test_another_dropout_is_found_out(dropout, said):
    """Is it said how a dropout differs: not rescaled, the wrong ones kept, also in use, divided by p?"""
    assert re.search(said, make(dropout, p=0.3).error)


def test_the_old_form_of_dropout_is_named_by_its_numbers():
    """Rescaling in use, as in the paper of 2014: do the means say so?"""
    explorer = make(lambda x, p, u, training: x * (u >= p) if training else x * (1 - p))
    assert explorer._result["means"] == pytest.approx([1, 0.5, 0.5, 0.5], abs=0.02)
    assert "the mean stays, and in use nothing has to be rescaled" in explorer.error


def test_curves_of_the_nearest_p():
    """Are the curves those that were given, without dropout and with the nearest p?"""
    explorer = make(results=RESULTS, every=3)
    explorer.below = BELOW[1]
    assert settled(explorer)._lines[-1].get_xdata().tolist() == [3, 6, 9, 12]
    assert "p = 0.60 ends with loss 0.100 in training, 4.600 held out" in settled(explorer).readout
    explorer.p = 0.25
    assert "p = 0.00 ends with loss 0.250 in training, 4.000 held out; with p = 0.20 ends with loss 0.200" in (
        settled(explorer).readout
    )
    drawn = [line.get_ydata() for line in explorer._lines if line.get_visible()]
    assert np.array_equal(drawn, [RESULTS[0]["train"], RESULTS[0]["held-out"], RESULTS[0.2]["train"],
                                  RESULTS[0.2]["held-out"]])  # fmt: skip
    explorer.p = 0.0
    assert "; with p" not in settled(explorer).readout
    assert sum(line.get_visible() for line in explorer._lines) == 2


def test_own_training():
    """Is the reader's training asked once for each p and for 0, never ahead, and anew after Reset?"""
    asked = []

    def measure(p):
        asked.append(p)
        return [1, 0.5 - p / 10], [1, 0.6]

    explorer = make(measure=lambda p: tuple(map(np.array, measure(p))), results=RESULTS)
    assert asked == [] and explorer.ahead
    with explorer.together():
        explorer.below, explorer.source = BELOW[1], "yours"
    assert "p = 0.50 ends with loss 0.450 in training, 0.600 held out" in settled(explorer).readout
    assert sorted(asked) == [0, 0.5] and not explorer.ahead
    explorer.mask = 3
    settled(explorer)
    assert len(asked) == 2
    explorer.reset()
    explorer.below, explorer.source = BELOW[1], "yours"
    settled(explorer)
    assert sorted(asked) == [0, 0, 0.5, 0.5]


@pytest.mark.parametrize(
    "returned, said",
    [
        (None, "returned None"), (0.5, "returned a single number"), (([1, 2], [1]), "returned a tuple of length 2"),
        ((np.array([np.nan, 1]), np.array([1, 2])), "returned nan in 2 of 8 places"),
    ],
)  # fmt: skip
def test_a_training_that_returns_something_else(returned, said):
    """Is it said what came back, and what was expected?"""
    explorer = make(measure=lambda p: returned)
    explorer.below = BELOW[1]
    assert f"Your measure {said}" in settled(explorer).error and "Expected" in explorer.error


def test_bad_arguments():
    """Are results and states that do not fit refused with a sentence?"""
    with pytest.raises(ValueError, match=r"p from 0, without dropout, to 1; got p = \[0.5\]"):
        make(results={0.5: RESULTS[0.2]})
    with pytest.raises(ValueError, match=r"results\[0.5\] must have.* shapes \(4,\) and \(0,\)"):
        make(results={0: RESULTS[0], 0.5: {"train": EPOCHS}})
    explorer = make()
    for trait, value, said in [("below", BELOW[1], "there are no curves"), ("source", "yours", "no training of yours")]:
        with pytest.raises(traitlets.TraitError, match=said):
            setattr(explorer, trait, value)
    with pytest.raises(TypeError, match="dropout must be a function"):
        make(0.5)
