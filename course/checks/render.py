"""A record as text and as HTML. Both say the same; of a hidden case its kind, a sentence of `told` and its hint."""

import textwrap
from html import escape

import numpy as np

from course.checks.record import SMALL
from course.checks.told import sentence

# borders and colours that read in light, dark and on a printed feedback page
STYLE = "border-left:4px solid {colour};padding:.4em .8em;margin:.3em 0;line-height:1.45"
CELL = "text-align:left;vertical-align:top;padding:.1em 0"
GOOD, BAD = "#009E73", "#D55E00"
HIDDEN = "the mark also counts hidden cases"
PROSE = ("Parts right", "Failing case", "What happened", "Hint", "To do")
VALIDATED = 80  # characters of a line that nbgrader's Validate does not cut
WRITTEN = (
    "your lines are there, but `raise NotImplementedError(...)` is there as well, and ends the function. Delete that "
    "line."
)


def to_text(record):
    """Return the report of one question in plain words."""
    lines = (f"{label}: {value}".replace("\n", "\n  ") for label, value in _details(record))
    return "\n  ".join([_headline(record), *lines])


def to_html(record):
    """Return the report of one question as HTML: a headline and a table, no colour without a word beside it."""
    rows = "".join(
        f'<tr><th scope="row" style="{CELL};white-space:nowrap;padding-right:1em">{escape(label)}</th>'
        f'<td style="{CELL};white-space:pre-wrap{_mono(label)}">{escape(value)}</td></tr>'
        for label, value in _details(record)
    )
    mark, colour = ("✓", GOOD) if record.passed else ("✗", BAD)
    table = f'<table style="margin:.3em 0 0">{rows}</table>' if rows else ""
    return (
        f'<div class="course-check" role="status" style="{STYLE.format(colour=colour)}">'
        f"<strong>{mark} {escape(_headline(record))}</strong>{table}</div>"
    )


def to_validated(record):
    """Return the report of one question as *Validate* shows it: in words alone, since nothing else of it is there."""
    shown = [result for result in record.results if not result.case.hidden]
    if shown or not record.answered:
        passed, total = sum(result.passed for result in shown), len(shown) + record.left
        lines = [f"{record.title}: visible {passed} of {total}; {HIDDEN}."]
    else:
        lines = [_headline(record)]
    for label, value in _details(record):
        if label in PROSE:
            lines += textwrap.wrap(f"{label}: {value}", VALIDATED, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def _headline(record):
    if not record.answered:
        return f"{record.title}: not answered yet"
    total, passed = len(record.results), sum(r.passed for r in record.results)
    hidden = any(r.case.hidden for r in record.results)
    cases = f"{'hidden ' if hidden else ''}case" + ("" if total == 1 else "s")
    if record.passed:
        return f"{record.title}: all {total} {cases} passed"
    if hidden:
        return f"{record.title}: not all of the {total} {cases} passed"
    return f"{record.title}: {passed} of {total} {cases} passed"


def _details(record):
    """Yield (label, text) pairs about the failing case."""
    if not record.answered:
        yield "To do", WRITTEN if record.written else "replace `raise NotImplementedError(...)` by your own lines."
        return
    failure = record.first_failure
    if failure is None:
        return
    if any(r.parts for r in record.results) and not failure.case.hidden:
        yield "Parts right", _parts(record.results)
    yield "Failing case", failure.case.kind
    yield "What happened", sentence(failure) if failure.case.hidden else failure.message
    if not failure.case.hidden:
        for name, value in failure.inputs.items():
            yield name, show(value)
        expected, got = failure.expected, failure.got
        if isinstance(expected, dict) and isinstance(got, dict):  # of several outputs only those that differ
            differ = [name for name in expected if show(expected[name]) != show(got[name])] or list(expected)
            expected, got = ({name: values[name] for name in differ} for values in (expected, got))
        yield "expected", show(expected)
        if got is not None:
            yield "got", show(got)
    if failure.hint:
        yield "Hint", failure.hint
    if not failure.case.hidden:
        yield "Try it", f"{record.question}(*failed_case.arguments) runs this case again."


def _parts(results):
    """Of several outputs each has its share: how often was each one right?"""
    names = next(r.parts for r in results if r.parts)
    right = {name: sum(r.parts.get(name, False) for r in results) for name in names}
    return ", ".join(f"{name} in {count} of {len(results)} cases" for name, count in right.items())


def show(value):
    """Return a small value with its shape and type, a large one by shape and type only."""
    if isinstance(value, dict):
        return "\n".join(f"{name} = {show(v)}" for name, v in value.items())
    if isinstance(value, tuple | list):
        opening, closing = "()" if isinstance(value, tuple) else "[]"
        return opening + ",\n ".join(show(v) for v in value) + closing
    if type(value) is np.ndarray and value.ndim:
        head = f"{value.dtype} array of shape {value.shape}"
        if value.size > SMALL or value.dtype.kind not in "biuf":
            return head
        return head + "\n" + np.array2string(value, precision=5, suppress_small=False, max_line_width=90)
    if isinstance(value, str):  # a description of something that is no number
        return value
    return f"{value:.6g}" if isinstance(value, float | np.floating) else repr(value)[:300]


def _mono(label):
    return "" if label in PROSE else ";font-family:monospace"
