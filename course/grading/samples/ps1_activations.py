"""Twelve students of ps1. What they write is what students write; see the stories."""

from course.grading.samples import Sample
from course.notebooks.canonical import dumps

QUESTIONS = ("neuron", "linear", "linear-backward", "relu", "relu-backward", "sigmoid", "tanh-backward", "softplus",
             "softmax", "cross-entropy", "softmax-cross-entropy-backward")  # fmt: skip
EVERY_TEST = tuple(f"{name}-test" for name in QUESTIONS)
EMPTY = dict.fromkeys([*QUESTIONS, "written"])


def _nothing_for(tests):
    return dict.fromkeys(tests, 0.0)


def _cut(notebook):
    """The upload broke off in the middle of question 9."""
    text = dumps(notebook)
    return text[: text.index("def softmax(") + 20]


def _without_outputs(notebook):
    """Another editor dropped outputs, counts and language."""
    notebook.metadata = {}
    for cell in notebook.cells:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _delete_answer(notebook):
    """The cell with the answer to ReLU is gone."""
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "relu"]
    return notebook


STUDENTS = {
    "ada": Sample("everything right"),
    "blaise": Sample(
        "everything right, written with loops and other formulas",
        {
            "linear": """def linear(x, weight, bias):
    out = np.zeros((x.shape[0], weight.shape[0]))
    for n in range(x.shape[0]):
        for j in range(weight.shape[0]):
            out[n, j] = sum(x[n, i] * weight[j, i] for i in range(x.shape[1])) + bias[j]
    return out""",
            "sigmoid": """def sigmoid(x):
    return 0.5 * (1 + np.tanh(x / 2))""",
            "softplus": """def softplus(x):
    return np.logaddexp(0, x)""",
            "softmax": """def softmax(logits):
    rows = []
    for row in logits:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)""",
        },
    ),
    "carl": Sample(
        "right, but noisy: prints, and warnings on stderr, must cost nothing",
        {
            "relu": """import warnings

def relu(x):
    print("relu of", x.shape)
    warnings.warn("I am not sure about this")
    return np.where(x > 0, x, 0)""",
            "sigmoid": """def sigmoid(x):
    return 1 / (1 + np.exp(-x))""",
        },
    ),
    "dora": Sample(
        "softmax over the wrong axis, and the sum instead of the mean",
        {
            "softmax": """def softmax(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)""",
            "cross-entropy": """def cross_entropy(probs, labels):
    return -np.sum(np.log(probs[range(len(labels)), labels]))""",
        },
        {"softmax-test": 0.0, "cross-entropy-test": 0.25},  # the sum is the mean where there is one example
    ),
    "emil": Sample(
        "tried everything, no answer is quite right",
        {
            "neuron": "def neuron(x, weight, bias):\n    z = x @ weight\n    return z, int(z > 0)",
            "linear": "def linear(x, weight, bias):\n    return x @ weight + bias",
            "linear-backward": "def linear_backward(grad_output, x, weight):\n"
            "    return grad_output @ weight, x.T @ grad_output, grad_output.mean(axis=0)",
            "relu": "def relu(x):\n    x[x < 0] = 0\n    return x",
            "relu-backward": "def relu_backward(grad_output, x):\n    return np.maximum(grad_output, 0)",
            "sigmoid": "def sigmoid(x):\n    return np.exp(x) / (1 + np.exp(x))",
            "tanh-backward": "def tanh_backward(grad_output, y):\n    return grad_output * (1 - np.tanh(y) ** 2)",
            "softplus": "def softplus(x):\n    return np.log(1 + np.exp(x))",
            "softmax": "def softmax(logits):\n    e = np.exp(logits)\n    return e / e.sum(axis=1, keepdims=True)",
            "cross-entropy": "def cross_entropy(probs, labels):\n    return -np.log(probs[:, labels]).mean()",
            "softmax-cross-entropy-backward": "def softmax_cross_entropy_backward(probs, labels):\n"
            "    probs[np.arange(len(labels)), labels] -= 1\n    return probs / len(labels)",
        },
        # the cases that happen to come out right count: most for answers that only overflow
        dict(zip(EVERY_TEST, [0.86, 0.06, 1.06, 0.08, 0.0, 1.78, 0.08, 1.78, 2.31, 0.5, 0.0], strict=True)),
    ),
    "flora": Sample("handed in the sheet as it was", EMPTY, _nothing_for(EVERY_TEST)),
    "georg": Sample(
        "ran out of time after question 5",
        dict.fromkeys([*QUESTIONS[5:], "written"]),
        _nothing_for(EVERY_TEST[5:]),
    ),
    "hedy": Sample(
        "five answers that are no answers: nothing returned, a text, a list, a typo, a number",
        {
            "neuron": "def neuron(x, weight, bias):\n    z = x @ weight + bias",
            "linear": "def linear(x, weight, bias):\n    return 'x times W'",
            "relu": "def relu(x):\n    return [max(0, v) for v in x.ravel()]",
            "sigmoid": "def sigmoid(x):\n    return 1 / (1 + np.exp(-X))",
            "softmax": "def softmax(logits):\n    return 1.0",
        },
        _nothing_for(["neuron-test", "linear-test", "relu-test", "sigmoid-test", "softmax-test"]),
    ),
    "ivan": Sample("right, saved by an editor that drops outputs and metadata", mangle=_without_outputs),
    "jana": Sample("deleted the cell with an answer", marks=_nothing_for(["relu-test"]), mangle=_delete_answer),
    "kurt": Sample(
        "the file is cut in the middle: what can be read counts", marks=_nothing_for(EVERY_TEST[8:]), mangle=_cut
    ),
    "lise": Sample(
        "a syntax error in one answer, an early sys.exit in another",
        {
            "tanh-backward": "def tanh_backward(grad_output, y)\n    return grad_output * (1 - y**2)",
            "softplus": "import sys\n\ndef softplus(x):\n    sys.exit(0)",
        },
        _nothing_for(["tanh-backward-test", "softplus-test"]),
    ),
}
