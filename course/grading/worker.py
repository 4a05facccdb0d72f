"""What a worker process does: keep PyTorch and one warm sandbox, and grade one submission after the other.

Submissions go in and results come out as plain data, so the worker may run on another machine: the hidden cases and
the reference are those of the `course` that is installed there.
"""

import atexit
from dataclasses import asdict

from course.grading.sandbox import Limits, NoSandbox, Sandbox
from course.notebooks.salvage import LARGEST_FILE

_sandboxes = {}  # weak or not: the warm sandbox of this process


def handed_in(path):
    """The bytes of a submitted file, a little more than the largest that is graded; None if it is no plain file.

    A link could point at any file that the grader can read.
    """
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def work(content, source, limits=None, weak=False):
    """Grade one submission. Returns the fields of `course.grading.grade.Grading` as a dictionary.

    content: bytes of the file or None; source: text of the instructor's notebook; limits: fields of Limits.
    weak: without bubblewrap, if the instructor has allowed that. Raises NoSandbox if there is no sandbox.
    """
    from course.grading.grade import grade

    limits = Limits(**(limits or {}))
    try:
        return asdict(grade(content, source, _sandbox(weak), limits))
    except (NoSandbox, OSError):  # the warm sandbox has died, or its socket: once more with a new one
        _close(weak)
        return asdict(grade(content, source, _sandbox(weak), limits))


def _sandbox(weak):
    if weak not in _sandboxes:
        import torch

        torch.set_num_threads(1)  # arrays are small, and the other cores grade as well
        _sandboxes[weak] = Sandbox(weak=weak)
    return _sandboxes[weak]


def _close(weak):
    sandbox = _sandboxes.pop(weak, None)
    if sandbox is not None:
        sandbox.close()


@atexit.register
def _close_all():
    for weak in list(_sandboxes):
        _close(weak)
