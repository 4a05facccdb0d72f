"""Progress of a long run: a bar, below it one line for each submission that takes long; plain lines in a log."""

import sys

from tqdm import tqdm

from course.grading.classroom.submitted import shown

SLOW = 5  # seconds after which a submission is shown by name
LINES = 8  # shown at once


def only_printable(log):
    """Keep what acts on a terminal out of a log, whoever writes into it: names of files and folders are students'."""
    log = getattr(log, "logger", log)  # of an adapter
    if _printable not in log.filters:
        log.addFilter(_printable)


def _printable(record):
    record.msg, record.args = "\n".join(map(shown, record.getMessage().split("\n"))), ()
    return True


class Progress:
    """A bar with counts and the time that is left. Use it in a `with`.

    On a terminal the slow ones have a live line each; in a file they are named after 5, 10, 20, 40, ... seconds.
    """

    def __init__(self, total, file=None):
        file = file or sys.stdout
        self._live = file.isatty()
        self._bar = tqdm(total=total, unit="student", file=file, disable=not self._live)
        self._file, self._lines, self._said = file, [], {}

    def advance(self, name):
        """One more is done."""
        self._bar.set_postfix_str(shown(name), refresh=False)
        self._bar.update()

    def show(self, running):
        """Show which of {name: seconds} take long, the longest first."""
        slow = sorted(((seconds, name) for name, seconds in running.items() if seconds >= SLOW), reverse=True)
        if self._live:
            self._draw([f"  still running: {shown(name)}, {seconds:.0f} s" for seconds, name in slow[:LINES]])
            return
        for seconds, name in slow:
            if seconds >= self._said.get(name, SLOW):
                print(f"still running: {shown(name)}, {seconds:.0f} s", file=self._file, flush=True)
                self._said[name] = 2 * seconds

    def _draw(self, texts):
        while len(self._lines) < len(texts):
            position = len(self._lines) + 1  # below the bar
            self._lines.append(tqdm(bar_format="{desc}", position=position, leave=False, file=self._file))
        for line, text in zip(self._lines, texts + [""] * len(self._lines), strict=False):
            line.set_description_str(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for bar in [*self._lines, self._bar]:
            bar.close()
