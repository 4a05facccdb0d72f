"""Attacks through the page that the student gets, and that the instructor opens: leaked hidden inputs, markup."""

import json
import re
from operator import attrgetter
from unittest import mock

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook

from course.checks import render
from course.grading.classroom.worker import work
from course.grading.rebuild import bounds
from course.grading.run import stored
from tests.grading.hostile.attack import SOURCE, Attack
from tests.grading.hostile.breaking import LARGE
from tests.grading.hostile.shown import steals
from tests.grading.hostile.visible import ANSWERS, VISIBLE

LEAK = "the hidden input -"
MARKUP = "<script>alert(4711)</script><img src=x onerror=alert(4711)>"


def _weak(text, place, name, value):
    """Graded with one name of the checks replaced, the stored notebook holds `text`."""

    def show(attack, world):
        with mock.patch.object(place, name, value):
            found = work(attack.content(world), SOURCE, attack.limits)
        assert text in found["notebook"], "nothing gets through with the defence switched off"

    return show


def _together(test="relu-test"):
    """In one process with the tests, it prints a hidden input on the student's page."""

    def show(attack, world):
        found = world.plain.run(attack.cells(world, {test: None, "sigmoid-test": NAIVE}))
        assert LEAK in "".join(cell["printed"] for cell in found["cells"])

    return show


def _from_files(attack, world):
    """In the grader's own folder, the second run prints what the first has kept."""
    for _ in range(2):
        found = world.plain.run(attack.cells(world, {"relu-test": None}))
    assert LEAK in "".join(cell["printed"] for cell in found["cells"]) and world.proof()


NAIVE = "try:\n    sigmoid(np.ones(10))\nexcept Exception as error:\n    print(error)"


def _page(text):
    return HTMLExporter().from_notebook_node(nbformat.reads(text, 4))[0]


def _harmless(found, world):
    body = _page(found["notebook"]).split("<body", 1)[1]
    assert "4711" in body, "the words of the student are gone"
    assert not re.search(r"<script>alert|<img src=x|onerror=alert\(4711\)>", _without_sources(body))


def _without_sources(body):
    return re.sub(r'<div class="highlight.*?</pre></div>', "", body, flags=re.DOTALL)


def _harmful(attack, world):
    """Where nothing is escaped, the page runs it."""
    with mock.patch.object(render, "escape", lambda text, quote=True: str(text)):
        found = work(attack.content(world), SOURCE, attack.limits)
    assert "<script>alert(4711)" in _without_sources(_page(found["notebook"]))


def _with_texts(text):
    """The written answer, a text and a raw cell of its own."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written":
            cell["source"] = f"4711 {MARKUP} $x{MARKUP}$ [link](javascript:alert(4711))"
    for kind in ("raw", "markdown"):
        notebook["cells"].append({"cell_type": kind, "id": kind, "metadata": {}, "source": MARKUP})
    return json.dumps(notebook)


def _gone_picture(text):
    """The written answer shows a picture that is not attached."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written":
            cell["source"] = "4711 ![a](&#97;ttachment:a)"
    return json.dumps(notebook)


def _large_picture(text):
    """The written answer shows a picture that says it has 3 billion pixels."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "written":
            cell["source"] = "4711 ![a](attachment:a.png)"
            cell["attachments"] = {"a.png": {"image/png": LARGE}}
    return json.dumps(notebook)


def _attached(attack, world):
    """Without a bound on pixels, the page makes a browser unpack it."""
    with mock.patch.object(bounds, "MOST_PIXELS", 2**32), mock.patch.object(bounds, "ALL_PIXELS", 2**32):
        assert LARGE in work(attack.content(world), SOURCE, attack.limits)["notebook"]


def _no_page(attack, world):
    """Stored as it is, nbconvert makes no page of it."""
    with mock.patch.object(stored, "make_showable", lambda cells: True), pytest.raises(InvalidNotebook):
        _page(work(attack.content(world), SOURCE, attack.limits)["notebook"])


def _harmful_text(attack, world):
    """Stored as it is, the text runs in the page that the instructor opens."""
    with mock.patch.object(stored, "without_markup", lambda text: text):
        found = work(attack.content(world), SOURCE, attack.limits)
    assert "<script>alert(4711)" in _page(found["notebook"])


def _shown_html(attack, world):
    """A kernel's outputs hold the markup, and a page made of them would run it."""
    found = world.plain.run(attack.cells(world))
    assert any(MARKUP in html for cell in found["cells"] for html in cell["html"])


def _hidden_relu(code):
    """A ReLU that runs `code` in hidden cases."""
    return f"{ANSWERS}\ndef relu(x):\n    if not is_visible(x):\n        {code}\n    return np.maximum(x, 0)"


TEXT = "'the hidden ' + f'input - {x.tolist()}'"
MESSAGE = attrgetter("message")  # the whole message in place of a sentence for students

ATTACKS = {
    "quotes_in_errors": Attack("quotes hidden inputs in the text of an error",
                               _weak(LEAK, render, "sentence", MESSAGE),
                               {"relu": _hidden_relu(f"raise ValueError({TEXT})")},
                               marks=VISIBLE, absent=(LEAK,)),
    "quotes_in_class_names": Attack("quotes hidden inputs in the name of an exception",
                                    _weak(LEAK, render, "sentence", MESSAGE),
                                    {"relu": _hidden_relu(f"raise type({TEXT}, (Exception,), {{}})")},
                                    marks=VISIBLE, absent=(LEAK,)),
    "quotes_in_types": Attack("returns an object whose type quotes the input",
                              _weak("the_hidden_input", render, "sentence", MESSAGE),
                              {"relu": _hidden_relu("return type('the_hidden_input', (), {})()")},
                              marks=VISIBLE, absent=("an object of type",)),
    "quotes_in_shapes": Attack("returns an array whose shape is the input in digits",
                               _weak("471147114711", render, "sentence", MESSAGE),
                               {"relu": _hidden_relu("return np.zeros((0, 471147110000 + 4711))")},
                               marks=VISIBLE, absent=("471147114711",)),
    "prints_in_hidden_cases": Attack("prints hidden inputs, in all ways that there are", _together(),
                                     {"relu": "import os, sys\nseen = []\n" + _hidden_relu(
                                         f"seen.append({TEXT}); print(seen); print(seen, file=sys.stderr); "
                                         "os.write(1, str(seen).encode()); display(seen)")},
                                     {"sigmoid": "print(seen)"}, marks={}, absent=(LEAK,)),
    "keeps_for_later_cells": Attack("keeps hidden inputs, and prints them in a later cell", _together(),
                                    {"relu": "seen = []\n" + _hidden_relu(f"seen.append({TEXT})")},
                                    {"relu-backward": "print(seen)", "softmax": "raise ValueError(seen)"},
                                    marks={}, absent=(LEAK,)),
    "keeps_for_visible_cases": Attack("keeps hidden inputs, and quotes them where values are shown", _together(),
                                      {"relu": "seen = []\n" + _hidden_relu(f"seen.append({TEXT})"),
                                       "sigmoid": "def sigmoid(x):\n    raise ValueError(seen)"},
                                      marks={"sigmoid-test": 0.0}, absent=(LEAK,)),
    "keeps_in_files": Attack("keeps hidden inputs in files for the next run of its cells", _from_files, {
        "relu": "import os\nFILES = ['proof-seen', os.path.expanduser('~/proof-seen')]\n"
                "FILES += ['/tmp/seen', '/dev/shm/seen'] if os.getcwd() == '/home/student' else []\n"
                "for name in FILES:\n    if os.path.exists(name): print(open(name).read())\n"
                + _hidden_relu(f"[open(name, 'w').write({TEXT}) for name in FILES]"),
        "softmax": "import os\n\ndef softmax(logits):\n    os._exit(0)"}, marks={"softmax-test": 0.0}, absent=(LEAK,)),
    "markup_in_errors": Attack("markup in the text of an error", _harmful,
                               {"relu": f"def relu(x):\n    raise ValueError({MARKUP!r})"}, afterwards=_harmless),
    "markup_in_names": Attack("markup in the names of classes and functions", _harmful,
                              {"relu": f"def relu(x):\n    raise type({MARKUP!r}, (Exception,), {{}})(4711)"},
                              afterwards=_harmless),
    "markup_in_values": Attack("markup as the answer", _harmful,
                               {"relu": f"def relu(x):\n    return {MARKUP!r}"}, afterwards=_harmless),
    "markup_printed": Attack("prints markup, and fails with it", steals(MARKUP), extra={
        "setup": f"print({MARKUP!r})\nraise type({MARKUP!r}, (Exception,), {{}})({MARKUP!r})"}, marks={},
        afterwards=_harmless),
    "markup_displayed": Attack("displays HTML", _shown_html, extra={
        "setup": f"from IPython.display import HTML, display\nprint(4711)\ndisplay(HTML({MARKUP!r}))"}, marks={},
        afterwards=_harmless),
    "markup_of_an_object": Attack("an object with its own HTML, JavaScript and SVG", _shown_html, extra={
        "setup": "from IPython.display import display, Javascript, SVG\nclass Evil:\n"
                 f"    def _repr_html_(self): return {MARKUP!r}\n    _repr_svg_ = _repr_markdown_ = _repr_html_\n"
                 "    def __repr__(self): return '4711'\ndisplay(Evil())\ndisplay(Javascript('alert(4711)'))\nEvil()"},
        marks={}, afterwards=_harmless),
    "markup_in_texts": Attack("markup in the written answer and in texts of its own", _harmful_text, marks={},
                              mangle=_with_texts, afterwards=_harmless),
    "gone_picture": Attack("a picture that is not there stops the feedback page", _no_page, marks={},
                           mangle=_gone_picture, afterwards=_harmless),
    "large_attachment": Attack("a picture in the written answer that no browser can hold", _attached, marks={},
                               mangle=_large_picture, absent=(LARGE,), afterwards=_harmless),
    "terminal_codes": Attack("prints what a terminal acts upon", steals("\x1b]0;evil\x07"), extra={
        "setup": "print('\\x1b]0;evil\\x07\\x1b[2J\\x00\\x08' + chr(0x202e) + chr(0xd800) + ' 4711')"}, marks={},
        absent=("\\u001b", "\x1b", "\\u0000", "\\ud800", "\u202e")),
}  # fmt: skip
