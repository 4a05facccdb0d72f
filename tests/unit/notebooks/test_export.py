"""Exported lectures: formulas drawn, code folded, both themes, and nothing from the network."""

import re

import nbformat
import pytest

from course.notebooks.export import export
from course.notebooks.formulas import markdown_to_html, mathml

TEACHES, DRAWS = "relu = lambda x: max(0, x)", "draw_everything()"


@pytest.fixture
def lecture(tmp_path):
    """A small executed notebook with prose, formulas, open and folded code, and outputs of three kinds."""
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell("# A lecture\n\nInline $\\epsilon < 1$ and `$HOME`.", id="l1-title"),
        v4.new_markdown_cell("$$\\sum_i w_i$$", id="l1-formula"),
        v4.new_code_cell(TEACHES, id="l1-open", outputs=[v4.new_output("stream", text="printed words")]),
        v4.new_code_cell(DRAWS, id="l1-folded", outputs=[
            v4.new_output("display_data", {"text/html": '<img alt="a picture" src="data:image/png;base64,AA">'}),
            v4.new_output("display_data", {"text/markdown": "**Notice.** $p - y$"}),
        ]),
    ]  # fmt: skip
    for cell, kind in zip(cells, ["slide", "fragment", "subslide", "skip"], strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}
    cells[3].metadata["jupyter"] = {"source_hidden": True}
    path = tmp_path / "1_lecture.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize("kind", ["page", "slides"])
def test_nothing_comes_from_the_network(lecture, tmp_path, kind):
    """Does the page name no address that a browser would load, and no library of formulas?"""
    page = export(lecture, kind, tmp_path).read_text(encoding="utf-8")
    loaded = re.findall(r"""(?:src|href)=["']([^"'#]+)|url\(["']?([^"')]+)|import [^;\n]*["']([^"']+)""", page)
    addresses = [address for found in loaded for address in found if address and not address.startswith("data:")]
    assert addresses == []
    assert not re.search(r"mathjax|require\.js|jquery|mermaid", page, re.IGNORECASE)


@pytest.mark.parametrize("kind", ["page", "slides"])
def test_code_is_folded_where_the_notebook_folds_it(lecture, tmp_path, kind):
    """Does folded code stand behind one click and open code beside it, with all outputs in sight?"""
    page = export(lecture, kind, tmp_path).read_text(encoding="utf-8")
    folded = re.findall(r'<details class="course-code">(.*?)</details>', page, re.DOTALL)
    assert len(folded) == 1 and "draw_everything" in folded[0] and "picture" not in folded[0]
    assert "relu" in page.replace(folded[0], "") and "printed words" in page and 'alt="a picture"' in page
    assert re.findall(r'class="course-cell" data-slide="(\w+)"', page) == ["slide", "fragment", "subslide", "skip"]
    assert "<title>A lecture</title>" in page and ("course-presented" in page) == (kind == "slides")


def test_the_page_follows_the_reader(lecture, tmp_path):
    """Does the page say no theme of its own, and bring the colours of both?"""
    page = export(lecture, folder=tmp_path).read_text(encoding="utf-8")
    assert not re.search(r"<\w[^<>]*data-jp-theme-light=", page)
    assert page.count('media="(prefers-color-scheme: dark)"') == 1 and "--jp-layout-color0: white" in page


def test_formulas_are_drawn(lecture, tmp_path):
    """Are formulas of prose and of outputs MathML, in a line and on their own, and is code with a dollar left alone?"""
    page = export(lecture, folder=tmp_path).read_text(encoding="utf-8")
    assert page.count("<math") == 3 and page.count('display="block"') >= 1
    assert "<code>$HOME</code>" in page and "$$" not in page


@pytest.mark.parametrize(
    "latex, parts",
    [
        (r"\epsilon\sum_i|w_i|", ["ϵ", "∑", "<msub>"]),
        (r"\text{loss} = \log\frac{1}{\Pr(\text{digit } 6)} = -\ln p_6", ["<mfrac>", "<mtext>loss</mtext>", "ln"]),
        (r"k \bmod 28, \lfloor k/28\rfloor", ["mod", "⌊", "⌋"]),
        ("a < b", ["&lt;"]),
    ],
)
def test_mathml(latex, parts):
    """Does a formula become MathML with its TeX inside, and is that well-formed?"""
    drawn = mathml(latex)
    assert [part for part in parts if part not in drawn] == []
    assert drawn.startswith("<math") and drawn.endswith("</math>") and drawn.count("<semantics>") == 1
    assert 'encoding="application/x-tex"' in drawn


def test_what_is_no_formula_stays_readable():
    """Does broken TeX, and a sum of money, come out as it was written?"""
    assert mathml(r"\frac{") == r"$\frac{$"
    assert mathml(r"\left( < 1", "block") == r"$$\left( &lt; 1$$"
    assert "costs $5 and" in markdown_to_html("It costs $5 and more.")


def test_what_cannot_be_exported_is_said(lecture, tmp_path):
    """Is another kind refused, with the kinds that there are?"""
    with pytest.raises(ValueError, match="page, slides; got 'pdf'"):
        export(lecture, "pdf", tmp_path)
