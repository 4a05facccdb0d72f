"""What a call into the sandbox can raise in the grader. None of these runs the student's code when it is looked at."""

import builtins
import functools

from course.checks.call import FromElsewhere, holds_lines

BROKE = "it broke the protocol"  # how the reason of an end begins when a reply could not be
# exceptions that cannot be made without arguments of their own
_UNMAKEABLE = (BaseExceptionGroup,)
_KNOWN = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException) and not issubclass(kind, _UNMAKEABLE)
}
_classes = {}  # (name, name of the builtin class): class; emptied when a student invents too many


class SandboxDied(FromElsewhere, RuntimeError):
    """The student's process has ended, or broke the rules of the line and was ended."""

    known, failure, in_words = "RuntimeError", "ended", True


class SandboxTimeout(FromElsewhere, TimeoutError):
    """The student's code ran longer than it may."""

    known, failure, in_words = "TimeoutError", "late", True


class SandboxTooLong(FromElsewhere, ValueError):
    """A cell is longer than one message may be. It was not run."""

    known, in_words = "ValueError", True


class RemoteError(FromElsewhere):
    """An exception of the student's code. Each one is also an instance of its nearest builtin class, if that is an
    ordinary Exception: NotImplementedError stays one, and SystemExit ends nothing here.

    name: of its class; known: of the nearest builtin class; text: what str() gave; frames: (line, function, text) of
    the student's lines, outermost first. `name`, `text` and the functions are the student's words, and may quote a
    hidden input; `known` and the text of the lines are not.
    """

    name, text, frames = "", "", ()

    def __init__(self, *arguments):
        """Not that of the builtin class, which may want other arguments."""

    def __str__(self):
        return self.text

    __repr__ = __str__

    @property
    def traceback(self):
        """The report of the error as text."""
        lines = ["Traceback (most recent call last):"] if self.frames else []
        for number, function, line in self.frames:
            lines += [f"  line {number}, in {function}", f"    {line}"]
        return "\n".join([*lines, f"{self.name}: {self.text}" if self.text else self.name])

    def __reduce__(self):
        report = {name: getattr(self, name) for name in ("name", "known", "text", "entered")}
        return _again, (report, self.frames, self.own_line, self.written)


def _again(report, frames, own_line, written):
    error = remote_error({**report, "frames": []}, {})
    error.frames, error.own_line, error.written = frames, own_line, written
    return error


def printable(text, length):
    """The text without what a terminal would act upon, cut to a length."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text[:length])


def remote_error(report, cells):
    """Make the exception that a report (see inside/report.py) describes; ValueError if it is no report.

    cells: {number: source} of the cells that were run. A line that is not in them is left out.
    """
    name, known, text = (report.get(key) for key in ("name", "known", "text"))
    frames, entered = report.get("frames"), report.get("entered")
    if not all(type(value) is str for value in (name, known, text)) or type(entered) is not bool:
        raise ValueError("the report of an error has other fields")
    if type(frames) is not list or len(frames) > 100:
        raise ValueError("the report of an error has no frames")
    name = printable(name, 80).replace("\n", "?") or "Exception"
    error = _class_of(name, known)()
    error.name, error.text, error.entered = name, printable(text, 2000), entered
    error.known = known if known in _KNOWN else "Exception"
    error.frames = tuple(frame for frame in (_frame(given, cells) for given in frames) if frame)
    if error.frames:
        error.own_line = (error.frames[-1][0], error.frames[-1][2])
    if frames and error.known == "NotImplementedError":  # the stub's own line, or one that was left in
        lines, empty = _lines(cells.get(frames[-1][0], ""))
        error.written = holds_lines(lines, frames[-1][1] + empty)
    return error


def _frame(given, cells):
    """(line, function, text of the line) of a frame, or None if there is no such line."""
    if type(given) is not tuple or tuple(map(type, given)) != (int, int, str):
        raise ValueError("the report of an error has a frame that is none")
    cell, number, function = given
    lines, empty = _lines(cells.get(cell, ""))
    number += empty
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return (number, printable(function, 100).replace("\n", "?"), printable(text, 500)) if text else None


@functools.lru_cache(maxsize=2)  # a cell can have a million lines, and an error a hundred frames in it
def _lines(source):
    """(lines, number of empty ones at the start): IPython takes those away and counts from there."""
    lines = source.split("\n")
    return lines, next((i for i, line in enumerate(lines) if line.strip()), 0)


def _class_of(name, known):
    if (name, known) not in _classes:
        if len(_classes) >= 500:
            _classes.clear()
        kind = _KNOWN.get(known, Exception)
        ordinary = issubclass(kind, Exception) and kind is not Exception
        bases = (RemoteError, kind) if ordinary else (RemoteError,)
        _classes[name, known] = type(name, bases, {"__module__": __name__})
    return _classes[name, known]
