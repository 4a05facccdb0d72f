"""Execute a lecture once in a test run, whichever test asks first; with several workers the others wait."""

import fcntl
import functools
import os
import uuid
from pathlib import Path

import nbformat
import pytest

from course.notebooks.execute import execute

ROOT = Path(__file__).parents[2]
LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))
# the same in all workers of one run of pytest-xdist, and new in every run
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex


@functools.cache
def executed(path):
    """Return the lecture at `path` with its outputs; the copy is kept under build/executed."""
    output = ROOT / "build" / "executed" / path.name
    output.parent.mkdir(parents=True, exist_ok=True)
    done = output.with_suffix(".run")
    with open(output.with_suffix(".lock"), "w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text() != RUN:
            # tests run beside each other: threads that wait for a busy core make small products a hundred times slower
            patch.setenv("OPENBLAS_NUM_THREADS", "1")
            execute(path, output)
            done.write_text(RUN)
        return nbformat.read(output, as_version=4)


def printed(notebook, cell_id):
    """Return what the cell printed."""
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def html(notebook):
    """Yield (cell id, html) of all outputs that are HTML."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                yield cell.id, output.data["text/html"]
