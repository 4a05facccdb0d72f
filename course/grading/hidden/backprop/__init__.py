"""Hidden cases of ps4: random numbers for each rule, random graphs with values that are used again, nets of one neuron.

A case says its kind, no values. The simplest ones come first: the first that fails is the one that is reported.
"""

from course.grading.hidden.backprop.graphs import graph_backward, topological_order
from course.grading.hidden.backprop.measured import gradient_check
from course.grading.hidden.backprop.rules import binary_backward, matmul_backward, sum_to, unary_backward
from course.grading.hidden.backprop.value import Value

__all__ = ["Value", "binary_backward", "gradient_check", "graph_backward", "matmul_backward", "sum_to",
           "topological_order", "unary_backward"]  # fmt: skip
