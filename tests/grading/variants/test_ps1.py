"""Does ps1 give points for right answers only? Answers as students write them, wrong and right, through its checks."""

import ast
import contextlib
import functools
import importlib
import inspect
import io
import json
import re

import numpy as np
import pytest

from course.checks import activations
from course.checks.cases import lay_out
from course.checks.hints import HINTS
from course.checks.render import to_html, to_text
from course.grading.hidden import activations as hidden

QUESTIONS = {question.name: question for question in activations.QUESTIONS}


def _variants(question, kind):
    module = importlib.import_module(f"tests.grading.variants.ps1.{question}")
    return {name: f for name, f in vars(module).items() if name.startswith(f"{kind}_")}


def _all(kind):
    return [pytest.param(q, name, id=f"{q}-{name}") for q in QUESTIONS for name in _variants(q, kind)]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny arrays: PyTorch's threads would only wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@functools.cache
def _records(question, name):
    """The two records of a test cell: the visible cases and the hidden ones."""
    variant = _variants(question, name.split("_")[0])[name]
    with contextlib.redirect_stdout(io.StringIO()):
        return tuple(QUESTIONS[question].run(variant, cases) for cases in (None, getattr(hidden, question)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_enough_variants(question):
    """Are there at least 12 wrong and 4 right answers to each question, each with a sentence?"""
    wrong, right = _variants(question, "wrong"), _variants(question, "right")
    assert len(wrong) >= 12 and len(right) >= 4
    assert all(f.__doc__ and f.__doc__.strip().endswith(".") for f in (wrong | right).values())


@pytest.mark.parametrize("question, name", _all("wrong"))
def test_wrong_variant_loses_points(question, name):
    """Does a wrong answer fail, by ten tolerances at least in some case, and does it keep partial points at most?"""
    records = _records(question, name)
    failures = [r for record in records for r in record.results if not r.passed]
    assert failures, "every case passed"
    assert all(record.answered for record in records)
    assert max(r.error for r in failures) >= 10
    assert all(0 <= record.share <= 1 for record in records)
    assert min(record.share for record in records) < 1


@pytest.mark.parametrize("question, name", _all("right"))
def test_right_variant_gets_everything(question, name):
    """Does a right answer pass, with a fair distance to the tolerance, and without a hint?"""
    for record in _records(question, name):
        failures = [(r.case.kind, r.message) for r in record.results if not r.passed]
        assert not failures
        assert record.passed and record.share == 1
        assert max(r.error for r in record.results) < 0.5
        assert not any(r.hint or r.mistake for r in record.results)


@pytest.mark.parametrize("question, name", _all("wrong"))
def test_hint_fires(question, name):
    """Does the hint for a known mistake come up, as the first thing to read, wherever a case fails?"""
    expected = getattr(_variants(question, "wrong")[name], "mistake", None)
    for record in _records(question, name):
        if expected and not record.passed:
            assert record.first_failure.mistake == expected
            known = {m.name: m.hint for m in QUESTIONS[question].mistakes} | HINTS
            assert record.first_failure.hint == known[expected]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_known_mistake_has_a_variant(question):
    """Has every hint of a question been seen to fire?"""
    expected = {getattr(f, "mistake", None) for f in _variants(question, "wrong").values()}
    assert {m.name for m in QUESTIONS[question].mistakes} <= expected


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


def _outcomes(question, function):
    """What comes back, what is raised and what is changed, in every case."""
    outcomes = []
    for case in [*QUESTIONS[question].cases(), *getattr(hidden, question)()]:
        arguments = [lay_out(value, case.layout) for value in case.inputs.values()]
        try:
            with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()) as printed:
                got = function(*arguments)
        except Exception as error:
            got = f"{type(error).__name__}: {error}"
        outcomes.append((got, arguments, bool(printed.getvalue())))
    return outcomes


@pytest.mark.parametrize("question", QUESTIONS)
def test_wrong_variants_differ(question):
    """Is every wrong answer another mistake, and not an earlier one spelt anew?"""
    outcomes = {name: _outcomes(question, f) for name, f in _variants(question, "wrong").items()}
    names = list(outcomes)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if _same(outcomes[a], outcomes[b])]
    assert not pairs


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_variants_differ(question):
    """Is every right answer written in its own way?"""
    bodies = {name: _body(f) for name, f in _variants(question, "right").items()}
    assert len({ast.dump(ast.Module(body, [])) for body in bodies.values()}) == len(bodies)


def _body(function):
    return [s for s in ast.parse(inspect.getsource(function)).body[0].body if not _is_docstring(s)]


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


CODE = re.compile(r"\bnp\.|\.(T|sum|mean|max|copy|astype)\b|\b(axis|keepdims|dtype)\s*=|@|\*\*|\blambda\b")
ALL_HINTS = [(q.name, m.name, m.hint) for q in QUESTIONS.values() for m in q.mistakes] + [
    ("any question", name, hint) for name, hint in HINTS.items()
]


@pytest.mark.parametrize("question, name, hint", [pytest.param(*h, id=f"{h[0]}-{h[1]}") for h in ALL_HINTS])
def test_hint_names_the_idea_not_the_fix(question, name, hint):
    """Is a hint short, a whole sentence, and free of code that could be pasted?"""
    assert 3 <= len(hint.split()) < 100
    assert hint[-1] in ".?"
    assert not CODE.search(hint)
    for expression in _expressions(question):
        assert expression not in hint


@functools.cache
def _expressions(question):
    """All products, sums and calls of the right answers, as text."""
    functions = _variants(question, "right").values() if question in QUESTIONS else ()
    nodes = [n for f in functions for s in _body(f) for n in ast.walk(s)]
    kinds = (ast.BinOp, ast.Call, ast.Compare, ast.Subscript)
    return {ast.unparse(n) for n in nodes if isinstance(n, kinds) and len(ast.unparse(n)) > 6}


def _values_of(question):
    """A pattern of all input and expected values of the hidden cases, in the forms in which a report shows numbers."""
    texts = set()
    for result in _records(question, next(iter(_variants(question, "right"))))[1].results:
        expected = result.expected.values() if isinstance(result.expected, dict) else [result.expected]
        for value in [*result.inputs.values(), *expected]:
            for number in np.asarray(value, np.float64).ravel():
                texts |= {f"{number:.3g}", repr(float(number))[:6], str(np.float32(number))[:6]}
    # whole numbers are also counts and sizes
    texts = sorted(re.escape(text.lstrip("-")) for text in texts if "." in text and len(text) > 3 and text[-2:] != ".0")
    assert len(texts) >= 20
    return re.compile(rf"(?<![\d.])({'|'.join(texts)})")


@pytest.mark.parametrize("question", QUESTIONS)
def test_hidden_records_show_no_values(question):
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

    pattern = _values_of(question)
    hostile = (quotes, raises, raises_by_name, returns_input, returns_one_entry, returns_wrong_shape, returns_pair)
    assert pattern.search(quotes(*getattr(hidden, question)()[0].inputs.values()))  # the pattern can find them
    records = [QUESTIONS[question].run(f, getattr(hidden, question)) for f in hostile]
    records += [_records(question, name)[1] for name in _variants(question, "wrong")]
    for record in records:
        shown = " ".join([to_text(record), to_html(record), *(r.hint for r in record.results)])
        assert not pattern.findall(re.sub(r'style="[^"]*"', "", shown))  # sizes of borders
    assert pattern.search(json.dumps(records[0].to_dict(), allow_nan=False))  # the instructor's record keeps everything


@pytest.mark.parametrize("question", QUESTIONS)
def test_hidden_cases_are_hidden_and_repeatable(question):
    """Are all hidden cases marked as such, the same in every run, and not among the visible ones?"""
    first, second = getattr(hidden, question)(), getattr(hidden, question)()
    assert all(case.hidden for case in first)
    assert not any(case.hidden for case in QUESTIONS[question].cases())
    assert _same([c.inputs for c in first], [c.inputs for c in second])
    assert {"read-only", "non-contiguous", "float32", "plain"} <= {case.layout for case in first}
    assert not [c.kind for c in first for v in QUESTIONS[question].cases() if _same(c.inputs, v.inputs)]
