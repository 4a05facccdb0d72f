"""Ten students of ps2. What they write is what students write; see the stories."""

from course.grading.samples import Sample
from course.notebooks.canonical import dumps

QUESTIONS = ("one-hot", "standardise", "minibatch", "softmax-loss", "add-l2", "momentum-step", "one-layer",
             "two-layer-forward", "two-layer-backward", "train", "sanity-ladder")  # fmt: skip
EVERY_TEST = tuple(f"{name}-test" for name in QUESTIONS)
EMPTY = dict.fromkeys([*QUESTIONS, "written"])


def _nothing_for(tests):
    return dict.fromkeys(tests, 0.0)


def _cut(notebook):
    """The upload broke off in the middle of question 9."""
    text = dumps(notebook)
    return text[: text.index("def train(") + 20]


STUDENTS = {
    "ada": Sample("everything right"),
    "blaise": Sample(
        "everything right, written with loops, and with functions of one's own in another cell's answer",
        {
            "one-hot": """def one_hot(labels, num_classes):
    out = np.zeros((len(labels), num_classes))
    for n, label in enumerate(labels):
        out[n, label] = 1
    return out""",
            "softmax-loss": """def softmax_loss(logits, labels):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    y = one_hot(labels, logits.shape[1])
    return -(log_p * y).sum() / len(labels), (np.exp(log_p) - y) / len(labels)""",
            "one-layer": """def one_layer(x, labels, weight, bias):
    logits = x @ weight.T + bias
    loss, grad = softmax_loss(logits, labels)
    return logits, loss, grad.T @ x, grad.sum(axis=0)""",
            "train": """def train(x, labels, weight, bias, order, batch_size, learning_rate, momentum):
    v, u, losses = np.zeros(weight.shape), np.zeros(bias.shape), []
    for epoch in order:
        number, count = 0, 1
        while number < count:
            some, theirs, count = minibatch(x, labels, epoch, batch_size, number)
            _, loss, grad_weight, grad_bias = one_layer(some, theirs, weight, bias)
            weight, v = momentum_step(weight, grad_weight, v, learning_rate, momentum)
            bias, u = momentum_step(bias, grad_bias, u, learning_rate, momentum)
            losses.append(loss)
            number += 1
    return np.array(losses), weight, bias""",
        },
    ),
    "carl": Sample(
        "right, but noisy: prints, and warnings on stderr, must cost nothing",
        {
            "standardise": """import warnings

def standardise(train, test):
    print("mean", train.mean())
    warnings.warn("I hope this is the training set")
    return (train - np.mean(train)) / np.std(train), (test - np.mean(train)) / np.std(train)""",
        },
    ),
    "dora": Sample(
        "the test set by its own numbers, and the last mini-batch left out",
        {
            "standardise": """def standardise(train, test):
    return (train - train.mean()) / train.std(), (test - test.mean()) / test.std()""",
            "minibatch": """def minibatch(x, labels, order, batch_size, number):
    rows = order[number * batch_size : (number + 1) * batch_size]
    return x[rows], labels[rows], len(x) // batch_size""",
        },
        {"standardise-test": 1.0, "minibatch-test": 1.45},
    ),
    "emil": Sample(
        "loss and gradient that do not agree, a velocity that is not kept",
        {
            "softmax-loss": """def softmax_loss(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels] + 1e-9).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)""",
            "add-l2": """def add_l2(loss, grad_weight, grad_bias, weight, bias, strength):
    return loss + strength * np.sum(weight**2), grad_weight + strength * weight, grad_bias""",
            "momentum-step": """def momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    return parameter - learning_rate * (momentum * velocity + gradient), velocity""",
        },
        {"softmax-loss-test": 2.91, "add-l2-test": 1.4, "momentum-step-test": 1.0},
    ),
    "flora": Sample("handed in the sheet as it was", EMPTY, _nothing_for(EVERY_TEST)),
    "georg": Sample(
        "ran out of time after question 7",
        dict.fromkeys([*QUESTIONS[7:], "written"]),
        _nothing_for(EVERY_TEST[7:]),
    ),
    "hedy": Sample(
        "answers that are no answers: nothing returned, a list, a typo, a loop without end",
        {
            "one-hot": "def one_hot(labels, num_classes):\n    out = np.eye(num_classes)[labels]",
            "minibatch": "def minibatch(x, labels, order, batch_size, number):\n    return [x, labels]",
            "one-layer": "def one_layer(x, labels, weight, bias):\n    return X @ weight.T + bias",
            "train": "def train(x, labels, weight, bias, order, batch_size, learning_rate, momentum):\n"
            "    while True:\n        pass",
        },
        _nothing_for(["one-hot-test", "minibatch-test", "one-layer-test", "train-test"]),
    ),
    "ivan": Sample(
        "the ReLU is forgotten on the way back, and trained in place",
        {
            "two-layer-backward": """def two_layer_backward(x, labels, w1, b1, w2, b2):
    hidden = np.maximum(x @ w1.T + b1, 0)
    loss, g = softmax_loss(hidden @ w2.T + b2, labels)
    below = g @ w2
    return loss, below.T @ x, below.sum(axis=0), g.T @ hidden, g.sum(axis=0)""",
            "momentum-step": """def momentum_step(parameter, gradient, velocity, learning_rate, momentum):
    velocity *= momentum
    velocity += gradient
    parameter -= learning_rate * velocity
    return parameter, velocity""",
        },
        {"two-layer-backward-test": 2.56, "momentum-step-test": 0.0},
    ),
    "kurt": Sample(
        "the file is cut in the middle: what can be read counts", marks=_nothing_for(EVERY_TEST[9:]), mangle=_cut
    ),
}
