"""Plugs the page into nbgrader: `GetGrades` brings marks and names from gradebook and notebook, the exporter draws."""

from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_task

from course.grading.feedback import TEMPLATES, markdown2html
from course.grading.report.headings import title


class FeedbackExporter(HTMLExporter):
    """nbgrader's page of a graded notebook in the template of the course."""

    def __init__(self, **kwargs):
        super().__init__(
            **kwargs, template_name="course_feedback", extra_template_basedirs=TEMPLATES,
            filters={"markdown2html": markdown2html},
        )  # fmt: skip
        self.template_paths = [*self.template_paths, *TEMPLATES]  # to name nbgrader's template, from which it is made


class Grades(GetGrades):
    """nbgrader's step, which also says what each question is called, and which cells have no mark yet."""

    def preprocess(self, nb, resources):
        """Called by nbgrader with the stored notebook."""
        self._title, self._waiting = "", 0.0
        nb, resources = super().preprocess(nb, resources)
        found = resources["nbgrader"]
        found["score"] = max(0.0, found["score"])
        found["waiting"] = self._waiting
        found["title"] = next((cell.source.split("\n")[0].lstrip("# ") for cell in nb.cells
                               if cell.cell_type == "markdown" and cell.source.startswith("# ")
                               and cell.metadata.get("nbgrader", {}).get("locked")), found["notebook"])  # fmt: skip
        return nb, resources

    def preprocess_cell(self, cell, resources, cell_index):
        """Called by nbgrader for each cell."""
        label = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and label.get("locked"):  # not what students write
            self._title = title(cell.source) or self._title
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if is_grade(cell) or is_task(cell):
            grade = self.gradebook.find_grade(label["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
            label["title"] = self._title or label["grade_id"]
            label["waits"] = grade.manual_score is None and grade.auto_score is None
            self._waiting += grade.max_score if label["waits"] else 0.0
        return cell, resources
