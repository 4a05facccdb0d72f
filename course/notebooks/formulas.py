"""Formulas as MathML, which browsers draw by themselves: a page with formulas needs no network and no script.

The text may be a student's: what it becomes can only be looked at, and short texts cannot take long.
"""

import re
from html import escape, unescape
from xml.etree.ElementTree import Element, SubElement, tostring

from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# for the style of a page: in another font browsers do not know how deep an index stands. Windows, macOS, TeX and Linux
# bring one of these, and not every browser finds it by itself. A test looks for it in all templates with formulas.
FONTS = '"Cambria Math", "STIX Two Math", "Latin Modern Math", "DejaVu Math TeX Gyre", math'
LONGEST = 2_000  # characters of a formula that is drawn
# what makes a short text long
_MACROS = re.compile(r"\\(?:def|gdef|edef|let|(?:re|provide)?newcommand|providecommand|newenvironment)(?![A-Za-z])")
_ACTS = re.compile(r"href|src|style|class|id|actiontype|on\w*")  # attributes that do more than to set a formula


def mathml(latex, display="inline"):
    """Return TeX as a `<math>` element; its text stays inside, for who copies it. display: "inline" or "block".

    What is no TeX, defines macros or is longer than LONGEST comes back as it was written, between dollars: a reader
    sees what the author wrote.
    """
    try:
        if len(latex) > LONGEST or _MACROS.search(latex):
            raise ValueError("not drawn")
        drawn = convert_to_element(latex, display=display)
        return tostring(_with_source(drawn, latex.strip()), encoding="unicode")
    except Exception:  # the converter raises a dozen kinds of errors for what it cannot read
        mark = "$$" if display == "block" else "$"
        return escape(f"{mark}{latex}{mark}", quote=False)


def _with_source(drawn, latex):
    """The element with its TeX as an annotation. Texts in it are texts: the converter's own writer would let markup
    through."""
    for element in drawn.iter():
        element.text = element.text and unescape(element.text)  # the converter names characters by their entities
        element.attrib = {name: unescape(value) for name, value in element.attrib.items() if not _ACTS.fullmatch(name)}
    whole = Element(drawn.tag, drawn.attrib)
    semantics = SubElement(whole, "semantics")
    semantics.extend(drawn)
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = latex
    return whole


class FormulaRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas drawn."""

    def block_math(self, body):
        return mathml(body, "block")

    def inline_math(self, body):
        return mathml(body)

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def markdown_to_html(source, **options):
    """Return Markdown as HTML with drawn formulas. options: those of nbconvert's `IPythonRenderer`."""
    return MarkdownWithMath(renderer=FormulaRenderer(escape=False, **options)).render(source)
