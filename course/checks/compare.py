"""Is what came back what was wanted? Type first, then shape, then values by relative error.

Only exact types are looked at (`type(x) is np.ndarray`): an object that says it equals everything does not pass,
and none of its methods is ever called.
"""

import numpy as np

# Wide enough for float32 inside; the cases are chosen so that every known mistake misses them by 10 times or more.
VALUE_TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 1e-3
SMALLEST_SCALE, LARGEST_SCALE = 1e-8, 1.0  # the problem sets say all four numbers, and a test compares them

_NUMBERS = (bool, int, float, *(t for t in set(np.sctypeDict.values()) if issubclass(t, np.number | np.bool_)))


def is_exactly(value, *types):
    """Is the type of `value` one of these? By identity: a metaclass can make `==` between types say anything."""
    return any(type(value) is t for t in types)


def type_name(kind):
    """The name of a class as `type` sees it: a metaclass could run code when asked for it."""
    return type.__dict__["__name__"].__get__(kind)[:40]


def is_number(value):
    """Is this a plain Python or NumPy number? An integer beyond 64 bits is none."""
    return is_exactly(value, *_NUMBERS) and not (type(value) is int and value.bit_length() > 64)


@np.errstate(over="ignore", invalid="ignore")
def relative_error(got, expected):
    """Return |got - expected| / (|expected| + scale), entry by entry, with scale = mean |expected| from 1e-8 to 1.

    The scale keeps entries near 0 from asking for more digits than float32 has. Where either side is not finite the
    error is 0 if both are the same (nan and nan as well) and infinite if not.
    """
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    finite = np.isfinite(expected)
    mean = np.abs(expected[finite]).mean() if finite.any() else LARGEST_SCALE
    scale = np.clip(mean, SMALLEST_SCALE, LARGEST_SCALE)
    error = np.abs(got - expected) / (np.abs(expected) + scale)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.where(np.isfinite(got) & finite, error, np.where(same, 0.0, np.inf))


def describe(value):
    """Say what a value is in a few words: "float64 array of shape (2, 3)", "the text 'abc'", "None"."""
    if value is None:
        return "None"
    if type(value) is np.ndarray:
        return f"{str(value.dtype)[:40]} array of shape {value.shape}"
    if type(value) is str:
        return f"the text {value[:30]!r}"
    if is_number(value):
        return f"the number {value!s:.20}"
    if type(value) is int:
        return "an integer too large for NumPy"
    if is_exactly(value, list, tuple):
        return f"a {type(value).__name__} of {len(value)} items"
    return f"an object of type {type_name(type(value))}"


@np.errstate(over="ignore", invalid="ignore")  # a long double can be too large for float64
def as_numbers(value, expected):
    """Return (array, "") if `value` has the type and shape of `expected`, else (None, sentence)."""
    if np.ndim(expected) == 0:
        if type(value) is np.ndarray and value.ndim == 0 and value.dtype.kind in "biufc":
            value = value[()]
        if not is_number(value):
            return None, f"It returned {describe(value)}; a single number was expected."
    elif type(value) is not np.ndarray:
        wanted = f"a NumPy array of shape {np.shape(expected)} was expected."
        return None, f"It returned {describe(value)}; {wanted}"
    elif value.shape != np.shape(expected):
        return None, f"It returned an array of shape {value.shape}; the shape {np.shape(expected)} was expected."
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return None, f"It returned values of type {str(array.dtype)[:40]}; real numbers were expected."
    return array.astype(np.float64), ""


def agree(value, expected, tolerance):
    """Would `mismatch` say nothing? Quicker, for many comparisons."""
    expected = np.asarray(expected)
    if np.shape(value) != expected.shape or as_numbers(value, expected[()])[0] is None:
        return False
    return bool((relative_error(value, expected) <= tolerance).all())


@np.errstate(over="ignore", invalid="ignore")  # a warning here would reach the cell and cost the mark
def mismatch(value, expected, tolerance, name=""):
    """Compare one output with what was expected.

    Returns (sentence, error, index): "" if they agree; the largest relative error in units of the tolerance; where
    it is, or None if type or shape are wrong.
    """
    array, sentence = as_numbers(value, expected)
    what = f"{name}: " if name else ""
    if sentence:
        return what + sentence, np.inf, None
    if array.size == 0:
        return "", 0.0, None
    errors = relative_error(array, expected) / tolerance
    worst = np.unravel_index(np.argmax(errors), errors.shape)
    if errors[worst] <= 1:
        return "", float(errors[worst]), None
    at = f" at index {tuple(int(i) for i in worst)}" if worst else ""
    shown, wanted = _number(array[worst]), _number(np.asarray(expected, np.float64)[worst])
    count = f" {int((errors > 1).sum())} of {errors.size} entries differ." if errors.size > 1 else ""
    return f"{what}It returned {shown}{at}; {wanted} was expected.{count}", float(errors[worst]), worst


def _number(value):
    return f"{value:.6g}"
