"""The rule of each operation: how its output changes with one of its inputs, in words and as a number."""

import numpy as np

from course import nn
from course.widgets.graph_expression import APPLY

SYMBOLS = {"neg": "−", "-": "−", "*": "×", "/": "÷", "sqrt": "√", "sigmoid": "σ", "sum": "Σ"}

# of the operands a, b and the output y; a text for each operand
RULES = {
    "+": ("1", "1"),
    "-": ("1", "−1"),
    "*": ("the other factor, {other}", "the other factor, {other}"),
    "/": ("1 ÷ {b}", "−{a} ÷ {b}²"),
    "neg": ("−1",),
    "max": ("{a_wins}", "{b_wins}"),
    "relu": ("{above}",),
    "tanh": ("1 − {y}²",),
    "sigmoid": ("{y} × (1 − {y})",),
    "exp": ("the output, {plain}",),
    "log": ("1 ÷ {a}",),
    "sqrt": ("1 ÷ (2 × {y})",),
    "**": ("{b} × {a}^{less}",),
}
OF_ARRAYS = {
    "+": "passed on as it is", "-": "passed on, with its sign", "*": "times the other factor, entry by entry",
    "/": "by the rule of ÷, entry by entry", "neg": "with the other sign", "max": "to the larger one, entry by entry",
    "relu": "where the input is above 0, else 0", "@": "times the other factor, transposed",
    "sum": "to each entry alike",
}  # fmt: skip


def digits(value):
    """A number as the graph shows it: 3, -0.25, 0.2713, 1.3e-05."""
    value = float(value)
    if not np.isfinite(value):
        return str(value).replace("-", "−")
    if value == int(value) and abs(value) < 1e6:
        text = str(int(value))
    else:
        text = f"{value:.4g}" if 1e-3 <= abs(value) < 1e5 else f"{value:.1e}"
    return text.replace("-", "−")


def shape_of(value):
    """The shape, (2, 3); nothing of a number."""
    return str(np.shape(value)) if np.ndim(value) else ""


def said(value):
    """A number, or all of an array: [[1, 2], [3, 4]]."""
    return f"[{', '.join(map(said, value))}]" if np.ndim(value) else digits(value)


def bracket(value):
    """A number as it stands behind ×."""
    text = said(value)
    return f"({text})" if text.startswith("−") else text


def symbol(node):
    """What stands in the circle of an operation; a number among its operands stands with it: "+ 1"."""
    sign = SYMBOLS.get(node.op, node.op)
    numbers = [one for one in node.operands if isinstance(one, float)]
    if not numbers:
        return sign
    number = digits(numbers[0])
    if node.op == "**":
        return f"^{number}"
    if node.op == "max":
        return f"max {number}"
    return f"{sign} {number}" if isinstance(node.operands[0], int) else f"{number} {sign}"


def contribution(node, operand, operands, upstream=1.0):
    """What operand number `operand` gets: upstream times the local derivative. Its shape is that of the operand.

    operands: their values; upstream: the gradient of the output, of its shape.
    """
    values = [nn.Value(value) for value in operands]
    inputs = [one if isinstance(place, int) or node.op == "max" else number
              for one, place, number in zip(values, node.operands, operands, strict=True)]  # fmt: skip
    (APPLY[node.op](*inputs) * np.asarray(upstream, dtype=float)).sum().backward()
    return values[operand].grad


def rule(node, operand, operands, output):
    """The local derivative of numbers in words, with its numbers: "the other factor −4"."""
    a, b = operands[0], operands[-1]
    if node.op == "max":
        wins = {True: "1, it is the largest", False: "0, it is not the largest"}
        if a == b:
            return "½, both are equal"
        return wins[bool(operands[operand] == max(a, b))]
    names = {
        "other": digits(operands[1 - operand]) if len(operands) == 2 else "", "plain": digits(output),
        "a": bracket(a), "b": bracket(b), "y": bracket(output), "less": bracket(b - 1.0),
        "above": "1, the input is above 0" if a > 0 else "0, the input is not above 0",
    }  # fmt: skip
    return RULES[node.op][operand].format(**names)


def rule_of_arrays(node, operand, operands, output, upstream):
    """The same in shapes: what is multiplied with what."""
    words = OF_ARRAYS.get(node.op, "by the rule of its operation, entry by entry")
    shapes = f"{shape_of(upstream) or 'a number'} in, {shape_of(operands[operand]) or 'a number'} out"
    other = operands[1 - operand] if len(operands) == 2 else None
    if node.op == "@":
        shapes = f"{shape_of(upstream) or 'a number'} and {shape_of(other)} give {shape_of(operands[operand])}"
    elif np.shape(output) != np.shape(operands[operand]) and node.op in ("+", "-", "*", "/", "max"):
        words += ", summed where it was repeated"
    return f"{words}: {shapes}"
