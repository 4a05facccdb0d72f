"""What a graded class shows, as plain numbers and texts: `course.grading.report.page` makes a page of them.

records: {student: the JSON of `course grade`}, of which every field may be missing. marks: list of
`course.grading.classroom.gradebook.Marks`, which decide: somebody may have changed a mark there.
"""

import math
import re
import statistics
from collections import Counter
from dataclasses import dataclass

STATES = ("full", "partial", "zero", "unanswered")  # what an answer got


@dataclass(frozen=True)
class Bin:
    """A bar of a histogram: values from `low` to below `high`; the last bar includes its end."""

    low: float
    high: float
    count: int


def field(record, name, kind):
    """A field of a record, or an empty one if it is missing or of another type."""
    value = record.get(name) if isinstance(record, dict) else None
    return value if isinstance(value, kind) else kind()


def number(record, name):
    """A number of the record's usage, or None."""
    value = field(record, "usage", dict).get(name)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def histogram(values, end=0.0, most=12):
    """Return the Bins of values >= 0, from 0 to `end` at least: at most `most`, each 1, 2 or 5 times a power of ten."""
    values = list(values)
    if not values:
        return []
    largest = max(end, *values)
    widths = (factor * 10.0**power for power in range(-3, 12) for factor in (1, 2, 5))
    width = next(w for w in widths if largest <= w * most)
    count = max(1, math.ceil(round(largest / width, 9)))
    found = Counter(min(int(value / width + 1e-9), count - 1) for value in values)
    return [Bin(round(i * width, 9), round((i + 1) * width, 9), found[i]) for i in range(count)]


def summary(records, marks):
    """Return the numbers of the first line, as a dictionary."""
    scores = [m.total for m in marks if m.points is not None]
    students = {*records, *(m.student for m in marks)}
    return {
        "handed_in": len(students),
        "graded": len(scores),
        "without": len(students) - len(scores),
        "maximum": max((m.total_of for m in marks), default=0.0),
        "full": sum(m.is_full for m in marks),
        "mean": statistics.fmean(scores) if scores else None,
        "median": statistics.median(scores) if scores else None,
        "waiting": sum(m.by_hand > 0 for m in marks if m.points is not None),
        "isolation": dict(sorted(Counter(i for r in records.values() if (i := field(r, "isolation", str))).items())),
    }


def maxima(records, marks):
    """Return {test cell: its points, or None if no record says so} in the order of the notebook."""
    found = {}
    for record in records.values():
        for name, points in field(record, "maximum", dict).items():
            found.setdefault(name, points if isinstance(points, int | float) else None)
    return found | {name: found.get(name) for m in marks for name in (m.points or {})}


def name_of(test):
    """The question that a test cell asks."""
    return test.removesuffix("-test")


def state(record, points, maximum, test):
    """One of STATES, or "" if there is no mark."""
    if points is None:
        return ""
    if maximum is not None and points >= maximum - 1e-9:
        return "full"
    if points > 0:
        return "partial"
    said = [r for r in field(field(record, "records", dict), test, list) if isinstance(r, dict)]
    left = field(record, "answers", dict).get(name_of(test)) in ("unchanged", "missing")
    return "unanswered" if left or any(r.get("answered") is False for r in said) else "zero"


def written_maxima(marks):
    """Return {cell that a person reads: its points}."""
    return {name: maximum for m in marks for name, maximum in m.written_of.items()}


def questions(records, marks):
    """Return, for each test cell in order, and then for each written one: name, maximum, the mean share of its points,
    how many are in each of STATES, and how many wait to be read."""
    rows, written = [], written_maxima(marks)
    for test, maximum in (maxima(records, marks) | written).items():
        points = {m.student: (m.written if test in written else m.points).get(test)
                  for m in marks if m.points is not None}  # fmt: skip
        states = Counter(state(records.get(name), p, maximum, test) for name, p in points.items())
        given = [p for p in points.values() if p is not None]
        waiting = len(points) - len(given) if test in written else 0
        share = statistics.fmean(given) / maximum if given and maximum and not waiting else None
        rows.append({"name": name_of(test), "maximum": maximum, "share": share, "graded": len(given),
                     "states": {name: states[name] for name in STATES},
                     "waiting": waiting})  # fmt: skip
    return rows


def mistakes(records):
    """Return what went wrong, the most frequent first: question, mistake, hint, an example, and the students.

    A student counts once for each hint. One without any hint to a failing answer stands under the hint "", at the end:
    these are not one mistake.
    """
    groups = {}
    for student, record in sorted(records.items()):
        broken, checked = field(record, "reasons", dict), field(record, "records", dict)
        for test in dict.fromkeys([*checked, *broken]):
            said = checked.get(test)
            results = [r for one in (said if isinstance(said, list) else ()) for r in field(one, "results", list)]
            failures = [r for r in results if isinstance(r, dict) and not r.get("passed")]
            found = {(r.get("mistake") or "", r["hint"]): r for r in reversed(failures) if r.get("hint")}
            if isinstance(broken.get(test), str):  # the test could not be run to its end
                found["", broken[test]] = {}
            if failures and not found:
                found["", ""] = failures[0]
            for (mistake, hint), example in found.items():
                group = groups.setdefault((test, mistake, hint), {
                    "question": name_of(test), "mistake": mistake, "hint": hint,
                    "example": example.get("message") or "", "students": [],
                })  # fmt: skip
                group["students"].append(student)
    return sorted(groups.values(), key=lambda g: (g["hint"] == "", -len(g["students"])))


def stopped(record):
    """The limit that ended a submission, or a cell or a call of it; or ""."""
    reason = field(record, "usage", dict).get("reason")
    return "" if reason in ("", "killed", None) else str(reason)


def texts(record, name):
    """The sentences of a field, as far as they are texts."""
    return [text for text in field(record, name, list) if isinstance(text, str)]


def students(records, marks):
    """Return a row for each student: mark, points and state of each question, and what happened on the way."""
    limits, written = maxima(records, marks), written_maxima(marks)
    by_name, rows = {m.student: m for m in marks}, []
    for name in sorted({*records, *by_name}):
        record, mark = records.get(name), by_name.get(name)
        points = (mark.points if mark else None) or {}
        notes = texts(record, "notes")
        if stopped(record) and not any(stopped(record) in note for note in notes):
            notes = [*notes, f"stopped by the limit on {stopped(record)}"]
        if mark and mark.penalty:
            notes = [f"late: {mark.penalty:g} points off", *notes]
        cells = [(points.get(test), state(record, points.get(test), most, test)) for test, most in limits.items()]
        if mark and mark.points is not None:
            cells += [(mark.written.get(cell), state(record, mark.written.get(cell), most, cell) or "waiting")
                      for cell, most in written.items()]  # fmt: skip
        else:
            cells += [(None, "")] * len(written)
        rows.append({
            "name": name, "score": mark.total if mark else None, "by_hand": mark.by_hand if mark else 0.0,
            "cells": cells, "repairs": texts(record, "repairs"), "notes": notes, "attempts": texts(record, "attempts"),
            "stopped": stopped(record), "wall": number(record, "wall"), "cpu": number(record, "cpu"),
        })  # fmt: skip
    return rows


def grouped(rows, name):
    """Return [(kind, {student: [sentences]})] of the sentences in a column of `students`, the most frequent first."""
    groups = {}
    for row in rows:
        for sentence in row[name]:
            groups.setdefault(kind(sentence), {}).setdefault(row["name"], []).append(sentence)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def kind(sentence):
    """What a sentence says of several students: without names, numbers, and what follows a colon."""
    sentence = re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"", "…", sentence.split(": ")[0])
    return re.sub(r"\d+(?:\.\d+)?", "…", sentence).strip().rstrip(".")
