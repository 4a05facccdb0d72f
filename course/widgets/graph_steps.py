"""The steps through a graph: forward node by node, backward edge by edge, each with its numbers and its words."""

from dataclasses import dataclass, field

import numpy as np

from course.widgets.graph_rules import contribution, digits, rule, rule_of_arrays, said, shape_of, symbol


@dataclass
class Step:
    """What one step does: `node` gets a value, or `node` sends `part` to its input `to`; `total` is what that has now.

    phase: "start", "forward", "seed" or "backward". gradients: {place: sum so far} after the step; done: places whose
    gradient is complete.
    """

    phase: str
    node: int = -1
    operand: int = -1
    to: int = -1
    part: object = None
    before: object = None
    gradients: dict = field(default_factory=dict)
    done: frozenset = frozenset()


def steps(graph, values):
    """All steps, from the variables to the last gradient; values: of each node, a float or an array."""
    nodes = graph.nodes
    operations = [place for place, node in enumerate(nodes) if node.op]
    found = [Step("start"), *(Step("forward", place) for place in operations)]
    result = operations[-1]
    gradients, done = {result: np.ones(np.shape(values[result]))}, {result}
    found.append(Step("seed", result, gradients=dict(gradients), done=frozenset(done)))
    waiting = [sum(node.inputs.count(place) for node in nodes) for place in range(len(nodes))]  # edges still to come
    for place in reversed(operations):
        node, operands = nodes[place], operand_values(nodes[place], values)
        for operand, to in enumerate(node.operands):
            if not isinstance(to, int):
                continue
            part = contribution(node, operand, operands, gradients[place])
            before = gradients.get(to)
            gradients[to] = part if before is None else before + part
            waiting[to] -= 1
            if waiting[to] == 0:
                done.add(to)
            found.append(Step("backward", place, operand, to, part, before, dict(gradients), frozenset(done)))
    return found


def operand_values(node, values):
    """What the operation calculates with: values of nodes, and its numbers."""
    return [values[one] if isinstance(one, int) else one for one in node.operands]


def formula(graph, place):
    """An operation in words: "q = x + y", "h = relu(q2)"."""
    node = graph.nodes[place]
    parts = [graph.nodes[one].name if isinstance(one, int) else digits(one) for one in node.operands]
    return f"{node.name} = {_written(node, parts)}"


def _written(node, parts):
    if node.op == "neg":
        return f"−{parts[0]}"
    if node.op == "**":
        return f"{parts[0]}^{parts[1]}"
    if len(parts) == 2 and node.op != "max":
        return f" {symbol(type(node)('', node.op))} ".join(parts)
    return f"{node.op}({', '.join(parts)})"


def forward_words(graph, values, place):
    """(line for the picture, sentence) of a forward step."""
    node, value = graph.nodes[place], values[place]
    operands = operand_values(node, values)
    line = f"{formula(graph, place)} = {said(value)}"
    if _arrays(operands, value):
        return line, f"{line}. Shapes: {_shapes(operands)} in, {shape_of(value) or 'a number'} out."
    parts = [digits(one) if k == 0 and node.op not in ("neg", "**") else _bracketed(one)
             for k, one in enumerate(operands)]  # fmt: skip
    with_numbers = _written(node, parts)
    return f"{formula(graph, place)} = {with_numbers} = {said(value)}", f"{line}."


def _bracketed(value):
    text = digits(value)
    return f"({text})" if text.startswith("−") else text


def _shapes(operands):
    return " and ".join(shape_of(one) or "a number" for one in operands)


def _arrays(operands, value):
    return any(np.ndim(one) for one in [*operands, value])


def backward_words(graph, values, step, upstream, is_open=True):
    """(line for the picture, sentences) of a backward step; without numbers that are not to be seen yet."""
    node, result = graph.nodes[step.node], graph.nodes[-1].name
    to, operands = graph.nodes[step.to].name, operand_values(node, values)
    chain = f"∂{result}/∂{node.name} · ∂{node.name}/∂{to}"
    if _arrays(operands, values[step.node]):
        words = rule_of_arrays(node, step.operand, operands, values[step.node], upstream)
        line = f"∂{result}/∂{to} = {said(step.gradients[step.to])}" if np.size(step.part) <= 4 else ""
        return line or f"∂{result}/∂{to}: {shape_of(step.part)}", [
            f"Rule of {symbol(node)}: {words}.", f"{to} gets {said(step.part)}{_sum(step)}."
        ]  # fmt: skip
    local = contribution(node, step.operand, operands)
    if not is_open:
        return f"{chain} = upstream {said(upstream)} × local ?", [
            f"Your turn: what does {to} get? Upstream is {said(upstream)}; the rule of {symbol(node)} says the rest."
        ]
    line = f"{chain} = {said(upstream)} × {_bracketed(local)} = {said(step.part)}"
    words = rule(node, step.operand, operands, values[step.node])
    equals = f" = {said(local)}" if set("×÷^²") & set(words) else ""
    return line, [f"Local: {words}{equals}. Upstream × local = {said(upstream)} × {_bracketed(local)} = "
                  f"{said(step.part)}{_sum(step)}."]  # fmt: skip


def _sum(step):
    if step.before is None:
        return ""
    return f". Gradients add: {said(step.before)} + {said(step.part)} = {said(step.gradients[step.to])}"
