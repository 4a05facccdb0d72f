"""A convolutional net all of whose computations the reader has written: it reads digits and shows what it sees.

Slides: ehinger-022, ehinger-023.
"""

import time

import numpy as np

from course import data, nn
from course.widgets import reader
from course.widgets.digit_pad import DigitPad
from course.widgets.feature_maps import FeatureMaps
from course.widgets.quiet import Sentence, quiet

MOST, BATCH, STEPS, RATE = 12_000, 50, 480, 0.05  # digits, and a few seconds of training
TESTED, FEW, MANY = 1_000, 1, 100  # digits: a piece begins with one, for loops in Python need a second for some
SHOWN = 60  # digits to choose from, in the maps
SECONDS = 8


class OwnConvNet:
    """The reader's net with weights that the course's own `ConvNet` has learned.

    forward(x, w1, b1, w2, b2, w3, b3): (first block, second block, logits (N, 10)) of pictures x (N, 1, 28, 28).
    layers: function of the same arguments that returns {name: array} of all layers, the last one being the logits.
    missing: sentences about functions that are not there yet; with any, it says so and does nothing.
    """

    def __init__(self, forward, layers, missing=()):
        for name, function in {"forward": forward, "layers": layers}.items():
            reader.check_function(name, function)
        self._forward, self._layers = forward, layers
        self.problem = "" if not missing else "\n".join(["Your net waits for what it is made of:", *missing])
        self.parameters = self.accuracy = None

    def read(self, seconds=SECONDS):
        """Train the weights, then read test digits with the reader's function, for `seconds` at most, and say how many.

        Raises nothing for a function that is wrong: what happened is said, and kept in `problem`.
        """
        if not self.problem:
            try:
                self.parameters = self.parameters or trained()
                with quiet():
                    done = self._some(seconds)
            except Exception as error:
                said = str(error) if isinstance(error, reader.WrongAnswer) else reader.explain(error)
                self.problem = f"Your net has stopped: {said}"
        print(self.problem or done)

    def _some(self, seconds):
        """Read as many digits as there is time for; returns the sentence about them."""
        images, labels = (part[:TESTED] for part in data.load_mnist("test"))
        started, read, size = time.perf_counter(), [], FEW
        while not read or (len(read) < len(labels) and time.perf_counter() < started + seconds):
            read += self.predict(images[len(read) : len(read) + size]).tolist()
            size = min(4 * size, MANY)
        count = len(read)
        own = nn.ConvNet(self.parameters).predict(images[:count])
        self.accuracy, theirs = (float((found == labels[:count]).mean()) for found in (np.array(read), own))
        same = "as many as" if np.array_equal(read, own) else f"and not {theirs:.1%} as"
        done = (f"Your convolution reads {self.accuracy:.1%} of {count:,} test digits that it has never seen, "
                f"{same} the course's own.")  # fmt: skip
        return done if count == len(labels) else f"{done} It had {seconds} s: loops in Python are slow."

    def predict(self, x):
        """Return the most probable class of each picture. x: (N, 1, 28, 28) -> (N,)."""
        return self._logits(x).argmax(axis=1)

    def predict_proba(self, x):
        """Return the class probabilities. x: (N, 784) or (N, 1, 28, 28) -> (N, 10)."""
        return nn.softmax(self._logits(x.reshape(-1, 1, 28, 28)))

    def layers(self, x):
        """Return what each layer makes of pictures x (N, 1, 28, 28): {name: array}."""
        return self._layers(x, *self.parameters)

    def _logits(self, x):
        answer = self._forward(x, *self.parameters)
        if not isinstance(answer, tuple | list) or len(answer) != 3:
            expected = "Expected a tuple (first, second, logits)."
            raise reader.WrongAnswer(f"your net returned {reader.describe(answer)}. {expected}")
        return reader.call("your net, as its logits,", lambda: answer[-1], shape=(len(x), 10))

    def maps(self):
        """Return the explorer of all layers, or a sentence if the net has read nothing."""
        if self.accuracy is None:
            return Sentence("The maps come when your net has read digits, in the cell above.")
        images, labels = (part[:SHOWN] for part in data.load_mnist("test"))
        return FeatureMaps(self.layers, images, labels, weights=self.parameters)

    def pad(self):
        """Return the pad that reads your handwriting, or a sentence if the net has read nothing."""
        if self.accuracy is None:
            return Sentence("The pad comes when your net has read digits, in the cell above.")
        examples = data.load_mnist("test", flat=True)[0][:20]
        return DigitPad({"your net": self.predict_proba}, examples=examples)


def trained():
    """Return the six parameters of a trained `ConvNet`: computed once, then kept in the cache."""
    images, labels = (part[:MOST] for part in data.load_mnist("train"))
    found = data.results.cached("small-convnet", _learn, depends_on=len(labels), batch=BATCH, steps=STEPS, rate=RATE)
    return [found[f"p{k}"] for k in range(6)]


def _learn(batch, steps, rate):
    images, labels = (part[:MOST] for part in data.load_mnist("train"))
    net, epochs = nn.ConvNet.random(dtype=np.float32), max(1, round(steps * batch / len(labels)))
    with quiet():
        nn.train(net, images, labels, epochs=epochs, batch_size=batch, lr=rate, momentum=0.9)
    return {f"p{k}": value for k, value in enumerate(net.parameters)}
