"""Plain values to bytes: see codec.py."""

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
    char_of,
    flipped,
    is_key,
    name_of,
)

LARGE = 2**16  # buffers from this size on are not copied on their way to the socket


def encode(value, limits=LIMITS, refer=None, arrays=None):
    """Return `value` as a list of buffers; CodecError if it is not plain or beyond the limits.

    refer: function of an object that is not plain, returning a Handle; arrays: a list that gets every array met.
    """
    encoder = _Encoder(limits, refer, arrays)
    encoder.add(value, 0)
    return encoder.finish()


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
            self.write(b"f", F64.pack(value))
        elif kind is complex:
            self.write(b"c", C128.pack(value.real, value.imag))
        elif kind is str:
            self._str(value)
        elif kind is bytes:
            self.write(b"b", U32.pack(min(len(value), 2**32 - 1)), value)
        elif kind is list or kind is tuple or kind is dict or kind is slice:
            self._container(value, kind, depth)
        elif kind is np.ndarray and value.dtype.char in DTYPES:
            self._array(value)
        elif char := char_of(kind):
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
            self.write(b"q", I64.pack(value))
        else:
            data = value.to_bytes(bits // 8 + 1, "little", signed=True)
            self.write(b"i", U32.pack(len(data)), data)

    def _str(self, value):
        self.text += len(value)
        if len(value) > self.limits.text or self.text > self.limits.all_text:
            raise CodecError(f"A text has more than {self.limits.text} characters, or all together too many.")
        data = value.encode("utf-8", "surrogatepass")
        self.write(b"s", U32.pack(len(data)), data)

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
            self.write({list: b"l", tuple: b"t", dict: b"d"}[kind], U32.pack(len(value)))
        for number, part in enumerate(values):
            if kind is dict and number % 2 == 0 and not is_key(part):
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
            plain = array[flipped(flips, array.ndim)].transpose(order)
            if not plain.flags.c_contiguous and 2 * array.nbytes <= self.limits.size:
                flags |= GAPS
            plain = np.ascontiguousarray(plain)
        if array.dtype.byteorder not in "=|":
            flags |= SWAPPED
        self.write(b"a", array.dtype.char.encode(), bytes([flags, array.ndim, *order]), U64.pack(flips),
                   *map(U64.pack, array.shape), U64.pack(array.nbytes))  # fmt: skip
        if array.size:
            self.write(memoryview(plain.reshape(-1).view(np.uint8)))

    def _handle(self, handle, depth):
        if type(handle.number) is not int or not 0 <= handle.number < 2**63:
            raise CodecError("A handle has no number.")
        self.write(b"R", U64.pack(handle.number), b"\1" if handle.callable else b"\0")
        for part in (handle.name[:NAME], handle.module[:NAME], handle.items):
            self.add(part, depth + 1)
