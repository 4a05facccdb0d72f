"""A question: the reference, the cases, the mistakes that people make, and the run that makes a record of them."""

import sys
from dataclasses import replace

import numpy as np

from course.checks.call import Printed, call, differs, failure_of, harmless, what_was_raised
from course.checks.cases import lay_out
from course.checks.compare import VALUE_TOLERANCE, describe, is_exactly, mismatch
from course.checks.deliver import deliver, is_wanted
from course.checks.hints import HINTS, Mistake, generic_hint, hint_for_error, wide, with_hints
from course.checks.notebook import in_notebook
from course.checks.record import Record, Result
from course.checks.told import why_it_differs

__all__ = ["Mistake", "Question"]

STUB = "not answered"  # NotImplementedError in the first case: the stub is still there


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
        if is_wanted(hidden=cases is not None):
            with in_notebook(self.name, function):
                deliver(self.run(function, cases))

    def run(self, function, cases=None):
        """Run every case and return the record. Nothing that `function` does stops the run."""
        cases = (self.cases if cases is None else cases)()
        # a hidden case prints nothing; what the others print is worth reading, up to a length
        shown, dropped = Printed(sys.stdout), Printed(None)
        results = []
        for case in cases:
            result = self._run_case(function, case, dropped if case.hidden else shown)
            if not results and result.mistake == STUB:
                return Record(self.name, [], answered=False)
            results.append(result)
        return Record(self.name, with_hints(self, results))

    def _run_case(self, function, case, stdout):
        arguments = [lay_out(value, case.layout) for value in case.inputs.values()]
        before = [lay_out(value, case.layout) for value in case.inputs.values()]
        if self not in case.expected:
            case.expected[self] = self.expected(*map(wide, before))
        expected = case.expected[self]
        result = Result(case, expected=self._named(expected))
        if not callable(function):
            message = f"`{self.name}` is {describe(function)}; a function was expected."
            return replace(result, message=message, failure="no function")
        got, error = call(function, arguments, stdout)
        if error is not None:
            name = STUB if isinstance(error, NotImplementedError) else hint_for_error(error)
            return _with_hint(replace(result, message=what_was_raised(error), failure=failure_of(error)), name)
        if issubclass(type(got), tuple):
            got = tuple(tuple.__iter__(got))  # a named tuple is one too
        result = replace(result, got=self._named(harmless(got)))
        changed = [name for name, old, new in zip(case.inputs, before, arguments, strict=True) if differs(old, new)]
        if changed:
            message = f"The call changed its own input {changed[0]!r}."
            return _with_hint(replace(result, message=message, failure="changed"), "in place")
        message, error, where, name, part = self._compare(got, expected)
        result = replace(result, message=message, error=error)
        if not message:
            return result
        if self.explain and where is not None:
            result = replace(result, message=f"{message} {self.explain(case.inputs, *where)}")
        return _with_hint(replace(result, failure=why_it_differs(*part, where), output=name), generic_hint(*part))

    def _compare(self, got, expected):
        """Return (sentence, error, (output number, worst index) if values differ, name of that output, (got, expected)
        of it)."""
        if not self.outputs:
            parts = [("", got, expected)]
        elif not is_exactly(got, tuple, list) or len(got) != len(self.outputs):
            wanted = f"a tuple ({', '.join(self.outputs)}) was expected."
            return f"It returned {describe(got)}; {wanted}", np.inf, None, "", (got, None)
        else:
            parts = list(zip(self.outputs, got, expected, strict=True))
        found = [mismatch(value, wanted, self.tolerance, name) for name, value, wanted in parts]
        number = next((i for i, (sentence, _, _) in enumerate(found) if sentence), None)
        error = max(error for _, error, _ in found)
        if number is None:
            return "", error, None, "", None
        (sentence, _, index), (name, *part) = found[number], parts[number]
        return sentence, error, None if index is None else (number, index), name, part

    def _named(self, values):
        """Several outputs under their names; anything that does not fit stays as it is."""
        fits = self.outputs and is_exactly(values, tuple, list) and len(values) == len(self.outputs)
        return dict(zip(self.outputs, values, strict=True)) if fits else values


def _with_hint(result, name):
    return replace(result, mistake=name, hint=HINTS.get(name, ""))
