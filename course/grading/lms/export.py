"""`course export`: the marks of an assignment, in all and question by question, for a learning management system."""

from pathlib import Path

from course.grading.classroom.batch import the_course
from course.grading.classroom.records import check_generated
from course.grading.classroom.submitted import shown
from course.grading.lms import merge, spreadsheet
from course.grading.lms.people import ABSENT, COMPLETE, UNGRADED, UNREAD, read_people
from course.grading.report import headings

SYSTEMS = {"canvas": merge.CANVAS, "moodle": merge.MOODLE}
FORMATS = ("csv", *SYSTEMS)


def export(assignment, to="csv", file=None, output=None, column=None, match=None, partial=False, zero=False, root="."):
    """Write the marks of an assignment and print what was written and what was not. Returns the path.

    to: one of FORMATS. file: what the system has exported, which the marks are merged into; Canvas needs one. output:
    where to; None is build/exports. column, match: see `merge`. partial, zero: see `Person.mark`.
    ValueError if something is missing; RuntimeError, after all is written, if somebody with a mark is not in `file`.
    """
    if to not in FORMATS:
        raise ValueError(f"--to must be one of {', '.join(FORMATS)}; got {to!r}")
    if to == "canvas" and file is None:
        raise ValueError("Canvas knows students and assignments by ids that are only in the file it exports. "
                         f"{merge.CANVAS.how}; then `course export {assignment} --to canvas --merge FILE`")  # fmt: skip
    if to == "csv" and file is not None:
        raise ValueError("--merge goes with --to canvas or --to moodle")
    file = None if file is None else Path(file).resolve()
    output = None if output is None else Path(output).resolve()
    with the_course(root) as course:
        source = course.source(assignment)
        check_generated(course.directory, assignment, source.stem)
        numbers = headings.numbers(source.read_text(encoding="utf-8"))
        people = read_people(course.directory.db_url, assignment)
        name = assignment if to == "csv" else f"{assignment}-{to}"
        output = output or Path(course.directory.root, "build/exports", f"{name}.csv").resolve()
    if file is not None and output == file:
        raise ValueError(f"{output} is the file that was exported: choose another --output, so that it stays")
    marks = {person.student: person.mark(partial, zero) for person in people}
    maximum = max((person.marks.total_of for person in people if person.marks), default=0.0)
    merged = None
    if file is not None:
        sheet = spreadsheet.read(file)
        merged = merge.merge(sheet, SYSTEMS[to], people, marks, assignment, maximum, column, match)
    else:
        sheet = _moodle(people, marks, assignment) if to == "moodle" else _questions(people, marks, numbers)
    sheet.write(output)
    print("\n".join(_said(people, marks, merged, maximum, partial, zero)))
    print(f"written: {output}")
    if merged and merged.unmatched:
        names = "; ".join(f"{shown(name)} ({why})" for name, why in merged.unmatched.items())
        raise RuntimeError(f"{len(merged.unmatched)} with a mark could not be matched with {file.name}: {names}. "
                           "Their login, SIS id or email must be their name, email or LMS user id in the gradebook "
                           "(formgrader, Manage Students), or name the column with --match")  # fmt: skip
    return output


def _questions(people, marks, numbers):
    """The Sheet with a column for each question."""
    some = next((person.marks for person in people if person.marks and person.marks.points is not None), None)
    tests, written = (list(some.points), list(some.written_of)) if some else ([], [])
    called = [f"{numbers.get(name.removesuffix('-test'), '')} {name.removesuffix('-test')}".strip() for name in tests]
    rows = [["student", "last name", "first name", "email", *called, *written, "late penalty", "total", "of", "status"]]
    for person in people:
        points = person.marks.points if person.marks and person.marks.points else {}
        texts = person.marks.written if points else {}
        values = [points.get(name) for name in tests] + [texts.get(name) for name in written]
        values += [(person.marks.penalty or None) if person.marks else None, marks[person.student]]
        values += [person.marks.total_of if person.marks else None]
        who = [person.student, person.last_name, person.first_name, person.email]
        rows.append([*map(spreadsheet.harmless, who), *map(spreadsheet.number, values), person.status])
    return spreadsheet.Sheet(rows)


def _moodle(people, marks, assignment):
    """The Sheet for Moodle's *Grades, Import, CSV file*."""
    rows = [["Username", "ID number", "First name", "Last name", "Email address", spreadsheet.harmless(assignment)]]
    for person in people:
        who = [person.student, person.lms_id, person.first_name, person.last_name, person.email]
        rows.append([*map(spreadsheet.harmless, who), spreadsheet.number(marks[person.student])])
    return spreadsheet.Sheet(rows)


def _said(people, marks, merged, maximum, partial, zero):
    """Yield the lines of the summary."""
    by_status = {status: [person.student for person in people if person.status == status]
                 for status in (COMPLETE, UNREAD, UNGRADED, ABSENT)}  # fmt: skip
    complete = len(by_status[COMPLETE])
    yield f"{len(people)} students, {complete} with a complete mark of {maximum:g} points"
    blank = "the mark is left blank"
    if names := by_status[UNREAD]:
        so = "what there is was written" if partial else f"{blank}; --partial writes what there is"
        yield _line(UNREAD, names, so)
    if names := by_status[UNGRADED]:
        yield _line(UNGRADED, names, blank)
    if names := by_status[ABSENT]:
        yield _line(ABSENT, names, "0 was written" if zero else f"{blank}; --zero writes 0")
    if names := [person.student for person in people if person.marks and person.marks.penalty]:
        yield _line("late", names, "the penalty is taken off")
    if merged is None:
        return
    new = ", which is new: the system makes an assignment of it; --column fills one that is there"
    yield f"column {merged.column!r}{new if merged.is_new else ''}: {len(merged.written)} marks"
    if merged.possible is not None and merged.possible != round(maximum, 4):
        yield (f"NOTE: {merged.possible:g} points are possible there, and {maximum:g} in the gradebook; marks are "
               "written as they are: change the points there")  # fmt: skip
    for what, names, so in (
        ("another mark stood there", merged.replaced, "it was replaced"),
        ("excused", merged.excused, "that was kept"),
        ("in the file, not in the gradebook", merged.others, "left as they are"),
    ):
        if names:
            yield _line(what, names, so)


def _line(what, names, so):
    return f"{what}: {len(names)} ({', '.join(map(shown, names))}); {so}"
