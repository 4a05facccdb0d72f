"""`course ...` as a person types it."""

import subprocess
import sys

import nbformat
import pytest

from course.cli import main


@pytest.fixture
def notebook(tmp_path):
    """A notebook as an editor saves it, with an output and a random id."""
    cell = nbformat.v4.new_code_cell("print(6 * 7)", id="0a1b2c3d")
    cell.outputs = [nbformat.v4.new_output("stream", text="42\n")]
    path = tmp_path / "ps7_test.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    return path


def test_check_refuses_and_clean_mends(notebook, capsys):
    """Is a notebook with outputs refused, cleaned, and then accepted?"""
    assert main(["notebooks", "check", str(notebook)]) == 1
    assert "stored outputs" in capsys.readouterr().out
    assert main(["notebooks", "clean", str(notebook.parent)]) == 0
    assert "rewritten" in capsys.readouterr().out
    assert main(["notebooks", "check", str(notebook)]) == 0
    assert main(["notebooks", "clean", str(notebook)]) == 0
    assert "clean already" in capsys.readouterr().out


@pytest.mark.slow
def test_execute_writes_a_copy(notebook, tmp_path, monkeypatch, capsys):
    """Does `execute` run a notebook, keep the source as it is, and write the executed copy?"""
    monkeypatch.chdir(tmp_path)
    before = notebook.read_text()
    assert main(["notebooks", "execute", str(notebook)]) == 0
    executed = nbformat.read(tmp_path / "build/executed" / notebook.name, 4)
    assert executed.cells[0].outputs[0].text == "42\n"
    assert notebook.read_text() == before


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_no_notebooks(path, tmp_path, capsys):
    """Is a path without notebooks a sentence and exit status 1, not a traceback?"""
    (tmp_path / "empty").mkdir()
    assert main(["notebooks", "check", str(tmp_path / path)]) == 1
    assert "course: " in capsys.readouterr().err


def test_file_that_is_no_notebook(tmp_path, capsys):
    """Is a cut file named in the error?"""
    (tmp_path / "cut.ipynb").write_text('{"cells": [')
    assert main(["notebooks", "check", str(tmp_path)]) == 1
    assert "cut.ipynb is not a notebook" in capsys.readouterr().err


def test_unknown_sample_class(capsys, tmp_path):
    """Is an assignment that does not exist a sentence?"""
    assert main(["class", "ps99", "--folder", str(tmp_path / "class")]) == 1
    assert "no sample class for 'ps99'" in capsys.readouterr().err


def test_help_is_quick_and_light():
    """Does `course --help` list the commands without loading PyTorch or matplotlib?"""
    code = "import sys; from course.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('torch', 'matplotlib', 'nbformat', 'numpy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    for command in ("doctor", "class", "data", "notebooks"):
        assert command in done.stdout


def test_wrong_call():
    """Does an unknown command end with status 2, as every program does?"""
    with pytest.raises(SystemExit) as stopped:
        main(["nothing"])
    assert stopped.value.code == 2
