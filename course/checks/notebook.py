"""What a check does only in a notebook, where a person waits for it: nothing of this runs while it is graded."""

import contextlib

from course.checks.call import ipython
from course.checks.cells import Cells
from course.checks.elsewhere import missing
from course.checks.patience import Patience, TookTooLong

_cells = None  # of the notebook that this kernel runs
_tests = {}  # {name of a question: (function, its Record, or why its last test did not come to an end)}


class NotChecked(AssertionError):
    """The check was not run, since its result would mislead. Its text says why, and what to do."""

    def _render_traceback_(self):
        return [str(self)]  # IPython calls this; no line of a traceback would help


def follow_cells():
    """From now on take note of each cell that is run, if this is a notebook: its setup cell imports checks."""
    global _cells
    shell = ipython()
    if shell is not None and _cells is None:
        _cells = Cells(shell.user_ns)
        shell.events.register("post_run_cell", _cells.note)


@contextlib.contextmanager
def in_notebook(name, function):
    """Around the check of a function: refuse one that is older than its cell or needs what the grader lacks, and do
    not wait for ever. Does nothing outside of a notebook. Raises NotChecked or TookTooLong."""
    if ipython() is None or _cells is None:
        yield
        return
    problem = _cells.staleness(name, function) or _lacking(name, function)
    try:
        if problem:
            raise NotChecked(problem)
        with Patience(name):
            yield
    except (NotChecked, TookTooLong) as error:
        remember(name, function, str(error))
        raise


def remember(name, function, found):
    """Keep what the test of a question has found: its Record, or a sentence why there is none."""
    if _cells is not None:
        _tests[name] = (function, found)


def last_test(name):
    """Return (Record of a question's last test or None, what is wrong with it or ""), as things stand now."""
    names = _cells.names if _cells is not None else {}
    function, found = _tests.get(name, (None, None))
    if name not in names:
        return None, f"`{name}` is not defined: run its cell"
    if problem := _cells.staleness(name, names[name]):
        return None, problem
    if found is not None and function is not names[name]:
        return None, f"`{name}` is newer than its test: run the test again"
    return (None, found) if isinstance(found, str) else (found, "")


def _lacking(name, function):
    made = _cells.maker(name, function)
    sources = [run.source for run in sorted(_cells.runs.values(), key=lambda run: run.number)]
    found = missing(function, _cells.names, sources, made.source if made is not None else "")
    if not found:
        return ""
    return (f"`{name}` needs {' and '.join(found)}, which the grader does not have: there it gets no points. "
            "Write it with NumPy alone.")  # fmt: skip
