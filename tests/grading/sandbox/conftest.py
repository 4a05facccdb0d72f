"""One warm sandbox, or one plain process, for all tests of a file.

Without bubblewrap the tests of the sandbox are skipped with the reason, unless COURSE_REQUIRE names it.
"""

import os
from pathlib import Path

import pytest

from course.grading.sandbox import NoSandbox, Sandbox, jail
from tests.grading.sandbox.plain import Plain


def require_bubblewrap():
    """Skip with the reason, or fail where COURSE_REQUIRE holds `bubblewrap`."""
    try:
        jail.isolation()
    except NoSandbox as missing:
        if "bubblewrap" in os.environ.get("COURSE_REQUIRE", "").split(","):
            pytest.fail(f"COURSE_REQUIRE names bubblewrap, but {missing}")
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def sandbox():
    """A warm sandbox; tests open their own sessions in it."""
    require_bubblewrap()
    with Sandbox() as warm:
        yield warm


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """One warm Python without a sandbox for all sessions of this file."""
    plain = Plain(tmp_path_factory.mktemp("home"))
    yield plain
    plain.close()


def said(session, source):
    """What a cell prints in a session, and its error's type and text if it raised."""
    result = session.execute(source)
    text = "".join(output["text"] for output in result.outputs if output["output_type"] == "stream")
    return text + (f"{type(result.error).__name__}: {result.error}" if result.error else "")


def student_of(sandbox):
    """The number that the student's process in a sandbox's youngest session has outside: /proc tells of it there."""
    pid = sandbox._process.pid
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        pid = int(children[-1])
    return pid
