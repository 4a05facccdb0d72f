"""`make clean`: nothing is lost that a command cannot make again, and what is kept is named."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import clean
from course.grading.classroom import evening

ROOT = Path(__file__).parents[2]
WORK = [
    "build/gradebook.db", "build/gradebook.db-journal", "build/submitted/ada/ps1_activations/ps1_activations.ipynb",
    "build/autograded/ada/ps1_activations/ps1_activations.ipynb", "build/feedback/ada/ps1_activations/a.html",
    "build/exchange/deep-learning/inbound/a.ipynb", "build/records/ps1_activations/ada.json",
    "build/reports/ps1_activations.html", "build/notes-on-cases.txt", "build/gradebook-2025.db", "build/.gitignore",
    "lectures/.ipynb_checkpoints/1-checkpoint.ipynb", "nbgrader_config.py",
]  # fmt: skip
MADE = [
    ".venv/bin/python", ".venv/ready", ".hypothesis/unicode/a", ".ruff_cache/0.8/a", "build/executed/1.ipynb",
    "build/screenshots/a.png", "build/student-bundle/course/README.md", "build/course-0.1.0-student.zip",
    f"build/class/{clean.MARKER}", "build/class/build/gradebook.db",
]  # fmt: skip


@pytest.fixture
def checkout(tmp_path):
    """A checkout in which a class was graded and everything else was made as well."""
    for name in [*WORK, *MADE]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def left(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_make_clean(checkout):
    """Does `make clean` itself, with an environment that does not start, keep the class and name all it keeps?"""
    (checkout / "course").mkdir()
    shutil.copy(ROOT / "course/clean.py", checkout / "course")
    shutil.copy(ROOT / "Makefile", checkout)
    python = checkout / ".venv/bin/python3"  # stands in front of the PATH
    python.write_text("#!/bin/sh\nexit 7\n")
    python.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "clean", f"PYTHON={Path(sys.executable).name}"], cwd=checkout, text=True,
                          capture_output=True, env=own | {"PYTHONDONTWRITEBYTECODE": "1"})  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert left(checkout) == sorted([*WORK, "Makefile", "course/clean.py"])
    assert (checkout / "build").is_dir()
    removed, said, *kept = done.stdout.splitlines()[-12:]
    assert "build/class" in removed and ".venv" in removed and "no command makes it again" in said
    names = {line.split()[0] for line in kept}
    assert names == {"/".join(name.split("/")[:2]) for name in WORK if name.startswith("build/")} - {"build/.gitignore"}
    meanings = {line.split()[0]: line for line in kept}
    assert "what students handed in" in meanings["build/submitted"]
    assert "unknown to make clean" in meanings["build/notes-on-cases.txt"]


def test_again(checkout, capsys):
    """Does a second time find nothing to remove, keep the same, and a fresh checkout give no list?"""
    assert clean.main(checkout) == 0
    before = left(checkout)
    assert clean.main(checkout) == 0
    assert "nothing, it is clean already" in capsys.readouterr().out and left(checkout) == before
    assert clean.main(checkout / "lectures") == 0
    assert "kept" not in capsys.readouterr().out


def test_links(checkout, tmp_path_factory):
    """Is a link removed, and what it leads to left alone?"""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "thesis.txt").write_text("three years of work")
    for name in (".venv", "build/executed"):
        shutil.rmtree(checkout / name)
        (checkout / name).symlink_to(elsewhere)
    removed, _ = clean.clean(checkout)
    assert {Path(".venv"), Path("build/executed")} <= set(removed)
    assert not (checkout / ".venv").is_symlink() and left(elsewhere) == ["thesis.txt"]


def test_class_of_somebody(checkout):
    """Is a folder build/class that `make class` did not make kept?"""
    (checkout / "build/class" / clean.MARKER).unlink()
    removed, kept = clean.clean(checkout)
    assert Path("build/class") in kept and (checkout / "build/class/build/gradebook.db").exists()


def test_marker_of_the_made_up_class(tmp_path):
    """Is the marker that is looked for the one that the made-up class leaves?"""
    evening.prepare("ps1_activations", tmp_path / "class")
    assert (tmp_path / "class" / clean.MARKER).is_file()


def test_what_cannot_be_removed(checkout, monkeypatch, capsys):
    """Is a file that the system holds named, with status 1?"""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(clean.shutil, "rmtree", refuse)
    assert clean.main(checkout) == 1
    assert ".venv cannot be removed: Permission denied" in capsys.readouterr().err


def test_old_python():
    """Does it run in a Python that is too old for the course?"""
    ast.parse((ROOT / "course/clean.py").read_text(), feature_version=(3, 6))
