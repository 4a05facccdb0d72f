"""The race downhill: its paths are PyTorch's, what diverges is said to, each landscape shows what it is there for."""

import numpy as np
import pytest
import torch
import traitlets

from course.widgets import DescentExplorer
from course.widgets.descent_explorer import MAKE, STEPS
from course.widgets.descent_scenes import SCENES

from .conftest import settled

ORACLES = {
    "SGD": lambda p, lr, beta: torch.optim.SGD(p, lr),
    "Momentum": lambda p, lr, beta: torch.optim.SGD(p, lr, beta),
    "NAG": lambda p, lr, beta: torch.optim.SGD(p, lr, beta, nesterov=True),
    "Adagrad": lambda p, lr, beta: torch.optim.Adagrad(p, lr),
    "Adadelta": lambda p, lr, beta: torch.optim.Adadelta(p, lr),
    "RMSprop": lambda p, lr, beta: torch.optim.RMSprop(p, lr, alpha=0.9),
    "Adam": lambda p, lr, beta: torch.optim.Adam(p, lr, betas=(beta, 0.999)),
}


@pytest.fixture(scope="module")
def races():
    """{landscape: (what `compute` returned, the scene of the page)}."""
    explorer, found = DescentExplorer(), {}
    for name in SCENES:
        explorer.landscape = name
        found[name] = settled(explorer)._result, explorer.picture.scene
    return found


@pytest.mark.parametrize("landscape", SCENES)
def test_the_gradients_are_those_of_the_heights(landscape):
    """Do gradients and heights of each landscape agree, by PyTorch's, at many places?"""
    scene = SCENES[landscape]
    for x, y in np.random.default_rng(0).uniform(-2, 2, (20, 2)):
        at = torch.tensor([x, y], requires_grad=True)
        scene.height(*at).backward()
        np.testing.assert_allclose(scene.gradient(x, y), at.grad.numpy(), atol=1e-9)


@pytest.mark.parametrize("method", MAKE)
def test_the_paths_are_torchs(races, method):
    """Is each path, in the long valley, that of PyTorch's optimiser of the same settings?"""
    scene, (path, _) = SCENES["long valley"], races["long valley"][0]["races"][method]
    at = torch.tensor(scene.start, dtype=torch.float64, requires_grad=True)
    optimiser = ORACLES[method]([at], scene.rates[method], 0.9)
    for step in range(1, 30):
        optimiser.zero_grad()
        scene.height(*at).backward()
        optimiser.step()
        np.testing.assert_allclose(path[step], at.detach().numpy(), rtol=1e-6, atol=1e-9)


def test_what_each_landscape_shows(races):
    """Is SGD still at the saddle when the others have left, and does momentum overshoot where SGD does not?"""
    losses = races["saddle"][0]["losses"]
    assert losses["SGD"][-1] > 1.9 and max(loss[-1] for name, loss in losses.items() if name != "SGD") < 0.1
    valley = races["long valley"][0]["races"]
    assert valley["Momentum"][0][:, 0].max() > 0.5 > 0 > valley["SGD"][0][:, 0].max()
    for name in SCENES:
        assert all(gone is None for _, gone in races[name][0]["races"].values()), name


def test_divergence_is_said():
    """Is a rate that is too large seen: SGD on 2 y² diverges above 0.5, at a step that is named, and not below it?"""
    explorer = settled(DescentExplorer())
    explorer.rates = {"SGD": 0.49}
    assert "SGD diverged" not in settled(explorer).readout
    explorer.rates = {"SGD": 0.9}
    gone = settled(explorer)._result["races"]["SGD"][1]
    assert 5 < gone < 50 and f"SGD diverged at step {gone}" in explorer.readout
    explorer.position = gone - 1
    assert "diverged" not in explorer.readout
    assert explorer.rates["Adam"] == SCENES["long valley"].rates["Adam"], "the others keep theirs"


def test_steps_and_methods_are_views():
    """Do position and chosen methods change words and picture without a new race?"""
    explorer = settled(DescentExplorer())
    result, png = explorer._result, explorer.png
    explorer.picture.position = 0
    assert "Step 0 of 150, height above the lowest: SGD 9.25 at (−5.00, 2.00)" in explorer.readout
    explorer.picture.shown = ["Adam"]
    assert "SGD 9.25" not in explorer.readout and "Adam 9.25" in explorer.readout and "paths of 1" in explorer.alt
    assert explorer._result is result and explorer.png != png
    explorer.shown = []
    assert "no method is drawn" in explorer.readout and explorer.png


def test_start_and_rate_follow_their_controls():
    """Do sliders, the page's click and a landscape set start and rate, and does Reset bring the first?"""
    explorer = settled(DescentExplorer())
    explorer.picture._handle_custom_msg({"start": [1.5, -0.5]}, [])
    assert (explorer.x, explorer.y, explorer._x.value, explorer._y.value) == (1.5, -0.5, 1.5, -0.5)
    assert settled(explorer)._result["races"]["Adam"][0][0].tolist() == [1.5, -0.5]
    explorer.method = "Adam"
    explorer._rate.value = 0.01
    assert explorer.rates["Adam"] == 0.01 and "Adam 0.01" in settled(explorer).readout
    explorer.landscape = "saddle"
    assert (explorer.x, explorer.y) == (2.0, 0.0001) and explorer.rates["Adam"] == 0.1
    explorer._y.value = 0.0  # as a page writes back what it shows
    assert explorer.y == 0.0001
    explorer.reset()
    assert (explorer.landscape, explorer.x, explorer.rates["Adam"]) == ("long valley", -5.0, 0.2)


def test_your_rule_races_with_them():
    """Is a rule of yours called with gradient, its own dict and the rate, and equal to what it imitates?"""

    def momentum(gradient, state, lr):
        state["velocity"] = 0.9 * state.get("velocity", 0) + gradient
        return lr * state["velocity"]

    explorer = settled(DescentExplorer(momentum))
    explorer.rates = {"yours": 0.1}
    paths = {name: path for name, (path, _) in settled(explorer)._result["races"].items()}
    np.testing.assert_allclose(paths["yours"], paths["Momentum"])
    assert len(paths["yours"]) == STEPS + 1 and explorer.method == "yours"


def test_bad_arguments():
    """Are unknown methods, rates that are none, and what is no function refused with a sentence?"""
    with pytest.raises(TypeError, match="update must be a function"):
        DescentExplorer(0.1)
    explorer = DescentExplorer()
    for name, value, sentence in [("method", "yours", "the methods are SGD"), ("shown", ["Newton"], "got Newton"),
                                  ("rates", {"SGD": 0}, "a number above 0")]:  # fmt: skip
        with pytest.raises(traitlets.TraitError, match=sentence):
            setattr(explorer, name, value)
