"""Which tests must run before the cells behind them: those whose answers would find another helper there.

All cells of a submission run before its first test, so that no cell can print what a hidden case has handed over. A
notebook runs from the top instead, and a student may write `def helper` twice, once for each of two questions. Then
the first one's test gets a process of its own, in which the cells behind it never run.

Found by patterns, as in `released`: code made to break a parser cannot break them. Where they see too much, a
submission takes some hundredths of a second longer.
"""

import re

from course.grading.rebuild.released import defined, without_silent

_WORD = re.compile(r"[^\W\d]\w*")
_BLOCK = re.compile(r"^(?=[^\s)\]}])", re.MULTILINE)  # a line that is not indented begins something new
_FUNCTION = re.compile(r"\b(?:def|class)\s+\w+\s*(\((?:[^()]|\([^()]*\))*\))?|\blambda\b([^:\n]*)")
_LOCAL = re.compile(r"^[ \t]+(?:for +)?(\w+)(?: *, *\w+)* *(?:(?:[-+*/@%&|^]|//|\*\*|<<|>>)?=(?!=)| in )", re.MULTILINE)


def early(cells, is_test):
    """Return the grade_ids of the tests that a later cell could take a helper away from.

    cells: those of the rebuilt notebook that are executed, in order; is_test: function of a cell's nbgrader metadata.
    """
    found, names, used = set(), [], []
    for cell in cells:
        test = is_test(cell.metadata.get("nbgrader", {}))
        code = "" if test else without_silent(cell.source)
        names.append(defined(cell.source) if not test else set())
        used.append(_globals_used(code))
    for place, cell in enumerate(cells):
        nbgrader = cell.metadata.get("nbgrader", {})
        if is_test(nbgrader):
            before, behind = set().union(*names[:place]), set().union(*names[place:])
            if before & behind & set().union(*used[:place]):
                found.add(nbgrader["grade_id"])
    return found


def _globals_used(code):
    """The names that functions in this code look up when they are called."""
    found = set()
    for block in _BLOCK.split(code):
        own = {word for groups in _FUNCTION.findall(block) for text in groups for word in _WORD.findall(text)}
        if _FUNCTION.search(block):
            body = _FUNCTION.sub(lambda match: "lambda" if match[0].startswith("lambda") else "", block)
            found |= set(_WORD.findall(body)) - own - set(_LOCAL.findall(block))
    return found
