"""The known mistakes of a question: found by computing what a student who makes one would get."""

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from course.checks.again import SENTENCES
from course.checks.cases import lay_out
from course.checks.compare import agree, is_number
from course.checks.hints import HINTS, hint_for_error

# A known mistake says more than these general hints and takes their place.
REPLACEABLE = ("", "shape", "transposed", "not a number", "not converted", "never filled", "matmul", "broadcast",
               "axes", "index", "too large", "raises")  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """A known mistake: what a student who makes it computes, and the hint that names the idea, not the fix.

    compute: function of the same arguments as the student's, or several of them if the mistake has several forms.
    """

    name: str
    compute: Callable | tuple[Callable, ...]
    hint: str

    @property
    def forms(self):
        """The functions."""
        return self.compute if isinstance(self.compute, tuple) else (self.compute,)


def with_known(question, results):
    """Add the hint of the known mistake that gives what the student gave.

    It has to fit in most of the cases that failed with numbers, and then stands under all cases that it explains: also
    where it raises the same kind of error, or gives the same wrong shape. Where nothing explains a whole result of
    several outputs, each output is looked at alone.
    """
    whole = _with_integers(results)
    results = _of_all_cases(_never_filled(results), whole)
    # what is left after integers were cut can look like any other mistake
    failing = [i for i, r in enumerate(results) if not r.passed and r.mistake in REPLACEABLE
               and not (r.mistake == "not converted" and (i in whole or _is_cut(r)))]  # fmt: skip
    known = _explained(question, results, failing, None)
    if not known and question.outputs:
        parts = [_explained(question, results, failing, name) for name in question.outputs]
        for i in failing:
            known[i] = [(name, m[i]) for name, m in zip(question.outputs, parts, strict=True) if i in m]
    return [_told(r, known[i]) if known.get(i) else r for i, r in enumerate(results)]


def _told(result, found):
    """The result with what was found: one Mistake, or (output, Mistake) pairs."""
    if isinstance(found, Mistake):
        return replace(result, hint=found.hint, mistake=found.name, known=True)
    wrong = [(name, m) for name, m in found if not result.parts.get(name)]
    first = next((name for name, right in result.parts.items() if not right), None)
    if not wrong or wrong[0][0] != first:  # the sentence above the hint speaks of the first output that is wrong
        return result
    hints = dict.fromkeys(m.hint for _, m in wrong)
    said = " ".join(f"{name}: {m.hint}" for name, m in wrong) if len(hints) > 1 else wrong[0][1].hint
    return replace(result, hint=said, mistake=", ".join(dict.fromkeys(m.name for _, m in wrong)), known=True)


def _explained(question, results, failing, part):
    """{number of a failing result: Mistake} for the mistake that explains most, of whole results or of one output."""
    if part is not None:
        failing = [i for i in failing if results[i].parts and not results[i].parts[part]]
    numbers = [i for i in failing if results[i].got is not None]
    # nan, a wrong shape or an error may be another matter: the cases with plain wrong numbers decide
    plain = [i for i in numbers if results[i].mistake in ("", "not converted")] or numbers
    passed = [i for i, r in enumerate(results) if r.passed]
    best, most = {}, 0
    for mistake in question.mistakes if failing else ():
        for compute in mistake.forms:
            fits = functools.cache(lambda i, compute=compute: _fits(question, compute, results[i], part))
            # where all cases failed with an error, it has to do just that, and nothing wrong elsewhere
            if not (_most(fits, plain) if plain else all(map(fits, failing + passed))):
                continue
            found = [i for i in failing if fits(i)]
            count = len(found) + sum(map(fits, passed))
            if count > most:
                best, most = dict.fromkeys(found, mistake), count
    return best


def _most(fits, numbers):
    """Does it fit for more than half of the numbers? Ends as soon as it cannot."""
    misses = 0
    for i in numbers:
        misses += not fits(i)
        if 2 * misses >= len(numbers):
            return False
    return True


def _fits(question, compute, result, part):
    """Does this function do the same as the student's in this case: give its numbers, or raise alike?"""
    arguments = [wide(lay_out(value, result.case.layout)) for value in result.inputs.values()]
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wrong = compute(*arguments)
    except Exception as error:  # this mistake cannot be made with these shapes
        name = hint_for_error(error)
        return result.got is None and part is None and name not in ("raises", "") and name == result.mistake
    if result.got is None:
        return False
    if not question.outputs:
        return agree(result.got, wrong, question.tolerance)
    if type(result.got) is not dict:
        return False
    pairs = zip(question.outputs, wrong, strict=True)
    return all(agree(result.got[name], value, question.tolerance) for name, value in pairs if part in (None, name))


def _of_all_cases(results, whole):
    """The results with the hints that only all of them together can give.

    What goes wrong between calls goes wrong in every case. And where only one kind of input fails, that is the news.
    """
    failed = [i for i, r in enumerate(results) if not r.passed]
    between = next((results[i].mistake for i in failed if results[i].mistake in SENTENCES), None)
    layouts = {results[i].case.layout for i in failed}
    if between:
        name = between
    elif len(layouts) == 1 and layouts != {"plain"}:
        name = f"only {layouts.pop()}"
    elif failed and whole.issuperset(failed):
        name = "only integers"
    else:
        return results
    general = {*REPLACEABLE} - {"not converted"}
    return [replace(r, mistake=name, hint=HINTS[name]) if not r.passed and r.mistake in general and name in HINTS else r
            for r in results]  # fmt: skip


def _with_integers(results):
    """The numbers of the results with integers in an input that holds floats elsewhere."""
    kinds = [{n: np.asarray(v).dtype.kind for n, v in r.inputs.items() if not isinstance(v, tuple)} for r in results]
    floats = {name for found in kinds for name, kind in found.items() if kind == "f"}
    return {i for i, found in enumerate(kinds) if any(found.get(name) == "i" for name in floats)}


def _never_filled(results):
    """An answer that is 0 in one case and something else in another was filled; one that is 0 in all was not."""
    zero = all(_is_number(v) and not np.any(v) for r in results for v in _values(r.got))
    if not zero or not any(r.mistake == "never filled" for r in results):
        return [replace(r, mistake="", hint="") if r.mistake == "never filled" else r for r in results]
    return [replace(r, mistake="never filled", hint=HINTS["never filled"])
            if not r.passed and r.mistake in REPLACEABLE and r.got is not None else r for r in results]  # fmt: skip


def _is_cut(result):
    """Is what came back exactly what is left of the right answer without the digits behind the point?"""
    pairs = zip(_values(result.got), _values(result.expected), strict=False)
    return all(_is_number(g) and np.shape(g) == np.shape(e) and np.array_equal(g, np.trunc(e)) for g, e in pairs)


def _is_number(value):
    """Is it a number or an array, and not a description or a list of them?"""
    return is_number(value) or (type(value) is np.ndarray and value.dtype.kind in "biuf")


def _values(outputs):
    """One output or several, as a list."""
    return list(outputs.values()) if type(outputs) is dict else [] if outputs is None else [outputs]


def wide(value):
    """float64 for the reference, whatever the student gets."""
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
