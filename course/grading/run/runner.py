"""Run a rebuilt submission: answers in the sandbox, tests here. The line between the two is in this file.

    answer cell, student's own cell   executed in the sandbox
    setup cell (grade_id "setup...")  executed on both sides, from the source
    test cell                         executed here; each name that the student defined is a proxy
    any other locked cell             not executed

All cells run before the first test, and all visible cases before the first hidden one, see `_rounds`; where that would
take an answer's helper away, see `order`.
A test cell gets its points from the records of its checks: the share of the cases that passed, where of several outputs
each has its part. No record, no points.
"""

import ast
import builtins
import contextlib
import math
from dataclasses import dataclass, field

from course.checks import CheckFailed, collect
from course.checks.call import text_of
from course.checks.render import to_html, to_text
from course.grading.run import order
from course.grading.sandbox.errors import BROKE

RESTARTS = 3  # new processes for a submission whose process has ended
STRANGE = "sent replies that no answer can give"
ENDED = "The program has ended before all cases were run."
BROKE_OFF = "The test broke off in a hidden case."
AGAIN_SECONDS = 5  # for a cell that ran out of time before, when another process runs it again


@dataclass
class TestResult:
    """What one test cell found. `points` is what nbgrader will store; `records` are dictionaries."""

    points: float
    maximum: float
    reports: list[tuple[str, str]] = field(default_factory=list)  # (text, HTML) for the student, one a record
    records: list[dict] = field(default_factory=list)
    reason: str = ""  # why there are no records: the function is missing, the sandbox has died
    cause: str = ""  # the same with all that is known, for the instructor


@dataclass
class Graded:
    """A submission after the run: results by grade_id, outputs of the executed cells by cell id, and what was seen."""

    results: dict[str, TestResult]
    outputs: dict[str, list]
    notes: list[str]
    isolation: str
    usage: dict
    attempts: list[str] = field(default_factory=list)  # what it tried that no answer needs


@dataclass
class Outcome:
    """The visible or the hidden cases of one test: records, and why it broke off; `reason` and `cause` as there."""

    records: list
    reason: str = ""
    cause: str = ""


def run(notebook, sandbox, limits):
    """Grade a rebuilt notebook (see `course.grading.rebuild.submission`) in new sessions of `sandbox`. Returns Graded.

    A cell or a test that ends the student's process costs the questions that need it: the rest runs in a new one.
    """
    graded = Graded({}, {}, [], sandbox.isolation, {"reason": "", "cpu": 0.0, "wall": 0.0})
    fatal, slow = set(), set()  # ids of cells that are not run again, or not as long
    found, cut = {}, []  # ("visible" or "hidden", grade_id): Outcome; limits on one cell or call that were reached
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and _is_run(cell.metadata.get("nbgrader", {}))]
    places = {cell.metadata.nbgrader["grade_id"]: place for place, cell in enumerate(cells)
              if is_test(cell.metadata.get("nbgrader", {}))}  # fmt: skip
    early = order.early(cells, is_test)
    rounds, restarts = _rounds(cells, places, early), RESTARTS + len(early)
    while rounds:
        if min(limits.cpu_seconds - graded.usage["cpu"], limits.wall_seconds - graded.usage["wall"]) < 1:
            break
        with sandbox.open(limits, used=graded.usage) as session:
            stage, wanted, passes = rounds[0]
            tests = _execute(stage, wanted, session, graded, fatal, slow, found, limits.all_output)
            complete = session.alive and _run_tests(tests, session, found, passes)
        if session.cut:
            _note(graded, f"a call took too long: {_stopped_by('call time')}")
        cut += ["cell time"] * bool(slow) + ["call time"] * session.cut
        _add_usage(graded, session.life.end())
        _add_attempts(graded, session)
        if graded.usage["reason"] in ("cpu time", "wall time"):  # used up
            break
        if complete or not restarts:
            rounds.pop(0)
        else:
            restarts -= 1
    for name, place in places.items():
        outcomes = (found.get((wanted, name), _ended()) for wanted in ("visible", "hidden"))
        graded.results[name] = _result(cells[place], *outcomes)
    graded.usage["reason"] = graded.usage["reason"] or next(iter(cut), "")
    return graded


def _rounds(cells, places, early):
    """Return [(cells, names of tests, passes)], one for each process that a submission needs.

    All tests but the early ones share a process, behind all cells; each early one has a process that knows no later
    cell. Student code keeps what it is called with, and what one process has kept another may get hold of. So the
    visible cases of all come first: what a hidden case hands over can no longer come out on a student's page.
    """
    stages = [(cells[: places[name] + 1], {name}) for name in places if name in early]
    others = cells, set(places) - early, ("visible", "hidden")
    return [*((*stage, ("visible",)) for stage in stages), others, *((*stage, ("hidden",)) for stage in stages)]


def _ended():
    return Outcome([], ENDED, ENDED)


def _is_run(nbgrader):
    """Are cells with this metadata run: all but those that are locked and neither a test nor part of the setup?"""
    locked = nbgrader.get("locked") and not nbgrader.get("solution")
    return is_test(nbgrader) or not locked or nbgrader["grade_id"].startswith("setup")


def _execute(cells, wanted, session, graded, fatal, slow, found, limit):
    """Run all cells but the tests. Returns [(test cell, names as they stood at its place)] of the tests in `wanted`.

    Stops where the process ends, and puts that cell into `fatal`; a test that cannot even ask for a name has ended.
    Outputs are kept until the first hidden case.
    """
    keep, patience = not any(kind == "hidden" for kind, _ in found), session.cell_timeout
    trusted, tests = {"__builtins__": builtins, "__name__": "__grader__"}, []
    for cell in cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.id in fatal or (is_test(nbgrader) and nbgrader["grade_id"] not in wanted):
            continue
        if is_test(nbgrader):
            tests.append((cell, _scope(cell, session, trusted)))
            if not session.alive:
                fatal.add(cell.id)
                found.setdefault(("visible", nbgrader["grade_id"]), _ended())
                break
            continue
        if nbgrader.get("locked") and not nbgrader.get("solution"):  # the setup
            exec(compile(cell.source, cell.id, "exec"), trusted)
        session.cell_timeout = min(patience, AGAIN_SECONDS) if cell.id in slow else patience
        executed = session.execute(cell.source)
        if keep and cell.id not in graded.outputs:
            graded.outputs[cell.id] = _within_room(executed.outputs, graded, limit)
        if executed.timed_out:
            slow.add(cell.id)
        if executed.timed_out or executed.died:
            what = f"took too long: {_stopped_by('cell time')}" if executed.timed_out else "ended the program"
            _note(graded, f"the cell {nbgrader.get('grade_id', cell.id)} {what}")
        if not session.alive:
            fatal.add(cell.id)
            break
    return tests


def _within_room(outputs, graded, limit):
    """The outputs of a cell, or none of them and a note, if all outputs of the submission would take too much."""
    room = limit - sum(map(_size, graded.outputs.values()))
    if _size(outputs) <= room:
        return outputs
    note = f"outputs beyond {limit / 1e6:g} MB were left out"
    graded.notes += [note] if note not in graded.notes else []
    return []


def _size(outputs):
    """Characters of the texts and pictures in outputs."""
    texts = [output.get("text", "") for output in outputs]
    return sum(map(len, texts)) + sum(len(v) for output in outputs for v in output.get("data", {}).values())


def _run_tests(tests, session, found, passes):
    """Run the tests that have no outcome yet. Returns False if the process ended before all were run."""
    for wanted in passes:
        for cell, scope in tests:
            name = cell.metadata.nbgrader["grade_id"]
            if (wanted, name) in found:
                continue
            if wanted == "hidden" and found.get(("visible", name), _ended()).reason:
                continue  # it gets no points
            outcome = found[wanted, name] = _run_test(cell, scope, session, wanted)
            if not session.alive:
                for other in ("visible", "hidden"):
                    found.setdefault((other, name), _ended())
                outcome.reason, outcome.cause = outcome.reason or ENDED, outcome.cause or ENDED
                return False
    return True


def _add_usage(graded, usage):
    reason = usage.get("reason")
    for name in ("cpu", "wall"):
        graded.usage[name] += usage.get(name) or 0.0
    if reason not in ("", "killed", None):
        graded.usage["reason"] = reason
        _note(graded, _stopped_by(reason))


def _stopped_by(limit):
    return f"stopped by the limit on {limit}"


def _note(graded, note):
    graded.notes += [note] if note not in graded.notes else []


def _add_attempts(graded, session):
    seen = list(session.life.end().get("attempts", ()))
    if session.death.startswith(BROKE):
        seen.append(STRANGE)
    graded.attempts += [attempt for attempt in seen if attempt not in graded.attempts]


def is_test(nbgrader):
    """Is this the metadata of a cell that a test stands in: graded, and not written by the student?"""
    return bool(nbgrader.get("grade") and not nbgrader.get("solution"))


def _scope(cell, session, trusted):
    """The names of a test cell: the trusted ones, and proxies for what the student has defined so far.

    Trusted names come first: a student's `check` is never looked at.
    """
    names = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
    scope = dict(trusted)
    for name in sorted(names - set(trusted) - set(dir(builtins))):
        with contextlib.suppress(Exception):  # then it is undefined here as well: a forged reply may say anything
            scope[name] = session.get(name)
    return scope


def _run_test(cell, scope, session, wanted):
    """Run a test cell for its visible or hidden cases. Returns its Outcome."""
    if not session.alive:
        cause = f"{session.death[:1].upper()}{session.death[1:]}."
        return Outcome([], cause if wanted == "visible" else ENDED, cause)
    with collect(wanted) as records:
        try:
            exec(compile(cell.source, cell.id, "exec"), dict(scope))
        except CheckFailed as failed:
            records.append(failed.record)
        except Exception as error:
            if type(error) is NameError:
                cause = f"`{error.name}` is not defined: its cell did not run, or the name is another one."
            else:  # a student's object refused to be asked
                cause = f"{type(error).__name__}: {text_of(error)}"
            return Outcome(records, cause if wanted == "visible" else BROKE_OFF, cause)
    return Outcome(records)


def _result(cell, visible, hidden):
    """Put the two passes of a test cell together."""
    maximum = float(cell.metadata.nbgrader["points"])
    records, reason = visible.records + hidden.records, visible.reason or hidden.reason
    reports = [(to_text(record), to_html(record)) for record in records]
    return TestResult(score(records, maximum, reason), maximum, reports, [r.to_dict() for r in records], reason,
                      visible.cause or hidden.cause)  # fmt: skip


def score(records, maximum, reason):
    """Points of a test cell: the mean share of the cases of all its records, to a hundredth; 0 if it broke off."""
    if reason or not records or not all(record.answered for record in records):
        return 0.0
    results = [result for record in records for result in record.results]
    if all(result.passed for result in results):
        return maximum
    return min(round(maximum * math.fsum(result.share for result in results) / len(results), 2), maximum)
