"""The answers of a class as plain texts: what students wrote, and what they were given to write it in."""

import json

import nbformat

from course.grading.rebuild.released import parts


def given(source):
    """Return ({grade_id: released text}, the grade_ids of answers in words) of an instructor's notebook, as text."""
    answers = [part for part in parts(nbformat.reads(source, as_version=4)) if part.is_answer]
    return {part.name: part.released for part in answers}, {part.name for part in answers if part.cell_type != "code"}


def written_in(path):
    """Return {grade_id: text} of the answers in a notebook that `course grade` has stored; {} if there is none."""
    try:
        return written(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError):
        return {}


def written(notebook):
    """Return {grade_id: text} of the answers in a stored notebook, as text."""
    cells = json.loads(notebook)["cells"]
    labelled = [(cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in cells]
    return {label["grade_id"]: text if isinstance(text, str) else "".join(text)
            for label, text in labelled if label.get("solution")}  # fmt: skip
