"""nbgrader's *Validate*, the button and the command, for the problem sets of this course.

It says of each question what the table at the end of the notebook says. A cell that was copied with its label is named
with what becomes of it; nbgrader alone shows a traceback of its own. `settings/nbgrader_config.py`, which lies where
nbgrader looks for settings, calls `install`; notebooks of other courses are left to nbgrader. What JupyterLab's dialog
says where all passes is fixed in nbgrader's extension; `labextension/` changes that one sentence.
"""

import os
import re
import textwrap
from html import escape

from nbclient.exceptions import DeadKernelError
from nbformat import current_nbformat
from nbformat import read as read_notebook
from nbgrader import utils
from nbgrader.nbgraderformat import ValidationError
from nbgrader.validator import Validator

from course.checks.render import HIDDEN, VALIDATED

_stock = Validator.validate, Validator._print_num_failed
_OURS = re.compile(r"^\s*(?:from|import)\s+course\b[^\n]*\bchecks\b", re.MULTILINE)
_SPOKEN = ("CheckFailed", "NotChecked", "TookTooLong")  # errors of the checks, whose lines are made to be read here
DAMAGED = "The labels of this notebook are damaged: put your answers into a fresh copy of it"
_HEADING = re.compile(r"^#+ +(.*)", re.MULTILINE)


def install():
    """Make nbgrader's validator, in this process, the one of the course; twice is as good as once."""
    Validator.validate, Validator._print_num_failed = validate, _print_num_failed


def validate(self, filename):
    """Run the notebook and return what nbgrader's `Validator.validate` returns: {} or {"failed": [...]}, for example.

    Raises nothing for cells that were copied, deleted or relabelled; nbgrader answers for a file that is no notebook,
    and for labels of another version of it.
    """
    notebook = read_notebook(filename, as_version=current_nbformat)
    self._is_ours = any(cell.cell_type == "code" and _OURS.search(cell.source) for cell in notebook.cells)
    retyped = self._get_type_changed_cells(notebook)
    if not self._is_ours or retyped:
        return _stock[0](self, filename)
    found = _take_copies_out(notebook)
    try:
        with utils.chdir(os.path.dirname(filename) or "."):
            notebook = self._preprocess(notebook)
    except ValidationError as error:
        return _failed([*found, ("", f"{DAMAGED} ({str(error).splitlines()[0]})")])
    except DeadKernelError:
        return _failed([*found, ("", "The program has ended before the last cell: a cell took too much memory, or "
                                     "left Python. Run the cells one after the other to find it.")])  # fmt: skip
    changed = self._get_changed_cells(notebook)
    if changed and not self.ignore_checksums:
        return {"changed": [{"source": cell.source.strip()} for cell in changed]}
    found += _broken(notebook)
    found += [(cell.source.strip(), _words(notebook, cell)) for cell in self._get_failed_cells(notebook)]
    return _failed(found) if found else {}


def _print_num_failed(self, count):
    """What `nbgrader validate` prints first."""
    if count or not getattr(self, "_is_ours", False):
        return _stock[1](self, count)
    self.stream.write(f"Success! Your notebook passes all visible cases; {HIDDEN}.\n")


def _failed(found):
    """The answer about cells: [(source, words)]. JupyterLab takes `error` as HTML, the command cuts long lines."""
    texts = [(source, "\n".join(piece for line in words.split("\n") for piece in textwrap.wrap(
        line, VALIDATED, subsequent_indent="  "))) for source, words in found]  # fmt: skip
    return {"failed": [{"source": source, "error": escape(text), "raw_error": text} for source, text in texts]}


def _take_copies_out(notebook):
    """Take the label from cells that have one which another cell has too; return [(source, what becomes of it)].

    The one that keeps it is the one that is graded: of an answer the last that was changed, of other cells the first.
    """
    groups, found = {}, []
    for cell in notebook.cells:
        label = cell.metadata.get("nbgrader") or {}
        if label.get("grade_id") and (label.get("grade") or label.get("solution") or label.get("locked")):
            groups.setdefault(label.grade_id, []).append(cell)
    for name, cells in groups.items():
        if len(cells) == 1:
            continue
        answer = any(utils.is_solution(cell) for cell in cells)
        original = list(filter(_is_original, cells))
        written = [cell for cell in cells if cell not in original]
        kept = (written or cells)[-1] if answer else (original or cells)[0]
        for cell in cells:
            if cell is not kept:
                cell.metadata.pop("nbgrader")
        what = "the last one that you have written in is graded" if answer else "one of them is used"
        found.append((kept.source.strip(), f"This cell is there {len(cells)} times, with the label {name!r}: {what}. "
                                           "Delete the others."))  # fmt: skip
    return found


def _is_original(cell):
    """Is it as it was released?"""
    label = cell.metadata.nbgrader
    return (not label.get("grade") or "points" in label) and utils.compute_checksum(cell) == label.get("checksum")


def _broken(notebook):
    """[(source, what it says)] of the cells besides the tests that end in an error: *Run All* stops there."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not utils.is_grade(cell)]
    return [(cell.source.strip(), f"This cell ends in {_name_and_text(error)}. Run All Cells stops here.")
            for cell in cells for error in _errors(cell)]  # fmt: skip


def _errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


def _name_and_text(error):
    text = re.sub(r"\(\d+\.py, (line \d+)\)", r"(\1)", error.evalue.strip().split("\n")[0])
    return f"{error.ename}: {text}" if text else error.ename


def _words(notebook, cell):
    """What is said of a graded cell that does not pass."""
    above = notebook.cells[: notebook.cells.index(cell)]
    headings = [found for other in above if other.cell_type == "markdown" for found in _HEADING.findall(other.source)]
    heading, errors = headings[-1] if headings else "A question", _errors(cell) if cell.cell_type == "code" else []
    if cell.cell_type != "code":
        return f"{heading}: not answered yet; a person reads it."
    if errors and errors[0].ename in _SPOKEN:
        return "\n".join(errors[0].traceback)
    why = _name_and_text(errors[0]) if errors else "it wrote to stderr"
    if missing := re.search(r"name '(\w+)' is not defined", why):
        why = f"`{missing[1]}` is not defined: its cell did not come to its end, or has another name"
    return f"{heading}: its cases were not run; {HIDDEN}.\nWhy: {why}."
