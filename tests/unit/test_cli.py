"""`course ...` as a person types it."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest

from course import data, student
from course.cli import main

ROOT = Path(__file__).parents[2]


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


@pytest.mark.parametrize("words", [[], ["notebooks"]], ids=str)
def test_a_command_alone_prints_its_help(words, capsys):
    """Does `course` alone say which commands there are, instead of what is missing?"""
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"usage: {' '.join(['course', *words])} ") and said.err == ""
    assert ("export" if words else "doctor") in said.out


@pytest.mark.parametrize("command", [main, student.main], ids=["instructor", "student"])
def test_version(command, capsys):
    """Does `course --version` say which course it is, and where it lies?"""
    assert command(["--version"]) == 0
    assert capsys.readouterr().out == f"course {version('course')} in {Path(student.__file__).parent}\n"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["grade", "class"])
def test_an_unknown_assignment(command, capsys, tmp_path, monkeypatch):
    """Are the assignments listed that there are?"""
    monkeypatch.chdir(ROOT)
    folder = ["--folder", str(tmp_path / "class")] if command == "class" else []
    assert main([command, "ps99", *folder]) == 1
    said = capsys.readouterr().err
    assert "'ps99'" in said and said.count("\n") == 1
    assert said.rstrip().endswith("there are: ps1_activations, ps2_mnist, ps3_convolution, ps4_backprop")


def data_command(monkeypatch, tmp_path, **sets):
    """Run `course data` with an empty cache and these functions of `course.data`; returns its exit status."""
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    for name, function in sets.items():
        monkeypatch.setattr(data, name, function)
    return main(["data"])


def test_data_that_is_there(monkeypatch, tmp_path, capsys):
    """Is the exit status 0 when everything could be had, with a line for each set?"""
    digits = data.mnist.Digits([0] * 3, [0] * 3)
    assert data_command(monkeypatch, tmp_path, load_mnist=lambda split: digits, is_full_mnist=lambda: True,
                        load_text=lambda name: "abcd", has_shakespeare=lambda: True) == 0  # fmt: skip
    assert capsys.readouterr() == ("  train: 3 digits, test: 3 digits\n  4 characters\n", "")


@pytest.mark.slow
def test_data_that_cannot_be_had(monkeypatch, tmp_path, capsys):
    """Is the exit status 1 when only what comes with the course is there, and is it said what is missing?"""
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert data_command(monkeypatch, tmp_path) == 1
    said = capsys.readouterr()
    assert "course: MNIST and Shakespeare could not be had" in said.err and "4000 digits" in said.out


def test_data_that_is_damaged(monkeypatch, tmp_path, capsys):
    """Does a damaged file of one set end in status 1, after the other set was fetched all the same?"""

    def damaged(split):
        raise data.DataError("train-labels is cut short")

    assert data_command(monkeypatch, tmp_path, load_mnist=damaged, load_text=lambda name: "abcd",
                        has_shakespeare=lambda: True) == 1  # fmt: skip
    said = capsys.readouterr()
    assert said.out == "  4 characters\n" and "train-labels is cut short" in said.err
    assert "course: MNIST could not be had" in said.err
