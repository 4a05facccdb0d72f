"""See that the pages of a submission can be made: by nbgrader's commands, by formgrader, and by a browser.

What cannot be rendered in a second of CPU time, or would fill the page, is shown as it was typed: a text as a block of
code, and code without colours. Short texts cannot take long, whatever is in them (`benchmarks/growth.py` tries), and
are not tried; so most submissions need no renderer.
"""

import re

from course.grading.process import Process
from course.grading.rebuild.bounds import ALL_PICTURES, ALL_PIXELS, MOST_PIXELS
from course.grading.run.render import rendered

SHORT = 2_000  # characters of a text that is not tried
SHORT_TEXTS = 50_000  # characters of all such texts of a notebook
ROOM = {"size": 5_000_000 + ALL_PICTURES, "tags": 100_000, "pixels": ALL_PIXELS}  # of the page, for what was tried
FAILURES = 5  # texts of a notebook that may fail; no more are tried
SECONDS = 60  # for an answer of the renderer, which keeps the time of each text itself
LINE = 200  # characters of a line in a block of code: nbconvert's search for links looks back from every "["

_renderer = None


def make_showable(cells):
    """Change texts among a student's cells that cannot be shown otherwise. Returns whether code may have colours."""
    room, short, failures, colours = dict(ROOM), SHORT_TEXTS, 0, True
    for cell in cells:
        code, text = cell.cell_type == "code", cell.source
        if code and not colours:
            continue
        if len(text) <= min(SHORT, short) and "![" not in text:
            short -= len(text)
            continue
        pictures = {} if code else {name: max(map(len, bundle.values()))
                                    for name, bundle in cell.get("attachments", {}).items()}  # fmt: skip
        found = _ask(cell.cell_type, text, pictures) if failures < FAILURES else None
        if found is not None and all(room[name] >= found[name] for name in room) and found["pixels"] <= MOST_PIXELS:
            for name in room:
                room[name] -= found[name]
            continue
        failures += 1
        if code:
            colours = False
        else:
            cell.cell_type, cell.source = "markdown", as_typed(text)
            cell.pop("attachments", None)
    return colours


def as_typed(text):
    """A text as a block of code without language: every renderer passes over what stands in it."""
    lines = [line[i : i + LINE] for line in text.split("\n") for i in range(0, max(len(line), 1), LINE)]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence, *lines, fence])


def _ask(kind, text, pictures):
    """What `rendered` says in its process, which is started when it is needed first and stays as long as this one."""
    global _renderer
    try:
        _renderer = _renderer or Process(rendered)
        return _renderer.ask((kind, text, pictures), SECONDS)
    except RuntimeError:  # it could not answer; then the text is not tried in this process either
        return None
