"""A question: the reference, the cases, the mistakes that people make, and the run that makes a record of them."""

import functools
import sys
from dataclasses import replace

import numpy as np

from course.checks.again import SENTENCES, between_calls
from course.checks.call import Printed, call, differs, failure_of, harmless, no_logging, what_was_raised
from course.checks.cases import lay_out
from course.checks.compare import VALUE_TOLERANCE, describe, is_exactly, mismatch
from course.checks.deliver import deliver, is_wanted
from course.checks.hints import LEFT_IN, STUB, hint_for_error, hint_for_value, text_of_hint
from course.checks.kinds import Range
from course.checks.mistakes import Mistake, wide, with_known
from course.checks.notebook import in_notebook, remember
from course.checks.record import Record, Result
from course.checks.told import why_it_differs

__all__ = ["Mistake", "Question", "Range"]


class Question:
    """Checks one function of an assignment. Calling it is what a test cell does.

    expected: function of the same arguments that asks the PyTorch reference; returns float64 arrays or numbers.
    cases: function without arguments that returns the visible cases, the simplest first.
    ranges: the ranges in which the formula behaves differently; each has a visible and a hidden case.
    outputs: names of the parts if the function returns several; each has its share of a case.
    explain: optional function (inputs, output number, index) -> sentence, for example a measured slope.
    number: that of the text, "10a"; it stands in every message.
    nearest: where several answers are right, a function (inputs, got, expected) -> (the right answer that `got` is
    compared with, a sentence why it is none or "").
    """

    def __init__(self, name, expected, cases, *, mistakes=(), ranges=(), outputs=(), tolerance=VALUE_TOLERANCE,
                 explain=None, number="", nearest=None):  # fmt: skip
        self.name, self.number, self.expected, self.cases = name, number, expected, cases
        self.mistakes, self.ranges, self.outputs = tuple(mistakes), tuple(ranges), tuple(outputs)
        self.tolerance, self.explain, self.nearest = tolerance, explain, nearest
        self.__doc__ = f"Check the function `{name}`: shows what failed and raises, or returns None."

    def __call__(self, function, cases=None):
        """Check `function`, on the visible cases or on others. Returns None: a number would become the mark."""
        if is_wanted(hidden=cases is not None):
            with in_notebook(self.name, function):
                record = self.run(function, cases)
                if cases is None:
                    remember(self.name, function, record)
                deliver(record)

    def run(self, function, cases=None):
        """Run every case and return the record. Nothing that `function` does stops the run."""
        # a hidden case prints nothing; what the others print is worth reading, up to a length
        shown, dropped = Printed(sys.stdout), Printed(None)
        results = []
        cases = self.visible if cases is None else tuple(cases())
        with no_logging():
            for case in cases:
                result = self._run_case(function, case, dropped if case.hidden else shown)
                if not results and result.mistake in (STUB, LEFT_IN):
                    return Record(self.name, answered=False, written=result.mistake == LEFT_IN, number=self.number,
                                  left=len(cases))  # fmt: skip
                results.append(result)
            return self._explained(Record(self.name, with_known(self, results), number=self.number))

    @functools.cached_property
    def visible(self):
        """The visible cases, made once: a check is run again and again."""
        return tuple(self.cases())

    def _run_case(self, function, case, stdout):
        arguments = [[lay_out(value, case.layout) for value in inputs.values()] for inputs in case.calls]
        before = [[lay_out(value, case.layout) for value in inputs.values()] for inputs in case.calls]
        if self not in case.expected:
            case.expected[self] = [self.expected(*map(wide, values)) for values in before[1:] or before]
        expected, last = case.expected[self][0], case.expected[self][-1]
        result = Result(case, expected=self._named(expected))
        if not callable(function):
            message = f"`{self.name}` is {describe(function)}; a function was expected."
            return replace(result, message=message, failure="no function")
        returned, error = call(function, arguments, stdout)
        if error is not None:
            result = replace(result, message=what_was_raised(error), failure=failure_of(error))
            return _with_hint(result, hint_for_error(error))
        returned = [_plain_tuple(value) for value in returned]
        kept = [harmless(value) for value in returned]
        result = replace(result, got=self._named(kept[0]))
        for old, new in zip(before, arguments, strict=True):
            changed = [name for name, o, n in zip(case.inputs, old, new, strict=True) if differs(o, n)]
            if changed:
                message = f"The call changed its own input {changed[0]!r}."
                return _with_hint(replace(result, message=message, failure="changed"), "in place")
        if case.then is not None:
            wanted = [self._nearest(inputs, got, right)[0] for inputs, got, right in
                      ((case.inputs, kept[0], expected), (case.then, kept[-1], last))]  # fmt: skip
            fault = between_calls(kept, wanted, len(self.outputs), self.tolerance)
            if fault:
                return _with_hint(replace(result, message=SENTENCES[fault], failure="calls"), fault)
            if self._judged(result, returned[0], expected).passed:  # then it is the last call that may have failed
                case = replace(case, inputs=case.then, then=None)
                result = replace(result, case=case, expected=self._named(last), got=self._named(kept[-1]))
                return self._judged(result, returned[-1], last)
        return self._judged(result, returned[0], expected)

    def _judged(self, result, got, expected):
        """The result with what the comparison says."""
        expected, why = self._nearest(result.case.inputs, got, expected)
        message, error, where, part, parts = self._compare(got, expected)
        if why:
            message, error, where, part = why, np.inf, where or (0, ()), (got, expected)
        result = replace(result, message=message, error=error, parts=parts, where=where)
        if not message:
            return result
        output = next((name for name, right in parts.items() if not right), "")
        return _with_hint(replace(result, failure=why_it_differs(*part, where), output=output), hint_for_value(*part))

    def _nearest(self, inputs, got, expected):
        """(what `got` is compared with, why it is wrong or "")."""
        return (expected, "") if self.nearest is None else self.nearest(inputs, got, expected)

    def _explained(self, record):
        """The record with an explanation of the failure that is shown."""
        failure = record.first_failure
        if failure is None or failure.where is None or self.explain is None:
            return record
        told = replace(failure, message=f"{failure.message} {self.explain(failure.inputs, *failure.where)}")
        return replace(record, results=[told if result is failure else result for result in record.results])

    def _compare(self, got, expected):
        """Return (sentence, error, (output number, worst index) if values differ, (got, expected) of that output,
        {output: is it right?})."""
        if not self.outputs:
            parts = [("", got, expected)]
        elif not is_exactly(got, tuple, list) or len(got) != len(self.outputs):
            wanted = f"a tuple ({', '.join(self.outputs)}) was expected."
            return f"It returned {describe(got)}; {wanted}", np.inf, None, (got, None), {}
        else:
            parts = list(zip(self.outputs, got, expected, strict=True))
        found = [mismatch(value, wanted, self.tolerance, name) for name, value, wanted in parts]
        number = next((i for i, (sentence, _, _) in enumerate(found) if sentence), None)
        error = max(error for _, error, _ in found)
        right = {name: not sentence for name, (sentence, _, _) in zip(self.outputs, found, strict=False)}
        if number is None:
            return "", error, None, None, right
        sentence, _, index = found[number]
        return sentence, error, None if index is None else (number, index), parts[number][1:], right

    def _named(self, values):
        """Several outputs under their names; anything that does not fit stays as it is."""
        fits = self.outputs and is_exactly(values, tuple, list) and len(values) == len(self.outputs)
        return dict(zip(self.outputs, values, strict=True)) if fits else values


def _plain_tuple(value):
    """A named tuple is a tuple too."""
    return tuple(tuple.__iter__(value)) if issubclass(type(value), tuple) else value


def _with_hint(result, name):
    return replace(result, mistake=name, hint=text_of_hint(name, result.case.inputs))
