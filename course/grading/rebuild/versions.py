"""Which of a student's texts is the answer to a question: there may be several, or none in the right place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.grading.rebuild.bounds import LONGEST_CODE
from course.grading.rebuild.released import essence

MISSING, UNCHANGED, ANSWERED = "missing", "unchanged", "answered"
MOST_NAMES = 12  # in one sentence
GAP = "\n\n\n"  # between texts that are put together


@dataclass
class Place:
    """A cell of the result: a Part of the assignment, or (part is None) the student's own `cell`."""

    part: object
    text: str
    cell: Mapping | None = None
    names: set = field(default_factory=set)  # what it defines when it is run


class Choice:
    """The places of all answers, each with the version that is graded.

    chosen[index] lists the submitted cells that were used for a part, states and unused are those of Rebuilt.
    """

    def __init__(self, match, repairs):
        self.match, self.repairs = match, repairs
        self.places, self.states, self.unused, self.chosen = {}, {}, {}, {}
        answers = [part for part in match.parts if part.is_answer]
        retyped, several, copied = [], [], []
        for part in answers:
            versions = match.versions[part.index]
            written = [u for u in versions if not match.is_stub(u, part)]
            chosen = self._last(part, written)
            self._place(part, versions, chosen)
            texts = {self._text(u) for u in chosen or versions[:1]}
            others = [text for text in map(self._text, written) if text not in texts]
            if others:
                self.unused[part.name] = list(dict.fromkeys(others))
                several.append(part.name)
            elif len(versions) > max(len(chosen), 1):
                copied.append(part.name)
            if any(match.cells[u].cell_type != part.cell_type for u in chosen):
                retyped.append(part.name)
        say(repairs, "Answers that were turned into another kind of cell; their text is used: {}.", retyped)
        say(repairs, "Answers that are there several times with different texts: {}. Of each the last one that defines "
            "what is asked for is graded; the others are kept in the report.", several)  # fmt: skip
        say(repairs, "Answers whose cell was copied; the copies add nothing and are left out: {}.", copied)

    def _last(self, part, written):
        """The last version, and earlier ones that define what it does not: the halves of a cell that was split."""
        chosen, open_names = [], set(part.names)
        for u in reversed(written):
            if self.match.names[u] & open_names:
                chosen.insert(0, u)
                open_names -= self.match.names[u]
        return chosen or written[-1:]

    def _place(self, part, versions, chosen):
        place, state = Place(part, part.released), MISSING
        stub = essence(part.released, part.cell_type)
        unchanged = [u for u in versions if essence(self._text(u), part.cell_type) == stub]
        if chosen:
            state, place.text = ANSWERED, GAP.join(self._text(u) for u in chosen)
            place.names = set().union(*(self.match.names[u] for u in chosen))
            place.cell = self.match.cells[chosen[-1]]
        elif unchanged:
            state, place.text = UNCHANGED, self._text(unchanged[0])
        self.places[part.index], self.states[part.name] = place, state
        self.chosen[part.index] = chosen or versions[:1]

    def _text(self, u):
        return self.match.cells[u].source

    def look_elsewhere(self, layout):
        """Grade definitions that stand in another cell than the answer's own. Returns the layout after that."""
        for part in [place.part for place in layout if place.part is not None and place.part.is_answer]:
            names = {name for name in part.names if self.match.owner.get(name) == part.index}
            if not names or self.states[part.name] == ANSWERED:
                continue
            place = self.places[part.index]
            here = next(i for i, other in enumerate(layout) if other is place)
            before = [other for other in layout[:here] if other.names & names]
            after, left = [], names - set().union(*(other.names for other in before))
            for other in layout[here + 1 :]:
                if other.names & left:
                    after.append(other)
                    left -= other.names
            if not before and not after:
                continue
            texts = [other.text for other in after]
            if left or names != part.names:  # the stub defines more: first the stub, then what the student wrote
                texts = [part.released, *_last(before), *texts]
            where = " and ".join(dict.fromkeys(_where(other) for other in before + after))
            place.text = GAP.join(texts) or f"# {', '.join(sorted(names))}: see {where}"
            place.names = set().union(*(other.names for other in after))
            layout = [other for other in layout if other.part is not None or not any(other is one for one in after)]
            self.states[part.name] = ANSWERED
            self.repairs.append(f"The answer {quote(part.name)} is not in its own cell: {listed(sorted(names - left))} "
                                f"is defined in {where}, and this definition is graded.")  # fmt: skip
        return layout

    def say_what_is_missing(self):
        """After look_elsewhere: which answers are not there."""
        gone, empty = [], []
        for part in self.match.parts:
            if part.is_answer and self.states[part.name] == MISSING:
                (empty if self.match.versions[part.index] else gone).append(part.name)
        say(self.repairs, "Answer cells that are empty; the released text is put back: {}.", empty)
        say(self.repairs, "Answer cells that are missing; the released text is put back: {}.", gone)


def say(repairs, sentence, names):
    """Add the sentence with the names in it, if there are any."""
    if names:
        repairs.append(sentence.format(listed(names)))


def listed(names):
    """The names, quoted, without repetition and not too many."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(map(quote, names[:MOST_NAMES])) + more


def quote(name):
    """The name in quotes; students may have written it, so it is kept short and printable."""
    return ascii(name if len(name) <= 60 else name[:57] + "...")


def _last(places):
    """The texts of the last places, as many as a code cell may have characters: each answer may get a copy of them."""
    texts, room = [], LONGEST_CODE
    for place in reversed(places):
        room -= len(place.text)
        if room < 0:
            break
        texts.insert(0, place.text)
    return texts


def _where(place):
    return f"the cell {quote(place.part.name)}" if place.part is not None else "a cell that the student added"
