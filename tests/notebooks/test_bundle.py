"""The students' bundle as a student uses it: unpacked, installed by its README into an empty environment, worked with.

And as a curious student reads it: every file, also those in the wheel, searched for what they must not get.
"""

import ast
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from course.checks import activations as check
from course.grading.samples import Sample, students, submission
from course.notebooks.bundle import SETTINGS, build_bundle
from course.notebooks.canonical import read
from tests.notebooks import student as environment
from tests.notebooks.excerpt import excerpt_with_explorers
from tests.notebooks.executed import LECTURES, SOLUTIONS
from tests.unit.notebooks.checkout import PS1, ROOT, checkout

SOLUTION = ROOT / PS1.replace("assignments", "solutions")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]  # from an index the installation takes minutes


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The folder in which a student unpacked the zip file; it was built in a copy of the checkout without git."""
    folder = tmp_path_factory.mktemp("bundle")
    archive = build_bundle(checkout(folder / "checkout"), folder / "build")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked" / archive.stem


@pytest.fixture(scope="module")
def student(bundle, tmp_path_factory):
    """An environment made by the commands of the README: `run(program, ...)` starts a program of it."""
    home = tmp_path_factory.mktemp("home")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    environment.install(bundle, project["dependencies"])
    yield SimpleNamespace(run=functools.partial(environment.run, bundle, home), home=home)
    environment.remove(bundle)


@pytest.mark.long("test_the_doctor_is_content")
def test_installed_from_nothing(bundle, tmp_path):
    """Do the commands of the README work where nothing is installed yet, with packages from an index?"""
    environment.need_index(tmp_path)
    other = tmp_path / "other"
    shutil.copytree(bundle, other, ignore=shutil.ignore_patterns(".venv"))
    said = environment.install(other)
    assert re.search(r"Successfully installed .*\btorch-", said), said[-2000:]
    student = SimpleNamespace(run=functools.partial(environment.run, other, tmp_path), home=tmp_path)
    test_the_doctor_is_content(student)
    test_right_answers_pass(other, student)


def executed(student, text, name):
    """Execute a notebook, given as text, as *Run All Cells* does, in a folder of the student's. Returns it."""
    work = student.home / name
    work.mkdir()
    (work / "in.ipynb").write_text(text)
    done = student.run("jupyter", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--output", "out",
                       "in.ipynb", cwd=work)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return nbformat.read(work / "out.ipynb", 4)


def outputs_of_tests(notebook):
    """{grade_id: outputs} of the test cells."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells
             if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")}  # fmt: skip
    return {grade_id: cell.outputs for grade_id, cell in cells.items()}


def handed_in(bundle, sample):
    """The notebook of the bundle as a sample student filled it in."""
    return submission(sample, SOLUTION, bundle / PS1)


def test_right_answers_pass(bundle, student):
    """Does each visible check of the right answers say that all its cases passed?"""
    tests = outputs_of_tests(executed(student, handed_in(bundle, Sample("everything right")), "right"))
    assert len(tests) == len(check.QUESTIONS)
    for grade_id, outputs in tests.items():
        (output,) = outputs
        assert re.search(r"all \d+ cases passed", output.data["text/plain"]), grade_id
        assert "hidden" not in output.data["text/plain"]


def test_a_wrong_answer_gets_its_hint(bundle, student):
    """Does the softmax over the wrong axis get the hint for that, and no other question a complaint?"""
    sample = students("ps1_activations")["dora"]
    tests = outputs_of_tests(executed(student, handed_in(bundle, sample), "wrong"))
    failed = {grade_id for grade_id, outputs in tests.items() if any(o.output_type == "error" for o in outputs)}
    assert failed == sample.marks.keys()
    hint = next(mistake.hint for mistake in check.softmax.mistakes if mistake.name == "wrong axis")
    assert " ".join(hint.split()) in " ".join(tests["softmax-test"][0].data["text/plain"].split())


def test_nbgrader_validates(bundle, student):
    """Does *Validate* say what passes and what does not, without the instructor's settings?"""
    for name, sample, said in (
        ("good.ipynb", Sample("everything right"), "passes all visible cases; the mark also counts hidden cases."),
        ("poor.ipynb", students("ps1_activations")["dora"], "VALIDATION FAILED ON 2 CELL(S)!"),
    ):
        (student.home / name).write_text(handed_in(bundle, sample))
        done = student.run("nbgrader", "validate", student.home / name, cwd=student.home)
        assert said in done.stdout, done.stdout + done.stderr


def errors(notebook):
    """{cell id: what its error says}."""
    return {cell.id: output.evalue for cell in notebook.cells for output in cell.get("outputs", [])
            if output.output_type == "error"}  # fmt: skip


@pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.name)
def test_explorers_of_a_lecture(lecture, bundle, student):
    """Do the imports and one of each explorer work, with the package from the wheel and nothing else?"""
    short = excerpt_with_explorers(read(bundle / "lectures" / lecture.name))
    assert errors(executed(student, nbformat.writes(short), f"excerpt-{lecture.name}")) == {}


@pytest.mark.long("test_explorers_of_a_lecture")
@pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.name)
def test_a_lecture_runs(lecture, bundle, student):
    """Does the lecture run from top to bottom, with the package from the wheel and nothing else?"""
    assert errors(executed(student, (bundle / "lectures" / lecture.name).read_text(), lecture.name)) == {}


NAMES = """
import importlib, sys
for line in sys.stdin.read().split():
    module, *rest = line.split(":")
    found = importlib.import_module(module)
    for name in filter(None, rest):
        try:
            found = getattr(found, name)
        except AttributeError:
            found = importlib.import_module(f"{module}.{name}")
"""


def test_all_that_notebooks_name_is_there(bundle, student):
    """Does the installed package have every name of `course` that a lecture or an assignment imports or looks up?"""
    asked = set()
    for path in [*bundle.glob("lectures/*.ipynb"), *bundle.glob("assignments/*/*.ipynb")]:
        asked |= named("\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code"))
    assert len(asked) > 30 and "course:nn:MLP" in asked
    done = subprocess.run([bundle / ".venv/bin/python", "-c", NAMES], input="\n".join(sorted(asked)), text=True,
                          capture_output=True, cwd=student.home, env={"PATH": os.defpath, "HOME": str(student.home)})
    assert done.returncode == 0, done.stderr[-2000:]


def named(source):
    """What the code asks of `course`: module:name and, of what it looks into, module:name:attribute."""
    asked, here = set(), {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "course":
            for name in node.names:
                here[name.asname or name.name] = f"{node.module}:{name.name}"
        elif isinstance(node, ast.Import):
            asked |= {f"{name.name}:" for name in node.names if name.name.split(".")[0] == "course"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in here:
            asked.add(f"{here[node.value.id]}:{node.attr}")
    return asked | set(here.values())


def test_the_doctor_is_content(student):
    """Does `course doctor` find the installation healthy, and look for nothing that only instructors need?"""
    done = student.run("course", "doctor", cwd=student.home)
    assert done.returncode == 0, done.stdout
    assert "checks are OK" in done.stdout and "torch" in done.stdout
    assert not re.search("bubblewrap|formgrader|alembic|exchange", done.stdout)


def test_commands_that_cannot_work_are_not_offered(bundle, student):
    """Does `course` offer a student's commands, say where the others are, and refuse them plainly?"""
    helped = student.run("course", "--help").stdout
    assert re.findall(r"^    (\w+) ", helped, re.MULTILINE) == ["doctor", "check", "data"]
    assert "belong to the instructor's checkout" in " ".join(helped.split())
    for command in ("grade", "class", "bundle", "notebooks"):
        done = student.run("course", command)
        assert done.returncode == 2 and f"invalid choice: '{command}'" in done.stderr
    done = student.run("course", "data", cwd=student.home)
    assert done.returncode == 1 and "train: 4000 digits" in done.stdout, done.stderr  # nothing can be downloaded
    program, *options = shlex.split(environment.commands(bundle)[2])
    assert student.run(Path(program).name, *options, "--version").returncode == 0


def test_the_grader_cannot_be_imported(student):
    """Is there nothing to import of the instructor's side, nothing unasked, and is the version a student's?"""
    for module in ("course.grading", "course.grading.hidden", "course.notebooks", "course.cli", "pytest", "dask"):
        done = student.run("python", "-c", f"import {module}", cwd=student.home)
        assert done.returncode == 1 and "ModuleNotFoundError" in done.stderr, module
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    done = student.run("python", "-c", "from importlib.metadata import version; print(version('course'))")
    assert done.stdout.strip() == f"{project['version']}+student"


def test_what_is_installed_is_what_was_searched(bundle, student):
    """Does pip install the files of the wheel, which the tests below search, and nothing else that is not pip's own?"""
    code = "import importlib.metadata as m; print(*(f'{f}|{f.locate()}' for f in m.files('course')), sep='\\n')"
    done = student.run("python", "-c", code, cwd=student.home)
    installed = dict(line.split("|") for line in done.stdout.splitlines() if "__pycache__" not in line)
    contents = wheel(bundle)
    own = {name for name in installed if name not in contents}
    files = [path for folder in SETTINGS for path in (ROOT / folder).rglob("*.*")]
    settings = {path.name: said_in(path) for path in files if path.suffix in (".js", ".json", ".py")}
    assert {Path(name).name for name in own} <= {"course", "INSTALLER", "REQUESTED", "direct_url.json", *settings}
    found = {Path(name).name: path for name, path in installed.items() if Path(name).name in settings}
    said = {name: said_in(Path(path)) for name, path in found.items()}
    page, ours = said["page_config.json"], settings["page_config.json"]  # JupyterLab adds to it when it is started
    said["page_config.json"] = {part: {name: page[part].get(name) for name in ours[part]} for part in ours}
    assert said == settings
    for name in installed.keys() - own:
        if not name.endswith("RECORD"):
            assert Path(installed[name]).read_bytes() == contents[name], name


def said_in(path):
    """What a file of settings says: JupyterLab writes its own anew, without the last end of a line."""
    return json.loads(path.read_text()) if path.suffix == ".json" else path.read_text()


def wheel(bundle):
    """{name: bytes} of the files in the wheel."""
    (path,) = bundle.glob("*.whl")
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def everything(bundle):
    """{name: text} of all that a student gets; of notebooks the text of the cells and all the rest, as JSON."""
    contents = {}
    for path in bundle.rglob("*"):
        if path.is_file() and path.suffix != ".whl" and ".venv" not in path.relative_to(bundle).parts:
            contents[path.relative_to(bundle).as_posix()] = path.read_bytes()
    texts = {name: content.decode() for name, content in (contents | wheel(bundle)).items()}
    for name, text in texts.items():
        if name.endswith(".ipynb"):
            cells = json.loads(text)["cells"]
            texts[name] = "\n".join([*("".join(cell["source"]) for cell in cells), text])
    return texts


def test_nothing_by_name(bundle):
    """Are exactly these kinds of files in the bundle, and is none of the instructor's folders among them?"""
    names = everything(bundle).keys()
    assert {name.split("/")[0] for name in names if not name.startswith("course-")} == {
        "README.md", "constraints.txt", "environment.yml", "lectures", "assignments", "course"
    }  # fmt: skip
    assert {name.split("/")[1] for name in names if name.startswith("course/")} == {
        "__init__.py", "__init__.pyi", "check_file.py", "checks", "data", "doctor.py", "figures", "lazy.py", "nn",
        "reference", "student.py", "validate.py", "widgets",
    }  # fmt: skip
    assert [name for name in names if re.search(r"grading|hidden|solution|sandbox|samples|\.db$|/\.", name)] == []


def test_nothing_by_word(bundle):
    """Is no solution marked, no hidden region there, and the grader not named, in any file?"""
    marks = r"BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS|course.grading|[Rr]ubric|hidden\.\w+\)|SandboxedExporter"
    assert re.search(marks, SOLUTION.read_text()), "this search finds nothing"
    assert {name: found[0] for name, text in everything(bundle).items() if (found := re.search(marks, text))} == {}


def test_test_cells_hold_no_hidden_cases(bundle):
    """Is each released test cell one call of a visible check?"""
    for cell in read(bundle / PS1).cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade") and not nbgrader.get("solution"):
            assert re.fullmatch(r"check\.(\w+)\(\1\)", cell.source), cell.id


def test_no_line_of_a_solution(bundle):
    """Does a line of a solution that is long enough to say something stand only where lectures teach it, in `nn`?"""
    cells = [cell for path in SOLUTIONS for cell in read(path).cells]
    solved = [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    inside = [part for cell in solved
              for part in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell, re.DOTALL)]  # fmt: skip
    lines = {line.strip() for text in inside for line in text.splitlines() if len(line.strip()) > 30}
    assert len(lines) > len(inside) > 0
    texts = everything(bundle)
    found = {(name, line) for name, text in texts.items() for line in lines if line in text}
    assert {(name, line) for name, line in found if not name.startswith("course/nn/")} == set()


def test_no_function_of_the_grader(bundle):
    """Is no function or class of `course/grading`, hidden cases and sandbox included, there under any name?"""
    graders = {}
    for path in (ROOT / "course/grading").rglob("*.py"):
        graders |= {body: f"{path.name}: {name}" for name, body in definitions(path.read_text())}
    assert len(graders) > 100
    found = {}
    for name, text in everything(bundle).items():
        if name.endswith(".py"):
            found |= {(name, own): graders[body] for own, body in definitions(text) if body in graders}
    assert found == {}


def definitions(source):
    """Yield (name, body) of the functions and classes that are longer than a line or two."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.end_lineno - node.lineno > 2:
            yield node.name, "\n".join(ast.unparse(statement) for statement in node.body)
