"""Does a hidden input reach no student's page, in whatever a function returns, raises, prints or does to its process?

Each question of a submission is answered by one channel: code that puts a number made of its inputs into something
that a report could show. Graded with two secrets, the pages must be the same byte for byte.
"""

import re
import zlib

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter

from course.checks import activations as check
from course.checks import told
from course.checks.cases import lay_out
from course.checks.hints import HINTS
from course.grading.classroom.worker import work
from course.grading.hidden import Secret
from course.grading.hidden import activations as hidden
from course.grading.run import runner
from tests.grading.hostile.attack import FULL, ORDER, SOURCE, Attack
from tests.grading.sandbox.conftest import require_bubblewrap

SECRETS = [Secret("one class"), Secret("another class")]

# n is a number that depends on every bit of the inputs, `values` the arrays among them
CHANNELS = {
    "shape": "return np.zeros((n % 900 + 11,))",
    "long shape": "return np.zeros((0, n))",
    "axes": "return np.zeros((1,) * (n % 20 + 11))",
    "type of numbers": "return np.full(77, 3).astype(['f2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2'][n % 9])",
    "values": "return values[0] * 1e6 + n if values[0].ndim else float(n)",
    "a text": "return str(n)",
    "length of a text": "return 'x' * (n % 30)",
    "length of a list": "return [1] * (n % 1000 + 7)",
    "length of a dictionary": "return dict.fromkeys(range(n % 1000))",
    "name of a type": "return type(f'Words{n % 9}' if n % 2 else f'Other{n}', (), {})()",
    "known types": "return [{}, set(), b'', slice(0), range(3), np.random.default_rng(), len, print][n % 8]",
    "text of an error": "raise ValueError(f'no luck {n}')",
    "name of an error": "raise type(f'Error{n}', (Exception,), {})()",
    "class of an error": "raise [LookupError, OSError, BufferError, EOFError, UserWarning, ArithmeticError][n % 6]()",
    "class that ends": "raise [SystemExit, GeneratorExit, BaseException, StopIteration][n % 4](n)",
    "line of an error": "\n".join(f"if n % 9 == {i}: raise ValueError()" for i in range(9)),
    "depth of an error": "deep(n % 50)",
    "name of a function": "space = {}\nexec(f'def f{n}(): raise ValueError()', space)\nspace[f'f{n}']()",
    "changed input": "values[n % len(values)].reshape(-1)[n % values[n % len(values)].size] += 1",
    "printed": "print(n); display(n); os.write(1, str(n).encode()); print(n, file=sys.stderr); raise ValueError()",
    "warned": "warnings.warn(str(n)); logging.error(n); raise ValueError()",
    "time": "time.sleep(n % 10 / 1000); raise ValueError(time.process_time())",
    "status of the end": "os._exit(n % 256)",
    "signal of the end": "os.kill(os.getpid(), [9, 6, 11, 15][n % 4]); time.sleep(5)",
    "broken line": "os.write(3, f'{n:08}'.encode()); raise ValueError()",  # 3 is the line: see wire.py and confine.py
    "complex": "return values[0] * 1j * n",
    "nested": "return ((1,) * (n % 7 + 3), [n])",
    "a generator": "return (i for i in range(n))",
    "huge": "return 10**(n % 500 + 100)",
}  # fmt: skip
# what the messages of a record do not tell apart either
SILENT = {"type of numbers", "length of a dictionary", "name of a type", "depth of an error", "name of a function",
          "changed input", "printed", "warned", "status of the end", "signal of the end", "complex", "nested",
          "a generator", "huge"}  # fmt: skip
# these choose between the sentences, between hints, and between the outputs of a function
CHOICES = {
    "sentences": "if n % 3 == 0: raise ValueError()\nreturn 'text' if n % 3 == 1 else np.zeros(77)",
    "hints": "raise ValueError(['truth value', 'out of bounds', 'matmul', 'math range error'][n % 4])",
    "outputs": "x, w = values[1], values[2]\nreturn (x * 0 + n % 2, w * 0 + 1, w[:, 0] * 0)",
    "late": "if n % 2:\n    while True: pass\nraise ValueError()",
    "ended": "if n % 2 == 0: os._exit(0)\nraise ValueError()",
}  # fmt: skip
SETUP = """
import logging, os, sys, time, warnings, zlib
import numpy as np

def deep(n):
    if n: deep(n - 1)
    raise ValueError()

def number(arguments):
    n = zlib.crc32(b"".join(np.asarray(a).tobytes() for a in arguments)) % 10**6 + 3
    if n in VISIBLE: raise ValueError("a visible case")
    return n
"""


def _visible():
    """The numbers of the visible cases, which every student can compute."""
    found = set()
    for question in check.QUESTIONS:
        for layout, inputs in ((case.layout, inputs) for case in question.cases() for inputs in case.calls):
            values = (np.asarray(lay_out(value, layout)).tobytes() for value in inputs.values())
            found.add(zlib.crc32(b"".join(values)) % 10**6 + 3)
    return found


def _graded(channels, secret, **limits):
    """What a worker finds of a submission whose answers are these channels, one a question."""
    answers = {}
    for question, code in zip(ORDER, channels, strict=False):
        lines = code.replace("\n", "\n    ")
        answers[question] = (
            f"def {question.replace('-', '_')}(*arguments):\n    n = number(arguments)\n"
            f"    values = [a for a in arguments if isinstance(a, np.ndarray)]\n    {lines}"
        )
    attack = Attack("", None, answers, {"setup": f"{SETUP}\nVISIBLE = {_visible()}"})
    found = work(attack.content(Nowhere()), SOURCE, limits, secret=secret)
    assert found["isolation"] == "bubblewrap"
    for question in ORDER:
        assert found["points"][f"{question}-test"] == (0 if question in answers else FULL[f"{question}-test"])
    return found


class Nowhere:
    """A world that fills nothing in."""

    def fill(self, code):
        return code


def _page(found):
    return HTMLExporter().from_notebook_node(nbformat.reads(found["notebook"], 4))[0]


def _groups():
    codes = list(CHANNELS.items())
    return [dict(codes[i : i + len(ORDER)]) for i in range(0, len(codes), len(ORDER))]


@pytest.mark.slow
@pytest.mark.parametrize("group", _groups(), ids=lambda group: next(iter(group)))
def test_pages_are_the_same(group):
    """With every hidden case failed, is the page the same for all hidden inputs, and the instructor's record not?"""
    require_bubblewrap()
    one, other = (_graded(group.values(), secret) for secret in SECRETS)
    assert one["notebook"] == other["notebook"] and _page(one) == _page(other)
    silent = set()
    for name, question in zip(group, ORDER, strict=False):
        records = [found["records"][f"{question}-test"][1]["results"] for found in (one, other)]
        assert records[0] != records[1]
        if [result["message"] for result in records[0]] == [result["message"] for result in records[1]]:
            silent.add(name)
    assert silent == SILENT & set(group)


def _reports(found):
    """{test cell: the texts that stand under it}"""
    cells = nbformat.reads(found["notebook"], 4).cells
    return {cell.metadata.nbgrader.grade_id: [o.data["text/plain"] for o in cell.outputs]
            for cell in cells if runner.is_test(cell.metadata.get("nbgrader", {}))}  # fmt: skip


@pytest.mark.slow
def test_a_closed_list():
    """Are kind, sentence and hint of a hidden case always of the lists that stand in the code, whatever is chosen?"""
    require_bubblewrap()
    seen = set()
    names = ("sentences", "hints", "outputs", "sentences", "late", "ended", "hints", "sentences", "hints", "ended")
    codes = [CHOICES[name] for name in (*names, "late")]
    for secret in SECRETS:
        found = _graded(codes, secret, call_seconds=1)
        for question, texts in zip(check.QUESTIONS, _reports(found).values(), strict=True):
            hints = {*HINTS.values(), *(mistake.hint for mistake in question.mistakes)}
            kinds = {case.kind for case in getattr(hidden, question.name)()}
            told_here = told.SENTENCES.values()
            sentences = {*told_here, *(f"{name}: {text}" for name in question.outputs for text in told_here)}
            pattern = (rf"Question \d+[a-z]?, {question.name}: not all of the {len(kinds)} hidden cases passed\n"
                       r"  Failing case: (.*)\n  What happened: (.*)(?:\n  Hint: (.*))?")  # fmt: skip
            if texts[1] == runner.ENDED:  # the process had ended too often
                continue
            kind, sentence, hint = re.fullmatch(pattern, texts[1]).groups(default="")
            assert kind in kinds and sentence in sentences and (hint in hints or not hint)
            seen.add(sentence.split(": ")[-1])
            assert texts[2:] in ([repr(0.0)], [runner.ENDED, repr(0.0)])
    assert seen >= {told.SENTENCES[name] for name in ("raised", "type", "shape", "late", "ended", "values")}
