"""Write marks into nbgrader's gradebook, in one session for a whole batch.

The same fields as nbgrader's own `SaveAutoGrades` and `AssignLatePenalties` steps set; a test compares both.
"""

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties


class GradebookWriter:
    """One open gradebook. `write` is one transaction a student: all of it is there, or nothing."""

    def __init__(self, directory, assignment, notebook):
        """directory: nbgrader's CourseDirectory. The assignment must have been generated once."""
        self._directory, self._assignment, self._notebook = directory, assignment, notebook

    def __enter__(self):
        self._gradebook = Gradebook(self._directory.db_url, self._directory.course_id)
        try:
            self._gradebook.find_notebook(self._notebook, self._assignment)
        except MissingEntry as error:
            self._gradebook.close()
            raise ValueError(
                f"the gradebook does not know {self._assignment}: run `nbgrader generate_assignment {self._assignment}`"
            ) from error
        return self

    def __exit__(self, *_):
        self._gradebook.close()

    def write(self, student, found, timestamp=None):
        """Store the result of `course.grading.worker.work` for a student."""
        self._gradebook.update_or_create_student(student)
        times = {"timestamp": timestamp} if timestamp else {}
        submission = self._gradebook.update_or_create_submission(self._assignment, student, **times)
        notebook = next(n for n in submission.notebooks if n.name == self._notebook)
        for grade in notebook.grades:
            if grade.name in found["points"]:
                grade.auto_score = found["points"][grade.name]
            else:  # graded by hand: 0 if nothing was written, else it waits
                grade.auto_score = None if found["answers"].get(grade.name) == "answered" else 0.0
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            answered = found["answers"].get(comment.name) == "answered"
            comment.auto_comment = None if answered else "No response."
        self._gradebook.db.commit()
        if submission.total_seconds_late > 0 or notebook.late_submission_penalty is not None:
            self._penalise(student)

    def _penalise(self, student):
        """nbgrader's own step, with the plugin that the course has chosen."""
        names = {"notebook": self._notebook, "assignment": self._assignment, "student": student}
        step = AssignLatePenalties(parent=self._directory.parent)
        step.preprocess(new_notebook(), {"nbgrader": names | {"db_url": self._directory.db_url}})
