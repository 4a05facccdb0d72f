"""The tables of slides: readable, in order, nothing twice."""

import re

import pytest

from course.slides import decks, slide_ids, slides


def test_decks():
    """Is the deck of lecture 1 there, with its 43 slides?"""
    assert "cmu-l10" in decks()
    assert len(slides("cmu-l10")) == 43


@pytest.mark.parametrize("deck", decks())
def test_rows(deck):
    """Has every row an id of the deck, in order and once, a title and a kind?"""
    rows = slides(deck)
    assert all(row.title and re.fullmatch(r"[a-z-]+", row.kind) for row in rows)
    assert all(row.id.startswith(deck + "-") for row in rows)
    assert [row.id for row in rows] == sorted({row.id for row in rows})


def test_an_unknown_deck_is_refused():
    """Does the error name the decks there are?"""
    with pytest.raises(ValueError, match="cmu-l10"):
        slides("cmu-l11")


def test_slide_ids_of_a_cell():
    """Are the ids read from the metadata, and is a cell without them fine?"""
    assert slide_ids({"metadata": {"course": {"slides": ["cmu-l10-001"]}}}) == ["cmu-l10-001"]
    assert slide_ids({"metadata": {}}) == slide_ids({}) == []
