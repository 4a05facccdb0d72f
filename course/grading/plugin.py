"""Plugs the trust line into nbgrader: three settings in `nbgrader_config.py`, and nbgrader stays the tool people know.

`SandboxedExporter` reads a submission before nbgrader parses it, has it graded by a worker process (never in this one,
which may be the Jupyter server), and hands on a notebook that already holds its scores. What is left for nbgrader's
own steps is to save them.
"""

import weakref
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict

from course.grading.classroom.pool import Processes
from course.grading.classroom.worker import handed_in


class SandboxedExporter(NotebookExporter):
    """Nbgrader's exporter for autograding: bytes of a submission in, graded notebook out."""

    limits = Dict(help="limits of a submission, see course.grading.sandbox.Limits").tag(config=True)
    allow_weak = Bool(False, help="grade without bubblewrap: student code can then read what you can").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._pool = None

    def from_filename(self, filename, resources=None, **kwargs):
        """Grade what students handed in; what is graded already (nbgrader's second pass) only gets its steps."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources=resources, **kwargs)
        content, source = handed_in(Path(filename)), self._source(resources["nbgrader"])
        found = self._worker().submit(content, source, dict(self.limits), self.allow_weak).result()
        for line in [*found["repairs"], *found["notes"]]:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
        for line in found["attempts"]:
            self.log.warning("%s: tried what no answer needs: %s", resources["nbgrader"]["student"], line)
        self.log.info("%s: isolation %s", resources["nbgrader"]["student"], found["isolation"])
        notebook = nbformat.reads(found["notebook"], as_version=4)
        return self.from_notebook_node(notebook, resources, **kwargs)

    def _source(self, names):
        """The text of the instructor's notebook."""
        course = CourseDirectory(parent=self.parent)
        folder = Path(course.format_path(course.source_directory, ".", names["assignment"]))
        return (folder / f"{names['notebook']}.ipynb").read_text(encoding="utf-8")

    def _worker(self):
        """One process for all submissions of a run; it ends with this exporter."""
        if self._pool is None:
            self._pool = Processes(1)
            weakref.finalize(self, self._pool.close)
        return self._pool
