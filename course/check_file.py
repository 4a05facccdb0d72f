"""`course check FILE.ipynb [QUESTION]`: the visible checks of a notebook in a terminal, in the notebook's words.

The notebook's cells run in a fresh kernel, from top to bottom, in its folder: setup, answers, the student's own cells
and the test cells. What only shows or trains something is left out; nothing is written, also not into the notebook.
"""

import importlib
import json
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

GOES_ON = "raises-exception"  # the tag of a cell whose error stops no other
SECONDS = 120  # for a cell; a check itself interrupts a function after half of that
_CHECKS = re.compile(r"^from course\.checks import (\w+) as (\w+)", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ROWS = """
import json as _json
from course.checks import {module} as _checks
print(_json.dumps([[row.title, row.passed, row.total, row.missing, row.state] for row in _checks.overview().rows]))
print(repr(_checks.overview()))
"""


def main(file, question=None):
    """Print what the checks of `file` say, of all questions or of one, as they come; return 0 if they pass, else 1.

    question: its number or the name of its function, "9" or "softmax". ValueError if it is no notebook of a problem
    set, or has no such question; RuntimeError if its kernel ends.
    """
    notebook = _read(file)
    module, name = _module(file, notebook)
    asked = _asked(question, module.QUESTIONS)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and _runs(cell, name, asked)]
    for cell in cells:
        cell.metadata["tags"] = [GOES_ON]
        cell.outputs = []
    end = nbformat.v4.new_code_cell(_ROWS.format(module=module.__name__.split(".")[-1]), metadata={"tags": [GOES_ON]})
    notebook.cells = [*cells, end]
    print(f"{file}: running {len(cells)} cells", flush=True)
    _execute(notebook, file, end)
    rows, table = _last(end)
    shown = [row for row in rows if question is None or row[0].split(", ")[-1] == asked[0].name]
    if question is None:
        print(f"\n{table}")
    elif shown[0][4] != "passed":  # what the cell itself may not have said: it was never run, or is out of date
        print(f"\n{shown[0][0]}: {shown[0][3]}")
    return int(any(state != "passed" for *_, state in shown))


def _read(file):
    try:
        notebook = nbformat.convert(nbformat.reader.reads(Path(file).read_text(encoding="utf-8")), 4)
        assert all(isinstance(cell["source"], str) and "metadata" in cell for cell in notebook.cells)
        return notebook
    except OSError:
        raise
    except Exception as error:  # nbformat raises half a dozen types for "this is no notebook"
        raise ValueError(f"{file} is not a notebook that can be read: {error}"[:300]) from error


def _module(file, notebook):
    """(the checks that the notebook imports, under which name)"""
    for cell in notebook.cells:
        if cell.cell_type == "code" and (found := _CHECKS.search(cell.source)):
            try:
                module = importlib.import_module(f"course.checks.{found[1]}")
            except ImportError as error:
                raise ValueError(f"{file} asks for checks that this course does not have: {found[1]}") from error
            if hasattr(module, "QUESTIONS"):
                return module, found[2]
    raise ValueError(f"{file} is no problem set: no cell has `from course.checks import ... as check`")


def _asked(question, questions):
    """The questions that `question` names, None is all."""
    found = [one for one in questions if question in (None, one.name, one.number)]
    if not found:
        known = ", ".join(f"{one.number} {one.name}" for one in questions)
        raise ValueError(f"there is no question {question!r}; there are {known}")
    return found


def _is_test(cell):
    label = cell.metadata.get("nbgrader") or {}
    return label.get("grade") and not label.get("solution")


def _runs(cell, name, asked):
    """Whether a code cell is needed: of those that were released setup, answers and the tests of what is asked."""
    label = cell.metadata.get("nbgrader") or {}
    if _is_test(cell):
        return any(re.search(rf"\b{name}\.{one.name}\(", cell.source) for one in asked)
    released = label.get("locked") and not label.get("solution")
    return not released or str(label.get("grade_id", "")).startswith("setup")


def _execute(notebook, file, end):
    def say(cell, cell_index, execute_reply):
        if cell is not end:
            for text in _said(cell):
                print(f"\n{text}", flush=True)

    place = {"metadata": {"path": str(Path(file).resolve().parent)}}
    client = NotebookClient(notebook, timeout=SECONDS, resources=place, on_cell_executed=say)
    client.extra_arguments = ["--log-level=40"]  # the kernel's own warnings are not about the answers
    try:
        client.execute()
    except CellTimeoutError as error:
        raise RuntimeError(f"a cell of {file} was not done after {SECONDS} s: does a loop never end?") from error
    except DeadKernelError as error:
        raise RuntimeError(f"the program of {file} ended in the middle: was there enough memory?") from error


def _said(cell):
    """What the check in a cell reports, and the error of a cell of the student's own."""
    test = _is_test(cell)
    reports = [output.data["text/plain"] for output in cell.outputs if "text/plain" in output.get("data", {})]
    errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
    if test and reports:
        return reports
    where = "" if test else f"This cell failed, and what it defines is missing:\n  {cell.source.strip()[:70]}\n"
    return [where + _COLOURS.sub("", error) for error in errors]


def _last(end):
    printed = "".join(output.text for output in end.outputs if output.get("name") == "stdout")
    if not printed:
        (error,) = (output for output in end.outputs if output.output_type == "error")
        raise RuntimeError(f"the table of what passes could not be made: {error.ename}: {error.evalue}")
    rows, table = printed.split("\n", 1)
    return json.loads(rows), table.strip()
