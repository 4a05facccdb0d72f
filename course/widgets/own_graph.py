"""A net that the reader's own graph trains: two curves that no line separates.

Slides: intro-ann-018, icme-s2-045.
"""

import time

import numpy as np
from matplotlib.figure import Figure

from course import data, figures
from course.figures import style
from course.widgets import reader
from course.widgets.quiet import Sentence, quiet

POINTS, HIDDEN = 200, 8
STEPS, RATE = 1_000, 1.0
SECONDS = 8  # a class that is slow makes fewer steps


def two_curves(value, output, loss, missing=()):
    """Train a small net with the reader's class on two curves, and return the picture of how it separates them.

    value: the class. output(x, *parameters): the Value (N, 1) of points x (N, 2). loss(x, targets, *parameters): the
    share of each point in the mean loss, a Value (N, 1), of targets (N, 1) that are 1 or -1. The parameters are Values:
    w1 (2, 8), b1 (8,), w2 (8, 1), b2 (1,). missing: sentences about what is not there yet; with any, it says so.
    Raises nothing for what is wrong in the class: what happened is said.
    """
    for name, function in {"value": value, "output": output, "loss": loss}.items():
        reader.check_function(name, function)
    if missing:
        return Sentence("\n".join(["The net waits for what it is made of:", *missing]))
    points, labels = data.two_curves(POINTS)
    targets = np.where(labels == 1, 1.0, -1.0)[:, None]  # (N, 1)
    try:
        with quiet():
            parameters, losses = _train(value, loss, points, targets)
            classes = _classes(output, parameters, points)
            return _picture(points, labels, losses, classes, lambda x: _classes(output, parameters, x))
    except Exception as error:
        return Sentence(f"The net has stopped: {reader.explain(error)}")


def _train(value, loss, points, targets):
    """(the parameters after the training, the mean loss before each step)."""
    rng, losses = np.random.default_rng(0), []
    shapes = ((2, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,))
    parameters = [value(rng.standard_normal(shape)) for shape in shapes]
    started = time.perf_counter()
    for _ in range(STEPS):
        shares = loss(points, targets, *parameters)
        losses.append(float(np.sum(shares.data)))
        shares.backward()
        for old in parameters:
            if np.shape(old.grad) != np.shape(old.data):
                raise ValueError(f"a gradient has the shape {np.shape(old.grad)}, and its data {np.shape(old.data)}")
        parameters = [value(old.data - RATE * old.grad) for old in parameters]
        if time.perf_counter() > started + SECONDS:
            break
    return parameters, losses


def _classes(output, parameters, points):
    """The class of each point, (N, 2) -> (N,): 1 where the output is above 0."""
    found = np.asarray(output(points, *parameters).data, np.float64)
    if found.shape != (len(points), 1):
        raise ValueError(f"the output of {len(points)} points must have the shape {(len(points), 1)}; "
                         f"it is {found.shape}")  # fmt: skip
    return (found[:, 0] > 0).astype(int)


def _picture(points, labels, losses, classes, predict):
    """The points on what the net says of the plane, and the loss step by step."""
    right = float((classes == labels).mean())
    fig = Figure(figsize=(style.WIDTH, 3.3))
    left, curve = fig.subplots(1, 2)
    figures.draw_regions(left, predict, points)
    figures.draw_points(left, points, labels, f"{right:.1%} of {len(points)} points are right")
    curve.plot(losses, color=style.CLASS_COLORS[0])
    curve.set(xlabel="step", ylabel="loss", yscale="log", title="every gradient from your graph")
    fig.tight_layout()
    return figures.show(fig, f"Two curves of points, on the regions that the net gives to each class: {right:.1%} are "
                             f"right after {len(losses)} steps. The loss fell from {losses[0]:.2f} to "
                             f"{losses[-1]:.3f}.")  # fmt: skip
