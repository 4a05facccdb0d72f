"""Call a function that the reader wrote, and say in one sentence what is wrong with what came back."""

import linecache
import sys
import traceback
from pathlib import Path

import numpy as np

HERE = str(Path(__file__).parent)


class WrongAnswer(Exception):
    """The reader's function returned something that cannot be drawn. The text is a sentence for the reader."""


def check_function(name, function):
    """Refuse at once, in the cell that makes the explorer, what cannot be called."""
    if not callable(function):
        raise TypeError(f"{name} must be a function, without the brackets of a call; got {describe(function)}")


def call(name, function, *inputs, shape):
    """Call `function` with copies of the inputs. Returns a float array of the given shape, or raises `WrongAnswer`.

    Overflow and division by zero stay silent here: nan and inf come back, and `not_finite` talks about them.
    """
    copies = [value.copy() if isinstance(value, np.ndarray) else value for value in inputs]
    with np.errstate(all="ignore"):
        value = function(*copies)
    expected = f"Expected an array of shape {shape}."
    if not isinstance(value, np.ndarray | np.generic):
        raise WrongAnswer(f"{name} returned {describe(value)}. {expected}")
    if value.dtype.kind not in "fiub":
        raise WrongAnswer(f"{name} returned an array of dtype {value.dtype}. {expected[:-1]}, of real numbers.")
    if value.shape != shape:
        raise WrongAnswer(f"{name} returned {describe(value)}. {expected}")
    return np.array(value, dtype=float)


def not_finite(name, values):
    """A sentence when some values are nan or infinite, else an empty string."""
    bad = values[~np.isfinite(values)]
    if bad.size == 0:
        return ""
    kinds = " and ".join(sorted({str(value) for value in bad.ravel()}))
    return f"{name} returned {kinds} in {bad.size} of {values.size} places. Expected finite numbers."


def describe(value):
    """What a value is, in a few words: its type, and its shape where it has one."""
    if value is None:
        return "None (a function without `return` does that)"
    if isinstance(value, str):
        return f"a string, {value[:40]!r}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, np.generic | int | float | complex):
        return f"a single number, {value}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of length {len(value)}"
    return f"an object of type {type(value).__name__}"


def explain(error):
    """Text of an exception: type, message, and the lines of the reader's own code that led to it."""
    text = str(error)
    if len(text) > 2000:
        text = text[:2000] + " ..."
    head = f"{type(error).__name__}: {text}" if text else type(error).__name__
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(HERE)]
    own = [frame for frame in frames if not _installed(frame.filename)] or frames
    lines = [head]
    for frame in own[-6:]:  # a recursion that never ends has a thousand
        lines.append(f"  {_place(frame.filename)}line {frame.lineno}, in {frame.name}")
        code = frame.line or linecache.getline(frame.filename, frame.lineno or 0).strip()
        if code:
            lines.append(f"    {code}")
    return "\n".join(lines)


def _installed(filename):
    return "site-packages" in filename or filename.startswith((sys.base_prefix, "<frozen"))


def _place(filename):
    name = Path(filename).name
    return "" if "ipykernel" in filename or name.startswith("<") else f"{name}, "
