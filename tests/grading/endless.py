"""Texts that keep a careless reader busy, and everything of the grader that reads what a student wrote.

`python -m tests.grading.endless READER [length]` gives one reader every text and prints a line for each; the kernel
ends it where one takes more than SECONDS of CPU time. `benchmarks/growth.py` prints how time grows with the length.
"""

import itertools
import json
import random
import signal
import sys
import time

import nbformat

from course.grading.rebuild import bounds, match, picture, released, salvage, submission
from course.grading.report import findings, page, similarity
from course.grading.run import order, shown, stored
from course.grading.run.render import _render
from course.notebooks.formulas import LONGEST, mathml
from tests.grading.hostile.attack import RELEASED, SOURCE

SECONDS = 20  # of CPU time for one text; the slowest known needs 2, and a quadratic reader minutes

# what stopped graders or pages, or looks as if it could: name -> (how it begins, what is repeated)
KNOWN = {
    "quote and backslash": ("", '"\\'), "apostrophe and backslash": ("", "'\\"), "quotes": ("", '"'),
    "triple quotes and backslash": ('"""', '"\\'), "triple quotes": ("", '"""a'), "backslashes": ("'", "\\"),
    "begin": ("attachment:", "\\begin{a}"), "old formula": ("attachment:", "\\\\("), "old display": ("", "\\\\["),
    "dollars": ("", "$a"), "blanks": ("a", " "), "heading and blanks": ("# a", " "), "names": ("", "a."),
    "unicode names": ("", '"\\N{\\N{'), "brackets": ("", "["), "links": ("", "[a]("), "references": ("", "[a]: "),
    "stars": ("", "**a*"), "backticks": ("", "`a``"), "nested quotes": ("", "> "), "lists": ("", "- "),
    "table": ("|a|\n|-|\n", "|"), "rulers": ("", "[=\n"), "tags": ("", "<a "), "comments": ("", "<!--"),
    "ampersands": ("", "&"), "definitions": ("", "def f("), "nested brackets": ("def f(", "()("),
    "words": ("", "a "), "commas": (" a", ", a"), "lines": ("", "\n"), "empty lines": ("", "\n\t"),
    "decorators": ("", "@a."), "formats": ("", 'f"{'), "assignments": ("", "a:"),
    "objects": ("", '{"source":1,"'), "open cells": ("", '{"cell_type":'), "arrays": ("", "[],"),
    "quoted braces": ("", '{"\\'),
    "markers": ("", "<<<<<<<\n"), "labels": ("", "'a' "), "numbers": ("", "1_"), "wide": ("", "\U0001f600"),
    "nothing seen": ("", "\u200b\u202e"),
    "formulas": ("", "$a$ "), "fractions": ("", "$\\frac{a}{b}$ "), "indices": ("", "a_{b^{"), "roots": ("", "\\sqrt{"),
    "matrices": ("", "$$\\begin{matrix}a&b\\\\c&d\\end{matrix}$$ "), "rows": ("\\begin{matrix}", "a&b\\\\"),
    "brackets that grow": ("", "\\left("), "macros": ("", "$\\newcommand{\\a}{\\b\\b}$"), "accents": ("", "\\hat{"),
}  # fmt: skip
ATOMS = ("a", " ", "\n", '"', "'", '"""', "\\", "(", ")", "[", "]", "{", "}", "<", ">", "*", "_", "`", "```", "$", "|",
         "-", "#", ":", "=", ",", ".", "!", "@", "%", "&", "~", "0", "\t", "def ", "lambda ", "for ", "in ",
         "f'", "\\N{", "http://a", "![a](", "\\begin{a}", "\\end{a}", "\n\n", "\n    ", "- ", "> ", "1. ",
         "é", "^", "\\frac{", "\\left")  # fmt: skip


def known(length):
    """Yield (name, text) of the known ones, each of about `length` characters."""
    for name, (begin, unit) in KNOWN.items():
        yield name, begin + (unit * (length // len(unit) + 1))[: length - len(begin)]


def drawn(length, count, seed=0):
    """Yield (name, text) of repetitions that nobody has thought of: of up to three atoms, up to three in a row."""
    rng = random.Random(seed)
    for _ in range(count):
        units = ["".join(rng.choices(ATOMS, k=rng.randint(1, 3))) for _ in range(rng.choice((1, 1, 2, 3)))]
        share = length // len(units)
        yield repr(units), "".join((unit * (share // len(unit) + 1))[:share] for unit in units)


def notebook(*cells):
    """The bytes of a released notebook with cells of the student's own before the end: (type, grade_id or "", text)."""
    content = json.loads(RELEASED)
    for kind, name, text in cells:
        label = {"nbgrader": {"grade_id": name}} if name else {}
        content["cells"].append({"cell_type": kind, "id": "x", "metadata": label, "source": text})
    return json.dumps(content).encode()


def graded_up_to_running(data):
    """Read and rebuild a file as the grader does."""
    read, repairs = salvage.read_submission(data)
    rebuilt = submission.rebuild(read, nbformat.reads(SOURCE, 4))
    code = [cell for cell in rebuilt.notebook.cells if cell.cell_type == "code"]
    order.early(code, lambda nbgrader: "points" in nbgrader)
    return repairs, rebuilt


def _in_pieces(text, pieces=900):
    """Cells of one answer, each a half of the one before."""
    step = max(1, len(text) // pieces)
    return [("code", "relu", f" {text[i : i + step]}") for i in range(0, len(text), step)][:pieces]


def _compared(text, in_words):
    answers = {name: {"relu": text[i:]} for i, name in enumerate(("ada", "bob"))}
    similarity.compare(answers, {"relu": text[:10]}, {"relu"} if in_words else ())


def _reported(text):
    record = {"records": {"relu-test": [{"results": [{"passed": False, "hint": text, "message": text}]}]},
              "repairs": [text], "notes": [text], "attempts": [text], "isolation": text}  # fmt: skip
    page.page("ps1", {"ada": record}, [], {}, {})
    page.marked(text, [(i, i + 3) for i in range(0, len(text), 5)])
    findings.kind(text)


# name: (function of a text, the longest text that it is given, or None if there is no bound)
READERS = {
    "names in code": (released.defined, None),
    "globals used": (order._globals_used, None),
    "essence": (lambda text: [released.essence(text, kind) for kind in ("code", "markdown")], None),
    "file": (lambda text: graded_up_to_running(text.encode("utf-8", "replace")), None),
    "file that begins as a notebook": (lambda text: graded_up_to_running(b'{"cells":[' + text.encode()), None),
    "code cell": (lambda text: graded_up_to_running(notebook(("code", "relu", text))), bounds.LONGEST_CODE),
    "own code cells": (lambda text: graded_up_to_running(
        notebook(*[("code", "", text[i::9]) for i in range(9)])), bounds.LONGEST_CODE),
    "text cell": (lambda text: graded_up_to_running(notebook(("markdown", "written", text))), bounds.LONGEST_TEXT),
    "halves": (lambda text: graded_up_to_running(notebook(*_in_pieces(text))), bounds.ALL_TEXTS),
    "lost labels": (lambda text: graded_up_to_running(
        notebook(*[("code", "", piece) for _, _, piece in _in_pieces(text)])), bounds.ALL_TEXTS),
    "words": (match._words, None),
    "pictures": (lambda text: [picture.pixels(begin + text.encode()) for begin in
                               (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"RIFF1234VP8L", b"")], None),
    "markup": (stored.without_markup, None),
    "short text": (lambda text: _render("markdown", text, {}), shown.SHORT),
    "short code": (lambda text: _render("code", text, {}), shown.SHORT),
    "short raw": (lambda text: _render("raw", text, {}), shown.SHORT),
    "formula": (mathml, LONGEST),
    "as typed": (lambda text: _render("markdown", shown.as_typed(text), {}), bounds.LONGEST_TEXT),
    "compared code": (lambda text: _compared(text, False), None),
    "compared words": (lambda text: _compared(text, True), None),
    "report": (_reported, None),
}  # fmt: skip


def seconds(reader, text):
    """CPU seconds that a reader takes for a text."""
    started = time.process_time()
    READERS[reader][0](text)
    return time.process_time() - started


def main(reader, length=100_000, count=0, seed=0):
    """Give one reader the known texts, and `count` drawn ones; print the name of each before it, and its seconds."""
    length = min(READERS[reader][1] or int(length), int(length))
    for name, text in itertools.chain(known(length), drawn(length, int(count), int(seed))):
        print(f"{name}: ", end="", flush=True)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # the default action of its signal ends the process
        took = seconds(reader, text)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(f"{took:.3f}")
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
