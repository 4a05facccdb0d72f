"""Hidden graphs: random ones, whose nodes are called in random ways, chains, values that are used again."""

import numpy as np

from course.checks.backprop.formulas import an_order
from course.checks.backprop.graphs import LONG, chain, faults
from course.checks.kinds import every_kind
from course.checks.record import Case
from course.grading.hidden.backprop.numbers import some
from course.grading.hidden.draw import drawn

# as drawn by hand: the nodes in an order in which they can be computed
DIAMOND = [[0, 1], [0, 2], [1, 3], [2, 3], [0, 3]]
MIDDLE = [[0, 1], [1, 2], [1, 3], [2, 4], [3, 4], [1, 4]]
SQUARE = [[0, 1], [0, 1], [1, 2], [1, 2]]
LONG_WAY = [[0, 1], [1, 2], [2, 3], [3, 4], [0, 4], [1, 4]]


def _renamed(rng, edges, n):
    """(edges in random order between nodes that have other names, the old order in new names).

    The names are neither sorted nor sorted backwards along the graph: who goes by them is wrong.
    """
    edges = np.array(edges)
    while True:
        names = rng.permutation(n)
        named = names[edges][rng.permutation(len(edges))]
        rises = named[:, 0] < named[:, 1]
        if len(set(map(tuple, named.tolist()))) == 1 or 0 < rises.mean() < 1:
            return named, names


def _random(rng, n, uses=2):
    """Edges of a random graph: each node has one to three inputs among those before it, one node is no input."""
    edges = [[int(start), end] for end in range(1, n) for start in rng.integers(0, end, rng.integers(1, uses + 2))]
    used = {start for start, _ in edges}
    return edges + [[node, n - 1] for node in range(n - 1) if node not in used]


@drawn
def topological_order(rng):
    """Chains, diamonds, random graphs, one of ten thousand nodes."""

    def case(kind, edges, n):
        return Case(kind, {"edges": _renamed(rng, edges, n)[0], "n": n})

    while True:
        one, other = (case(kind, [*MIDDLE, [0, 4]], 5) for kind in ("used again in the middle", "another graph"))
        if _tells(one, one.inputs["edges"].T.reshape(-1, 2)) and _tells(one, other.inputs["edges"]):
            break
    kinds = every_kind(one, other)
    long = np.stack([np.arange(LONG - 1), np.arange(1, LONG)], axis=1)
    return [
        case("a chain of six", chain(6, np.arange(6)), 6),
        case("two nodes", [[0, 1]], 2),
        *kinds[:2],
        case("a value that is used three times", DIAMOND, 4),
        case("twice by the same node", SQUARE, 3),
        case("a short and a long way", LONG_WAY, 5),
        case("nodes that nobody uses", [[1, 3], [2, 3], [2, 4]], 6),
        *(case(f"a random graph of {n} nodes", _random(rng, n), n) for n in (8, 13, 30)),
        case("a chain of ten thousand", long, LONG),
        *kinds[2:],
    ]


def _tells(case, edges):
    """Does the case tell that somebody has sorted these edges in place of its own?"""
    return bool(faults(case.inputs["edges"], case.inputs["n"], an_order(edges, case.inputs["n"])))


@drawn
def graph_backward(rng):
    """Random slopes on chains, diamonds and random graphs; values that are used again; nodes without a way."""

    def case(kind, edges, n, scale=1.0, names=None):
        named, order = _renamed(rng, edges, n) if names is None else names
        return Case(kind, {"edges": named, "slopes": scale * some(rng, len(named)), "order": order})

    same = _renamed(rng, MIDDLE, 5)
    kinds = every_kind(case("a value in the middle that is used three times", MIDDLE, 5, names=same),
                       case("other slopes", MIDDLE, 5, names=same), ["slopes"])  # fmt: skip
    numbers = rng.permutation(LONG)
    ones = np.where(rng.random(LONG - 1) < 0.5, 2.0, 0.5) * rng.choice([-1.0, 1.0], LONG - 1)
    ones[1::2] = 1 / ones[: LONG - 2 : 2]  # no gradient grows or fades: 9 999 of them
    return [
        case("one edge", [[0, 1]], 2),
        case("a chain of five", chain(5, np.arange(5)), 5),
        case("used twice by the same node", [[0, 1], [0, 1]], 2),
        case("squared again and again", SQUARE, 3),
        case("a value that is used three times", DIAMOND, 4),
        *kinds[:2],
        case("a short and a long way", LONG_WAY, 5),
        case("a node without a way to the result", [[0, 1], [0, 2], [2, 4], [3, 4]], 5),
        *(case(f"a random graph of {n} nodes", _random(rng, n), n, 0.6) for n in (8, 13)),
        case("large numbers", MIDDLE, 5, 1e5),
        Case("a chain of ten thousand", {"edges": chain(LONG, numbers), "slopes": ones, "order": numbers}),
        *kinds[2:],
    ]
