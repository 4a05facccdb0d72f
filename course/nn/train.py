"""The training loop: shuffle, cut into mini-batches, step. Slides: cmu-l10-040, cmu-l10-043."""

import numpy as np

from course.nn.optim import SGD


def minibatches(n, batch_size, rng):
    """Yield index arrays that cover 0..n-1 once, in random order; the last one may be smaller."""
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def accuracy(model, x, labels, batch_size=2000):
    """Share of examples whose largest logit is at the label. Runs in pieces, so that memory stays small."""
    right = sum(
        (model.predict(x[start : start + batch_size]) == labels[start : start + batch_size]).sum()
        for start in range(0, len(x), batch_size)
    )
    return right / len(x)


def confusion_matrix(labels, predictions, num_classes=10):
    """Count the examples of class i (row) that were called j (column). Returns (C, C) integers."""
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    return counts


def train(model, x, labels, *, epochs, batch_size=64, lr=0.1, momentum=0.0, seed=0, callback=None):
    """Train `model` in place with SGD on the mean cross-entropy.

    x: (N, D), labels: (N,). `lr`, the learning rate, is how far a step goes; it is multiplied by 0.1 for the last
    fifth of the steps, to settle. `momentum` is the part of the last step that is kept.
    `callback(step, steps, loss)` is called after every step; it may return True to stop early.
    Returns the loss of every mini-batch, as an array.
    """
    rng = np.random.default_rng(seed)
    optimizer = SGD(model.parameters, lr, momentum)
    per_epoch = -(-len(x) // batch_size)  # rounded up: the last batch counts too
    steps, losses = epochs * per_epoch, []
    for _ in range(epochs):
        for batch in minibatches(len(x), batch_size, rng):
            if len(losses) == steps - steps // 5:
                optimizer.lr *= 0.1
            loss, gradients, _ = model.loss_and_gradients(x[batch], labels[batch], of_input=False)
            optimizer.step(gradients)
            losses.append(loss)
            if callback is not None and callback(len(losses), steps, loss):
                return np.array(losses)
    return np.array(losses)
