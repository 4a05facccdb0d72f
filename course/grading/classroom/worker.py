"""What a worker process does: keep PyTorch and one warm sandbox, and grade one submission after the other.

Submissions go in and results come out as plain data, so the worker may run on another machine: the hidden cases and
the reference are those of the `course` that is installed there.
"""

import atexit
import contextlib
import functools
import hashlib
import tempfile
from dataclasses import asdict
from pathlib import Path

from course.data.mnist import save_offline
from course.grading.hidden import PUBLIC, drawn_from
from course.grading.hidden.draw import checksums
from course.grading.sandbox import Limits, NoSandbox, Sandbox

AROUND = 60  # seconds for what is done around a student's code: start, reading, rebuilding, storing
_sandboxes = {}  # weak or not: the warm sandbox of this process, and the folder with its data
# the code that decides about marks, below course/; a test compares it with what is imported
DECIDING = ("checks/**/*.py", "data/*.py", "reference/**/*.py", "reference/**/*.pyi", "nn/**/*.py", "lazy.py",
            "notebooks/canonical.py", "grading/hidden/**/*.py", "grading/rebuild/*.py", "grading/run/*.py",
            "grading/sandbox/**/*.py", "grading/classroom/worker.py")  # fmt: skip


def work(content, source, limits=None, weak=False, secret=PUBLIC):
    """Grade one submission. Returns the fields of `course.grading.run.grade.Grading` as a dictionary, and with them
    "version", "secret", which is its hash, and "drawn", the checksums of the hidden cases.

    content: bytes of the file or None; source: text of the instructor's notebook; limits: fields of Limits.
    weak: without bubblewrap, if the instructor has allowed that; secret: see `course.grading.hidden`.
    Raises NoSandbox if there is no sandbox.
    """
    from course.grading.run.grade import grade

    limits = Limits(**(limits or {}))
    with drawn_from(secret):
        try:
            found = grade(content, source, _sandbox(weak), limits)
        except (NoSandbox, OSError):  # the warm sandbox has died, or its socket: once more with a new one
            _close(weak)
            found = grade(content, source, _sandbox(weak), limits)
        return asdict(found) | {"version": version(), "secret": secret.hash, "drawn": checksums()}


def prepare():
    """What takes long and depends on no submission, before the first one comes: PyTorch and the warm sandbox."""
    from course.grading.run import grade  # noqa: F401

    with contextlib.suppress(NoSandbox, OSError):  # who may grade without is known, and said, when it is asked
        _sandbox(weak=False)


work.prepare = prepare  # called by course.grading.process.serve


def allowed(content, source, limits=None, *_):
    """Seconds that `work` may take for these arguments, from outside and for everything: reading, running, storing."""
    return Limits(**(limits or {})).wall_seconds + AROUND


@functools.cache
def version():
    """A checksum of the code that decides about marks: what it has graded may have to be graded again."""
    package, digest = Path(__file__).parents[2], hashlib.sha256()
    for path in sorted({path for pattern in DECIDING for path in package.glob(pattern)}):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sandbox(weak):
    if weak not in _sandboxes:
        data = tempfile.TemporaryDirectory(prefix="course-data-")
        save_offline(data.name)  # the digits that everybody has; no file of the grader's own is mounted
        for path in (Path(data.name), *Path(data.name).rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)  # the student's process is another user
        _sandboxes[weak] = Sandbox(data=data.name, weak=weak), data
        import torch  # takes as long as the sandbox needs to get warm

        torch.set_num_threads(1)  # arrays are small, and the other cores grade as well
    return _sandboxes[weak][0]


def _close(weak):
    sandbox, data = _sandboxes.pop(weak, (None, None))
    if sandbox is not None:
        sandbox.close()
        data.cleanup()


@atexit.register
def _close_all():
    for weak in list(_sandboxes):
        _close(weak)
