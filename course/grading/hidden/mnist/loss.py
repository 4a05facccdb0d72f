"""Hidden cases of the loss and of the price on large weights: offsets, rows that lie far apart, large numbers."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn
from course.grading.hidden.mnist.numbers import some_biases, some_labels


@drawn
def softmax_loss(rng):
    """Batches of all kinds, offsets, rows that lie far apart, logits far above the rest."""

    def case(kind, n, c, offset=0.0):
        return Case(kind, {"logits": spread(rng, n, c) + offset, "labels": some_labels(rng, n, c)})

    def at_label(kind, gap, n=4, c=3):
        """The logit of the label lies `gap` above the largest of the others."""
        labels = some_labels(rng, n, c)
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
        Case("equal logits", {"logits": np.full((5, 4), rng.uniform(-3, 3)), "labels": some_labels(rng, 5, 4)}),
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
                           "grad_bias": scale * some_biases(rng, h), "weight": scale * spread(rng, h, d),
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
