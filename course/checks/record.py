"""What a check knows and what it found: cases go in, one record a question comes out.

A record is plain data. Text and HTML are made from it in `render`, JSON by `to_dict`.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

SMALL = 60  # arrays up to this many entries are shown and stored, larger ones by shape and type only


@dataclass(frozen=True)
class Case:
    """One set of inputs for a student's function.

    `kind` says in words what is special ("a batch of one"); students read it, also for hidden cases.
    `layout` is how arrays are handed over: see `course.checks.cases.lay_out`.
    `then`: inputs of the same shapes. The function is called twice with `inputs` and once with `then` before anybody
    looks at what came back, see `course.checks.again`.
    Of the values of a hidden case students see nothing, see `course.checks.told`. A case that is kept also keeps what
    the reference has said of it.
    """

    kind: str
    inputs: dict[str, Any]
    layout: str = "plain"
    hidden: bool = False
    then: dict[str, Any] | None = None
    expected: dict = field(default_factory=dict, init=False, repr=False, compare=False)  # by question, once asked

    @property
    def calls(self):
        """The inputs of each call, in order."""
        return [self.inputs] if self.then is None else [self.inputs, self.inputs, self.then]


@dataclass(frozen=True)
class Result:
    """What happened in one case. `message` is "" if it passed; `error` is the relative error in tolerances.

    `known`: is `mistake` one of the question's own, and not a general one? `parts`: which of several outputs are right.
    `where`: (number of the output, index) of the value that is most wrong.
    `failure` is the sentence of `told.SENTENCES` that a student gets instead where the case is hidden, and `output` the
    one of several outputs that is wrong.
    """

    case: Case
    message: str = ""
    hint: str = ""
    mistake: str = ""
    expected: Any = None
    got: Any = None
    error: float = float("inf")
    known: bool = False
    parts: dict[str, bool] = field(default_factory=dict)
    where: tuple | None = None
    failure: str = ""
    output: str = ""

    @property
    def passed(self):
        return not self.message

    @property
    def share(self):
        """Share of the case's points, 0 to 1: of several outputs each has its part."""
        return 1.0 if self.passed else sum(self.parts.values()) / len(self.parts) if self.parts else 0.0

    @property
    def inputs(self):
        return self.case.inputs


@dataclass(frozen=True)
class Record:
    """The outcome of one question: its results in order. `answered` is False while the stub is still there.

    `written`: there are lines besides the stub's `raise`, which ends the function all the same. `number` is that of the
    question in the text, "10a", or "". `left`: how many cases were not run, since there is no answer.
    """

    question: str
    results: list[Result] = field(default_factory=list)
    answered: bool = True
    written: bool = False
    number: str = ""
    left: int = 0

    @property
    def title(self):
        """How the question is called: by its number in the text, and the name of the function."""
        return titled(self.number, self.question)

    @property
    def share(self):
        """Share of the points, 0 to 1: the mean share of the cases. Nothing run is 0."""
        return sum(r.share for r in self.results) / len(self.results) if self.results else 0.0

    @property
    def passed(self):
        return self.answered and bool(self.results) and all(r.passed for r in self.results)

    @property
    def first_failure(self):
        """The simplest case that fails: the first one in order. If nothing is known of it, the first known mistake."""
        failures = [r for r in self.results if not r.passed]
        if not failures or failures[0].mistake:
            return failures[0] if failures else None
        return next((r for r in failures if r.known), failures[0])

    def to_dict(self):
        """JSON-safe form, also with `allow_nan=False`: the instructor's record, of hidden cases too."""
        return {
            "question": self.question,
            "number": self.number,
            "answered": self.answered,
            "cases": len(self.results),
            "passed": sum(r.passed for r in self.results),
            "share": self.share,
            "results": [_result_to_dict(r) for r in self.results],
        }


def titled(number, name):
    """The number of a question and the name of its function: "Question 10a, cross_entropy"."""
    return f"Question {number}, {name}" if number else name


def _result_to_dict(result):
    entry = {"kind": result.case.kind, "hidden": result.case.hidden, "passed": result.passed,
             "message": result.message, "hint": result.hint, "mistake": result.mistake,
             "parts": dict(result.parts)}  # fmt: skip
    if not result.passed:
        entry["inputs"] = {name: _plain(value) for name, value in result.inputs.items()}
        entry["expected"], entry["got"] = _plain(result.expected), _plain(result.got)
    return entry


def _plain(value):
    """What JSON can hold, everywhere: nan and the infinities become text, arrays their shape, type and few values."""
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, np.ndarray):
        small = value.size <= SMALL and value.dtype.kind in "biuf"
        values = [_plain(v) for v in value.ravel()] if small else None
        return {"shape": list(value.shape), "dtype": str(value.dtype), "values": values}
    if isinstance(value, np.bool_ | np.integer):
        return value.item()
    if isinstance(value, float | np.floating):
        value = float(value)  # a long double may become inf
        return value if np.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return repr(value)[:200]
