"""The checks of ps4: from the rule of a single operation to a graph that trains a net.

Each check is a `Question`: `check.sum_to(sum_to)` in a notebook; `check.Value(Value, chain)` is asked about a class.
A graph is plain data: edges between numbered nodes. The visible cases are small; the hidden ones live with the grader.
"""

from course.checks.backprop.graphs import graph_backward, topological_order
from course.checks.backprop.measured import gradient_check
from course.checks.backprop.rules import binary_backward, matmul_backward, sum_to, unary_backward
from course.checks.backprop.value import Value
from course.checks.overview import Overview, called
from course.checks.overview import missing as sentences

QUESTIONS = (sum_to, binary_backward, unary_backward, matmul_backward, topological_order, graph_backward,
             gradient_check, Value)  # fmt: skip


def overview():
    """The table at the end: what passes, and what is missing."""
    return Overview(QUESTIONS, written=["Written question"])


def missing(*functions):
    """Sentences about what these functions call and cannot be used yet: not there, not tested, or never right."""
    return sentences(called(QUESTIONS, functions))


__all__ = [*(question.name for question in QUESTIONS), "missing", "overview"]
