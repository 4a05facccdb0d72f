"""Answers to ps3 as students write them, a file a question: `wrong_...` and `right_...`."""

from course.checks import convolution as check
from course.grading.hidden import convolution as hidden

ASSIGNMENT = "ps3_convolution"

__all__ = ["ASSIGNMENT", "check", "hidden"]
