"""What a message of the trust line may hold, and how much of it: shared by encoder.py and decoder.py."""

import struct
from dataclasses import dataclass

import numpy as np


class CodecError(ValueError):
    """A value cannot be sent, or bytes are no value. The message is a sentence."""


@dataclass(frozen=True)
class Limits:
    """How much one message may hold: bytes, nesting, values, characters of one text and of all, bits of an int."""

    size: int = 64 * 2**20
    depth: int = 20
    items: int = 100_000
    text: int = 2**20
    all_text: int = 2**23
    bits: int = 2**16


LIMITS = Limits()
LONGEST = 2**40  # entries along one axis, which an array without any entry could have more of
NAME = 100  # characters of the name of a type


@dataclass(frozen=True)
class Handle:
    """Stands for an object that stays where it is.

    number: which one; name, module: of its type, as its own side says; callable: can it be called?
    items: its entries if its type is a subclass of tuple, otherwise None.
    """

    number: int
    name: str = ""
    module: str = ""
    callable: bool = False
    items: tuple | None = None


DTYPES = "?bhilqBHILQefdgFDG"
READ_ONLY, GAPS, SWAPPED = 1, 2, 4
_KINDS = [(np.dtype(char).type, char) for char in DTYPES]
U32, U64, I64, F64, C128 = (struct.Struct(code) for code in ("<I", "<Q", "<q", "<d", "<dd"))


def is_key(value):
    """A key is plain and short to hash: an int beyond 64 bits or a complex number can be made to collide."""
    kind = type(value)
    if kind is int:
        return value.bit_length() <= 64
    if value is None or kind is bool or kind is float or kind is str or kind is bytes:
        return True
    return char_of(kind) not in ("", *"gFDG")


def char_of(kind):
    """The letter of a NumPy scalar's type, or ""; by identity, since a metaclass can make `==` say anything."""
    return next((char for known, char in _KINDS if known is kind), "")


def name_of(kind):
    """The name of a class as `type` sees it: a metaclass could run code when asked for it."""
    return type.__dict__["__name__"].__get__(kind)[:NAME]


def flipped(flips, ndim):
    """An index that turns round the axes whose bit is set in `flips`."""
    return tuple(slice(None, None, -1 if flips >> axis & 1 else None) for axis in range(ndim))
