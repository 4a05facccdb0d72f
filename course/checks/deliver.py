"""Where a record goes: shown in the notebook and raised if it failed, or handed to whoever collects."""

from contextlib import contextmanager
from contextvars import ContextVar

from course.checks.cases import lay_out
from course.checks.render import to_html, to_text

_collected = ContextVar("collected", default=None)


class CheckFailed(AssertionError):
    """A check did not pass. Its text is the whole report; `record` is the data."""

    def __init__(self, record):
        super().__init__(to_text(record))
        self.record = record

    def _render_traceback_(self):
        # IPython calls this instead of printing a traceback: the report stands above, the stack would hide it
        return [f"{self.record.question}: not passed yet, see the report above."]


@contextmanager
def collect():
    """Inside this block checks append their records to the list that it yields, and neither show nor raise."""
    records = []
    token = _collected.set(records)
    try:
        yield records
    finally:
        _collected.reset(token)


def deliver(record):
    """Collect the record, or show it; raise CheckFailed if it did not pass."""
    collected = _collected.get()
    if collected is not None:
        collected.append(record)
        return
    shell = _ipython()
    if shell is None:
        if not record.passed:
            raise CheckFailed(record)
        print(to_text(record))
        return
    from IPython.display import display

    display({"text/plain": to_text(record), "text/html": to_html(record)}, raw=True)
    failure = record.first_failure
    if failure is not None and not failure.case.hidden:
        arguments = tuple(lay_out(value, failure.case.layout) for value in failure.inputs.values())
        shell.push({"failed_case": FailedCase(arguments, failure)})
    if not record.passed:
        raise CheckFailed(record)


class FailedCase:
    """The case that failed, kept to debug with: `relu(*failed_case.arguments)` runs it again."""

    def __init__(self, arguments, result):
        self.arguments = arguments
        self.inputs = dict(zip(result.inputs, arguments, strict=True))
        self.expected = result.expected
        self.got = result.got

    def __repr__(self):
        return f"FailedCase(inputs={self.inputs!r}, expected={self.expected!r}, got={self.got!r})"


def _ipython():
    import sys

    # a check outside a notebook must not pay for importing IPython
    get = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get() if get else None
