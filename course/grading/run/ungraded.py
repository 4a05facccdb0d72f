"""What is kept of a submission that nobody could grade: no mark, the reason, and a notebook to grade by hand in.

Such a file is hostile, or it has met a mistake of the course. A zero would be wrong for the second, so all its cells
wait for a hand; the record keeps it from being tried again until the file changes, or with `--force`.
"""

import nbformat

from course.grading.rebuild.released import parts
from course.grading.run.grade import Grading
from course.grading.run.stored import labelled


def ungraded(source, reason):
    """Return a Grading without points. source: the text of the instructor's notebook; reason: what happened."""
    source = nbformat.reads(source, as_version=4)
    known, said = parts(source), f"could not be graded: {reason}"
    notebook = labelled(source, source)
    for part, cell in zip(known, notebook.cells, strict=True):
        if part.is_answer:  # another text than the released one, which to nbgrader means that nothing was written
            cell.source = "# not shown" if part.cell_type == "code" else "(not shown)"
        elif part.role == "test":  # to nbgrader a test without an output is one that has passed
            cell.outputs = [nbformat.v4.new_output("error", ename="Ungraded", evalue=said, traceback=[said])]
    title = f"**This submission {said}.** The file that was handed in is kept as it is; its answers are not shown here."
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(title, id="ungraded"))
    notebook.metadata.course = {"ungraded": True}
    tests = [part for part in known if part.role == "test"]
    return Grading(
        nbformat.writes(notebook), {}, {part.name: float(part.nbgrader["points"]) for part in tests},
        {part.name: "answered" for part in known if part.is_answer or part in tests}, {}, notes=[said],
        reasons={part.name: said for part in tests},
    )  # fmt: skip


def is_ungraded(notebook):
    """Is this stored notebook one of those?"""
    return bool(notebook.metadata.get("course", {}).get("ungraded"))
