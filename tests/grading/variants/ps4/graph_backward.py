"""Question 6 as students write it: the way back through a graph."""

import numpy as np

from tests.grading.variants.expects import expects


def into(edges, slopes, n):
    """Return for each node its inputs, with the slopes."""
    inputs = [[] for _ in range(n)]
    for (start, end), slope in zip(edges.tolist(), slopes.tolist(), strict=True):
        inputs[end].append((start, slope))
    return inputs


def walk(edges, slopes, order, nodes=None, first=1.0):
    """Return the right answer, or that of a walk along other nodes."""
    inputs, gradients = into(edges, slopes, len(order)), np.zeros(len(order))
    gradients[order[-1]] = first
    for node in order[::-1].tolist() if nodes is None else nodes:
        for start, slope in inputs[node]:
            gradients[start] += gradients[node] * slope
    return gradients


@expects("not added")
def wrong_not_added(edges, slopes, order):
    """= in the place of +=."""
    inputs, gradients = into(edges, slopes, len(order)), np.zeros(len(order))
    gradients[order[-1]] = 1
    for node in order[::-1].tolist():
        for start, slope in inputs[node]:
            gradients[start] = gradients[node] * slope
    return gradients


@expects("first use only")
def wrong_first_use(edges, slopes, order):
    """A value that has a gradient gets no other one."""
    seen, kept = set(), []
    for number, start in enumerate(edges[:, 0].tolist()):
        if start not in seen:
            kept.append(number)
            seen.add(start)
    return walk(edges[kept], slopes[kept], order)


@expects("same edge once")
def wrong_fancy_index(edges, slopes, order):
    """A += with an array of places, which adds only once at each."""
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    by_end = {}
    for number, end in enumerate(edges[:, 1].tolist()):
        by_end.setdefault(end, []).append(number)
    for node in order[::-1].tolist():
        if node in by_end:
            some = by_end[node]
            gradients[edges[some, 0]] += gradients[node] * slopes[some]
    return gradients


@expects("slopes alone")
def wrong_slopes_alone(edges, slopes, order):
    """What comes in is forgotten."""
    inputs, gradients = into(edges, slopes, len(order)), np.zeros(len(order))
    gradients[order[-1]] = 1
    for node in order[::-1].tolist():
        for start, slope in inputs[node]:
            gradients[start] += slope
    return gradients


@expects("one step back")
def wrong_one_step(edges, slopes, order):
    """Only the inputs of the result."""
    return walk(edges, slopes, order, [int(order[-1])])


@expects("slopes added")
def wrong_slopes_added(edges, slopes, order):
    """Slopes are added along a way."""
    inputs, gradients = into(edges, slopes, len(order)), np.zeros(len(order))
    gradients[order[-1]] = 1
    for node in order[::-1].tolist():
        for start, slope in inputs[node]:
            gradients[start] += gradients[node] + slope
    return gradients


@expects("result is 0")
def wrong_no_start(edges, slopes, order):
    """The gradient of the result is not set."""
    return walk(edges, slopes, order, first=0.0)


@expects("order ignored")
def wrong_by_number(edges, slopes, order):
    """By the names of the nodes, from the largest on."""
    return walk(edges, slopes, order, range(len(order) - 1, -1, -1))


@expects("order ignored")
def wrong_by_number_upwards(edges, slopes, order):
    """By the names of the nodes, from 0 on."""
    return walk(edges, slopes, order, range(len(order)))


@expects("mean of the uses")
def wrong_mean(edges, slopes, order):
    """The mean of the uses."""
    uses = np.bincount(edges[:, 0], minlength=len(order))
    return walk(edges, slopes / uses[edges[:, 0]], order)


@expects("edges turned round")
def wrong_turned(edges, slopes, order):
    """The edges are read the wrong way round."""
    return walk(edges[:, ::-1], slopes, order)


@expects("sign")
def wrong_sign(edges, slopes, order):
    """Downhill."""
    return walk(edges, slopes, order, first=-1.0)


@expects("recursion")
def wrong_recursive(edges, slopes, order):
    """A function that calls itself for each use."""
    inputs, gradients = into(edges, slopes, len(order)), np.zeros(len(order))

    def visit(node, gradient):
        gradients[node] += gradient
        for start, slope in inputs[node]:
            visit(start, gradient * slope)

    visit(int(order[-1]), 1.0)
    return gradients


@expects("in place")
def wrong_in_place(edges, slopes, order):
    """The slopes are multiplied in place."""
    found = walk(edges, slopes, order)
    slopes *= 2
    return found


def wrong_in_the_order(edges, slopes, order):
    """In the order of the walk, and not by the nodes' numbers."""
    return walk(edges, slopes, order)[order]


def right_walk(edges, slopes, order):
    """The walk."""
    return walk(edges, slopes, order)


def right_who_uses_me(edges, slopes, order):
    """Each node asks those who use it."""
    users = [[] for _ in order]
    for (start, end), slope in zip(edges.tolist(), slopes.tolist(), strict=True):
        users[start].append((end, slope))
    gradients = [0.0] * len(order)
    last = int(order[-1])
    for node in reversed(order.tolist()):
        own = 1.0 if node == last else 0.0
        gradients[node] = own + sum(slope * gradients[end] for end, slope in users[node])
    return np.array(gradients)


def right_sorted_edges(edges, slopes, order):
    """All edges, sorted by when their end has its turn."""
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    for number in np.argsort(-place[edges[:, 1]], kind="stable").tolist():
        start, end = edges[number]
        gradients[start] += slopes[number] * gradients[end]
    return gradients


def right_add_at(edges, slopes, order):
    """All edges of a node at once, with np.add.at."""
    by_end = [[] for _ in order]
    for number, end in enumerate(edges[:, 1].tolist()):
        by_end[end].append(number)
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    for node in order[::-1]:
        if by_end[node]:
            np.add.at(gradients, edges[by_end[node], 0], gradients[node] * slopes[by_end[node]])
    return gradients


def right_float32(edges, slopes, order):
    """In float32."""
    gradients = np.zeros(len(order), np.float32)
    gradients[order[-1]] = 1
    inputs = into(edges, np.float32(slopes), len(order))
    for step in range(len(order)):
        node = order[-1 - step]
        for start, slope in inputs[node]:
            gradients[start] += gradients[node] * np.float32(slope)
    return gradients
