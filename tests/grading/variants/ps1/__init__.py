"""Answers to ps1 as students write them, a file a question: `wrong_...` and `right_...`."""

from course.checks import activations as check
from course.grading.hidden import activations as hidden

ASSIGNMENT = "ps1_activations"

__all__ = ["ASSIGNMENT", "check", "hidden"]
