"""Find the cells in the text of a notebook that may be cut, damaged or enormous.

`json.loads` builds everything or raises. This walks over the text, builds only what a cell needs (never its outputs),
goes on behind what is damaged, and takes time and memory in proportion to the length of the text, however it is nested.
"""

import json
import re

from course.grading.rebuild.bounds import MOST_CELLS

MOST_MEMBERS = 10_000  # of an object; what comes behind is not read
LONGEST_VALUE = 10 * 2**20  # characters of a cell's text or of its pictures
OWN_KEYS = ("attachments", "cell_type", "code", "id", "input", "level", "metadata", "source")

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRINGS = re.compile(_STRING, re.DOTALL)
_SCALAR = re.compile(r'[^\s,:"\[\]{}]++')
_SPACE = re.compile(r"\s*+")
_MEMBER = re.compile(rf"\s*+,?\s*+({_STRING})\s*+:\s*+", re.DOTALL)
_ELEMENT = re.compile(r"\s*+,?\s*+(?=[^\s,\]}])")
_CLOSING = re.compile(r"\s*+,?\s*+([\]}])")
# a run of brackets, with all that is no bracket before it; flat lists and objects are passed in one go
_BRACKETS = re.compile(
    rf'(?:[^"\[\]{{}}]++|{_STRING}|\[[^"\[\]{{}}]*+\]|\{{[^"\[\]{{}}]*+\}})*+([\[{{]++|[\]}}]++)', re.DOTALL
)
# how a cell begins: an object whose first key is one that cells have
_CELL = re.compile(
    r'\{\s*+"(?:attachments|cell_type|code|collapsed|execution_count|id|input|language|level|metadata|outputs'
    r'|prompt_number|source)"\s*+:'
)


class Broken(ValueError):
    """The text is not JSON at this place, or ends too early."""


class Scan:
    """What was found in a text. `top` holds the members of the notebook except its cells, `cells` a dict each.

    whole: the text was JSON with a list of cells. rest: text behind the notebook. damaged: cells that had to be left
    out. dropped: values that were too long or nested too deeply. repeated: keys that an object held twice. partial:
    the text ended in the last cell, whose source was there. more: there were more cells than MOST_CELLS.
    """

    def __init__(self, text):
        self.text = text
        self.top, self.cells = {}, []
        self.whole, self.rest, self.damaged, self.dropped, self.repeated = True, "", 0, 0, 0
        self.partial = self.more = self.is_notebook = False
        try:
            self._read()
            if "cells" not in self.top:
                raise Broken("no cells")
        except Broken:
            self.whole, self.cells, self.damaged, self.more = False, [], 0, False
            self._search(0, len(text))
        self.is_notebook = bool(self.cells) or "cells" in self.top

    def _read(self):
        """Read a text that has the structure of a notebook; Broken if it has not."""
        start = _SPACE.match(self.text).end()
        for key, begin, end in self._members(start):
            if key == "cells":
                self.top["cells"] = None
                self._list_of_cells(begin, end)
            elif key == "worksheets":  # nbformat 2 and 3
                self._worksheets(begin, end)
            elif key == "metadata":
                self._set(self.top, key, self._pick(begin, end, ("kernelspec", "language_info")))
            elif key in ("nbformat", "nbformat_minor"):
                self._set(self.top, key, self._load(begin, end))
        end = self._end(start)
        self.rest = self.text[end : end + 1000].strip()

    def _worksheets(self, begin, end):
        self.top["cells"] = None
        if self.text[begin] != "[":
            return self._search(begin, end)
        for sheet, _ in self._elements(begin):
            if self.text[sheet] != "{":
                self.damaged += 1
                continue
            for key, first, last in self._members(sheet):
                if key == "cells":
                    self._list_of_cells(first, last, add=True)

    def _list_of_cells(self, begin, end, add=False):
        before, self.cells = self.cells, []
        if self.text[begin] == "[":
            for start, _ in self._elements(begin):
                cell = {}
                try:
                    if self.text[start] != "{":
                        raise Broken("a cell that is no object")
                    self._cell(start, cell)
                    self.cells.append(cell)
                except Broken:
                    self.damaged += 1
        else:
            self.whole = False
            self._search(begin, end)
        if add or not self.cells:  # of two lists under one key the last that holds anything
            self.cells = before + self.cells

    def _search(self, begin, end):
        """Collect all that looks like a cell, whatever stands around it."""
        budget = 3 * len(self.text) + 10_000  # characters to look at: a text made to be slow is given up
        while budget > 0 and (match := _CELL.search(self.text, begin, end)):
            if len(self.cells) >= MOST_CELLS:
                self.more = True
                return
            cell = {}
            try:
                begin = self._cell(match.start(), cell)
                complete = True
            except Broken as error:
                begin, complete = match.end(), False
                budget -= (error.args[1] if len(error.args) > 1 else match.end()) - match.start()
            has_text = any(key in cell for key in ("source", "input", "code"))
            if has_text and isinstance(cell.get("cell_type"), str):
                if complete:
                    self.cells.append(cell)
                elif _SPACE.match(self.text, self._reached).end() == len(self.text):
                    self.partial = True
                    self.cells.append(cell)
                    return

    def _cell(self, pos, cell):
        """Fill `cell` with the members of the object at `pos`; returns where it ends."""
        for key, begin, end in self._members(pos):
            if key in OWN_KEYS:
                value = self._pick(begin, end, ("nbgrader",)) if key == "metadata" else self._load(begin, end)
                self._set(cell, key, value)
            elif key in ("outputs", "execution_count", "prompt_number"):
                cell["outputs"] = None  # a sign of a code cell; the value is never built
            self._reached = end
        return self._reached

    def _set(self, target, key, value):
        """Of a key that is there twice the last value counts, as in a browser, unless it is empty."""
        if value is _DROPPED:
            self.dropped += 1
            return
        if key in target:
            self.repeated += 1
        if value or not target.get(key):
            target[key] = value

    def _pick(self, begin, end, wanted):
        """The wanted members of the object at `begin`; another value as it is."""
        if self.text[begin] != "{":
            return self._load(begin, end)
        picked = {}
        for key, first, last in self._members(begin):
            if key in wanted:
                self._set(picked, key, self._load(first, last))
        return picked

    def _members(self, pos):
        """Yield (key, begin, end) of the values of the object at `pos`."""
        if self.text[pos : pos + 1] != "{":
            raise Broken("no object", pos)
        pos += 1
        self._reached = pos
        for _ in range(MOST_MEMBERS):
            match = _MEMBER.match(self.text, pos)
            if match is None:
                break
            end = self._end(match.end())
            key = match[1][1:-1]
            if "\\" in key:
                key = _loads(match[1])
            self._reached = end
            yield key, match.end(), end
            pos = end
        closing = _CLOSING.match(self.text, pos)
        if closing is None or closing[1] != "}":
            raise Broken("an object that does not end", pos)
        self._reached = closing.end()

    def _elements(self, pos):
        """Yield (begin, end) of the elements of the list at `pos`."""
        pos += 1
        for _ in range(MOST_CELLS):
            match = _ELEMENT.match(self.text, pos)
            if match is None:
                break
            pos = self._end(match.end())
            yield match.end(), pos
        else:
            self.more = _ELEMENT.match(self.text, pos) is not None
        if not self.more and not ((closing := _CLOSING.match(self.text, pos)) and closing[1] == "]"):
            raise Broken("a list that does not end", pos)

    def _end(self, pos):
        """Where the value at `pos` ends."""
        first = self.text[pos : pos + 1]
        if first and first in "[{":
            depth, pos = 1, pos + 1
            while match := _BRACKETS.match(self.text, pos):
                pos, run = match.end(), len(match[1])
                if match[1][0] in "[{":
                    depth += run
                elif run >= depth:
                    return pos - run + depth
                else:
                    depth -= run
            raise Broken("a value that does not end", len(self.text))
        match = (_STRINGS if first == '"' else _SCALAR).match(self.text, pos)
        if match is None:
            raise Broken("a value that does not end", len(self.text) if first == '"' else pos)
        return match.end()

    def _load(self, begin, end):
        if end - begin > LONGEST_VALUE:
            return _DROPPED
        return _loads(self.text[begin:end])


def _loads(text):
    try:
        return json.loads(text, strict=False, parse_int=_integer)
    except RecursionError:
        return _DROPPED
    except ValueError as error:
        raise Broken("not JSON") from error


def _integer(digits):
    return int(digits) if len(digits) < 19 else 0  # Python refuses to read more than 4300 digits


_DROPPED = object()
