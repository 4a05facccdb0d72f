"""Building the students' bundle: what is refused, that nothing is left then, and that two builds are the same bytes."""

import importlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

from course import doctor
from course.cli import main
from course.notebooks import bundle, leaks
from course.notebooks.bundle import build_bundle
from tests.unit.notebooks.checkout import LECTURE, PS1, checkout


@pytest.fixture
def root(tmp_path):
    """A copy of the checkout that a test may spoil."""
    return checkout(tmp_path / "checkout")


def add_cell(root, path, source, kind="code"):
    """Put a cell at the end of a notebook."""
    notebook = nbformat.read(root / path, 4)
    notebook.cells.append(getattr(nbformat.v4, f"new_{kind}_cell")(source))
    nbformat.write(notebook, root / path)


def add_file(root, path, content="x = 1\n"):
    """Write a file, with its folders."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(content)


def add_output(root, path, text):
    """Leave an output in the first code cell."""
    notebook = nbformat.read(root / path, 4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(notebook, root / path)


def link(root, path, target):
    """Put a link where a file or folder should be."""
    (root / path).symlink_to(root / target)


SECRETS = {
    "a solution": (lambda r: add_cell(r, PS1, "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), "BEGIN SOLUTION"),
    "the end of a solution": (lambda r: add_cell(r, PS1, "#END  SOLUTION"), "END SOLUTION"),
    "hidden tests": (lambda r: add_cell(r, LECTURE, "### BEGIN HIDDEN TESTS"), "BEGIN HIDDEN TESTS"),
    "a mark scheme": (lambda r: add_cell(r, PS1, "=== BEGIN MARK SCHEME ===", "markdown"), "BEGIN MARK SCHEME"),
    "a rubric": (lambda r: add_cell(r, PS1, "**Rubric.** 1 point", "markdown"), "Rubric"),
    "its marker": (lambda r: add_cell(r, PS1, "### BEGIN RUBRIC\n1 point", "markdown"), "BEGIN RUBRIC"),
    "a secret in an output": (lambda r: add_output(r, LECTURE, "### BEGIN SOLUTION"), "BEGIN SOLUTION"),
    "an import": (lambda r: add_cell(r, LECTURE, "import course.grading.hidden as h"), "course.grading"),
    "another import": (lambda r: add_cell(r, LECTURE, "from course import grading"), "from course import grading"),
    "an import on two lines": (lambda r: add_cell(r, LECTURE, "from course import (nn,\n    grading)"), "grading"),
    "an import by name": (lambda r: add_cell(r, LECTURE, "__import__('course.grading')"), "course.grading"),
    "a cut notebook": (lambda r: add_file(r, LECTURE, '{"cells": ['), "not a notebook that can be read"),
    "notes beside a lecture": (lambda r: add_file(r, "lectures/notes.md"), "lectures/notes.md is none of .csv"),
    "text beside an assignment": (lambda r: add_file(r, "assignments/ps1_activations/a.txt"), "a.txt is none of"),
    "a data file with a telling name": (lambda r: add_file(r, "lectures/solutions.csv"), "solutions.csv has the name"),
    "a lecture that is a link": (lambda r: link(r, "lectures/2.ipynb", "solutions/ps1_activations"), "is a link"),
    "no lecture": (lambda r: [file.unlink() for file in r.glob("lectures/*.ipynb")], "lectures/ holds no notebook"),
    "a folder like the grader": (lambda r: add_file(r, "course/grading2/a.py"), "course/grading2 is neither in"),
    "a file like the grader": (lambda r: add_file(r, "course/grader.py"), "course/grader.py is neither in"),
    "hidden cases among checks": (lambda r: add_file(r, "course/checks/hidden.py"), "checks/hidden.py has the name"),
    "solutions in the package": (lambda r: add_file(r, "course/nn/Solution/a.py"), "nn/Solution/a.py has the name"),
    "notes in the package": (lambda r: add_file(r, "course/checks/notes.md"), "notes.md is none of .css, .js, .py"),
    "a module that is a link": (lambda r: link(r, "course/nn/a.py", "course/cli.py"), "nn/a.py is a link"),
    "a package that is a link": (lambda r: link(r, "course/nn/a", "course/grading"), "course/nn/a is a link"),
    "a link to nowhere": (lambda r: link(r, "course/nn/a.py", "nowhere"), "course/nn/a.py is a link"),
    "a module that asks the grader": (lambda r: add_file(r, "course/nn/a.py", "from .. import grading"), "grading"),
    "another one": (lambda r: add_file(r, "course/nn/a.py", "from ..grading import hidden"), "from ..grading"),
    "a third one": (lambda r: add_file(r, "course/nn/a.py", "from course import \\\n    nn, grading"), "from course"),
    "the secret of the course": (lambda r: add_output(r, LECTURE, f"course-secret-{'0a' * 32}"), "holds the secret"),
    "its file": (lambda r: add_file(r, "lectures/course_secret.csv"), "course_secret.csv has the name"),
    "its copy": (lambda r: add_file(r, "lectures/a.csv", f"course-secret-{'0a' * 32}"), "a.csv holds the secret"),
    "a module with a solution": (lambda r: add_file(r, "course/nn/a.py", "### BEGIN SOLUTION"), "nn/a.py holds"),
}  # fmt: skip


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_is_refused(what, root, tmp_path, monkeypatch):
    """Is it said what must not go out, and where, before anything is generated or written?"""
    spoil, said = SECRETS[what]
    spoil(root)
    monkeypatch.setattr(bundle, "release", lambda *args: pytest.fail("too late"))
    with pytest.raises(ValueError, match="no bundle was built") as refused:
        build_bundle(root, tmp_path / "out")
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) <= 3, refused.value  # a spoilt file may be wrong in two ways, no more
    assert not (tmp_path / "out").exists()


def test_everything_is_said_at_once(root, tmp_path):
    """Are several secrets named in one go?"""
    add_file(root, "course/grading2.py")
    add_file(root, "lectures/notes.md")
    with pytest.raises(ValueError) as refused:
        build_bundle(root, tmp_path / "out")
    assert "course/grading2.py" in str(refused.value) and "lectures/notes.md" in str(refused.value)


def test_another_folder_is_refused(tmp_path, monkeypatch, capsys):
    """Outside of a checkout, does the command say where to go?"""
    monkeypatch.chdir(tmp_path)
    assert main(["bundle"]) == 1
    assert "is not the instructor's checkout: go to the folder that holds" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


STALE = {
    "changed": (lambda r: add_cell(r, PS1, "A kind word.", "markdown"), PS1),
    "missing": (lambda r: shutil.copytree(r / "solutions/ps1_activations", r / "solutions/ps9"), "assignments/ps9/ps1"),
    "left over": (lambda r: shutil.copytree((r / PS1).parent, r / "assignments/ps0"), "assignments/ps0/ps1"),
    "with a file of its own": (lambda r: add_file(r, "assignments/ps1_activations/a.csv"), "ps1_activations/a.csv"),
    "older than its source": (lambda r: add_cell(r, PS1.replace("assignments", "solutions"), "# New", "markdown"), PS1),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", STALE)
def test_a_stale_assignment_is_refused(what, root, tmp_path):
    """Is an assignment that `make release` would change named, with that command?"""
    spoil, path = STALE[what]
    spoil(root)
    with pytest.raises(ValueError) as refused:
        build_bundle(root, tmp_path / "out")
    assert path in str(refused.value) and "run `make release`" in str(refused.value)
    assert not (tmp_path / "out").exists()


def dates(archive):
    """The dates that files of a zip file bear."""
    return {entry.date_time for entry in archive.infolist()}


def test_the_date_of_a_build(tmp_path, monkeypatch):
    """Is it SOURCE_DATE_EPOCH, else the last commit's, else the first that a zip file can hold?"""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert bundle._date(tmp_path) == bundle.UNDATED
    me = ["-c", "user.name=a", "-c", "user.email=a"]
    for command in (["init", "-q"], [*me, "commit", "-q", "--allow-empty", "-m", "a"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True,
                       env=os.environ | {"GIT_COMMITTER_DATE": "1700000000 +0200"})  # fmt: skip
    assert bundle._date(tmp_path) == 1_700_000_000
    (tmp_path / "inside").mkdir()
    assert bundle._date(tmp_path / "inside") == bundle.UNDATED, "another repository's commit was taken"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert bundle._date(tmp_path) == 1_800_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert bundle._date(tmp_path) == bundle.UNDATED
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(ValueError, match="must be a number of seconds since 1970; got 'today'"):
        bundle._date(tmp_path)


def test_students_do_without(root):
    """Does the doctor know all that the students' settings switch off, and do these name what nbgrader has?"""
    page = json.loads((root / "student_settings/labconfig/page_config.json").read_text())
    assert set(doctor.STUDENTS_WITHOUT) == {name for name, off in page["disabledExtensions"].items() if off}
    settings = root / "student_settings/jupyter_server_config.d/nbgrader_students.json"
    server = json.loads(settings.read_text())["ServerApp"]["jpserver_extensions"]
    assert "nbgrader.server_extensions.validate_assignment" not in server and not any(server.values())
    for name in server:
        importlib.import_module(name)
    scripts = Path(importlib.import_module("nbgrader").__file__).parent.glob("labextension/static/*.js")
    known = "".join(path.read_text(encoding="utf-8") for path in scripts)
    assert [name for name in doctor.STUDENTS_WITHOUT if f'"{name}"' not in known] == []


@pytest.mark.slow
def test_two_builds_are_the_same_bytes(root, tmp_path, monkeypatch, capsys):
    """Is the zip the same for a tree with other times, modes and litter, and is the folder what the zip holds?"""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    first = build_bundle(root, tmp_path / "first")
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    assert first == tmp_path / "first" / f"course-{version}-student.zip"
    for path in root.rglob("*.py"):
        os.utime(path, (0, 1e9))
        path.chmod(0o700)
    for litter in ("lectures/.ipynb_checkpoints/a.ipynb", "assignments/.ipynb_checkpoints/a.ipynb", ".env",
                   "course/nn/__pycache__/a.pyc", "course/.secret.py", "course/grading/a.py", "notes.md"):  # fmt: skip
        add_file(root, litter, "### BEGIN SOLUTION")
    (root / "build").mkdir()
    monkeypatch.chdir(root)
    assert main(["bundle"]) == 0
    second = root / "build" / first.name
    assert f"Students get {second}" in capsys.readouterr().out
    assert second.read_bytes() == first.read_bytes()
    assert sorted(path.name for path in (root / "build").iterdir()) == [first.name, "student-bundle"]
    with zipfile.ZipFile(first) as archive:
        packed = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
        assert dates(archive) == {(2001, 9, 9, 1, 46, 40)}
        assert {name.split("/")[0] for name in archive.namelist()} == {first.stem}
    with zipfile.ZipFile(io.BytesIO(packed[f"course-{version}+student-py3-none-any.whl"])) as wheel:
        assert dates(wheel) == {(2001, 9, 9, 1, 46, 40)}
    folder = root / "build" / "student-bundle"
    assert {path.as_posix(): (folder / path).read_bytes() for path in leaks.files(folder)} == packed


@pytest.mark.slow
def test_a_failure_leaves_the_last_good_bundle(root, tmp_path):
    """If a later build fails in the middle, is what lay there untouched, with nothing new beside it?"""

    def lies_there():
        return {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    build_bundle(root, tmp_path / "out")
    good = lies_there()
    project = root / "pyproject.toml"
    text = project.read_text()
    project.write_text(text.replace('"numpy>=2.0"', '"numpy>=??"'))
    with pytest.raises(RuntimeError, match=r"(?s)hatchling could not build.*numpy>=\?\?"):
        build_bundle(root, tmp_path / "out")
    assert lies_there() == good
    project.write_text(text)
    add_file(root, "lectures/more.csv", "1,2\n")
    build_bundle(root, tmp_path / "out")
    assert {path.name for path in lies_there().keys() - good.keys()} == {"more.csv"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == ["student-bundle"]


@pytest.mark.slow
def test_what_slips_into_the_wheel_is_refused(root, tmp_path, monkeypatch):
    """Is the finished wheel opened again, so that a file that the backend adds does not go out?"""
    build_wheel = bundle._wheel

    def with_more(*args):
        path = build_wheel(*args)
        with zipfile.ZipFile(path, "a") as wheel:
            wheel.writestr("course/extra.py", "x = 1\n")
        return path

    monkeypatch.setattr(bundle, "_wheel", with_more)
    with pytest.raises(ValueError, match="the wheel holds course/extra.py, which was not asked for"):
        build_bundle(root, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def packed(contents):
    """The bytes of a zip file with `contents`, {name: text}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return stream.getvalue()


WHEEL = {"course/a.py": "x = 1\n", "course-1.0+student.dist-info/METADATA": "Name: course\n"}


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("course/grading/a.py", "", "the wheel holds course/grading/a.py"),
        ("course/b.py", "", "the wheel holds course/b.py"),
        ("course-1.0+student.dist-info/notes.txt", "", "dist-info/notes.txt, which was not asked for"),
        ("course-1.0+student.data/scripts/course", "", "data/scripts/course, which was not asked for"),
        ("tests/a.py", "", "the wheel holds tests/a.py"),
        ("course/a.py", "import course.grading", "course/a.py holds 'course.grading'"),
        ("course-1.0+student.dist-info/METADATA", "see course/grading", "METADATA holds 'course/grading'"),
    ],
)
def test_a_wheel_is_looked_through(name, text, said):
    """Is a file too many, or a mention of the grader, found in a finished wheel?"""
    assert leaks.in_wheel(packed(WHEEL), {"course/a.py"}) == []
    assert said in " ".join(leaks.in_wheel(packed(WHEEL | {name: text}), {"course/a.py"}))


def test_what_is_missing_is_found(tmp_path):
    """Is a wheel or a bundle that lacks a file noticed?"""
    assert leaks.in_wheel(packed(WHEEL), {"course/a.py", "course/b.py"}) == ["the wheel lacks course/b.py"]
    (tmp_path / "a.zip").write_bytes(packed({"top/README.md": "", "top/lectures/1.md": "", "top/a.whl": packed(WHEEL)}))
    wanted = {"README.md", "a.whl", "lectures/1.ipynb"}
    said = " ".join(leaks.in_archive(tmp_path / "a.zip", wanted, {"course/a.py"}))
    assert "the bundle lacks lectures/1.ipynb" in said and "the bundle holds lectures/1.md" in said


def test_what_is_harmless_passes():
    """Do words that sound alike pass: a gradient, a hidden layer, a solution in prose, a variable?"""
    notebook = {"cells": [{"source": ["The solution is a hidden layer.\n", "from course import nn\n", "grading = 1"]}]}
    assert leaks.in_content("lectures/1.ipynb", json.dumps(notebook).encode()) == []
    assert leaks.in_name("course/reference/gradients.py", leaks.PACKAGE_FILES) == []


def test_the_environment_has_the_same_packages(root):
    """Does conda install the runtime packages of this environment.yml, no others, and the wheel?"""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load(bundle._environment(project, "course-1.whl"))
    assert environment["dependencies"].pop() == {"pip": ["./course-1.whl"]}
    wanted = {line.replace("torch>", "pytorch>") for line in project["dependencies"]}
    assert set(environment["dependencies"]) == wanted | {"pip", f"python{project['requires-python']}"}


def test_the_doctor_of_students(monkeypatch):
    """Does the doctor leave out what only grading needs, and name the way that students install?"""
    ask = {name: (lambda: (True, "")) for name in doctor.CHECKS}
    monkeypatch.setattr(doctor, "CHECKS", ask)
    assert [check.name for check in doctor.doctor()] == list(ask)
    assert "`make`" in doctor.reinstall()
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.0+student")
    assert {*ask} - {check.name for check in doctor.doctor()} == {"alembic", "bubblewrap", "exchange folder"}
    assert "make" not in doctor.reinstall() and "README.md" in doctor.reinstall()
