"""Bytes to plain values, within bounds, whatever the bytes are: see codec.py."""

import math

import numpy as np

from .plain import (
    C128,
    DTYPES,
    F64,
    GAPS,
    I64,
    LIMITS,
    LONGEST,
    NAME,
    READ_ONLY,
    SWAPPED,
    U32,
    U64,
    CodecError,
    Handle,
    flipped,
    is_key,
    name_of,
)

_SIMPLE = {ord("N"): None, ord("T"): True, ord("F"): False, ord("E"): ...}


def decode(data, limits=LIMITS, found=None, arrays=None):
    """Return the value in `data` (bytes-like); CodecError for anything else that the bytes may be.

    found: function of a Handle, returning what stands for it here; arrays: a list that gets every array made.
    """
    decoder = _Decoder(data, limits, found, arrays)
    try:
        value = decoder.take(0)
    except CodecError:
        raise
    except (ValueError, OverflowError, MemoryError) as error:  # of NumPy: a shape that no array can have
        raise CodecError(f"The bytes are no value: {error}"[:300]) from None
    if decoder.at != len(decoder.data):
        raise CodecError(f"{len(decoder.data) - decoder.at} bytes follow the value.")
    return value


class _Decoder:
    def __init__(self, data, limits, found, arrays):
        self.data, self.at = memoryview(data).cast("B"), 0
        self.limits, self.found, self.arrays = limits, found, arrays
        self.items = self.text = 0
        if len(self.data) > limits.size:
            raise CodecError(f"There are more than {limits.size} bytes.")

    def read(self, count):
        start, self.at = self.at, self.at + count
        if self.at > len(self.data):
            raise CodecError("The bytes end within a value.")
        return self.data[start : self.at]

    def number(self, form):
        return form.unpack(self.read(form.size))[0]

    def take(self, depth):
        self.items += 1
        if self.items > self.limits.items:
            raise CodecError(f"There are more than {self.limits.items} values in it.")
        if depth > self.limits.depth:
            raise CodecError(f"It is nested deeper than {self.limits.depth}.")
        tag = self.read(1)[0]
        if tag in _SIMPLE:
            return _SIMPLE[tag]
        method = self._METHODS.get(tag)
        if method is None:
            raise CodecError(f"No value starts with the byte {tag}.")
        return method(self, depth)

    def _long(self, depth):
        count = self.number(U32)
        if count <= self.limits.bits // 8 + 1:
            value = int.from_bytes(self.read(count), "little", signed=True)
            if value.bit_length() <= self.limits.bits:
                return value
        raise CodecError(f"An integer has more than {self.limits.bits} bits.")

    def _str(self, depth):
        count = self.number(U32)
        if count <= 4 * self.limits.text:  # a character takes four bytes at most
            text = str(self.read(count), "utf-8", "surrogatepass")
            self.text += len(text)
            if len(text) <= self.limits.text and self.text <= self.limits.all_text:
                return text
        raise CodecError(f"A text has more than {self.limits.text} characters, or all together too many.")

    def _count(self):
        count = self.number(U32)
        if count > len(self.data) - self.at:  # every value takes a byte at least
            raise CodecError("The bytes end within a value.")
        return count

    def _list(self, depth):
        return [self.take(depth + 1) for _ in range(self._count())]

    def _tuple(self, depth):
        return tuple(self._list(depth))

    def _dict(self, depth):
        count, values = self._count(), {}
        for _ in range(count):
            key = self.take(depth + 1)
            if not is_key(key):
                raise CodecError(f"A dictionary has a key of type {name_of(type(key))}.")
            values[key] = self.take(depth + 1)
        if len(values) != count:
            raise CodecError("A dictionary has the same key twice.")
        return values

    def _slice(self, depth):
        return slice(self.take(depth + 1), self.take(depth + 1), self.take(depth + 1))

    def _dtype(self, swapped=False):
        char = chr(self.read(1)[0])
        if char not in DTYPES:
            raise CodecError("An array has a type that is not plain.")
        dtype = np.dtype(char)
        return dtype.newbyteorder("S") if swapped else dtype

    def _scalar(self, depth):
        dtype = self._dtype()
        return _values(self.read(dtype.itemsize), dtype)[0]

    def _array(self, depth):
        char = self.at
        self.at += 1  # the type is read when the flags are known
        flags, ndim = self.read(2)
        order, flips = list(self.read(min(ndim, 64))), self.number(U64)
        if ndim > 64 or flags > 7 or sorted(order) != list(range(ndim)) or flips >> ndim:
            raise CodecError("An array has a layout that cannot be.")
        shape = [self.number(U64) for _ in range(ndim)]
        size, after = self.number(U64), self.at
        self.at = char
        dtype = self._dtype(swapped=flags & SWAPPED)
        self.at = after
        if math.prod(shape) * dtype.itemsize != size or any(length >= LONGEST for length in shape):
            raise CodecError("The shape of an array does not fit to its bytes.")
        gaps = bool(flags & GAPS and ndim)
        if (2 if gaps else 1) * size > self.limits.size:
            raise CodecError(f"The array takes more than {self.limits.size} bytes.")
        data = self.read(size)
        array = _values(data, dtype).reshape([shape[axis] for axis in order])
        if gaps:
            wide = np.empty((*array.shape[:-1], 2 * array.shape[-1]), dtype)
            wide[...] = np.nan if dtype.kind in "fc" else 0  # nan shows who reads beside the view
            wide[..., ::2] = array
            array = wide[..., ::2]
        if ndim:
            array = array.transpose(np.argsort(order))[flipped(flips, ndim)]
        if flags & READ_ONLY:
            array.flags.writeable = False
        if self.arrays is not None:
            self.arrays.append(array)
        return array

    def _handle(self, depth):
        if self.found is None:
            raise CodecError("There is a handle where only plain values may be.")
        number, can_call = self.number(U64), self.read(1)[0]
        name, module, items = self.take(depth + 1), self.take(depth + 1), self.take(depth + 1)
        texts = type(name) is str and type(module) is str and max(len(name), len(module)) <= NAME
        if can_call > 1 or not texts or not (items is None or type(items) is tuple):
            raise CodecError("A handle is not what a handle can be.")
        return self.found(Handle(number, name, module, bool(can_call), items))

    _METHODS = {
        ord("q"): lambda self, depth: self.number(I64),
        ord("f"): lambda self, depth: self.number(F64),
        ord("c"): lambda self, depth: complex(*C128.unpack(self.read(16))),
        ord("b"): lambda self, depth: bytes(self.read(self.number(U32))),
        ord("i"): _long, ord("s"): _str, ord("l"): _list, ord("t"): _tuple, ord("d"): _dict, ord("S"): _slice,
        ord("n"): _scalar, ord("a"): _array, ord("R"): _handle,
    }  # fmt: skip


def _values(data, dtype):
    """A new array of the values in `data`; a boolean is 0 or 1, whatever its byte says."""
    if dtype.kind == "b":
        return np.frombuffer(data, np.uint8) != 0 if len(data) else np.empty(0, bool)
    return np.frombuffer(data, dtype).copy() if len(data) else np.empty(0, dtype)
