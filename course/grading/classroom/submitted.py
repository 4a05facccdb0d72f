"""What lies in a student's folder: a notebook, the time it was handed in, sometimes what is no such thing.

Everything here was named and written by students. What cannot be used costs that student this one thing, with a
sentence for the instructor, and stops nobody else.
"""

import contextlib
import hashlib
import itertools
import os
import stat
import unicodedata
import warnings
from datetime import datetime
from pathlib import Path

import dateutil.parser
from nbgrader.utils import parse_utc

from course.data.files import replacing
from course.grading.rebuild.salvage import LARGEST_FILE

TIME, SECRET = "timestamp.txt", "submission_secret.txt"  # beside the notebook, written by `nbgrader submit`
LONGEST = {TIME: 100, SECRET: 1000}  # bytes; nbgrader writes 30 and 128
ASIDE = ".unusable-"  # how the new name of an unusable file begins; nbgrader leaves hidden files alone
YEARS = range(2000, 3000)  # nbgrader adds hours to a time that it shows: it must not be the first or last there is
LONGEST_NAME = 150  # bytes of a student's name; a file system takes 255, with what is added to it
JOINERS = "\u200c\u200d"  # they are seen by their effect, in names of many scripts


def handed_in(path):
    """The bytes of a submitted notebook, a little more than the largest that is graded; None if it is no plain file.

    A link could point at any file that the grader can read.
    """
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def why_missing(path):
    """A sentence that says what there is in place of the notebook `path`: a link, a folder, other names, nothing."""
    wanted = shown(path.name)
    if path.is_symlink():
        return f"{wanted} is a link, which is not followed"
    if path.exists():
        return f"{wanted} is no file"
    with contextlib.suppress(OSError):
        names = sorted(entry.name for entry in path.parent.iterdir() if not entry.name.startswith("."))
        names = [name for name in names if name not in LONGEST]
        names = [name for name in names if name.lower().endswith(".ipynb")] or names
        found = ", ".join(shown(name)[:60] for name in names[:3]) + (" ..." if len(names) > 3 else "")
        return f"expected is {wanted}, found is {found or 'no file'}"
    return f"expected is {wanted}, found is nothing that can be read"


def time_handed_in(folder):
    """Return (time in UTC or None, why it cannot be used or "") of the submission in `folder`.

    The file is set aside if it holds no time: nbgrader's pages about the class would all end in an error.
    """
    path = folder / TIME
    try:
        return time_of(plain(path)), ""
    except FileNotFoundError:
        aside = f"{ASIDE}{TIME}"
        return None, f"no time of hand-in: see {aside}" if os.path.lexists(folder / aside) else ""
    except ValueError as error:
        return None, f"no time of hand-in: {TIME} {error}{set_aside(path)}"


def set_aside(path):
    """Give a file or folder that nobody can use a name that nbgrader ignores. Returns words that say so."""
    names = (f"{ASIDE}{path.name}{number or ''}" for number in itertools.count())
    aside = next(name for name in names if not os.path.lexists(path.with_name(name)))
    try:
        path.rename(path.with_name(aside))
    except OSError as error:  # a folder that nobody may change
        return f" (and cannot be renamed: {error.strerror})"
    return f" (now {aside})"


def no_plain_files(folder):
    """Yield what nbgrader would copy of a submission, though it is a link, a pipe or a device: of notebooks nothing."""
    for place, _, names in os.walk(folder):
        for path in (Path(place, name) for name in names if not name.startswith(".") and not name.endswith(".ipynb")):
            if not stat.S_ISREG(path.lstat().st_mode):
                yield path


def carry_over(folder, target):
    """Copy nbgrader's small files of a submission to the graded notebook, from where they go to its feedback: without
    them, no feedback can be released."""
    for name in LONGEST:
        try:
            content = plain(folder / name)
        except (FileNotFoundError, ValueError):
            (target / name).unlink(missing_ok=True)
            continue
        with replacing(target / name) as part:
            part.write_bytes(content)


def plain(path):
    """The bytes of one of the small files that nbgrader adds to a submission. FileNotFoundError if there is none.

    ValueError, with the reason, if it is no file of such a size.
    """
    try:
        # never wait for a pipe, never follow a link
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ValueError("is a link" if path.is_symlink() else f"cannot be read ({error.strerror})") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("is no file")
        content = os.read(handle, LONGEST[path.name] + 1)
    finally:
        os.close(handle)
    if len(content) > LONGEST[path.name]:
        raise ValueError(f"is longer than {LONGEST[path.name]} bytes")
    return content


def time_of(content):
    """The time in UTC that nbgrader reads in these bytes; ValueError, with the reason, if it is none."""
    text = content.decode("utf-8", "replace").strip()
    try:
        content.decode("utf-8")  # where this raises an error, nbgrader does
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a time zone that nobody knows
            time, words = parse_utc(text), text.split(" ")
            # what is missing in a date is taken from today's; nbgrader takes the third word for a time zone
            date = " ".join(words[:2]) if len(words) == 3 else text
            days = {dateutil.parser.parse(date, default=day, ignoretz=True).date()
                    for day in (datetime(2000, 1, 1), datetime(2001, 2, 2))}  # fmt: skip
    except Exception:  # ValueError, OverflowError, and what time zones can raise
        days = set()
    if len(days) != 1 or time.year not in YEARS:
        raise ValueError(f"holds no date: {shown(text)[:40]!r}" if text else "is empty")
    return time


def shown(text):
    """A text as it may go to a terminal: nothing in it moves the cursor, colours, rings, or turns the writing."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_odd(character) else character for character in str(text))


def student_id(name):
    """The name of a student's folder if nbgrader can use it, else one that it can: UTF-8, visible, not too long.

    >>> student_id("ada"), student_id("J\udcfcrgen")
    ('ada', 'J=FCrgen')
    """
    if name.startswith("."):  # hidden from nbgrader, or the folder itself, or the one above it
        name = f"{_escaped('.')}{name[1:]}"
    found = "".join(_escaped(character) if _is_odd(character) else character for character in name)
    if len(os.fsencode(found)) > LONGEST_NAME:
        found = f"{found[:30]}={hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"
    return found


def is_usable(name):
    """Is this the name of a folder that nbgrader can use?"""
    return name == student_id(name)


def _is_odd(character):
    """Is it no character that a reader sees: a control, a mark of direction, half a character, a byte that is none?"""
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in JOINERS


def _escaped(character):
    return "".join(f"={byte:02X}" for byte in os.fsencode(character))
