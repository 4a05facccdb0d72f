"""Read any file that was handed in as a notebook: cut, damaged, in an old format, or no notebook at all.

Nothing raises. What had to be guessed, repaired or left out is said in sentences for the teacher.
"""

import codecs
import errno
import io
import json
import os
import re
import stat
import zipfile

from course.grading.rebuild.bounds import MOST_CELLS
from course.grading.rebuild.scan import Scan
from course.grading.rebuild.tidy import count, nbgrader_metadata, text_of, tidy
from course.notebooks.canonical import KERNELSPEC

LARGEST_FILE = 100 * 2**20  # bytes
LARGEST_ZIP = 10 * 2**20  # its table of contents is read before anything else

_MARKER = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: [^\n]*)?\r?(?:\n|\Z)", re.MULTILINE)
_CODE = re.compile(r"^(?:def|class) +\w+ *[(:]", re.MULTILINE)
_SCRIPT_CELL = re.compile(r"^# (?:In\[[\d ]*\]:|%%.*)$", re.MULTILINE)
_SIGNATURES = {b"%PDF": "a PDF file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"\x1f\x8b": "a gzip file",
               b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7z archive", b"\xd0\xcf\x11\xe0": "an old Office file",
               b"<!DOCTYPE": "a web page", b"<html": "a web page", b"<!doctype": "a web page"}  # fmt: skip


def read_submission(file, largest=LARGEST_FILE):
    """Return (notebook, repairs) of a path or of bytes; the notebook is None if there is nothing to grade.

    The notebook is nbformat 4.5 and valid: every cell with a type, a text and an id of its own, without outputs, with
    no other metadata than nbgrader's. `largest` is in bytes; larger files are not read. A link is not followed, since
    it could lead to files that only the grader may read.
    """
    repairs = []
    data = file if isinstance(file, bytes | bytearray | memoryview) else _read_bytes(file, largest, repairs)
    return (None if data is None else _from_bytes(bytes(data), largest, repairs)), repairs


def _read_bytes(path, largest, repairs):
    """The bytes of a regular file, or None with a sentence in `repairs`."""
    try:
        # never wait for a pipe, never follow a link
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise IsADirectoryError(errno.EISDIR, "it is a folder or a device")
            return file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        if getattr(error, "errno", None) in (errno.ELOOP, errno.EMLINK):
            reason = "it is a link to another file, which is not followed"
        elif getattr(error, "errno", None) == errno.EISDIR:
            reason = "it is a folder or a device, not a file"
        repairs.append(f"The file cannot be read: {reason}.")
        return None


def _from_bytes(data, largest, repairs):
    if len(data) > largest:
        repairs.append(f"The file is larger than {largest / 2**20:g} MB and was not read.")
        return None
    if not data.strip(b"\0 \t\r\n"):
        repairs.append("The file is empty.")
        return None
    if data.startswith(b"PK\x03\x04"):
        data = _unzip(data, largest, repairs)
        if data is None:
            return None
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            repairs.append(f"The file is {name}, not a notebook.")
            return None
    text = _decode(data, repairs)
    del data
    return _from_text(text, repairs)


def _from_text(text, repairs):
    ours, theirs = _sides(text)
    scan = Scan(text if ours is None else ours)
    cells = scan.cells
    if ours is not None:
        cells = _missing_from(cells, Scan(theirs).cells) + cells
        repairs.append(
            "The file holds two versions of a merge that was not finished. Both were read; where they differ, "
            "the student's own (above the =======) counts as the later one."
        )
    if not scan.is_notebook and not cells:
        if not _CODE.search(text):
            repairs.append("The file holds no notebook: no cell was found in it.")
            return None
        parts = [part.strip("\r\n") for part in _SCRIPT_CELL.split(text) if part.strip()][:MOST_CELLS]
        cells = [{"cell_type": "code", "source": part, "metadata": {}} for part in parts]
        scan.top = {"nbformat": 4, "metadata": {"kernelspec": KERNELSPEC}}
        repairs.append(f"The file is a Python script, not a notebook; read as {count(len(cells), 'code cell')}.")
    else:
        _say(scan, repairs)
        if not scan.whole:  # the format and the kernel stand behind the cells: said once that the rest is lost
            scan.top = {"nbformat": 4, "metadata": {"kernelspec": KERNELSPEC}} | scan.top
    return tidy(scan.top | {"cells": cells}, repairs)


def _say(scan, repairs):
    if not scan.whole:
        complete = count(len(scan.cells) - scan.partial, "complete cell")
        repairs.append(f"The file is cut or damaged: {complete} could be read, the rest is lost.")
    if scan.partial:
        repairs.append("The file ends in the middle of its last cell, whose text was complete and is used.")
    if scan.damaged:
        repairs.append(f"Left out, since damaged: {count(scan.damaged)}.")
    if scan.dropped:
        repairs.append(f"Left out, since too long or nested too deeply: {count(scan.dropped, 'value')}.")
    if scan.repeated:
        repairs.append(f"Written twice: {count(scan.repeated, 'value')}. The last counts, unless it is empty.")
    if scan.more:
        repairs.append(f"The file holds more than {MOST_CELLS} cells; the rest was not read.")
    if scan.rest:
        repairs.append("Behind the end of the notebook there was more text, which was ignored.")


def _unzip(data, largest, repairs):
    """The bytes of the one notebook in a zip archive, or None."""
    try:
        if len(data) > LARGEST_ZIP:
            raise ValueError("it is too large")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # files that macOS and Jupyter add have names with these
            inside = [info for info in archive.infolist() if info.filename.endswith(".ipynb")
                      and "__MACOSX" not in info.filename and ".ipynb_checkpoints" not in info.filename]  # fmt: skip
            if len(inside) != 1:
                raise ValueError(f"it holds {count(len(inside), 'notebook')}")
            if inside[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is packed in an unusual way")  # others take memory that the archive asks for
            with archive.open(inside[0]) as file:
                content = file.read(largest + 1)
        if len(content) > largest:
            raise ValueError("what is in it is too large")
    except Exception as error:  # zipfile raises half a dozen types for a damaged archive
        repairs.append(f"The file is a zip archive, not a notebook, and could not be used: {str(error)[:100]}.")
        return None
    repairs.append("The file is a zip archive; the one notebook in it was read.")
    return content


def _decode(data, repairs):
    """The text of a file, in whatever encoding."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
        repairs.append("The file began with a byte order mark, which was removed.")
    encoding = json.detect_encoding(data[:4])
    if not encoding.startswith("utf-8"):
        repairs.append(f"The file is stored as {encoding.upper()}, not as UTF-8, and was converted.")
        return data.decode(encoding, errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut in the middle of a character; a cut file is said elsewhere
            return data[: error.start].decode("utf-8")
    good, whole = data.decode("utf-8", errors="ignore"), data.decode("utf-8", errors="replace")
    if len(good) - len(good.encode("ascii", errors="ignore")) > len(whole) - len(good):
        repairs.append("Some characters of the file are damaged and were replaced.")
        return whole
    repairs.append("The file is not stored as UTF-8 and was read as Latin-1.")
    return data.decode("cp1252", errors="replace")


def _sides(text):
    """The two versions of a text with the conflict markers of git, or (None, None) if it has none."""
    ours, theirs, side, place, conflicts = [], [], "both", 0, 0
    for match in _MARKER.finditer(text) if "<<<<<<<" in text and ">>>>>>>" in text else ():
        mark = match[1][0]
        following = {("both", "<"): "ours", ("ours", "|"): "base", ("ours", "="): "theirs", ("base", "="): "theirs",
                     ("theirs", ">"): "both"}.get((side, mark))  # fmt: skip
        if following is None or conflicts > MOST_CELLS:
            continue
        piece = text[place : match.start()]
        ours += [piece] if side in ("both", "ours") else []
        theirs += [piece] if side in ("both", "theirs") else []
        side, place, conflicts = following, match.end(), conflicts + (mark == ">")
    if not conflicts:
        return None, None
    rest = text[place:]
    return "".join([*ours, rest]), "".join([*theirs, rest])


def _missing_from(ours, theirs):
    """Their cells with an nbgrader label that we have not, or not with this text."""
    seen = {_label_and_text(cell) for cell in ours}
    return [cell for cell in theirs if _label_and_text(cell)[0] and _label_and_text(cell) not in seen]


def _label_and_text(cell):
    return nbgrader_metadata(cell).get("grade_id"), text_of(cell)[0]
