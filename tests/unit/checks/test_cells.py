"""Is it known which run of which cell a function comes from?"""

from types import SimpleNamespace

import pytest

from course.checks.cells import Cells

ERROR = ZeroDivisionError()


class Notebook:
    """Cells run as IPython runs them: each cell gets what it defines, up to its error."""

    def __init__(self):
        self.names = {}
        self.cells = Cells(self.names)

    def run(self, cell, source, error=None, reached=True):
        """Run a cell; `reached`: its definitions were executed before the error."""
        if reached:
            exec(source, self.names)
        compiles = error is None or not isinstance(error, SyntaxError)
        self.cells.note(SimpleNamespace(
            info=SimpleNamespace(cell_id=cell, raw_cell=source),
            error_before_exec=None if compiles else error, error_in_exec=error if compiles else None))  # fmt: skip

    def says(self, name="f"):
        """What is said of the function that has this name now."""
        return self.cells.staleness(name, self.names[name])


@pytest.fixture
def notebook():
    """A notebook in which cell a defines f."""
    notebook = Notebook()
    notebook.run("a", "def f(x):\n    return x\n")
    return notebook


def test_a_fresh_function(notebook):
    """Is nothing said of a function whose cell did define it, however often it ran, and of unknown ones?"""
    assert notebook.says() == ""
    notebook.run("a", "def f(x):\n    return 2 * x\n")
    notebook.run("b", "f(3)\n")
    assert notebook.says() == ""
    assert notebook.cells.staleness("g", len) == "" and notebook.cells.staleness("f", len) == ""


@pytest.mark.parametrize(
    "source, error, words",
    [
        ("def f(x)\n    return 2 * x\n", SyntaxError(), "its last run ended in SyntaxError"),
        ("1 / 0\ndef f(x):\n    return 2 * x\n", ERROR, "its last run ended in ZeroDivisionError"),
        ("def g(x):\n    return 2 * x\n", None, "it does not define `f` any more"),
    ],
)
def test_an_old_function(notebook, source, error, words):
    """Is it said until the cell is mended: it does not compile, fails before the definition, or renames?"""
    notebook.run("a", source, error, reached=error is None)
    assert words in notebook.says() and "Mend the cell" in notebook.says()
    notebook.run("a", "def f(x):\n    return 3 * x\n")
    assert notebook.says() == ""


def test_an_error_behind_the_definition(notebook):
    """Is a function as new as its cell that failed only after it?"""
    notebook.run("a", "def f(x):\n    return 2 * x\n", ERROR)
    assert notebook.says() == ""


def test_another_cell_defines_it(notebook):
    """If a cell of the student's own defines it, does that one count?"""
    notebook.run("b", "f = abs\n")
    notebook.run("a", "def f(x)\n", SyntaxError(), reached=False)
    assert notebook.says() == ""
    notebook.run("b", "f = abs\n")  # the same object again is no older one
    assert notebook.says() == ""


def test_cells_without_an_id(notebook):
    """Is code that no notebook has run left alone?"""
    notebook.run(None, "def h(x):\n    return x\n")
    assert notebook.says("h") == ""
