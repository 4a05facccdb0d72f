"""The reader's function is the one that is there: edit `relu`, run its cell, and the explorer draws the new one."""

import sys
import types

from course.widgets.reader import check_function


class Followed:
    """A function or class of the notebook that is looked up by its name at each call.

    That is so where `__main__` held this very object under a name when it was given. A lambda, a partial or a method
    stays what it was, and so does a function whose name means something else when its cell has ended: the variable
    of a loop over functions.
    """

    def __init__(self, name, function):
        check_function(name, function)
        self._given = self._called = function
        self.name = _name_in_notebook(function)

    def __call__(self, *arguments, **values):
        return self.now(*arguments, **values)

    @property
    def now(self):
        """The function that a call would use."""
        found = _notebook().get(self.name, self._given) if self.name else self._given
        return found if callable(found) else self._given

    def settle(self):
        """The cell that gave the function has ended: follow the name only if it still holds it."""
        if self.now is not self._given:
            self.name = None

    def changed(self):
        """Was the function exchanged since this was asked last?"""
        before, self._called = self._called, self.now
        return self._called is not before


def _notebook():
    return vars(sys.modules["__main__"])


def _name_in_notebook(function):
    """The name under which `__main__` holds this function, its own name before all others; None if there is none."""
    if not isinstance(function, types.FunctionType | type) or function.__name__ == "<lambda>":
        return None
    held = [name for name, value in list(_notebook().items()) if value is function and not name.startswith("_")]
    return function.__name__ if function.__name__ in held else next(iter(held), None)
