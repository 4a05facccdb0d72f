"""Does each problem set give points for right answers only? Answers as students write them, through its checks."""

import ast
import contextlib
import functools
import inspect
import io
import json
import re

import numpy as np
import pytest

from course.checks.cases import lay_out
from course.checks.hints import HINTS
from course.checks.render import to_html, to_text
from tests.grading.variants.sets import ASKED, in_range
from tests.grading.variants.slips import right_forms, slips

LONG_HINT = 100  # words


def _all(kind):
    return [pytest.param(asked, name, id=f"{asked}-{name}") for asked in ASKED for name in asked.variants(kind)]


EVERY = pytest.mark.parametrize("asked", ASKED, ids=str)
WRONG = pytest.mark.parametrize("asked, name", _all("wrong"))
RIGHT = pytest.mark.parametrize("asked, name", _all("right"))


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny arrays: PyTorch's threads would only wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@functools.cache
def _records(asked, name):
    """The two records of a test cell: the visible cases and the hidden ones."""
    return asked.run(asked.variants(name.split("_")[0])[name])


@EVERY
def test_enough_variants(asked):
    """Are there at least 12 wrong and 4 right answers to each question, each with a sentence?"""
    wrong, right = asked.variants("wrong"), asked.variants("right")
    assert len(wrong) >= 12 and len(right) >= 4
    assert all(f.__doc__ and f.__doc__.strip().endswith(".") for f in (wrong | right).values())


@WRONG
def test_wrong_variant_loses_points(asked, name):
    """Does a wrong answer fail, by ten tolerances at least in some case, and does it keep partial points at most?"""
    records = _records(asked, name)
    failures = [r for record in records for r in record.results if not r.passed]
    assert failures, "every case passed"
    assert all(record.answered for record in records)
    assert max(r.error for r in failures) >= 10
    assert all(0 <= record.share <= 1 for record in records)
    assert min(record.share for record in records) < 1


@RIGHT
def test_right_variant_gets_everything(asked, name):
    """Does a right answer pass, with a fair distance to the tolerance, and without a hint?"""
    for record in _records(asked, name):
        failures = [(r.case.kind, r.message) for r in record.results if not r.passed]
        assert not failures
        assert record.passed and record.share == 1
        assert max(r.error for r in record.results) < 0.5
        assert not any(r.hint or r.mistake for r in record.results)


@WRONG
def test_hint_fires(asked, name):
    """Does the hint for a known mistake come up, as the first thing to read, wherever a case fails?"""
    expected = getattr(asked.variants("wrong")[name], "mistake", None)
    for record in _records(asked, name):
        if expected and not record.passed:
            assert record.first_failure.mistake == expected
            known = {m.name: m.hint for m in asked.question.mistakes} | HINTS
            assert record.first_failure.hint.startswith(known.get(expected, ""))


@EVERY
def test_every_known_mistake_has_a_variant(asked):
    """Has every hint of a question been seen to fire?"""
    expected = {getattr(f, "mistake", None) for f in asked.variants("wrong").values()}
    assert {m.name for m in asked.question.mistakes} <= expected


@EVERY
def test_every_kind_of_slip_loses_points(asked):
    """Does each kind of slip in the table lose points in visible and in hidden cases, by ten tolerances, and is it
    named where it can be? Does one wrong output cost its own share and no more?"""
    tried = list(slips(asked))
    kinds = {"layout", "in place", "between calls", "ranges"} | ({"types"} if _has_floats(asked) else set())
    assert kinds <= {slip.kind for slip in tried}
    for slip in tried:
        for record in asked.run(slip.make(), long="long" in slip.name):
            failures = [r for r in record.results if not r.passed]
            assert failures and max(r.error for r in failures) >= 10, slip
            assert slip.mistake in ("", record.first_failure.mistake), slip
            if slip.kind == "parts":
                assert record.share == pytest.approx(1 - 1 / len(asked.question.outputs)), slip


@EVERY
def test_right_answers_in_every_form(asked):
    """Does the solution keep its points in other types, as a view, as an object, and nearly exact?"""
    for form, function in right_forms(asked):
        for record in asked.run(function):
            assert [r.case.kind for r in record.results if not r.passed or r.error >= 0.5] == [], form


@EVERY
def test_every_range_has_a_case(asked):
    """Does each range in which the formula behaves differently have a visible case and a hidden one?"""
    assert asked.question.ranges, "list the ranges beside the question"
    assert len({zone.name for zone in asked.question.ranges}) == len(asked.question.ranges)
    for cases in (asked.question.cases(), asked.hidden()):
        for zone in asked.question.ranges:
            assert any(in_range(asked, zone, case.inputs).any() for case in cases), zone.name


@EVERY
def test_every_kind_of_input_has_a_case(asked):
    """Are there visible and hidden cases of every layout, of integers where they fit, and one that is called again?"""
    for cases in (asked.question.cases(), asked.hidden()):
        assert {case.layout for case in cases} == {"plain", "float32", "non-contiguous", "transposed", "read-only"}
        assert sum(case.then is not None for case in cases) >= 1
        for case in cases:
            if case.then is not None:
                shapes = [[np.shape(value) for value in inputs.values()] for inputs in case.calls]
                assert shapes[0] == shapes[-1] and not _same(case.inputs, case.then)


def _same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, np.ndarray | float):
        return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True)
    return a == b


def _outcomes(asked, function):
    """What comes back, what is raised and what is changed, in every case."""
    outcomes = []
    for case in [*asked.question.cases(), *asked.hidden()]:
        arguments = [lay_out(value, case.layout) for value in case.inputs.values()]
        try:
            with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()) as printed:
                got = function(*arguments)
        except Exception as error:
            got = f"{type(error).__name__}: {error}"
        outcomes.append((got, arguments, bool(printed.getvalue())))
    return outcomes


@EVERY
def test_wrong_variants_differ(asked):
    """Is every wrong answer another mistake, and not an earlier one spelt anew?"""
    outcomes = {name: _outcomes(asked, f) for name, f in asked.variants("wrong").items()}
    names = list(outcomes)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if _same(outcomes[a], outcomes[b])]
    assert not pairs


@EVERY
def test_right_variants_differ(asked):
    """Is every right answer written in its own way?"""
    bodies = {name: _body(f) for name, f in asked.variants("right").items()}
    assert len({ast.dump(ast.Module(body, [])) for body in bodies.values()}) == len(bodies)


def _body(function):
    function = getattr(function, "cls", function)  # a class, of which the check has made a function
    plain = inspect.isfunction(function) or inspect.isclass(function)
    source = inspect.getsource(function if plain else type(function))
    return [s for s in ast.parse(source).body[0].body if not _is_docstring(s)]


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


CODE = re.compile(r"\bnp\.|\.(T|sum|mean|max|copy|astype)\b|\b(axis|keepdims|dtype)\s*=|@|\*\*|\blambda\b")
ALL_HINTS = [(asked, m.name, m.hint) for asked in ASKED for m in asked.question.mistakes] + [
    (None, name, hint) for name, hint in HINTS.items()
]


@pytest.mark.parametrize("asked, name, hint", [pytest.param(*h, id=f"{h[0] or 'any'}-{h[1]}") for h in ALL_HINTS])
def test_hint_names_the_idea_not_the_fix(asked, name, hint):
    """Is a hint short, a whole sentence, and free of code that could be pasted?"""
    assert 3 <= len(hint.split()) < LONG_HINT
    assert hint[-1] in ".?"
    assert not CODE.search(hint)
    for expression in _expressions(asked):
        assert expression not in hint


@functools.cache
def _expressions(asked):
    """All products, sums and calls of the right answers, as text."""
    functions = asked.variants("right").values() if asked else ()
    nodes = [n for f in functions for s in _body(f) for n in ast.walk(s)]
    kinds = (ast.BinOp, ast.Call, ast.Compare, ast.Subscript)
    return {ast.unparse(n) for n in nodes if isinstance(n, kinds) and len(ast.unparse(n)) > 6}


def _has_floats(asked):
    return any(np.asarray(value).dtype.kind == "f" for value in asked.hidden()[0].inputs.values())


def _values_of(asked):
    """A pattern of all input and expected values of the hidden cases, in the forms in which a report shows numbers.

    A whole number may also be a count or a size, several of them in a row are not.
    """
    texts, rows = set(), set()
    for result in _records(asked, next(iter(asked.variants("right"))))[1].results:
        expected = result.expected.values() if isinstance(result.expected, dict) else [result.expected]
        for value in [*result.inputs.values(), *expected]:
            if value is None or isinstance(value, str):  # the name of an operation
                continue
            value = np.asarray(value)
            if value.dtype.kind == "i" and value.size > 4:
                rows |= {str(value), *(separator.join(map(str, value.ravel())) for separator in (" ", ", "))}
            for number in value.astype(np.float64).ravel():
                texts |= {f"{number:.3g}", repr(float(number))[:6], str(np.float32(number))[:6]}
    texts = sorted(re.escape(text.lstrip("-")) for text in texts if "." in text and len(text) > 3 and text[-2:] != ".0")
    assert len(texts) >= 20 or not _has_floats(asked)
    texts += sorted(map(re.escape, rows))
    assert len(texts) >= 10
    return re.compile(rf"(?<![\d.])({'|'.join(texts)})")


@EVERY
def test_hidden_records_show_no_values(asked):
    """Is there no input, no expected value and no text of an error in what a hidden case shows?"""

    def quotes(*arguments):
        return " ".join(map(str, arguments))

    def raises(*arguments):
        raise ValueError(quotes(*arguments))

    def raises_by_name(*arguments):
        raise type(quotes(*arguments), (ValueError,), {})

    def returns_input(*arguments):
        return arguments[0]

    def returns_one_entry(*arguments):
        return float(np.ravel(arguments[0])[0])

    def returns_wrong_shape(*arguments):
        return np.ravel(arguments[0])[None, None]

    def returns_pair(*arguments):
        return quotes(*arguments), arguments[0]

    pattern = _values_of(asked)
    hostile = (quotes, raises, raises_by_name, returns_input, returns_one_entry, returns_wrong_shape, returns_pair)
    assert pattern.search(quotes(*asked.hidden()[0].inputs.values()))  # the pattern can find them
    records = [asked.question.run(f, asked.hidden) for f in hostile]
    records += [_records(asked, name)[1] for name in asked.variants("wrong")]
    for record in records:
        shown = " ".join([to_text(record), to_html(record), *(r.hint for r in record.results)])
        assert not pattern.findall(re.sub(r'style="[^"]*"', "", shown))  # sizes of borders
    assert pattern.search(json.dumps(records[0].to_dict(), allow_nan=False))  # the instructor's record keeps everything


@EVERY
def test_hidden_cases_are_hidden_and_repeatable(asked):
    """Are all hidden cases marked as such, the same in every run, and not among the visible ones?"""
    first, second = asked.hidden(), asked.hidden()
    assert all(case.hidden for case in first)
    assert not any(case.hidden for case in asked.question.cases())
    assert _same([c.inputs for c in first], [c.inputs for c in second])
    assert not [c.kind for c in first for v in asked.question.cases() if _same(c.inputs, v.inputs)]
