"""Where a student stands: what the last test of each question said, as the table at the end of a problem set."""

from dataclasses import dataclass
from html import escape

from course.checks.notebook import last_test
from course.checks.record import titled
from course.checks.render import BAD, CELL, GOOD, HIDDEN, WRITTEN

OPEN = "#767676"  # readable on white and on black: a question without an answer is no mistake
PASSED, FAILED, UNANSWERED = "passed", "failed", "unanswered"
SIGNS = {PASSED: ("✓", GOOD), FAILED: ("✗", BAD), UNANSWERED: ("○", OPEN)}


@dataclass(frozen=True)
class Standing:
    """A row: how many of the visible cases passed, and what is missing, "" if nothing is. `state` is a key of SIGNS."""

    title: str
    passed: int
    total: int
    missing: str
    state: str


def standing(question):
    """Return the Standing of a question in this notebook session."""
    record, problem = last_test(question.name)
    total = len(question.visible)
    if record is not None and record.answered:
        passed, failure = sum(result.passed for result in record.results), record.first_failure
        missing, state = ("", PASSED) if failure is None else (f"fails: {failure.case.kind}", FAILED)
    elif record is not None:
        passed, missing, state = 0, WRITTEN if record.written else "not answered yet", UNANSWERED
    else:
        passed, missing, state = 0, problem or "run its test cell", FAILED if problem else UNANSWERED
    return Standing(titled(question.number, question.name), passed, total, missing, state)


def called(questions, functions):
    """Return those of the questions whose functions are called by name in these."""
    names = {name for function in functions for name in function.__code__.co_names}
    return [question for question in questions if question.name in names]


def missing(questions):
    """Return a sentence for each question of whose function not one visible case passes, as its last test said."""
    rows = map(standing, questions)
    return [f"{row.title}: {row.missing}" for row in rows if not row.passed]


class Overview:
    """The table at the end of a problem set, from what the test cells above have found in this session.

    questions: the checks, in the order of the text. written: headings of the questions that a person reads.
    """

    def __init__(self, questions, written=()):
        self.rows = [standing(question) for question in questions]
        self.written = tuple(written)

    @property
    def summary(self):
        """The sentence above the table."""
        done, count = sum(row.state == PASSED for row in self.rows), len(self.rows)
        return f"{done} of {count} questions pass all their visible cases; {HIDDEN}."

    def _lines(self):
        rows = [(row.title, f"{row.passed} of {row.total}", row.missing or "nothing", row.state) for row in self.rows]
        return rows + [(title, "no cases", "a person reads it: is your answer written?", "") for title in self.written]

    def __repr__(self):
        lines = [(title, f"visible {visible}" if state else visible, missing)
                 for title, visible, missing, state in self._lines()]  # fmt: skip
        width, other = (max(len(line[k]) for line in lines) for k in (0, 1))
        return "\n".join([self.summary, *(f"  {a:<{width}}  {b:<{other}}  {c}".rstrip() for a, b, c in lines)])

    def _repr_html_(self):
        head = "".join(f'<th scope="col" style="{CELL};padding-right:1.5em">{text}</th>'
                       for text in ("Question", "Visible cases passed", "What is missing"))  # fmt: skip
        return (
            f'<div class="course-overview" style="line-height:1.45"><table style="margin:.3em 0;font-size:inherit">'
            f'<caption style="text-align:left;padding:.2em 0;color:inherit;font-weight:bold">{escape(self.summary)}'
            f"</caption><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, self._lines()))}</tbody></table></div>"
        )


def _row(line):
    title, visible, missing, state = line
    sign, colour = SIGNS.get(state, ("", "inherit"))
    mark = f'<span aria-hidden="true" style="color:{colour};font-weight:bold">{sign}</span> ' if sign else ""
    cell = f'style="{CELL};padding-right:1.5em"'
    return (f'<tr><th scope="row" {cell.replace("left;", "left;font-weight:normal;")}>{escape(title)}</th>'
            f"<td {cell}>{mark}{escape(visible)}</td><td {cell}>{escape(missing)}</td></tr>")  # fmt: skip
