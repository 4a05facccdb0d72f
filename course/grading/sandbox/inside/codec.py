"""Plain values to bytes and back, within bounds. Both sides of the trust line use it; nothing is ever executed.

Plain are: None, bool, int, float, complex, str, bytes, Ellipsis, slice, list, tuple, dict with plain keys, NumPy
arrays and NumPy scalars of booleans, integers, floats and complex numbers. Types are exact on arrival. A subclass is
no plain value: `refer` may turn it (and any other object) into a Handle, or it is refused.

Every value starts with one byte, its tag; sizes follow as unsigned integers and are checked against what is left of
the bytes before anything is made from them.
"""

import math
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
_U32, _U64, _I64, _F64, _C128 = (struct.Struct(code) for code in ("<I", "<Q", "<q", "<d", "<dd"))
LARGE = 2**16  # buffers from this size on are not copied on their way to the socket


def encode(value, limits=LIMITS, refer=None, arrays=None):
    """Return `value` as a list of buffers; CodecError if it is not plain or beyond the limits.

    refer: function of an object that is not plain, returning a Handle; arrays: a list that gets every array met.
    """
    encoder = _Encoder(limits, refer, arrays)
    encoder.add(value, 0)
    return encoder.finish()


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


class _Encoder:
    def __init__(self, limits, refer, arrays):
        self.limits, self.refer, self.arrays = limits, refer, arrays
        self.parts, self.small = [], bytearray()
        self.size = self.items = self.text = 0
        self.open = set()  # ids of the containers that the current value lies in

    def finish(self):
        if self.small:
            self.parts.append(self.small)
        return self.parts

    def write(self, *buffers):
        for buffer in buffers:
            self.size += len(buffer)
            if self.size > self.limits.size:
                raise CodecError(f"The value takes more than {self.limits.size} bytes.")
            if len(buffer) < LARGE:
                self.small += buffer
            else:
                self.parts += [self.small, buffer] if self.small else [buffer]
                self.small = bytearray()

    def add(self, value, depth):
        self.items += 1
        if self.items > self.limits.items:
            raise CodecError(f"There are more than {self.limits.items} values in it.")
        if depth > self.limits.depth:
            raise CodecError(f"It is nested deeper than {self.limits.depth}, or contains itself.")
        kind = type(value)
        if value is None:
            self.write(b"N")
        elif kind is bool:
            self.write(b"T" if value else b"F")
        elif value is ...:
            self.write(b"E")
        elif kind is int:
            self._int(value)
        elif kind is float:
            self.write(b"f", _F64.pack(value))
        elif kind is complex:
            self.write(b"c", _C128.pack(value.real, value.imag))
        elif kind is str:
            self._str(value)
        elif kind is bytes:
            self.write(b"b", _U32.pack(min(len(value), 2**32 - 1)), value)
        elif kind is list or kind is tuple or kind is dict or kind is slice:
            self._container(value, kind, depth)
        elif kind is np.ndarray and value.dtype.char in DTYPES:
            self._array(value)
        elif char := _char_of(kind):
            self.write(b"n", char.encode(), np.array(value, char).tobytes())
        elif kind is Handle:
            self._handle(value, depth)
        elif self.refer is not None:
            self._handle(self.refer(value), depth)
        else:
            raise CodecError(f"An object of type {name_of(kind)} cannot be sent.")

    def _int(self, value):
        bits = value.bit_length()
        if bits > self.limits.bits:
            raise CodecError(f"An integer has more than {self.limits.bits} bits.")
        if bits < 64:
            self.write(b"q", _I64.pack(value))
        else:
            data = value.to_bytes(bits // 8 + 1, "little", signed=True)
            self.write(b"i", _U32.pack(len(data)), data)

    def _str(self, value):
        self.text += len(value)
        if len(value) > self.limits.text or self.text > self.limits.all_text:
            raise CodecError(f"A text has more than {self.limits.text} characters, or all together too many.")
        data = value.encode("utf-8", "surrogatepass")
        self.write(b"s", _U32.pack(len(data)), data)

    def _container(self, value, kind, depth):
        if id(value) in self.open:
            raise CodecError("It contains itself.")
        self.open.add(id(value))
        if kind is slice:
            self.write(b"S")
            values = (value.start, value.stop, value.step)
        else:
            values = [part for pair in value.items() for part in pair] if kind is dict else value
            if len(values) > self.limits.items:
                raise CodecError(f"There are more than {self.limits.items} values in it.")
            self.write({list: b"l", tuple: b"t", dict: b"d"}[kind], _U32.pack(len(value)))
        for number, part in enumerate(values):
            if kind is dict and number % 2 == 0 and not _is_key(part):
                raise CodecError(f"A dictionary has a key of type {name_of(type(part))}.")
            self.add(part, depth + 1)
        self.open.discard(id(value))

    def _array(self, array):
        # before any copy: a broadcast array can be larger than all memory
        if array.nbytes > self.limits.size or any(length >= LONGEST for length in array.shape):
            raise CodecError(f"The array takes more than {self.limits.size} bytes.")
        if self.arrays is not None:
            self.arrays.append(array)
        flags = 0 if array.flags.writeable else READ_ONLY
        order, flips = range(array.ndim), 0
        plain = array
        if not array.flags.c_contiguous and array.size:
            order = sorted(order, key=lambda axis: -abs(array.strides[axis]))
            flips = sum(1 << axis for axis in order if array.strides[axis] < 0)
            plain = array[_flipped(flips, array.ndim)].transpose(order)
            if not plain.flags.c_contiguous and 2 * array.nbytes <= self.limits.size:
                flags |= GAPS
            plain = np.ascontiguousarray(plain)
        if array.dtype.byteorder not in "=|":
            flags |= SWAPPED
        self.write(b"a", array.dtype.char.encode(), bytes([flags, array.ndim, *order]), _U64.pack(flips),
                   *map(_U64.pack, array.shape), _U64.pack(array.nbytes))  # fmt: skip
        if array.size:
            self.write(memoryview(plain.reshape(-1).view(np.uint8)))

    def _handle(self, handle, depth):
        if type(handle.number) is not int or not 0 <= handle.number < 2**63:
            raise CodecError("A handle has no number.")
        self.write(b"R", _U64.pack(handle.number), b"\1" if handle.callable else b"\0")
        for part in (handle.name[:NAME], handle.module[:NAME], handle.items):
            self.add(part, depth + 1)


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
        count = self.number(_U32)
        if count <= self.limits.bits // 8 + 1:
            value = int.from_bytes(self.read(count), "little", signed=True)
            if value.bit_length() <= self.limits.bits:
                return value
        raise CodecError(f"An integer has more than {self.limits.bits} bits.")

    def _str(self, depth):
        count = self.number(_U32)
        if count <= 4 * self.limits.text:  # a character takes four bytes at most
            text = str(self.read(count), "utf-8", "surrogatepass")
            self.text += len(text)
            if len(text) <= self.limits.text and self.text <= self.limits.all_text:
                return text
        raise CodecError(f"A text has more than {self.limits.text} characters, or all together too many.")

    def _count(self):
        count = self.number(_U32)
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
            if not _is_key(key):
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
        order, flips = list(self.read(min(ndim, 64))), self.number(_U64)
        if ndim > 64 or flags > 7 or sorted(order) != list(range(ndim)) or flips >> ndim:
            raise CodecError("An array has a layout that cannot be.")
        shape = [self.number(_U64) for _ in range(ndim)]
        size, after = self.number(_U64), self.at
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
            array = array.transpose(np.argsort(order))[_flipped(flips, ndim)]
        if flags & READ_ONLY:
            array.flags.writeable = False
        if self.arrays is not None:
            self.arrays.append(array)
        return array

    def _handle(self, depth):
        if self.found is None:
            raise CodecError("There is a handle where only plain values may be.")
        number, can_call = self.number(_U64), self.read(1)[0]
        name, module, items = self.take(depth + 1), self.take(depth + 1), self.take(depth + 1)
        texts = type(name) is str and type(module) is str and max(len(name), len(module)) <= NAME
        if can_call > 1 or not texts or not (items is None or type(items) is tuple):
            raise CodecError("A handle is not what a handle can be.")
        return self.found(Handle(number, name, module, bool(can_call), items))

    _METHODS = {
        ord("q"): lambda self, depth: self.number(_I64),
        ord("f"): lambda self, depth: self.number(_F64),
        ord("c"): lambda self, depth: complex(*_C128.unpack(self.read(16))),
        ord("b"): lambda self, depth: bytes(self.read(self.number(_U32))),
        ord("i"): _long, ord("s"): _str, ord("l"): _list, ord("t"): _tuple, ord("d"): _dict, ord("S"): _slice,
        ord("n"): _scalar, ord("a"): _array, ord("R"): _handle,
    }  # fmt: skip


_SIMPLE = {ord("N"): None, ord("T"): True, ord("F"): False, ord("E"): ...}


def _is_key(value):
    """A key is plain and short to hash: an int beyond 64 bits or a complex number can be made to collide."""
    kind = type(value)
    if kind is int:
        return value.bit_length() <= 64
    if value is None or kind is bool or kind is float or kind is str or kind is bytes:
        return True
    return _char_of(kind) not in ("", *"gFDG")


def _char_of(kind):
    """The letter of a NumPy scalar's type, or ""; by identity, since a metaclass can make `==` say anything."""
    return next((char for known, char in _KINDS if known is kind), "")


def name_of(kind):
    """The name of a class as `type` sees it: a metaclass could run code when asked for it."""
    return type.__dict__["__name__"].__get__(kind)[:NAME]


def _values(data, dtype):
    """A new array of the values in `data`; a boolean is 0 or 1, whatever its byte says."""
    if dtype.kind == "b":
        return np.frombuffer(data, np.uint8) != 0 if len(data) else np.empty(0, bool)
    return np.frombuffer(data, dtype).copy() if len(data) else np.empty(0, dtype)


def _flipped(flips, ndim):
    """An index that turns round the axes whose bit is set in `flips`."""
    return tuple(slice(None, None, -1 if flips >> axis & 1 else None) for axis in range(ndim))
