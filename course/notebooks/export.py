"""A lecture as one file for a browser, to read or to present, that needs neither a kernel nor a network.

Folded code stays folded, behind one click; formulas are drawn by the browser; the page is light or dark as the
reader's system is; explorers are still pictures.
"""

from pathlib import Path

from jinja2 import pass_context
from nbconvert import HTMLExporter

from course.notebooks.canonical import is_folded, read
from course.notebooks.execute import execute
from course.notebooks.formulas import markdown_to_html

TEMPLATES = Path(__file__).parent / "templates"
KINDS = {"page": "lecture", "slides": "slides"}  # what is exported: its template


class LectureExporter(HTMLExporter):
    """nbconvert's page of JupyterLab, in the template of the course."""

    def __init__(self, kind="page", **options):
        folders = [str(TEMPLATES)]  # of templates by their name, and of one that another one extends
        super().__init__(
            extra_template_basedirs=folders, extra_template_paths=folders, template_name=KINDS[kind], **options
        )

    def _create_environment(self):
        environment = super()._create_environment()
        environment.tests["folded"] = is_folded
        return environment

    @pass_context
    def markdown2html(self, context, source):
        """Markdown of cells and of outputs, with formulas as MathML."""
        return markdown_to_html(
            source,
            attachments=context.get("cell", {}).get("attachments", {}),
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=True,
        )


def export(path, kind="page", folder="build/exported"):
    """Write the notebook at `path` as HTML into `folder` and return where. One without outputs is executed first.

    kind: "page" or "slides". ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    path = Path(path)
    notebook = read(path)
    if not any(cell.get("outputs") for cell in notebook.cells):
        notebook = execute(path)
    notebook.metadata.pop("widgets", None)  # the still pictures stand for widgets, which would ask the network
    notebook.metadata.setdefault("title", _title(notebook, path.stem))
    page, _ = LectureExporter(kind).from_notebook_node(notebook)
    target = Path(folder) / f"{path.stem}{'.slides' if kind == 'slides' else ''}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _title(notebook, otherwise):
    """The first heading of the notebook."""
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.split("\n")]
    return next((line.lstrip("# ") for line in lines if line.startswith("# ")), otherwise)
