"""A net all of whose computations the reader has written: it learns to read digits, and then the reader's handwriting.

Slides: cmu-l10-035, cmu-l10-043.
"""

import contextlib
import io
import time
import warnings

import matplotlib as mpl
import numpy as np
from threadpoolctl import threadpool_limits

from course import data, nn
from course.figures import style
from course.widgets import reader
from course.widgets.digit_pad import DigitPad
from course.widgets.training import LiveTraining

SIZES = (784, 64, 10)
BATCH, STEPS, RATE = 100, 600, 0.2  # a second or two
MOST, HELD_OUT, TESTED = 12_000, 500, 1_000  # digits; of the 4 000 that come with the course all are used
SECONDS = 8  # loops in Python are a hundred times slower: then fewer steps have to do


class OwnNet:
    """784 inputs, 64 neurons with an activation, 10 classes.

    predict(x, *parameters): probabilities (N, 10) of pictures (N, 784).
    loss_and_gradients(x, labels, *parameters): the mean loss, and a list of the gradients of the parameters, which are
    weight (64, 784), bias (64,), weight (10, 64) and bias (10,).
    missing: sentences about functions that are not there yet; with any, it says so and does nothing.
    """

    def __init__(self, predict, loss_and_gradients, missing=()):
        reader.check_function("predict", predict)
        reader.check_function("loss_and_gradients", loss_and_gradients)
        self._predict, self._learn = predict, loss_and_gradients
        self.parameters = nn.MLP(SIZES, dtype=np.float32).parameters
        self.problem = "" if not missing else "\n".join(["Your net waits for what it is made of:", *missing])
        self.accuracy, self._examples = None, None

    def train(self, seconds=SECONDS):
        """Train and show it, for `seconds` at most; then say how many test digits it reads.

        Raises nothing for a function that is wrong: what happened is said, and kept in `problem`.
        """
        if not self.problem:
            digits, held_out = self._digits()
            with _quiet(), mpl.rc_context(style.settings("light")):  # the course's look; the notebook may have another
                try:
                    done = self._trained(digits, held_out, seconds)
                except Exception as error:
                    said = str(error) if isinstance(error, reader.WrongAnswer) else reader.explain(error)
                    self.problem = f"Your net has stopped: {said}"
        print(self.problem or done)

    def _trained(self, digits, held_out, seconds):
        """Train, measure, and return the sentence about it."""
        epochs, self._first = max(3, round(STEPS * BATCH / len(digits[1]))), True
        live, started = LiveTraining("your net", self, digits, held_out, BATCH), time.perf_counter()

        def watch(step, steps, loss):
            late = time.perf_counter() > started + seconds
            live(step, step if late else steps, loss)  # the last one is drawn
            if not np.isfinite(loss):
                said = f"the loss is {loss} after step {step}. Which function returns nan or inf?"
                raise reader.WrongAnswer(said)
            return late

        nn.train(self, *digits, epochs=epochs, batch_size=BATCH, lr=RATE, momentum=0.9, callback=watch)
        images, labels = (part[:TESTED] for part in data.load_mnist("test", flat=True))
        self.accuracy, self._examples = nn.accuracy(self, images, labels), images[:20]
        done = f"Your net reads {self.accuracy:.1%} of {len(labels):,} test digits that it has never seen."
        if live.seconds < seconds:
            return done
        why = "loops in Python are slow, or the computer is busy"
        return f"{done} It had {seconds} s and made {len(live.losses)} steps in them: {why}."

    def pad(self):
        """Return the pad that reads your handwriting, or a sentence if the net has not been trained."""
        if self._examples is None:
            return _Sentence("The pad comes when your net has been trained, in the cell above.")
        return DigitPad({"your net": self.predict_proba}, examples=self._examples)

    def predict_proba(self, x):
        """Return the class probabilities. x: (N, 784) -> (N, 10)."""
        return self._predict(x, *self.parameters)

    def predict(self, x):
        """Return the most probable class of each example. x: (N, 784) -> (N,)."""
        return reader.call("your net", self.predict_proba, x, shape=(len(x), SIZES[-1])).argmax(axis=1)

    def loss_and_gradients(self, x, labels, of_input=False):
        """What `nn.train` asks for: (loss, gradients, None). Raises WrongAnswer if they do not fit the parameters."""
        loss, gradients = self._learn(x, labels, *self.parameters)
        if self._first:
            found = [np.shape(gradient) for gradient in gradients]
            expected = [parameter.shape for parameter in self.parameters]
            if found != expected:
                raise reader.WrongAnswer(f"the gradients have the shapes {found}; the parameters have {expected}.")
            self._first = False
        return float(loss), gradients, None

    def _digits(self):
        """(images, labels) for training, and held-out ones: parts of copies, so that the large set can go."""
        images, labels = data.load_mnist("train", flat=True)
        images, labels = images[: MOST + HELD_OUT].copy(), labels[: MOST + HELD_OUT]
        return (images[:-HELD_OUT], labels[:-HELD_OUT]), (images[-HELD_OUT:], labels[-HELD_OUT:])


class _Sentence:
    """A text in the place of a picture."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


@contextlib.contextmanager
def _quiet():
    """Thousands of calls follow: what the reader's functions print or warn of would fill the page."""
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # such small products take one core no longer than all of them, and much longer where others use these
        with np.errstate(all="ignore"), threadpool_limits(1):
            yield


class _Nowhere(io.TextIOBase):
    def write(self, text):
        return len(text)
