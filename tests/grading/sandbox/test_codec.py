"""Do plain values arrive exactly as they were, and does nothing else get through the codec, whatever the bytes say?"""

import collections
import math
import pickle
import random
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.grading.sandbox.inside.codec import DTYPES, CodecError, Handle, Limits, decode, encode
from tests.unit.checks.strange import STRANGE

SETTINGS = settings(max_examples=200, deadline=None, database=None, derandomize=True)
SMALL = Limits(size=10_000, depth=5, items=100, text=50, all_text=200, bits=128)


def _pack(value, **options):
    return b"".join(bytes(part) for part in encode(value, **options))


def _same(a, b):
    """Equal in type, value, sign of zero and payload of nan, and for arrays in everything that a check can see."""
    if type(a) is not type(b):
        return False
    if type(a) is dict:
        return len(a) == len(b) and all(
            _same(k, m) and _same(v, w) for (k, v), (m, w) in zip(a.items(), b.items(), strict=True)
        )
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if type(a) is slice:
        return _same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    if type(a) is np.ndarray:
        flags = all(a.flags[f] == b.flags[f] for f in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE"))
        return flags and (a.dtype, a.dtype.char, a.shape, a.tobytes()) == (b.dtype, b.dtype.char, b.shape, b.tobytes())
    if isinstance(a, np.generic):  # six bytes of a long double are not in use
        return repr(a) == repr(b) if a.dtype.char in "gG" else a.tobytes() == b.tobytes()
    if type(a) is float:
        return struct.pack("<d", a) == struct.pack("<d", b)
    return a == b or a != a


PLAIN_DTYPES = st.sampled_from(DTYPES).flatmap(
    lambda char: st.sampled_from([np.dtype(char), np.dtype(char).newbyteorder()])
)


@st.composite
def arrays(draw):
    """Arrays of every plain type and layout. The bytes are random, so that there is every kind of nan."""
    dtype, shape = draw(PLAIN_DTYPES), draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    content = draw(st.binary(min_size=16, max_size=16)) * math.prod(shape)
    if dtype.kind == "b":
        array = (np.frombuffer(content, np.uint8)[: math.prod(shape)] % 2).astype(bool)
    elif dtype.char in "gG":  # not every pattern of bytes is a long double
        array = np.frombuffer(content, np.int16)[: math.prod(shape)].astype(dtype)
    else:
        array = np.frombuffer(content, dtype)[: math.prod(shape)]
    array = array.reshape(shape).copy()
    layout = draw(st.sampled_from(["C", "F", "turned", "every other", "backwards", "reordered"]))
    if layout == "F":
        array = np.asfortranarray(array)
    elif layout == "turned":
        array = array.T
    elif layout == "every other" and array.ndim:
        array = array[..., ::2]
    elif layout == "backwards" and array.ndim:
        array = array[::-1]
    elif layout == "reordered":
        array = array.transpose(draw(st.permutations(range(array.ndim))))
    array.flags.writeable = draw(st.booleans())
    return array


SCALARS = (
    st.none() | st.booleans() | st.just(...) | st.integers() | st.integers(-(2**2000), 2**2000) | st.floats()
    | st.complex_numbers() | st.text() | st.text(st.characters()) | st.binary()
    | PLAIN_DTYPES.flatmap(lambda d: hnp.arrays(d.newbyteorder("="), 1)).map(lambda a: a[0])
)  # fmt: skip
KEYS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS | arrays() | st.builds(slice, st.integers(), st.none(), st.integers()),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
@SETTINGS
def test_round_trip(value):
    """Does every plain value arrive with its exact type and bits, arrays in their layout?"""
    assert _same(decode(_pack(value)), value)


@given(arrays())
@SETTINGS
def test_arrays_are_new(array):
    """Is an array on arrival a plain, aligned one of its own, with strides in the same order?"""
    got = decode(_pack(array))
    assert got.flags.aligned and not np.shares_memory(got, array)
    if array.size > 1 and array.dtype.itemsize:
        kept = [axis for axis in range(array.ndim) if array.shape[axis] > 1]
        order = sorted(kept, key=lambda axis: -abs(array.strides[axis]))
        assert order == sorted(kept, key=lambda axis: -abs(got.strides[axis]))
        assert all((array.strides[axis] < 0) == (got.strides[axis] < 0) for axis in kept)


def test_nan_lies_beside_a_view():
    """Does a view arrive as a view with nan between its entries, as the checks lay it out?"""
    wide = np.full((3, 8), np.nan)
    wide[:, ::2] = 1.0
    got = decode(_pack(wide[:, ::2]))
    assert not got.flags.c_contiguous and (got == 1).all()
    assert np.isnan(np.lib.stride_tricks.as_strided(got, (3, 8), (got.strides[0], 8))[:, 1::2]).all()


def test_broadcast_arrays():
    """Does an array whose rows are one row arrive with all its rows, unless they are too many?"""
    got = decode(_pack(np.broadcast_to(np.arange(3.0), (2, 3))))
    assert got.tolist() == [[0, 1, 2]] * 2 and not got.flags.writeable
    with pytest.raises(CodecError, match="bytes"):
        encode(np.broadcast_to(np.float64(1.0), (10**6, 10**6)))


def _inside_itself(kind):
    value = kind()
    value.append(value) if kind is list else value.update(a=value)
    return value


def _nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value, words", [
    (b"x" * 10_001, "bytes"),
    (np.zeros(1251), "bytes"),
    ([np.zeros(700), np.zeros(700)], "bytes"),
    (_nested(6), "deeper"),
    (_inside_itself(list), "itself"),
    (_inside_itself(dict), "itself"),
    ([0] * 100, "more than 100 values"),
    ({i: i for i in range(50)}, "more than 100 values"),
    ("x" * 51, "text"),
    (["x" * 50] * 5, "text"),
    (2**128, "bits"),
    (-(2**128), "bits"),
    ({(1, 2): 3}, "key of type tuple"),
    ({1j: 3}, "key of type complex"),
    ({2**70: 3}, "key of type int"),
], ids=lambda value: str(type(value).__name__))  # fmt: skip
def test_bounds_hold_on_both_sides(value, words):
    """Is a value beyond a limit refused with a sentence, by who sends it and by who gets it?"""
    with pytest.raises(CodecError, match=words) as caught:
        encode(value, SMALL)
    assert isinstance(caught.value, ValueError) and str(caught.value).endswith(".")
    try:
        data = _pack(value)  # with the usual limits
    except CodecError:
        return  # refused whatever the limits
    with pytest.raises(CodecError):
        decode(data, SMALL)


def test_the_edges_are_allowed():
    """Does a value that just keeps the limits get through?"""
    for value in (np.zeros(1240), _nested(5), [0] * 99, "x" * 50, 2**128 - 1, {2**64 - 1: 0}):
        assert _same(decode(_pack(value, limits=SMALL), SMALL), value)


class _Float(float):
    pass


class _Int(int):
    pass


def _matrix():
    return STRANGE["a matrix"]()


NOT_PLAIN = [
    _Float(1), _Int(1), np.ma.masked, np.ma.array([1.0]), _matrix(), np.array([None]), np.array(["a"]),
    np.zeros(2, [("a", int)]), np.array(["2020-01-01"], "datetime64[D]"), np.datetime64("2020-01-01"), np.str_("a"),
    np.void(b"a"), collections.OrderedDict(a=1), collections.namedtuple("P", "x")(1), {1.0}, range(3), len, int,
    NotImplemented, object(), iter([]), bytearray(b"a"), STRANGE["a lying array"](), STRANGE["a lying number"](),
    STRANGE["a lying text"](), STRANGE["a liar"](), STRANGE["a lying tuple"](),
]  # fmt: skip


@pytest.mark.parametrize("value", NOT_PLAIN, ids=lambda value: type.__dict__["__name__"].__get__(type(value)))
def test_what_is_not_plain_is_refused_or_referred_to(value):
    """Does no subclass pass as its base, also deep inside, and does `refer` see the object itself?"""
    seen = []

    def refer(what):
        seen.append(what)
        return Handle(7, "a name", "a module", True)

    for wrapped in (value, [value], {"a": (value,)}):
        with pytest.raises(CodecError):
            encode(wrapped)
    data = _pack([value], refer=refer)
    assert len(seen) == 1 and seen[0] is value
    with pytest.raises(CodecError, match="handle"):
        decode(data)
    assert decode(data, found=lambda handle: handle) == [Handle(7, "a name", "a module", True)]


def test_handles_carry_the_entries_of_a_tuple():
    """Do the entries of a tuple of the student's arrive as plain values?"""
    handle = Handle(1, "Pair", "m", False, (1.0, [2]))
    assert decode(_pack(handle), found=lambda handle: handle) == handle


def _header(char, flags, order, flips, shape, size):
    return (b"a" + char + bytes([flags, len(order), *order]) + struct.pack("<Q", flips)
            + b"".join(struct.pack("<Q", n) for n in shape) + struct.pack("<Q", size))  # fmt: skip


HOSTILE = {
    "nothing": b"",
    "a shape of 10**9 with 8 bytes": _header(b"d", 0, [0], 0, [10**9], 8) + b"x" * 8,
    "a shape of 10**9 with its size and 8 bytes": _header(b"d", 0, [0], 0, [10**9], 8 * 10**9) + b"x" * 8,
    "sizes that wrap round": _header(b"d", 0, [0, 1], 0, [2**63, 2], 0),
    "an empty array with a side of 2**50": _header(b"d", 0, [0, 1], 0, [0, 2**50], 0),
    "an empty array that no machine can index": _header(b"d", 0, [0, 1, 2], 0, [0, 2**39, 2**39], 0),
    "objects": _header(b"O", 0, [0], 0, [1], 8) + b"x" * 8,
    "records": _header(b"V", 0, [0], 0, [1], 8) + b"x" * 8,
    "a type that is no letter": _header(b"\xff", 0, [0], 0, [1], 8) + b"x" * 8,
    "axes twice": _header(b"d", 0, [0, 0], 0, [1, 1], 8) + b"x" * 8,
    "an axis too many": _header(b"d", 0, [1], 0, [1], 8) + b"x" * 8,
    "a flip of no axis": _header(b"d", 0, [0], 2, [1], 8) + b"x" * 8,
    "unknown flags": _header(b"d", 8, [0], 0, [1], 8) + b"x" * 8,
    "65 axes": _header(b"d", 0, list(range(65)), 0, [1] * 65, 8) + b"x" * 8,
    "gaps that double too much": _header(b"d", 2, [0], 0, [5 * 2**20], 40 * 2**20) + b"\0" * (40 * 2**20),
    "a list of 2**32 - 1": b"l\xff\xff\xff\xff",
    "a text of 2**32 - 1": b"s\xff\xff\xff\xff",
    "bytes of 2**32 - 1": b"b\xff\xff\xff\xff",
    "an int of 2**32 - 1 bytes": b"i\xff\xff\xff\xff",
    "lists in lists": b"l\1\0\0\0" * 10_000 + b"N",
    "a list of lists as keys": b"d\1\0\0\0l\0\0\0\0N",
    "an array as a key": b"d\1\0\0\0" + _pack(np.zeros(1)) + b"N",
    "a key twice": b"d\2\0\0\0NNNN",
    "one and True as keys": b"d\2\0\0\0TN" + _pack(1) + b"N",
    "no text": b"s\1\0\0\0\xff",
    "bytes too many": b"NN",
    "a handle": _pack(Handle(1)),
    "an unknown tag": b"\x80",
    "a pickle": pickle.dumps([1.0]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes(name):
    """Are bytes that are no value refused, and before memory is taken for what they announce?"""
    data = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(CodecError):
            decode(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(data) + 2**20


def _survives(data):
    try:
        value = decode(data, SMALL, found=lambda handle: handle)
    except CodecError:
        return False
    repr(value)
    return True


@given(st.binary(max_size=300))
@SETTINGS
def test_random_bytes(data):
    """Does nothing but CodecError come out of random bytes?"""
    _survives(data)
    for tag in b"qfcbilstdSnaR":
        _survives(bytes([tag]) + data)


@given(VALUES, st.integers(0, 2**32), st.integers(1, 4))
@settings(SETTINGS, max_examples=400)
def test_mutated_frames(value, seed, changes):
    """Does nothing but CodecError come out of the bytes of a value with some of them changed, cut or doubled?"""
    rng, data = random.Random(seed), bytearray(_pack([value, Handle(3, "n", "m")], refer=None))
    for _ in range(changes):
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                data[at] ^= 1 << rng.randrange(8)
            case 2 if len(data) > 1:
                del data[at : at + rng.randrange(1, 9)]
            case 3:
                data[at:at] = data[at : at + rng.randrange(1, 9)]
            case 4:
                data[at : at + 4] = rng.choice([b"\0" * 4, b"\xff" * 4, b"\1\0\0\0"])
        if not data:
            break
    _survives(data)


def test_mutations_do_reach_values():
    """Would the test above notice an error? Some mutations are values still."""
    data = _pack([1.0, "abc", np.arange(3)])
    flipped = [data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :] for i in range(len(data))]
    assert 0 < sum(map(_survives, flipped)) < len(flipped)


@given(st.lists(st.booleans(), min_size=1), st.integers(2, 255))
@SETTINGS
def test_booleans_are_0_or_1(values, byte):
    """Is a boolean that holds another byte made an ordinary one?"""
    data = _pack(np.array(values))
    data = data[: -len(values)] + bytes(byte if v else 0 for v in values)
    assert decode(data).tobytes() == bytes(values)
