"""A picture of training that changes in place: loss, progress, time left. Slides: cmu-l10-040, cmu-l10-043."""

import time

import numpy as np
from matplotlib.figure import Figure

from course.figures import style
from course.figures.show import picture


class LiveCurve:
    """Watch a training: hand `curve.watch(update)` to `train` as its callback.

        curve = LiveCurve("1-layer net")
        handle = display(curve.picture(), display_id=True)
        train(net, x, labels, epochs=5, callback=curve.watch(handle.update))

    `update(picture)` is called at most twice a second, less often where drawing is slow, and once at the end, so
    the last state stays as a still picture. One figure is kept and its lines moved: nothing flickers.
    `measure`, if given, is called without arguments after every `per_epoch` steps; it returns a dict of name ->
    accuracy, which is drawn over the epochs.
    """

    def __init__(self, title, measure=None, per_epoch=None, interval=0.5):
        self.title, self.measure, self.per_epoch, self.interval = title, measure, per_epoch, interval
        self.losses, self.measured, self.text, self.seconds = [], {}, "ready", 0.0
        self.fig = Figure(figsize=(style.WIDTH, 2.7))
        self.loss_axes, self.accuracy_axes = self.fig.subplots(1, 2, width_ratios=[1.5, 1])
        (self.raw,) = self.loss_axes.plot([], [], color=style.CLASS_COLORS[4], linewidth=0.5, alpha=0.5,
                                        label="one mini-batch")  # fmt: skip
        (self.smooth,) = self.loss_axes.plot([], [], color=style.BLUE, label="running mean")
        self.loss_axes.set(xlabel="step", ylabel="loss (cross-entropy)", yscale="log")
        self.loss_axes.legend(fontsize=8)
        self.accuracy_axes.set(xlabel="epoch", ylabel="accuracy")
        self.lines = {}

    def watch(self, update):
        """Return a callback(step, steps, loss) for `course.nn.train` that redraws through `update`."""
        started, drawn, pause = time.perf_counter(), 0.0, self.interval

        def callback(step, steps, loss):
            nonlocal drawn, pause
            self.losses.append(float(loss))
            if self.measure is not None and step % (self.per_epoch or steps) == 0:
                for name, value in self.measure().items():
                    self.measured.setdefault(name, []).append(float(value))
            now = time.perf_counter()
            if step == steps or now - drawn >= pause:
                self.seconds = elapsed = now - started
                left = elapsed / step * (steps - step)
                self.text = f"step {step} of {steps} ({step / steps:.0%}), {elapsed:.0f} s, {left:.0f} s left"
                if step == steps:
                    self.text = f"{steps} steps in {elapsed:.1f} s"
                update(self.picture())
                drawn = time.perf_counter()
                pause = max(self.interval, 9 * (drawn - now))  # a tenth of the time is enough for drawing

        return callback

    def picture(self):
        """Draw the state so far. Returns a `Picture` whose alt text says the same in words."""
        steps = np.arange(1, len(self.losses) + 1)
        mean = running_mean(np.array(self.losses), max(1, len(self.losses) // 50))
        self.raw.set_data(steps, self.losses)
        self.smooth.set_data(steps, mean)
        for index, (name, values) in enumerate(self.measured.items()):
            if name not in self.lines:
                (self.lines[name],) = self.accuracy_axes.plot(
                    [], [], color=style.CLASS_COLORS[index], marker=style.CLASS_MARKERS[index], markersize=4, label=name
                )
                self.accuracy_axes.legend(fontsize=8, loc="lower right")
            self.lines[name].set_data(np.arange(1, len(values) + 1), values)
        for axes in (self.loss_axes, self.accuracy_axes):
            axes.relim()
            axes.autoscale_view()
        self.loss_axes.set_title(self.title)
        self.accuracy_axes.set_title(self.text, fontsize=8)
        said = "".join(f" {name} {values[-1]:.4f}." for name, values in self.measured.items())
        loss = f" Loss from {self.losses[0]:.3f} to {mean[-1]:.3f}." if self.losses else ""
        return picture(self.fig, f"{self.title}: {self.text}.{loss}{said}")


def running_mean(values, width):
    """Mean over the last `width` values (fewer at the start). values: (N,) -> (N,)."""
    total = np.cumsum(np.r_[0.0, values])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    return (total[ends] - total[starts]) / (ends - starts)
