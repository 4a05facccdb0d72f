"""What students got: the cells of an instructor's notebook without solutions and hidden tests.

The same texts as nbgrader's generate_assignment writes, computed in a millisecond; a test compares them.
"""

import hashlib
import re
from dataclasses import dataclass, field

CODE_STUB = "# YOUR CODE HERE"  # as in nbgrader_config.py; a test compares them too
TEXT_STUB = "YOUR ANSWER HERE"
RUBRIC = "RUBRIC"  # region of a solution that says how an answer is marked: never part of anybody's answer

# What stands for nothing in a search for names: comments and strings, also those that never end. Each of the five
# goes on wherever it has begun: one that could fail at its end would be tried again from every quote in it.
_SILENT = re.compile(
    r'#[^\n]*+|"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\\?\Z)|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+(?:\'\'\'|\\?\Z)'
    r'|"(?:[^"\\\n]++|\\.)*+(?:"|\\?\Z|(?=\n))|\'(?:[^\'\\\n]++|\\.)*+(?:\'|\\?\Z|(?=\n))',
    re.DOTALL,
)
_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """One cell of the instructor's notebook. `role` is "answer", "test", "locked" or "plain".

    name: its grade_id, or its cell id if it has none. source, released: the instructor's text, and what students got.
    names: the functions and classes that an answer has to define. nbgrader: its metadata.
    """

    index: int
    name: str
    cell_id: str
    role: str
    cell_type: str
    source: str
    released: str
    names: frozenset
    nbgrader: dict = field(hash=False)

    @property
    def is_answer(self):
        """Whether the student writes into this cell."""
        return self.role == "answer"


def parts(source, code_stub=CODE_STUB, text_stub=TEXT_STUB):
    """Return a Part for each cell of the instructor's notebook."""
    found = []
    for index, cell in enumerate(source.cells):
        nbgrader = cell.metadata.get("nbgrader", {})
        role = "plain"
        if nbgrader.get("solution"):
            role = "answer"
        elif nbgrader.get("grade"):
            role = "test"
        elif nbgrader.get("locked") or nbgrader.get("task"):
            role = "locked"
        text = released(cell, code_stub, text_stub)
        names = frozenset()
        if role == "answer" and cell.cell_type == "code":
            names = defined(text) or defined(cell.source)
        cell_id = cell.get("id", "")
        name = nbgrader.get("grade_id") or cell_id or f"cell {index + 1}"
        found.append(
            Part(index, name, cell_id, role, cell.cell_type, cell.source, text, frozenset(names), dict(nbgrader))
        )
    return found


def released(cell, code_stub=CODE_STUB, text_stub=TEXT_STUB):
    """Return the text of an instructor's cell as students get it."""
    stub = (code_stub if cell.cell_type == "code" else text_stub).split("\n")
    lines = cell.source.split("\n")
    text = _without(lines, "SOLUTION", stub)
    if text == lines and cell.metadata.get("nbgrader", {}).get("solution"):
        text = stub
    for region in ("HIDDEN TESTS", "MARK SCHEME"):
        text = _without(text, region, [])
    return "\n".join(text)


def _without(lines, region, stub):
    """The lines with each region between its markers replaced by the stub, indented like the first marker."""
    kept, inside = [], False
    for line in lines:
        if f"BEGIN {region}" in line:
            inside = True
            indent = re.match(r"\s*", line)[0]
            kept += [indent + text for text in stub]
        elif f"END {region}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return kept


def inside(text, region):
    """Return what stands between the markers of a region, "" if there is none."""
    found = re.search(rf"^[^\n]*BEGIN {region}[^\n]*\n(.*?)^[^\n]*END {region}", text, re.DOTALL | re.MULTILINE)
    return found[1].strip("\n") if found else ""


def without(text, region):
    """Return the text without a region and its markers."""
    return plain("\n".join(_without(text.split("\n"), region, [])))


def plain(text):
    """The text without what no reader sees: blanks at the ends of lines, empty lines at both ends."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def essence(text, cell_type):
    """What is compared with a stub: in code, comments and empty lines do not count as an answer."""
    if cell_type != "code":
        return plain(text).strip()
    lines = [line.rstrip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


def defined(text):
    """Return the names that code gives to functions, classes and values at its top level.

    A search by pattern: it also answers for code that does not compile, and code made to break a parser cannot
    break it.
    """
    code = without_silent(text)
    return set(_DEFINITION.findall(code)) | set(_ASSIGNMENT.findall(code))


def without_silent(text):
    """Code without comments, and with empty strings in the place of all strings."""
    return _SILENT.sub(lambda match: "" if match[0].startswith("#") else '""', text)


def checksum(cell):
    """What nbgrader keeps of a released cell, to know later whether the student has changed it.

    The same as `nbgrader.utils.compute_checksum`, which takes a second to import in every worker; a test compares both.
    """
    nbgrader = cell.metadata.get("nbgrader", {})
    grade, solution = bool(nbgrader.get("grade")), bool(nbgrader.get("solution"))
    locked = not solution and (grade or bool(nbgrader.get("locked")))
    said = [cell.source, cell.cell_type, str(grade), str(solution), str(locked), nbgrader["grade_id"]]
    said += [str(float(nbgrader["points"]))] if grade else []
    return hashlib.md5("".join(said).encode(), usedforsecurity=False).hexdigest()
