"""Read marks out of nbgrader's gradebook and print them as a table."""

from dataclasses import dataclass, field

from course.grading.classroom.submitted import shown


@dataclass(frozen=True)
class Marks:
    """What one student got: {cell: points}, of the test cells and of the written ones that a person reads.

    A mark by hand takes the place of the tests'. `points` is None if the submission could not be graded; a single
    cell is None if it was not. written: None for a cell that is not read yet; written_of: what each can give.
    maximum: of the test cells. by_hand: points of written cells that wait for a person. penalty: points off for being
    late.
    """

    student: str
    points: dict[str, float | None] | None
    maximum: float
    by_hand: float = 0.0
    written: dict[str, float | None] = field(default_factory=dict)
    written_of: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0

    @property
    def score(self):
        """What the test cells gave; None if the submission could not be graded."""
        return None if self.points is None else sum(points or 0.0 for points in self.points.values())

    @property
    def total(self):
        """The mark as far as it is known: written answers that are not read yet count nothing."""
        if self.points is None:
            return None
        return max(0.0, self.score + sum(points or 0.0 for points in self.written.values()) - self.penalty)

    @property
    def total_of(self):
        """The largest mark there is, written answers included."""
        return self.maximum + sum(self.written_of.values())

    @property
    def is_full(self):
        """Was nothing lost so far?"""
        read = {name: points for name, points in self.written.items() if points is not None}
        lost = sum(self.written_of[name] - points for name, points in read.items())
        return self.points is not None and self.score >= self.maximum - 1e-9 and lost < 1e-9 and not self.penalty


def read_marks(db_url, assignment, expected=()):
    """Return the marks of everybody, by student. Students in `expected` who have none are listed as ungraded.

    db_url: nbgrader's, for example "sqlite:///build/gradebook.db". RuntimeError if the gradebook does not answer.
    """
    from nbgrader.api import Gradebook

    from course.grading.classroom.records import clear_errors

    with clear_errors(db_url), Gradebook(db_url) as gradebook:
        cells = [cell for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.grade_cells]
        tests = {cell.name: cell.max_score for cell in cells if cell.cell_type == "code"}
        written = {cell.name: cell.max_score for cell in cells if cell.cell_type != "code"}
        marks = {}
        for submission in gradebook.assignment_submissions(assignment):
            grades = {g.name: g for notebook in submission.notebooks for g in notebook.grades}
            points = {name: _given(grades.get(name)) for name in tests}
            if all(value is None for value in points.values()):  # listed, but its file could not be read
                points = None
            # cells of a file that broke off wait for a hand as well: only the written ones are meant here
            waiting = sum(grades[name].max_score for name in written
                          if name in grades and grades[name].needs_manual_grade)  # fmt: skip
            marks[submission.student.id] = Marks(
                submission.student.id, points, sum(tests.values()), waiting,
                {name: _given(grades.get(name)) for name in written}, written, submission.late_submission_penalty or 0.0
            )  # fmt: skip
        for student in set(expected) - set(marks):
            marks[student] = Marks(student, None, sum(tests.values()), written_of=written)
    return [marks[student] for student in sorted(marks)]


def read_scores(db_url, assignment):
    """Return {student: {cell: (points by tests, points by hand)}} of a gradebook; None where there are none."""
    from nbgrader.api import Gradebook

    from course.grading.classroom.records import clear_errors

    with clear_errors(db_url), Gradebook(db_url) as gradebook:
        return {submission.student.id: {grade.name: (grade.auto_score, grade.manual_score)
                                        for notebook in submission.notebooks for grade in notebook.grades}
                for submission in gradebook.assignment_submissions(assignment)}  # fmt: skip


def _given(grade):
    """The points of a cell: those by hand, else those of the tests, with extra credit; None if there are none."""
    return None if grade is None or grade.manual_score is None and grade.auto_score is None else grade.score


def table(marks, notes=None, numbers=None):
    """Return the gradebook as text: a line a student, a column a question, and the mean.

    notes: {student: text}. numbers: {question: its number in the text}; without it they are counted.
    """
    names, notes = {m.student: shown(m.student) for m in marks}, notes or {}
    graded = [m for m in marks if m.points is not None]
    tests, written = (list(graded[0].points), list(graded[0].written_of)) if graded else ([], [])
    questions = [name.removesuffix("-test") for name in tests] + written
    heads = [(numbers or {}).get(name, str(i) if i <= len(tests) else name) for i, name in enumerate(questions, 1)]
    width = max([len("student"), *map(len, names.values())])
    head = f"{'student':<{width}}  {'mark':>10}  " + " ".join(f"{head:>4}" for head in heads) + "  note"
    lines = [head, "-" * len(head)]
    for m in marks:
        points: list = [""] * len(questions)
        if m.points is not None:
            points = [m.points[name] for name in tests]
            points += ["wait" if m.written.get(name) is None else m.written[name] for name in written]
        cells = " ".join(f"{_points(value):>{max(4, len(head))}}" for value, head in zip(points, heads, strict=True))
        mark = "none" if m.points is None else f"{m.total:g} / {m.total_of:g}"
        note = "; ".join([f"late: {m.penalty:g} off"] * bool(m.penalty) + [shown(notes.get(m.student, ""))])
        lines.append(f"{names[m.student]:<{width}}  {mark:>10}  {cells}  {note}".rstrip("; "))
    mean = f"{sum(m.total for m in graded) / len(graded):.1f}" if graded else "-"
    waiting = sum(m.by_hand > 0 for m in graded)
    lines += ["", f"{len(graded)} graded, {len(marks) - len(graded)} without a mark, mean {mean}; "
              f"written answers to read by hand: {waiting}"]  # fmt: skip
    lines += ["columns: " + ", ".join(" ".join(dict.fromkeys(pair)) for pair in zip(heads, questions, strict=True))]
    if any(None in m.written.values() for m in graded):
        lines += ['"wait" stands for a written answer that nobody has read yet; it counts nothing so far']
    return "\n".join(lines)


def _points(value):
    """A number without a needless .0, a word as it is, "?" for a cell without a mark."""
    return "?" if value is None else value if isinstance(value, str) else f"{value:g}"
