"""Ten students of ps4. What they write is what students write; see the stories."""

from course.grading.samples import Sample
from course.notebooks.canonical import dumps

QUESTIONS = ("sum-to", "binary-backward", "unary-backward", "matmul-backward", "topological-order", "graph-backward",
             "gradient-check", "value")  # fmt: skip
EVERY_TEST = tuple(f"{name}-test" for name in QUESTIONS)
EMPTY = dict.fromkeys([*QUESTIONS, "written"])


def _nothing_for(tests):
    return dict.fromkeys(tests, 0.0)


def _cut(notebook):
    """The upload broke off in the middle of question 7."""
    text = dumps(notebook)
    return text[: text.index("def gradient_check(") + 30]


# only what is added and multiplied, with numbers on the right
HALF_A_CLASS = '''class Value:
    def __init__(self, data, inputs=(), rule=None):
        self.data = np.array(data, dtype=float)
        self.grad = np.zeros(self.data.shape)
        self.inputs, self.rule = inputs, rule

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other),
                     lambda g: (sum_to(g, self.data.shape), sum_to(g, other.data.shape)))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other),
                     lambda g: binary_backward("*", g, self.data, other.data))

    def tanh(self):
        return Value(np.tanh(self.data), (self,), lambda g: (unary_backward("tanh", g, self.data, 0),))

    def backward(self, gradient=1.0):
        if gradient is not None:
            self.own = gradient * np.ones(self.data.shape)
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for one in value.inputs:
                    visit(one)
                order.append(value)

        visit(self)
        for value in order[:-1]:
            value.own = 0
        for value in order[::-1]:
            value.grad = value.grad + value.own
            if value.inputs:
                for one, part in zip(value.inputs, value.rule(value.own)):
                    one.own = one.own + part


def chain(x, steps):
    for _ in range(steps):
        x = x + 1
    return x'''

STUDENTS = {
    "ada": Sample("everything right"),
    "blaise": Sample(
        "everything right, written with loops, and with functions of one's own in another cell's answer",
        {
            "sum-to": """def sum_to(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return np.array(gradient)""",
            "binary-backward": """def binary_backward(op, gradient, a, b):
    gradient = np.asarray(gradient, dtype=float)
    to_a = gradient * (b if op == "*" else 1 if op == "+" else np.asarray(a) > b)
    to_b = gradient * (a if op == "*" else 1 if op == "+" else np.asarray(b) > a)
    return sum_to(to_a, np.shape(a)), sum_to(to_b, np.shape(b))""",
            "graph-backward": """def graph_backward(edges, slopes, order):
    users = {int(node): [] for node in order}
    for (start, end), slope in zip(edges.tolist(), slopes):
        users[start].append((end, slope))
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    for node in order[:-1][::-1].tolist():
        gradients[node] = sum(slope * gradients[end] for end, slope in users[node])
    return gradients""",
        },
    ),
    "carl": Sample(
        "right, but noisy: prints, and warnings on stderr, must cost nothing",
        {
            "matmul-backward": """import warnings

def matmul_backward(gradient, a, b):
    print("shapes", gradient.shape, a.shape, b.shape)
    warnings.warn("I hope this is the right order")
    return gradient @ b.T, a.T @ gradient""",
        },
    ),
    "dora": Sample(
        "the order of factors as on a slide, and an order of the nodes that a long chain breaks",
        {
            "matmul-backward": "def matmul_backward(gradient, a, b):\n    return gradient @ b.T, gradient @ a.T",
            "topological-order": """def topological_order(edges, n):
    inputs = [[] for _ in range(n)]
    for start, end in edges.tolist():
        inputs[end].append(start)
    order, done = [], set()
    def visit(node):
        if node not in done:
            done.add(node)
            for start in inputs[node]:
                visit(start)
            order.append(node)
    for node in range(n):
        visit(node)
    return np.array(order)""",
        },
        {"matmul-backward-test": 0.26, "topological-order-test": 3.74},
    ),
    "emil": Sample(
        "gradients that take each other's place",
        {
            "graph-backward": """def graph_backward(edges, slopes, order):
    gradients = np.zeros(len(order))
    gradients[order[-1]] = 1
    place = np.argsort(order)
    for k in np.argsort(-place[edges[:, 1]], kind="stable"):
        start, end = edges[k]
        gradients[start] = gradients[end] * slopes[k]
    return gradients""",
            "unary-backward": """def unary_backward(op, gradient, x, exponent):
    if op == "relu":
        return gradient * (gradient > 0)
    if op == "tanh":
        return gradient * (1 - np.tanh(x))
    if op == "exp":
        return gradient * np.exp(x)
    if op == "log":
        return gradient / x
    return gradient * exponent * x ** (exponent - 1.0)""",
        },
        {"graph-backward-test": 0.89, "unary-backward-test": 1.25},
    ),
    "flora": Sample("handed in the sheet as it was", EMPTY, _nothing_for(EVERY_TEST)),
    "georg": Sample(
        "ran out of time after question 5",
        dict.fromkeys([*QUESTIONS[5:], "written"]),
        _nothing_for(EVERY_TEST[5:]),
    ),
    "hedy": Sample(
        "answers that are no answers: nothing returned, a list, a typo, a loop without end",
        {
            "sum-to": "def sum_to(gradient, shape):\n    gradient.sum()",
            "matmul-backward": "def matmul_backward(gradient, a, b):\n    return [gradient @ b.T]",
            "graph-backward": "def graph_backward(edges, slopes, order):\n    return np.zeros(len(nodes))",
            "gradient-check": "def gradient_check(x, targets, weight, gradient, step):\n    while True:\n        pass",
        },
        _nothing_for(["sum-to-test", "matmul-backward-test", "graph-backward-test", "gradient-check-test"]),
    ),
    "ivan": Sample(
        "half of the class is there; it calls the functions of earlier answers, and itself",
        {"value": HALF_A_CLASS},
        {"value-test": 2.89},
    ),
    "kurt": Sample(
        "the file is cut in the middle: what can be read counts", marks=_nothing_for(EVERY_TEST[6:]), mangle=_cut
    ),
}
