"""A process that grades can be stopped from outside whatever it does, and ends with the program that has started it."""

import os
import subprocess
import sys
import threading

import pytest

from course.grading.process import Process, Ungraded
from tests.grading.process.held import busy, is_gone, lives

pytestmark = pytest.mark.slow


@pytest.fixture
def process():
    """One that answers."""
    process = Process(busy)
    assert process.ask((), 600) == process.pid
    yield process
    process.close()


@pytest.mark.parametrize("what", ["regex", "deaf"])
def test_one_that_does_not_end(process, what):
    """Is a process killed when its time is up, also where it does not look at signals, and the next one answered?"""
    before = process.pid
    with pytest.raises(Ungraded, match="^it was not done after 0.5 s$"):
        process.ask((what,), 0.5)
    assert not lives(before)
    assert process.ask((), 600) == process.pid != before


def test_closed_at_work(process):
    """Does closing end a process in the middle of a regular expression?"""
    said = []
    asking = threading.Thread(target=lambda: said.append(pytest.raises(RuntimeError, process.ask, ("regex",), 600)))
    asking.start()
    while not process._busy:
        pass
    process.close()
    asking.join(60)
    assert not lives(process.pid) and "the workers were closed" in str(said[0].value)


HOLDER = """
import os, sys, threading
from course.grading.process import Process
from tests.grading.process.held import busy

process = Process(busy)
print(process.ask((), 600), flush=True)
threading.Thread(target=process.ask, args=(("regex",), 3600), daemon=True).start()
sys.stdin.read()
"""


def test_it_ends_with_a_program_that_was_killed():
    """After `kill -9` of the program: does a process end that is in the middle of a regular expression?"""
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=os.environ | {"PYTHONPATH": os.getcwd()}) as holder:  # fmt: skip
        pid = int(holder.stdout.readline())
        assert holder.stdout.readline() == b"busy\n"
        holder.kill()
    assert is_gone(pid)


def test_it_outlives_the_thread_that_asked_for_it():
    """The kernel ends a process with the thread that started it; does one live on that a server's thread has made?"""
    made = []
    thread = threading.Thread(target=lambda: made.append(Process(busy)))
    thread.start()
    thread.join()
    assert made[0].ask((), 600) == made[0].pid
    assert made[0].ask((), 600) == made[0].pid
    made[0].close()
