"""The test run itself: how it is spread over workers, and the table at its end."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import minutes, spread

ROOT = Path(__file__).parents[2]
TESTS = {
    "tests/quick/test_a.py": "def test_a(): pass\n",
    "tests/slow/test_b.py": """
import subprocess, sys, pytest
@pytest.mark.slow
def test_work():
    subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass"], check=True)
@pytest.mark.slow
def test_rest(): pass
""",
    "tests/slow/test_c.py": "import pytest\n@pytest.mark.slow\ndef test_d(): pass\n",
}


@pytest.mark.slow
def test_a_run_with_workers(tmp_path):
    """Does a real run take the files by length, and end with a table that knows what a child process used?"""
    for name, source in TESTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow: of it\n")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "tests.spread", "-p", "tests.minutes", "-n", "1"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run([*command, "--dist", "loadfile"], cwd=tmp_path, capture_output=True, text=True,
                          env=clean | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"PASSED.* tests/\w+/test_(.)\.py", done.stdout) == ["b", "b", "c", "a"]
    rows = re.findall(r"^ +[\d.]+ +([\d.]+) +\d+  (tests/\w+)$", done.stdout, re.MULTILINE)
    rows = {folder: float(cpu) for cpu, folder in rows}
    assert rows["tests/slow"] >= 0.5 > rows["tests/quick"]
    assert "4  together" in done.stdout and "on 1 workers" in done.stdout


def test_units():
    """Is a file one unit, and a file in parts as many, with its tests dealt out in turn?"""
    nodeids = ["tests/a.py::x", *(f"tests/b.py::test[{i}]" for i in range(5)), "tests/a.py::y"]
    found = spread.units(nodeids, {"b.py": (9, 2)})
    assert found["tests/a.py::x"] == found["tests/a.py::y"] == "a.py"
    assert [found[f"tests/b.py::test[{i}]"] for i in range(5)] == ["b.py 1/2", "b.py 2/2"] * 2 + ["b.py 1/2"]


def test_lengths():
    """Is a file as long as measured, divided by its parts, and without a measure as long as its slow tests?"""
    tests = [("tests/a.py::x", False), ("tests/b.py::x", True), ("tests/b.py::y", True), ("tests/c.py::x", True)]
    found = spread.seconds_of_files(tests, {"c.py": (90, 3), "gone.py": (5, 1)})
    assert found == {"a.py": 0.01, "b.py": 2 * spread.SLOW, "c.py": 30}


def test_files_of_the_plan_exist():
    """Is no line of the plan about a file that was renamed or removed?"""
    assert [name for name in spread.LONGEST if not (ROOT / "tests" / name).is_file()] == []


def test_every_long_test_has_a_short_one(request):
    """Does `make test` run one of each kind of what only `make test-long` repeats? Of the tests of this run."""
    assert spread.without_short_one(request.config.stash[spread.COLLECTED]) == []


def test_a_long_test_alone_is_found():
    """Is a long test found whose parameters are all long, or whose named shorter one is gone or long itself?"""
    tests = [("t.py::a[1]", None), ("t.py::a[2]", pytest.mark.long), ("t.py::b[1]", pytest.mark.long),
             ("t.py::c", pytest.mark.long("a")), ("t.py::d", pytest.mark.long("b")), ("t.py::A::a", pytest.mark.long),
             ("t.py::e", pytest.mark.long("gone")), ("u.py::c", pytest.mark.long("a"))]  # fmt: skip
    tests = [(nodeid, mark and getattr(mark, "mark", mark)) for nodeid, mark in tests]
    assert spread.without_short_one(tests) == ["t.py::b[1]", "t.py::d", "t.py::A::a", "t.py::e", "u.py::c"]


def test_table():
    """Are folders and tests sorted by their seconds, and do the sums agree?"""
    tests = {"tests/a/t.py::x": [1, 0.5], "tests/b/t.py::x[y/z]": [2, 4], "tests/b/t.py::z": [0.5, 0.5]}
    lines = list(minutes.table(tests, wall=5, workers=2))
    assert [line.split() for line in lines[1:3]] == [["2.5", "4.5", "2", "tests/b"], ["1.0", "0.5", "1", "tests/a"]]
    assert lines[3].split()[:3] == ["3.5", "5.0", "3"] and "5 s on 2 workers, 35% busy" in lines[3]
    assert [line.split()[-1] for line in lines[5:]] == ["tests/b/t.py::x[y/z]", "tests/a/t.py::x", "tests/b/t.py::z"]


def test_budget():
    """Is a notebook that takes longer than its budget marked, and the budget named?"""
    stamps = {"lectures/1.ipynb": 31, "lectures/2.ipynb": 29, "solutions/ps1/ps1.ipynb": 16}
    said = [*minutes.notebooks((Path(path), {"cpu": cpu, "seconds": 99}) for path, cpu in stamps.items())][1:]
    assert [line.split()[2] for line in said] == ["lectures/1.ipynb", "lectures/2.ipynb", "solutions/ps1/ps1.ipynb"]
    assert [line.partition("OVER the budget of ")[2] for line in said] == ["30 s", "", "15 s"]
    assert list(minutes.notebooks([])) == []


def test_make_runs_every_test():
    """Does each test belong to `make test` or to `make test-long`, and do both say it by the same marker?"""
    makefile = (ROOT / "Makefile").read_text()
    command = r"^(test[a-z-]*):.*\n\tpytest -n \$\(WORKERS\) --dist loadfile -m (.*)$"
    chosen = dict(re.findall(command, makefile, re.MULTILINE))
    assert chosen == {"test": '"not long"', "test-fast": '"not slow and not long"', "test-long": "long"}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert "long" in [re.match(r"\w+", line)[0] for line in settings["markers"]]
