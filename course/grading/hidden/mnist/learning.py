"""Hidden cases of a step, of a whole training, and of the checks that tell if a net learns."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn
from course.grading.hidden.mnist.numbers import every_label, some_biases, some_digits, until


@drawn
def momentum_step(rng):
    """Arrays of all numbers of axes, the first step, much momentum and none."""

    def case(kind, *shape, rate=0.3, momentum=0.8, scale=1.0):
        return Case(kind, {"parameter": scale * spread(rng, *shape), "gradient": scale * spread(rng, *shape),
                           "velocity": scale * spread(rng, *shape), "learning_rate": rate, "momentum": momentum})

    def without(kind, name):
        found = case(kind, 3, 4).inputs
        return Case(kind, {**found, name: 0 * found[name]})

    small = case("a small learning rate", 3, 4, rate=rng.uniform(0.01, 0.04)).inputs
    matrix, other, *kinds = every_kind(case("a matrix", 3, 4, rate=rng.uniform(0.2, 0.4)), case("another matrix", 3, 4))
    return [
        matrix,
        other,
        case("a vector", 7, momentum=rng.uniform(0.3, 0.6)),
        case("one number in an array", 1),
        case("filters of pictures", 2, 3, 4, 4),
        without("the first step", "velocity"),
        without("a gradient of 0", "gradient"),
        case("no momentum", 3, 4, momentum=0.0),
        case("much momentum", 3, 4, momentum=rng.uniform(0.9, 0.99)),
        case("a learning rate of 1", 3, 4, rate=1.0),
        Case("a small learning rate", {**small, "parameter": small["parameter"] / 50}),
        case("large numbers", 3, 4, scale=1e6),
        *kinds,
    ]  # fmt: skip


@drawn
def train(rng):
    """Epochs of even and uneven mini-batches, twenty steps, no momentum and much of it, pieces of digits."""

    def case(kind, epochs, n, size, rate=0.2, momentum=0.6, d=3, c=3, scale=1.0):
        order = np.stack([rng.permutation(n) for _ in range(epochs)])
        inputs = {"x": scale * spread(rng, n, d, high=2.0), "labels": every_label(rng, n, c),
                  "weight": spread(rng, c, d) / 2 / scale, "bias": some_biases(rng, c) / 2}  # fmt: skip
        return Case(kind, inputs | {"order": order, "batch_size": size, "learning_rate": rate, "momentum": momentum})

    first, other, *kinds = every_kind(
        case("two epochs of three steps, the last one smaller", 2, 8, 3),
        case("another net", 2, 8, 3), ["x", "weight"])  # fmt: skip
    images, labels = some_digits(rng, 10, 4)
    digits = case("pictures", 2, 10, 4, 0.1, 0.9, 16, 10).inputs
    return [
        first,
        other,
        case("one step with all examples", 1, 6, 6),
        case("one epoch of single examples", 1, 5, 1),
        case("fewer examples than a batch may have", 2, 4, 7),
        case("mini-batches of equal size", 3, 6, 2),
        case("no momentum", 2, 7, 3, momentum=0.0),
        case("much momentum", 3, 7, 3, 0.1, rng.uniform(0.85, 0.95)),
        case("twenty steps", 4, 13, 3, 0.1, 0.8),
        Case("pictures", {**digits, "x": images, "labels": labels}),
        case("large numbers", 2, 5, 2, 2e-11, 0.6, scale=1e5),
        *kinds,
    ]


@drawn
def sanity_ladder(rng):
    """Few steps, none, and so many that all examples are learned; digits among the examples."""

    def case(kind, steps, n=6, d=4, c=3, rate=0.2, scale=1.0, small=1.0):
        labels = every_label(rng, n, c)
        return Case(kind, {"x": scale * spread(rng, n, d, high=2.0), "labels": labels,
                           "weight": small * spread(rng, c, d) / scale, "bias": small * some_biases(rng, c),
                           "learning_rate": rate, "steps": steps})  # fmt: skip

    def clear(*arguments, **options):
        return until(lambda: case(*arguments, **options), _decided)

    def both():
        first = until(lambda: case("six examples, three classes", 3), lambda found: _decided(found, changes=True))
        return every_kind(first, clear("six other examples", 3), ["x", "weight"])

    first, other, *kinds = until(both, lambda cases: _decided(*cases))
    twenty = {"n": 20, "d": 25, "c": 10, "rate": 1.0, "small": 0.01}
    heart = until(lambda: _with_digits(rng, case("twenty digits learned by heart", 150, **twenty)), _decided)
    return [
        first,
        other,
        clear("no step", 0),
        clear("one step", 1),
        clear("one example", 2, 1),
        clear("two classes", 3, c=2),
        clear("four classes", 2, 9, 5, 4),
        clear("small weights at the start", 1, rate=0.05, small=0.005),
        heart,
        clear("learned by heart", 30, 4, 6, 3, 0.5),
        clear("large numbers", 2, scale=1e5, rate=2e-11),
        *kinds,
    ]


def _with_digits(rng, case):
    images, labels = some_digits(rng, len(case.inputs["x"]), 5)
    return Case(case.kind, {**case.inputs, "x": images, "labels": labels})


def _decided(*cases, changes=False):
    """Is in each case the largest logit clearly the largest, before the training, after it, and a step beside that?

    changes: some examples must be right at the end and some wrong, and their number must change with training.
    """
    for inputs in (inputs for case in cases for inputs in case.calls):
        margin, before, after = _followed(**inputs)
        if not margin > 0.003 or (changes and not (0.3 < after < 0.95 and before != after)):
            return False
    return True


def _followed(x, labels, weight, bias, learning_rate, steps):
    """(the smallest margin on the way, shares of right examples before and after)."""
    shares, margin = [], np.inf
    for step in range(steps + 2):
        logits = x @ weight.T + bias
        two = np.sort(logits, axis=1)[:, -2:]
        if step in (0, steps - 1, steps, steps + 1):
            margin = min(margin, (two[:, 1] - two[:, 0]).min())
        if step in (0, steps):
            shares.append((logits.argmax(axis=1) == labels).mean())
        probs = np.exp(logits - logits.max(axis=1, keepdims=True))
        probs /= probs.sum(axis=1, keepdims=True)
        probs[np.arange(len(labels)), labels] -= 1
        weight, bias = weight - learning_rate * probs.T @ x / len(x), bias - learning_rate * probs.mean(axis=0)
    return margin, shares[0], shares[-1]
