"""What a function did besides answering."""

import sys
import threading
import time

import matplotlib.pyplot as plt
import pytest

from course.widgets.watch import watch


def test_a_quiet_function():
    """Is a function that only answers said to have done nothing else, in its time?"""
    with watch() as seen:
        time.sleep(0.02)
    assert not seen.printed and not seen.drew and seen.seconds >= 0.02


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_printing_is_noted_and_passes(capsys, stream):
    """Is printing noted, and still seen?"""
    with watch() as seen:
        print("hello", file=getattr(sys, stream))
    assert seen.printed
    assert getattr(capsys.readouterr(), stream.removeprefix("std")) == "hello\n"


def test_printing_is_swallowed(capsys):
    """Does nothing appear where the reader asked for nothing?"""
    with watch(swallow=True) as seen:
        print("hello")
    print("after")
    assert seen.printed and capsys.readouterr().out == "after\n"


def test_another_thread_prints(capsys):
    """Is what another thread prints meanwhile neither noted nor swallowed?"""
    with watch(swallow=True) as seen:
        thread = threading.Thread(target=print, args=["from elsewhere"])
        thread.start()
        thread.join()
    assert not seen.printed and capsys.readouterr().out == "from elsewhere\n"


def test_a_figure_of_pyplot_is_noted():
    """Is a figure that the function opens noted?"""
    with watch() as seen:
        figure = plt.figure()
    plt.close(figure)
    assert seen.drew


def test_the_streams_are_given_back():
    """When calls overlap and end in another order than they began, are stdout and stderr themselves again?"""
    before = sys.stdout, sys.stderr
    first, second = watch(), watch()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert sys.stdout is not before[0]
    second.__exit__(None, None, None)
    assert (sys.stdout, sys.stderr) == before
