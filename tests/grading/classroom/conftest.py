"""One worker for many tests: to start it takes two seconds, and a submission a tenth of one."""

import contextlib

import pytest

from course.grading.classroom import batch, pool
from tests.grading.sandbox.conftest import require_bubblewrap


@pytest.fixture(scope="session")
def worker():
    """A worker process with PyTorch and a warm sandbox, as long as the tests run."""
    require_bubblewrap()
    with pool.Processes(1) as workers:
        yield workers


@pytest.fixture
def warm(worker, monkeypatch):
    """`grade_class(..., jobs=1)` finds the worker there already. Who tests how workers start and end does without."""
    own = batch.own_workers
    monkeypatch.setattr(batch, "own_workers", lambda jobs, tasks: contextlib.nullcontext(worker) if jobs == 1
                        else own(jobs, tasks))  # fmt: skip
