"""A small table that a notebook shows as Markdown and a terminal as text."""

import numpy as np


class Table:
    """Headers, and rows of strings and numbers; a column of numbers is set to the right.

    Whole numbers get commas, others `digits` places after the point. What must look otherwise is handed in as a
    string.
    """

    def __init__(self, headers, rows, digits=3):
        rows = [list(row) for row in rows]
        if any(len(row) != len(headers) for row in rows):
            raise ValueError(f"every row needs {len(headers)} entries, one for each header")
        self.right = [all(not isinstance(value, str) for value in column) for column in zip(*rows, strict=True)]
        self.lines = [list(headers), *([_text(value, digits) for value in row] for row in rows)]

    def _repr_markdown_(self):
        ruler = ["---:" if right else "---" for right in self.right]
        return "\n".join("| " + " | ".join(line) + " |" for line in [self.lines[0], ruler, *self.lines[1:]])

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(*self.lines, strict=True)]
        sides = [str.rjust if right else str.ljust for right in self.right]
        padded = (
            [side(text, width) for side, text, width in zip(sides, line, widths, strict=True)] for line in self.lines
        )
        return "\n".join("  ".join(line).rstrip() for line in padded)


def _text(value, digits):
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int | np.integer) else f"{value:.{digits}f}"
