"""The objects that the other side holds on to: each has a number, and lives here until it is given back."""

import numpy as np

from .codec import CodecError, Handle, name_of

# arrays that are not plain are called by what they hold; TOO_LARGE follows the name of what would have been sent
ARRAYS = {"O": "object array", "U": "text array", "S": "bytes array", "V": "record array", "M": "date array",
          "m": "time array"}  # fmt: skip
TOO_LARGE = " (too large or deep)"


class Handles:
    """Numbers for objects. The same object keeps its number, so that the other side can tell that it is the same."""

    def __init__(self):
        self._objects = {}  # number: [object, how often it was sent]
        self._numbers = {}  # id of an object that is held: its number
        self._next = 1

    def refer(self, value, note=""):
        """Return the Handle to send for `value`; `note` says why it was not sent itself."""
        number = self._numbers.get(id(value))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._numbers[id(value)] = number
            self._objects[number] = [value, 0]
        self._objects[number][1] += 1
        kind = type(value)
        is_tuple = any(base is tuple for base in type.mro(kind)) and kind is not tuple and not note
        items = tuple(tuple.__iter__(value)) if is_tuple else None
        name = ARRAYS.get(value.dtype.kind, "array") if kind is np.ndarray else name_of(kind)
        module = kind.__dict__.get("__module__") if type(kind) is type else None
        return Handle(number, name + note, module if type(module) is str else "", callable(value), items)

    def found(self, handle):
        """Return the object that the other side means."""
        try:
            return self._objects[handle.number][0]
        except KeyError:
            raise CodecError(f"There is no object {handle.number}.") from None

    def release(self, number, count):
        """The other side has dropped the object as often as it was sent `count` times."""
        entry = self._objects.get(number)
        if entry is not None:
            entry[1] -= count
            if entry[1] <= 0:
                del self._objects[number]
                self._numbers.pop(id(entry[0]), None)
