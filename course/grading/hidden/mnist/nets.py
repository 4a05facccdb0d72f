"""Hidden cases of nets of one layer and of two: pieces of real digits, neurons that never fire, large numbers."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn
from course.grading.hidden.mnist.numbers import some_biases, some_digits, some_labels, until


def _one(rng, kind, n, d, c, scale=1.0):
    return Case(kind, {"x": scale * spread(rng, n, d), "labels": some_labels(rng, n, c),
                       "weight": spread(rng, c, d) / 2, "bias": some_biases(rng, c)})  # fmt: skip


def _turned_down(case, logits):
    """The case with the label of each example at its smallest logit: as wrong as can be."""
    return Case(case.kind, {**case.inputs, "labels": logits(**case.inputs).argmin(axis=1)})


def _pays(logits, case):
    """Is the loss of each example set that is called worth learning from? Near 0 float32 sees no gradient."""
    for inputs in case.calls:
        z, rows = logits(**inputs), np.arange(len(inputs["labels"]))
        shifted = z - z.max(axis=1, keepdims=True)
        if (np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, inputs["labels"]]).mean() < 0.05:
            return False
    return True


@drawn
def one_layer(rng):
    """Shapes with one of something, squares, pieces of digits, logits that are very wrong, large numbers."""

    def logits(x, weight, bias, **rest):
        return x @ weight.T + bias

    def is_far(case):
        return np.ptp(logits(**case.inputs), axis=1).min() > 800

    images, labels = some_digits(rng, 12, 5)
    first, other, *kinds = until(
        lambda: every_kind(_one(rng, "five examples, four inputs, four classes", 5, 4, 4),
                           _one(rng, "five other examples", 5, 4, 4)),
        lambda cases: all(_pays(logits, case) for case in cases))  # fmt: skip
    nothing = _one(rng, "weights of 0", 5, 3, 4).inputs

    def some(*arguments):
        return until(lambda: _one(rng, *arguments), lambda case: _pays(logits, case))

    far = until(lambda: _one(rng, "very sure and wrong", 3, 4, 3, 1000.0), is_far)
    large = until(lambda: _one(rng, "large numbers", 3, 4, 3, 1e6), is_far)
    return [
        first,
        other,
        some("one example", 1, 4, 3),
        some("one input", 5, 1, 3),
        some("two classes", 6, 3, 2),
        some("everything of one size", 4, 4, 4),
        some("twenty examples", 20, 3, 3),
        Case("pictures", {"x": images, "labels": labels, "weight": spread(rng, 10, 25) / 5, "bias": spread(rng, 10)}),
        Case("weights of 0", {**nothing, "weight": 0 * nothing["weight"], "bias": 0 * nothing["bias"]}),
        _turned_down(far, logits),
        _turned_down(large, logits),
        *kinds,
    ]


def _sums(x, w1, b1, **rest):
    return x @ w1.T + b1


def _logits(x, w1, b1, w2, b2, **rest):
    return np.maximum(x @ w1.T + b1, 0) @ w2.T + b2


def _two(rng, kind, n, d, h, c, scale=1.0, lift=0.0, turn=1.0):
    """A net with one hidden layer, without labels. lift: of the biases; with turn -1 all sums are negative."""
    inputs = {"x": scale * spread(rng, n, d), "w1": spread(rng, h, d) / 2, "b1": some_biases(rng, h) + lift * turn,
              "w2": spread(rng, c, h) / 2, "b2": some_biases(rng, c)}  # fmt: skip
    return Case(kind, inputs)


def _is_clear(*cases):
    """Does no sum of any of the cases lie near 0? Of several cases, the first has neurons that fire and that do not."""
    # a neuron to which all classes listen alike learns nothing, and a net that is sure and right learns nothing either
    if min(np.ptp(inputs["w2"], axis=0).min() for case in cases for inputs in case.calls) < 0.3:
        return False
    if "labels" in cases[0].inputs and not all(_pays(_logits, case) for case in cases):
        return False
    sums = [_sums(**inputs) for case in cases for inputs in case.calls]
    fires = sums[0] > 0  # in each example some neuron, and each neuron in some examples
    if len(cases) > 1 and not (fires.any(axis=1).all() and fires.any(axis=0).all() and not fires.all(axis=0).any()):
        return False
    scale = max(1.0, np.abs(cases[0].inputs["x"]).mean() / 10)
    return min(np.abs(found).min() for found in sums) > 0.05 * scale


def _nets(rng, finish):
    """(the two first cases, the plain ones, the kinds) of the questions about the net of two layers."""

    def clear(*arguments, **options):
        return until(lambda: finish(_two(rng, *arguments, **options)), _is_clear)

    first, other, *kinds = until(
        lambda: every_kind(finish(_two(rng, "four examples, three inputs, two neurons, three classes", 4, 3, 2, 3)),
                           finish(_two(rng, "four other examples", 4, 3, 2, 3))),
        lambda cases: _is_clear(*cases))  # fmt: skip
    pictures = until(lambda: finish(_two(rng, "pictures", 4, 16, 5, 10), pictures=True), _is_clear)
    plain = [
        clear("one example", 1, 4, 3, 3),
        clear("one hidden neuron", 5, 4, 1, 3),
        clear("everything of one size", 3, 3, 3, 3),
        clear("more neurons than inputs", 3, 2, 7, 4),
        pictures,
        clear("no neuron fires", 4, 3, 3, 3, lift=30.0, turn=-1.0),
        clear("every neuron fires", 4, 3, 3, 3, lift=30.0),
        clear("large numbers", 3, 4, 3, 3, 1e6),
    ]
    return [first, other], plain, kinds


@drawn
def two_layer_forward(rng):
    """Shapes with one of something, neurons that never fire or always, large numbers."""

    def finish(case, pictures=False):
        return Case(case.kind, {**case.inputs, "x": some_digits(rng, 4, 4)[0]}) if pictures else case

    first, plain, kinds = _nets(rng, finish)
    low = plain[0].inputs
    below = Case("logits below 0", {**low, "b2": low["b2"] - 50})
    return [*first, *plain, below, *kinds]


@drawn
def two_layer_backward(rng):
    """The same nets with labels, and one that is very sure and wrong."""

    def finish(case, pictures=False):
        inputs = dict(case.inputs)
        if pictures:
            inputs["x"], labels = some_digits(rng, 4, 4)
        else:
            labels = some_labels(rng, len(inputs["x"]), len(inputs["b2"]))
        return Case(case.kind, {"x": inputs.pop("x"), "labels": labels, **inputs})

    first, plain, kinds = _nets(rng, finish)
    far = until(lambda: finish(_two(rng, "very sure and wrong", 3, 4, 6, 3, 3000.0)),
                 lambda case: _is_clear(case) and np.ptp(_logits(**case.inputs), axis=1).min() > 800)  # fmt: skip
    return [*first, *plain[:-1], _turned_down(far, _logits), plain[-1], *kinds]
