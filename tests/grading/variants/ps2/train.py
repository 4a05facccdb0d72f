"""Question 9 as students write it: a whole training of a net of one layer, with SGD and momentum."""

import numpy as np

from tests.grading.variants.expects import expects


def _surprises(z, t):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(t)), t]


def _delta(z, t):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    out = e / e.sum(axis=1, keepdims=True)
    out[np.arange(len(t)), t] -= 1
    return out


def _gradients(x, t, weight, bias):
    g = _delta(x @ weight.T + bias, t) / len(t)
    return g.T @ x, g.sum(axis=0)


def _loss(x, t, weight, bias):
    return _surprises(x @ weight.T + bias, t).mean()


def _batches(order, batch_size):
    for epoch in order:
        for start in range(0, len(epoch), batch_size):
            yield epoch[start : start + batch_size]


def _run(x, labels, weight, bias, batches, rate, momentum, gradients=_gradients):
    v, u, losses = 0.0, 0.0, []
    for rows in batches:
        losses.append(_loss(x[rows], labels[rows], weight, bias))
        grad_weight, grad_bias = gradients(x[rows], labels[rows], weight, bias)
        v, u = momentum * v + grad_weight, momentum * u + grad_bias
        weight, bias = weight - rate * v, bias - rate * u
    return np.array(losses), weight, bias


@expects("last batch dropped")
def wrong_last_batch_dropped(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """What is left over is not used."""
    full = [rows for rows in _batches(order, batch_size) if len(rows) == batch_size]
    return _run(x, labels, weight, bias, full, learning_rate, momentum)


@expects("share of a full batch")
def wrong_share_of_a_full_batch(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The smaller mini-batch is divided by the size of the others."""

    def gradients(x, t, weight, bias):
        g = _delta(x @ weight.T + bias, t) / batch_size
        return g.T @ x, g.sum(axis=0)

    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum, gradients)


@expects("share of all")
def wrong_share_of_all(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Divided by the number of all examples."""

    def gradients(xs, t, weight, bias):
        g = _delta(xs @ weight.T + bias, t) / len(x)
        return g.T @ xs, g.sum(axis=0)

    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum, gradients)


@expects("no 1/N")
def wrong_gradient_of_the_sum(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The gradients are those of a sum."""

    def gradients(x, t, weight, bias):
        g = _delta(x @ weight.T + bias, t)
        return g.T @ x, g.sum(axis=0)

    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum, gradients)


@expects("order ignored")
def wrong_order_ignored(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The examples are taken as they are stored, in every epoch."""
    stored = np.tile(np.arange(len(x)), (len(order), 1))
    return _run(x, labels, weight, bias, _batches(stored, batch_size), learning_rate, momentum)


@expects("one order for all epochs")
def wrong_first_order_only(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The first row is used again and again."""
    again = np.repeat(order[:1], len(order), axis=0)
    return _run(x, labels, weight, bias, _batches(again, batch_size), learning_rate, momentum)


@expects("one epoch")
def wrong_one_epoch(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The return stands inside the loop over the epochs."""
    return _run(x, labels, weight, bias, _batches(order[:1], batch_size), learning_rate, momentum)


@expects("no momentum")
def wrong_no_momentum(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Plain SGD."""
    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, 0.0)


@expects("from rest in each epoch")
def wrong_from_rest_in_each_epoch(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The velocities are made inside the loop over the epochs."""
    losses = []
    for epoch in order:
        batches = _batches(epoch[None], batch_size)
        found, weight, bias = _run(x, labels, weight, bias, batches, learning_rate, momentum)
        losses.extend(found)
    return np.array(losses), weight, bias


@expects("uphill")
def wrong_uphill(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The steps are added."""
    return _run(x, labels, weight, bias, _batches(order, batch_size), -learning_rate, momentum)


@expects("loss after the step")
def wrong_loss_after_the_step(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Each loss is that of the weights after the step."""
    v, u, losses = 0.0, 0.0, []
    for rows in _batches(order, batch_size):
        grad_weight, grad_bias = _gradients(x[rows], labels[rows], weight, bias)
        v, u = momentum * v + grad_weight, momentum * u + grad_bias
        weight, bias = weight - learning_rate * v, bias - learning_rate * u
        losses.append(_loss(x[rows], labels[rows], weight, bias))
    return np.array(losses), weight, bias


@expects("bias stays")
def wrong_bias_stays(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Only the weights learn."""

    def gradients(x, t, weight, bias):
        return _gradients(x, t, weight, bias)[0], 0 * bias

    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum, gradients)


@expects("list")
def wrong_list_of_losses(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The losses are returned as a list."""
    losses, weight, bias = _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum)
    return losses.tolist(), weight, bias


@expects("tuple")
def wrong_no_losses(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The losses are not returned."""
    return _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum)[1:]


@expects("in place")
def wrong_in_place(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The weights that were handed in are trained."""
    losses, new_weight, new_bias = _run(
        x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum
    )
    weight[:], bias[:] = new_weight, new_bias
    return losses, weight, bias


@expects("shape")
def wrong_one_loss_an_epoch(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The losses are averaged in each epoch."""
    losses, weight, bias = _run(x, labels, weight, bias, _batches(order, batch_size), learning_rate, momentum)
    return np.array([part.mean() for part in np.array_split(losses, 2 * len(order))]), weight, bias


def wrong_labels_not_in_order(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Only the pictures are put in order."""
    losses, v, u = [], 0.0, 0.0
    for epoch in order:
        for start in range(0, len(epoch), batch_size):
            xs, ts = x[epoch[start : start + batch_size]], labels[start : start + batch_size]
            losses.append(_loss(xs, ts, weight, bias))
            grad_weight, grad_bias = _gradients(xs, ts, weight, bias)
            v, u = momentum * v + grad_weight, momentum * u + grad_bias
            weight, bias = weight - learning_rate * v, bias - learning_rate * u
    return np.array(losses), weight, bias


def right_formula(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """Two loops and the formulas of the questions before."""
    v, u, losses = np.zeros(weight.shape), np.zeros(bias.shape), []
    for epoch in order:
        for start in range(0, len(epoch), batch_size):
            rows = epoch[start : start + batch_size]
            losses.append(_loss(x[rows], labels[rows], weight, bias))
            grad_weight, grad_bias = _gradients(x[rows], labels[rows], weight, bias)
            v, u = momentum * v + grad_weight, momentum * u + grad_bias
            weight, bias = weight - learning_rate * v, bias - learning_rate * u
    return np.array(losses), weight, bias


def right_one_loop(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """One loop over all steps, with the bias as one more column."""
    epochs, n = order.shape
    count = -(-n // batch_size)
    wide, both = np.hstack([x, np.ones((n, 1))]), np.hstack([weight, bias[:, None]])
    velocity, losses = np.zeros(both.shape), np.empty(epochs * count)
    for step in range(epochs * count):
        epoch, number = divmod(step, count)
        rows = order[epoch, number * batch_size :][:batch_size]
        z = wide[rows] @ both.T
        losses[step] = np.mean(_surprises(z, labels[rows]))
        velocity = momentum * velocity + _delta(z, labels[rows]).T @ wide[rows] / len(rows)
        both = both - learning_rate * velocity
    return losses, both[:, :-1], both[:, -1]


def right_float32(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """In float32."""
    x, weight, bias = (v.astype(np.float32) for v in (x, weight, bias))
    rate, momentum = np.float32(learning_rate), np.float32(momentum)
    return _run(x, labels, weight, bias, _batches(order, batch_size), rate, momentum)


def right_in_place_on_copies(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    """The data are put in order first, parameters are copies that change."""
    parameters = [np.array(weight, dtype=float), np.array(bias, dtype=float)]
    velocities, losses = [np.zeros_like(p) for p in parameters], []
    for epoch in order:
        shuffled_x, shuffled_labels = x[epoch], labels[epoch]
        while len(shuffled_x):
            now_x, shuffled_x = shuffled_x[:batch_size], shuffled_x[batch_size:]
            now, shuffled_labels = shuffled_labels[:batch_size], shuffled_labels[batch_size:]
            losses.append(_loss(now_x, now, *parameters))
            for p, v, g in zip(parameters, velocities, _gradients(now_x, now, *parameters), strict=True):
                v *= momentum
                v += g
                p -= learning_rate * v
    return np.asarray(losses), *parameters


class _Trainer:
    """As in courses with a Solver class."""

    def __call__(self, x, labels, weight, bias, order, batch_size, learning_rate, momentum):
        self.weight, self.bias, self.v, self.u = 1.0 * weight, 1.0 * bias, 0.0, 0.0
        self.rate, self.momentum = learning_rate, momentum
        return [np.array([self.step(x[r], labels[r]) for r in _batches(order, batch_size)]), self.weight, self.bias]

    def step(self, x, labels):
        loss = _loss(x, labels, self.weight, self.bias)
        one, other = _gradients(x, labels, self.weight, self.bias)
        self.v, self.u = self.momentum * self.v + one, self.momentum * self.u + other
        self.weight, self.bias = self.weight - self.rate * self.v, self.bias - self.rate * self.u
        return loss


right_object = _Trainer()
