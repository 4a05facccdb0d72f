"""A graph as plain data: an order in which everything can be computed, and gradients that add up on the way back."""

import numpy as np

from course.checks.backprop.formulas import an_order, backward, depth_first
from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

# (x + y + 1) r of the lecture: x, y, q, 1, z, r, f are nodes 4, 0, 6, 2, 3, 1, 5
DECK = np.array([[4, 6], [0, 6], [6, 3], [2, 3], [3, 5], [1, 5]])
LONG = 10_000


def chain(n, numbers):
    """A chain of `n` nodes as edges (n - 1, 2): numbers (n,) says how its nodes are called."""
    return np.stack([numbers[:-1], numbers[1:]], axis=1)


def faults(edges, n, order):
    """The sentence that says why `order` is no topological order of the graph, or ""."""
    if not np.array_equal(np.sort(order), np.arange(n)):
        lost = sorted(set(range(n)).difference(order.tolist()))  # n entries, and not all nodes: one is missing
        return f"Node {lost[0]} is not in the order."
    place = np.empty(n, int)
    place[order] = np.arange(n)
    bad = np.flatnonzero(place[edges[:, 0]] >= place[edges[:, 1]])
    if len(bad):
        start, end = edges[bad[0]]
        return f"Node {end} comes before node {start}, and needs it as an input."
    return ""


def nearest(inputs, got, expected):
    """(the order that an answer is compared with, why it is wrong or ""): any right order is its own measure."""
    if type(got) is not np.ndarray or got.shape != np.shape(expected) or got.dtype.kind not in "iuf":
        return expected, ""
    whole = np.round(got.astype(np.float64))
    if not np.isfinite(whole).all() or abs(whole).max(initial=0) > 2**40:
        return expected, ""
    fault = faults(inputs["edges"], inputs["n"], whole.astype(int))
    if not fault:
        return whole, ""
    return expected, fault


def _order_cases():
    def case(kind, edges, n):
        return Case(kind, {"edges": np.array(edges), "n": n})

    twice = [[3, 1], [1, 0], [1, 0], [0, 2], [3, 2]]
    kinds = every_kind(case("a value that is used twice", twice, 4),
                       case("another graph", [[0, 2], [2, 3], [2, 3], [3, 1], [0, 1]], 4))  # fmt: skip
    return [
        case("two nodes", [[1, 0]], 2),
        case("a chain of four", [[2, 0], [0, 3], [3, 1]], 4),
        case("(x + y + 1) r of the lecture", DECK, 7),
        *kinds[:2],
        case("a short and a long way", [[3, 0], [3, 4], [4, 2], [2, 1], [1, 0]], 5),
        case("inputs that come last in the list", [[0, 1], [2, 0], [3, 2], [4, 3]], 5),
        case("a node that nobody uses", [[2, 0], [1, 0]], 4),
        case("a chain of ten thousand", chain(LONG, np.random.default_rng(0).permutation(LONG)), LONG),
        *kinds[2:],
    ]


def _is_chain(edges, n):
    return len(edges) == n - 1 and len(set(edges[:, 0].tolist())) == len(edges)


def _breadth_first(edges, n):
    """From the beginnings on, each node when it is met first."""
    order = sorted(set(range(n)).difference(edges[:, 1].tolist()))
    seen = set(order)
    after = {}
    for start, end in edges.tolist():
        after.setdefault(start, []).append(end)
    for node in order:
        for end in after.get(node, ()):
            if end not in seen:
                seen.add(end)
                order.append(end)
    return np.array(order)


topological_order = Question(
    "topological_order", lambda edges, n: an_order(edges, n).astype(np.float64), _order_cases, nearest=nearest,
    number="5", ranges=[
        Range("a chain", lambda edges, n: _is_chain(edges, n) and n < 100),
        Range("a long chain", lambda edges, n: n >= LONG),
        Range("a value that is used twice", lambda edges, n: len(set(edges[:, 0].tolist())) < len(edges)),
        Range("twice by the same node", lambda edges, n: len(set(map(tuple, edges.tolist()))) < len(edges)),
        Range("a node that nobody uses", lambda edges, n: len(set(edges.ravel().tolist())) < n),
    ],
    mistakes=[
        Mistake("reversed", (lambda e, n: an_order(e, n)[::-1], lambda e, n: depth_first(e, n)[::-1],
                             lambda e, n: an_order(e[:, ::-1], n), lambda e, n: depth_first(e[:, ::-1], n)),
                "This is the order of the way back: the result comes first. Here every node must find its inputs "
                "before itself."),
        Mistake("by number", (lambda e, n: np.arange(n), lambda e, n: np.arange(n)[::-1]),
                "The numbers of the nodes are names, no more. Which node can be computed first?"),
        Mistake("when first met", _breadth_first,
                "A node was taken as soon as one of its inputs was there. All of them must be."),
        Mistake("only nodes with inputs", lambda e, n: np.unique(e[:, 1]),
                "Nodes without inputs are nodes as well: they come first."),
        Mistake("a node each use", lambda e, n: e.ravel(),
                "A node comes once, however often it is used."),
        Mistake("lonely nodes left out", lambda e, n: an_order(e, n)[np.isin(an_order(e, n), e)],
                "A node that no edge names is still a node of the graph. Which argument says how many there are?"),
    ],
)  # fmt: skip


def _backward_cases():
    def case(kind, edges, slopes, order):
        return Case(kind, {"edges": np.array(edges), "slopes": np.array(slopes), "order": np.array(order)})

    middle = np.array([[3, 1], [1, 0], [1, 4], [0, 2], [4, 2]])
    kinds = every_kind(
        case("a value in the middle that is used twice", middle, [1.5, 0.5, -2.5, 3.25, 0.75], [3, 1, 4, 0, 2]),
        case("other slopes and another order", middle, [-0.5, 1.25, 2.5, 0.5, -1.75], [3, 1, 0, 4, 2]),
        ["slopes"],
    )
    numbers = np.random.default_rng(1).permutation(LONG)
    return [
        case("one edge", [[1, 0]], [2.5], [1, 0]),
        case("a chain of four", [[2, 0], [0, 3], [3, 1]], [0.5, -1.5, 3.5], [2, 0, 3, 1]),
        case("(x + y + 1) r of the lecture", DECK, [1.0, 1, 1, 1, 3, 4], [4, 0, 6, 2, 3, 1, 5]),
        case("max(w1 x1 + w2 x2, x3) of the lecture",
             [[0, 5], [1, 5], [2, 6], [3, 6], [5, 7], [6, 7], [7, 8], [4, 8]], [3.0, 2, 4, -1, 1, 1, 1, 0],
             [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        case("used twice by the same node", [[1, 0], [1, 0]], [2.5, 1.25], [1, 0]),
        *kinds[:2],
        case("a short and a long way", [[3, 0], [3, 4], [4, 2], [2, 1], [1, 0]], [0.5, 1.5, -2.0, 0.25, 3.0],
             [3, 4, 2, 1, 0]),
        case("a node without a way to the result", [[2, 0], [2, 3], [1, 0]], [1.5, 2.5, -0.5], [1, 2, 3, 0]),
        case("large numbers", middle, [1e5, 0.5, -2.5, 2e5, 0.75], [3, 1, 4, 0, 2]),
        case("a chain of ten thousand", chain(LONG, numbers), np.resize([2.0, 0.5, -1.0, 1.0], LONG - 1), numbers),
        *kinds[2:],
    ]  # fmt: skip


def _uses(edges, **rest):
    return np.bincount(edges[:, 0])


def _local(edges, slopes, order):
    """Only slopes, never multiplied by what comes in."""
    return backward(edges, slopes, order, path=lambda upstream, slope: slope)


def _direct(edges, slopes, order):
    """One edge away from the result."""
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    into = edges[:, 1] == order[-1]
    np.add.at(gradients, edges[into, 0], slopes[into])
    return gradients


def _changed_order(change):
    """The walk in another order, which starts at the right node."""

    def walk(edges, slopes, order):
        into = [[] for _ in order]
        for number, (first, end) in enumerate(edges.tolist()):
            into[end].append((first, slopes[number]))
        gradients = np.zeros(len(order))
        gradients[order[-1]] = 1
        for node in change(order.tolist()):
            for first, slope in into[node]:
                gradients[first] += gradients[node] * slope
        return gradients

    return walk


def _first_way(edges, slopes, order):
    """The first use alone counts."""
    seen, used = set(), []
    for number, (first, _) in enumerate(edges.tolist()):
        if first not in seen:
            seen.add(first)
            used.append(number)
    return backward(edges[used], slopes[used], order)


def _once_each(edges, slopes, order):
    """Two uses by the same node count as one."""
    last = {tuple(edge): number for number, edge in enumerate(edges.tolist())}
    used = sorted(last.values())
    return backward(edges[used], slopes[used], order)


def _mean(edges, slopes, order):
    """Divided by the number of uses."""
    uses = np.maximum(np.bincount(edges[:, 0], minlength=len(order)), 1)
    return backward(edges, slopes / uses[edges[:, 0]], order)


graph_backward = Question(
    "graph_backward", backward, _backward_cases, tolerance=GRADIENT_TOLERANCE,
    number="6", ranges=[
        Range("a chain", lambda edges, slopes, order: _is_chain(edges, len(order)) and len(order) < 100),
        Range("a long chain", lambda edges, slopes, order: len(order) >= LONG),
        Range("a value that is used twice", lambda edges, slopes, order: _uses(edges).max() > 1),
        Range("twice by the same node", lambda edges, slopes, order:
              len(set(map(tuple, edges.tolist()))) < len(edges)),
        Range("no way to the result", lambda edges, slopes, order: not backward(edges, slopes, order).all()),
        Range("larger than float16 can hold", lambda edges, slopes, order: abs(slopes).max() > 65504),
    ],
    mistakes=[
        Mistake("not added", lambda e, s, o: backward(e, s, o, add=False),
                "A value that is used twice gets a gradient from each use. The second one has taken the place of the "
                "first."),
        Mistake("first use only", _first_way,
                "A value that is used twice gets a gradient from each use. Here only the first use counts."),
        Mistake("same edge once", _once_each,
                "A node can use the same value twice, as x times x does. Then there are two edges with the same two "
                "ends, and both count."),
        Mistake("slopes alone", _local,
                "The slope of an edge says what happens along this edge. Multiply it by what comes in from behind."),
        Mistake("one step back", _direct,
                "Only the inputs of the result got a gradient. Does the walk begin at the result, and what do its "
                "inputs hand on?"),
        Mistake("slopes added", lambda e, s, o: backward(e, s, o, path=lambda upstream, slope: upstream + slope),
                "Along a way slopes multiply. What adds up are the ways."),
        Mistake("result is 0", lambda e, s, o: backward(e, s, o, start=0.0),
                "Everything is 0. By how much does the result change if it is changed itself?"),
        Mistake("order ignored", (_changed_order(lambda order: sorted(order)[::-1]), _changed_order(sorted)),
                "The nodes were visited by their numbers, which are names and no more. Who is visited must have got "
                "all its gradients before."),
        Mistake("mean of the uses", _mean,
                "The gradients of several uses add up; here their mean was taken."),
        Mistake("edges turned round", lambda e, s, o: backward(e[:, ::-1], s, o),
                "The edges were read the wrong way round: the first number is the input, the second the node that uses "
                "it."),
        Mistake("sign", lambda e, s, o: backward(e, s, o, start=-1.0),
                "All signs are turned round. Which gradient does the result itself get?"),
    ],
)  # fmt: skip
