"""Question 3 as students write it: the rows of one mini-batch, and how many mini-batches there are."""

import math

import numpy as np

from tests.grading.variants.expects import expects


def _count(n, size):
    return math.ceil(n / size)


@expects("order ignored")
def wrong_order_ignored(x, labels, order, batch_size, number):
    """The examples are taken as they are stored."""
    part = slice(number * batch_size, (number + 1) * batch_size)
    return x[part], labels[part], _count(len(x), batch_size)


@expects("labels not in order")
def wrong_labels_not_in_order(x, labels, order, batch_size, number):
    """Only the pictures are picked by the order."""
    part = slice(number * batch_size, (number + 1) * batch_size)
    return x[order[part]], labels[part], _count(len(x), batch_size)


@expects("rounded down")
def wrong_rounded_down(x, labels, order, batch_size, number):
    """What is left over is not counted."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], len(x) // batch_size


@expects("one too many")
def wrong_one_too_many(x, labels, order, batch_size, number):
    """One more mini-batch, also where nothing is left over."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], len(x) // batch_size + 1


@expects("numbers from 1")
def wrong_numbers_from_1(x, labels, order, batch_size, number):
    """The first mini-batch has the number 1."""
    number = max(number, 1)
    rows = order[(number - 1) * batch_size : number * batch_size]
    return x[rows], labels[rows], _count(len(x), batch_size)


@expects("order turned round")
def wrong_inverse(x, labels, order, batch_size, number):
    """The order is read as places, not as examples."""
    inverse = np.empty(len(order), dtype=int)
    inverse[order] = np.arange(len(order))
    rows = inverse[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], _count(len(x), batch_size)


@expects("number as the start")
def wrong_number_as_start(x, labels, order, batch_size, number):
    """The number of the mini-batch is taken for its first example."""
    rows = order[number : number + batch_size]
    return x[rows], labels[rows], _count(len(x), batch_size)


@expects("every n-th")
def wrong_every_nth(x, labels, order, batch_size, number):
    """Steps through the order instead of pieces of it."""
    count = _count(len(x), batch_size)
    rows = order[number::count]
    return x[rows], labels[rows], count


@expects("filled up")
def wrong_filled_up(x, labels, order, batch_size, number):
    """The last one begins again at the front."""
    places = np.arange(number * batch_size, (number + 1) * batch_size) % len(order)
    return x[order[places]], labels[order[places]], _count(len(x), batch_size)


@expects("filled up from the end")
def wrong_filled_from_the_end(x, labels, order, batch_size, number):
    """The last one is as large as the others, and repeats examples."""
    start = max(0, min(number * batch_size, len(x) - batch_size))
    rows = order[start : start + batch_size]
    return x[rows], labels[rows], _count(len(x), batch_size)


@expects("sorted")
def wrong_sorted(x, labels, order, batch_size, number):
    """A mask picks the right examples in the order in which they are stored."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    chosen = np.isin(np.arange(len(x)), rows)
    return x[chosen], labels[chosen], _count(len(x), batch_size)


@expects("last one missing")
def wrong_last_one_missing(x, labels, order, batch_size, number):
    """One is taken away from an end that is not included anyway."""
    rows = order[number * batch_size : (number + 1) * batch_size - 1]
    return x[rows], labels[rows], _count(len(x), batch_size)


@expects("tuple")
def wrong_no_count(x, labels, order, batch_size, number):
    """How many there are is not returned."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows]


@expects("in place")
def wrong_shuffles_the_data(x, labels, order, batch_size, number):
    """The data themselves are put in order."""
    x[:], labels[:] = x[order].copy(), labels[order].copy()
    part = slice(number * batch_size, (number + 1) * batch_size)
    return x[part].copy(), labels[part].copy(), _count(len(x), batch_size)


def wrong_own_chance(x, labels, order, batch_size, number):
    """An order of its own is drawn, always the same."""
    own = np.random.default_rng(3).permutation(len(x))
    rows = own[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], _count(len(x), batch_size)


def wrong_columns(x, labels, order, batch_size, number):
    """The columns are cut as well."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows, :1], labels[rows], _count(len(x), batch_size)


def right_slice(x, labels, order, batch_size, number):
    """A slice of the order, and a division that rounds up."""
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], -(-len(x) // batch_size)


def right_list(x, labels, order, batch_size, number):
    """All mini-batches are made, and one is picked."""
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    return np.take(x, batches[number], axis=0), np.take(labels, batches[number]), len(batches)


def right_split(x, labels, order, batch_size, number):
    """With NumPy's own splitting."""
    parts = np.split(order, np.arange(batch_size, len(order), batch_size))
    return x[parts[number]], labels[parts[number]], float(len(parts))


def right_loop(x, labels, order, batch_size, number):
    """One example at a time."""
    first, last = number * batch_size, min(len(order), (number + 1) * batch_size)
    rows = [x[order[i]] for i in range(first, last)]
    chosen = [labels[order[i]] for i in range(first, last)]
    full, rest = divmod(len(order), batch_size)
    return np.stack(rows), np.array(chosen), full + (rest > 0)


def right_shuffled_first(x, labels, order, batch_size, number):
    """As in well-known courses: copies in the new order, then a slice."""
    shuffled_x, shuffled_labels = x[order], labels[order]
    part = slice(batch_size * number, batch_size * number + batch_size)
    return shuffled_x[part], shuffled_labels[part], math.ceil(x.shape[0] / batch_size)
