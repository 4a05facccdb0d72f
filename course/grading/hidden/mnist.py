"""Hidden cases of ps2: pieces of real digits and random values in every range of a formula, edges of shape and size.

A case says its kind, no values. The simplest ones come first: the first that fails is the one that is reported. Sums
near 0 before a ReLU, and two logits that are nearly the largest, are drawn again: no right answer depends on luck.
"""

import numpy as np

from course import data
from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn


def _digits(rng, n, size):
    """(pictures (n, size * size), labels) of some of the 5 000 digits that everybody has, cut and made small."""
    images, labels = data.offline_digits()
    chosen = rng.choice(len(images), n, replace=False)
    step = 20 // size
    middle = images[chosen].reshape(-1, 28, 28)[:, 4:24, 4:24]
    small = middle.reshape(n, size, step, size, step).mean(axis=(2, 4))  # mean of small squares
    return small.reshape(n, size * size).astype(np.float64), labels[chosen].astype(np.int64)


def _labels(rng, n, classes):
    """Labels of which at least two differ, and one is class 0, if there are several: wrong numberings show."""
    return _until(lambda: rng.integers(0, classes, n), lambda found: n == 1 or (0 in found and _is_one_way(found)))


def _every_label(rng, n, classes):
    """Labels in which all classes are as frequent as can be."""
    return _until(lambda: rng.permutation(np.arange(n) % classes), lambda found: n == 1 or _is_one_way(found))


def _is_one_way(labels):
    """Are the labels others when they are read from the end?"""
    return not np.array_equal(labels, labels[::-1])


def _biases(rng, n):
    """Numbers of which the first is clearly not the last: read from the end they are others."""
    return _until(lambda: spread(rng, n), lambda found: n == 1 or abs(found[0] - found[-1]) > 0.5)


def _until(draw, is_clear):
    """Draw until the case, and all its kinds, are clear of a border."""
    while True:
        found = draw()
        if is_clear(found):
            return found


@drawn
def one_hot(rng):
    """Batches of all kinds, classes that nobody has, classes that are all there."""

    def case(kind, labels, num_classes):
        return Case(kind, {"labels": np.asarray(labels), "num_classes": num_classes})

    def some(kind, n, classes):
        return case(kind, rng.permutation([0, classes - 1, *rng.integers(0, classes, n - 2)]), classes)

    # neither set is the other turned round, or holds another's ones by chance
    first = case("six examples, five classes", rng.permutation([0, 1, 2, 3, 4, 2]), 5)
    other = case("six other examples", (first.inputs["labels"] + rng.integers(1, 4)) % 5, 5)
    first, other, *kinds = every_kind(first, other)
    lowest = some("the last classes have no example", 7, 5).inputs["labels"]
    return [
        first,
        other,
        case("one example", rng.integers(1, 5, 1), 6),
        some("two classes", 7, 2),
        case("as many examples as classes", rng.permutation(5), 5),
        some("ten classes", 25, 10),
        case("every example of one class", np.full(5, rng.integers(1, 3)), 4),
        case("the last classes have no example", lowest, 8),
        some("a hundred classes", 9, 100),
        *kinds,
    ]


@drawn
def standardise(rng):
    """Pieces of digits, numbers far from 0 and with little spread, sets of other sizes."""

    def case(kind, n, m, d, scale=1.0, shift=0.0):
        low = {"train": scale * spread(rng, n, d) + shift, "test": scale * (spread(rng, m, d) + 0.75) + shift}
        return Case(kind, low)

    images = _digits(rng, 9, 5)[0]
    border = np.pad(images, ((0, 0), (2, 2)))  # pixels that are black in all pictures
    first, other, *kinds = every_kind(case("four and three examples", 4, 3, 5), case("other examples", 4, 3, 5))
    return [
        first,
        other,
        Case("pictures", {"train": images[:5], "test": images[5:] * 0.75}),
        Case("pictures with a black border", {"train": border[:4], "test": 1 - border[4:]}),
        case("one test example", 6, 1, 4),
        case("one training example", 1, 5, 6),
        case("one column", 7, 4, 1),
        case("a mean far from 0", 4, 3, 5, 1.0, rng.uniform(20, 30)),
        case("little spread", 4, 3, 5, rng.uniform(5e-4, 1e-3)),
        case("large numbers", 3, 4, 5, 1e6),
        *kinds,
    ]


@drawn
def minibatch(rng):
    """The first, one in the middle, the last; sizes that divide the examples and sizes that do not."""

    def case(kind, n, size, number, scale=1.0):
        while True:  # an order, or a part of it, that is its own reverse or sorted would hide a mistake
            order = rng.permutation(n)
            part = order[number * size :][:size]
            alike = len(part) > 1 and n > 5 and (list(part) == sorted(part) or list(np.argsort(order)) == list(order))
            if not alike:
                break
        inputs = {"x": scale * spread(rng, n, 3), "labels": rng.permutation(n), "order": order}
        return Case(kind, inputs | {"batch_size": size, "number": number})

    images, labels = _digits(rng, 11, 4)
    first, other, *kinds = every_kind(case("the second of three", 8, 3, 1), case("the second of other ones", 8, 3, 1))
    pictures = {"x": images, "labels": labels, "order": rng.permutation(11), "batch_size": 4, "number": 1}
    return [
        first,
        other,
        case("the first one", 10, 4, 0),
        case("one in the middle", 17, 3, 2),
        case("the last one, which is smaller", 11, 4, 2),
        case("a last one of one example", 10, 3, 3),
        case("the last one of even ones", 12, 4, 2),
        case("one batch for all", 7, 7, 0),
        case("fewer examples than a batch may have", 6, 9, 0),
        case("one example each", 6, 1, 4),
        Case("pictures", pictures),
        case("large numbers", 9, 4, 1, 1e6),
        *kinds,
    ]


@drawn
def softmax_loss(rng):
    """Batches of all kinds, offsets, rows that lie far apart, logits far above the rest."""

    def case(kind, n, c, offset=0.0):
        return Case(kind, {"logits": spread(rng, n, c) + offset, "labels": _labels(rng, n, c)})

    def at_label(kind, gap, n=4, c=3):
        """The logit of the label lies `gap` above the largest of the others."""
        labels = _labels(rng, n, c)
        logits = rng.uniform(-0.5, 0.5, (n, c))
        logits[np.arange(n), labels] += gap
        return Case(kind, {"logits": logits, "labels": labels})

    first, other, *kinds = every_kind(
        case("six examples, four classes", 6, 4),
        case("six other examples", 6, 4),
    )
    apart = case("rows that lie far apart", 3, 4)
    apart.inputs["logits"] = apart.inputs["logits"] + rng.permutation([[0.0], [1000.0], [-1000.0]])
    return [
        first,
        other,
        Case("one example", {"logits": spread(rng, 1, 5), "labels": rng.integers(1, 5, 1)}),
        case("two classes", 7, 2),
        case("as many examples as classes", 4, 4),
        case("ten classes", 25, 10),
        Case("equal logits", {"logits": np.full((5, 4), rng.uniform(-3, 3)), "labels": _labels(rng, 5, 4)}),
        at_label("sure and right", rng.uniform(6, 7)),
        at_label("sure and wrong", -rng.uniform(8, 15)),
        case("logits that share an offset of 1000", 4, 3, 1000 + rng.uniform(0, 9)),
        case("logits that share an offset of -1000", 4, 3, -1000 - rng.uniform(0, 9)),
        apart,
        at_label("very sure and wrong", -rng.uniform(800, 3000)),
        *kinds,
    ]


@drawn
def add_l2(rng):
    """Layers of all shapes, strengths from 0 to large ones, large numbers."""

    def case(kind, h, d, strength, scale=1.0):
        return Case(kind, {"loss": scale * rng.uniform(0.5, 3), "grad_weight": scale * spread(rng, h, d),
                           "grad_bias": scale * _biases(rng, h), "weight": scale * spread(rng, h, d),
                           "bias": scale * rng.uniform(1, 3, h), "strength": strength})  # fmt: skip

    first = case("four neurons, five inputs", 4, 5, rng.uniform(0.2, 0.6))
    other = case("four other neurons", 4, 5, rng.uniform(0.2, 0.6))
    first, other, *kinds = every_kind(first, other)
    zero = case("weights of 0", 3, 4, 0.5).inputs
    return [
        first,
        other,
        case("one neuron", 1, 5, 0.3),
        case("one input", 4, 1, 0.3),
        case("one weight", 1, 1, rng.uniform(0.4, 0.8)),
        case("as many neurons as inputs", 4, 4, 0.1),
        case("strength 0", 3, 4, 0.0),
        case("a large strength", 3, 4, rng.uniform(5, 50)),
        case("a small strength", 3, 4, rng.uniform(0.01, 0.02)),
        Case("weights of 0", {**zero, "weight": 0 * zero["weight"]}),
        case("large numbers", 3, 4, 0.7, 1e5),
        *kinds,
    ]


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


def _one(rng, kind, n, d, c, scale=1.0):
    return Case(kind, {"x": scale * spread(rng, n, d), "labels": _labels(rng, n, c), "weight": spread(rng, c, d) / 2,
                       "bias": _biases(rng, c)})  # fmt: skip


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

    images, labels = _digits(rng, 12, 5)
    first, other, *kinds = _until(
        lambda: every_kind(_one(rng, "five examples, four inputs, four classes", 5, 4, 4),
                           _one(rng, "five other examples", 5, 4, 4)),
        lambda cases: all(_pays(logits, case) for case in cases))  # fmt: skip
    nothing = _one(rng, "weights of 0", 5, 3, 4).inputs

    def some(*arguments):
        return _until(lambda: _one(rng, *arguments), lambda case: _pays(logits, case))

    far = _until(lambda: _one(rng, "very sure and wrong", 3, 4, 3, 1000.0), is_far)
    large = _until(lambda: _one(rng, "large numbers", 3, 4, 3, 1e6), is_far)
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
    inputs = {"x": scale * spread(rng, n, d), "w1": spread(rng, h, d) / 2, "b1": _biases(rng, h) + lift * turn,
              "w2": spread(rng, c, h) / 2, "b2": _biases(rng, c)}  # fmt: skip
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
        return _until(lambda: finish(_two(rng, *arguments, **options)), _is_clear)

    first, other, *kinds = _until(
        lambda: every_kind(finish(_two(rng, "four examples, three inputs, two neurons, three classes", 4, 3, 2, 3)),
                           finish(_two(rng, "four other examples", 4, 3, 2, 3))),
        lambda cases: _is_clear(*cases))  # fmt: skip
    pictures = _until(lambda: finish(_two(rng, "pictures", 4, 16, 5, 10), pictures=True), _is_clear)
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
        return Case(case.kind, {**case.inputs, "x": _digits(rng, 4, 4)[0]}) if pictures else case

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
            inputs["x"], labels = _digits(rng, 4, 4)
        else:
            labels = _labels(rng, len(inputs["x"]), len(inputs["b2"]))
        return Case(case.kind, {"x": inputs.pop("x"), "labels": labels, **inputs})

    first, plain, kinds = _nets(rng, finish)
    far = _until(lambda: finish(_two(rng, "very sure and wrong", 3, 4, 6, 3, 3000.0)),
                 lambda case: _is_clear(case) and np.ptp(_logits(**case.inputs), axis=1).min() > 800)  # fmt: skip
    return [*first, *plain[:-1], _turned_down(far, _logits), plain[-1], *kinds]


@drawn
def train(rng):
    """Epochs of even and uneven mini-batches, twenty steps, no momentum and much of it, pieces of digits."""

    def case(kind, epochs, n, size, rate=0.2, momentum=0.6, d=3, c=3, scale=1.0):
        order = np.stack([rng.permutation(n) for _ in range(epochs)])
        inputs = {"x": scale * spread(rng, n, d, high=2.0), "labels": _every_label(rng, n, c),
                  "weight": spread(rng, c, d) / 2 / scale, "bias": _biases(rng, c) / 2}  # fmt: skip
        return Case(kind, inputs | {"order": order, "batch_size": size, "learning_rate": rate, "momentum": momentum})

    first, other, *kinds = every_kind(
        case("two epochs of three steps, the last one smaller", 2, 8, 3),
        case("another net", 2, 8, 3), ["x", "weight"])  # fmt: skip
    images, labels = _digits(rng, 10, 4)
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
        labels = _every_label(rng, n, c)
        return Case(kind, {"x": scale * spread(rng, n, d, high=2.0), "labels": labels,
                           "weight": small * spread(rng, c, d) / scale, "bias": small * _biases(rng, c),
                           "learning_rate": rate, "steps": steps})  # fmt: skip

    def clear(*arguments, **options):
        return _until(lambda: case(*arguments, **options), _decided)

    def both():
        first = _until(lambda: case("six examples, three classes", 3), lambda found: _decided(found, changes=True))
        return every_kind(first, clear("six other examples", 3), ["x", "weight"])

    first, other, *kinds = _until(both, lambda cases: _decided(*cases))
    twenty = {"n": 20, "d": 25, "c": 10, "rate": 1.0, "small": 0.01}
    heart = _until(lambda: _with_digits(rng, case("twenty digits learned by heart", 150, **twenty)), _decided)
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
    images, labels = _digits(rng, len(case.inputs["x"]), 5)
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
