"""Which cell of a submission is which cell of the assignment, when labels may be lost, swapped, copied or wrong.

In this order: by nbgrader's grade_id and the cell id, unless the text says otherwise; by the text itself for cells that
students do not write in; by the function that the cell defines; by the place between known neighbours; by similarity.
"""

import re
from collections import Counter

from course.grading.rebuild.released import defined, essence, plain

ALIKE = 0.6  # share of the words of a stub that a cell must hold to be taken for the answer to it
SAME = 0.75  # share of common words that makes an edited locked cell
READ = 20_000  # characters of a cell whose words are counted
_WORD = re.compile(r"\w+")


class Match:
    """The cells of a submission, in file order, and where each belongs.

    home[u] is the index of the Part that the submitted cell u is a version of, or None for a cell of the student's own.
    label[u] is what its metadata said, names[u] what its code defines. found: parts that were not found by a label.
    """

    def __init__(self, parts, cells):
        self.parts, self.cells = parts, cells
        self.texts = [plain(cell.source) for cell in cells]
        stubs = {essence(part.released, part.cell_type) for part in parts if part.names}
        self.names = [set() if essence(cell.source, "code") in stubs else defined(cell.source) for cell in cells]
        owners = [(name, part.index) for part in parts for name in part.names]
        often = Counter(name for name, _ in owners)
        self.owner = {name: index for name, index in owners if often[name] == 1}  # names that one answer alone needs
        self.home = [None] * len(cells)
        self.versions = {part.index: [] for part in parts}  # the submitted cells of each part, in file order
        self.answered = set()  # parts of which a version says more than what was released
        self.found = set()
        self.label = self._labels()
        self._by_label()
        self._by_id()
        self._by_name()
        self._by_words_of_locked_cells()
        self._by_place()
        self._by_words_of_stubs()
        for versions in self.versions.values():
            versions.sort()

    def is_stub(self, u, part):
        """Whether a submitted cell says no more than the released stub of an answer."""
        return essence(self.cells[u].source, part.cell_type) in ("", essence(part.released, part.cell_type))

    def needed(self, u):
        """The answers whose functions this cell defines, in the order of the assignment."""
        return sorted({self.owner[name] for name in self.names[u] if name in self.owner})

    def _labels(self):
        by_grade_id = {part.name: part.index for part in self.parts if part.role != "plain"}
        return [by_grade_id.get(cell.metadata.get("nbgrader", {}).get("grade_id")) for cell in self.cells]

    def _by_label(self):
        """Labels count if the text agrees; if it defines what another answer lacks, they were swapped."""
        own_text = self._own_texts()
        claims = list(self.label)
        by_id = {part.cell_id: part.index for part in self.parts}
        for u, cell in enumerate(self.cells):
            if claims[u] is None and not cell.metadata.get("nbgrader", {}).get("grade_id"):
                claims[u] = by_id.get(cell.id)
            says = own_text.get(self.texts[u])
            if says is not None and (claims[u] is None or self.texts[u] != plain(self.parts[claims[u]].released)):
                claims[u] = says
        weak = [u for u, claim in enumerate(claims) if claim is not None and not self._agrees(u, claim)]
        for u in sorted(set(range(len(claims))) - set(weak), key=lambda u: not self._is_exact(u, claims[u])):
            # of a cell that students do not write in the first unchanged version counts, or the first one; changed
            # copies of it are the student's own cells
            if claims[u] is not None and self._is_wanted(u, claims[u]):
                self._put(u, claims[u])
        for u in weak:
            index = next((index for index in self.needed(u) if index not in self.answered), None)
            if index is not None:
                self._put(u, index)
        free = [u for u in weak if self.home[u] is None and claims[u] not in self.answered]
        for u in free:
            if self.parts[claims[u]].is_answer or not self.versions[claims[u]]:
                self._put(u, claims[u])

    def _is_wanted(self, u, index):
        return self.parts[index].is_answer or not self.versions[index] or self._is_exact(u, index)

    def _is_exact(self, u, index):
        part = self.parts[index] if index is not None else None
        return part is not None and self.texts[u] in (plain(part.released), plain(part.source))

    def _agrees(self, u, index):
        """Whether the text of a cell may be a version of the part that its label names."""
        part = self.parts[index]
        if not part.is_answer:
            return not any(name in self.owner for name in self.names[u]) or self.texts[u] == plain(part.released)
        if self.is_stub(u, part) or self.names[u] & part.names:
            return True
        if part.names:
            return False
        return self.cells[u].cell_type != "code" or not self.needed(u)

    def _own_texts(self):
        """{text: part} of the texts that stand in one part only and are not the student's."""
        pairs = {(plain(text), part.index) for part in self.parts
                 for text in ((part.released, part.source) if not part.is_answer else (part.released,))
                 if not part.is_answer or part.names}  # fmt: skip
        often = Counter(text for text, _ in pairs)
        return {text: index for text, index in sorted(pairs) if often[text] == 1 and text}

    def _by_id(self):
        """A cell that lost against a better one may still have the id of another."""
        by_id = {part.cell_id: part.index for part in self.parts}
        for u in self._unknown():
            index = by_id.get(self.cells[u].id)
            if index is not None and not self.versions[index] and self._agrees(u, index):
                self._put(u, index)

    def _by_name(self):
        for u in self._unknown():
            index = next((index for index in self.needed(u) if not self.versions[index]), None)
            if index is not None:
                self._put(u, index)

    def _by_words_of_locked_cells(self):
        locked = [part for part in self.parts if part.role in ("test", "locked")]
        unknown = [u for u in self._unknown() if not self.needed(u)]
        self._by_words(locked, unknown, SAME, lambda common, words, other: 2 * common / (words + other))

    def _by_words_of_stubs(self):
        stubs = [part for part in self.parts if part.names]
        self._by_words(stubs, self._unknown(), ALIKE, lambda common, words, other: common / other)

    def _by_words(self, parts, unknown, least, likeness):
        """Pair unknown cells with missing parts, the most alike first."""
        missing = [(part.index, _words(part.released)) for part in parts if not self.versions[part.index]]
        pairs = []
        for u in unknown if missing else ():
            words = _words(self.cells[u].source)
            for index, other in missing:
                common = sum(min(count, words[word]) for word, count in other.items())
                score = likeness(common, words.total(), other.total()) if common else 0
                pairs += [(-score, index, u)] if score >= least else []
        for _, index, u in sorted(pairs):
            if self.home[u] is None and not self.versions[index]:
                self._put(u, index)

    def _by_place(self):
        """An answer that is missing between two neighbours is the unknown cell of its kind that stands there."""
        known = [(-1, -1), *((u, home) for u, home in enumerate(self.home) if home is not None)]
        known.append((len(self.cells), len(self.parts)))
        for (u, before), (v, after) in zip(known, known[1:], strict=False):
            missing = [p for p in self.parts[before + 1 : max(after, 0)] if p.is_answer and not self.versions[p.index]]
            if len(missing) != 1 or v - u < 2 or (u < 0 and v == len(self.cells)):
                continue
            as_code = missing[0].cell_type == "code"
            cells = [w for w in range(u + 1, v) if (self.cells[w].cell_type == "code") == as_code and self.texts[w]]
            if as_code and missing[0].names:  # what defines nothing is not the answer to such a question
                cells = [w for w in cells if self.names[w]]
            if cells and (len(cells) == 1 or not as_code):
                self._put(max(cells, key=lambda w: len(self.texts[w])), missing[0].index)

    def _unknown(self):
        return [u for u, home in enumerate(self.home) if home is None and self.texts[u].strip()]

    def _put(self, u, index):
        self.home[u] = index
        self.versions[index].append(u)
        if not self.is_stub(u, self.parts[index]):
            self.answered.add(index)
        if self.label[u] != index and self.parts[index].role != "plain":
            self.found.add(index)


def _words(text):
    return Counter(_WORD.findall(text[:READ]))
