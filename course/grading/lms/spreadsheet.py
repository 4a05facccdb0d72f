"""A file of comma-separated values, read and written so that nothing in it is lost and nothing in it acts."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from course.data.files import replacing

DELIMITERS = ",;\t"
BOM = "\ufeff"  # by which Excel knows UTF-8
# a spreadsheet takes a text that begins so for a formula, which can send the sheet to anybody
_ACTS = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@dataclass
class Sheet:
    """Rows of texts, the first of which names the columns, and how the file writes them."""

    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\n"
    bom: bool = True

    @property
    def header(self):
        return self.rows[0]

    def column(self, name):
        """The texts below the column called `name`, upper and lower case alike; [] if there is none."""
        places = [i for i, title in enumerate(self.header) if title.strip().casefold() == name.casefold()]
        return [cell(row, places[0]) for row in self.rows[1:]] if places else []

    def put(self, number, place, text):
        """Write into a row, counted from 0 with the header; one that is too short is filled up."""
        row = self.rows[number]
        row += [""] * (place + 1 - len(row))
        row[place] = text

    @property
    def has_decimal_commas(self):
        """Does the file write 1,5 for one and a half?"""
        numbers = [text for row in self.rows[1:] for text in row if re.fullmatch(r"\d+[.,]\d+", text)]
        return self.delimiter != "," and bool(numbers) and all("," in text for text in numbers)

    def write(self, path):
        """Write the file, whole or not at all."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline).writerows(self.rows)
        with replacing(Path(path)) as part:
            part.write_bytes((BOM * self.bom + text.getvalue()).encode("utf-8"))


def read(path):
    """Return the Sheet in a file; ValueError, with what to do, if it cannot be read as one."""
    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not in UTF-8 ({error.reason} at byte {error.start}): export it anew, and do not "
                         "save it with another program in between") from error  # fmt: skip
    bom, text = text.startswith(BOM), text.removeprefix(BOM)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise ValueError(f"{path} cannot be read as a table: {error}") from error
    if len(rows) < 2 or len(rows[0]) < 2:
        raise ValueError(f"{path} holds no table: a line with the names of the columns and one for each student")
    return Sheet(rows, delimiter, "\r\n" if first.endswith("\r") else "\n", bom)


def cell(row, place):
    """A text of a row, "" where the row ends before."""
    return row[place] if place < len(row) else ""


def harmless(text):
    """A text that a spreadsheet shows and does not compute: "'" stands before what it would take for a formula."""
    return f"'{text}" if _ACTS.match(text.lstrip(" ")) or text[:1] in "\t\r\n" and text else text


def number(value, decimal_comma=False):
    """A mark as a text: 2, 2.5, 18.25; "" for None."""
    text = "" if value is None else f"{round(value, 4):.10g}"
    return text.replace(".", ",") if decimal_comma else text
