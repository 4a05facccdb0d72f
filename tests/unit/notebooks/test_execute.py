"""Does execution name the cell that failed, and keep what was computed up to there?"""

import nbformat
import pytest

from course.notebooks.execute import execute, execute_all

pytestmark = pytest.mark.slow  # every test starts a kernel


def _write(folder, *sources, name="a.ipynb"):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(s, id=f"a-cell-{i}") for i, s in enumerate(sources, start=1)]
    path = folder / name
    nbformat.write(notebook, path)
    return path


def test_runs_in_the_folder_of_the_notebook(tmp_path, capsys):
    """Are outputs in the copy and not in the source, and is the working folder that of the notebook?"""
    (tmp_path / "data.txt").write_text("42")
    path = _write(tmp_path, "x = open('data.txt').read()", "print(x)")
    before = path.read_bytes()
    written = execute_all([path], tmp_path / "build" / "deep")
    assert path.read_bytes() == before
    assert nbformat.read(written[0], 4).cells[1].outputs[0].text == "42\n"
    assert str(path) in capsys.readouterr().out


def test_error_names_the_cell(tmp_path):
    """Does the error name file, cell id and reason, and is the copy written with what ran?"""
    path, output = _write(tmp_path, "print('before')", "1 / 0", "print('after')"), tmp_path / "build" / "a.ipynb"
    with pytest.raises(RuntimeError, match=r"a\.ipynb: cell a-cell-2 failed") as caught:
        execute(path, output)
    assert "ZeroDivisionError" in str(caught.value)
    cells = nbformat.read(output, 4).cells
    assert cells[0].outputs[0].text == "before\n"
    assert cells[1].outputs[0].ename == "ZeroDivisionError"
    assert cells[2].outputs == []


def test_expected_error_is_none(tmp_path):
    """Does a cell that is tagged to raise not count, also in the name of a later one that fails?"""
    path = _write(tmp_path, "1 / 0", "[][0]")
    notebook = nbformat.read(path, 4)
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    with pytest.raises(RuntimeError, match="cell a-cell-2 failed"):
        execute(path)


def test_a_failed_test_is_an_error(tmp_path):
    """Is a test that raises an error at the end, though its tag lets the notebook go on, with what the check said?"""
    path = _write(tmp_path, "x = 1", "raise ValueError('Question 3: wrong')", "print('the end')")
    output = tmp_path / "out.ipynb"
    notebook = nbformat.read(path, 4)
    label = {"grade": True, "solution": False, "grade_id": "a", "points": 1}
    notebook.cells[1].metadata = {"tags": ["raises-exception"], "nbgrader": label}
    nbformat.write(notebook, path)
    with pytest.raises(RuntimeError, match=r"a\.ipynb: cell a-cell-2 failed\nValueError: Question 3: wrong"):
        execute(path, output)
    assert nbformat.read(output, 4).cells[2].outputs[0].text == "the end\n"


def test_endless_cell_and_dead_kernel(tmp_path):
    """Is a cell that takes too long, or kills its kernel, named as well, and the copy written?"""
    output = tmp_path / "out.ipynb"
    with pytest.raises(RuntimeError, match="cell a-cell-2 failed"):
        execute(_write(tmp_path, "x = 1", "while True: pass"), output, timeout=2)
    assert output.exists()
    with pytest.raises(RuntimeError, match="cell a-cell-1 failed"):
        execute(_write(tmp_path, "import os; os._exit(1)"), tmp_path / "dead.ipynb")
    assert (tmp_path / "dead.ipynb").exists()


def test_unreadable_notebook(tmp_path):
    """Is a broken file an error that names it, before any kernel starts?"""
    (tmp_path / "b.ipynb").write_text("{")
    with pytest.raises(ValueError, match=r"b\.ipynb is not a notebook"):
        execute(tmp_path / "b.ipynb", tmp_path / "out.ipynb")
    assert not (tmp_path / "out.ipynb").exists()
