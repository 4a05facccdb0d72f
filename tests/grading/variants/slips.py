"""The kinds of mistakes that fit nearly every question, made of its solution: each must lose points in every set.

The kinds are the table in CONTRIBUTING. A slip is the solution with one thing wrong: the type of the result, what is
read from memory, what is kept between calls, the values in one range of the formula.
"""

import functools
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

OFF = 50  # tolerances by which a slip misses


@dataclass(frozen=True)
class Slip:
    """A wrong function. mistake: the name of the hint that it must get, or "" if no hint can tell."""

    kind: str
    name: str
    make: Callable  # makes the function anew: some slips remember
    mistake: str = ""

    def __str__(self):
        return f"{self.kind}-{self.name}"


def slips(asked):
    """Yield every Slip that fits a question."""
    f, question = asked.solution, asked.question
    case = question.cases()[0]
    arrays = [i for i, value in enumerate(case.inputs.values()) if isinstance(value, np.ndarray)]
    names = list(case.inputs)
    for i in _can_be_integers(asked):
        yield Slip("types", f"the type of {names[i]}", lambda i=i: _in_type_of(f, i), "not converted")
    if any(np.asarray(value).dtype.kind == "f" for value in case.inputs.values()):
        yield Slip("types", "float16 inside", lambda: _converted(f, np.float16))
    for i in arrays:
        name = names[i]
        if _is_used(f, list(case.inputs.values()), i):
            in_memory, beside = (lambda i=i: _with(f, i, _in_memory)), (lambda i=i: _with(f, i, _beside))
            yield Slip("layout", f"{name} in the order of memory", in_memory, "only transposed")
            yield Slip("layout", f"{name} with its neighbours", beside, "only non-contiguous")
        yield Slip("in place", f"{name} changed", lambda i=i: _changing(f, i, lambda x: x + 1), "in place")
        yield Slip("in place", f"{name} written", lambda i=i: _changing(f, i, lambda x: x), "in place")
    yield Slip("between calls", "one buffer", lambda: _one_buffer(f), "one array")
    yield Slip("between calls", "by shape", lambda: _by_shape(f), "remembered")
    yield Slip("between calls", "a state", lambda: _with_state(f), "differs")
    yield Slip("between calls", "chance", lambda: _by_chance(f), "differs")
    for zone in question.ranges:
        yield Slip("ranges", zone.name, lambda zone=zone: _off_in_range(f, question, zone))
    for number, name in enumerate(question.outputs):
        yield Slip("parts", name, lambda number=number: _off_in_part(f, number))


def right_forms(asked):
    """Yield (name, function) of the solution in forms that are as right."""
    f = asked.solution
    yield "float32 inside", _converted(f, np.float32)
    for dtype in (np.float32, np.longdouble):
        yield f"result in {dtype.__name__}", lambda *x, t=dtype: _each(lambda y: np.asarray(y, t)[()], f(*x))
    yield "result in the order of columns", lambda *x: _each(lambda y: np.asfortranarray(y) if np.ndim(y) else y, f(*x))
    yield "result as a view", lambda *x: _each(_view, f(*x))
    yield "numbers without axes", lambda *x: _each(lambda y: y if np.ndim(y) else np.array(y), f(*x))
    yield "an object", type("Answer", (), {"__call__": lambda self, *x: f(*x)})()
    yield "a partial function", functools.partial(lambda scale, *x: _each(lambda y: y * scale, f(*x)), 1.0)
    yield "kept by value", _by_value(f)
    yield "off by a tenth of the tolerance", lambda *x: _each(lambda y: y * (1 + asked.question.tolerance / 10), f(*x))
    if asked.question.outputs:
        pair = namedtuple("Answers", asked.question.outputs)
        yield "a list", lambda *x: list(f(*x))
        yield "a named tuple", lambda *x: pair(*f(*x))


def _is_used(f, inputs, i):
    """Does the answer depend on this array? Nobody can tell how one was read that it does not depend on."""
    try:
        other = f(*inputs[:i], 2 * inputs[i] + 1, *inputs[i + 1 :])
    except IndexError:
        return True
    pairs = zip(*(result if isinstance(result, tuple) else (result,) for result in (f(*inputs), other)), strict=True)
    return not all(np.array_equal(one, two) for one, two in pairs)


def _each(change, result):
    """A change of every output."""
    return tuple(change(part) for part in result) if isinstance(result, tuple) else change(result)


def _can_be_integers(asked):
    """The numbers of the arrays of floats that also come with integers, where the answer has digits behind the point:
    others may be cut."""
    found, floats = set(), set()
    for case in [*asked.question.cases(), *asked.hidden()]:
        arrays = {i: v.dtype.kind for i, v in enumerate(case.inputs.values()) if isinstance(v, np.ndarray)}
        floats |= {i for i, kind in arrays.items() if kind == "f"}
        if "i" in arrays.values():
            answer = asked.solution(*case.inputs.values())
            if any(np.any(np.asarray(part) % 1) for part in (answer if isinstance(answer, tuple) else [answer])):
                found.update(i for i, kind in arrays.items() if kind == "i")
    return sorted(found & floats)


def _in_type_of(f, i):
    def function(*x):
        kind = np.asarray(x[i]).dtype
        return _each(lambda y: np.asarray(y).astype(kind)[()], f(*x)) if kind.kind == "i" else f(*x)

    return function


def _converted(f, dtype):
    def function(*x):
        converted = [dtype(value) if np.asarray(value).dtype.kind == "f" else value for value in x]
        return _each(lambda y: np.asarray(y, np.float64)[()], f(*converted))

    return function


def _with(f, i, change):
    return lambda *x: f(*x[:i], change(x[i]) if isinstance(x[i], np.ndarray) else x[i], *x[i + 1 :])


def _in_memory(x):
    """The entries in the order in which they lie in memory, forwards."""
    x = x[tuple(slice(None, None, -1 if stride < 0 else 1) for stride in x.strides)]
    return x.ravel(order="K").reshape(x.shape)


def _beside(x):
    """As many numbers as x has, from where it begins in memory."""
    wide = x.base is not None and not x.flags.forc and min(x.strides) > 0
    return x.base.ravel()[: x.size].reshape(x.shape) if wide else x


def _changing(f, i, change):
    def function(*x):
        result = _each(np.copy, f(*x))
        if isinstance(x[i], np.ndarray):
            x[i][...] = change(x[i])
        return result

    return function


def _one_buffer(f):
    buffers = {}

    def function(*x):
        result = f(*x)
        parts = result if isinstance(result, tuple) else (result,)
        for number, part in enumerate(parts):
            buffer = buffers.setdefault((number, np.shape(part)), np.zeros(np.shape(part)))
            buffer[...] = part
        kept = tuple(buffers[number, np.shape(part)] for number, part in enumerate(parts))
        return kept if isinstance(result, tuple) else kept[0]

    return function


def _by_shape(f):
    known = {}

    def function(*x):
        key = tuple(v if isinstance(v, str) else np.shape(v) for v in x)
        if key not in known:
            known[key] = f(*x)
        return _each(np.copy, known[key])

    return function


def _by_value(f):
    known = {}

    def function(*x):
        key = tuple((np.shape(v), np.asarray(v).dtype.str, np.asarray(v).tobytes()) for v in x)
        if key not in known:
            known[key] = f(*x)
        return _each(np.copy, known[key])

    return function


def _with_state(f):
    """Each result leaves a trace in the next one, as with a momentum."""
    last = {}

    def function(*x):
        result = f(*x)
        key = tuple(map(np.shape, x))
        mixed = _each(np.array, result)
        if key in last:
            pairs = zip(last[key], mixed if isinstance(mixed, tuple) else (mixed,), strict=True)
            parts = tuple(new + 0.5 * (old + 1) for old, new in pairs)
            mixed = parts if isinstance(mixed, tuple) else parts[0]
        last[key] = mixed if isinstance(mixed, tuple) else (mixed,)
        return mixed

    return function


def _by_chance(f):
    rng = np.random.default_rng(0)
    return lambda *x: _each(lambda y: y * rng.uniform(0.5, 1.5, np.shape(y))[()], f(*x))


def _off_in_range(f, question, zone):
    """The solution, but wrong for inputs in one range: by OFF tolerances of what results there."""
    names = list(question.cases()[0].inputs)

    def function(*x):
        inputs = dict(zip(names, x, strict=True))
        with np.errstate(all="ignore"):
            where = np.asarray(zone.where(**inputs))
        return _each(lambda y: _off(np.asarray(y, np.float64), where, x, question.tolerance)[()], f(*x))

    return function


def _off(y, where, x, tolerance):
    if where.shape != y.shape:  # a range of examples, or of whole cases
        rows = where.ndim and y.ndim and where.shape[0] == y.shape[0]
        where = np.broadcast_to(where.reshape(len(where), *[1] * (y.ndim - 1)) if rows else where.any(), y.shape)
    if not where.any():
        return y
    same = [np.asarray(v) for v in x if np.shape(v) == y.shape and np.asarray(v).dtype.kind in "biuf"]
    # where the right result is 0, the inputs or the other results say what is much
    sizes = [np.abs(y[where]).mean(), *(np.abs(v[where]).mean() for v in same), np.abs(y).mean()]
    size = next((s for s in sizes if s > 0), 1.0)
    return np.where(where, y + OFF * tolerance * (np.abs(y) + max(size, 1e-8)), y)


def _off_in_part(f, number):
    def function(*x):
        result = list(f(*x))
        result[number] = np.asarray(result[number]) * 1.5 + 1
        return tuple(result)

    return function


def _view(y):
    if not np.ndim(y):
        return y
    wide = np.zeros((*np.shape(y), 2))
    wide[..., 0] = y
    return wide[..., 0]
