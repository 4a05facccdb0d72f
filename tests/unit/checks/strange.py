"""What a student's function can return besides an answer. Each is made by a function: pytest must not look at it."""

import warnings

import numpy as np


class Yes(np.ndarray):
    """An array that says that it equals everything."""

    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return np.zeros(np.shape(inputs[0]))

    __hash__ = None


class AlwaysEqual(type):
    """A metaclass whose classes say that they are every other type."""

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(float)

    @property
    def __name__(cls):
        raise RuntimeError("nobody may ask")


class Liar(metaclass=AlwaysEqual):
    """Raises whatever is asked of it."""

    def _raise(self, *arguments):
        raise RuntimeError("nobody may ask")

    __repr__ = __str__ = __len__ = __eq__ = __array__ = __float__ = __iter__ = __getattr__ = __bool__ = _raise
    __format__ = __int__ = __index__ = __call__ = __getitem__ = __reduce__ = _raise
    __hash__ = None


class Number(np.float64):
    """A number that compares and prints as it likes."""

    def __eq__(self, other):
        return True

    def __str__(self):
        raise RuntimeError("nobody may ask")

    __repr__ = __float__ = __str__
    __hash__ = None


class Pair(tuple):
    """A tuple that lies about its length and what is in it."""

    def __len__(self):
        return 2

    def __iter__(self):
        raise RuntimeError("nobody may ask")

    __getitem__ = __iter__


class Text(str):
    """A text that equals everything."""

    def __eq__(self, other):
        return True

    def __str__(self):
        raise RuntimeError("nobody may ask")

    __repr__ = __str__
    __hash__ = None


def _matrix():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.matrix([[1.0, 2.0]])


def _itself():
    values = []
    values.append(values)
    return values


def _deep():
    value = 1.0
    for _ in range(5000):
        value = (value, value)
    return value


def _of_objects(shape):
    array = np.empty(shape, object)
    array[...] = Liar()
    return array


STRANGE = {
    "None": lambda: None,
    "a text": lambda: "abc",
    "a long text": lambda: "x" * 10**6,
    "half a character": lambda: "\ud800",
    "bytes": lambda: b"1",
    "an empty list": list,
    "a list": lambda: [1.0, 2.0],
    "a list of itself": _itself,
    "a long list": lambda: [1.0] * 10**6,
    "a tuple of one": lambda: (1.0,),
    "a tuple of four": lambda: (1.0, 2.0, 3.0, 4.0),
    "a deep tuple": _deep,
    "a tuple of liars": lambda: (Liar(), Liar()),
    "three liars": lambda: (Liar(), Liar(), Liar()),
    "a lying tuple": lambda: Pair((1.0, 2.0, 3.0)),
    "a dictionary": lambda: {"z": 1.0},
    "a set": lambda: {1.0},
    "a generator": lambda: (v for v in [1.0]),
    "a function": lambda: len,
    "a class": lambda: Liar,
    "a module": lambda: np,
    "an exception": lambda: ValueError("no"),
    "Ellipsis": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "nan": lambda: float("nan"),
    "inf": lambda: np.float32("inf"),
    "a complex number": lambda: 1 + 1j,
    "a NumPy complex number": lambda: np.complex64(1),
    "a huge integer": lambda: 10**5000,
    "a date": lambda: np.datetime64("2020-01-01"),
    "a NumPy text": lambda: np.str_("abc"),
    "a void": lambda: np.void(b"abc"),
    "a lying number": lambda: Number(1.0),
    "a lying text": lambda: Text("abc"),
    "a liar": Liar,
    "a lying array": lambda: np.array([1.0, 2.0]).view(Yes),
    "a masked array": lambda: np.ma.masked_array([1.0, 2.0], [False, True]),
    "a masked number": lambda: np.ma.masked,
    "a matrix": _matrix,
    "a record array": lambda: np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "an array without axes": lambda: np.array(1.0),
    "an array of objects": lambda: _of_objects((2, 2)),
    "an object without axes": lambda: _of_objects(()),
    "an array of texts": lambda: np.array(["a", "b"]),
    "an array of bytes": lambda: np.array([b"\xff"]),
    "an array of dates": lambda: np.array(["2020-01-01"], "datetime64[D]"),
    "an array of records": lambda: np.zeros(3, [("a", int), ("b", float)]),
    "an array of complex numbers": lambda: np.array([1j, np.nan]),
    "an empty array": lambda: np.zeros((0, 3)),
    "an array of nan": lambda: np.full((2, 3), np.nan),
    "long doubles": lambda: np.full((2, 3), np.finfo(np.longdouble).max),
    "thirty-two axes": lambda: np.zeros((1,) * 32),
    "a huge array": lambda: np.zeros(10**7),
    "an array as large as the memory of a cluster": lambda: np.broadcast_to(np.float64(1.0), (10**6, 10**6)),
}
