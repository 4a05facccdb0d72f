"""The one form in which notebooks are stored: no outputs, known metadata, readable cell ids.

A notebook in this form changes in a diff only where a person changed it. `clean` writes the form, `problems` says
what is not in it. A test refuses notebooks that are not.
"""

import re
from pathlib import Path

import nbformat

NOTEBOOK_METADATA = ("kernelspec", "language_info")
CELL_METADATA = ("course", "jupyter", "nbgrader", "slideshow", "tags")
GOES_ON = "raises-exception"  # the tag of a cell whose error does not stop *Run All*: each test of an open question
FOLDED = {"source_hidden": True}  # all that "jupyter" may hold: the code of this cell is folded, one click opens it
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
READABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}.*")  # what editors invent
LONGEST_ID = 64  # characters, by nbformat


def canonical(notebook, prefix):
    """Return a cleaned copy of `notebook`, as `read` returns it. Cells without a readable id get `<prefix>-<number>`.

    `prefix` starts the ids that have to be made up, for example "ps1". Of cells that share an id the first keeps it.
    Pictures pasted into a cell stay if its text shows them.
    """
    source = nbformat.from_dict(notebook)
    cells, used = [], set()
    taken = {cell.get("id") for cell in source.cells}
    for number, cell in enumerate(source.cells, start=1):
        cell_id = cell.get("id", "")
        if not _is_readable(cell_id):
            cell_id = _free_id(f"{prefix}-{number:02d}", taken)
        elif cell_id in used:
            cell_id = _free_id(cell_id, taken)
        used.add(cell_id)
        metadata = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        if is_folded(cell):
            metadata["jupyter"] = dict(FOLDED)
        else:
            metadata.pop("jupyter", None)
        if is_test(cell):
            metadata["tags"] = [*dict.fromkeys([*metadata.get("tags", []), GOES_ON])]
        lines = cell.source.split("\n")
        if cell.cell_type == "code":  # in Markdown two spaces at the end of a line break it
            lines = [line.rstrip() for line in lines]
        text = "\n".join(lines).strip("\n")
        clean = {"cell_type": cell.cell_type, "id": cell_id, "metadata": metadata, "source": text}
        if cell.cell_type == "code":
            clean |= {"execution_count": None, "outputs": []}
        pictures = {name: data for name, data in cell.get("attachments", {}).items() if f"attachment:{name}" in text}
        if pictures:
            clean["attachments"] = pictures
        cells.append(clean)
    return nbformat.from_dict({
        "cells": cells,
        "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    })  # fmt: skip


def is_folded(cell):
    """Whether JupyterLab shows the cell without its code, until the reader opens it."""
    return cell.cell_type == "code" and (cell.metadata.get("jupyter") or {}).get("source_hidden") is True


def is_test(cell):
    """Whether the cell tests an answer: nbgrader marks it, and students do not write in it."""
    nbgrader = cell.metadata.get("nbgrader") or {}
    return cell.cell_type == "code" and bool(nbgrader.get("grade") and not nbgrader.get("solution"))


def dumps(notebook):
    """Return the text of a notebook: indent 1, sorted keys, one newline at the end."""
    return nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False).rstrip("\n") + "\n"


def read(path):
    """Return the notebook at `path` as nbformat 4; an unreadable one is a ValueError that names the file.

    Not by nbformat.read: that gives cells with the same id new random ones.
    """
    try:
        notebook = nbformat.convert(nbformat.reader.reads(Path(path).read_text(encoding="utf-8")), 4)
        for cell in notebook.cells:
            _complete(cell)
        return notebook
    except Exception as error:  # nbformat raises half a dozen types for "this is no notebook"
        raise ValueError(f"{path} is not a notebook that can be read: {error}") from error


def _complete(cell):
    """Add what a cell may lack; ValueError if it is no cell at all."""
    if cell["cell_type"] not in ("code", "markdown", "raw") or not isinstance(cell["source"], str):
        raise ValueError(f"a cell of type {cell['cell_type']!r} with the source {cell['source']!r:.40}")
    cell.setdefault("metadata", nbformat.NotebookNode())
    if cell.cell_type == "code":
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)


def clean(path):
    """Rewrite the notebook at `path` in canonical form. Returns True if that changed the file."""
    path = Path(path)
    after = dumps(canonical(read(path), _prefix(path))).encode()
    if path.read_bytes() == after:
        return False
    path.write_bytes(after)
    return True


def problems(path):
    """Return sentences that say why the notebook at `path` is not in canonical form; none if it is."""
    path = Path(path)
    notebook = read(path)
    found, ids = [], [cell.get("id", "") for cell in notebook.cells]
    found += [f"cell {i} has the id {cell_id!r}" for i, cell_id in enumerate(ids, 1) if not _is_readable(cell_id)]
    found += [f"two cells share the id {cell_id!r}" for cell_id in sorted({i for i in ids if ids.count(i) > 1})]
    for number, cell in enumerate(notebook.cells, start=1):
        name = repr(cell.get("id", number))
        found += [f"cell {name} has stored outputs"] if cell.get("outputs") else []
        extra = sorted(set(cell.metadata) - set(CELL_METADATA))
        found += [f"cell {name} has metadata {', '.join(extra)}"] if extra else []
        if is_test(cell) and GOES_ON not in cell.metadata.get("tags", []):
            found.append(f"the test cell {name} lacks the tag {GOES_ON!r}, so an open question stops Run All there")
        if "jupyter" in cell.metadata and not (is_folded(cell) and cell.metadata["jupyter"] == FOLDED):
            found.append(f"cell {name} has in its metadata jupyter something else than {FOLDED}, for code")
    extra = sorted(set(notebook.metadata) - set(NOTEBOOK_METADATA))
    found += [f"the notebook has metadata {', '.join(extra)}"] if extra else []
    if not found and path.read_bytes() != dumps(canonical(notebook, _prefix(path))).encode():
        found = ["layout, kernel or version differ from the canonical form"]
    return [f"{path}: {problem}" for problem in found]


def _is_readable(cell_id):
    readable = isinstance(cell_id, str) and len(cell_id) <= LONGEST_ID and READABLE_ID.fullmatch(cell_id)
    return bool(readable) and not RANDOM_ID.fullmatch(cell_id)


def _free_id(wanted, taken):
    """The wanted id, or with -2, -3, ... behind it the first that is free."""
    free, number = wanted, 1
    while free in taken:
        number += 1
        free = f"{wanted[: LONGEST_ID - 4].rstrip('-')}-{number}"
    taken.add(free)
    return free


def _prefix(path):
    """The first word of the file's name, as ids need it: 1_introduction... -> l1, ps1_activations -> ps1."""
    first = re.sub(r"[^a-z0-9]", "", re.split(r"[_\W]", path.stem)[0].lower())[:20]
    return first if first[:1].isalpha() and not RANDOM_ID.fullmatch(first) else f"l{first}"
