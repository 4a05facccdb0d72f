"""Marks into a file that a learning management system has exported: its ids are only there, so all of it stays."""

import re
from dataclasses import dataclass, field

from course.grading.lms.spreadsheet import cell, harmless, number

READ_ONLY = "(read only)"  # what Canvas writes below the columns that it computes
EXCUSED = "EX"  # what Canvas writes for a student who need not hand in
ABOUT = ("section", "root account", "status", "maximum grade")  # columns that say something else of a student
ABOVE = ("points possible", "manual posting")  # rows of Canvas above the students


@dataclass(frozen=True)
class System:
    """How a system's files say who is who.

    keys: for each property of a Person the columns that may hold it, tried in this order; the first that fits decides.
    column: what the column of the marks is called, where that is always the same.
    """

    name: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    column: str = ""
    how: str = ""


CANVAS = System(
    "Canvas",
    (("student", ("SIS Login ID", "SIS User ID", "Integration ID")), ("email", ("SIS Login ID", "Email")),
     ("lms_id", ("ID", "SIS User ID", "Integration ID")), ("student", ("ID",))),
    how="In Canvas: Grades, Export, Export Entire Gradebook",
)  # fmt: skip
MOODLE = System(
    "Moodle",
    (("student", ("Username", "ID number")), ("email", ("Email address", "Email")), ("lms_id", ("ID number",)),
     ("student", ("Email address",))),
    column="Grade",
    how="In Moodle: the assignment, View all submissions, Download grading worksheet",
)  # fmt: skip


@dataclass
class Merged:
    """What came of it: names of students, except where said otherwise."""

    column: str
    is_new: bool = False
    possible: float | None = None  # points, as the file says
    written: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    unmatched: dict[str, str] = field(default_factory=dict)  # who has a mark and got none in the file: why
    others: list[str] = field(default_factory=list)  # students of the file of whom the gradebook has nothing


def merge(sheet, system, people, marks, assignment, maximum, column=None, match=None):
    """Write marks into a Sheet, and leave all else in it as it is. Returns a Merged.

    people: list of Person; marks: {student: number or None}, None leaves what stands there. column: the name of the one
    to fill; otherwise the one that is called as the assignment, or a new one. match: the column that holds the names of
    students, where it is none of the system's. ValueError if a column is missing or not unique.
    """
    place, found = _column(sheet, system, assignment, maximum, column)
    rows, found.unmatched = _match(sheet, system, people, match)
    comma = sheet.has_decimal_commas
    for student, row in rows.items():
        before, value = cell(sheet.rows[row], place).strip(), marks.get(student)
        if value is None:
            continue
        if before.upper() == EXCUSED:
            found.excused.append(student)
            continue
        text = number(value, comma)
        if _value(before) != round(value, 4):
            found.replaced += [student] if before not in ("", "-") else []
            sheet.put(row, place, text)
        found.written.append(student)
    found.unmatched = {name: why for name, why in found.unmatched.items() if marks.get(name) is not None}
    known = set(rows.values())
    found.others = [cell(sheet.rows[i], 0).strip() for i in _students(sheet, system) if i not in known]
    return found


def _column(sheet, system, assignment, maximum, wanted):
    """(the place of the column to fill, a Merged that names it)."""
    names = [title.strip() for title in sheet.header]
    above = [row for i, row in enumerate(sheet.rows[1:], 1) if i not in set(_students(sheet, system))]
    computed = {i for row in above for i, text in enumerate(row) if text.strip().casefold() == READ_ONLY}
    keys = {*ABOUT, *(column.casefold() for _, columns in system.keys for column in columns)}
    open_to = [i for i, name in enumerate(names) if i > 0 and i not in computed and name.casefold() not in keys]
    asked = wanted or (system.column if system.column in names else assignment)
    places = [i for i in open_to if names[i] == asked] or [i for i in open_to if _bare(names[i]) == _bare(asked)]
    there = ", ".join(repr(names[i]) for i in open_to)
    if len(places) > 1:
        raise ValueError(f"{len(places)} columns are called {asked!r}: name one of them with --column: {there}")
    if places:
        possible = [_value(cell(row, places[0])) for row in above]
        return places[0], Merged(names[places[0]], possible=next((v for v in possible if v is not None), None))
    if wanted:
        raise ValueError(f"no column of the file is called {wanted!r}; there are: {there}")
    place = min(computed, default=len(names))  # before those that the system computes
    for row in sheet.rows:
        row += [""] * (place - len(row))
        row.insert(place, "")
    sheet.rows[0][place] = harmless(assignment)
    points = next((i for i, row in enumerate(sheet.rows[1:], 1) if row[0].strip().casefold() == ABOVE[0]), None)
    if points is not None:
        sheet.rows[points][place] = number(maximum, sheet.has_decimal_commas)
    return place, Merged(assignment, is_new=True, possible=maximum)


def _students(sheet, system):
    """The numbers of the rows that are students', counted from 0 with the header."""
    ids = sheet.column("ID") if system is CANVAS else []
    return [i for i, row in enumerate(sheet.rows[1:], 1)
            if row[0].strip().casefold() not in ABOVE and (not any(ids) or ids[i - 1].strip())
            and row[0].strip().casefold() not in ("student, test", "test student")]  # fmt: skip


def _match(sheet, system, people, match):
    """({student: number of a row}, {student: why there is none})."""
    keys = ((("student", (match,)),) if match else system.keys)
    if not any(sheet.column(column) for _, columns in keys for column in columns):
        wanted = ", ".join(dict.fromkeys(column for _, columns in keys for column in columns))
        raise ValueError(f"the file has no column that says who is who: expected is one of {wanted}, found are "
                         f"{', '.join(sheet.header)}. --match names another one")  # fmt: skip
    students, index = set(_students(sheet, system)), {}
    for column in {column for _, columns in keys for column in columns}:
        for i, text in enumerate(sheet.column(column), 1):
            if i in students and text.strip():
                index.setdefault((column, text.strip().casefold()), set()).add(i)
    rows, why = {}, {}
    for person in people:
        found = _rows_of(person, keys, index)
        if len(found) == 1:
            rows[person.student] = found.pop()
        else:
            why[person.student] = f"{len(found)} rows of the file fit" if found else "no row of the file fits"
    taken = [row for row in rows.values() if list(rows.values()).count(row) > 1]
    for student in [student for student, row in rows.items() if row in taken]:
        why[student] = f"another student fits the same row, {cell(sheet.rows[rows.pop(student)], 0).strip()!r}"
    return rows, why


def _rows_of(person, keys, index):
    for field_name, columns in keys:
        text = getattr(person, field_name).strip().casefold()
        found = set().union(*(index.get((column, text), ()) for column in columns)) if text else set()
        if found:
            return found
    return set()


def _bare(name):
    """The name of a column without Canvas's id, signs and case: "PS1: Activations (4711)" is "ps1activations"."""
    return re.sub(r"[\W_]+", "", re.sub(r"\s*\(\d+\)$", "", name)).casefold()


def _value(text):
    """The number in a text, None if it is none."""
    text = text.strip().replace(",", ".")
    return round(float(text), 4) if re.fullmatch(r"\d+(\.\d+)?", text) else None
