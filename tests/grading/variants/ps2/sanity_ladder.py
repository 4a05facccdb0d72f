"""Question 10 as students write it: the loss at the start, of a guess, at the end, and the share of right examples."""

import math

import numpy as np

from tests.grading.variants.expects import expects


def _surprises(z, t):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(t)), t]


def _loss(x, t, weight, bias):
    return _surprises(x @ weight.T + bias, t).mean()


def _delta(z, t):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    out = e / e.sum(axis=1, keepdims=True)
    out[np.arange(len(t)), t] -= 1
    return out


def _step(x, t, weight, bias, rate):
    g = _delta(x @ weight.T + bias, t) / len(x)
    return weight - rate * g.T @ x, bias - rate * g.sum(axis=0)


def _trained(x, t, weight, bias, rate, steps):
    for _ in range(steps):
        weight, bias = _step(x, t, weight, bias, rate)
    return weight, bias


def _share(x, t, weight, bias):
    return ((x @ weight.T + bias).argmax(axis=1) == t).mean()


def _all(x, t, weight, bias, rate, steps):
    """The four numbers."""
    after = _trained(x, t, weight, bias, rate, steps)
    return _loss(x, t, weight, bias), math.log(len(bias)), _loss(x, t, *after), _share(x, t, *after)


@expects("one step less")
def wrong_one_step_less(x, labels, weight, bias, learning_rate, steps):
    """The loop begins with 1."""
    return _all(x, labels, weight, bias, learning_rate, max(steps - 1, 0))


@expects("loss before the last step")
def wrong_loss_of_the_last_gradient(x, labels, weight, bias, learning_rate, steps):
    """The loss is computed in the loop, before the step."""
    start = end = _loss(x, labels, weight, bias)
    for _ in range(steps):
        end = _loss(x, labels, weight, bias)
        weight, bias = _step(x, labels, weight, bias, learning_rate)
    return start, np.log(len(bias)), end, _share(x, labels, weight, bias)


@expects("one step more")
def wrong_one_step_more(x, labels, weight, bias, learning_rate, steps):
    """The loop counts up to and with the number of steps."""
    return _all(x, labels, weight, bias, learning_rate, steps + 1)


@expects("start after training")
def wrong_start_after_training(x, labels, weight, bias, learning_rate, steps):
    """Both losses are computed at the end."""
    _, chance, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return end, chance, end, correct


@expects("chance of examples")
def wrong_chance_of_examples(x, labels, weight, bias, learning_rate, steps):
    """The logarithm of the number of examples."""
    start, _, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, np.log(len(x)), end, correct


@expects("chance is a probability")
def wrong_chance_is_a_probability(x, labels, weight, bias, learning_rate, steps):
    """How often a guess is right."""
    start, _, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, 1 / len(bias), end, correct


@expects("always ten classes")
def wrong_always_ten(x, labels, weight, bias, learning_rate, steps):
    """The 2.3 of the lecture."""
    start, _, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, np.log(10), end, correct


@expects("other logarithm")
def wrong_logarithm(x, labels, weight, bias, learning_rate, steps):
    """The logarithm to base 2."""
    start, _, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, np.log2(len(bias)), end, correct


@expects("number of right ones")
def wrong_counted(x, labels, weight, bias, learning_rate, steps):
    """How many are right."""
    start, chance, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, chance, end, round(correct * len(x))


@expects("share of wrong ones")
def wrong_errors(x, labels, weight, bias, learning_rate, steps):
    """The share of errors."""
    start, chance, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start, chance, end, 1 - correct


@expects("correct before training")
def wrong_correct_before_training(x, labels, weight, bias, learning_rate, steps):
    """The share of right examples is computed with the old weights."""
    start, chance, end, _ = _all(x, labels, weight, bias, learning_rate, steps)
    return start, chance, end, _share(x, labels, weight, bias)


@expects("no 1/N")
def wrong_gradient_of_the_sum(x, labels, weight, bias, learning_rate, steps):
    """The gradient is that of a sum."""
    return _all(x, labels, weight, bias, learning_rate * len(x), steps)


@expects("sum")
def wrong_sums(x, labels, weight, bias, learning_rate, steps):
    """Both losses are sums."""
    start, chance, end, correct = _all(x, labels, weight, bias, learning_rate, steps)
    return start * len(x), chance, end * len(x), correct


@expects("uphill")
def wrong_uphill(x, labels, weight, bias, learning_rate, steps):
    """The steps are added."""
    return _all(x, labels, weight, bias, -learning_rate, steps)


@expects("bias stays")
def wrong_bias_stays(x, labels, weight, bias, learning_rate, steps):
    """Only the weights learn."""
    start, new = _loss(x, labels, weight, bias), weight
    for _ in range(steps):
        new = _step(x, labels, new, bias, learning_rate)[0]
    return start, np.log(len(bias)), _loss(x, labels, new, bias), _share(x, labels, new, bias)


@expects("probability for share")
def wrong_mean_probability(x, labels, weight, bias, learning_rate, steps):
    """The mean probability of the right class."""
    start, chance, end, _ = _all(x, labels, weight, bias, learning_rate, steps)
    after = _trained(x, labels, weight, bias, learning_rate, steps)
    z = x @ after[0].T + after[1]
    return start, chance, end, np.exp(-_surprises(z, labels)).mean()


@expects("in place")
def wrong_in_place(x, labels, weight, bias, learning_rate, steps):
    """The weights that were handed in are trained."""
    start = _loss(x, labels, weight, bias)
    for _ in range(max(steps, 1)):
        g = _delta(x @ weight.T + bias, labels) / len(x)
        weight -= learning_rate * g.T @ x * (steps > 0)
        bias -= learning_rate * g.sum(axis=0) * (steps > 0)
    return start, np.log(len(bias)), _loss(x, labels, weight, bias), _share(x, labels, weight, bias)


@expects("tuple")
def wrong_only_the_end(x, labels, weight, bias, learning_rate, steps):
    """Only what training has reached."""
    return _all(x, labels, weight, bias, learning_rate, steps)[2:]


def right_formula(x, labels, weight, bias, learning_rate, steps):
    """The formulas of the questions before."""
    start = _loss(x, labels, weight, bias)
    for _ in range(steps):
        g = _delta(x @ weight.T + bias, labels) / len(x)
        weight, bias = weight - learning_rate * g.T @ x, bias - learning_rate * g.sum(axis=0)
    correct = np.mean(np.argmax(x @ weight.T + bias, axis=1) == labels)
    return start, np.log(len(bias)), _loss(x, labels, weight, bias), correct


def right_list_of_losses(x, labels, weight, bias, learning_rate, steps):
    """All losses in a list, one more than steps."""
    losses = [_loss(x, labels, weight, bias)]
    while len(losses) <= steps:
        weight, bias = _step(x, labels, weight, bias, learning_rate)
        losses.append(_loss(x, labels, weight, bias))
    hits = sum(int(np.argmax(weight @ row + bias)) == label for row, label in zip(x, labels, strict=True))
    return losses[0], math.log(weight.shape[0]), losses[-1], hits / len(labels)


def right_bias_as_weight(x, labels, weight, bias, learning_rate, steps):
    """The bias as one more column, and a guess's loss from a net of zeros."""
    wide, both = np.column_stack([x, np.ones(len(x))]), np.column_stack([weight, bias])
    start = np.average(_surprises(wide @ both.T, labels))
    for _ in range(steps):
        both = both - learning_rate * _delta(wide @ both.T, labels).T @ wide / x.shape[0]
    z = wide @ both.T
    guess = -math.log(1 / len(bias))
    return [start, guess, np.average(_surprises(z, labels)), np.count_nonzero(z.argmax(1) == labels) / len(z)]


def right_float32(x, labels, weight, bias, learning_rate, steps):
    """In float32."""
    x, weight, bias = x.astype(np.float32), weight.astype(np.float32), bias.astype(np.float32)
    return _all(x, labels, weight, bias, np.float32(learning_rate), steps)


class _Ladder:
    """As a class that remembers its weights."""

    def __call__(self, x, labels, weight, bias, learning_rate, steps):
        self.x, self.labels, self.weight, self.bias = x, labels, np.array(weight, float), np.array(bias, float)
        before = self.look()[0]
        for _ in range(steps):
            grad = (np.exp(self.log_p()) - np.eye(len(bias))[labels]) / len(x)
            self.weight -= learning_rate * np.einsum("nc,nd->cd", grad, x)
            self.bias -= learning_rate * np.einsum("nc->c", grad)
        return before, np.log(float(len(bias))), *self.look()

    def log_p(self):
        z = self.x @ self.weight.T + self.bias
        return z - np.logaddexp.reduce(z, axis=1, keepdims=True)

    def look(self):
        log_p = self.log_p()
        return -np.mean([row[t] for row, t in zip(log_p, self.labels, strict=True)]), np.mean(
            log_p.argmax(axis=1) == self.labels)  # fmt: skip


right_object = _Ladder()
