"""Formulas as MathML, which browsers draw by themselves: a page with formulas needs no network and no script."""

from html import escape

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


def mathml(latex, display="inline"):
    """Return TeX as a `<math>` element; its text stays inside, for who copies it. display: "inline" or "block".

    What is no TeX comes back as it was written, between dollars: a reader sees what the author wrote.
    """
    try:
        drawn = convert(latex, display=display)
    except Exception:  # the converter raises a dozen kinds of errors for what it cannot read
        mark = "$$" if display == "block" else "$"
        return escape(f"{mark}{latex}{mark}", quote=False)
    inside = drawn[drawn.index(">") + 1 : drawn.rindex("</math>")]
    note = f'<annotation encoding="application/x-tex">{escape(latex.strip(), quote=False)}</annotation>'
    return f"{drawn[: drawn.index('>') + 1]}<semantics>{inside}{note}</semantics></math>"


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
