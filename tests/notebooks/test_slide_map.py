"""The lectures and the tables of slides agree, both ways: no slide is missing, no id is invented."""

import nbformat
import pytest

from course.notebooks.canonical import read
from course.slides import NEEDS_CODE, decks, slide_ids, slides
from tests.notebooks.executed import LECTURES, executed

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes"}
# slides of a kind that needs code, where a sentence is what the course wants
PROSE = {
    "cmu-l10-004": "a photograph of a match: one line of prose",
    "cmu-l10-010": "captions that went wrong: a check-yourself question",
}


def deck_of(slide_id):
    return slide_id.rpartition("-")[0]


def carried(notebook):
    """Return a dict: slide id -> the cells that carry it."""
    found = {}
    for cell in notebook.cells:
        for slide_id in slide_ids(cell):
            found.setdefault(slide_id, []).append(cell)
    return found


def has_output(cell):
    """Does the executed cell show something: a picture, a table, an explorer, text?"""
    outputs = cell.get("outputs", [])
    return any(output.output_type != "stream" or output.text.strip() for output in outputs)


def missing(deck, found):
    """Return the ids of the deck that no cell carries."""
    return [slide.id for slide in slides(deck) if slide.kind != "skip" and slide.id not in found]


def without_code(deck, found, shown=lambda cell: True):
    """Return the ids that need a code cell, for which `shown` holds, and have none."""
    return [
        slide.id
        for slide in slides(deck)
        if slide.kind in NEEDS_CODE
        and slide.id not in PROSE
        and not any(cell.cell_type == "code" and shown(cell) for cell in found.get(slide.id, []))
    ]


def lectures_of(deck):
    """Return the lectures that carry slides of the deck: one, or one a session of the workshop."""
    return [path for path in LECTURES if any(deck_of(slide_id) == deck for slide_id in carried(read(path)))]


DECKS = [deck for deck in decks() if lectures_of(deck)]


def collect(deck, load=read):
    """Return the dict of `carried` over all lectures of the deck."""
    found = {}
    for path in lectures_of(deck):
        for slide_id, cells in carried(load(path)).items():
            found.setdefault(slide_id, []).extend(cells)
    return found


def test_lectures_carry_decks():
    """Is there at least one lecture with slides? Otherwise the tests below would test nothing."""
    assert "cmu-l10" in DECKS


@pytest.mark.parametrize("deck", DECKS)
def test_no_slide_is_missing(deck):
    """Does every slide of the deck have a cell?"""
    assert missing(deck, collect(deck)) == []


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_no_id_is_invented(path):
    """Does every slide id in a cell name a slide?"""
    known = {slide.id for deck in decks() for slide in slides(deck)}
    assert sorted(set(carried(read(path))) - known) == []


@pytest.mark.parametrize("deck", DECKS)
def test_kinds_have_code(deck):
    """Has every formula, example, code, demo, exercise and figure slide a code cell?"""
    assert without_code(deck, collect(deck)) == []


@pytest.mark.slow
@pytest.mark.parametrize("deck", DECKS)
def test_code_shows_something(deck):
    """After execution, does a code cell of each such slide have an output?"""
    assert without_code(deck, collect(deck, executed), has_output) == []


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_every_cell_has_its_place_in_the_presentation(path):
    """Can the notebook be shown as slides: does each cell say what it is there?"""
    types = {cell.id: cell.metadata.get("slideshow", {}).get("slide_type") for cell in read(path).cells}
    assert {cell_id: kind for cell_id, kind in types.items() if kind not in SLIDE_TYPES} == {}


def test_the_map_is_refused_when_it_is_wrong():
    """Would the tests above notice a missing slide, a figure without code, and code that shows nothing?"""
    text = nbformat.v4.new_markdown_cell("x", metadata={"course": {"slides": ["cmu-l10-001", "cmu-l10-006"]}})
    code = nbformat.v4.new_code_cell("1", metadata={"course": {"slides": ["cmu-l10-033"]}})
    found = carried(nbformat.v4.new_notebook(cells=[text, code]))
    assert "cmu-l10-002" in missing("cmu-l10", found) and "cmu-l10-001" not in missing("cmu-l10", found)
    assert "cmu-l10-006" in without_code("cmu-l10", found) and "cmu-l10-033" not in without_code("cmu-l10", found)
    assert "cmu-l10-033" in without_code("cmu-l10", found, has_output)


def test_prose_exceptions_exist():
    """Is every exception a slide that needs code otherwise?"""
    kinds = {slide.id: slide.kind for deck in decks() for slide in slides(deck)}
    assert all(kinds[slide_id] in NEEDS_CODE for slide_id in PROSE)
