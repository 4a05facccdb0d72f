"""A net all of whose computations the reader has written: it learns to read digits, and then the reader's handwriting.

Slides: cmu-l10-035, cmu-l10-043.
"""

import time

import matplotlib as mpl
import numpy as np

from course import data, nn
from course.figures import style
from course.widgets import reader
from course.widgets.digit_pad import DigitPad
from course.widgets.quiet import Sentence, quiet
from course.widgets.training import LiveTraining

INPUTS, HIDDEN, CLASSES = 784, 64, 10
BATCH, STEPS, RATE = 100, 600, 0.2  # a second or two
MOST, HELD_OUT, TESTED = 12_000, 500, 1_000  # digits; of the 4 000 that come with the course all are used
HEART, SMALL = 20, 0.01  # digits that are learned by heart, and the size of the weights before
SECONDS = 8  # loops in Python are a hundred times slower: then fewer steps have to do


class OwnNet:
    """784 inputs, 64 neurons (or another number, `hidden`) with an activation, 10 classes.

    predict(x, *parameters): probabilities (N, 10) of pictures (N, 784).
    loss_and_gradients(x, labels, *parameters): the mean loss, and a list of the gradients of the parameters, which are
    weight (64, 784), bias (64,), weight (10, 64) and bias (10,).
    missing: sentences about functions that are not there yet; with any, it says so and does nothing.

    What else of the training the reader has written: prepare(train, x), what becomes of pictures x before the net sees
    them, the same for every pixel; batch(x, labels, order, number), which returns (x, labels, how many there are) for
    mini-batches of 100; step(parameter, gradient, velocity), which returns the new parameter and velocity. `batch` and
    `step` come together.
    """

    def __init__(self, predict, loss_and_gradients, missing=(), *, hidden=HIDDEN, prepare=None, batch=None, step=None):
        functions = {"predict": predict, "loss_and_gradients": loss_and_gradients}
        for name, given in {"prepare": prepare, "batch": batch, "step": step}.items():
            if given is not None:
                functions[name] = given
        if (batch is None) != (step is None):
            raise TypeError("batch and step come together: give both or none")
        for name, function in functions.items():
            reader.check_function(name, function)
        self._predict, self._learn, self._prepare = predict, loss_and_gradients, prepare
        self._batch, self._step = batch, step
        self.parameters = nn.MLP((INPUTS, hidden, CLASSES), dtype=np.float32).parameters
        self.problem = "" if not missing else "\n".join(["Your net waits for what it is made of:", *missing])
        self.accuracy, self._examples, self._shown = None, None, (0.0, 1.0)

    def train(self, seconds=SECONDS):
        """Train and show it, for `seconds` at most; then say how many test digits it reads.

        Raises nothing for a function that is wrong: what happened is said, and kept in `problem`.
        """
        if not self.problem:
            digits, held_out = self._digits()
            with quiet(), mpl.rc_context(style.settings("light")):  # the course's look; the notebook may have another
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

        self._shown = self._of_black_and_white(digits[0])
        x, labels = self._prepared(digits[0]), digits[1]
        if self._step is None:
            nn.train(self, x, labels, epochs=epochs, batch_size=BATCH, lr=RATE, momentum=0.9, callback=watch)
        else:
            self._all_steps(x, labels, epochs, watch)
        images, labels = (part[:TESTED] for part in data.load_mnist("test", flat=True))
        self.accuracy, self._examples = nn.accuracy(self, images, labels), images[:20]
        done = f"Your net reads {self.accuracy:.1%} of {len(labels):,} test digits that it has never seen."
        if live.seconds < seconds:
            return done
        why = "loops in Python are slow, or the computer is busy"
        return f"{done} It had {seconds} s and made {len(live.losses)} steps in them: {why}."

    def _all_steps(self, x, labels, epochs, watch):
        """Train on prepared pictures, in the same order for everybody, until `watch` says that it is enough."""
        rng, velocities = np.random.default_rng(0), [np.zeros_like(parameter) for parameter in self.parameters]
        per_epoch, done = -(-len(labels) // BATCH), 0
        for _ in range(epochs):
            order = rng.permutation(len(labels))  # (N,)
            for number in range(per_epoch):
                *some, count = self._batch(x, labels, order, number)
                if count != per_epoch:
                    raise reader.WrongAnswer(f"there should be {per_epoch} mini-batches; your function counts {count}.")
                loss, gradients, _ = self.loss_and_gradients(*some)
                for i, gradient in enumerate(gradients):
                    self._move(i, velocities, *self._step(self.parameters[i], gradient, velocities[i]))
                done += 1
                if watch(done, epochs * per_epoch, loss):
                    return

    def _move(self, i, velocities, parameter, velocity):
        """Take over what the step gave for one parameter."""
        expected = self.parameters[i].shape
        if not np.shape(parameter) == np.shape(velocity) == expected:
            found = f"{np.shape(parameter)} and {np.shape(velocity)}"
            raise reader.WrongAnswer(f"a step gave a parameter and a velocity of shapes {found}; expected {expected}.")
        self.parameters[i], velocities[i] = np.float32(parameter), np.float32(velocity)

    def _of_black_and_white(self, train):
        """(what `prepare` makes of 0, by how much more of 1): it is asked once, and not at every stroke on the pad."""
        if self._prepare is None:
            return 0.0, 1.0
        both = np.repeat(np.float32([[0.0], [1.0]]), INPUTS, axis=1)  # (2, 784)
        black, white = reader.call("prepare", self._prepare, train, both, shape=both.shape)
        return np.float32(black), np.float32(white - black)

    def _prepared(self, x):
        black, rise = self._shown
        return black + rise * x

    def pad(self):
        """Return the pad that reads your handwriting, or a sentence if the net has not been trained."""
        if self._examples is None:
            return Sentence("The pad comes when your net has been trained, in the cell above.")
        return DigitPad({"your net": self.predict_proba}, examples=self._examples)

    def predict_proba(self, x):
        """Return the class probabilities. x: (N, 784) -> (N, 10)."""
        return self._predict(self._prepared(x), *self.parameters)

    def predict(self, x):
        """Return the most probable class of each example. x: (N, 784) -> (N,)."""
        return reader.call("your net", self.predict_proba, x, shape=(len(x), CLASSES)).argmax(axis=1)

    def loss_and_gradients(self, x, labels, of_input=False):
        """Return (loss, gradients, None) of prepared pictures. Raises WrongAnswer if they do not fit the parameters."""
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


def twenty_digits(ladder, missing=()):
    """Say what a net of one layer makes of 20 digits, which it must be able to learn by heart.

    ladder(x, labels, weight, bias): (loss at the start, loss of a guess, loss at the end, share of right ones). x:
    (20, 784). missing: as for `OwnNet`. Raises nothing for a function that is wrong.
    """
    reader.check_function("ladder", ladder)
    if missing:
        print("\n".join(["The ladder waits for what it is made of:", *missing]))
        return
    images, labels = (part[:HEART].copy() for part in data.load_mnist("train", flat=True))
    weight = SMALL * np.random.default_rng(0).standard_normal((CLASSES, INPUTS))
    with quiet():
        try:
            start, chance, end, correct = map(float, ladder(images, labels, weight, np.zeros(CLASSES)))
            said = (f"Before the first step: loss {start:.2f}; a guess has {chance:.2f}.\n"
                    f"At the end: loss {end:.2f}, and {correct:.0%} of the {HEART} digits are right.")  # fmt: skip
        except Exception as error:
            said = f"The ladder has stopped: {reader.explain(error)}"
    print(said)
