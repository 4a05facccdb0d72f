"""What each cell of the notebook did when it was run last: is a function as old as the cell that defines it?

After a cell that failed, or that gives a function another name now, the old function is still there. A test would check
it in silence, and the student would wonder why nothing changes.
"""

import re
from dataclasses import dataclass
from typing import Any

_DEFINED = re.compile(r"^(?:(?:async +)?(?:def|class) +(\w+)|(\w+) *(?::[^=\n]*)?=(?!=))", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """The last run of a cell. `error` is the name of the exception that ended it, or ""."""

    number: int
    source: str
    error: str


@dataclass(frozen=True)
class Made:
    """Which run of which cell gave a name its value."""

    cell: str
    number: int
    value: Any


class Cells:
    """The cells that were run since `note` is called after each of them. `names` is the notebook's namespace."""

    def __init__(self, names):
        self.names, self.runs, self._made, self._count = names, {}, {}, 0

    def note(self, result):
        """Take in what IPython says of a cell that has ended (its event `post_run_cell`)."""
        cell, source = getattr(result.info, "cell_id", None), result.info.raw_cell or ""
        if cell is None:  # run by a program, not from a notebook
            return
        self._count += 1
        error = result.error_before_exec or result.error_in_exec
        self.runs[cell] = Run(self._count, source, type(error).__name__ if error is not None else "")
        for name in {first or second for first, second in _DEFINED.findall(source)}:
            value, made = self.names.get(name), self._made.get(name)
            # a cell that failed may have come as far as the definition, or not
            if value is not None and (error is None or made is None or made.value is not value):
                self._made[name] = Made(cell, self._count, value)

    def maker(self, name, function):
        """The last run of the cell that defined `function` under this name; None if that is not known."""
        made = self._made.get(name)
        return self.runs[made.cell] if made is not None and made.value is function else None

    def staleness(self, name, function):
        """A sentence if the cell of `function` was run again since, and did not define it; else ""."""
        run = self.maker(name, function)
        if run is None or run.number == self._made[name].number:
            return ""
        why = f"its last run ended in {run.error}" if run.error else f"it does not define `{name}` any more"
        return (f"`{name}` is older than its cell: {why}, so the function of an earlier run is still there. "
                "Mend the cell, run it, then run this test again.")  # fmt: skip
