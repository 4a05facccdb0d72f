"""How an answer is marked, shown in formgrader above the answer: to who marks it, and to nobody else."""

from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.coursedir import CourseDirectory

from course.grading.report import headings


class ShowRubric(Preprocessor):
    """A step of formgrader's page of a submission; in any other page, the student's too, it does nothing."""

    def preprocess(self, nb, resources):
        """Called by nbconvert with the stored notebook, of which a copy is changed."""
        if "nbgrader" in resources or not {"submission_id", "assignment_id", "notebook_id"} <= set(resources):
            return nb, resources
        course = CourseDirectory(parent=self)
        folder = course.format_path(course.source_directory, ".", resources["assignment_id"])
        source = Path(course.root, folder, f"{resources['notebook_id']}.ipynb")
        if not source.is_file():
            return nb, resources
        rubrics, cells = headings.rubrics_by_answer(source.read_text(encoding="utf-8")), []
        for cell in nb.cells:
            rubric = rubrics.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if rubric:
                quoted = "\n".join(f"> {line}" for line in f"**How it is marked.** {rubric}".split("\n"))
                cells.append(nbformat.v4.new_markdown_cell(quoted))
            cells.append(cell)
        nb = nbformat.from_dict({**nb, "cells": cells})
        return nb, resources
