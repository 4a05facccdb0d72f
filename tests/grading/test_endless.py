"""No text keeps the grader busy: whatever reads what a student wrote needs time in proportion to its length.

Each reader gets texts that a quadratic one would need minutes for, and the kernel ends it where one takes more than
some seconds of CPU time; how much it really is prints `benchmarks/growth.py`.
"""

import multiprocessing
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from tests.grading import endless
from tests.grading.endless import READERS, graded_up_to_running, notebook

pytestmark = pytest.mark.slow


# a process that has imported everything once, and makes a copy of itself for each reader
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.grading.endless"])


def read(said, *arguments):
    """Run `tests.grading.endless` in a process of its own; its output, in a file, says which text was too much."""
    process = SERVER.Process(target=_read, args=(said, *arguments))
    process.start()
    process.join()
    text = said.read_text()
    assert process.exitcode == 0 and text.endswith("done\n"), f"ended by {process.exitcode} at: {text[-2000:]}"


def _read(said, *arguments):
    with said.open("w") as file, redirect_stdout(file), redirect_stderr(file):
        endless.main(*arguments)


@pytest.mark.parametrize("reader", READERS)
def test_known_texts(reader, tmp_path):
    """Does a reader come to the end of each text that stopped graders before?"""
    read(tmp_path / "said", reader, 100_000)


@pytest.mark.long("test_known_texts")
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("reader", READERS)
def test_drawn_texts(reader, seed, tmp_path):
    """And of texts that nobody has thought of?"""
    read(tmp_path / "said", reader, 100_000, 300, seed)


def calls(data):
    """How many functions reading and rebuilding a file calls, Python's and others'."""
    found = [0]

    def count(frame, event, argument):
        found[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        graded_up_to_running(data)
    finally:
        sys.setprofile(None)
    return found[0]


FAMILIES = {  # what a student may have many cells of -> the n-th one
    "own code": lambda n: ("code", "", f"x{n} = {n}"),
    "own text": lambda n: ("markdown", "", f"Remark {n}"),
    "versions of an answer": lambda n: ("code", "relu", f"def relu(x):\n    return {n}"),
    "halves of an answer": lambda n: ("code", "relu", f"    x = {n}"),
    "answers outside of their cells": lambda n: ("code", "", f"def relu(x):\n    return {n}"),
    "answers without labels": lambda n: ("code", "", f"def f{n}(x):\n    return np.maximum(x, {n})"),
    "copies of a test": lambda n: ("code", "relu-test", f"check(relu)  # {n}"),
    "labels of another assignment": lambda n: ("code", f"other-{n}", f"x = {n}"),
    "answers in words": lambda n: ("markdown", "written", f"Because of {n}."),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_many_cells(family):
    """Do twice as many cells of a kind take twice as many steps, counted in calls of functions?"""
    few, many = (calls(notebook(*map(FAMILIES[family], range(n)))) for n in (200, 400))
    none = calls(notebook())
    assert (many - none) / (few - none) < 2.2
