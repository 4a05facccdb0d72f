"""Similar answers: do planted copies come first, and does a class that wrote by itself stay below them?"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.grading.report import answers, similarity
from course.grading.samples import students, submission
from tests.grading.report import made_up_class as made_up
from tests.grading.report.made_up_class import TEMPLATE

ROOT = Path(__file__).parents[3]
PS1 = "ps1_activations"
LONG = """def linear(x, weight, bias):
    rows = []
    for example in x:
        row = [sum(a * b for a, b in zip(example, w)) for w in weight]
        rows.append([value + b for value, b in zip(row, bias)])
    return np.array(rows)"""


def renamed(text):
    """The same code with other names for every variable, other blanks and a comment."""
    names = r"\b(?:x|e|z|w|a|b|row|rows|example|out|weight|bias|labels|probs|logits|value)\b(?!=)"
    text = re.sub(names, r"my_\g<0>", text)
    return re.sub(r"\n", "  # mine\n\n", text, count=1).replace(" - ", "-")


def names(found, count):
    """The students of the first pairs."""
    return [set(pair.students) for pair in found.pairs[:count]]


@pytest.fixture
def independent():
    """Twelve solutions of ps1 no two of which have a variant in common."""
    return made_up.sources(made_up.independent(12))


def test_planted_copies_come_first(independent):
    """Do a copy, a renamed and reordered copy, and one copied answer come before every honest pair, in this order?"""
    honest = similarity.compare(independent, TEMPLATE).pairs
    more = made_up.sources(made_up.independent(14))  # two more of the same kind
    planted = independent | {
        "verbatim": dict(independent["s001"]),
        "renamed": {question: renamed(text) for question, text in reversed(independent["s002"].items())},
        "author": more["s012"] | {"linear": LONG},
        "one": more["s013"] | {"linear": renamed(LONG)},
    }
    assert planted["renamed"]["softmax"] != planted["s002"]["softmax"] and "my_" in planted["one"]["linear"]
    found = similarity.compare(planted, TEMPLATE)
    assert names(found, 3) == [{"verbatim", "s001"}, {"renamed", "s002"}, {"one", "author"}]
    assert found.pairs[2].matches[0].question == "linear" and found.pairs[2].matches[0].share == (1, 1)
    assert found.pairs[2].surprise > honest[0].surprise
    assert all(match.same for match in found.pairs[0].matches)
    assert not any(match.same for match in found.pairs[1].matches if match.question in ("linear", "softmax"))


@pytest.mark.parametrize("count", [30, 200])
def test_copies_stand_out_among_chance(count):
    """Where many choose among the same few ways to write an answer, do whole copies stay above all pairs by chance?"""
    given = made_up.sources(made_up.by_chance(count))
    given |= {"copy": dict(given["s001"]), "renamed": {q: renamed(text) for q, text in given["s002"].items()}}
    found = similarity.compare(given, TEMPLATE)
    assert names(found, 2) == [{"copy", "s001"}, {"renamed", "s002"}]
    closest = sorted(found.closest.values())
    assert found.pairs[1].surprise > 2 * closest[len(closest) // 2] > found.pairs[2].surprise / 1.2
    assert found.pairs[2].surprise < 0.7 * found.pairs[1].surprise


def test_sample_class():
    """In the sample class, whose right answers are all the instructor's, does a planted copy of one odd answer lead?"""
    source = ROOT / "solutions" / PS1 / f"{PS1}.ipynb"
    release = ROOT / "assignments" / PS1 / source.name
    template, written = answers.given(source.read_text(encoding="utf-8"))
    assert written == {"written"} and "raise NotImplementedError" in template["relu"]
    given = {}
    for name, sample in students(PS1).items():
        if name == "kurt":  # his file is cut
            continue
        notebook = nbformat.reads(submission(sample, source, release), as_version=4)
        given[name] = {label["grade_id"]: cell.source for cell in notebook.cells
                       if (label := cell.metadata.get("nbgrader", {})).get("solution")}  # fmt: skip
    honest = similarity.compare(given, template, written)
    assert all(pair.surprise < 10 for pair in honest.pairs)
    given["copy"] = given["ada"] | {"linear": renamed(given["blaise"]["linear"])}
    found = similarity.compare(given, template, written)
    assert names(found, 1) == [{"blaise", "copy"}] and found.pairs[0].surprise > 10
    assert [match.question for match in found.pairs[0].matches] == ["linear"]


def test_what_says_nothing_does_not_count():
    """Are stubs, answers too short for a fingerprint, and what a quarter of the class wrote left out?"""
    assert similarity.compare({name: dict(TEMPLATE) for name in "ab"}, TEMPLATE).pairs == []
    short = {"relu": "def relu(x):\n    return np.maximum(x, 0)"}
    assert similarity.compare({"a": short, "b": dict(short)}, TEMPLATE).pairs == []
    alike = {name: {"linear": LONG} for name in "abc"}
    assert len(similarity.compare(alike, TEMPLATE).pairs) == 3
    assert similarity.compare(alike | {"d": {"linear": LONG}}, TEMPLATE).pairs == []  # four of four
    rest = {f"x{i}": {} for i in range(12)}
    assert len(similarity.compare(alike | {"d": {"linear": LONG}} | rest, TEMPLATE).pairs) == 6  # four of sixteen


def test_repeated_lines():
    """Is code that repeats itself compared, also if the template repeats itself? Copydetect alone fails here."""
    block = "    for i in range(len(x)):\n        total = total + x[i]\n"
    template = {"q": f"def f(x):\n{block}{block}    raise NotImplementedError()"}
    text = "def f(x):\n    y = []\n" + "    while len(y) < 10 and x[0] > 3:\n        y.append(x.pop() * 2)\n" * 2
    found = similarity.compare({"a": {"q": text}, "b": {"q": text + block}}, template)
    match = found.pairs[0].matches[0]
    assert match.share[0] == 1 and match.share[1] > 0.7
    start, end = match.passages[0][0]
    assert match.texts[0][start:end].count("while") == 2


def test_written_answers_are_compared_as_text():
    """Is prose compared word for word, whatever its line breaks, and not as code?"""
    text = "A second layer without a bend in between is again one linear step, so nothing is gained by it at all."
    other = "Two linear maps compose to a linear map. One needs a nonlinearity for boundaries that are not straight."
    given = {"a": {"w": text}, "b": {"w": text.replace(" ", "\n")}, "c": {"w": other}, "d": {"w": other[::-1]}}
    found = similarity.compare(given, {"w": "YOUR ANSWER HERE"}, {"w"})
    assert names(found, 5) == [{"a", "b"}] and found.pairs[0].matches[0].same
    # the same sentence with other words is code of the same shape: names would be made equal
    changed = {"a": {"w": text}, "b": {"w": re.sub(r"[a-z]+", "word", text)}}
    assert similarity.compare(changed, {}, {"w"}).pairs == []


@pytest.mark.parametrize("text", ["def f(:\n  return ((((", "'''never ends", "\x00\x01\ud800", "\n \n" * 9000,
                                  "é" * 30_000, "(" * 30_000, '"""' * 9000, "", None, 7])  # fmt: skip
@pytest.mark.timeout(30)
def test_strange_answers(text):
    """Is an answer that is no Python, no text, or far too long compared like any other, in bounded time?"""
    given = {"a": {"q": text}, "b": {"q": text}, "c": {"q": LONG}, "d": None, "e": {"q": LONG}}
    found = similarity.compare(given, {"q": None})
    assert {"c", "e"} in names(found, 20) and set(found.closest) == set("abcde")


def test_nobody_and_one():
    """Is a class of none or one without pairs?"""
    assert similarity.compare({}, {}) == similarity.Similarity([], {}, 3)
    assert similarity.compare({"a": {"q": LONG}}, {}) == similarity.Similarity([], {"a": 0.0}, 3)


@pytest.mark.slow
def test_same_in_every_process():
    """Is the result the same with every seed of Python's string hashes?"""
    code = (
        "from tests.grading.report import made_up_class as m; from course.grading.report.similarity import compare; "
        "print(compare(m.sources(m.by_chance(40)), m.TEMPLATE))"
    )
    runs = [subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
                           capture_output=True, text=True, check=True).stdout for seed in ("1", "2")]  # fmt: skip
    assert runs[0] == runs[1] and "Match(" in runs[0]
