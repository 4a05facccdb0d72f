"""The notebook that nbgrader keeps of a graded submission, from which the student's page and formgrader's are made.

Nothing hidden is in it, each test cell has one explicit score, and a student's texts cannot act or break a page.
"""

import binascii
import copy
import re
from html import escape

import nbformat

from course.grading.rebuild.bounds import ALL_PIXELS, MOST_PIXELS
from course.grading.rebuild.picture import pixels
from course.grading.rebuild.released import checksum, released
from course.grading.run import runner
from course.grading.run.shown import make_showable

RESULT_STYLE = "padding:.3em .8em;margin:.3em 0"


def stored(notebook, source, graded):
    """The notebook that nbgrader keeps: no hidden test in it, one explicit score in each test cell, and in each cell
    the checksum of its released text, by which nbgrader knows an answer that was never written."""
    notebook = labelled(notebook, source)
    ours = {text for cell in source.cells for text in (cell.source, released(cell).rstrip("\n"))}
    theirs = [cell for cell in notebook.cells if cell.source not in ours]
    for cell in theirs:
        if cell.cell_type != "code":
            cell.source = without_markup(cell.source)
    if not make_showable(theirs):
        notebook.metadata.language_info = {"name": "python", "pygments_lexer": "text"}
        graded.notes.append("code is shown without colours: it would take too long")
    room = ALL_PIXELS
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if runner.is_test(cell.metadata.get("nbgrader", {})):
            cell.outputs = _report(graded.results[_name(cell)])
        else:
            cell.outputs = [nbformat.from_dict(output) for output in graded.outputs.get(cell.id, [])]
            room = _without_large_pictures(cell.outputs, room, graded.notes)
    return notebook


def labelled(notebook, source):
    """A copy in which what students do not write is as it was released, with nbgrader's checksums of the release."""
    notebook = copy.deepcopy(notebook)
    originals = {_name(cell): cell for cell in source.cells if _name(cell)}
    for cell in notebook.cells:
        nbgrader, original = cell.metadata.get("nbgrader", {}), originals.get(_name(cell))
        if original is not None:
            released_cell = copy.deepcopy(original)
            released_cell.source = released(original).rstrip("\n")
            nbgrader["cell_type"] = cell.cell_type
            released_cell.metadata.nbgrader["cell_type"] = cell.cell_type
            nbgrader["checksum"] = checksum(released_cell)
            if not nbgrader.get("solution"):
                cell.source = released_cell.source
    return notebook


def without_markup(text):
    """A student's text without HTML: formgrader shows it to the instructor, as whom a script in it would act.

    No tag begins with "<" and a word joiner, which nobody sees; "&lt;" would be seen in code and in formulas.
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "<\N{WORD JOINER}", text)


def _without_large_pictures(outputs, room, notes):
    """Take pictures out of outputs that a browser could not hold. Returns how many pixels are left of `room`."""
    for output in outputs:
        png = output.get("data", {}).get("image/png")
        if png is None:
            continue
        size = pixels(binascii.a2b_base64(png))
        if size is None or size > min(MOST_PIXELS, room):
            del output.data["image/png"]
            note = f"pictures of more than {MOST_PIXELS / 1e6:g} million pixels were left out"
            notes += [note] if note not in notes else []
        else:
            room -= size
    return room


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _report(result):
    """Outputs of a test cell: the reports of its checks, and its points, which nbgrader reads as the mark."""
    outputs = [_display(text, html) for text, html in result.reports]
    if result.reason:
        outputs.append(_display(result.reason, f'<div style="{RESULT_STYLE}">{escape(result.reason)}</div>'))
    said = f"{result.points:g} of {result.maximum:g} points"
    # nbgrader takes the mark from the text of the last expression; people read the HTML
    data = {"text/plain": repr(float(result.points)),
            "text/html": f'<div style="{RESULT_STYLE}"><strong>{said}</strong></div>'}  # fmt: skip
    return [*outputs, nbformat.v4.new_output("execute_result", data, execution_count=None)]


def _display(text, html):
    return nbformat.v4.new_output("display_data", {"text/plain": text, "text/html": html})

