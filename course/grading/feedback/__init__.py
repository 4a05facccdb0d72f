"""The page that a student gets back: nbgrader's, with questions by their names, and what nobody has read yet said so.

`nbgrader_config.py` chooses it. Formulas are drawn without a network, there and in formgrader: TEMPLATES are the
folders of our templates and of nbgrader's, and what lies in ours under the name of one of nbgrader's takes its place.
"""

from pathlib import Path

import nbgrader
from jinja2 import pass_context

from course.notebooks.formulas import markdown_to_html

TEMPLATES = [
    str(Path(__file__).parent / "templates"),
    str(Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"),
]


@pass_context
def markdown2html(context, source):
    """Markdown as HTML with formulas as MathML: takes the place of nbconvert's filter of the same name."""
    attachments = context.get("cell", {}).get("attachments", {})
    return markdown_to_html(source, attachments=attachments, exclude_anchor_links=True)
