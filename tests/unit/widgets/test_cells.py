"""Whether a cell runs: told by the notebook, and not by a control that was moved."""

import atexit

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course.widgets import cells


class Listener:
    def __init__(self):
        self.heard = 0

    def hear(self):
        self.heard += 1


@pytest.fixture
def shell(monkeypatch):
    """The shell of a notebook, to which a fresh Cells listens while a cell runs."""
    made = InteractiveShell()
    monkeypatch.setattr(cells, "get_ipython", lambda: made)
    yield made
    made.restore_sys_module_state()
    made.atexit_operations()  # now; at the end of the program it is too late for it
    atexit.unregister(made.atexit_operations)


def test_a_cell_is_told_and_a_control_is_not(shell):
    """Is a method called after each cell, and not after the message of a control, which triggers other events?"""
    found, listener = cells.Cells(), Listener()
    found.connect()
    assert found.running
    found.after(listener.hear)
    shell.run_cell("1 + 1")
    assert listener.heard == 1 and not found.running
    for _ in range(3):  # what the package comm does around each message
        shell.events.trigger("pre_execute")
        assert not found.running
        shell.events.trigger("post_execute")
    assert listener.heard == 1
    shell.run_cell("1 / 0")
    assert listener.heard == 2 and not found.running


def test_an_object_that_is_gone(shell):
    """Is a method forgotten with its object?"""
    found, listener = cells.Cells(), Listener()
    found.connect()
    found.after(listener.hear)
    del listener
    shell.run_cell("2")
    assert found._methods == []
