"""Is what came back what was wanted? Type first, then shape, then values by relative error.

Only exact types are looked at (`type(x) is np.ndarray`): an object that says it equals everything does not pass.
"""

import numpy as np

# Wide enough for float32 inside; the cases are chosen so that every known mistake misses them by 10 times or more.
VALUE_TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 1e-3


def relative_error(got, expected):
    """Return |got - expected| / (|expected| + scale), entry by entry, with scale = min(1, mean |expected|).

    The scale keeps entries near 0 from asking for more digits than float32 has. Where either side is not finite the
    error is 0 if both are the same (nan and nan as well) and infinite if not.
    """
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    finite = np.isfinite(expected)
    scale = min(1.0, np.abs(expected[finite]).mean()) if finite.any() else 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(got - expected) / (np.abs(expected) + max(scale, 1e-8))
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.where(np.isfinite(got) & finite, error, np.where(same, 0.0, np.inf))


def describe(value):
    """Say what a value is in a few words: "float64 array of shape (2, 3)", "the text 'abc'", "None"."""
    if value is None:
        return "None"
    if type(value) is np.ndarray:
        return f"{value.dtype} array of shape {value.shape}"
    if type(value) is str:
        return f"the text {value[:30]!r}"
    if type(value) in (bool, int, float) or isinstance(value, np.generic):
        return f"the number {value!s:.20}"
    if type(value) in (list, tuple):
        return f"a {type(value).__name__} of {len(value)} items"
    return f"an object of type {type(value).__name__}"


def as_numbers(value, expected):
    """Return (array, "") if `value` has the type and shape of `expected`, else (None, sentence)."""
    if np.ndim(expected) == 0:
        if type(value) is np.ndarray and value.ndim == 0:
            value = value[()]
        plain = type(value) in (bool, int, float)
        if not plain and not (isinstance(value, np.number | np.bool_) and type(value).__module__ == "numpy"):
            return None, f"It returned {describe(value)}; a single number was expected."
    elif type(value) is not np.ndarray:
        return None, f"It returned {describe(value)}; a NumPy array of shape {np.shape(expected)} was expected."
    elif value.shape != np.shape(expected):
        return None, f"It returned an array of shape {value.shape}; the shape {np.shape(expected)} was expected."
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return None, f"It returned values of type {array.dtype}; real numbers were expected."
    return array.astype(np.float64), ""


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
