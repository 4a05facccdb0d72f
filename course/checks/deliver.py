"""Where a record goes: shown in the notebook and raised if it failed, or handed to whoever collects."""

import os
from contextlib import contextmanager
from contextvars import ContextVar

from course.checks.call import ipython
from course.checks.cases import lay_out
from course.checks.render import to_html, to_text, to_validated

_collected = ContextVar("collected", default=None)
_wanted = ContextVar("wanted", default=None)


class CheckFailed(AssertionError):
    """A check did not pass. Its text is the whole report; `record` is the data."""

    def __init__(self, record):
        super().__init__(to_text(record))
        self.record = record

    def _render_traceback_(self):
        # IPython calls this instead of printing a traceback: the report stands above, the stack would hide it
        if "NBGRADER_VALIDATING" in os.environ:  # then this is all that nbgrader shows
            return to_validated(self.record).split("\n")
        return [f"{self.record.title}: not passed yet, see the report above."]


@contextmanager
def collect(wanted=None):
    """Inside this block checks append their records to the list that it yields, and neither show nor raise.

    wanted: "visible" or "hidden" for the checks with these cases only, the others are not run. The grader runs all
    visible ones first: what is shown of them cannot hold what a hidden case has handed to a student's function.
    """
    records = []
    tokens = _collected.set(records), _wanted.set(wanted)
    try:
        yield records
    finally:
        _collected.reset(tokens[0])
        _wanted.reset(tokens[1])


def is_wanted(hidden):
    """Shall a check with visible or hidden cases be run now?"""
    return _wanted.get() in (None, "hidden" if hidden else "visible")


def deliver(record):
    """Collect the record, or show it; raise CheckFailed if it did not pass."""
    collected = _collected.get()
    if collected is not None:
        collected.append(record)
        return
    shell = ipython()
    if shell is None:
        if not record.passed:
            raise CheckFailed(record)
        print(to_text(record))
        return
    from IPython.display import display

    display({"text/plain": to_text(record), "text/html": to_html(record)}, raw=True)
    failure = record.first_failure
    if failure is not None and not failure.case.hidden:
        shell.push({"failed_case": FailedCase(failure)})
    if not record.passed:
        raise CheckFailed(record)


class FailedCase:
    """The case that failed, kept to debug with: `relu(*failed_case.arguments)` runs it again."""

    def __init__(self, result):
        self._case = result.case
        self.expected, self.got = result.expected, result.got

    @property
    def inputs(self):
        """The inputs by name, new each time: a function that changes them can be run again and again."""
        return {name: lay_out(value, self._case.layout) for name, value in self._case.inputs.items()}

    @property
    def arguments(self):
        """The inputs in the order of the call."""
        return tuple(self.inputs.values())

    def __repr__(self):
        return f"FailedCase(inputs={self.inputs!r}, expected={self.expected!r}, got={self.got!r})"
