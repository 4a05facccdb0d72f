"""A step of SGD with momentum, a whole training, and the checks of one's own sanity."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.kinds import every_kind
from course.checks.mnist.formulas import loss_of_net, over, surprises
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _step_cases():
    p, g = np.array([[1.5, -2.0, 0.5], [0.25, 3.0, -1.25]]), np.array([[0.5, 1.5, -1.0], [-2.5, 0.75, 2.0]])
    v = np.array([[-1.5, 0.25, 2.0], [0.75, -0.5, 1.25]])

    def case(kind, rate, momentum, p=p, g=g, v=v):
        return Case(kind, {"parameter": np.array(p), "gradient": np.array(g), "velocity": np.array(v),
                           "learning_rate": rate, "momentum": momentum})  # fmt: skip

    kinds = every_kind(case("a matrix", 0.1, 0.9), case("another matrix", 0.2, 0.7, p[::-1], -g, v[:, ::-1]))
    return [
        *kinds[:2],
        case("a vector", 0.5, 0.5, p[0], g[0], v[0]),
        case("the first step", 0.1, 0.9, v=0 * v),
        case("no momentum", 0.1, 0.0),
        case("a gradient of 0", 0.2, 0.9, g=0 * g),
        case("a small learning rate", 0.01, 0.9, p / 100),
        case("a learning rate of 1", 1.0, 0.6),
        case("large numbers", 0.5, 0.9, 1e5 * p, 1e5 * g, 1e5 * v),
        *kinds[2:],
    ]


def _moved(p, velocity, rate):
    return p - rate * velocity, velocity


momentum_step = Question(
    "momentum_step", reference_call("sgd_step"), _step_cases, tolerance=GRADIENT_TOLERANCE,
    outputs=("new_parameter", "new_velocity"),
    number="6", ranges=[
        Range("the first step", lambda velocity, **rest: not velocity.any()),
        Range("no momentum", lambda momentum, **rest: momentum == 0),
        Range("much momentum", lambda momentum, **rest: 0.8 < momentum < 1),
        Range("a gradient of 0", lambda gradient, **rest: not gradient.any()),
        Range("a small learning rate", lambda learning_rate, **rest: learning_rate < 0.05),
        Range("a learning rate of 1", lambda learning_rate, **rest: learning_rate == 1),
        Range("larger than float16 can hold", lambda parameter, **rest: abs(parameter).max() > 65504),
    ],
    mistakes=[
        Mistake("uphill", lambda p, g, v, r, m: (p + r * (m * v + g), m * v + g),
                "The gradient points uphill. Learning goes the other way."),
        Mistake("no momentum", (lambda p, g, v, r, m: (p - r * g, g), lambda p, g, v, r, m: (p - r * g, m * v + g)),
                "The parameter followed the gradient alone. It follows the velocity, in which earlier gradients live "
                "on."),
        Mistake("old velocity", lambda p, g, v, r, m: (p - r * v, m * v + g),
                "The parameter was moved by the velocity from before this step. Which of the two lines comes first?"),
        Mistake("velocity not kept", lambda p, g, v, r, m: (p - r * (m * v + g), v),
                "The next step needs the velocity that this one has used, and gets the old one."),
        Mistake("rate in the velocity", (lambda p, g, v, r, m: (p - (m * v + r * g), m * v + r * g),
                                         lambda p, g, v, r, m: (p + m * v - r * g, m * v - r * g)),
                "Here the learning rate went into the velocity. There are two conventions: in the task's it multiplies "
                "the velocity when the parameter moves."),
        Mistake("average", lambda p, g, v, r, m: _moved(p, m * v + (1 - m) * g, r),
                "This is a running average of gradients. In the task's formula the new gradient counts in full."),
        Mistake("looks ahead", lambda p, g, v, r, m: (p - r * (m * (m * v + g) + g), m * v + g),
                "The momentum counts once more in the step. That is a relative of this method, named after Nesterov."),
        Mistake("velocity forgotten", lambda p, g, v, r, m: _moved(p, g * (1 + m), r),
                "What is slowed down is the velocity, and then the gradient is added to it."),
        Mistake("not slowed down", lambda p, g, v, r, m: _moved(p, v + g, r),
                "Without being slowed down the velocity only grows. What multiplies it before the gradient is added?"),
        Mistake("gradient slowed down", lambda p, g, v, r, m: _moved(p, v + m * g, r),
                "Momentum says how much of the old velocity is left. The new gradient counts in full."),
        Mistake("both slowed down", lambda p, g, v, r, m: _moved(p, m * (v + g), r),
                "Momentum says how much of the old velocity is left. The new gradient counts in full."),
        Mistake("rate and momentum exchanged", lambda p, g, v, r, m: _moved(p, r * v + g, m),
                "Two numbers between 0 and 1 have changed places. Which comes first in the `def` line?"),
        Mistake("swapped", lambda p, g, v, r, m: _moved(p, m * v + g, r)[::-1],
                "Both look right, but their order is not the one in the task."),
        Mistake("velocity subtracted", lambda p, g, v, r, m: _moved(p, m * v - g, r),
                "Here the velocity points downhill and is subtracted once more. Compare the signs of both lines with "
                "the task."),
        Mistake("no learning rate", lambda p, g, v, r, m: _moved(p, m * v + g, 1.0),
                "How far a step goes is the learning rate's to say."),
        Mistake("only the change", lambda p, g, v, r, m: (-r * (m * v + g), m * v + g),
                "This is by how much the parameter moves. Where does it stand afterwards?"),
    ],
)  # fmt: skip


def _train(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    from course import reference

    module = reference.with_parameters(weight, bias)
    losses = reference.train_in_order(module, x, labels, order, batch_size, learning_rate, momentum)
    return losses, *reference.state(module).values()


def _train_cases():
    x = np.array([[1.5, 0.5], [-1.0, 1.25], [0.25, -1.5], [2.0, -0.5], [-0.75, -1.25]])
    labels = np.array([0, 1, 2, 0, 1])
    weight, bias = np.array([[0.5, -0.25], [0.25, 0.75], [-0.5, 0.25]]), np.array([0.25, -0.5, 0.5])
    order = np.array([[3, 0, 4, 1, 2], [1, 4, 2, 0, 3], [2, 3, 0, 4, 1], [0, 2, 1, 3, 4]])

    def case(kind, epochs=2, size=2, rate=0.25, momentum=0.5, n=5, x=x, weight=weight, labels=labels, order=order):
        rows = order[:epochs]
        rows = rows[rows < n].reshape(epochs, n)
        return Case(kind, {"x": np.array(x[:n]), "labels": labels[:n], "weight": np.array(weight), "bias": bias,
                           "order": rows, "batch_size": size, "learning_rate": rate, "momentum": momentum})  # fmt: skip

    other = case("another net", x=0.5 - x, weight=weight[::-1] + 0.25, labels=labels[::-1], order=order[:, ::-1])
    kinds = every_kind(case("two epochs of three steps, the last one smaller"), other, ["x", "weight"])
    return [
        *kinds[:2],
        case("one step with all examples", 1, 5),
        case("one epoch of single examples", 1, 1),
        case("mini-batches of equal size", 3, 2, n=4),
        case("no momentum", momentum=0.0),
        case("much momentum", 3, momentum=0.9, rate=0.1),
        case("twenty steps", 4, 1, 0.1, 0.8),
        case("large numbers", 2, 3, x=7e4 * x, rate=1e-5, weight=weight / 1e5),
        *kinds[2:],
    ]


def _trained(x, t, w, b, order, size, rate, mu, *, turned=1.0, share=None, of=None, keep=True, cut=0,
             late=False, moves_bias=True, forget="never"):
    """The training, with a place for each mistake."""
    vw, vb, losses = 0 * w, 0 * b, []
    for epoch in order if of is None else of(order):
        if forget == "epoch":
            vw, vb = 0 * w, 0 * b
        for start in range(0, len(epoch) - cut * (len(epoch) % size), size):
            rows = epoch[start : start + size]
            xs, ts = x[rows], t[rows]
            losses.append(loss_of_net(xs, ts, w, b))
            g = turned * over(xs @ w.T + b, ts) / (len(rows) if share is None else share(size, len(x)))
            vw, vb = mu * vw * keep + g.T @ xs, mu * vb * keep + g.sum(0)
            w, b = w - rate * vw, b - rate * vb * moves_bias
            if late:
                losses[-1] = loss_of_net(xs, ts, w, b)
    return np.array(losses), w, b


def _with(**mistake):
    return lambda *inputs: _trained(*inputs, **mistake)


def _in_order(order):
    return [np.arange(len(row)) for row in order]


def _first(order):
    return [order[0]] * len(order)


def _left_over(order, batch_size, **rest):
    return order.shape[1] % batch_size


train = Question(
    "train", _train, _train_cases, tolerance=GRADIENT_TOLERANCE, outputs=("losses", "new_weight", "new_bias"),
    number="9", ranges=[
        Range("one step", lambda order, batch_size, **rest: len(order) == 1 and batch_size >= order.shape[1]),
        Range("several epochs", lambda order, **rest: len(order) > 1),
        Range("a smaller last mini-batch", lambda **inputs: _left_over(**inputs) > 0),
        Range("mini-batches of equal size", lambda **inputs: _left_over(**inputs) == 0),
        Range("no momentum", lambda momentum, **rest: momentum == 0),
        Range("much momentum", lambda momentum, **rest: momentum > 0.75),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("last batch dropped", _with(cut=1),
                "The examples that are left over at the end of an epoch never taught anything. The last mini-batch is "
                "smaller."),
        Mistake("share of a full batch", _with(share=lambda size, n: size),
                "The last mini-batch is smaller, and its loss is a mean over the examples that it has."),
        Mistake("share of all", _with(share=lambda size, n: n),
                "The loss of a step is a mean over the examples of its mini-batch, not over all that there are."),
        Mistake("no 1/N", _with(share=lambda size, n: 1),
                "The loss is a mean over the examples of a mini-batch, so each has only its share in the gradient."),
        Mistake("order ignored", _with(of=_in_order),
                "The examples were taken as they are stored. `order` says which come first."),
        Mistake("one order for all epochs", _with(of=_first),
                "The first epoch's order was used again. Each row of `order` belongs to one epoch."),
        Mistake("one epoch", _with(of=lambda order: order[:1]),
                "There are as many epochs as `order` has rows, and training ended after the first."),
        Mistake("no momentum", _with(keep=False),
                "Every step began from rest. What is kept of the velocity from step to step?"),
        Mistake("from rest in each epoch", _with(forget="epoch"),
                "The velocity was lost where an epoch ended. It is made once, before the first step of all."),
        Mistake("uphill", _with(turned=-1.0), "The gradient points uphill. Learning goes the other way."),
        Mistake("loss after the step", _with(late=True),
                "The weights are right. Each loss is that of a mini-batch before it has taught anything."),
        Mistake("bias stays", _with(moves_bias=False),
                "The weights have learned, the biases have not. They get a velocity and a step of their own."),
    ],
)  # fmt: skip


def _sanity_ladder(x, labels, weight, bias, learning_rate, steps):
    from course import reference

    module = reference.with_parameters(weight, bias)
    start, _ = reference.loss_and_accuracy(module, x, labels)
    everything = np.tile(np.arange(len(x)), (steps, 1))
    reference.train_in_order(module, x, labels, everything, len(x), learning_rate)
    return start, reference.loss_of_a_guess(len(bias)), *reference.loss_and_accuracy(module, x, labels)


def _ladder_cases():
    x = np.array([[1.5, 0.5, -1.0], [-1.0, 1.25, 0.25], [0.25, -1.5, 2.0], [2.0, 0.5, 1.5]])
    labels = np.array([0, 1, 2, 1])
    weight, bias = np.array([[0.5, -0.25, 0.75], [-1.0, 0.5, 0.25], [0.25, 0.5, -0.5]]), np.array([0.5, -0.25, 0.1])

    def case(kind, rate=0.25, steps=3, x=x, labels=labels, weight=weight, bias=bias):
        return Case(kind, {"x": np.array(x), "labels": np.array(labels), "weight": np.array(weight),
                           "bias": np.array(bias), "learning_rate": rate, "steps": steps})  # fmt: skip

    other = case("four other examples", 0.2, 3, x[::-1] - 0.25, [2, 0, 0, 1], -weight, bias[::-1])
    kinds = every_kind(case("four examples, three classes"), other, ["x", "weight"])
    return [
        *kinds[:2],
        case("no step", steps=0),
        case("one step", steps=1),
        case("one example", x=x[:1], labels=[2]),
        case("two classes", labels=[0, 1, 1, 0], weight=weight[:2], bias=bias[:2]),
        case("small weights at the start", 0.1, 1, weight=weight / 100, bias=bias / 100),
        case("learned by heart", 1.0, 60),
        case("large numbers", 1e-6, 3, x=7e4 * x, weight=weight / 1e5, bias=bias / 10),
        *kinds[2:],
    ]


def _ladder(x, t, w, b, rate, steps, *, classes=None, share=True, turned=1.0, moves_bias=True, total=False):
    """The ladder, with a place for each mistake."""
    start = loss_of_net(x, t, w, b)
    for _ in range(steps):
        g = turned * over(x @ w.T + b, t) / (len(t) if share else 1)
        w, b = w - rate * g.T @ x, b - rate * g.sum(0) * moves_bias
    right = (x @ w.T + b).argmax(1) == t
    n = len(t) if total else 1
    return n * start, np.log(len(b)), n * loss_of_net(x, t, w, b), right.mean()


def _climbed(**mistake):
    return lambda *inputs: _ladder(*inputs, **mistake)


LADDER = ("start", "chance", "end", "correct")


def _part(name, other):
    """The ladder with another number in one place."""

    def spoiled(*inputs):
        return tuple(other(*inputs) if part == name else value
                     for part, value in zip(LADDER, _ladder(*inputs), strict=True))  # fmt: skip

    return spoiled


def _steps_less(x, t, w, b, rate, steps):
    return _ladder(x, t, w, b, rate, max(steps - 1, 0))


sanity_ladder = Question(
    "sanity_ladder", _sanity_ladder, _ladder_cases, tolerance=GRADIENT_TOLERANCE, outputs=LADDER,
    number="10", ranges=[
        Range("no step", lambda steps, **rest: steps == 0),
        Range("one step", lambda steps, **rest: steps == 1),
        Range("many steps", lambda steps, **rest: steps > 20),
        Range("near a guess at the start", lambda x, labels, weight, bias, **rest:
              abs(loss_of_net(x, labels, weight, bias) - np.log(len(bias))) < 0.05),
        Range("far from a guess at the start", lambda x, labels, weight, bias, **rest:
              abs(loss_of_net(x, labels, weight, bias) - np.log(len(bias))) > 0.1),
        Range("one example", lambda x, **rest: len(x) == 1),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("one step less", lambda *inputs: (*_ladder(*inputs)[:2], *_steps_less(*inputs)[2:]),
                "The numbers at the end are those before the last step. When are they computed?"),
        Mistake("loss before the last step", _part("end", lambda *inputs: _steps_less(*inputs)[2]),
                "This is the loss before the last step: the one that its gradient came with. Ask the trained net once "
                "more."),
        Mistake("one step more", lambda x, t, w, b, r, n: (*_ladder(x, t, w, b, r, n)[:2],
                                                           *_ladder(x, t, w, b, r, n + 1)[2:]),
                "One step too many was made. What should happen with 0 steps?"),
        Mistake("start after training", _part("start", lambda *inputs: _ladder(*inputs)[2]),
                "`start` is the loss of the weights that were handed in, before the first step."),
        Mistake("chance of examples", _part("chance", lambda x, *rest: np.log(len(x))),
                "Whoever guesses chooses among the classes. How many there are has nothing to do with the examples."),
        Mistake("chance is a probability", _part("chance", lambda x, t, w, b, *rest: 1 / len(b)),
                "This is how often a guess is right. Which loss does it have?"),
        Mistake("always ten classes", _part("chance", lambda *inputs: np.log(10)),
                "Digits have ten classes, and other data have others. Which of the arguments knows how many?"),
        Mistake("other logarithm", (_part("chance", lambda x, t, w, b, *rest: np.log2(len(b))),
                                    _part("chance", lambda x, t, w, b, *rest: np.log10(len(b)))),
                "Use the natural logarithm, as the loss does."),
        Mistake("number of right ones", _part("correct", lambda x, *rest: _ladder(x, *rest)[3] * len(x)),
                "This counts the examples that are right. The task asks for their share."),
        Mistake("share of wrong ones", _part("correct", lambda *inputs: 1 - _ladder(*inputs)[3]),
                "This is the share of those that are wrong."),
        Mistake("correct before training", _part("correct", lambda x, t, w, b, r, n: _ladder(x, t, w, b, r, 0)[3]),
                "This is how many were right before training."),
        Mistake("no 1/N", _climbed(share=False),
                "The loss is a mean over the examples, so each example has only its share in the gradient."),
        Mistake("sum", _climbed(total=True), "Both losses are means over the examples."),
        Mistake("uphill", _climbed(turned=-1.0), "The gradient points uphill. Learning goes the other way."),
        Mistake("bias stays", _climbed(moves_bias=False),
                "The weights have learned, the biases have not. They get a step of their own."),
        Mistake("probability for share", _part("correct", lambda x, t, w, b, r, n:
                                               np.exp(-_surprises_after(x, t, w, b, r, n)).mean()),
                "This is the mean probability of the right class. The task asks how often the largest logit is there."),
    ],
)  # fmt: skip


def _surprises_after(x, t, w, b, rate, steps):
    for _ in range(steps):
        g = over(x @ w.T + b, t) / len(t)
        w, b = w - rate * g.T @ x, b - rate * g.sum(0)
    return surprises(x @ w.T + b, t)
