"""Read marks out of nbgrader's gradebook and print them as a table."""

from dataclasses import dataclass

from course.grading.classroom.submitted import shown


@dataclass(frozen=True)
class Marks:
    """What one student got: {cell: points} for the test cells, and what is still to be graded by hand.

    `points` is None if the submission could not be graded; a single cell is None if it was not.
    """

    student: str
    points: dict[str, float | None] | None
    maximum: float
    by_hand: float = 0.0

    @property
    def score(self):
        return None if self.points is None else sum(points or 0.0 for points in self.points.values())


def read_marks(db_url, assignment, expected=()):
    """Return the marks of everybody, by student. Students in `expected` who have none are listed as ungraded.

    db_url: nbgrader's, for example "sqlite:///build/gradebook.db". RuntimeError if the gradebook does not answer.
    """
    from nbgrader.api import Gradebook

    from course.grading.classroom.records import clear_errors

    with clear_errors(db_url), Gradebook(db_url) as gradebook:
        # the largest mark that tests alone can give; the rest is graded by hand
        cells = [cell for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.grade_cells]
        tests = {cell.name: cell.max_score for cell in cells if cell.cell_type == "code"}
        marks = {}
        for submission in gradebook.assignment_submissions(assignment):
            grades = {g.name: g for notebook in submission.notebooks for g in notebook.grades}
            points = {name: grades[name].auto_score if name in grades else None for name in tests}
            if all(value is None for value in points.values()):  # listed, but its file could not be read
                points = None
            # cells of a file that broke off wait for a hand as well: only the written ones are meant here
            waiting = sum(g.max_score for name, g in grades.items() if name not in tests and g.needs_manual_grade)
            marks[submission.student.id] = Marks(submission.student.id, points, sum(tests.values()), waiting)
        for student in set(expected) - set(marks):
            marks[student] = Marks(student, None, sum(tests.values()))
    return [marks[student] for student in sorted(marks)]


def table(marks, notes=None, numbers=None):
    """Return the gradebook as text: a line a student, a column a question, and the mean.

    notes: {student: text}. numbers: {question: its number in the text}; without it they are counted.
    """
    names, notes = {m.student: shown(m.student) for m in marks}, notes or {}
    columns = next((list(m.points) for m in marks if m.points is not None), [])
    questions = [name.removesuffix("-test") for name in columns]
    heads = [(numbers or {}).get(name, str(i)) for i, name in enumerate(questions, 1)]
    width = max([len("student"), *map(len, names.values())])
    head = f"{'student':<{width}}  {'mark':>10}  " + " ".join(f"{number:>4}" for number in heads) + "  note"
    lines = [head, "-" * len(head)]
    for m in marks:
        points = m.points if m.points is not None else dict.fromkeys(columns, "")
        cells = " ".join(f"{_points(points[name]):>4}" for name in columns)
        mark = "none" if m.points is None else f"{m.score:g} / {m.maximum:g}"
        note = shown(notes.get(m.student, ""))
        lines.append(f"{names[m.student]:<{width}}  {mark:>10}  {cells}  {note}".rstrip())
    graded = [m.score for m in marks if m.points is not None]
    mean = f"{sum(graded) / len(graded):.1f}" if graded else "-"
    waiting = sum(m.by_hand > 0 for m in marks if m.points is not None)
    lines += ["", f"{len(graded)} graded, {len(marks) - len(graded)} without a mark, mean {mean}; "
              f"written answers to read by hand: {waiting}"]  # fmt: skip
    lines += ["columns: " + ", ".join(f"{number} {name}" for number, name in zip(heads, questions, strict=True))]
    return "\n".join(lines)


def _points(value):
    """A number without a needless .0, "?" for a cell without a mark, "" where there is no submission."""
    return "?" if value is None else value if value == "" else f"{value:g}"
