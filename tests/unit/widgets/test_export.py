"""Explorers in exported pages, where no kernel runs."""

import nbformat
import pytest
from nbconvert import HTMLExporter, SlidesExporter

from course.widgets import SoftmaxExplorer
from course.widgets.still import Still

from .conftest import settled


@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_export_shows_a_picture_with_alt_text(exporter):
    """Does nbconvert, without saved widget state, show the still picture with its alt text and the numbers?"""
    explorer = settled(SoftmaxExplorer())
    still = {"text/html": Still(explorer)._repr_html_(), "text/plain": repr(Still(explorer))}
    view = {"model_id": explorer.model_id, "version_major": 2, "version_minor": 0}
    live = {"application/vnd.jupyter.widget-view+json": view, "text/html": "", "text/plain": ""}
    outputs = [nbformat.v4.new_output("display_data", data=data) for data in (still, live)]
    cell = nbformat.v4.new_code_cell("SoftmaxExplorer()", outputs=outputs, id="explorer")
    page, _ = exporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert f'<img alt="{explorer.alt}" src="data:image/png;base64,' in page
    assert "0.5094" in page
    assert f'"model_id": "{explorer.model_id}"' not in page  # no empty place for a widget that cannot live
