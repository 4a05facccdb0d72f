"""Hidden cases of ps1: random values, edges of shape and size, and every layout. A case says its kind, no values."""

import numpy as np

from course.checks.cases import in_layouts, spread
from course.checks.record import Case
from course.grading.hidden.draw import drawn


def _with_layouts(case, *others):
    """The case in every layout, then the others."""
    return [case, *in_layouts(case), *others]


@drawn
def neuron(rng):
    """Six, one and fifty inputs, the threshold itself, and a bias that decides."""

    def case(kind, n, bias):
        return Case(kind, {"x": spread(rng, n), "weight": spread(rng, n), "bias": bias})

    # an input along the weights has a large positive sum, against them a negative one that the bias turns
    weight = np.array([2.0, -1.0, 0.5])
    return _with_layouts(
        case("six inputs", 6, 0.75),
        case("one input", 1, -0.5),
        case("fifty inputs", 50, 2.0),
        Case("a sum of exactly 0", {"x": np.array([1.0, 2.0, 4.0]), "weight": weight, "bias": -2.0}),
        Case("a bias that decides", {"x": -weight, "weight": weight, "bias": 6.0}),
        Case("a bias that silences", {"x": weight, "weight": weight, "bias": -6.0}),
        Case("integer inputs", {"x": np.array([3, -1, 2]), "weight": np.array([1, 2, -2]), "bias": 1}),
    )


@drawn
def linear(rng):
    """Shapes with one of something, squares that hide a missing transpose, integers."""

    def case(kind, n, d, h):
        return Case(kind, {"x": spread(rng, n, d), "weight": spread(rng, h, d), "bias": spread(rng, h)})

    return _with_layouts(
        case("five examples, four inputs, three neurons", 5, 4, 3),
        case("one example", 1, 4, 3),
        case("one input", 5, 1, 3),
        case("one neuron", 5, 4, 1),
        case("as many examples as neurons", 3, 4, 3),
        case("everything of one size", 4, 4, 4),
        case("one of everything", 1, 1, 1),
        Case("integer inputs", {"x": np.array([[1, 2], [3, 4], [5, 6]]), "weight": np.array([[1, -1], [2, 0]]),
                                "bias": np.array([10, -10])}),
    )  # fmt: skip


@drawn
def linear_backward(rng):
    """Shapes with one of something, squares, and a batch large enough to show a mean."""

    def case(kind, n, d, h):
        return Case(kind, {"grad_output": spread(rng, n, h), "x": spread(rng, n, d), "weight": spread(rng, h, d)})

    return _with_layouts(
        case("five examples, four inputs, three neurons", 5, 4, 3),
        case("one example", 1, 4, 3),
        case("one input", 5, 1, 3),
        case("one neuron", 5, 4, 1),
        case("everything of one size", 4, 4, 4),
        case("twenty examples", 20, 3, 2),
    )


def _elementwise(rng, *extra):
    vector = spread(rng, 7)
    vector[0], vector[-1] = -abs(vector[0]), rng.uniform(2.1, 2.9)  # a type taken from relu's first result cuts to 2
    return _with_layouts(
        Case("a matrix", {"x": spread(rng, 3, 4)}),
        Case("a vector that begins below 0", {"x": vector}),
        Case("a batch of pictures", {"x": spread(rng, 2, 3, 4, 5)}),
        Case("one number in an array", {"x": spread(rng, 1)}),
        Case("only negative numbers", {"x": -np.abs(spread(rng, 6))}),
        Case("only positive numbers above 6", {"x": np.abs(spread(rng, 6, low=7.0, high=9.0))}),
        Case("integer inputs", {"x": np.array([-3, -1, 0, 2, 8])}),
        *extra,
    )


@drawn
def relu(rng):
    """Any shape and sign."""
    return _elementwise(rng)


@drawn
def sigmoid(rng):
    """Any shape and sign, and far out on both sides."""
    far = np.array([[-1000.0, -710.0, -90.0, 0.0], [90.0, 710.0, 1000.0, 5.0]])
    return _elementwise(rng, Case("far out on both sides", {"x": far}))


@drawn
def softplus(rng):
    """Any shape and sign, and far out on both sides."""
    far = np.array([[-1000.0, -710.0, -90.0, 0.0], [90.0, 710.0, 1000.0, 5.0]])
    return _elementwise(rng, Case("far out on both sides", {"x": far}))


@drawn
def relu_backward(rng):
    """Gradients and inputs of both signs, away from 0."""

    def case(kind, *shape):
        return Case(kind, {"grad_output": spread(rng, *shape), "x": spread(rng, *shape)})

    return _with_layouts(
        case("a matrix", 3, 4),
        case("a vector", 9),
        case("a batch of pictures", 2, 3, 4, 5),
        Case("no input above 0", {"grad_output": spread(rng, 5), "x": -np.abs(spread(rng, 5))}),
        Case("large inputs", {"grad_output": spread(rng, 2, 6), "x": 50 * spread(rng, 2, 6)}),
        Case("a gradient of 0 in places", {"grad_output": np.array([0.0, 2.0, 0.0, -1.0]),
                                           "x": np.array([1.0, -1.0, -2.0, 3.0])}),
    )  # fmt: skip


@drawn
def tanh_backward(rng):
    """Outputs in the middle and where tanh is nearly flat."""

    def case(kind, *shape):
        return Case(kind, {"grad_output": spread(rng, *shape), "y": rng.uniform(-0.95, 0.95, shape)})

    return _with_layouts(
        case("a matrix", 3, 4),
        case("a vector", 9),
        case("a batch of pictures", 2, 3, 4, 5),
        Case("nearly flat", {"grad_output": 100 * spread(rng, 4), "y": np.array([-0.99, -0.98, 0.9, 0.99])}),
        Case("in the middle", {"grad_output": spread(rng, 4), "y": np.array([-0.01, 0.0, 0.01, 0.02])}),
    )


@drawn
def softmax(rng):
    """Offsets, rows that lie far apart, one class, as many examples as classes."""
    logits = spread(rng, 5, 4)
    far_apart = logits[:3] + np.array([[0.0], [1000.0], [-1000.0]])
    return _with_layouts(
        Case("five examples, four classes", {"logits": logits}),
        Case("one example", {"logits": spread(rng, 1, 6)}),
        Case("one class", {"logits": spread(rng, 3, 1)}),
        Case("as many examples as classes", {"logits": spread(rng, 4, 4)}),
        Case("logits that share an offset of 1000", {"logits": logits + 1000}),
        Case("logits that share an offset of -1000", {"logits": logits - 1000}),
        Case("rows that lie far apart", {"logits": far_apart}),
        Case("a logit far above the rest", {"logits": np.array([[1000.0, 0.0, 1.0, -1000.0]])}),
        Case("equal logits", {"logits": np.full((2, 5), 3.0)}),
        Case("integer logits", {"logits": np.array([[1, 2, 3], [-4, 0, 1]])}),
    )


def _probabilities(rng, n, c):
    exp = np.exp(spread(rng, n, c))
    return exp / exp.sum(axis=1, keepdims=True)


def _labelled(rng):
    def case(kind, n, c):
        return Case(kind, {"probs": _probabilities(rng, n, c), "labels": rng.integers(0, c, n)})

    some = rng.permutation([0, 1, 2, 2, 1])  # of four classes
    return [
        case("six examples, four classes", 6, 4),
        Case("one example", {"probs": _probabilities(rng, 1, 5), "labels": rng.integers(1, 5, 1)}),
        case("two classes", 7, 2),
        case("as many examples as classes", 4, 4),
        case("ten classes", 25, 10),
        Case("every example of one class", {"probs": _probabilities(rng, 5, 3), "labels": np.full(5, 2)}),
        Case("a class that no example has", {"probs": _probabilities(rng, 5, 4), "labels": some}),
        Case("a batch with every class once", {"probs": _probabilities(rng, 4, 4), "labels": np.array([3, 1, 0, 2])}),
    ]


@drawn
def cross_entropy(rng):
    """Batches of all kinds, and confident mistakes."""
    sure = np.array([[1 - 2e-4, 1e-4, 1e-4], [0.2, 0.3, 0.5], [1e-3, 1 - 2e-3, 1e-3]])
    first, *others = _labelled(rng)
    return _with_layouts(first, *others, Case("a confident mistake", {"probs": sure, "labels": np.array([1, 2, 0])}))


@drawn
def softmax_cross_entropy_backward(rng):
    """Batches of all kinds, away from probabilities near 0."""
    first, *others = _labelled(rng)
    return _with_layouts(first, *others)
