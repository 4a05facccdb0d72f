"""A notebook is executed once, lectures and solutions alike; every test that reads outputs shares the result.

The copy in build/executed carries a key of all that its outputs depend on: the notebook, what lies beside it,
`course/`, the versions of all packages, and the data. Another run with the same key reads it; a change of one of them
executes it again. Nothing is executed twice in a run, also not a notebook that fails, whatever worker asks first.
"""

import fcntl
import functools
import hashlib
import importlib.metadata
import json
import os
import resource
import sys
import time
import uuid
from pathlib import Path

import nbformat

from course import data
from course.data import store
from course.notebooks.execute import AFTER, execute

ROOT = Path(__file__).parents[2]
LECTURES = sorted(ROOT.glob("lectures/*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("solutions/*/*.ipynb"))
FOLDER = ROOT / "build" / "executed"
# the same in all workers of one run of pytest-xdist, and new in every run
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex

# runs after the last cell of a notebook: makes every guess, and says what its pictures say then
GUESS = """
import json
from course.widgets.guess import Guess

guessed = {}
for asked in Guess.asked():
    asked.unobserve_all("chosen")  # the copy keeps the pictures without a guess
    asked.guess(asked.middle)
    answers = [(truth, draw(asked.value)) for truth, draw in asked.answers]
    guessed[asked.question] = [{"truth": t, "caption": asked.caption(t), "alt": f.alt} for t, f in answers]
print(json.dumps(guessed))
"""


@functools.cache
def executed(path, folder=FOLDER, root=ROOT):
    """Return the notebook at `path` with its outputs, executed on one core. RuntimeError if a cell failed.

    The copy in `folder` says in its metadata how long it took: `notebook.metadata.executed` has `key`, `run` (which
    test run), `seconds`, `cpu` (of the kernel and all it started) and `error`.
    """
    key = key_of(path, root)
    output = Path(folder) / path.name
    output.parent.mkdir(parents=True, exist_ok=True)
    with open(output.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        notebook = _stored(output, key)
        if notebook is None:
            notebook = _execute(path, output, key)
    if notebook.metadata.executed.error:
        raise RuntimeError(notebook.metadata.executed.error)
    return notebook


def _stored(output, key):
    """The executed copy if it has this key. What failed is executed again in the next run, not in this one."""
    notebook = _read(output)
    stamp = notebook.metadata.get("executed", {})
    return notebook if stamp.get("key") == key and (not stamp.error or stamp.run == RUN) else None


def _read(output):
    """The notebook that lies there; an empty one if there is none, or a file that was cut when a run was ended."""
    try:
        return nbformat.read(output, as_version=4)
    except (FileNotFoundError, ValueError):
        return nbformat.v4.new_notebook()


def _execute(path, output, key):
    started, before = time.monotonic(), _cpu()
    error = ""
    try:  # on one core, see tests/conftest.py
        execute(path, output, after=GUESS if "widgets.Guess(" in path.read_text(encoding="utf-8") else None)
    except RuntimeError as failed:
        error = str(failed)
    notebook = nbformat.read(output, as_version=4)
    notebook.metadata.executed = {"key": key, "run": RUN, "error": error, "cpu": round(_cpu() - before, 2),
                                  "seconds": round(time.monotonic() - started, 2)}  # fmt: skip
    nbformat.write(notebook, output)
    return notebook


def _cpu():
    """CPU seconds of the processes that were started here and have ended; a kernel has when its notebook is done."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def key_of(path, root=ROOT):
    """What the outputs of the notebook at `path` depend on, as a hash."""
    beside = [file for file in path.parent.rglob("*") if file.suffix != ".ipynb"]
    content = _contents(tuple([path, *beside]), root)
    return hashlib.sha256("\n".join([content, GUESS, _course(root), *_versions(), *_data()]).encode()).hexdigest()


def _contents(paths, root):
    files = sorted(path for path in paths if path.is_file() and not _litter(path.relative_to(root)))
    return "\n".join(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)


def _litter(path):
    return any(part == "__pycache__" or part.startswith(".") for part in path.parts)


@functools.cache
def _course(root):
    return _contents(tuple((root / "course").rglob("*")), root)


@functools.cache
def _versions():
    installed = {f"{found.name}=={found.version}" for found in importlib.metadata.distributions()}
    return sys.version, *sorted(installed)


@functools.cache
def _data():
    folder = store.data_dir()
    files = sorted(folder.rglob("*")) if folder and folder.is_dir() else []
    stats = [(file, file.stat()) for file in files if file.is_file()]
    settings = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("COURSE_"))
    where = (f"{file} {stat.st_size} {stat.st_mtime_ns}" for file, stat in stats)
    return str(data.is_full_mnist()), *(line for line in settings if not line.startswith("COURSE_REQUIRE=")), *where


def guessed(notebook):
    """{question: what its pictures say once a guess is made} of an executed notebook."""
    return json.loads(printed(notebook, AFTER))


def timings():
    """Yield (path, {"cpu", "seconds", "run", ...}) of the lectures and solutions that were executed, whenever."""
    for path in (*LECTURES, *SOLUTIONS):
        stamp = _read(FOLDER / path.name).metadata.get("executed")
        if stamp:  # `make execute` gives none
            yield path.relative_to(ROOT), stamp


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
