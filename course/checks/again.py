"""What can go wrong between two calls: one array handed out twice, a state, an answer that is remembered.

A case with `then` is called twice with its own inputs and once with others of the same shapes. Nobody looks at what
came back before the third call is done. So

    one array for all results      the first two results hold what the third should be
    a state, or chance             the second result is not the first one
    answers remembered by shape    the third result is the first one
"""

import numpy as np

from course.checks.compare import is_exactly, is_number, mismatch

SENTENCES = {
    "one array": "It was called again with other values, and then the array that it had returned first held those of "
    "the last call.",
    "differs": "The same inputs gave two different results in two calls.",
    "remembered": "It was called again with other values of the same shapes, and returned the result of the first "
    "call once more.",
}


def between_calls(returned, expected, outputs, tolerance):
    """Return the name in SENTENCES of what went wrong between three calls, or "".

    returned: harmless copies of what the calls gave; expected: what the first and the last should give; outputs: the
    number of parts that each of these has, 0 for one value alone.
    """
    if not outputs:
        return _of_one(*returned, *expected, tolerance)
    if not all(is_exactly(value, tuple, list) and len(value) == outputs for value in returned):
        return "" if _alike(*returned[:2], tolerance) else "differs"
    faults = [_of_one(*values, tolerance) for values in zip(*returned, *expected, strict=True)]
    return next((fault for fault in faults if fault), "")


def _of_one(first, second, third, wanted, wanted_last, tolerance):
    """The same for one output."""

    def right(value, expected):
        return not mismatch(value, expected, tolerance)[0]

    # a number cannot change after it was returned: one that is right for the last call is so by chance
    if not is_number(first) and not right(first, wanted) and right(first, wanted_last) and right(third, wanted_last):
        return "one array"
    if not _alike(first, second, tolerance):
        return "differs"
    return "remembered" if right(first, wanted) and not right(third, wanted_last) and right(third, wanted) else ""


def _alike(first, second, tolerance):
    """Do two results say the same, numbers within the tolerance?"""
    if type(first) is not type(second):
        return False
    if is_exactly(first, tuple, list):
        return len(first) == len(second) and all(_alike(a, b, tolerance) for a, b in zip(first, second, strict=True))
    if is_number(first) or (type(first) is np.ndarray and first.dtype.kind in "biuf"):
        return not mismatch(second, first, tolerance)[0]
    return np.array_equal(first, second) if type(first) is np.ndarray else first == second
