"""What an exception says about itself, as plain data: its type, its text and the student's own lines."""

import builtins
import re

from .codec import name_of

TEXT = 2_000  # characters of the text of an error
FRAMES = 10  # at each end of a long traceback
CELL_NAME = "<cell {}>"  # what the shell calls the code of a cell
_CELL = re.compile(r"<cell (\d{1,9})>")
_BUILTIN = {name: value for name, value in vars(builtins).items() if isinstance(value, type)}


def describe_error(error, entered=True):
    """Return {"name", "known", "text", "entered", "frames"} of an exception.

    known: the name of the nearest builtin class; entered: False if the call failed before any line of Python ran;
    frames: (number of the cell, line, function) of the student's own code, outermost first. The text of the lines
    is not sent: the other side has the cells, and a text from here could say anything.
    """
    kinds = [name_of(kind) for kind in type.mro(type(error)) if _BUILTIN.get(name_of(kind)) is kind]
    return {"name": name_of(type(error)), "known": kinds[0], "text": _text(error), "entered": entered,
            "frames": _frames(error)}  # fmt: skip


def _text(error):
    try:
        # the text of a SyntaxError names a file
        return str.__getitem__(str(error.msg if isinstance(error, SyntaxError) else error), slice(TEXT))
    except BaseException:  # the class is the student's
        return ""


def _frames(error):
    """The first and the last frames that lie in cells; deep recursion has thousands."""
    frames, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        cell = _CELL.fullmatch(code.co_filename)
        if cell and step.tb_lineno:
            frames.append((int(cell[1]), step.tb_lineno, code.co_name[:100]))
        step = step.tb_next
    if isinstance(error, SyntaxError) and type(error.filename) is str and type(error.lineno) is int:
        cell = _CELL.fullmatch(error.filename)
        if cell:
            frames.append((int(cell[1]), error.lineno, "<module>"))
    return frames if len(frames) <= 2 * FRAMES else frames[:FRAMES] + frames[-FRAMES:]
