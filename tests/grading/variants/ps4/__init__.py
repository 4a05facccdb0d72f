"""Answers to the questions of problem set 4."""

from course.checks import backprop as check
from course.grading.hidden import backprop as hidden

ASSIGNMENT = "ps4_backprop"

__all__ = ["ASSIGNMENT", "check", "hidden"]
