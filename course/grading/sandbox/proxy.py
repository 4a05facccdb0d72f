"""Stand-ins in the grader for the student's functions, classes and values. Every operation is a call to the sandbox.

What comes back is exact plain data or another proxy; nothing of the student's runs here. Two proxies for the same
object are the same proxy, so that `a is b` and sets of graph nodes work.
"""

import builtins
import collections
import types
import weakref

import numpy as np

from course.checks.call import Elsewhere
from course.grading.sandbox.inside.codec import CodecError, Handle
from course.grading.sandbox.inside.handles import ARRAYS, TOO_LARGE

KINDS = 300  # types of proxies that one session may make
KNOWN_TYPES = {
    *(name for module in (builtins, types, collections, np, np.ma.core, np.random) for name, v in vars(module).items()
      if isinstance(v, type)),
    *(v.__name__ for v in vars(types).values() if isinstance(v, type)),
    "array", *ARRAYS.values(),
}  # fmt: skip


class Namespace(dict):
    """The globals of a test cell: what the grader puts in, then Python's builtins, then the student's names.

    A student's name never takes the place of a builtin or of a name of the grader's. A name that the student has not
    defined raises KeyError here and NameError in a cell.
    """

    def __init__(self, session):
        super().__init__()
        self._session = session

    def __missing__(self, name):
        if type(name) is not str or name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        value = self._session.get(name)
        if isinstance(value, Proxy):
            _set_label(value, name)
        return value


class Proxies:
    """Makes the proxies of one session, and remembers which of them have gone."""

    def __init__(self, session):
        self._session = session
        self._alive = weakref.WeakValueDictionary()  # number: proxy
        self._classes = {}
        self._released = []

    def found(self, handle):
        """The proxy for a handle that came out of the sandbox."""
        proxy = self._alive.get(handle.number)
        if proxy is None:
            proxy = self._class_of(handle)(self._session, handle.number, self._released, handle.items)
            if not isinstance(proxy, TupleProxy):  # Python has no weak references to tuples
                self._alive[handle.number] = proxy
        object.__setattr__(proxy, "_remote_received", object.__getattribute__(proxy, "_remote_received") + 1)
        return proxy

    def refer(self, value):
        """The handle to send for a proxy of this session."""
        if isinstance_of_proxy(value) and object.__getattribute__(value, "_remote_session") is self._session:
            return Handle(number_of(value))
        raise CodecError(f"A {type(value).__name__[:100]} cannot be sent into the sandbox.")

    def take_released(self):
        """(number, count) of the proxies that have gone since this was asked last."""
        released = self._released[:1000]
        del self._released[: len(released)]
        return released

    def _class_of(self, handle):
        key = (handle.name, handle.callable, handle.items is not None)
        if key not in self._classes:
            if len(self._classes) >= KINDS:
                return (CallableProxy if handle.callable else Proxy) if handle.items is None else TupleProxy
            base = TupleProxy if handle.items is not None else CallableProxy if handle.callable else Proxy
            self._classes[key] = type(self._name_of(handle.name), (base,), {"__slots__": ()})
        return self._classes[key]

    def _name_of(self, claimed):
        """What the proxy's class is called: a known type, or a word of the student's cells.

        Checks show it, in hidden cases as well, where a name that is made up on the way could quote the input.
        """
        name = claimed.removesuffix(TOO_LARGE)
        if name in KNOWN_TYPES:
            return claimed
        return claimed if name in self._session.words else "object"


def isinstance_of_proxy(value):
    """Is it a proxy? By its type: `isinstance` would ask the proxy for its class."""
    return Proxy in type(value).__mro__ or TupleProxy in type(value).__mro__


def number_of(proxy):
    """The number of the object that a proxy stands for."""
    return object.__getattribute__(proxy, "_remote_number")


def _session(proxy):
    return object.__getattribute__(proxy, "_remote_session")


def _label(proxy):
    return object.__getattribute__(proxy, "_remote_label") or type(proxy).__name__


def _set_label(proxy, label):
    object.__setattr__(proxy, "_remote_label", label)


def _start(proxy, session, number, released):
    for name, value in (("session", session), ("number", number), ("released", released), ("received", 0),
                        ("label", "")):  # fmt: skip
        object.__setattr__(proxy, f"_remote_{name}", value)


def _forward(operation):
    return lambda self, *operands: _session(self).apply(operation, self, *operands)


def _binary(operation):
    def method(self, other):
        try:
            return _session(self).apply(operation, self, other)
        except CodecError:  # the other operand is something that has no business in the sandbox
            return NotImplemented

    return method


def _reflected(operation):
    def method(self, other):
        try:
            return _session(self).apply(operation, other, self)
        except CodecError:
            return NotImplemented

    return method


def _exactly(operation, kind):
    """A method that must give a certain type: Python would refuse others in its own words."""

    def method(self, *operands):
        value = _session(self).apply(operation, self, *operands)
        if type(value) is not kind:
            raise _session(self).broken(f"{operation} gave no {kind.__name__}")
        return value

    return method


class _Remote:
    """What all proxies do."""

    __slots__ = ()
    __array_ufunc__ = None  # array + proxy asks the proxy

    def __del__(self):
        try:
            object.__getattribute__(self, "_remote_released").append(
                (number_of(self), object.__getattribute__(self, "_remote_received"))
            )
        except AttributeError:  # it was never finished
            pass

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__") and name != "__name__":
            raise AttributeError(name)  # protocols of Python and NumPy: nothing may act upon what a student says there
        value = _session(self).apply("getattr", self, name)
        if isinstance_of_proxy(value):
            _set_label(value, f"{_label(self)}.{name}")
        return value

    def __setattr__(self, name, value):
        _session(self).apply("setattr", self, name, value)

    def __delattr__(self, name):
        _session(self).apply("delattr", self, name)

    def __dir__(self):
        return [name for name in _session(self).apply("dir", self) if type(name) is str]

    def __array__(self, *_, **__):
        raise TypeError(f"an object of type {type(self).__name__} is no array")

    def __reduce_ex__(self, protocol):
        raise TypeError("a proxy stays where it is")

    def __hash__(self):
        return object.__hash__(self)


def _operators():
    methods = {}
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "rshift"):
        methods[f"__{name}__"], methods[f"__r{name}__"] = _binary(name), _reflected(name)
    for name in ("and", "or", "xor"):
        methods[f"__{name}__"], methods[f"__r{name}__"] = _binary(name + "_"), _reflected(name + "_")
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        methods[f"__{name}__"] = _binary(name)
    for name in ("neg", "pos", "abs", "invert", "getitem", "setitem", "delitem", "iter", "next"):
        methods[f"__{name}__"] = _forward(name)
    for name, kind in (("len", int), ("bool", bool), ("contains", bool), ("float", float), ("int", int),
                       ("index", int), ("complex", complex), ("repr", str), ("str", str)):  # fmt: skip
        methods[f"__{name}__"] = _exactly(name, kind)
    return methods


class Proxy(_Remote):
    """Stands for an object of the student's."""

    __slots__ = ("_remote_session", "_remote_number", "_remote_released", "_remote_received", "_remote_label",
                 "__weakref__")  # fmt: skip

    def __init__(self, session, number, released, items=None):
        _start(self, session, number, released)

    locals().update(_operators())
    __hash__ = _Remote.__hash__

    def __instancecheck__(self, value):
        """`isinstance(node, Node)` with a class of the student's."""
        return isinstance_of_proxy(value) and _session(self).apply("isinstance", value, self) is True


class CallableProxy(Proxy, Elsewhere):
    """Stands for something that can be called: a function, a class, an object with `__call__`."""

    __slots__ = ()

    def __call__(self, *arguments, **options):
        return _session(self).call(self, arguments, options, _label(self))

    def _remote_calls(self, groups):
        """Call it with each group of arguments; the results are sent when the last call is done."""
        return _session(self).call_each(self, groups, _label(self))


class TupleProxy(_Remote, tuple):
    """Stands for an object whose class is a subclass of tuple, such as a named tuple: a real tuple of its entries."""

    def __new__(cls, session, number, released, items):
        return tuple.__new__(cls, items)

    def __init__(self, session, number, released, items):
        _start(self, session, number, released)

    __hash__ = _Remote.__hash__
