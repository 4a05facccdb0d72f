"""Submission in, the instructor's notebook with the student's answers out, and what had to be repaired.

The result has the cells of the instructor's notebook, in its order and with its texts. Only what students are asked to
write comes from the submission: the answers, and cells of their own, which keep their place. The rules:

* Two versions of an answer: one that differs from the released stub counts, of several the last one that defines the
  function asked for. Versions that define different functions of one answer (a cell that was split) are joined.
  A copy that defines none of them is no version but a cell of the student's own.
* An answer that is not in its cell, while its function is defined in another one (cells were merged, or the student
  wrote below the stub): that definition is graded. If it stands before the answer's place a comment says so there,
  since the stub would hide it; a cell of the student's own that comes later is moved there; of another answer that
  comes later a copy goes there, so that it is defined before it is tested.
* A locked cell with other text: the original is used. A function in it that is needed and defined nowhere else is
  taken as the answer. A changed copy of a locked cell that is also there unchanged is a cell of the student's own.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from course.grading.rebuild.match import Match
from course.grading.rebuild.released import CODE_STUB, TEXT_STUB, defined, parts, plain
from course.grading.rebuild.tidy import tidy
from course.grading.rebuild.versions import Choice, Place, listed, quote, say


@dataclass
class Rebuilt:
    """notebook: what is graded. repairs: sentences for the teacher. answers: grade_id -> "missing", "unchanged" or
    "answered". unused: grade_id -> versions of an answer that are not graded."""

    notebook: Mapping
    repairs: list
    answers: dict
    unused: dict = field(default_factory=dict)


def rebuild(submitted, source, code_stub=CODE_STUB, text_stub=TEXT_STUB):
    """Return the Rebuilt of a submission (a notebook, or None if there was nothing to read) by the instructor's source.

    code_stub, text_stub: what nbgrader's ClearSolutions puts in the place of solutions. Nothing raises, whatever was
    submitted; the same input gives the same result. Nothing of the student's is run or parsed.
    """
    repairs = []
    cells = _rejoin(tidy(submitted, repairs).cells, repairs) if isinstance(submitted, Mapping) else []
    match = Match(parts(source, code_stub, text_stub), cells)
    if not any(cell.source.strip() for cell in cells):
        repairs.append("There is nothing to grade: every answer is missing.")
    elif _is_foreign(match):
        repairs.append("This is no notebook of this assignment: none of its cells was found, every answer is missing.")
        match = Match(match.parts, [])
    choice = Choice(match, repairs)
    own = _locked_cells(match, choice, repairs)
    _say_labels(match, choice, repairs)
    layout = choice.look_elsewhere(_layout(match, choice, own, repairs))
    choice.say_what_is_missing()
    return Rebuilt(_notebook(source, layout), repairs, choice.states, choice.unused)


def _rejoin(cells, repairs):
    """An answer cell that was split inside a function is one cell again."""
    joined, halves, again = [], [], []  # halves: the pieces of each of the joined cells
    for cell in cells:
        label = _label(cell)
        half = joined and label and _label(joined[-1]) == label and joined[-1].cell_type == cell.cell_type == "code"
        if half and halves[-1][0].strip() and cell.source.strip("\n")[:1] in (" ", "\t"):
            halves[-1].append(cell.source.strip("\n"))
            again.append(label)
        else:
            joined.append(cell)
            halves.append([cell.source])
    for cell, pieces in zip(joined, halves, strict=True):
        if len(pieces) > 1:
            cell.source = "\n".join([piece.rstrip("\n") for piece in pieces])
    say(repairs, "Answers that were split inside a function, and are joined again: {}.", again)
    return joined


def _is_foreign(match):
    """Whether nothing but a label that every assignment may have, such as "setup", speaks for this assignment."""
    ids = {part.cell_id for part in match.parts}
    texts = {plain(part.released) for part in match.parts if not part.is_answer} - {""}
    known = {part.name for part in match.parts}
    labels = {_label(cell) for cell in match.cells} - {None}
    return not (
        any(cell.id in ids for cell in match.cells)
        or any(text in texts for text in match.texts)
        or any(match.needed(u) for u in range(len(match.cells)))
        or (labels and labels <= known)
    )


def _locked_cells(match, choice, repairs):
    """Give all cells that are no answers the source's text, and say where the submission had another.

    Returns the cells that are the student's own though they are versions of a part: {submitted cell: part}.
    """
    edited, copied, tests, others = [], [], [], []
    own = {}
    relabelled = {label for label, home in zip(match.label, match.home, strict=True) if label != home}
    for part in match.parts:
        if part.is_answer:
            continue
        versions = match.versions[part.index]
        choice.places[part.index] = Place(part, part.source)
        choice.chosen[part.index] = versions[:1]
        changed = [u for u in versions if match.texts[u] not in (plain(part.released), plain(part.source))]
        if part.role == "plain":  # students may write in it: the original, and behind it what they made of it
            own |= dict.fromkeys(changed, part.index)
        elif changed:
            edited.append(part.name)
            names = sorted(match.names[changed[0]] - defined(part.source)) if part.cell_type == "code" else []
            if names:
                name = quote(part.name)
                repairs.append(f"In the locked cell {name} the student defined {listed(names)}; this is left out.")
        elif not versions:
            (edited if part.index in relabelled else tests if part.role == "test" else others).append(part.name)
        copied += [part.name] if len(versions) > 1 else []
    say(repairs, "Locked cells whose text was changed; the original is used: {}.", edited)
    say(repairs, "Locked cells that are there several times, of which one is used: {}.", copied)
    say(repairs, "Test cells that were deleted, and are put back: {}.", tests)
    say(repairs, "Other cells of the assignment that were deleted, and are put back: {}.", others)
    return own


def _say_labels(match, choice, repairs):
    """Say which cells were found without the help of their labels, and what was changed in labels."""
    names = [part.name for part in match.parts if part.index in match.found]
    say(repairs, "Found by text or place, since their labels (metadata) were lost or wrong: {}.", names)
    changed = []
    for part in match.parts:
        for u in choice.chosen[part.index]:
            given = match.cells[u].metadata.get("nbgrader", {})
            label = match.label[u]
            if part.is_answer and label is not None and not match.parts[label].is_answer:
                repairs.append(f"The locked cell {quote(match.parts[label].name)} held the answer {quote(part.name)}, "
                               "which is graded.")  # fmt: skip
            if label == part.index and any(
                key != "grade_id" and value != part.nbgrader.get(key, False) for key, value in given.items()
            ):
                changed.append(part.name)
    say(repairs, "Points or locks that were changed in the file; those of the assignment count: {}.", changed)
    unknown = [_label(cell) for u, cell in enumerate(match.cells) if match.label[u] is None and _label(cell)]
    say(repairs, "Labels (grade_id) that this assignment does not have: {}.", unknown)


def _layout(match, choice, own, repairs):
    """Return the places in the order of the source, each own cell behind the cell that it followed."""
    first = {us[0]: index for index, us in choice.chosen.items() if us}
    sequence = [first[u] for u in sorted(first)]
    moved = [match.parts[index].name for index in sorted(set(sequence) - _longest_rising(sequence))]
    say(repairs, "Cells that were moved, and are back in their place: {}.", moved)
    home = [index if u not in own else None for u, index in enumerate(match.home)]
    behind = {index: [] for index in (-1, *sorted(choice.places))}
    anchor = next((index - 1 for index in home if index is not None), -1)
    for u, cell in enumerate(match.cells):
        if home[u] is not None:
            anchor = home[u]
        elif cell.source.strip():
            anchor = own.get(u, anchor)
            names = match.names[u] if cell.cell_type == "code" else set()
            behind[anchor].append(Place(None, cell.source, cell, names))
    return behind[-1] + [place for index in sorted(choice.places) for place in (choice.places[index], *behind[index])]


def _notebook(source, layout):
    """Return a copy of the source with the texts of the layout and the student's own cells."""
    result, cells = copy.deepcopy(source), []
    taken, number = {cell.get("id") for cell in source.cells}, 0
    for place in layout:
        if place.part is not None:
            cell = result.cells[place.part.index]
        else:
            cell = copy.deepcopy(place.cell)
            cell.metadata = {"course": {"extra": True}}
            number += 1
            while f"extra-{number}" in taken:
                number += 1
            cell.id = f"extra-{number}"
        cell.source = place.text
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif place.part is not None and place.part.is_answer:  # the pictures in a written answer are the student's
            cell.pop("attachments", None)
            if place.cell is not None and "attachments" in place.cell:
                cell.attachments = copy.deepcopy(place.cell.attachments)
        cells.append(cell)
    result.cells = cells
    return result


def _label(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _longest_rising(sequence):
    """The members of the longest rising subsequence: the cells that were not moved."""
    best = []
    for i, value in enumerate(sequence):
        best.append(max(((best[j][0] + 1, j) for j in range(i) if sequence[j] < value), default=(1, None)))
    i = max(range(len(best)), key=lambda i: best[i][0], default=None)
    kept = set()
    while i is not None:
        kept.add(sequence[i])
        i = best[i][1]
    return kept
