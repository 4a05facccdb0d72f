"""Hidden cases of ps1: random values in every range of a formula, edges of shape and size, and every kind.

A case says its kind, no values. The simplest ones come first: the first that fails is the one that is reported.
"""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn


@drawn
def neuron(rng):
    """Six, one and fifty inputs, sums on both sides of the threshold, near it and on it."""

    def case(kind, n, bias):
        return Case(kind, {"x": spread(rng, n), "weight": spread(rng, n), "bias": bias})

    def with_sum(kind, z):
        """Inputs whose weighted sum with bias is z, up to rounding."""
        x, weight = spread(rng, 4), spread(rng, 4)
        return Case(kind, {"x": x, "weight": weight, "bias": float(z - x @ weight)})

    # an input along the weights has a large positive sum, against them a negative one that the bias turns
    along = np.array([2.0, -1.0, 0.5]) * rng.uniform(1, 2)
    square = float(along @ along)
    on_it = rng.integers(1, 5, 3) * np.array([1.0, -1.0, 1.0])  # whole numbers: the sum is exactly 0 in every order
    six, other, *kinds = every_kind(case("six inputs", 6, rng.uniform(0.5, 1)), case("six other inputs", 6, -1.75))
    large = np.array([1e5, -2e5]) * rng.uniform(1, 2)
    return [
        six,
        other,
        case("one input", 1, -0.5),
        case("fifty inputs", 50, 2.0),
        Case("a bias that decides", {"x": -along, "weight": along, "bias": square + rng.uniform(0.2, 1)}),
        Case("a bias that silences", {"x": along, "weight": along, "bias": -square - rng.uniform(0.2, 1)}),
        Case("a sum of exactly 0", {"x": on_it, "weight": np.array([1.0, 2.0, 4.0]),
                                    "bias": -float(on_it @ [1.0, 2.0, 4.0])}),
        with_sum("a sum far above 0", rng.uniform(1, 4)),
        with_sum("a sum far below 0", -rng.uniform(1, 4)),
        with_sum("a sum slightly above 0", rng.uniform(0.02, 0.08)),
        with_sum("a sum slightly below 0", -rng.uniform(0.02, 0.08)),
        Case("large numbers", {"x": large, "weight": np.array([2.0, 0.5]), "bias": 3.0}),
        *kinds,
    ]  # fmt: skip


@drawn
def linear(rng):
    """Shapes with one of something, squares that hide a missing transpose, large numbers."""

    def case(kind, n, d, h):
        return Case(kind, {"x": spread(rng, n, d), "weight": spread(rng, h, d), "bias": spread(rng, h)})

    first, other = case("five examples, four inputs, three neurons", 5, 4, 3), case("five other examples", 5, 4, 3)
    large = case("large numbers", 3, 4, 2).inputs
    return [
        first,
        other,
        case("one example", 1, 4, 3),
        case("one input", 5, 1, 3),
        case("one neuron", 5, 4, 1),
        case("as many examples as neurons", 3, 4, 3),
        case("everything of one size", 4, 4, 4),
        case("one of everything", 1, 1, 1),
        Case("large numbers", {**large, "x": 1e6 * large["x"]}),
        *every_kind(first, other)[2:],
    ]


@drawn
def linear_backward(rng):
    """Shapes with one of something, squares, a batch large enough to show a mean, large gradients."""

    def case(kind, n, d, h):
        return Case(kind, {"grad_output": spread(rng, n, h), "x": spread(rng, n, d), "weight": spread(rng, h, d)})

    first, other = case("five examples, four inputs, three neurons", 5, 4, 3), case("five other examples", 5, 4, 3)
    large = case("large gradients", 3, 4, 2).inputs
    return [
        first,
        other,
        case("one example", 1, 4, 3),
        case("one input", 5, 1, 3),
        case("one neuron", 5, 4, 1),
        case("everything of one size", 4, 4, 4),
        case("twenty examples", 20, 3, 2),
        Case("large gradients", {**large, "grad_output": 1e6 * large["grad_output"]}),
        *every_kind(first, other)[2:],
    ]


def _elementwise(rng, *extra):
    """Arrays of every number of axes, then `extra`, then the kinds of the matrix."""
    vector = spread(rng, 7)
    vector[0] = -abs(vector[0])
    matrix, other, *kinds = every_kind(
        Case("a matrix", {"x": spread(rng, 3, 4)}), Case("another matrix", {"x": spread(rng, 3, 4)})
    )
    return [
        matrix,
        other,
        Case("a vector that begins below 0", {"x": vector}),
        Case("a batch of pictures", {"x": spread(rng, 2, 3, 4, 5)}),
        Case("one number in an array", {"x": spread(rng, 1)}),
        Case("only negative numbers", {"x": -np.abs(spread(rng, 6))}),
        Case("only positive numbers above 6", {"x": rng.uniform(7, 9, 6)}),
        *extra,
        *kinds,
    ]


@drawn
def relu(rng):
    """Any shape and sign, near 0 and far from it."""
    near = spread(rng, 3, 3, low=0.001, high=0.09)
    near[:, 0], near[0, 1], near[1, 1] = np.abs(near[:, 0]), -abs(near[0, 1]), 0.0
    near[0, 0] /= 5  # close to it
    large = rng.uniform(7e4, 1e6, 5) * np.array([1, -1, 1, -1, 1])
    return _elementwise(rng, Case("near 0", {"x": near}), Case("large numbers", {"x": large}))


def _far(rng):
    """Of the sigmoid and of softplus. Where a result is small, all entries of the case are: see the visible cases."""
    both = np.array([[-1000.0, -710.0, -90.0, 0.0], [90.0, 710.0, 1000.0, 5.0]])
    return [
        Case("to the left", {"x": np.append(rng.uniform(-11.5, -3.5, 5), rng.uniform(-3.4, -3.05))}),
        Case("a little to the right", {"x": np.append(rng.uniform(3.05, 3.4), rng.uniform(3.5, 6, 4))}),
        Case("to the right", {"x": rng.uniform(3.5, 38, (2, 3))}),
        Case("further to the left", {"x": rng.uniform(-19.5, -12.5, (3, 2))}),
        Case("where the result is nearly 0", {"x": np.append(rng.uniform(-38, -23, 4), rng.uniform(-21.5, -20.5))}),
        Case("far out on the left", {"x": np.append(rng.uniform(-1000, -45, 5), [-746.0, -1000.0])}),
        Case("far out on the right", {"x": np.append(rng.uniform(45, 1000, 3), 746.0)}),
        Case("far out on both sides", {"x": both + rng.uniform(-1, 1)}),
    ]


@drawn
def sigmoid(rng):
    """Any shape and sign, and far out on both sides."""
    return _elementwise(rng, *_far(rng))


@drawn
def softplus(rng):
    """Any shape and sign, and far out on both sides."""
    return _elementwise(rng, *_far(rng))


@drawn
def relu_backward(rng):
    """Gradients and inputs of both signs, inputs near 0, large gradients."""

    def case(kind, *shape, **options):
        return Case(kind, {"grad_output": spread(rng, *shape), "x": spread(rng, *shape, **options)})

    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    matrix, other, *kinds = every_kind(case("a matrix", 3, 4), case("another matrix", 3, 4))
    return [
        matrix,
        other,
        case("a vector", 9),
        case("a batch of pictures", 2, 3, 4, 5),
        Case("no input above 0", {"grad_output": spread(rng, 5), "x": -np.abs(spread(rng, 5))}),
        Case("large inputs", {"grad_output": spread(rng, 2, 6), "x": 50 * spread(rng, 2, 6)}),
        Case("a gradient of 0 in places", {"grad_output": np.array([0.0, 2.0, 0.0, -1.0]),
                                           "x": np.array([1.0, -1.0, -2.0, 3.0])}),
        Case("inputs near 0", {"grad_output": spread(rng, 6),
                               "x": signs * rng.uniform(0.001, np.array([0.02, 0.02, 0.09, 0.09, 0.09, 0.09]))}),
        Case("large gradients", {"grad_output": 1e6 * spread(rng, 6), "x": signs * rng.uniform(0.2, 3, 6)}),
        Case("every sign of both", {"grad_output": np.array([1, 1, -1, -1]) * rng.uniform(0.2, 3, 4),
                                    "x": np.array([1, -1, 1, -1]) * rng.uniform(0.2, 3, 4)}),
        *kinds,
    ]  # fmt: skip


@drawn
def tanh_backward(rng):
    """Outputs in the middle, and where tanh is nearly flat."""

    def case(kind, *shape):
        return Case(kind, {"grad_output": spread(rng, *shape), "y": rng.uniform(-0.95, 0.95, shape)})

    signs, large = np.array([1, -1, 1, -1]), case("large gradients", 5).inputs
    matrix, other, *kinds = every_kind(case("a matrix", 3, 4), case("another matrix", 3, 4), ["grad_output"])
    return [
        matrix,
        other,
        case("a vector", 9),
        case("a batch of pictures", 2, 3, 4, 5),
        Case("in the middle", {"grad_output": spread(rng, 4), "y": np.append(0.0, rng.uniform(-0.05, 0.05, 3))}),
        Case("nearly flat", {"grad_output": 100 * spread(rng, 4), "y": signs * rng.uniform(0.9, 0.99, 4)}),
        Case("outputs of nearly 1 and -1", {"grad_output": spread(rng, 4), "y": signs * rng.uniform(0.999, 0.9999, 4)}),
        Case("large gradients", {**large, "grad_output": 1e6 * large["grad_output"]}),
        *kinds,
    ]


@drawn
def softmax(rng):
    """Offsets, rows that lie far apart, one class, as many examples as classes."""
    logits = spread(rng, 5, 4)
    peak = np.array([[1000.0, 0.0, 1.0, -1000.0]]) + rng.uniform(-2, 2, (3, 1))
    matrix, other, *kinds = every_kind(
        Case("five examples, four classes", {"logits": logits}),
        Case("five other examples", {"logits": spread(rng, 5, 4)}),
    )
    return [
        matrix,
        other,
        Case("one example", {"logits": spread(rng, 1, 6)}),
        Case("one class", {"logits": spread(rng, 3, 1)}),
        Case("as many examples as classes", {"logits": spread(rng, 4, 4)}),
        Case("equal logits", {"logits": np.full((2, 5), rng.uniform(-3, 3))}),
        Case("only negative logits", {"logits": logits - 5}),
        Case("logits of some hundred", {"logits": logits + np.array([[150.0], [-350.0], [400.0], [-600.0], [600.0]])}),
        Case("logits that share an offset of 1000", {"logits": logits + 1000}),
        Case("logits that share an offset of -1000", {"logits": logits - 1000}),
        Case("rows that lie far apart", {"logits": logits[:3] + np.array([[0.0], [1000.0], [-1000.0]])}),
        Case("a logit far above the rest", {"logits": peak}),
        *kinds,
    ]


def _probabilities(rng, n, c):
    exp = np.exp(spread(rng, n, c))
    return exp / exp.sum(axis=1, keepdims=True)


def _at_label(labels, classes, p):
    """Rows that give their label the probability p, and share the rest equally."""
    p = np.asarray(p)[:, None]
    return np.where(np.arange(classes) == labels[:, None], p, (1 - p) / (classes - 1))


def _labelled(rng):
    """Batches of all kinds: the plain ones, and the kinds of the first."""

    def case(kind, n, c):
        return Case(kind, {"probs": _probabilities(rng, n, c), "labels": rng.integers(0, c, n)})

    first, other, *kinds = every_kind(case("six examples, four classes", 6, 4), case("six other examples", 6, 4), [])
    plain = [
        first,
        other,
        Case("one example", {"probs": _probabilities(rng, 1, 5), "labels": rng.integers(1, 5, 1)}),
        case("two classes", 7, 2),
        case("as many examples as classes", 4, 4),
        case("ten classes", 25, 10),
        Case("every example of one class", {"probs": _probabilities(rng, 5, 3), "labels": np.full(5, 2)}),
        Case("a class that no example has", {"probs": _probabilities(rng, 5, 4),
                                             "labels": rng.permutation([0, 1, 2, 2, 1])}),
        Case("a batch with every class once", {"probs": _probabilities(rng, 4, 4), "labels": np.array([3, 1, 0, 2])}),
        _labels(rng, "in the middle", 3, 0.2, 0.8),
        _labels(rng, "a very confident mistake", 1, 2e-9, 4e-9),
    ]  # fmt: skip
    return plain, kinds


def _labels(rng, kind, n, low, high, classes=3):
    labels = rng.integers(0, classes, n)
    return Case(kind, {"probs": _at_label(labels, classes, rng.uniform(low, high, n)), "labels": labels})


@drawn
def cross_entropy(rng):
    """Batches of all kinds, and probabilities at the label from nearly 1 to nearly 0."""
    plain, kinds = _labelled(rng)
    labels = rng.integers(0, 3, 4)
    mixed = _at_label(labels, 3, [rng.uniform(2e-9, 4e-9), 0.5, 0.9, rng.uniform(1e-3, 2e-3)])
    return [
        *plain,
        _labels(rng, "a confident mistake", 2, 5e-4, 5e-3),
        _labels(rng, "confident and right", 3, 0.985, 0.995),
        Case("mistakes of every size", {"probs": mixed, "labels": labels}),
        *kinds,
    ]


@drawn
def softmax_cross_entropy_backward(rng):
    """Batches of all kinds, examples that are nearly right and very wrong."""
    plain, kinds = _labelled(rng)
    return [*plain, _labels(rng, "every example nearly right", 6, 0.9983, 0.9992), *kinds]
