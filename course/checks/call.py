"""Call a student's function so that nothing it does stops the check, reaches the cell's stderr or floods the page."""

import builtins
import contextlib
import io
import itertools
import linecache
import logging
import os
import re
import sys
import traceback
import warnings

import numpy as np

from course.checks.compare import describe, is_exactly, is_number, type_name

PRINTED = 10_000  # characters that one check lets a student's function print
KEPT = 100_000  # entries of all returned arrays of a case that are worth keeping
STANDARD_LIBRARY, CHECKS = os.path.dirname(os.__file__), os.path.dirname(__file__)
_DEF = re.compile(r"\s*(async\s+)?(def|class)\b")
_NO_CODE = re.compile(r'''\A\s*(async\s+)?def\b.*?:[ \t]*(\#[^\n]*)?$  # the head of the function
    | """.*?""" | \'{3}.*?\'{3}                                     # docstrings
    | \#[^\n]*''', re.DOTALL | re.MULTILINE | re.VERBOSE)  # fmt: skip


class FromElsewhere(Exception):
    """An error that was raised in another process, and brings with it what a traceback would say here.

    known: the name of its nearest builtin class; own_line: (number, text) of the student's line, or None;
    entered: False if the call itself failed, before any line of the function ran; failure: which of `told.SENTENCES`
    fits; written: does the function that raised it hold lines besides the `raise`? in_words: its text is a sentence and
    needs no type before it.
    """

    known, own_line, entered, failure, written, in_words = "Exception", None, True, "raised", False, False


class Elsewhere:
    """A function in another process. `_remote_calls(groups)` calls it with each group of arguments, and returns the
    tuple of what came back as it is when the last call is done."""

    __slots__ = ()


def call(function, groups, stdout):
    """Call `function` with each group of arguments. Nothing is looked at before the last call is done.

    Returns (list of what came back, None) or (None, what was raised). Only KeyboardInterrupt goes through.
    """
    try:
        with _quiet(stdout):
            if len(groups) > 1 and issubclass(type(function), Elsewhere):
                return list(function._remote_calls(groups)), None
            returned = []
            for arguments in groups:
                returned.append(function(*arguments))
            return returned, None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit and whatever else a student may invent
        if _is_from_elsewhere(error) and not error.entered:
            error.__traceback__.tb_next = None  # the frames below this one are those of the proxy
        return None, error


class Printed(io.TextIOBase):
    """Where a function prints to: `target` gets the first characters and then one note, None gets nothing."""

    def __init__(self, target, room=PRINTED):
        self.target, self.room = target, room

    def writable(self):
        return True

    def close(self):
        """Stay open: the next case prints here as well."""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"only text can be printed, not {describe(text)}")
        if self.target is not None and self.room > 0:
            self.target.write(text[: self.room])
            self.room -= len(text)
            if self.room <= 0:
                self.target.write("\n[the rest of what was printed is left out]\n")
        return len(text)


@contextlib.contextmanager
def _quiet(stdout):
    """Keep warnings and stderr out of the cell: nbgrader takes the mark for them."""
    with (
        no_logging(),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stderr(Printed(None)),
        contextlib.redirect_stdout(stdout),
        _nothing_displayed() if stdout.target is None else contextlib.nullcontext(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def no_logging():
    """Inside this block nothing is logged. Around many calls it saves time: each change goes through all loggers."""
    before = logging.root.manager.disable
    if before < logging.CRITICAL:
        logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        if logging.root.manager.disable != before:
            logging.disable(before)


def ipython():
    """The running IPython shell, or None; a check outside a notebook must not pay for importing IPython."""
    get = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get() if get else None


def _nothing_displayed():
    """Inside this block `display(x)` shows nothing in a notebook."""
    if ipython() is None:
        return contextlib.nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False, display=True)


def what_was_raised(error):
    """Name the error and the student's own line."""
    if _is_from_elsewhere(error) and error.in_words:
        text = text_of(error)
        return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('?') else '.'}"
    own = error.own_line if _is_from_elsewhere(error) else _own_line(error)
    where = f" in line {own[0]} of your cell: `{own[1]}`" if own else ""
    return f"It raised {type_name(type(error))}{where}: {text_of(error) or 'no message'}"


def failure_of(error):
    """Which of `told.SENTENCES` fits an error."""
    return error.failure if _is_from_elsewhere(error) else "raised"


def _is_from_elsewhere(error):
    return issubclass(type(error), FromElsewhere)


def _own_line(error):
    own = next((f for f in reversed(traceback.extract_tb(error.__traceback__)) if _is_own(f.filename)), None)
    return (own.lineno, own.line) if own and own.line else None


def _is_own(filename):
    return "site-packages" not in filename and not filename.startswith((STANDARD_LIBRARY, CHECKS))


def kind_of(error):
    """The name of the nearest builtin class of an error: "IndexError" also for NumPy's own subclasses."""
    if _is_from_elsewhere(error):
        return error.known
    return next(type_name(c) for c in type.mro(type(error)) if getattr(builtins, type_name(c), None) is c)


def entered(error):
    """Did a line of the function run, or did the call itself fail?"""
    return error.__traceback__.tb_next is not None


def is_written(error):
    """Does the function that raised the error hold lines besides its docstring and the `raise`?"""
    if _is_from_elsewhere(error):
        return error.written
    frame = next((f for f in reversed(traceback.extract_tb(error.__traceback__)) if _is_own(f.filename)), None)
    return frame is not None and holds_lines(linecache.getlines(frame.filename), frame.lineno)


def holds_lines(lines, number):
    """Are there lines of code between the `def` above line `number` and that line, or below it in the same block?

    Found by patterns: a parser can be broken by what it is given.
    """
    raising = lines[number - 1] if 0 < number <= len(lines) else ""
    heads = [i for i, line in enumerate(lines[: number - 1]) if _DEF.match(line)]
    if not raising.strip() or _DEF.match(raising) or not heads:
        return False
    indent = len(raising) - len(raising.lstrip())
    below = itertools.takewhile(lambda line: not line[:indent].strip(), lines[number:])
    text = "\n".join(line.rstrip("\n") for line in [*lines[heads[-1] : number - 1], *below])
    return bool(_NO_CODE.sub("", text).strip())


def text_of(error):
    """The text of an error, or "" if it cannot be had; short, and only what can be printed."""
    try:
        text = str.__getitem__(str(error), slice(300))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return ""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def harmless(value, depth=0, room=None):
    """A copy to keep: plain numbers and arrays, and a description of everything else, so that no method of it runs.

    A copy, because a function may return the same array each time and change it. room: [entries still to keep].
    """
    room = [KEPT] if room is None else room
    if is_exactly(value, tuple, list) and depth < 2:
        return type(value)(harmless(v, depth + 1, room) for v in value[:10])
    if type(value) is np.ndarray and value.dtype.kind in "biufc" and value.size <= room[0]:
        room[0] -= value.size
        return value.copy()
    return value if value is None or is_number(value) else describe(value)


def differs(old, new):
    """Has an array changed since `old` was laid out in the same way? Other inputs cannot change."""
    same = old is new or not isinstance(old, np.ndarray)
    return not same and ((old.shape, old.dtype) != (new.shape, new.dtype) or old.tobytes() != new.tobytes())
