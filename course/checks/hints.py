"""Hints for what can be seen without knowing the question: in an error, or in what came back."""

import numpy as np

from course.checks.call import entered, is_written, kind_of, text_of
from course.checks.compare import is_exactly, is_number, type_name

STUB = "not answered"  # NotImplementedError, and nothing else in the function
LEFT_IN = "raise left in"  # the same, but there are lines besides it

HINTS = {
    LEFT_IN: "Your lines are there, but the line that raises NotImplementedError is there as well, and ends the "
    "function. Delete that one.",
    "in place": "The caller still needs the array that was handed in. Make a new array for the result; operators "
    "such as += and assignments to x[...] write into the old one.",
    "one array": "Whoever called the function first still looks at that array. Make a new one in every call; an array "
    "made outside the function, or kept between calls, is the same one each time.",
    "differs": "The result should follow from the inputs alone. What is left over from the call before: a variable "
    "outside the function, a default value that was changed, a random number?",
    "remembered": "A result that is kept has to be kept together with the values that it belongs to. The shape of an "
    "input does not say what is in it.",
    "nothing returned": "A function that ends without `return` gives None.",
    "list": "The task asks for a NumPy array. NumPy's functions work on whole arrays and return arrays.",
    "matrix": "NumPy's matrix class has rules of its own for products and powers, and always two axes. The task asks "
    "for an ordinary NumPy array.",
    "masked": "A masked array hides some of its entries. The task asks for an ordinary NumPy array.",
    "not a number": "Some value became nan or inf on the way. Which step of the formula can overflow, divide by 0 "
    "or take the logarithm of 0 for these inputs?",
    "shape": "The numbers may be right, but the shape is not. Look at axis and keepdims, and at what a sum or "
    "product does to the shape.",
    "transposed": "Rows and columns are exchanged. Write down the shape of every factor, then of the product.",
    "matmul": "The shapes in a matrix product do not fit. Write the shape of each factor beside it: the inner two "
    "numbers must be equal, and they are the axis that is summed.",
    "broadcast": "Two arrays do not fit together entry by entry. Write down both shapes and compare them from the last "
    "axis on: in each pair the numbers must be equal, or one of them 1. Has one of the two lost an axis on the way, or "
    "does it lack one?",
    "never filled": "Every entry is 0. Was the array for the result made, and then never filled?",
    "signature": "The function is called with the arguments in the order of the task. Compare its `def` line with "
    "the one there: which names, how many, in which order?",
    "not converted": "All values are whole numbers, and they should not be. An array made for integers cuts off "
    "everything behind the point; which type did the result get when the input held integers?",
    "integer buffer": "Floats do not go into an array of integers. Which type did the array that is written to get "
    "when the input held integers?",
    "only integers": "With floats the result is right. Which array that is made on the way takes its type from an "
    "input, and which step does something else to integers?",
    "only float32": "The same numbers as float64 give the right result. Which step loses the last digits that float32 "
    "has, or needs more of them?",
    "only transposed": "The same numbers in the usual order in memory give the right result. Does a line go through "
    "the memory of an array, where it should go along its axes?",
    "only non-contiguous": "The same numbers in an array of their own give the right result. Here the input is a part "
    "of a larger array: does a line read what lies beside it, or need the numbers to lie in one piece?",
    "float16": "Numbers of type float16 have three digits and end at 65504. Let NumPy choose the type, or compute in "
    "float64.",
    "tuple": "Several values are asked for. Return them together, in the order of the task.",
    "too many values": "One value is asked for, and several came back.",
    "truth value": "`if`, `and`, `or` and Python's own max and min need one yes or no, and an array holds one for "
    "every entry. The choice has to be made entry by entry.",
    "one number": "A function that takes one number was given a whole array. NumPy has its own functions for arrays, "
    "under nearly the same names as the math module.",
    "one place": "A whole array, or a list, is put where one number belongs. What does the right side of the line "
    "hold?",
    "reshape": "A new shape keeps all entries: the sizes of the old and of the new shape must have the same product.",
    "power": "In Python the sign ^ is no power: it compares the bits of two integers. How is a power written?",
    "too large": "A number became too large for a float. Which step grows without bound for these inputs?",
    "index": "An index lies beyond the end of an axis. Do all sizes come from the arrays that were handed in, and does "
    "every index count what its axis counts?",
    "axes": "An array has fewer axes here than this line expects. How many does it have, and did a sum or an index "
    "take one away?",
    "index type": "An array can be indexed by whole numbers, or by one yes or no for each entry. Floats, also those "
    "that look like whole numbers, are neither.",
    "brackets": "Round brackets call a function, square ones pick entries of an array or a list. Which of the two is "
    "meant in this line, and is a name used twice?",
    "name": "Python does not know this name at this place. Is it spelt as in the `def` line, and is it set on every "
    "way through the function before it is used?",
    "attribute": "What stands before the point has nothing of this name. Many functions belong to NumPy itself and "
    "take the array as an argument.",
    "recursion": "The function calls itself, and that call itself again, without end. Is a helper named like it?",
    "generator": "A function with `yield` returns a generator and has not computed anything yet.",
}

NEURONS = " Row j of `weight` belongs to neuron j."  # what a product has to do with `weight`, where there is one

# (kinds of errors, words in the texts of Python's and NumPy's errors, name in HINTS); the first that fits counts
IN_ERRORS = (
    (("ValueError", "TypeError"), ("truth value",), "truth value"),
    (("TypeError",), ("bitwise_xor", "operand type(s) for ^"), "power"),
    (("TypeError",), ("converted to Python scalar", "must be real number", "converted to an integer scalar"),
     "one number"),
    (("TypeError",), ("casting rule", "Cannot cast"), "integer buffer"),
    (("TypeError",), ("not callable", "not subscriptable"), "brackets"),
    (("OverflowError",), ("math range error", "too large"), "too large"),
    (("ValueError",), ("matmul", "not aligned", "shapes for matrix"), "matmul"),
    (("ValueError", "IndexError"), ("too many indices", "for array of dimension"), "axes"),
    (("ValueError", "IndexError"), ("broadcast", "shape mismatch", "shape-mismatch"), "broadcast"),
    (("IndexError",), ("must be of integer", "only integers"), "index type"),
    (("IndexError",), ("out of range", "out of bounds", "boolean index did not match"), "index"),
    (("ValueError", "TypeError"), ("setting an array element", "number, not 'list'", "number, not 'tuple'"),
     "one place"),
    (("ValueError",), ("cannot reshape",), "reshape"),
    (("NameError", "UnboundLocalError"), ("not defined", "not associated with a value"), "name"),
    (("AttributeError",), ("has no attribute",), "attribute"),
    (("RecursionError",), ("",), "recursion"),
)  # fmt: skip


def text_of_hint(name, inputs):
    """The words of a general hint for a question with these inputs; "" if there are none."""
    return HINTS.get(name, "") + (NEURONS if name == "matmul" and "weight" in inputs else "")


def hint_for_value(got, expected):
    """Return the name in HINTS of a mistake that can be seen without knowing the question, or "".

    `expected` is None where a tuple of outputs was expected and something else came back.
    """
    if got is None:
        return "nothing returned"
    name = type_name(type(got))
    if name in ("generator", "matrix"):
        return name
    if name == "MaskedArray":
        return "masked"
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
    if not is_number(got) and (type(got) is not np.ndarray or got.dtype.kind not in "biuf"):
        return ""
    return _hint_for_numbers(np.asarray(got), np.asarray(expected, np.float64))


@np.errstate(all="ignore")  # a warning here would reach the cell and cost the mark
def _hint_for_numbers(got, expected):
    """The same for numbers in the right shape."""
    if got.dtype == np.float16:
        return "float16"
    if not np.isfinite(got).all():
        return "not a number"
    if not np.isfinite(expected).all() or (np.abs(expected) < 0.01).all():
        return ""
    if got.size > 1 and not got.any() and got.dtype.kind == "f":  # looked at again once all cases are known
        return "never filled"
    cut = got.any() and (got == np.trunc(expected)).all()
    if (expected % 1 != 0).any() and (got.dtype.kind in "iu" or cut):
        return "not converted"
    square = got.ndim == 2 and got.shape[0] == got.shape[1] and not np.allclose(expected, expected.T)
    return "transposed" if square and np.allclose(got, expected.T, rtol=1e-4, atol=0) else ""


def hint_for_error(error):
    """Return the name in HINTS that fits an exception, or "raises", which has no hint."""
    if isinstance(error, NotImplementedError):
        return LEFT_IN if is_written(error) else STUB
    text, kind = text_of(error), kind_of(error)
    if "read-only" in text:
        return "in place"
    if kind == "TypeError" and "argument" in text and not entered(error):
        return "signature"
    for kinds, words, name in IN_ERRORS:
        if kind in kinds and any(word in text for word in words):
            return name
    return "raises"
