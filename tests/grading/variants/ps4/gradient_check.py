"""Question 7 as students write it: centred differences, and which entries of a gradient are wrong."""

import numpy as np

from tests.grading.variants.expects import expects


def loss(x, targets, weight):
    """Return the loss of the task."""
    return ((np.tanh(x @ weight) - targets) ** 2).mean()


def differences(x, targets, weight, step, of=loss):
    """Return the centred differences."""
    moved = step * np.eye(len(weight))
    return np.array([(of(x, targets, weight + m) - of(x, targets, weight - m)) / (2 * step) for m in moved])


def is_wrong(gradient, measured):
    """Return which entries are wrong."""
    return abs(gradient - measured) > 0.05 * np.maximum(abs(gradient), abs(measured))


def both(gradient, measured):
    """Return the tuple."""
    return measured, is_wrong(gradient, measured)


@expects("one-sided")
def wrong_one_sided(x, targets, weight, gradient, step):
    """From the place to the right."""
    here = loss(x, targets, weight)
    moved = step * np.eye(len(weight))
    return both(gradient, np.array([(loss(x, targets, weight + m) - here) / step for m in moved]))


@expects("one-sided to the left")
def wrong_to_the_left(x, targets, weight, gradient, step):
    """From the left to the place."""
    here = loss(x, targets, weight)
    moved = step * np.eye(len(weight))
    return both(gradient, np.array([(here - loss(x, targets, weight - m)) / step for m in moved]))


@expects("divided by the step")
def wrong_one_step(x, targets, weight, gradient, step):
    """Divided by one step."""
    return both(gradient, 2 * differences(x, targets, weight, step))


@expects("not divided")
def wrong_not_divided(x, targets, weight, gradient, step):
    """A difference only."""
    return both(gradient, 2 * step * differences(x, targets, weight, step))


@expects("sign")
def wrong_sign(x, targets, weight, gradient, step):
    """The other way round."""
    return both(gradient, -differences(x, targets, weight, step))


@expects("all weights at once")
def wrong_all_at_once(x, targets, weight, gradient, step):
    """All weights move together."""
    slope = (loss(x, targets, weight + step) - loss(x, targets, weight - step)) / (2 * step)
    return both(gradient, np.full(len(weight), slope))


@expects("steps pile up")
def wrong_steps_pile_up(x, targets, weight, gradient, step):
    """A weight that was moved is not put back."""
    w, found = np.array(weight, float), np.zeros(len(weight))
    for i in range(len(w)):
        w[i] += step
        above = loss(x, targets, w)
        w[i] -= 2 * step
        found[i] = (above - loss(x, targets, w)) / (2 * step)
    return both(gradient, found)


@expects("sum of the losses")
def wrong_sum(x, targets, weight, gradient, step):
    """The sum over the examples."""
    return both(gradient, len(x) * differences(x, targets, weight, step))


@expects("no tanh")
def wrong_no_tanh(x, targets, weight, gradient, step):
    """No activation."""
    return both(gradient, differences(x, targets, weight, step, lambda x, t, w: ((x @ w - t) ** 2).mean()))


@expects("half the square")
def wrong_half(x, targets, weight, gradient, step):
    """A half in front of the square."""
    return both(gradient, differences(x, targets, weight, step) / 2)


@expects("absolute limit")
def wrong_absolute(x, targets, weight, gradient, step):
    """The limit is absolute."""
    found = differences(x, targets, weight, step)
    return found, np.abs(gradient - found) > 0.05


@expects("signs of the errors")
def wrong_no_abs(x, targets, weight, gradient, step):
    """Only entries that are too large."""
    found = differences(x, targets, weight, step)
    return found, gradient - found > 0.05 * np.maximum(abs(gradient), abs(found))


@expects("signs of the errors")
def wrong_no_abs_either(x, targets, weight, gradient, step):
    """Only entries that are too small."""
    found = differences(x, targets, weight, step)
    return found, found - gradient > 0.05 * np.maximum(abs(gradient), abs(found))


@expects("turned round")
def wrong_turned_round(x, targets, weight, gradient, step):
    """Marks what is right."""
    found = differences(x, targets, weight, step)
    return found, ~is_wrong(gradient, found)


@expects("one for all")
def wrong_one_for_all(x, targets, weight, gradient, step):
    """One answer for the whole gradient."""
    found = differences(x, targets, weight, step)
    return found, np.full(len(weight), is_wrong(gradient, found).any())


@expects("without size")
def wrong_sizes(x, targets, weight, gradient, step):
    """The sizes are compared, without the signs."""
    found = differences(x, targets, weight, step)
    return found, abs(abs(gradient) - abs(found)) > 0.05 * np.maximum(abs(gradient), abs(found))


@expects("exactly")
def wrong_exactly(x, targets, weight, gradient, step):
    """Every difference counts."""
    found = differences(x, targets, weight, step)
    return found, abs(gradient - found) > 1e-9


@expects("in place")
def wrong_in_place(x, targets, weight, gradient, step):
    """The weight itself is moved, and put back nearly."""
    found = np.zeros(len(weight))
    for i in range(len(weight)):
        weight[i] += step
        above = loss(x, targets, weight)
        weight[i] -= 2 * step
        found[i] = (above - loss(x, targets, weight)) / (2 * step)
        weight[i] += step
    return both(gradient, found)


@expects("tuple")
def wrong_only_measured(x, targets, weight, gradient, step):
    """The second value is missing."""
    return differences(x, targets, weight, step)


def right_eye(x, targets, weight, gradient, step):
    """Rows of a matrix as steps."""
    return both(gradient, differences(x, targets, weight, step))


def right_loop(x, targets, weight, gradient, step):
    """A copy is moved, and put back."""
    w, found = np.array(weight, dtype=float), np.zeros(len(weight))
    for i in range(len(w)):
        before = w[i]
        w[i] = before + step
        above = np.mean(np.square(np.tanh(x.dot(w)) - targets))
        w[i] = before - step
        below = np.mean(np.square(np.tanh(x.dot(w)) - targets))
        w[i] = before
        found[i] = (above - below) / (2 * step)
    wrong = [abs(g - m) / max(abs(g), abs(m)) > 0.05 for g, m in zip(gradient, found, strict=True)]
    return found, np.array(wrong)


def right_all_at_once(x, targets, weight, gradient, step):
    """All moved weights as columns of one product."""
    steps = step * np.eye(len(weight))
    above, below = ((np.tanh(x @ (weight[:, None] + s)) - targets[:, None]) ** 2 for s in (steps, -steps))
    found = (above - below).mean(axis=0) / (2 * step)
    return found, np.where(is_wrong(gradient, found), 1, 0)


def right_float32(x, targets, weight, gradient, step):
    """In float32."""
    x, targets, weight = (np.asarray(value, np.float32) for value in (x, targets, weight))
    moved = (np.float32(step) * np.eye(len(weight))).astype(np.float32)
    found = np.array([loss(x, targets, weight + m) - loss(x, targets, weight - m) for m in moved]) / np.float32(
        2 * step
    )
    return found, is_wrong(gradient, found)
