"""Plugs the trust line into nbgrader: a few settings in `nbgrader_config.py`, and nbgrader stays the tool people know.

`SandboxedExporter` reads a submission before nbgrader parses it, has it graded by a worker process (never in this one,
which may be the Jupyter server), and hands on a notebook that already holds its scores. What is left for nbgrader's
own steps is to save them.
"""

import os
import weakref
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import is_grade
from traitlets import Bool, Dict, Unicode

from course.grading.classroom import secret_file, submitted
from course.grading.classroom.folder import around_student, give_usable_names
from course.grading.classroom.pool import Processes
from course.grading.classroom.progress import only_printable
from course.grading.process import Ungraded
from course.grading.run.ungraded import is_ungraded, ungraded


class SandboxedExporter(NotebookExporter):
    """Nbgrader's exporter for autograding: bytes of a submission in, graded notebook out."""

    limits = Dict(help="limits of a submission, see course.grading.sandbox.Limits").tag(config=True)
    allow_weak = Bool(False, help="grade without bubblewrap: student code can then read what you can").tag(config=True)
    secret_file = Unicode(help="file with what hidden cases are drawn from; `course secret` makes it").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._pool, self._secret = None, None
        if hasattr(self.parent, "assignments"):  # nbgrader's command, which has found them and does not look yet
            only_printable(self.log)
            self._settle()

    def from_filename(self, filename, resources=None, **kwargs):
        """Grade what students handed in; what is graded already (nbgrader's second pass) only gets its steps."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kwargs)
        path, names = Path(filename), resources["nbgrader"]
        content, source = submitted.handed_in(path), self._source(names["assignment"], names["notebook"])
        text = source.read_text("utf-8")
        try:
            found = self._worker().submit(content, text, dict(self.limits), self.allow_weak, self._found()).result()
        except Ungraded as error:
            found = asdict(ungraded(text, str(error)))
        missing = [] if content is not None else [submitted.why_missing(path)]
        for line in [*missing, *found["repairs"], *found["notes"]]:
            self.log.warning("%s: %s", names["student"], line)
        for line in found["attempts"]:
            self.log.warning("%s: tried what no answer needs: %s", names["student"], line)
        self.log.info("%s: isolation %s", names["student"], found["isolation"])
        if submitted.time_handed_in(path.parent)[0] is None:
            self._forget_time(names)
        notebook = nbformat.reads(found["notebook"], as_version=4)
        return self.from_notebook_node(notebook, resources, **kwargs)

    def _settle(self):
        """Make the submissions such that none of them can end nbgrader's command, or be left out of it."""
        converter, directory = self.parent, self.parent.coursedir
        renamed, _ = give_usable_names(directory, directory.assignment_id)
        students, inside = around_student(directory, directory.assignment_id)
        for old, new in renamed.items():
            self.log.warning("the folder %s has a name that cannot be used; it is called %s now", old, new)
            notebooks = converter.assignments.pop(f"{students / old}{inside}", None)
            if notebooks is not None:
                folder = Path(f"{students / new}{inside}")
                converter.assignments[str(folder)] = [str(folder / Path(path).name) for path in notebooks]
        expected = self._source(directory.assignment_id, "*")
        for folder in map(Path, converter.assignments):
            said = [submitted.time_handed_in(folder)[1]]
            said += [f"{path.name} is a link or a device{submitted.set_aside(path)}"
                     for path in list(submitted.no_plain_files(folder))]  # fmt: skip
            said += [submitted.why_missing(folder / path.name) for path in expected.parent.glob(expected.name)
                     if not os.path.lexists(folder / path.name)]  # fmt: skip
            for line in filter(None, said):
                self.log.warning("%s: %s", str(folder).removesuffix(inside).rpartition(os.sep)[2], line)

    def _found(self):
        """The secret of the course, found once a run; what it raises says what to do."""
        if self._secret is None:
            course = self.parent.coursedir
            path = secret_file.place(self.secret_file, course.root)
            self._secret = secret_file.find(path, course.db_url)
            self.log.info(secret_file.said(self._secret, path))
            secret_file.remember(course.db_url, self._secret.hash)
        return self._secret

    def _forget_time(self, names):
        """A submission without a time does not keep that of an earlier one, as it would by nbgrader's own steps."""
        with Gradebook(names["db_url"]) as gradebook:
            gradebook.update_or_create_submission(names["assignment"], names["student"], timestamp=None)

    def _source(self, assignment, notebook):
        """The path of an instructor's notebook."""
        course = self.parent.coursedir
        return Path(course.format_path(course.source_directory, ".", assignment), f"{notebook}.ipynb")

    def _worker(self):
        """One process for all submissions of a run; it ends with this exporter."""
        if self._pool is None:
            self._pool = Processes(1)
            weakref.finalize(self, self._pool.close)
        return self._pool


class SaveGrades(SaveAutoGrades):
    """Nbgrader's step that saves the marks; where nobody could grade, none is saved, and all waits for a hand."""

    def preprocess(self, nb, resources):
        """Called by nbgrader with the stored notebook."""
        self._is_ungraded = is_ungraded(nb)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        """Called by nbgrader for each cell."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if self._is_ungraded and is_grade(cell):
            grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id,
                                              self.student_id)  # fmt: skip
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()
        return cell, resources
