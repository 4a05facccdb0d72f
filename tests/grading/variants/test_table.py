"""`make mutants`: the table counts what got away, and says its name."""

import sys

import pytest

from tests.grading.variants import __main__ as table
from tests.grading.variants.sets import ASKED


def test_a_row(monkeypatch, capsys):
    """Does a row count all answers to a question, and the table end well where nothing got away?"""
    monkeypatch.setattr(sys, "argv", ["mutants", "--question", "relu", "--secrets", "1"])
    assert table.main() is False
    said = capsys.readouterr().out.split("\n")
    asked = next(asked for asked in ASKED if asked.name == "relu")
    _, wrong, caught, *_, told, _, of = said[1].split()
    assert int(wrong) == int(caught) == len(asked.variants("wrong")) and told == of
    assert "nothing got away" in said[2]


def test_what_got_away_is_named(monkeypatch, capsys):
    """Is a right answer among the wrong ones, and a wrong one among the right ones, named, with status 1?"""
    asked = next(asked for asked in ASKED if asked.name == "relu")
    variants = {"wrong": {"wrong_not_so": asked.solution}, "right": {"right_not_so": lambda x: x}}
    monkeypatch.setattr(type(asked), "variants", lambda self, kind: variants[kind])
    monkeypatch.setattr(sys, "argv", ["mutants", "--question", "ps1-relu", "--secrets", "1"])
    assert table.main() is True
    said = capsys.readouterr().out
    assert "ps1-relu: wrong_not_so" in said and "ps1-relu: right_not_so" in said


def test_an_unknown_question(monkeypatch, capsys):
    """Are the questions listed where the asked one does not exist?"""
    monkeypatch.setattr(sys, "argv", ["mutants", "--question", "gelu"])
    with pytest.raises(SystemExit):
        table.main()
    assert "ps1-softmax" in capsys.readouterr().err
