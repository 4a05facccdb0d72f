"""Make a valid notebook of anything that has the shape of one, and say what was wrong with it."""

import re
from collections.abc import Mapping

import nbformat

from course.grading.rebuild.bounds import MOST_CELLS, MOST_PICTURES, within_bounds
from course.notebooks.canonical import KERNELSPEC, LONGEST_ID

CELL_TYPES = ("code", "markdown", "raw")
FLAGS = ("grade", "locked", "solution", "task")

_SURROGATE = re.compile("[\ud800-\udfff]")
_ID = re.compile(r"[a-zA-Z0-9_-]+")
_IMAGE = re.compile(r"image/(?:png|jpeg|gif|webp|svg\+xml)")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")


def tidy(notebook, repairs):
    """Return a valid nbformat 4.5 notebook of any mapping; what was wrong goes to `repairs`.

    A notebook that is tidy comes back equal, and nothing is said.
    """
    version = notebook.get("nbformat")
    if version in (1, 2, 3) and not isinstance(version, bool):
        repairs.append(f"The notebook is in the old format {version} and was upgraded.")
    elif version != 4:
        name = f"format {version}, which is unknown here," if version in range(1000) else "no valid format number"
        repairs.append(f"The notebook has {name} and was read as format 4.")
    _kernel(notebook.get("metadata"), repairs)
    cells = notebook.get("cells")
    if not isinstance(cells, list | tuple):
        repairs.append(f"The notebook has no list of cells ({'null' if cells is None else type(cells).__name__}).")
        cells = []
    if len(cells) > MOST_CELLS:
        repairs.append(f"The notebook has {len(cells)} cells; those behind the first {MOST_CELLS} were left out.")
    counts = dict.fromkeys(("type", "text", "metadata", "id", "surrogate", "picture"), 0)
    has_ids = notebook.get("nbformat_minor", 0) in (5, 6) and version == 4
    found, used, number = [], set(), 0
    taken = {cell.get("id") for cell in cells[:MOST_CELLS] if isinstance(cell, Mapping) and _is_id(cell.get("id"))}
    for cell in cells[:MOST_CELLS]:
        if not isinstance(cell, Mapping):
            counts["type"] += 1
            continue
        clean = _cell(cell, counts)
        cell_id = cell.get("id")
        if not _is_id(cell_id) or cell_id in used:
            counts["id"] += has_ids
            number += 1
            while (cell_id := f"submitted-{number}") in taken:
                number += 1
        used.add(cell_id)
        found.append(clean | {"id": cell_id})
    for name, rest in {
        "type": "no valid type: taken as code, or left out if there was no cell at all",
        "text": "something else than text in the place of their text",
        "metadata": "metadata that were missing or of the wrong kind",
        "id": "no valid id of their own; new ones were given",
        "surrogate": "broken characters, which were replaced",
        "picture": "attachments that are not pictures of the text; they were left out",
    }.items():
        if counts[name]:
            repairs.append(f"{count(counts[name])} had {rest}.")
    return nbformat.from_dict({
        "cells": within_bounds(found, repairs),
        "metadata": {"kernelspec": dict(KERNELSPEC), "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    })  # fmt: skip


def _kernel(metadata, repairs):
    metadata = metadata if isinstance(metadata, Mapping) else {}
    kernel, language = metadata.get("kernelspec"), metadata.get("language_info")
    if not isinstance(kernel, Mapping) or not isinstance(kernel.get("name"), str):
        repairs.append("The notebook named no kernel; Python 3 is used.")
        return
    language = kernel.get("language") or (language.get("name") if isinstance(language, Mapping) else None)
    if isinstance(language, str) and language.lower() not in ("python", "ipython"):
        repairs.append(f"The notebook was made for {language[:30]!r}; Python 3 is used.")


def _cell(cell, counts):
    """The type, text, nbgrader metadata and pictures of a cell; what is wrong is counted."""
    kind = cell.get("cell_type")
    text, is_text = text_of(cell)
    if kind in ("heading", "html"):  # of nbformat 3
        level = cell.get("level")
        text = f"{'#' * (level if level in range(1, 7) else 1)} {text}" if kind == "heading" else text
        kind = "markdown"
    if not isinstance(kind, str) or kind not in CELL_TYPES:
        kind = "code"
        counts["type"] += 1
    counts["text"] += not is_text
    text, broken = _SURROGATE.subn("\ufffd", text)
    counts["surrogate"] += bool(broken)
    metadata = cell.get("metadata")
    nbgrader = nbgrader_metadata(cell)
    given = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    counts["metadata"] += not isinstance(metadata, Mapping) or (given is not None and not isinstance(given, Mapping))
    clean = {"cell_type": kind, "metadata": {"nbgrader": nbgrader} if nbgrader else {}, "source": text}
    if kind == "code":
        return clean | {"execution_count": None, "outputs": []}
    pictures = _pictures(cell.get("attachments"), text)
    if cell.get("attachments") and not pictures:
        counts["picture"] += 1
    return clean | ({"attachments": pictures} if pictures else {})


def text_of(cell):
    """(text of a cell, whether it was stored as one)."""
    keys = [key for key in ("source", "input", "code") if key in cell]  # the two others are of nbformat 3 and 1
    value = cell[next((key for key in keys if cell[key]), keys[0])] if keys else None
    is_text = isinstance(value, str)
    if isinstance(value, list | tuple):
        lines = [line for line in value if isinstance(line, str)]
        is_text = len(lines) == len(value)
        # a list of lines ends each but the last with \n; some programs leave that out
        glue = "\n" if len(lines) > 1 and not any("\n" in line for line in lines) else ""
        value = glue.join(lines)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value) if abs(value) < 1e18 else ""
    text = value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_text


def nbgrader_metadata(cell):
    """What nbgrader may have written into a cell, as far as it has the right types."""
    metadata = cell.get("metadata")
    given = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(given, Mapping):
        return {}
    kept = {flag: given[flag] for flag in FLAGS if isinstance(given.get(flag), bool)}
    points, grade_id = given.get("points"), given.get("grade_id")
    if isinstance(points, int | float) and not isinstance(points, bool) and abs(points) < 1e9:
        kept["points"] = points
    if isinstance(grade_id, str) and 0 < len(grade_id) <= 200 and not _SURROGATE.search(grade_id):
        kept["grade_id"] = grade_id
    return kept


def _pictures(attachments, text):
    """The pictures that the text shows: {name: {type: base64}}."""
    if not isinstance(attachments, Mapping):
        return {}
    found = {}
    for name, bundle in list(attachments.items())[:MOST_PICTURES]:
        if isinstance(name, str) and isinstance(bundle, Mapping) and f"attachment:{name}" in text:
            images = {kind: data for kind, data in bundle.items() if isinstance(kind, str) and isinstance(data, str)
                      and _IMAGE.fullmatch(kind) and _BASE64.fullmatch(data)}  # fmt: skip
            found |= {name: images} if images else {}
    return found


def _is_id(value):
    return isinstance(value, str) and len(value) <= LONGEST_ID and bool(_ID.fullmatch(value))


def count(number, noun="cell"):
    """1 cell, 2 cells"""
    return f"{number} {noun}{'' if number == 1 else 's'}"
