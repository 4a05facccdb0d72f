"""A training that shows itself."""

import numpy as np

from course import nn
from course.widgets import LiveTraining, training


def test_a_training_is_watched(monkeypatch):
    """Is one picture made and updated, and are losses, accuracies of every epoch and the time kept?"""
    shown = []

    class Handle:
        update = shown.append

    monkeypatch.setattr(training, "display", lambda picture, display_id: shown.append(picture) or Handle)
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(50, 4)), rng.integers(0, 2, 50)
    net = nn.MLP([4, 2])
    live = LiveTraining("a net", net, (x, labels), (x[:10], labels[:10]), batch_size=20)
    losses = nn.train(net, x, labels, epochs=4, batch_size=20, callback=live)
    assert live.losses == list(losses) and len(losses) == 12
    assert len(live.measured["train"]) == len(live.measured["held-out"]) == 4
    assert live.measured["held-out"][-1] == nn.accuracy(net, x[:10], labels[:10])
    assert live.seconds > 0 and len(shown) >= 2
    assert "12 steps" in shown[-1].alt and "held-out" in shown[-1].alt


def test_without_a_notebook_it_trains_as_well(monkeypatch):
    """Where nothing can be shown, does the training run?"""
    monkeypatch.setattr(training, "display", lambda picture, display_id: None)
    x, labels = np.eye(4), np.array([0, 1, 0, 1])
    net = nn.MLP([4, 2])
    live = LiveTraining("a net", net, (x, labels), (x, labels), batch_size=2)
    nn.train(net, x, labels, epochs=1, batch_size=2, callback=live)
    assert len(live.losses) == 2
