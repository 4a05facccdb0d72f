"""The formulas of the known mistakes, and the walks through a graph that PyTorch has no function for."""

import numpy as np


def sum_to(gradient, shape):
    """Sum over the axes along which something of `shape` was repeated."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=ones, keepdims=True).reshape(shape)


def followers(edges, n):
    """For each node the nodes it is an input of, one for each use."""
    found = [[] for _ in range(n)]
    for start, end in edges.tolist():
        found[start].append(end)
    return found


def an_order(edges, n):
    """A topological order (n,): whoever has all its inputs comes next."""
    after, waits = followers(edges, n), np.bincount(edges[:, 1].astype(int), minlength=n).tolist()
    ready, order = [node for node in range(n) if not waits[node]], []
    for node in ready:
        order.append(node)
        for follower in after[node]:
            waits[follower] -= 1
            if not waits[follower]:
                ready.append(follower)
    return np.array(order)


def depth_first(edges, n):
    """Another topological order (n,): the inputs of a node right before it, as far as they are not there yet."""
    before, done, order = followers(edges[:, ::-1], n), [False] * n, []
    for root in range(n):
        waiting = [(root, False)]
        while waiting:
            node, ready = waiting.pop()
            if ready:
                order.append(node)
            elif not done[node]:
                done[node] = True
                waiting.append((node, True))
                waiting.extend((other, False) for other in reversed(before[node]) if not done[other])
    return np.array(order)


def backward(edges, slopes, order, *, start=1.0, add=True, path=lambda upstream, slope: upstream * slope):
    """The gradient (N,) of the last node in `order` by each node, with a place for each mistake."""
    into = [[] for _ in order]
    for number, (first, end) in enumerate(edges.tolist()):
        into[end].append((first, slopes[number]))
    gradients = np.zeros(len(order))
    gradients[order[-1]] = start
    for node in reversed(order.tolist()):
        for first, slope in into[node]:
            gradients[first] = path(gradients[node], slope) + (gradients[first] if add else 0)
    return gradients


def neuron_loss(x, targets, weight):
    """The mean of (tanh(x @ weight) - targets)², a number."""
    return ((np.tanh(x @ weight) - targets) ** 2).mean()


def measured(x, targets, weight, step, loss=neuron_loss):
    """Centred differences of a loss, one for each weight (D,)."""
    steps = step * np.eye(len(weight))
    return np.array([(loss(x, targets, weight + s) - loss(x, targets, weight - s)) / (2 * step) for s in steps])
