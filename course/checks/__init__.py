"""Checks of the assignments: a student's function in, a result record with a hint out.

One module an assignment (`course.checks.activations` is ps1). In a notebook a check shows what failed and raises;
inside `collect()` it hands its record over instead, which is how tests and the grader read it.
"""

from course.checks.deliver import CheckFailed, collect
from course.checks.notebook import follow_cells
from course.checks.record import Case, Record, Result

__all__ = ["Case", "CheckFailed", "Record", "Result", "collect"]

follow_cells()  # the notebook whose setup cell imports this
