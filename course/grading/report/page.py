"""One page about a graded class: marks, questions, mistakes, students, and who wrote the same.

A single HTML file without network; `page.html` beside this file is its template. Names, messages and answers come
from students: every text passes through `clean` and is escaped, and the page allows no script but its own.
"""

import base64
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from course.data.files import replacing
from course.grading.report import findings
from course.notebooks.formulas import mathml

TEMPLATE = Path(__file__).with_suffix(".html")
SHORT = 300  # characters of a text that are shown
NAME = 60  # of a name
CODE = 2_000  # of an answer
SENTENCES = 60  # rows of a list of sentences
SIDE_BY_SIDE = 10  # pairs whose answers are shown
OWN = 6  # questions of such a pair, and what is shown of one student's attempts
OUTSTANDING = 2.0  # times the median of the class's closest matches, and never less than ALWAYS: one in a thousand
ALWAYS = 10.0
PAIRS = 10  # pairs that are listed even if none stands out

# what is no text: control characters, marks that turn the direction of writing, halves of characters
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\uffff]")


def write(path, assignment, records, marks, answers, template, *, written=(), title=None, made="", feedback=None,
          numbers=None, rubrics=None):
    """Write the page and return its path.

    records: {student: what `course grade` keeps}; any field may be missing. marks: list of the
    gradebook's `Marks`. answers: {student: {grade_id: source}}; template: {grade_id: released source}; written: the
    grade_ids of answers in words. made: when, in words. feedback: {student: path of the feedback page}; those that
    exist are linked. numbers: {question: its number in the text}; rubrics: {heading of a written question: how it is
    marked}. The same input gives the same bytes.
    """
    path = Path(path)
    html = page(assignment, records, marks, answers, template, written=written, title=title, made=made,
                links=_links(path, feedback or {}), numbers=numbers, rubrics=rubrics)  # fmt: skip
    with replacing(path) as part:
        part.write_text(html, encoding="utf-8")
    return path


def page(assignment, records, marks, answers, template, *, written=(), title=None, made="", links=None,
         numbers=None, rubrics=None):
    """Return the text of the page; see `write`. links: {student: relative address of the feedback page}."""
    records = {name: record if isinstance(record, dict) else {} for name, record in (records or {}).items()}
    rows, questions = findings.students(records, marks), findings.questions(records, marks)
    scores = [m.total for m in marks if m.points is not None]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                              finalize=_shown)  # fmt: skip
    numbers = numbers or {}
    environment.filters |= {"name": lambda text: clean(text, NAME), "num": number, "percent": percent,
                            "rubric": with_formulas,
                            "titled": lambda name: clean(f"{numbers.get(name, '')} {name}".strip(), NAME)}  # fmt: skip
    text = TEMPLATE.read_text(encoding="utf-8")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    return environment.from_string(text).render(
        assignment=assignment, waiting=any(question["waiting"] for question in questions),
        title=title or f"{assignment}: report of the class", made=made, summary=findings.summary(records, marks),
        script=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        bins=findings.histogram(scores, max((m.total_of for m in marks), default=0.0)),
        questions=questions, states=STATES, mistakes=findings.mistakes(records), rows=rows,
        slowest=sorted((r for r in rows if r["wall"] is not None), key=lambda r: -r["wall"])[:10],
        repairs=findings.grouped(rows, "repairs"), stopped=[r for r in rows if r["stopped"]],
        attempts=[r for r in rows if r["attempts"]], weak=[n for n, r in records.items() if _is_weak(r)],
        likeness=_likeness(answers, template, written), links=links or {}, own=OWN, sentences_most=SENTENCES,
        numbers={name: name for name in findings.written_maxima(marks)} | numbers, rubrics=rubrics or {},
    )  # fmt: skip


STATES = {"full": "full marks", "partial": "part of the marks", "zero": "answered, no mark",
          "unanswered": "not answered"}  # fmt: skip


def _is_weak(record):
    kind = findings.field(record, "isolation", str)
    return kind != "" and not kind.startswith("bubblewrap")  # which may go on: untried on this machine type


def _likeness(answers, template, written):
    """What the page says about answers that are alike; None if copydetect is not installed."""
    from course.grading.report import similarity

    try:
        found = similarity.compare(answers or {}, template or {}, frozenset(written))
    except ImportError:
        return None
    ordered = sorted(found.closest.values())
    middle = ordered[len(ordered) // 2] if ordered else 0.0
    threshold = max(ALWAYS, OUTSTANDING * middle)
    pairs = [{
        "students": pair.students, "surprise": pair.surprise, "share": pair.share, "matches": pair.matches,
        "outstanding": pair.surprise > threshold,
        "texts": [(match.question, *(marked(*both) for both in zip(match.texts, match.passages, strict=True)))
                  for match in pair.matches[:OWN]] if place < SIDE_BY_SIDE else [],
    } for place, pair in enumerate(found.pairs) if place < PAIRS or pair.surprise > threshold]  # fmt: skip
    return {"pairs": pairs, "bins": findings.histogram(ordered), "median": middle, "threshold": threshold,
            "limit": found.limit}  # fmt: skip


def clean(text, most=SHORT):
    """A text as it may stand on a page: of bounded length, and every character one that can be seen."""
    text = str(text)
    if len(text) > most:
        text = text[: most - 1] + "…"
    return _INVISIBLE.sub("\ufffd", text)


def marked(text, passages):
    """An answer as HTML with the passages [(start, end), ...] in <mark>, cut at CODE characters."""
    pieces, place = [], 0
    for start, end in sorted(passages):
        start, end = max(start, place), min(end, CODE, len(text))
        if start < end:
            pieces += [escape(clean(text[place:start], CODE)),
                       Markup("<mark>{}</mark>").format(clean(text[start:end], CODE))]  # fmt: skip
            place = end
    rest = text[place:CODE] + ("…" if len(text) > CODE else "")
    return Markup("").join([*pieces, escape(clean(rest, CODE + 1))])


def with_formulas(text):
    """An instructor's text as HTML with its formulas drawn, cut at CODE characters."""
    pieces = re.split(r"\$([^$\n]+)\$", clean(text, CODE))
    return Markup("").join(Markup(mathml(piece)) if i % 2 else escape(piece) for i, piece in enumerate(pieces))


def number(value, digits=2):
    """A number without needless zeros; a dash if there is none."""
    return "–" if value is None else f"{round(value, digits):g}"


def percent(share):
    """A share as a whole per cent; only all of it is 100 %, and only nothing 0 %."""
    if share is None:
        return "–"
    return f"{min(max(round(100 * share), 1 if share > 0 else 0), 99 if share < 1 else 100)} %"


def _shown(value):
    """What Jinja does with every value before it is escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _links(path, feedback):
    """{student: address relative to the page} of the feedback pages that exist."""
    there = {name: Path(page) for name, page in feedback.items() if Path(page).is_file()}
    return {name: Markup(quote(Path(os.path.relpath(page, path.parent)).as_posix(), errors="replace"))
            for name, page in there.items()}  # fmt: skip
