"""Is the instructor told what a submission tried, and nobody accused who only did their work?"""

import pytest

from course.grading.sandbox import Sandbox
from course.grading.sandbox.inside.attempts import KINDS, kinds
from tests.grading.sandbox.conftest import said
from tests.grading.sandbox.known_code import ORDINARY

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_work_is_no_attempt(sandbox, name):
    """Is nothing noted of what students ordinarily do?"""
    with sandbox.open() as session:
        session.execute("import numpy as np, matplotlib.pyplot as plt")
        result = session.execute(ORDINARY[name])
        assert (result.error is None) == (name != "an error"), result.error
        assert session.life.end()["attempts"] == []


def test_without_jail(tmp_path):
    """Does the weak mode see the same?"""
    with Sandbox(weak=True) as weak:
        for name, source in ORDINARY.items():
            with weak.open() as session:
                session.execute("import numpy as np, matplotlib.pyplot as plt")
                session.execute(source)
                assert session.life.end()["attempts"] == [], name
        with weak.open() as session:
            (tmp_path / "secret.txt").write_text("4711")
            said(session, "try:\n    import torch\nexcept ImportError: pass")
            said(session, "open('/etc/passwd').read()")
            said(session, "import os; os.system('true')")
            seen = session.life.end()["attempts"]
        assert seen == [KINDS[0], KINDS[2], KINDS[4]]


def test_each_kind_once(sandbox):
    """Is something that was tried a thousand times told once?"""
    with sandbox.open() as session:
        said(session, "for _ in range(1000):\n    try: open('/etc/passwd')\n    except OSError: pass")
        assert session.life.end()["attempts"] == ["opened a file outside of its own folders"]


def test_forged_bytes_accuse_only_the_sender(sandbox):
    """Do bytes that student code writes into the pipe itself stay harmless?"""
    with sandbox.open() as session:
        said(session, "import os\nos.set_blocking(4, False)\nfor _ in range(100):\n"
                      "    try: os.write(4, bytes(range(256)) * 256)\n    except OSError: pass")  # fmt: skip
        assert session.life.end()["attempts"] == list(KINDS)
    with sandbox.open() as session:
        said(session, "print(1)")
        assert session.life.end()["attempts"] == []
    assert kinds(bytes([255, 100])) == []


def test_a_cell_too_long_to_send(sandbox):
    """Is a cell of 2 MB refused with its length, and does the session go on?"""
    with sandbox.open() as session:
        result = session.execute("#" * 2_000_000)
        assert "2000000 characters" in str(result.error) and not result.died
        assert said(session, "print(2)") == "2\n"
