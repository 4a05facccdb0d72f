"""A question: the reference, the cases, the mistakes that people make, and the run that makes a record of them."""

import contextlib
import io
import sys
import traceback
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course.checks.cases import lay_out
from course.checks.compare import VALUE_TOLERANCE, describe, mismatch
from course.checks.deliver import deliver
from course.checks.record import Record, Result


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what a student who makes it computes, and the hint that names the idea, not the fix."""

    name: str
    compute: Any  # same arguments as the student's function
    hint: str


class Question:
    """Checks one function of an assignment. Calling it is what a test cell does.

    expected: function of the same arguments that asks the PyTorch reference; returns float64 arrays or numbers.
    cases: function without arguments that returns the visible cases.
    outputs: names of the parts if the function returns several.
    explain: optional function (inputs, output number, index) -> sentence, for example a measured slope.
    """

    def __init__(self, name, expected, cases, *, mistakes=(), outputs=(), tolerance=VALUE_TOLERANCE, explain=None):
        self.name, self.expected, self.cases = name, expected, cases
        self.mistakes, self.outputs, self.tolerance, self.explain = tuple(mistakes), outputs, tolerance, explain
        self.__doc__ = f"Check the function `{name}`: shows what failed and raises, or returns None."

    def __call__(self, function, cases=None):
        """Check `function`, on the visible cases or on others. Returns None: a number would become the mark."""
        deliver(self.run(function, cases))

    def run(self, function, cases=None):
        """Run every case and return the record. Nothing that `function` does stops the run."""
        cases = (self.cases if cases is None else cases)()
        results = []
        for case in cases:
            result = self._run_case(function, case)
            if result is None:
                return Record(self.name, [], answered=False)
            results.append(result)
        return Record(self.name, _with_hints(self, results))

    def _run_case(self, function, case):
        arguments = [lay_out(value, case.layout) for value in case.inputs.values()]
        before = [lay_out(value, case.layout) for value in case.inputs.values()]
        expected = self.expected(*(_wide(value) for value in case.inputs.values()))
        if not callable(function):
            message = f"`{self.name}` is {describe(function)}; a function was expected."
            return Result(case, message, expected=self._named(expected))
        try:
            with _quiet(case.hidden):
                got = function(*arguments)
        except NotImplementedError:
            return None
        except (Exception, SystemExit) as error:
            message = _what_was_raised(error, case.hidden)
            return Result(case, message, _hint_for_error(error, case), "raises", self._named(expected))
        result = Result(case, expected=self._named(expected), got=self._named(_harmless(got)))
        changed = [name for name, old, new in zip(case.inputs, before, arguments, strict=True) if _differs(old, new)]
        if changed:
            message = f"The call changed its own input {changed[0]!r}."
            return replace(result, message=message, mistake="in place", hint=HINTS["in place"])
        message, error, where, part = self._compare(got, expected)
        if message and not case.hidden and self.explain and where is not None:
            message += " " + self.explain(case.inputs, *where)
        if case.hidden and where is not None:
            name = f"{self.outputs[where[0]]}: " if self.outputs else ""
            message = f"{name}The values differ from the expected ones."
        hint, mistake = _generic_hint(*part) if message else ("", "")
        return replace(result, message=message, error=error, hint=hint, mistake=mistake)

    def _compare(self, got, expected):
        """Return (sentence, error, (output number, worst index) if values differ, (got, expected) of that output)."""
        if not self.outputs:
            parts = [("", got, expected)]
        elif type(got) not in (tuple, list) or len(got) != len(self.outputs):
            wanted = ", ".join(self.outputs)
            return f"It returned {describe(got)}; a tuple ({wanted}) was expected.", np.inf, None, (got, None)
        else:
            parts = list(zip(self.outputs, got, expected, strict=True))
        passing = 0.0
        for number, (name, value, wanted) in enumerate(parts):
            sentence, error, index = mismatch(value, wanted, self.tolerance, name)
            if sentence:
                return sentence, error, None if index is None else (number, index), (value, wanted)
            passing = max(passing, error)
        return "", passing, None, None

    def _named(self, values):
        """Several outputs under their names; anything that does not fit stays as it is."""
        fits = self.outputs and type(values) in (tuple, list) and len(values) == len(self.outputs)
        return dict(zip(self.outputs, values, strict=True)) if fits else values


# What can be seen without knowing the question; a known mistake says more and takes their place.
GENERIC = ("", "raises", "shape", "transposed", "not a number")


def _with_hints(question, results):
    """Add the hint of the known mistake that gives what the student gave, in most cases and in one that failed."""
    failing = [r for r in results if not r.passed and r.mistake in GENERIC]
    best, explained, most = None, [], 0
    for mistake in question.mistakes if failing else ():
        matches = [r for r in results if r.got is not None and _matches(question, mistake, r)]
        failed = [r for r in matches if any(r is f for f in failing)]
        if failed and len(matches) > most:
            best, explained, most = mistake, failed, len(matches)
    # the same mistake raises or gives a wrong shape for other sizes: one hint for all of these
    explained += [r for r in failing if best and r.mistake]
    return [replace(r, hint=best.hint, mistake=best.name) if any(r is e for e in explained) else r for r in results]


def _matches(question, mistake, result):
    arguments = [_wide(lay_out(value, result.case.layout)) for value in result.inputs.values()]
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


HINTS = {
    "in place": "The caller still needs the array that was handed in. Make a new array for the result; operators "
    "such as += and assignments to x[...] write into the old one.",
    "nothing returned": "A function that ends without `return` gives None.",
    "list": "The task asks for a NumPy array. NumPy's functions work on whole arrays and return arrays.",
    "not a number": "Some value became nan or inf on the way. Which step of the formula can overflow, divide by 0 "
    "or take the logarithm of 0 for these inputs?",
    "extra axis": "The numbers may be right, but the shape is not. Look at axis and keepdims, and at what a sum or "
    "product does to the shape.",
    "transposed": "Rows and columns are exchanged. Write down the shape of every factor, then of the product.",
    "float32": "This input was float32. The result may be float32 too, but its values must stay right.",
    "matmul": "The shapes in a product do not fit together. Write the shape of each factor beside it: the inner two "
    "must be equal. Remember that row j of `weight` belongs to neuron j.",
}


def _generic_hint(got, expected):
    """Return (hint, name) for mistakes that can be seen without knowing the question.

    `expected` is None where a tuple of outputs was expected and something else came back.
    """
    if got is None:
        return HINTS["nothing returned"], "nothing returned"
    if type(got) in (list, tuple) and np.ndim(expected):
        return HINTS["list"], "list"
    if expected is not None and type(got) is np.ndarray and got.shape != np.shape(expected):
        if np.ndim(expected) == 2 and got.shape == np.shape(expected)[::-1]:
            return HINTS["transposed"], "transposed"
        return HINTS["extra axis"], "shape"
    if type(got) is np.ndarray and got.dtype.kind == "f" and not np.isfinite(got).all():
        return HINTS["not a number"], "not a number"
    if isinstance(got, float) and not np.isfinite(got):
        return HINTS["not a number"], "not a number"
    return "", ""


def _hint_for_error(error, case):
    text = str(error)
    if "read-only" in text or "does not support item assignment" in text:
        return HINTS["in place"]
    if "matmul" in text or "shapes" in text or "broadcast" in text:
        return HINTS["matmul"]
    return ""


def _what_was_raised(error, hidden):
    """Name the error and the student's own line. The text of an error in a hidden case could quote the input."""
    kind = type(error).__name__
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    own = next((f for f in reversed(frames) if "site-packages" not in f.filename), None)
    where = f" in line {own.lineno} of your cell: `{own.line}`" if own and own.line else ""
    if hidden:
        return f"It raised {kind}{where}."
    return f"It raised {kind}{where}: {str(error)[:300] or 'no message'}"


def _harmless(value):
    """Keep plain values to show; replace any other object by a description, so that its own methods never run."""
    if type(value) in (tuple, list):
        return type(value)(_harmless(v) for v in value[:10])
    plain = value is None or type(value) in (bool, int, float) or isinstance(value, np.generic)
    return value if plain or type(value) is np.ndarray else describe(value)


def _wide(value):
    """float64 for the reference, whatever the student gets."""
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _differs(old, new):
    return isinstance(old, np.ndarray) and (old.shape != new.shape or old.tobytes() != new.tobytes())


class _Limited(io.StringIO):
    """Takes what a student's function prints and forgets everything after the first 10 000 characters."""

    def write(self, text):
        return super().write(text) if self.tell() < 10_000 else len(text)


@contextlib.contextmanager
def _quiet(hidden):
    """Keep warnings and stderr out of the cell: nbgrader takes the mark for them. Hidden cases print nothing."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(_Limited()))
        if hidden:
            stack.enter_context(contextlib.redirect_stdout(_Limited()))
        yield
        sys.stdout.flush()
