"""The live picture of a training: what it says at each moment, and that it stays."""

import numpy as np
import pytest

from course.figures.curves import LiveCurve, running_mean


@pytest.mark.parametrize("width", [1, 3, 10])
def test_running_mean_against_a_loop(width):
    """Is it the mean over the last values, fewer at the start?"""
    values = np.random.default_rng(0).random(8)
    by_loop = [values[max(0, i - width + 1) : i + 1].mean() for i in range(8)]
    assert running_mean(values, width) == pytest.approx(by_loop)


def test_last_picture_stays_and_says_the_result():
    """After training, does the picture say steps, loss and accuracies in words?"""
    pictures = []
    curve = LiveCurve("1-layer net", measure=lambda: {"held-out": 0.9, "train": 0.95}, per_epoch=5)
    callback = curve.watch(pictures.append)
    for step in range(1, 11):
        assert not callback(step, 10, 2.3 / step)  # True would stop the training
    assert "10 steps in" in pictures[-1].alt and "Loss from 2.300 to 0.230" in pictures[-1].alt
    assert "held-out 0.9000" in pictures[-1].alt
    assert curve.measured == {"held-out": [0.9, 0.9], "train": [0.95, 0.95]}


def test_progress_and_time_left_are_said_on_the_way():
    """During training, does the picture say how far it is?"""
    pictures = []
    curve = LiveCurve("net", interval=0)
    callback = curve.watch(pictures.append)
    callback(1, 4, 2.0)
    assert "step 1 of 4 (25%)" in pictures[0].alt and "s left" in pictures[0].alt


def test_drawing_takes_a_small_share_of_a_fast_training():
    """With a thousand fast steps, are there only a few pictures?"""
    pictures = []
    callback = LiveCurve("net").watch(pictures.append)
    for step in range(1, 1001):
        callback(step, 1000, 1.0)
    assert 1 <= len(pictures) < 50


def test_the_figure_is_kept():
    """Are the same artists moved, never rebuilt?"""
    curve = LiveCurve("net", measure=lambda: {"train": 0.5}, per_epoch=1)
    callback = curve.watch(lambda picture: None)
    callback(1, 3, 2.0)
    before = [id(artist) for axes in curve.fig.axes for artist in axes.lines]
    callback(2, 3, 1.0)
    callback(3, 3, 0.5)
    assert [id(artist) for axes in curve.fig.axes for artist in axes.lines] == before
    assert curve.smooth.get_xdata().tolist() == [1, 2, 3]


def test_a_picture_before_the_first_step():
    """Can the empty picture be shown?"""
    assert LiveCurve("net").picture().alt == "net: ready."
