"""Hidden cases of what is done with the data before a net sees it: sets and batches of all kinds."""

import numpy as np

from course.checks.cases import spread
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.draw import drawn
from course.grading.hidden.mnist.numbers import some_digits


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

    images = some_digits(rng, 9, 5)[0]
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

    images, labels = some_digits(rng, 11, 4)
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
