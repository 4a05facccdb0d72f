"""What is done with the data before a net sees it: one-hot labels, standardising, mini-batches."""

import numpy as np

from course.checks.kinds import every_kind
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _one_hot_cases():
    def case(kind, labels, num_classes):
        return Case(kind, {"labels": np.array(labels), "num_classes": num_classes})

    kinds = every_kind(case("three examples, four classes", [2, 0, 3], 4), case("three other examples", [1, 3, 0], 4))
    return [
        *kinds[:2],
        case("one example", [1], 3),
        case("a class that no example has", [0, 1, 0, 1], 5),
        case("as many examples as classes", [1, 2, 0], 3),
        case("a label that stands twice", [1, 1, 0], 2),
        case("ten classes", [7, 2, 1, 0, 4], 10),
        *kinds[2:],
    ]


def _rows(t, c):
    return np.eye(c)[t]


one_hot = Question(
    "one_hot", reference_call("one_hot"), _one_hot_cases,
    number="1", ranges=[
        Range("class 0", lambda labels, num_classes: labels == 0),
        Range("the last class", lambda labels, num_classes: labels == num_classes - 1),
        Range("a class that no example has", lambda labels, num_classes: len(set(labels.tolist())) < num_classes),
        Range("one example", lambda labels, num_classes: len(labels) == 1),
    ],
    mistakes=[
        Mistake("labels from 1", lambda t, c: _rows(t - 1, c),
                "The ones stand beside their place. Where does the numbering of the classes begin?"),
        Mistake("shifted", lambda t, c: _rows((t + 1) % c, c),
                "The ones stand beside their place. Where does the numbering of the classes begin?"),
        Mistake("classes of the batch", lambda t, c: _rows(t, t.max() + 1),
                "A batch need not hold every class, and the rows have an entry for each of them all the same. Which "
                "argument says how many classes there are?"),
        Mistake("always ten", lambda t, c: _rows(t, 10),
                "Digits have ten classes, and other data have others. Which argument says how many?"),
        Mistake("label in the place of 1", lambda t, c: _rows(t, c) * t[:, None],
                "The place says which class it is; what stands there is the same for every class, also for class 0."),
        Mistake("every label in every row", lambda t, c: np.tile(_rows(t, c).max(0), (len(t), 1)),
                "Every row holds the labels of the whole batch. An example has one label: which rows did the index "
                "reach?"),
        Mistake("0 and 1 exchanged", lambda t, c: 1 - _rows(t, c),
                "The 1 marks the right class, and the others are 0."),
        Mistake("-1 elsewhere", lambda t, c: 2 * _rows(t, c) - 1,
                "The other classes get 0 here: the row is read as probabilities."),
        Mistake("classes as rows", lambda t, c: _rows(t, c).T, "Every example is one row, every class one column."),
        Mistake("last example missing", lambda t, c: np.append(_rows(t[:-1], c), np.zeros((1, c)), 0),
                "The last row is empty. Where does the loop over the examples end?"),
    ],
)  # fmt: skip


def _standardise_cases():
    train = np.array([[1.5, 4.0, -1.0], [3.0, 0.5, 2.0]])
    test = np.array([[2.0, 6.5, 1.0], [-3.5, 0.25, 5.0]])
    two = Case("two examples in each set", {"train": train, "test": test})
    kinds = every_kind(two, Case("two other examples in each", {"train": 2 - train[::-1], "test": test[::-1] + 0.5}))
    pixels = np.array([[0.0, 0.5, 1.0, 0.0], [0.0, 0.25, 0.75, 0.0], [0.0, 1.0, 1.0, 0.5]])
    return [
        *kinds[:2],
        Case("one test example", {"train": train, "test": test[:1]}),
        Case("more test examples than training examples", {"train": train[:1], "test": np.tile(test, (2, 1)) + 1}),
        Case("pictures with a black border", {"train": pixels, "test": pixels[::-1] / 2}),
        Case("a mean far from 0", {"train": train + 20, "test": test + 21}),
        Case("little spread", {"train": train / 1000, "test": test / 1000}),
        Case("large numbers", {"train": 1e5 * train, "test": 1e5 * test}),
        *kinds[2:],
    ]


def _spread(train, test):
    return train.std()


def _by(mean, deviation):
    """Both sets by the same two numbers."""
    return lambda a, b: ((a - mean(a, b)) / deviation(a, b), (b - mean(a, b)) / deviation(a, b))


def _mean(a, b):
    return a.mean()


def _both(a, b):
    return np.concatenate([a, b])


standardise = Question(
    "standardise", reference_call("standardise"), _standardise_cases, outputs=("new_train", "new_test"),
    number="2", ranges=[
        Range("a mean far from 0", lambda train, test: abs(train.mean()) > 5 * train.std()),
        Range("a mean near 0", lambda train, test: abs(train.mean()) < 2 * train.std()),
        Range("little spread", lambda train, test: _spread(train, test) < 0.01),
        Range("larger than float16 can hold", lambda train, test: abs(train).max() > 65504),
        Range("one test example", lambda train, test: len(test) == 1),
        Range("a column that is always the same", lambda train, test: len(train) > 1 and (np.ptp(train, 0) == 0).any()),
    ],
    mistakes=[
        Mistake("each by its own", lambda a, b: ((a - a.mean()) / a.std(), (b - b.mean()) / b.std()),
                "The test set was measured by itself. A net that is asked about one new picture has no set to measure: "
                "it goes on with the two numbers that training has used."),
        Mistake("both together", _by(lambda a, b: _both(a, b).mean(), lambda a, b: _both(a, b).std()),
                "The mean and the spread come from both sets together. What is known of the test set before the test?"),
        Mistake("by the test set", _by(lambda a, b: b.mean(), lambda a, b: b.std()),
                "The two numbers come from the test set. Which of the sets may they come from?"),
        Mistake("column by column", _by(lambda a, b: a.mean(0), lambda a, b: a.std(0)),
                "Every column got numbers of its own. The task asks for one mean and one deviation of all pixels."),
        Mistake("row by row", lambda a, b: tuple((v - v.mean(1, keepdims=True)) / v.std(1, keepdims=True)
                                                 for v in (a, b)),
                "Every example got numbers of its own. The task asks for one mean and one deviation of all pixels."),
        Mistake("variance", _by(_mean, lambda a, b: a.var()),
                "The variance is a square: its unit is not that of the pixels. Which step is left?"),
        Mistake("N - 1", _by(_mean, lambda a, b: a.std(ddof=1)),
                "The mean of the squares goes over all numbers; here one less was counted. Small sets show it."),
        Mistake("mean not subtracted", lambda a, b: (a / a.std(), b / a.std()),
                "The spread is 1, but the numbers do not lie around 0 yet."),
        Mistake("not divided", lambda a, b: (a - a.mean(), b - a.mean()),
                "The numbers lie around 0, but their spread is still the old one."),
        Mistake("test left as it is", lambda a, b: ((a - a.mean()) / a.std(), b),
                "The net will see both sets through the same weights. The test set has to go through the same step."),
        Mistake("from 0 to 1", _by(lambda a, b: a.min(), lambda a, b: np.ptp(a)),
                "This brings all numbers between 0 and 1. Here the mean should become 0 and the deviation 1."),
        Mistake("constant added", tuple(_by(_mean, lambda a, b, c=c: a.std() + c) for c in (0.1, 0.01, 1e-3, 1e-4)),
                "A constant in the divisor shows where the spread is small. It is never 0 here."),
        Mistake("mean of the test set", lambda a, b: ((a - a.mean()) / a.std(), (b - b.mean()) / a.std()),
                "The test set was moved by its own mean. Which of the sets may the two numbers come from?"),
    ],
)  # fmt: skip


def _minibatch_cases():
    x = np.array([[0.5, 1.0], [2.5, -3.0], [4.0, 5.5], [-6.0, 7.0], [8.0, -9.5]])
    labels, order = np.array([3, 1, 4, 0, 2]), np.array([4, 0, 3, 1, 2])

    def case(kind, size, number, n=5):
        inputs = {"x": x[:n], "labels": labels[:n], "order": order[order < n]}
        return Case(kind, inputs | {"batch_size": size, "number": number})

    first = case("the first of three", 2, 0)
    other = {**first.inputs, "x": x[::-1] - 0.25, "labels": labels[::-1], "order": order[::-1]}
    return [
        *every_kind(first, Case("the first of other ones", other))[:2],
        case("the one in the middle", 2, 1),
        case("the last one, which is smaller", 2, 2),
        case("the last one of an even number", 2, 1, n=4),
        case("one batch for all", 5, 0),
        case("fewer examples than a batch may have", 7, 0),
        case("one example each", 1, 3),
        Case("large numbers", {**first.inputs, "x": 1e5 * x}),
        *every_kind(first, Case("the first of other ones", other))[2:],
    ]


def _batch(x, t, rows, n, size):
    return x[rows], t[rows], -(-n // size)


minibatch = Question(
    "minibatch", reference_call("minibatch"), _minibatch_cases, outputs=("x_batch", "labels_batch", "count"),
    number="3", ranges=[
        Range("the first one", lambda x, labels, order, batch_size, number: number == 0 and batch_size < len(x)),
        Range("in the middle", lambda x, labels, order, batch_size, number: 0 < number < len(x) // batch_size - 1),
        Range("a smaller last one", lambda x, labels, order, batch_size, number: number > 0
              and (number + 1) * batch_size > len(x)),
        Range("a batch size that divides the examples", lambda x, labels, order, batch_size, number:
              len(x) % batch_size == 0 and 1 < batch_size < len(x)),
        Range("fewer examples than a batch may have", lambda x, labels, order, batch_size, number: batch_size > len(x)),
        Range("larger than float16 can hold", lambda x, labels, order, batch_size, number: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("order ignored", lambda x, t, order, size, k:
                _batch(x, t, np.arange(len(t))[k * size : (k + 1) * size], len(t), size),
                "The examples come in the order in which they are stored. `order` says which comes first."),
        Mistake("labels not in order", lambda x, t, order, size, k:
                (x[order[k * size : (k + 1) * size]], t[k * size : (k + 1) * size], -(-len(t) // size)),
                "The pictures are picked by `order`, and the labels are not: each picture gets the label of another."),
        Mistake("rounded down", lambda x, t, order, size, k:
                (*_batch(x, t, order[k * size : (k + 1) * size], len(t), size)[:2], len(t) // size),
                "The examples that are left over for a smaller mini-batch are one more mini-batch."),
        Mistake("one too many", lambda x, t, order, size, k:
                (*_batch(x, t, order[k * size : (k + 1) * size], len(t), size)[:2], len(t) // size + 1),
                "Where the size divides the number of examples, nothing is left over for one more mini-batch."),
        Mistake("numbers from 1", lambda x, t, order, size, k:
                _batch(x, t, order[max(k - 1, 0) * size : max(k, 1) * size], len(t), size),
                "The mini-batch before was taken. Where does `number` begin to count?"),
        Mistake("order turned round", lambda x, t, order, size, k:
                _batch(x, t, np.argsort(order)[k * size : (k + 1) * size], len(t), size),
                "`order` was read the wrong way round. Its first entry is the number of the example that comes first."),
        Mistake("number as the start", lambda x, t, order, size, k: _batch(x, t, order[k : k + size], len(t), size),
                "The mini-batches overlap. How many examples have the mini-batches before this one used up?"),
        Mistake("every n-th", lambda x, t, order, size, k:
                _batch(x, t, order[k :: -(-len(t) // size)], len(t), size),
                "A mini-batch is made of neighbours in `order`, not of examples that lie a step apart in it."),
        Mistake("filled up", lambda x, t, order, size, k:
                _batch(x, t, np.take(order, range(k * size, (k + 1) * size), mode="wrap"), len(t), size),
                "The last mini-batch was filled up with examples from the beginning. It is smaller."),
        Mistake("filled up from the end", lambda x, t, order, size, k:
                _batch(x, t, order[max(0, min(k * size, len(t) - size)) :][:size], len(t), size),
                "The last mini-batch was filled up with examples that were there already. It is smaller."),
        Mistake("sorted", lambda x, t, order, size, k:
                _batch(x, t, np.sort(order[k * size : (k + 1) * size]), len(t), size),
                "The right examples are there, and not in the order in which `order` names them."),
        Mistake("last one missing", lambda x, t, order, size, k:
                _batch(x, t, order[k * size : (k + 1) * size - 1], len(t), size),
                "An example is missing at the end. In Python the end of a slice is not part of it."),
    ],
)  # fmt: skip
