"""Answers to ps2 as students write them, a file a question: `wrong_...` and `right_...`."""

from course.checks import mnist as check
from course.grading.hidden import mnist as hidden

ASSIGNMENT = "ps2_mnist"

__all__ = ["ASSIGNMENT", "check", "hidden"]
