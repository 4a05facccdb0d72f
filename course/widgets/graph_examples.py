"""Graphs to start from, for `GraphStepper`.

Slides: intro-ann-028, icme-s2-026, icme-s2-027, icme-s2-033, icme-s2-034, icme-s2-037.
"""

EXAMPLES = {
    "(x + y) z": "x = -2; y = 5; z = -4; q = x + y; f = q * z",
    "(x + y + 1) r": "x = -2; y = 5; r = 3; q = x + y; z = q + 1; f = z * r",
    "maximum of two branches": "w1 = 2; x1 = 3; w2 = -1; x2 = 4; x3 = 1; F = max(w1 * x1 + w2 * x2, x3)",
    "w used twice: gradients add": "w = 3; x1 = 2; x2 = 5; F = (w * x1) * (w * x2)",
    "sigmoid neuron, piece by piece":
        "w1 = 2; x1 = -1; w2 = -3; x2 = -2; b = -3; z = w1 * x1 + w2 * x2 + b; a = 1 / (1 + exp(-z))",
    "neuron and loss": "x = 2; w = 0.5; b = -1; y = 1; z = w * x + b; a = sigmoid(z); L = (a - y)**2 / 2",
    "a long derivative": "x = 3; f = sqrt(sqrt((x - 1) * (x + 2)) + 1)",
    "a layer, with shapes":
        "x = [1, 2]; W = [[1, -1], [0.5, 1]]; b = [0, -1]; v = [1, -2]; h = relu(W @ x + b); L = (v @ h - 1)**2",
}  # fmt: skip
