"""Question 5 as students write it: each node after all its inputs."""

import numpy as np

from tests.grading.variants.expects import expects


def kahn(edges, n):
    """Return the right answer as a list: who waits for nobody comes next."""
    users, waits = [[] for _ in range(n)], [0] * n
    for start, end in edges.tolist():
        users[start].append(end)
        waits[end] += 1
    order = [node for node in range(n) if not waits[node]]
    for node in order:
        for user in users[node]:
            waits[user] -= 1
            if not waits[user]:
                order.append(user)
    return order


@expects("reversed")
def wrong_reversed(edges, n):
    """The order of the way back."""
    return np.array(kahn(edges, n)[::-1])


@expects("reversed")
def wrong_edges_turned(edges, n):
    """The edges are read the wrong way round."""
    return np.array(kahn(edges[:, ::-1], n))


@expects("by number")
def wrong_by_number(edges, n):
    """The names are taken for the order."""
    return np.arange(n)


@expects("by number")
def wrong_by_number_backwards(edges, n):
    """The same from the end."""
    return np.arange(n)[::-1].copy()


@expects("when first met")
def wrong_when_met(edges, n):
    """A node comes when it is met first."""
    users = {}
    for start, end in edges.tolist():
        users.setdefault(start, []).append(end)
    order = sorted(set(range(n)) - set(edges[:, 1].tolist()))
    for node in order:
        for user in users.get(node, []):
            if user not in order[-500:]:
                order.append(user)
    return np.array(list(dict.fromkeys(order)))


@expects("only nodes with inputs")
def wrong_only_ends(edges, n):
    """Nodes without inputs are forgotten."""
    return np.unique(edges[:, 1])


@expects("a node each use")
def wrong_each_use(edges, n):
    """A node for each end of an edge."""
    return edges.ravel().copy()


@expects("lonely nodes left out")
def wrong_lonely(edges, n):
    """Nodes that no edge names are forgotten."""
    named = set(edges.ravel().tolist())
    return np.array([node for node in kahn(edges, n) if node in named])


@expects("recursion")
def wrong_recursive(edges, n):
    """A function that calls itself from node to node."""
    inputs = [[] for _ in range(n)]
    for start, end in edges.tolist():
        inputs[end].append(start)
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for one in inputs[node]:
                visit(one)
            order.append(node)

    for node in range(n):
        visit(node)
    return np.array(order)


def wrong_same_edge_once(edges, n):
    """A node that is used twice by the same one waits for ever."""
    users, waits = [set() for _ in range(n)], [0] * n
    for start, end in edges.tolist():
        users[start].add(end)
        waits[end] += 1
    order = [node for node in range(n) if not waits[node]]
    for node in order:
        for user in users[node]:
            waits[user] -= 1
            if not waits[user]:
                order.append(user)
    return np.array(order)


@expects("list")
def wrong_list(edges, n):
    """A list."""
    return kahn(edges, n)


def wrong_preorder(edges, n):
    """A node is written down before its inputs are."""
    inputs = [[] for _ in range(n)]
    for start, end in edges.tolist():
        inputs[end].append(start)
    order, seen, waiting = [], set(), list(range(n))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            waiting.extend(inputs[node])
    return np.array(order[::-1])


def wrong_places(edges, n):
    """The place of each node, and not the node at each place."""
    return np.argsort(kahn(edges, n))


def wrong_last_missing(edges, n):
    """The result itself is left out."""
    return np.array(kahn(edges, n)[:-1])


def wrong_sorted_edges(edges, n):
    """In the order in which the edges name them."""
    met = list(dict.fromkeys(edges.ravel().tolist()))
    return np.array(met + sorted(set(range(n)) - set(met)))


def right_waits_for_nobody(edges, n):
    """Who waits for nobody comes next."""
    return np.array(kahn(edges, n))


def right_stack(edges, n):
    """The same with a stack: another order."""
    users, waits = [[] for _ in range(n)], np.bincount(edges[:, 1], minlength=n)
    for start, end in edges:
        users[start].append(end)
    waiting, order = list(np.flatnonzero(waits == 0)), []
    while waiting:
        node = waiting.pop()
        order.append(int(node))
        for user in users[node]:
            waits[user] -= 1
            if waits[user] == 0:
                waiting.append(user)
    return np.array(order)


def right_depth_first(edges, n):
    """Inputs first, with a stack of what still waits."""
    inputs = [[] for _ in range(n)]
    for start, end in edges.tolist():
        inputs[end].append(start)
    order, seen = [], set()
    for root in range(n):
        waiting = [(root, iter(inputs[root]))] if root not in seen else []
        seen.add(root)
        while waiting:
            node, rest = waiting[-1]
            one = next((one for one in rest if one not in seen), None)
            if one is None:
                order.append(node)
                waiting.pop()
            else:
                seen.add(one)
                waiting.append((one, iter(inputs[one])))
    return np.array(order)


def right_last_first(edges, n):
    """The last one first: backwards over who uses whom."""
    inputs, uses = [[] for _ in range(n)], [0] * n
    for start, end in edges.tolist():
        inputs[end].append(start)
        uses[start] += 1
    order = [node for node in range(n) if not uses[node]]
    for node in order:
        for one in inputs[node]:
            uses[one] -= 1
            if not uses[one]:
                order.append(one)
    return np.array(order[::-1], dtype=np.int32)


def right_floats(edges, n):
    """Whole numbers as floats."""
    return np.array(kahn(edges, n), dtype=np.float64)
