"""`course grade --preview`: which marks would change if a class were graded again now? Nothing is written."""

import contextlib
from dataclasses import dataclass, field

from course.grading.classroom.batch import check_solution, choose, own_workers, the_job
from course.grading.classroom.gradebook import read_scores
from course.grading.classroom.pool import results
from course.grading.classroom.progress import Progress
from course.grading.classroom.submitted import shown

LEAST = 1e-9  # points; less is no change


@dataclass
class Change:
    """What grading again would do to one student: {test cell: (points by tests now, points again)}, changed ones only.

    by_hand: the cells among them with a mark by hand, which stays whatever the tests give.
    """

    student: str
    before: float
    cells: dict[str, tuple[float | None, float]] = field(default_factory=dict)
    by_hand: tuple[str, ...] = ()

    @property
    def difference(self):
        """Points that the mark would rise, late penalties apart."""
        return sum(new - (old or 0.0) for name, (old, new) in self.cells.items() if name not in self.by_hand)


def preview_class(assignment, *, students=None, jobs=None, workers=None, limits=None, weak=False, root="."):
    """Grade everybody who has a mark again, as it would be done now, and print which marks would change.

    Arguments and errors are those of `grade_class`. Returns [Change] of the students with a change. Gradebook, records,
    stored notebooks and the names of folders stay as they are.
    """
    with the_job(assignment, root, limits, weak) as job:
        chosen = choose(job.course.students(assignment), students, assignment)
        scores = read_scores(job.course.directory.db_url, assignment)
        marked = [name for name in chosen if any(auto is not None for auto, _ in scores.get(name, {}).values())]
        print(f"{assignment}: {len(chosen)} handed in, {len(marked)} have a mark and are graded again for comparison")
        changes, failed = [], {}
        if marked:
            with contextlib.ExitStack() as stack:
                workers = workers or stack.enter_context(own_workers(jobs, len(marked)))
                progress = stack.enter_context(Progress(len(marked)))
                check_solution(workers, job)
                for name, found in results(workers, job.tasks(marked), progress.show):
                    if isinstance(found, Exception):
                        failed[name] = f"{type(found).__name__}: {found}"
                    else:
                        changes.append(compare(name, scores[name], found["points"]))
                    progress.advance(name)
        changes = sorted((change for change in changes if change.cells), key=lambda change: change.student)
        print(f"\n{table(changes, job.numbers)}" if changes else "")
        print(verdict(changes, len(marked) - len(failed), assignment))
        for name, reason in sorted(failed.items()):
            print(f"{shown(name)} could not be graded again: {shown(reason)}")
        return changes


def compare(student, scores, points):
    """Return the Change of a student. scores: {cell: (points by tests, by hand)}; points: {cell: points again}."""
    cells = {name: (scores[name][0], new) for name, new in points.items()
             if name in scores and (scores[name][0] is None or abs(scores[name][0] - new) > LEAST)}  # fmt: skip
    before = sum((auto if hand is None else hand) or 0.0 for auto, hand in scores.values())
    return Change(student, before, cells, tuple(name for name in cells if scores[name][1] is not None))


def table(changes, numbers):
    """Return the changes as text, a line a student. numbers: {question: its number in the text}."""
    width = max([len("student"), *(len(shown(change.student)) for change in changes)])
    lines = [f"{'student':<{width}}  {'now':>6}  {'again':>6}  {'change':>6}  questions"]
    for change in changes:
        said = [_said(name, *points, name in change.by_hand, numbers) for name, points in change.cells.items()]
        after = change.before + change.difference
        numbers_said = f"{change.before:>6g}  {after:>6.6g}  {change.difference:>+6.4g}"
        lines.append(f"{shown(change.student):<{width}}  {numbers_said}  {'; '.join(said)}")
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def verdict(changes, count, assignment):
    """What the table comes to, in a sentence or two."""
    up = sum(change.difference > LEAST for change in changes)
    down = sum(change.difference < -LEAST for change in changes)
    said = f"{count} graded again, nothing was written: {up} would rise, {down} would fall, {count - up - down} stay"
    if any(change.by_hand for change in changes):
        said += "; marks by hand are kept"
    return f"{said}." + (f" `course grade {assignment} --force` makes it so." if changes else "")


def _said(name, old, new, by_hand, numbers):
    question = name.removesuffix("-test")
    called = f"{numbers.get(question, '')} {question}".strip()
    stays = " (by hand: stays)" if by_hand else ""
    return f"{called} {'none' if old is None else f'{old:g}'} to {new:g}{stays}"
