"""The one form in which notebooks are stored: no outputs, known metadata, readable cell ids.

A notebook in this form changes in a diff only where a person changed it. `clean` writes the form, `problems` says
what is not in it. A test refuses notebooks that are not.
"""

import re
from pathlib import Path

import nbformat

NOTEBOOK_METADATA = ("kernelspec", "language_info")
CELL_METADATA = ("course", "nbgrader", "slideshow", "tags")
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
READABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}.*")  # what editors invent


def canonical(notebook, prefix):
    """Return a cleaned copy of `notebook`. Cells without a readable id get `<prefix>-<number>`.

    `prefix` starts the ids that have to be made up, for example "ps1".
    """
    source = nbformat.from_dict(notebook)
    cells, used = [], {cell.get("id") for cell in source.cells}
    for number, cell in enumerate(source.cells, start=1):
        cell_id = cell.get("id", "")
        if not _is_readable(cell_id):
            cell_id = _free_id(f"{prefix}-{number:02d}", used)
        metadata = {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        text = "\n".join(line.rstrip() for line in cell.source.split("\n")).strip("\n")
        clean = {"cell_type": cell.cell_type, "id": cell_id, "metadata": metadata, "source": text}
        if cell.cell_type == "code":
            clean |= {"execution_count": None, "outputs": []}
        cells.append(clean)
    return nbformat.from_dict({
        "cells": cells,
        "metadata": {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    })  # fmt: skip


def dumps(notebook):
    """Return the text of a notebook: indent 1, sorted keys, one newline at the end."""
    return nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False).rstrip("\n") + "\n"


def read(path):
    """Return the notebook at `path` as nbformat 4; an unreadable one is a ValueError that names the file."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises half a dozen types for "this is no notebook"
        raise ValueError(f"{path} is not a notebook that can be read: {error}") from error


def clean(path):
    """Rewrite the notebook at `path` in canonical form. Returns True if that changed the file."""
    path = Path(path)
    before, after = path.read_text(encoding="utf-8"), dumps(canonical(read(path), _prefix(path)))
    if before == after:
        return False
    path.write_text(after, encoding="utf-8")
    return True


def problems(path):
    """Return sentences that say why the notebook at `path` is not in canonical form; none if it is."""
    path = Path(path)
    notebook = read(path)
    found, ids = [], [cell.get("id", "") for cell in notebook.cells]
    found += [f"cell {i} has the id {cell_id!r}" for i, cell_id in enumerate(ids, 1) if not _is_readable(cell_id)]
    found += [f"two cells share the id {cell_id!r}" for cell_id in sorted({i for i in ids if ids.count(i) > 1})]
    found += [f"cell {cell.id!r} has stored outputs" for cell in notebook.cells if cell.get("outputs")]
    for cell in notebook.cells:
        extra = sorted(set(cell.metadata) - set(CELL_METADATA))
        found += [f"cell {cell.id!r} has metadata {', '.join(extra)}"] if extra else []
    extra = sorted(set(notebook.metadata) - set(NOTEBOOK_METADATA))
    found += [f"the notebook has metadata {', '.join(extra)}"] if extra else []
    if not found and path.read_text(encoding="utf-8") != dumps(canonical(notebook, _prefix(path))):
        found = ["layout, kernel or version differ from the canonical form"]
    return [f"{path}: {problem}" for problem in found]


def _is_readable(cell_id):
    return bool(READABLE_ID.fullmatch(cell_id)) and not RANDOM_ID.fullmatch(cell_id)


def _free_id(wanted, used):
    while wanted in used:
        wanted += "b"
    used.add(wanted)
    return wanted


def _prefix(path):
    """The first word of the file's name, as ids need it: 1_introduction... -> l1, ps1_activations -> ps1."""
    first = re.split(r"[_\W]", path.stem)[0].lower()
    return first if first[:1].isalpha() else f"l{first}"
