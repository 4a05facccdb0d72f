"""The notebook that nbgrader keeps of a graded submission, from which the student's page and formgrader's are made.

Nothing hidden is in it, each test cell has one explicit score, and a student's texts cannot act or break a page.
"""

import copy
import re
from html import escape, unescape

import nbformat

from course.grading.rebuild.released import checksum, released
from course.grading.run import runner

RESULT_STYLE = "padding:.3em .8em;margin:.3em 0"


def stored(notebook, source, graded):
    """The notebook that nbgrader keeps: no hidden test in it, one explicit score in each test cell, and in each cell
    the checksum of its released text, by which nbgrader knows an answer that was never written."""
    notebook = copy.deepcopy(notebook)
    originals = {_name(cell): cell for cell in source.cells if _name(cell)}
    ours = {text for cell in source.cells for text in (cell.source, released(cell).rstrip("\n"))}
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
        if cell.cell_type != "code":
            if cell.source not in ours:
                cell.source = without_markup(cell.source)
                if not can_be_shown(cell):
                    cell.source = "\n".join(f"    {line}" for line in cell.source.split("\n"))  # as code
            continue
        if runner.is_test(nbgrader):
            cell.outputs = _report(graded.results[nbgrader["grade_id"]])
        else:
            cell.outputs = [nbformat.from_dict(output) for output in graded.outputs.get(cell.id, [])]
    return notebook


def without_markup(text):
    """A student's text without HTML: formgrader shows it to the instructor, as whom a script in it would act.

    No tag begins with "<" and a word joiner, which nobody sees; "&lt;" would be seen in code and in formulas.
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "<\N{WORD JOINER}", text)


def can_be_shown(cell):
    """Does a text name only pictures that are attached to it? nbconvert gives up the whole page otherwise."""
    if "attachment:" not in unescape(cell.source):
        return True
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    try:
        MarkdownWithMath(renderer=renderer).render(cell.source)
    except Exception:  # InvalidNotebook, or what mistune raises for strange texts
        return False
    return True


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

