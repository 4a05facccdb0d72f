"""Knows whether a cell of the notebook runs, and calls back when one has ended. Outside a notebook none ever runs."""

import weakref

from IPython import get_ipython


class Cells:
    """`running`: a cell is under way. `after(method)`: call a bound method after each cell, while its object lives."""

    def __init__(self):
        self.running, self._methods, self._shell = False, [], None

    def connect(self):
        """Listen to the notebook. Called where an explorer is made, so in a cell: it runs now."""
        shell = get_ipython()
        if shell is None or shell is self._shell:
            return
        self._shell, self.running = shell, True
        # not pre_execute and post_execute: each message of a control triggers these as well
        shell.events.register("pre_run_cell", self.started)
        shell.events.register("post_run_cell", self.ended)

    def after(self, method):
        self._methods.append(weakref.WeakMethod(method))

    def started(self, info=None):
        self.running = True

    def ended(self, result=None):
        self.running = False
        for reference in list(self._methods):
            method = reference()
            if method is None:
                self._methods.remove(reference)
            else:
                method()


CELLS = Cells()
