"""A training that shows itself while it runs. Slides: cmu-l10-040, cmu-l10-043."""

from IPython.display import display

from course import nn
from course.figures.curves import LiveCurve

MEASURED = 5000  # digits a set; more would take longer than the training


class LiveTraining:
    """A picture of the loss and of the accuracy after each epoch: hand it to `nn.train` as its callback.

        live = widgets.LiveTraining("my net", net, (images, labels), (held_images, held_labels), batch_size=64)
        nn.train(net, images, labels, epochs=5, batch_size=64, callback=live)

    The picture appears where it is made and changes in place. Afterwards `measured` holds the accuracies, a list for
    "train" and one for "held-out", `losses` the loss of every step, and `seconds` the time it took.
    """

    def __init__(self, title, net, training, held_out, batch_size):
        sets = {"train": training, "held-out": held_out}

        def measure():
            return {name: nn.accuracy(net, x[:MEASURED], labels[:MEASURED]) for name, (x, labels) in sets.items()}

        self._curve = LiveCurve(title, measure, per_epoch=-(-len(training[1]) // batch_size))
        handle = display(self._curve.picture(), display_id=True)
        # outside a notebook there is nothing to update
        self._callback = self._curve.watch(handle.update if handle is not None else lambda picture: None)

    def __call__(self, step, steps, loss):
        """Take in one step, as `nn.train` reports it."""
        return self._callback(step, steps, loss)

    @property
    def measured(self):
        """Accuracies after each epoch: {"train": [...], "held-out": [...]}."""
        return self._curve.measured

    @property
    def losses(self):
        """The loss of every mini-batch so far."""
        return self._curve.losses

    @property
    def seconds(self):
        """How long the training has taken."""
        return self._curve.seconds
