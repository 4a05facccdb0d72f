"""The course folder: its settings reach `course grade`, and two runs do not get into each other's way."""

import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.classroom import worker
from course.grading.classroom.folder import Course, check_limits

ROOT = Path(worker.__file__).parents[3]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty course with the repository's settings."""
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_settings_are_read(folder):
    """Do limits and the weak mode come from the same lines that nbgrader's own command reads?"""
    assert Course.here().limits["wall_seconds"] == 300 and Course.here().allow_weak is False
    with open("nbgrader_config.py", "a") as file:
        file.write('\nc.SandboxedExporter.limits = {"call_seconds": 3}\nc.SandboxedExporter.allow_weak = True\n')
    assert Course.here().limits == {"call_seconds": 3} and Course.here().allow_weak is True


@pytest.mark.parametrize("given, said", [({"wall": 3}, "no limit wall; there are memory, processes"),
                                         ({"memory": -1}, "limit memory must be"), ({"memory": "2G"}, "got '2G'")])
def test_wrong_limits_are_said(folder, given, said):
    """Is a limit that there is not, or a value that is none, named before anything is graded?"""
    with open("nbgrader_config.py", "a") as file:
        file.write(f"\nc.SandboxedExporter.limits = {given!r}\n")
    with pytest.raises(ValueError, match=said):
        Course.here()
    with pytest.raises(ValueError, match=said):
        check_limits(given, "the call")


def test_two_runs(folder):
    """Is a second run told who holds the lock, and is the lock free again when its holder is killed?"""
    hold = "import time\nfrom course.grading.classroom.folder import Course\n" \
           "with Course.here().alone('ps1'):\n    print('held', flush=True)\n    time.sleep(60)"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RuntimeError, match=f"ps1 is being graded by process {other.pid}"):
            with Course.here().alone("ps1"):
                pass
        with Course.here().alone("ps2"):
            pass
        other.kill()
        other.wait()
    with Course.here().alone("ps1"):
        pass


def test_the_version_covers_what_decides():
    """Is every module of the course that grading loads among the files whose change grades everybody again?"""
    code = "import sys\nfrom course.grading.classroom import worker\nfrom course.grading.hidden import activations\n" \
           "import course.grading.run.grade\n" \
           "from course.checks import activations, oracle\nimport course.reference\n" \
           "print(*[m.__file__ for n, m in sys.modules.items() if n.startswith('course.') and m.__file__])"  # fmt: skip
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    package = ROOT / "course"
    covered = {str(path) for pattern in worker.DECIDING for path in package.glob(pattern)}
    # what holds no rule about marks
    others = {package / name for name in ("__init__.py", "grading/__init__.py", "grading/classroom/__init__.py",
                                          "grading/process/__init__.py", "grading/process/serve.py",
                                          "notebooks/__init__.py")}  # fmt: skip
    assert len(loaded) > 20 and set(loaded) - covered - {str(path) for path in others} == set()
    assert all(any(package.glob(pattern)) for pattern in worker.DECIDING)
