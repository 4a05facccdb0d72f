"""Hints: what can be seen without knowing the question, and the known mistakes of a question."""

import warnings
from dataclasses import dataclass, replace
from types import GeneratorType
from typing import Any

import numpy as np

from course.checks.call import text_of
from course.checks.cases import lay_out
from course.checks.compare import is_exactly, is_number, mismatch


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what a student who makes it computes, and the hint that names the idea, not the fix."""

    name: str
    compute: Any  # same arguments as the student's function
    hint: str


HINTS = {
    "in place": "The caller still needs the array that was handed in. Make a new array for the result; operators "
    "such as += and assignments to x[...] write into the old one.",
    "nothing returned": "A function that ends without `return` gives None.",
    "list": "The task asks for a NumPy array. NumPy's functions work on whole arrays and return arrays.",
    "not a number": "Some value became nan or inf on the way. Which step of the formula can overflow, divide by 0 "
    "or take the logarithm of 0 for these inputs?",
    "shape": "The numbers may be right, but the shape is not. Look at axis and keepdims, and at what a sum or "
    "product does to the shape.",
    "transposed": "Rows and columns are exchanged. Write down the shape of every factor, then of the product.",
    "matmul": "The shapes in a product do not fit together. Write the shape of each factor beside it: the inner two "
    "must be equal. Remember that row j of `weight` belongs to neuron j.",
    "signature": "The function is called with the arguments in the order of the task. Compare its `def` line with "
    "the one there: which names, how many, in which order?",
    "not converted": "All values are whole numbers, and they should not be. An array made for integers cuts off "
    "everything behind the point; which type did the result get when the input held integers?",
    "tuple": "Several values are asked for. Return them together, in the order of the task.",
    "too many values": "One value is asked for, and several came back.",
    "truth value": "`if`, `and`, `or` and Python's own max and min need one yes or no, and an array holds one for "
    "every entry. The choice has to be made entry by entry.",
    "one number": "A function that takes one number was given a whole array. NumPy has its own functions for arrays, "
    "under nearly the same names as the math module.",
    "too large": "A number became too large for a float. Which step grows without bound for these inputs?",
    "index": "An index lies beyond the end of an axis. Do all sizes come from the arrays that were handed in, and does "
    "every index count what its axis counts?",
    "generator": "A function with `yield` returns a generator and has not computed anything yet.",
}

# A known mistake says more than these and takes their place.
GENERIC = ("", "shape", "transposed", "not a number", "not converted", "matmul", "index", "too large", "raises")

# words in the texts of Python's and NumPy's errors
IN_ERRORS = {
    "matmul": ("matmul", "shapes", "broadcast", "shape-mismatch"),
    "truth value": ("truth value",),
    "one number": ("can be converted to Python scalars", "must be real number", "converted to an integer scalar"),
    "too large": ("math range error", "too large", "Result too large"),
    "index": ("out of range", "out of bounds"),
}


def generic_hint(got, expected):
    """Return the name in HINTS of a mistake that can be seen without knowing the question, or "".

    `expected` is None where a tuple of outputs was expected and something else came back.
    """
    if got is None:
        return "nothing returned"
    if is_exactly(got, GeneratorType):
        return "generator"
    if expected is None:
        return "tuple"
    if is_exactly(got, tuple):
        return "too many values"
    if is_exactly(got, list) and np.ndim(expected):
        return "list"
    if is_number(got) and np.ndim(expected):
        return "shape"
    if type(got) is np.ndarray and got.shape != np.shape(expected):
        return "transposed" if np.ndim(expected) == 2 and got.shape == np.shape(expected)[::-1] else "shape"
    if (type(got) is np.ndarray and got.dtype.kind == "f") or is_exactly(got, float, np.float64, np.float32):
        return "" if np.isfinite(got).all() else "not a number"
    if type(got) is np.ndarray and got.dtype.kind in "iu" and (np.asarray(expected) % 1 != 0).any():
        return "not converted"
    return ""


def hint_for_error(error):
    """Return the name in HINTS that fits an exception, or "raises", which has no hint."""
    text = text_of(error)
    if "read-only" in text:
        return "in place"
    inside = error.__traceback__.tb_next  # None: the call itself failed, not a line of the function
    if isinstance(error, TypeError) and "argument" in text and inside is None:
        return "signature"
    for name, words in IN_ERRORS.items():
        if any(word in text for word in words):
            return name
    return "raises"


def with_hints(question, results):
    """Add the hint of the known mistake that gives what the student gave.

    It has to fit in a case that failed and in most of those that failed with a value.
    """
    failing = [r for r in results if not r.passed and r.mistake in GENERIC and not _integers_cut(r)]
    returned = [r for r in failing if r.got is not None]
    best, explained, most = None, [], 0
    for mistake in question.mistakes if returned else ():
        matches = [r for r in results if r.got is not None and _matches(question, mistake, r)]
        failed = [r for r in matches if any(r is f for f in failing)]
        if 2 * len(failed) > len(returned) and len(matches) > most:
            best, explained, most = mistake, failed, len(matches)
    # the same mistake raises or gives a wrong shape for other sizes: one hint for all of these
    explained += [r for r in failing if best and r.mistake]
    return [replace(r, hint=best.hint, mistake=best.name) if any(r is e for e in explained) else r for r in results]


def _integers_cut(result):
    """Integers went in and came out: what is left after the cut can look like any other mistake."""
    values = [value for name, value in result.inputs.items() if name != "labels"]
    return result.mistake == "not converted" and any(np.asarray(v).dtype.kind == "i" for v in values)


def _matches(question, mistake, result):
    arguments = [wide(lay_out(value, result.case.layout)) for value in result.inputs.values()]
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrong = mistake.compute(*arguments)
    except Exception:  # this mistake cannot be made with these shapes
        return False
    if question.outputs:
        if type(result.got) is not dict:
            return False
        pairs = list(zip(result.got.values(), wrong, strict=True))
    else:
        pairs = [(result.got, wrong)]
    return all(not mismatch(got, value, question.tolerance)[0] for got, value in pairs)


def wide(value):
    """float64 for the reference, whatever the student gets."""
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
