"""What an instructor's notebook says around its answers: numbers of questions, and how written answers are read."""

import re

import nbformat

from course.grading.rebuild.released import RUBRIC, inside

_HEADING = re.compile(r"^## (?:Question (\w+): )?(.*?)(?: \([\d.]+ points?\))?$", re.MULTILINE)


def title(text):
    """The heading of a question in a text, without its points: "Question 4: ReLU, forward"; "" if there is none."""
    found = _HEADING.search(text)
    return f"{f'Question {found[1]}: ' if found[1] else ''}{found[2]}" if found else ""


def numbers(source):
    """Return {grade_id: number} of the answers below a heading with a number: {"cross-entropy": "10a"}.

    source: the text of the instructor's notebook.
    """
    return {name: number for name, number, _, _ in _answers(source) if number}


def rubrics(source):
    """Return {heading: rubric} of the answers that a person reads and whose source says how; see `inside`."""
    return {heading: rubric for _, _, heading, rubric in _answers(source) if rubric}


def rubrics_by_answer(source):
    """Return the same by grade_id: {"written": rubric}."""
    return {name: rubric for name, _, _, rubric in _answers(source) if rubric}


def _answers(source):
    """Yield (grade_id, number, heading, rubric) of each answer cell; "" for what there is none of."""
    number = heading = ""
    for cell in nbformat.reads(source, as_version=4).cells:
        label = cell.metadata.get("nbgrader", {})
        if label.get("solution"):
            yield label["grade_id"], number, heading, inside(cell.source, RUBRIC)
        elif cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
            number, heading = found[1] or "", found[2]
