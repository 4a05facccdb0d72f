"""The slides of the five decks: one table a deck with id, title and kind of every slide; no slide text."""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
# A slide of one of these kinds needs code that runs, or an explorer; for the others prose may be enough.
NEEDS_CODE = {"formula", "worked-example", "code", "demo", "exercise", "figure"}


class Slide(NamedTuple):
    """One row of a deck's table. `kind` is title, history, concept, figure, formula, code, demo, ... or skip."""

    id: str
    title: str
    kind: str


def decks():
    """Return the names of the decks, such as "cmu-l10", sorted."""
    return sorted(path.stem for path in HERE.glob("*.tsv"))


def slides(deck):
    """Return the slides of a deck, in order. ValueError for a deck that the course does not know."""
    if deck not in decks():
        raise ValueError(f"deck must be one of {', '.join(decks())}; got {deck!r}")
    lines = (HERE / f"{deck}.tsv").read_text(encoding="utf-8").splitlines()
    return [Slide(*line.split("\t")) for line in lines[1:]]


def slide_ids(cell):
    """Return the slide ids that a notebook cell carries in its metadata, or an empty list."""
    return list(cell.get("metadata", {}).get("course", {}).get("slides", []))
