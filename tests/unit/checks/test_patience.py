"""Does a check that takes too long say so, and end?"""

import threading
import time

import pytest

from course.checks.patience import SAID, Patience, TookTooLong
from course.grading.sandbox import Limits


def test_an_endless_loop(capsys):
    """Is it said what the grader does, and is the loop interrupted?"""
    with pytest.raises(TookTooLong, match="interrupted after 0.2 s.*stays true"), Patience("f", 0.1, 0.2):
        while True:
            pass
    assert capsys.readouterr().out.startswith("`f` has been running for 0.1 s. The grader ends each call after 10 s")


def test_a_loop_that_catches_everything():
    """Is code that catches the first interrupt interrupted again?"""
    caught = []
    with pytest.raises(TookTooLong), Patience("f", 0.1, 0.2):
        while True:
            try:
                while True:
                    pass
            except BaseException as error:
                caught.append(error)
                if len(caught) == 2:
                    raise
    assert len(caught) == 2


def test_a_quick_check(capsys):
    """Is nothing said of a check that ends in time, and does no thread stay behind?"""
    with Patience("f", 0.2, 0.3):
        pass
    time.sleep(0.4)
    assert capsys.readouterr().out == ""


def test_other_errors_go_through():
    """Does what the block raises come out as it is, the stop button's interrupt too?"""
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), Patience("f"):
            raise error


def test_beside_the_main_thread():
    """Is nobody interrupted who cannot be?"""
    ended = []

    def work():
        with Patience("f", 0.05, 0.1):
            time.sleep(0.3)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


def test_the_graders_limit():
    """Is the time that is named the grader's own?"""
    assert Limits().call_seconds == SAID
