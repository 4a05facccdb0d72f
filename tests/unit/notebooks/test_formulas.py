"""Formulas as MathML, also those that a student writes into an answer."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course.notebooks.formulas import FONTS, LONGEST, markdown_to_html, mathml

COURSE = Path(__file__).parents[3] / "course"

HOSTILE = {
    "markup in a text": r"\text{<img src=x onerror=alert(1)>}",
    "entities in a text": r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
    "markup around": "</math><script>alert(1)</script><math>",
    "markup in the note": r"x</annotation><script>alert(1)</script>",
    "a link": r"\href{javascript:alert(1)}{x}",
    "a style": r"\style{background:url(//example.org)}{x}",
    "a class": r"\class{modal}{x}",
    "a colour": r"\color{red;background:url(//example.org)}{x}",
    "a comparison": "a<b>c",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_formula_can_only_be_looked_at(what):
    """Does a formula become elements of MathML and texts, whatever stands in it, or stay as it was typed?"""
    shown = mathml(HOSTILE[what])
    tree = ElementTree.fromstring(f"<p>{shown}</p>")  # well-formed, so that nothing in it ends the element
    names = {element.tag.rpartition("}")[2] for element in tree.iter()} - {"p"}
    assert all(re.fullmatch(r"math|semantics|annotation|m[a-z]+", name) for name in names)
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not [name for name in attributes if re.match(r"on|href|src|style|class|id$", name)]


def test_characters_are_characters():
    """Are signs that the converter names by entities drawn as signs?"""
    assert "<mo>&lt;</mo>" in mathml("a < b") and "∑" in mathml(r"\sum_i") and "&amp;#" not in mathml(r"\alpha < 1")


DOUBLING = "".join(rf"\newcommand{{\{chr(98 + i)}}}{{\{chr(97 + i)}\{chr(97 + i)}}}" for i in range(24)) + r"\y"


@pytest.mark.parametrize("text", [DOUBLING, r"\def\a{\a\a}\a", r"\let\a\b", "{" * 1900, "x" * (LONGEST + 1)],
                         ids=["doubling", "endless", "another name", "never closed", "too long"])  # fmt: skip
def test_what_is_not_drawn_is_shown_as_typed(text):
    """Are macros, which make a short text long, and what cannot be read shown between dollars?"""
    assert mathml(text) == f"${text}$"


@pytest.mark.parametrize("piece", ["{}", r"\frac{a}{b}", "a^b_c", r"\left(\right)", r"\\", "&", "'", r"\sqrt{x}"])
def test_no_short_text_becomes_a_long_page(piece):
    """Is what a formula becomes bounded by its length, also for the texts that grow most?"""
    for text in (piece * (LONGEST // len(piece)), r"\sqrt{" * 200 + "}" * 200):
        assert len(mathml(text)) < 40 * LONGEST


def test_markdown():
    """Are formulas in a text and on lines of their own drawn, and dollars in code left alone?"""
    page = markdown_to_html("Say $x^2$, or `$HOME`.\n\n$$y$$\n\n\\begin{equation}z\\end{equation}")
    assert page.count("<math") == 3 and page.count('display="block"') == 2 and "<code>$HOME</code>" in page


def test_pages_name_fonts_for_formulas():
    """Does every page with formulas ask for fonts that say how deep an index stands?"""
    pages = ["grading/report/page.html", "notebooks/templates/lecture/index.html.j2",
             *(f"grading/feedback/templates/{name}/mathjax.html.j2" for name in ("formgrade", "course_feedback"))]
    assert [page for page in pages if f"math {{ font-family: {FONTS}" not in (COURSE / page).read_text()] == []
