"""Do text and HTML say the same, and nothing of a hidden case's values?"""

import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from course.checks import told
from course.checks.record import Case, Record, Result
from course.checks.render import show, to_html, to_text

X = np.array([[1.25, -2.0]])
VISIBLE, HIDDEN = Case("one <row> & more", {"x": X}), Case("a secret row", {"x": X}, hidden=True)
RECORDS = {
    "not answered": Record("f", [], answered=False),
    "passed": Record("f", [Result(VISIBLE), Result(VISIBLE)]),
    "failed": Record("f", [Result(VISIBLE, "It is <b>wrong</b>.", "Think & try.", "sign", X * 2, -X)]),
    "two outputs": Record("f", [Result(VISIBLE, "wrong", "", "", {"a": X, "b": 1.0}, {"a": -X, "b": 1.0})]),
    "nearly the same": Record("f", [Result(VISIBLE, "wrong", "", "", {"a": 1e-9}, {"a": 1.0000001e-9})]),
    "nothing back": Record("f", [Result(VISIBLE, "It returned None.", "", "", X, None)]),
    "hidden": Record("f", [Result(HIDDEN), Result(HIDDEN, "It is 4711.", "Think.", "", X * 7.5, X * 9.5, 3.25,
                                                  failure="values", output="grad_x")]),
}


def _strip(html):
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("name", RECORDS)
def test_both_forms_say_the_same(name):
    """Does every word of the text stand in the HTML, escaped, in well-formed tags?"""
    text, html = to_text(RECORDS[name]), to_html(RECORDS[name])
    words = re.findall(r"[\w.-]+", text)
    assert words and set(words) <= set(re.findall(r"[\w.-]+", _strip(html)))
    assert "<b>" not in html and "<row>" not in html
    stack = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            stack.append(tag)

        def handle_endtag(self, tag):
            assert stack.pop() == tag

    Tags().feed(html)
    assert not stack


def test_colour_is_never_alone():
    """Does a mark stand beside the colour of the border?"""
    assert "✓" in to_html(RECORDS["passed"]) and "✗" in to_html(RECORDS["failed"])


def test_what_a_failure_shows():
    """Are case, inputs, both values with shape and type, hint and a line to try there?"""
    text = to_text(RECORDS["failed"])
    for part in ("f: 0 of 1 case passed", "one <row> & more", "x: float64 array of shape (1, 2)", "expected: ", "got: ",
                 "Hint: Think & try.", "f(*failed_case.arguments)", "1.25"):  # fmt: skip
        assert part in text
    assert "got" not in to_text(RECORDS["nothing back"])
    assert "b = " not in to_text(RECORDS["two outputs"]) and "a = " in to_text(RECORDS["two outputs"])
    assert "a = " in to_text(RECORDS["nearly the same"])


def test_hidden_shows_kind_and_hint_only():
    """Are the kind of the case and the hint there, and no value?"""
    for shown in (to_text(RECORDS["hidden"]), to_html(RECORDS["hidden"])):
        assert "a secret row" in shown and "Think." in shown and "not all of the 2 hidden cases passed" in shown
        assert f"grad_x: {told.SENTENCES['values']}" in shown
        assert not re.search(r"4711|1\.25|9\.375|11\.875|failed_case|1 of 2", shown)


@pytest.mark.parametrize("value, text", [
    (1.5, "1.5"), (np.float32(0.1), "0.1"), (True, "True"), (7, "7"), (None, "None"), ("a list", "a list"),
    ((1.5, None), "(1.5,\n None)"), ([1.5], "[1.5]"), (np.array(2.0), "array(2.)"),
    (np.array([1, 2]), "int64 array of shape (2,)\n[1 2]"), (np.zeros(100), "float64 array of shape (100,)"),
    (np.array([1j]), "complex128 array of shape (1,)"), ({"z": 1.0}, "z = 1"),
], ids=str)  # fmt: skip
def test_show(value, text):
    """Is a value shown short, an array with shape and type?"""
    assert show(value) == text
