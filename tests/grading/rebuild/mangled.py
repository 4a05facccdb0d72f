"""Submissions as they arrive: made from the right one by functions with the name of what was done to it."""

import copy
import io
import json
import zipfile
import zlib
from pathlib import Path

import nbformat

from course.grading.rebuild.released import defined, parts, plain
from course.grading.rebuild.salvage import read_submission
from course.grading.rebuild.submission import rebuild
from course.grading.samples import Sample, submission
from course.notebooks.canonical import dumps, read

ROOT = Path(__file__).parents[3]
ASSIGNMENT = "ps1_activations"
SOURCE = read(ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
RELEASE = read(ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
RIGHT = nbformat.from_dict(json.loads(submission(
    Sample("right"), ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb",
    ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")))  # fmt: skip
for _cell in RIGHT.cells:  # from lines to text
    _cell.source = "".join(_cell.source)
PARTS = parts(SOURCE)
ANSWERS = [part.name for part in PARTS if part.is_answer]
CODE = [part.name for part in PARTS if part.names]
NAME = {part.name: min(part.names) for part in PARTS if part.names}
TEXT = {cell.metadata.nbgrader.grade_id: cell.source for cell in RIGHT.cells}
STUB = {part.name: part.released for part in PARTS}


def right():
    """A submission in which everything is right."""
    return copy.deepcopy(RIGHT)


def at(notebook, grade_id):
    """The index of the first cell with the label."""
    return next(i for i, cell in enumerate(notebook.cells)
                if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)  # fmt: skip


def own_cell(text, kind="code"):
    """A cell that a student adds."""
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    return new(text, id=f"own-{zlib.crc32(text.encode())}")


def rebuilt(notebook):
    """Write the notebook as a student's program does, read it again, rebuild it, and check what always holds."""
    return checked(json.dumps(notebook).encode())


def checked(data):
    notebook, repairs = read_submission(data)
    if notebook is not None:
        nbformat.validate(notebook)
    result = rebuild(notebook, SOURCE)
    assert_whole(result)
    result.repairs[:0] = repairs
    return result


def assert_whole(result):
    """All cells of the source are there, in order, locked ones with the source's text; the notebook is valid."""
    own = [cell for cell in result.notebook.cells if cell.metadata.get("course") == {"extra": True}]
    cells = [cell for cell in result.notebook.cells if cell not in own]
    assert [cell.id for cell in cells] == [cell.id for cell in SOURCE.cells]
    for cell, source, part in zip(cells, SOURCE.cells, PARTS, strict=True):
        assert cell.metadata == source.metadata and cell.cell_type == source.cell_type
        assert part.is_answer or cell.source == source.source
    assert all("nbgrader" not in cell.metadata for cell in own)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in result.notebook.cells
               if cell.cell_type == "code")  # fmt: skip
    assert len({cell.id for cell in result.notebook.cells}) == len(result.notebook.cells)
    assert result.notebook.metadata == SOURCE.metadata
    nbformat.validate(result.notebook)
    json.dumps(result.notebook, ensure_ascii=False).encode()  # no half characters
    assert list(result.answers) == ANSWERS
    assert set(result.answers.values()) <= {"missing", "unchanged", "answered"}
    assert all(sentence[0].isalnum() and sentence.endswith(".") for sentence in result.repairs)


def text_of(result, grade_id):
    """The text of a cell of the result."""
    return next(cell.source for cell in result.notebook.cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)  # fmt: skip


def own_texts(result):
    """The student's own cells in the result: (text, cell before it)."""
    cells = result.notebook.cells
    return [(cell.source, cells[i - 1].get("id") if i else None) for i, cell in enumerate(cells)
            if "course" in cell.metadata]  # fmt: skip


def said(result, *words):
    """Whether one sentence holds all the words."""
    return any(all(word in sentence for word in words) for sentence in result.repairs)


def state_after(result):
    """Which function of the assignment is defined how, when the code cells run in order: {name: text of its cell}."""
    last = {}
    for cell in result.notebook.cells:
        if cell.cell_type == "code" and (
            "course" in cell.metadata or cell.metadata.get("nbgrader", {}).get("solution")
        ):
            last |= dict.fromkeys(defined(cell.source), cell.source)
    return last


def is_in_time(result, grade_id):
    """Whether a right definition is there when the test cell of a question comes, and no stub hides it later."""
    name, body = NAME[grade_id], TEXT[grade_id].split('"""')[-1].strip()
    last = plain(state_after(result)[name])
    seen = ""
    for cell in result.notebook.cells:
        label = cell.metadata.get("nbgrader", {}).get("grade_id")
        if label == f"{grade_id}-test":
            return body in seen and body in last
        if cell.cell_type == "code" and (label in ANSWERS or label is None) and name in defined(cell.source):
            seen = plain(cell.source)
    raise AssertionError("no test cell")


# --- files

TEXT_OF_RIGHT = dumps(RIGHT)


def changed(**members):
    """The right notebook with other members at its top, as bytes."""
    return json.dumps(json.loads(TEXT_OF_RIGHT) | members).encode()


def with_cell(grade_id, **members):
    """The right notebook with other members in one cell, as bytes."""
    notebook = json.loads(TEXT_OF_RIGHT)
    notebook["cells"][at(RIGHT, grade_id)] |= members
    return json.dumps(notebook).encode()


def without(data, *keys):
    """The notebook in `data` without these keys at its top and in its cells."""
    notebook = json.loads(data)
    for thing in (notebook, *notebook["cells"]):
        for key in keys:
            thing.pop(key, None)
    return json.dumps(notebook).encode()


def old_format(version):
    """The right notebook as nbformat 2 or 3."""
    cells = []
    for cell in right().cells:
        old = {"cell_type": cell.cell_type, "metadata": cell.metadata}
        old |= {"input": cell.source, "outputs": [], "language": "python", "prompt_number": 3, "collapsed": False} \
            if cell.cell_type == "code" else {"source": cell.source}  # fmt: skip
        cells.append(old)
    cells.insert(0, {"cell_type": "heading", "level": 2, "metadata": {}, "source": "My homework"})
    sheets = [{"metadata": {}, "cells": cells[:9]}, {"metadata": {}, "cells": cells[9:]}]
    return json.dumps({"metadata": {"name": "ps1"}, "nbformat": version, "nbformat_minor": 0,
                       "worksheets": sheets}).encode()  # fmt: skip


def conflict():
    """Two versions of relu, the other one right too, in a merge that was not finished."""
    mine, other = "    return np.maximum(x, 0)", "    return np.where(x > 0, x, 0)"
    lines = TEXT_OF_RIGHT.split("\n")
    i = next(i for i, line in enumerate(lines) if mine in line)
    lines[i : i + 1] = ["<<<<<<< HEAD", lines[i], "=======", lines[i].replace(mine, other), ">>>>>>> laptop"]
    return "\n".join(lines).encode()


def zipped(*names):
    """A zip archive with the right notebook under these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, TEXT_OF_RIGHT)
    return file.getvalue()


def repeated_keys():
    """A file in which `cells` stands twice, the second time empty, and texts too, empty or wrong."""
    text = TEXT_OF_RIGHT.replace("   ]\n  }", '   ],\n   "source": []\n  }')
    text = text.replace('   "source": [\n    "def relu(x)', '   "source": ["lost"],\n   "source": [\n    "def relu(x)')
    return text.rstrip()[:-1].encode() + b', "cells": []}'


def script(marks):
    """The answers as a Python file."""
    return "".join(f"{'# In[3]:' if marks else ''}\n\n{TEXT[name]}\n\n\n" for name in CODE).encode()


# --- cells


def strip(notebook, i):
    """The metadata of a cell are gone."""
    notebook.cells[i].metadata = {}


def rename(notebook, i):
    """The label of a cell is another one."""
    notebook.cells[i].metadata.nbgrader.grade_id = "cell-1a2b3c"


def strip_and_new_id(notebook, i):
    """A program dropped the metadata and gave new ids."""
    notebook.cells[i].metadata, notebook.cells[i].id = {}, "f00f"


def rename_and_move(notebook, i):
    """The label is another one and the cell is at the end: only its id is left."""
    rename(notebook, i)
    to_the_end(notebook, i)


def raw(notebook, i):
    """The cell was turned into a raw one."""
    cell = notebook.cells[i]
    notebook.cells[i] = nbformat.v4.new_raw_cell(cell.source, metadata=cell.metadata, id=cell.id)


def other_kind(notebook, i):
    """The cell was turned into the other kind."""
    cell = notebook.cells[i]
    new = nbformat.v4.new_markdown_cell if cell.cell_type == "code" else nbformat.v4.new_code_cell
    notebook.cells[i] = new(cell.source, metadata=cell.metadata, id=cell.id)


def to_the_end(notebook, i):
    """The cell was moved to the end."""
    notebook.cells.append(notebook.cells.pop(i))


def to_the_top(notebook, i):
    """The cell was moved to the top."""
    notebook.cells.insert(0, notebook.cells.pop(i))


def twice(notebook, i):
    """The cell was copied, with its metadata."""
    notebook.cells.insert(i, copy.deepcopy(notebook.cells[i]))


def stub_behind(notebook, i):
    """A second cell with the label holds the released stub."""
    notebook.cells.insert(i + 1, copy.deepcopy(notebook.cells[i]))
    notebook.cells[i + 1].source = STUB[notebook.cells[i].metadata.nbgrader.grade_id]


def stub_before(notebook, i):
    """A cell with the released stub stands before the answer."""
    stub_behind(notebook, i)
    notebook.cells[i : i + 2] = notebook.cells[i : i + 2][::-1]


def no_ids(notebook, i):
    """All cells have the same id."""
    for cell in notebook.cells:
        cell.id = "a"


def unlocked(notebook, i):
    """Points and locks were changed in the file."""
    notebook.cells[i].metadata.nbgrader |= {"locked": True, "grade": True, "points": 99}


def swap_with_test(notebook, i):
    """The metadata of the answer and of the cell behind it were exchanged."""
    one, two = notebook.cells[i], notebook.cells[i + 1]
    one.metadata, two.metadata, one.id, two.id = two.metadata, one.metadata, two.id, one.id


def swap_with_task(notebook, i):
    """The metadata of the answer and of the task before it were exchanged."""
    swap_with_test(notebook, i - 1)


def swap_with_next_answer(notebook, i):
    """The metadata of two answers were exchanged, ids too."""
    j = ANSWERS.index(notebook.cells[i].metadata.nbgrader.grade_id)
    one, two = notebook.cells[i], notebook.cells[at(notebook, ANSWERS[(j + 1) % len(ANSWERS)])]
    one.metadata, two.metadata, one.id, two.id = two.metadata, one.metadata, two.id, one.id


def behind_deleted(notebook, i):
    """The cell behind the answer is gone."""
    del notebook.cells[i + 1]


def task_deleted(notebook, i):
    """The cell before the answer is gone."""
    del notebook.cells[i - 1]


def strip_all(notebook, i):
    """All metadata are gone."""
    for cell in notebook.cells:
        cell.metadata = {}


def strip_all_and_ids(notebook, i):
    """All metadata and ids are gone, as in an editor that knows neither."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = {}, f"c{number}"


def blank_lines(notebook, i):
    """Blanks and empty lines around everything."""
    for cell in notebook.cells:
        cell.source = "\n\n" + cell.source.replace("\n", "  \n") + "\n \n"


def in_a_new_cell(notebook, i):
    """The answer stands in a new cell behind the stub."""
    grade_id = notebook.cells[i].metadata.nbgrader.grade_id
    notebook.cells.insert(i + 1, own_cell(notebook.cells[i].source, notebook.cells[i].cell_type))
    notebook.cells[i].source = STUB[grade_id]


MANGLES = [
    strip,
    rename,
    rename_and_move,
    strip_and_new_id,
    raw,
    other_kind,
    to_the_end,
    to_the_top,
    twice,
    stub_behind,
    stub_before,
    no_ids,
    unlocked,
    swap_with_test,
    swap_with_task,
    swap_with_next_answer,
    behind_deleted,
    task_deleted,
    strip_all,
    strip_all_and_ids,
    blank_lines,
]
