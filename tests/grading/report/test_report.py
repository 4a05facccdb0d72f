"""The page about a graded class: right numbers, and nothing in it that a student has made to act."""

import json
import math
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course.figures.style import CLASS_COLORS
from course.grading.classroom.gradebook import Marks
from course.grading.report import findings
from course.grading.report import page as report
from course.grading.report.answers import written_in
from tests.grading.report import made_up_class as made_up
from tests.grading.report.made_up_class import TEMPLATE

ROOT = Path(__file__).parents[3]
VOID = {"meta", "rect", "path"}  # `rect` and `path` close themselves
EVIL = (
    "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;\x00\x1b[31m\u202e\ud800{{ 7*7 }}javascript:x"
)


class Page(HTMLParser):
    """The elements of a page; an AssertionError where one does not fit into the other."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def section(html, name):
    """The part of the page below a heading, as plain words."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', html, re.DOTALL)[1]
    return " ".join(Page(re.sub("(?=</t[dh]>)", " ", found)).text.split())


def page(records, marks, answers=None, **rest):
    """The page of a class whose answers do not matter."""
    return report.page("ps1", records, marks, answers or {}, TEMPLATE, **rest)


@pytest.fixture(scope="module")
def small():
    """(records, marks, answers) of a class of twelve, with something for every part of the page."""
    choices = made_up.by_chance(12)
    records, marks = made_up.graded(choices)
    answers = made_up.sources(choices)
    answers["s009"] = dict(answers["s002"])
    records["s003"]["isolation"] = "weak"
    records["s004"]["attempts"] = ["imported torch", "reached for the network"]
    records["s005"]["repairs"] = ["The file is cut or damaged: 12 complete cells could be read, the rest is lost."]
    records["s006"]["repairs"] = ["The file is cut or damaged: 3 complete cells could be read, the rest is lost.",
                                  "In the locked cell 'x' the student defined 'f'; this is left out."]  # fmt: skip
    records["s007"]["usage"] = {"reason": "cpu time", "cpu": 120.0, "wall": 130.0}
    records["s007"]["notes"] = ["the cell relu took too long"]
    marks[8] = Marks("s008", None, marks[8].maximum)
    return records, marks, answers


def test_histogram():
    """Are the bins as narrow as 1, 2 or 5 times a power of ten, do they hold everything, and reach the end?"""
    bins = findings.histogram([0, 1.99, 2, 22, 23], 23)
    assert [b.low for b in bins] == list(range(0, 24, 2)) and bins[-1].high == 24
    assert [b.count for b in bins] == [2, 1] + [0] * 9 + [2]
    assert [(b.low, b.high, b.count) for b in findings.histogram([0.3, 0.6], most=2)] == [(0, 0.5, 1), (0.5, 1, 1)]
    assert findings.histogram([0, 0]) == [findings.Bin(0, 0.001, 2)] and findings.histogram([]) == []
    assert sum(b.count for b in findings.histogram([i / 7 for i in range(500)])) == 500


def test_summary():
    """Are students counted as what they are: full marks, without a mark, waiting for a hand?"""
    marks = [Marks("a", {"q-test": 2.0, "r-test": 2.0}, 4.0), Marks("b", {"q-test": 1.0, "r-test": None}, 4.0, 3.0),
             Marks("c", None, 4.0, 3.0)]  # fmt: skip
    found = findings.summary({"a": {"isolation": "bubblewrap"}, "d": {}}, marks)
    assert found == {"handed_in": 4, "graded": 2, "without": 2, "maximum": 4.0, "full": 1, "mean": 2.5, "median": 2.5,
                     "waiting": 1, "isolation": {"bubblewrap": 1}}  # fmt: skip


def test_questions():
    """Is an answer full, part, without a mark, or no answer, and are shares those of the graded ones?"""
    record = {"maximum": {"q-test": 2.0, "r-test": 4.0}, "answers": {"q": "answered", "r": "unchanged"}}
    points = {
        "a": {"q-test": 2.0, "r-test": 4.0},
        "b": {"q-test": 1.0, "r-test": 0.0},
        "c": {"q-test": 0.0, "r-test": 1},
    }
    marks = [Marks(name, given, 6.0) for name, given in points.items()] + [Marks("d", None, 6.0)]
    first, second = findings.questions(dict.fromkeys("abcd", record), marks)
    assert (first["name"], first["share"], first["graded"]) == ("q", 0.5, 3)
    assert first["states"] == {"full": 1, "partial": 1, "zero": 1, "unanswered": 0}
    assert second["states"] == {"full": 1, "partial": 1, "zero": 0, "unanswered": 1}
    assert math.isclose(second["share"], 5 / 12)


def test_written_answers():
    """Are written answers a row and a column of their own, without a share as long as some are not yet read?"""
    of = {"essay": 3.0}
    marks = [Marks("a", {"q-test": 2.0}, 2.0, 0.0, {"essay": 1.5}, of),
             Marks("b", {"q-test": 2.0}, 2.0, 3.0, {"essay": None}, of), Marks("c", None, 2.0, written_of=of)]
    records = {name: {"maximum": {"q-test": 2.0}} for name in "abc"}
    row = findings.questions(records, marks)[1]
    assert (row["name"], row["maximum"], row["share"], row["graded"], row["waiting"]) == ("essay", 3.0, None, 1, 1)
    assert row["states"] == {"full": 0, "partial": 1, "zero": 0, "unanswered": 0}
    assert findings.questions(records, marks[:1])[1]["share"] == 0.5
    rows = {row["name"]: row for row in findings.students(records, marks)}
    assert (rows["a"]["score"], rows["a"]["cells"]) == (3.5, [(2.0, "full"), (1.5, "partial")])
    assert (rows["b"]["score"], rows["b"]["cells"][1]) == (2.0, (None, "waiting"))
    assert rows["c"]["cells"] == [(None, ""), (None, "")]
    html = page(records, marks)
    assert "a 3.5 2 1.5" in section(html, "students") and "b 2 2 …not yet read" in section(html, "students")
    assert "essay 3 – –" in section(html, "questions") and "2 graded; the mean is 2.8 of 5" in section(html, "summary")


def test_mistakes():
    """Does a student count once a hint, however many cases failed, and are the most frequent first?"""

    def said(*hints):
        return {"records": {"q-test": [{"results": [
            {"passed": hint is None, "hint": hint or "", "mistake": "m" if hint else "", "message": f"got {hint!r}"}
            for hint in hints]}]}}  # fmt: skip

    records = {"a": said("axis", "axis", None), "b": said("", "axis"), "c": said("", ""), "d": said(None), "e": {}}
    records |= {"f": said(""), "g": said("")}
    found = findings.mistakes(records)
    assert [(g["hint"], g["students"]) for g in found] == [("axis", ["a", "b"]), ("", ["c", "f", "g"])]
    assert found[0]["mistake"] == "m" and found[1]["example"] == "got ''"


def test_a_test_that_broke_off_says_why():
    """Is the reason counted as a mistake, also where there is no record at all?"""
    lost = {"reasons": {"q-test": "`q` is not defined"}}
    found = findings.mistakes({"a": lost, "b": {**lost, "records": {"q-test": []}}, "c": {"reasons": {"q-test": 3}}})
    assert [(g["question"], g["hint"], g["students"]) for g in found] == [("q", "`q` is not defined", ["a", "b"])]


def test_repairs_are_grouped(small):
    """Are repairs of one kind together, whatever names and numbers stand in them?"""
    rows = findings.students(*small[:2])
    assert [(kind, list(students)) for kind, students in findings.grouped(rows, "repairs")] == [
        ("The file is cut or damaged", ["s005", "s006"]),
        ("In the locked cell … the student defined …; this is left out", ["s006"]),
    ]


def test_page_says_it_all(small):
    """Does each part of the page hold its numbers, in its order?"""
    html = page(*small, made="on 3 May", title="Sheet 1")
    headings = re.findall(r"<h2 id=\"(\w+)\"", html)
    assert headings == ["summary", "distribution", "questions", "mistakes", "students", "slowest", "repairs",
                        "attempts", "alike"]  # fmt: skip
    scores = [m.score for m in small[1] if m.points is not None]
    text = section(html, "summary")
    assert f"12 submissions, 11 graded; the mean is {sum(scores) / 11:.1f} of 22 points" in text
    assert "Graded in weak mode: 1 submission." in text and "s003" in text
    assert "1 submission tried what no answer needs" in text
    assert "How many students" in section(html, "distribution")
    assert "softmax-cross-entropy-backward" in section(html, "questions")
    assert "exp overflows for large logits" in section(html, "mistakes")
    text = section(html, "students")
    assert "stopped by the limit on cpu time" in text and "s008 none ?" in text
    assert section(html, "slowest").index("s007 130 120 cpu time") < section(html, "slowest").index("s011")
    assert "2 students: The file is cut or damaged" in section(html, "repairs")
    assert "s004 imported torch; reached for the network" in section(html, "attempts")
    text = section(html, "alike")
    assert "a reason to look, never a proof" in text and re.search(r"s002 and s009 [\d.]+ yes 100 % 100 %", text)
    assert "<h1>Sheet 1</h1>" in html and "Made on 3 May." in html
    quiet = page({"a": {"isolation": "bubblewrap"}}, [])
    assert 'class="warning"' not in quiet and 'class="warning"' in html


def test_page_is_for_everybody(small):
    """Has every table a caption and scopes, every picture a name, and is nothing loaded from anywhere?"""
    html = page(*small)
    found = Page(html)
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) >= 6 and all("<caption>" in table for table in tables)
    assert all(attributes.get("scope") in ("row", "col") for attributes in found.all("th"))
    for picture in found.all("svg"):
        assert picture.get("aria-hidden") or (
            picture["role"] == "img" and picture.keys() & {"aria-label", "aria-labelledby"}
        )
    identifiers = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for _, attributes in found.elements:
        for name in ("aria-labelledby",):
            assert set(attributes.get(name, "").split()) <= set(identifiers)
    assert {a["href"][1:] for a in found.all("a")} <= set(identifiers)
    assert not re.search(r"https?:|url\(|@import|src=", html)
    assert len(found.all("script")) == 1 and found.all("html") == [{"lang": "en"}]


def test_colours():
    """Are bars drawn in the course's colours for colour-blind readers, in light and dark?"""
    css = report.TEMPLATE.read_text(encoding="utf-8")
    used = set(re.findall(r"--(?:full|partial|zero|unanswered): (#\w+);", css))
    assert len(used) == 4 and used <= set(CLASS_COLORS)


def with_text(one, evil):
    """A record of a check whose messages and hints are `evil`."""
    return one | {"results": [r | {"message": evil, "hint": r["hint"] and evil} for r in one["results"]]}


def evil_class(evil):
    """A class in which every text that a student can choose is `evil`."""
    choices = made_up.by_chance(3)  # what four of four write would be common
    records, marks = made_up.graded(choices)
    answers = {}
    for student, mark in zip(list(records), list(marks), strict=True):
        name = f"{student}{evil}"
        record = records.pop(student) | {"repairs": [evil] * 3, "notes": [evil], "attempts": [evil] * 9}
        record["records"] = {test: [with_text(one, evil) for one in both] for test, both in record["records"].items()}
        records[name], marks[marks.index(mark)] = record, Marks(name, mark.points, mark.maximum)
        code = "    y = [x for x in range(10) if x > 3 and x * x < 1000]\n"
        answers[name] = {"linear": f"{evil}\n# {student}\ndef linear(x):\n{code}{evil}", f"q{evil}": evil}
    return records, marks, answers


def test_nothing_of_a_students_acts():
    """Is every text of a student's shown as text, without what cannot be seen, and is the page still a page?"""
    html = page(*evil_class(EVIL), links={})
    assert html.encode("utf-8").decode("utf-8") == html
    assert not report._INVISIBLE.search(html.replace("\n", ""))
    found, plain = Page(html), Page(page(*evil_class("plain"), links={}))
    assert {tag for tag, _ in found.elements} == {tag for tag, _ in plain.elements}
    assert len(found.all("script")) == 1 and found.all("img") == []
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert {a["href"][0] for a in found.all("a")} == {"#"}
    assert "<script>alert('x')</script>\"'>" in section(html, "alike") and len(found.all("mark")) > 2
    assert "<script>alert('x')" in found.text and "{{ 7*7 }}" in found.text and "49javascript" not in found.text
    assert "script-src 'sha256-" in found.all("meta")[2]["content"]


def test_marked_passages():
    """Are passages marked where they are, also if they overlap or lie outside, and is everything escaped?"""
    assert report.marked("<a> & <b>", [(4, 5), (2, 3)]) == "&lt;a<mark>&gt;</mark> <mark>&amp;</mark> &lt;b&gt;"
    assert report.marked("abcd", [(0, 2), (1, 3), (9, 12)]) == "<mark>ab</mark><mark>c</mark>d"
    assert report.marked("<\0" * 5000, [(0, 9000)]).count("&lt;\ufffd") == report.CODE / 2
    assert report.marked("", []) == ""


def test_long_texts_are_cut():
    """Does a page stay small if a few students write megabytes everywhere?"""
    assert len(page(*evil_class("<" * 1_000_000))) < 2_000_000


@pytest.mark.parametrize("record", [None, {}, {"points": None, "records": None, "usage": None, "notes": None},
                                    {"usage": {"cpu": None, "wall": "?", "reason": None}, "maximum": {"q-test": None}},
                                    {"records": {"q-test": None, "r-test": [None, {}, {"results": [None, {}]}]}},
                                    {"repairs": [None, 7], "attempts": "text", "isolation": 7}])  # fmt: skip
def test_missing_fields(record):
    """Is an old record, or one that could not be read, no reason for no page?"""
    marks = [Marks("a", {"q-test": None}, 2.0), Marks("b", None, 2.0), Marks("c", {"q-test": 1.0}, 2.0)]
    for given in ({}, {"a": record}, {name: record for name in "abcd"}):
        html = page(given, marks)
        assert "Students" in Page(html).text
    Page(page({}, []))
    Page(report.page("ps1", None, [], None, None))


@pytest.mark.slow
def test_same_input_same_bytes(small, tmp_path):
    """Does the same class give the same page, and no half page, in a process with other string hashes?"""
    code = (
        "import sys; from tests.grading.report import made_up_class as m; from course.grading.report import page; "
        "c = m.by_chance(6); page.write(sys.argv[1], 'ps1', *m.graded(c), m.sources(c), m.TEMPLATE)"
    )
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / seed / "report.html")], cwd=ROOT,
                              env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True)  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert [path.name for path in (tmp_path / seed).iterdir()] == ["report.html"]
    first, second = ((tmp_path / seed / "report.html").read_bytes() for seed in ("1", "2"))
    assert first == second and len(first) > 20_000


def test_links_to_feedback(tmp_path):
    """Are feedback pages linked that exist, by a relative address that no name can turn into another?"""
    name = 'java"script: <x> #é'
    there = tmp_path / "feedback" / name / "ps1.html"
    there.parent.mkdir(parents=True)
    there.touch()
    marks = [Marks(name, {"q-test": 1.0}, 2.0), Marks("other", {"q-test": 1.0}, 2.0)]
    feedback = {name: there, "other": tmp_path / "feedback/other/ps1.html"}
    written = report.write(tmp_path / "reports/ps1.html", "ps1", {}, marks, {}, {}, feedback=feedback)
    links = [a["href"] for a in Page(written.read_text(encoding="utf-8")).all("a") if not a["href"].startswith("#")]
    assert links == ["../feedback/java%22script%3A%20%3Cx%3E%20%23%C3%A9/ps1.html"]


def test_without_copydetect(small, monkeypatch):
    """Without the library, is the rest of the page there, and a sentence how to get it?"""
    monkeypatch.setitem(sys.modules, "copydetect", None)
    text = section(page(*small), "alike")
    assert text.endswith('copydetect is not installed. pip install "course[grade]" brings it.')


def test_answers_of_stored_notebooks(tmp_path):
    """Are answers read from a stored notebook, and is one that is not there no answer?"""
    path = tmp_path / "a.ipynb"
    answer = {"metadata": {"nbgrader": {"grade_id": "q", "solution": True}}, "source": ["a\n", "b"]}
    path.write_text(json.dumps({"cells": [answer, {"metadata": {}, "source": "c"}]}))
    assert written_in(path) == {"q": "a\nb"} and written_in(tmp_path / "b.ipynb") == {}


@pytest.mark.slow
def test_large_class(tmp_path):
    """Is the page of 500 students below 3 MB?"""
    choices = made_up.by_chance(500)
    records, marks = made_up.graded(choices)
    path = report.write(tmp_path / "report.html", "ps1", records, marks, made_up.sources(choices), TEMPLATE)
    assert path.stat().st_size < 3_000_000
    assert len(re.findall("<tr>", path.read_text(encoding="utf-8"))) > 500
