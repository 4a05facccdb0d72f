"""The executed copies that tests share: when one is read again, and what makes it too old."""

import shutil

import nbformat
import pytest

from tests.notebooks import executed as shared

SOURCE = "import os\nprint(6 * 7, os.environ['OMP_NUM_THREADS'])"


@pytest.fixture
def root(tmp_path):
    """A checkout with one lecture, data beside it, and one module."""
    for name, text in {"lectures/trained/a.npz": "1", "course/nn/a.py": "x = 1\n", "course/b.py": ""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    write(tmp_path, SOURCE)
    return tmp_path


def write(root, source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="a")])
    nbformat.write(notebook, root / "lectures/1.ipynb")


@pytest.fixture
def forget(monkeypatch):
    """forget(): as in a new run, in a new process."""

    def forget(run="another run"):
        monkeypatch.setattr(shared, "RUN", run)
        for function in (shared.executed, shared._course, shared._versions, shared._data):
            function.cache_clear()

    forget("the first run")
    yield forget
    forget()


@pytest.fixture
def count(monkeypatch):
    """The notebooks that were really executed."""
    done, execute = [], shared.execute

    def counted(path, output, after):
        done.append(path.name)
        return execute(path, output, after=after)

    monkeypatch.setattr(shared, "execute", counted)
    return done


@pytest.fixture
def ask(root):
    """ask(): the outputs of the lecture."""
    return lambda: shared.executed(root / "lectures/1.ipynb", root / "build", root)


@pytest.mark.slow
def test_executed_once(ask, forget, count, root):
    """Is a notebook executed once, on one core, for this run and the next, and does its copy say what it took?"""
    first = ask()
    forget()
    again = ask()
    assert count == ["1.ipynb"] and first == again
    assert first.cells[0].outputs[0].text == "42 1\n"
    assert 0.1 < first.metadata.executed.cpu < 60 and first.metadata.executed.error == ""
    assert "executed" not in nbformat.read(root / "lectures/1.ipynb", 4).metadata


@pytest.mark.slow
def test_a_failure_is_said_once_a_run(ask, forget, count, root):
    """Is a notebook that fails not executed again for each test of this run, and tried again in the next?"""
    write(root, "1 / 0")
    for run, times in (("this", 1), ("this", 1), ("the next", 2)):
        forget(run)
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            ask()
        assert len(count) == times


@pytest.mark.slow
def test_a_cut_copy(ask, forget, count, root):
    """Is a copy that was cut when a run was ended made anew?"""
    ask()
    copy = root / "build/1.ipynb"
    copy.write_bytes(copy.read_bytes()[:100])
    forget()
    assert ask().cells[0].outputs[0].text == "42 1\n" and len(count) == 2


def key(root, forget):
    forget()
    return shared.key_of(root / "lectures/1.ipynb", root)


CHANGES = {
    "the notebook": lambda root, patch: write(root, SOURCE + " "),
    "a module": lambda root, patch: (root / "course/nn/a.py").write_text("x = 2\n"),
    "a new module": lambda root, patch: (root / "course/c.js").write_text(""),
    "a removed one": lambda root, patch: (root / "course/b.py").unlink(),
    "what lies beside it": lambda root, patch: (root / "lectures/trained/a.npz").write_text("2"),
    "a version": lambda root, patch: patch.setattr(shared.sys, "version", "4.0"),
    "the data": lambda root, patch: patch.setenv("COURSE_DATA_DIR", str(root / "course")),
    "a setting": lambda root, patch: patch.setenv("COURSE_DEVICE", "cpu"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_makes_it_too_old(what, root, forget, monkeypatch):
    """Does another notebook, module, version, data file or setting give another key?"""
    before = key(root, forget)
    assert key(root, forget) == before
    CHANGES[what](root, monkeypatch)
    assert key(root, forget) != before


def test_what_does_not(root, forget, monkeypatch):
    """Do litter, another notebook, and what must be there give the same key?"""
    before = key(root, forget)
    for litter in ("course/nn/__pycache__/a.pyc", "lectures/.ipynb_checkpoints/1.py", "tests/a.py"):
        (root / litter).parent.mkdir(parents=True)
        (root / litter).write_text("1")
    shutil.copy(root / "lectures/1.ipynb", root / "lectures/2.ipynb")
    monkeypatch.setenv("COURSE_REQUIRE", "nothing")
    assert key(root, forget) == before


def test_other_data_of_the_same_size(root, forget, monkeypatch):
    """Is a data file that was replaced by one of the same length noticed?"""
    folder = root / "data"
    folder.mkdir()
    (folder / "a").write_text("1")
    monkeypatch.setenv("COURSE_DATA_DIR", str(folder))
    before = key(root, forget)
    (folder / "b").write_text("2")
    (folder / "b").replace(folder / "a")
    assert key(root, forget) != before
