"""Excerpts of notebooks: what a cell needs comes along, and nothing else."""

import nbformat
import pytest

from course import widgets
from course.notebooks.canonical import read
from tests.notebooks.excerpt import excerpt, excerpt_with_explorers, explorers, names, untrained
from tests.notebooks.executed import LECTURES


@pytest.mark.parametrize(
    "source, needs, gives",
    [
        ("import numpy as np\nfrom a import b as c", set(), {"np", "c"}),
        ("y = x + 1", {"x"}, {"y"}),
        ("y = 1\nprint(y)", {"print"}, {"y"}),
        ("print(y)\ny = 1", {"print", "y"}, {"y"}),
        ("total += 1", {"total"}, {"total"}),
        ("def f(a):\n    b = a\n    return b + k", {"k"}, {"f"}),
        ("def f():\n    return k\nk = 1", set(), {"f", "k"}),
        ("class A:\n    n = m\n    def f(self):\n        return A, k", {"m", "k"}, {"A"}),
        ("z = [i + j for i in items]", {"j", "items"}, {"z"}),
        ("for net in (a, b):\n    train(net)", {"a", "b", "train"}, {"net"}),
        ("net.rate = 3", {"net"}, set()),
    ],
)
def test_names(source, needs, gives):
    """Is what a cell takes from others told from what it makes itself?"""
    found = names(source)
    assert (found[0] - {"__build_class__", "__name__"}, found[1]) == (needs, gives)


def test_excerpt():
    """Do the last definitions come along, and neither other cells nor those that only change something?"""
    sources = {"a": "x = 1", "b": "x = 2", "c": "y = []", "d": "y.append(x)", "e": "z = y", "f": "print(x, z)"}
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()]
    cells.insert(2, nbformat.v4.new_markdown_cell("x"))
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert [cell.id for cell in excerpt(notebook, ["f"]).cells] == ["b", "c", "e", "f"]
    assert [cell.id for cell in excerpt(notebook, ["a", "d"]).cells] == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="no code cells g, h"):
        excerpt(notebook, ["g", "a", "h"])


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_a_lecture_has_explorers(path):
    """Is each explorer that a lecture imports in its excerpt, and is the excerpt less than half of the lecture?"""
    notebook = read(path)
    found, short = explorers(notebook), excerpt_with_explorers(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert found and set(found.values()) <= {cell.id for cell in short.cells}
    assert len(short.cells) < len(code) / 2
    known = {name for name in dir(widgets) if isinstance(kind := getattr(widgets, name), type)
             and issubclass(kind, widgets.Explorer)}  # fmt: skip
    used = {name for name in known - {"Explorer"} if any(f"{name}(" in cell.source for cell in code)}
    assert used <= set(found)


def test_an_excerpt_does_not_train():
    """Is the line that trains a net left out, the net made, and training inside functions and loops left alone?"""
    source = "net = nn.MLP([1, 2])\nnn.train(\n    net, x, y,\n)\nfit(net)\nprint(net)\nfor one in nets:\n"
    source += "    nn.train(one, x, y)"
    kept = untrained(source)
    assert kept.split("\n") == ["net = nn.MLP([1, 2])", "", "", "", "", "print(net)", "for one in nets:",
                                "    nn.train(one, x, y)"]  # fmt: skip
    cells = [nbformat.v4.new_code_cell(source, id="a"), nbformat.v4.new_code_cell("show(net)", id="b")]
    assert excerpt(nbformat.v4.new_notebook(cells=cells), ["b"]).cells[0].source == kept
