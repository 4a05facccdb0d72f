"""Call a student's function so that nothing it does stops the check, reaches the cell's stderr or floods the page."""

import contextlib
import io
import logging
import os
import sys
import traceback
import warnings

import numpy as np

from course.checks.compare import describe, is_exactly, is_number, type_name

PRINTED = 10_000  # characters that one check lets a student's function print
KEPT = 100_000  # entries of all returned arrays of a case that are worth keeping
STANDARD_LIBRARY = os.path.dirname(os.__file__)


class FromElsewhere(Exception):
    """An error that was raised in another process, and brings with it what a traceback would say here.

    known: the name of its nearest builtin class; own_line: (number, text) of the student's line, or None;
    entered: False if the call itself failed, before any line of the function ran; failure: which of `told.SENTENCES`
    fits.
    """

    known, own_line, entered, failure = "Exception", None, True, "raised"


def call(function, arguments, stdout):
    """Return (what came back, None) or (None, what was raised). Only KeyboardInterrupt goes through."""
    try:
        with _quiet(stdout):
            return function(*arguments), None
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
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            contextlib.redirect_stderr(Printed(None)),
            contextlib.redirect_stdout(stdout),
            _nothing_displayed() if stdout.target is None else contextlib.nullcontext(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


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
    return filename != __file__ and "site-packages" not in filename and not filename.startswith(STANDARD_LIBRARY)


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
