"""Hidden neurons whose gradients are right, or wrong in some entries: never near the border of five per cent."""

import numpy as np

from course.checks.backprop.formulas import measured
from course.checks.backprop.measured import INTEGERS, claimed_anew
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.backprop.numbers import some
from course.grading.hidden.draw import drawn


@drawn
def gradient_check(rng):
    """Right gradients, wrong signs, factors, zeros; large and small steps."""

    def neuron(n, d, step, scale=1.0):
        """Inputs of a neuron whose slopes are all to be seen."""
        while True:
            x, weight = some(rng, n, d, high=1.6), some(rng, d, low=0.2, high=0.6)
            targets = some(rng, n, low=0.2, high=1.3)
            if abs(measured(x, targets, weight, step)).min() > 0.02:
                return scale * x, targets, weight / scale, step / scale

    def case(kind, *factors, n=5, step=0.1, scale=1.0, near=None):
        x, targets, weight, step = near or neuron(n, len(factors), step, scale)
        gradient = measured(x, targets, weight, step) * np.array(factors)
        return Case(kind, {"x": x, "targets": targets, "weight": weight, "gradient": gradient, "step": step})

    wrong = np.array([1.0, rng.uniform(1.4, 2), 1.0])  # in the middle: there a view shows who reads beside it
    kinds = every_kind(case("one entry is wrong", *wrong), case("another neuron", -1, 1, 1.01), INTEGERS)
    kinds = claimed_anew(kinds, *wrong)
    tiny = [part * factor for part, factor in zip(neuron(5, 3, 0.1), (0.01, 1, 1, 1), strict=True)]
    return [
        case("one weight, one example", 1, n=1),
        case("a right gradient", 1, 1, 1, 1),
        *kinds[:2],
        case("the wrong sign", 1, -1, -1),
        case("half as large, as if a factor 2 were missing", 0.5, 0.5, 0.5),
        case("nearly right", 1.02, 0.985, 1.01),
        case("too small", 0.8, 0.3, 1),
        case("too large", 1, 1.3, 6),
        case("an entry that is 0", 0, 1, 1),
        case("many weights", *rng.permutation([1, 1, 1, 0.7, 1.5, -1, 1, 0]), n=7),
        case("a large step", 1, 1.6, 1, step=0.4),
        case("a small step", 0.7, 1, 1, step=0.03),
        case("small gradients", 1, rng.uniform(2.5, 3.5), 1, near=tiny),
        case("large numbers", 1, 1.7, 1, step=0.1, scale=1e5),
        *kinds[2:],
    ]

