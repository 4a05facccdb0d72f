"""Who may import whom, how long a file may be, and that what is public says what it does. Reads the source only."""

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "course"

# part of course/: (what it may import anywhere, what it may import inside functions only)
# The standard library and a part's own modules are always allowed.
RULES = {
    "__init__": (set(), set()),
    "nn": ({"numpy"}, set()),
    "data": ({"numpy", "pooch", "tqdm", "mlxtend"}, {"PIL"}),  # PIL: to read a photo
    "reference": ({"numpy", "torch"}, set()),
    "checks": ({"numpy", "course.data"}, {"course.reference", "IPython"}),  # IPython: to show a failure as HTML
    "figures": ({"numpy", "matplotlib", "PIL"}, set()),  # PIL: smaller files; matplotlib needs it itself
    "widgets": (
        {"numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython"}
        | {"PIL"}  # comes with matplotlib, which writes PNG with it
        | {"threadpoolctl"}  # comes with scikit-learn: small products on one core
        | {"course.nn", "course.data", "course.figures"},
        # sklearn: t-SNE, which takes a second to load; the reference: what a graph is checked against
        {"sklearn", "course.reference"},
    ),
    "notebooks": ({"nbformat", "nbclient", "nbconvert", "jinja2", "latex2mathml"}, set()),
    "check_file": ({"nbformat", "nbclient"}, set()),  # what it checks with it finds by its name
    "lazy": (set(), set()),
    "validate": ({"nbgrader", "nbformat", "nbclient", "course.checks"}, set()),
    "slides": ({"nbformat", "nbclient", "nbconvert"}, set()),
    "grading": (
        {"numpy", "tqdm", "nbgrader", "nbformat", "nbconvert", "traitlets"}
        | {"jinja2", "markupsafe"}  # the template of the report; both come with nbconvert
        | {"sqlalchemy", "dateutil"}  # come with nbgrader: what can go wrong with a gradebook, and with a time
        | {"course.checks", "course.data", "course.notebooks"},
        # copydetect: an extra, similar answers in the report;
        # packaging: to find what NumPy needs; torch: to give a worker one thread; distributed: only with --scheduler;
        # bs4: what nbconvert itself reads rendered texts with
        {"packaging", "torch", "distributed", "copydetect", "bs4"},
    ),
    # what is mounted into the sandbox: nothing of the course may come along
    "inside": ({"numpy", "matplotlib", "IPython", "traitlets", "inside"}, set()),
    "doctor": (set(), {"*"}),  # it reports what is missing, so it must start without it
    "clean": (set(), set()),  # it removes the environment, so it needs none
    "cli": (set(), {"*"}),  # `course --help` answers at once
    "student": (set(), {"*"}),  # the same, for students
}
IMPORTERS_OF_GRADING = {"cli", "grading"}  # and the hidden regions of test cells, which are not in course/
SIZE_CAP = 300  # lines; the target is 150
CAPPED = ("nn", "reference")  # the parts that students read

FILES = sorted(COURSE.rglob("*.py"))


def part_of(path):
    """The name in RULES of the folder, or of the file that stands directly in course/."""
    if "inside" in path.parts:
        return "inside"
    return path.relative_to(COURSE).with_suffix("").parts[0]


def imported(tree, package):
    """Yield (module, inside a function, line) of every import; also of import_module("literal")."""

    def visit(node, inside):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, inside, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], base]).rstrip(".")
            for name in node.names:
                # `from course import nn` is an import of course.nn, `from course.nn import relu` one of course.nn
                yield (f"{base}.{name.name}" if base == "course" else base), inside, node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("import_module", "importlib.import_module",
                                                                         "__import__"):  # fmt: skip
            if node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, inside, node.lineno
        deeper = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, deeper)

    yield from visit(tree, False)


def import_problems(source, part, package):
    """Return a sentence for every import that RULES does not allow to `part`."""
    anywhere, inside_functions = RULES[part]
    problems = []
    for module, inside, line in imported(ast.parse(source), package):
        names = module.split(".")
        top = names[0] if names[0] != "course" else ".".join(names[:2])
        if top == "course.grading" and part not in IMPORTERS_OF_GRADING:
            problems.append(f"line {line}: only the command line imports course.grading")
        elif top == "course.cli" and part != "cli":
            problems.append(f"line {line}: nothing imports course.cli")
        elif top in ("course", "course.__version__", "course.lazy", f"course.{part}") or top in sys.stdlib_module_names:
            continue
        elif top in anywhere or (inside and inside_functions & {top, "*"}):
            continue
        elif inside_functions & {top, "*"}:
            problems.append(f"line {line}: {part} may import {module} inside functions only")
        else:
            problems.append(f"line {line}: {part} may not import {module}")
    return problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(COURSE)))
def test_imports_follow_the_rules(path):
    """Does this file import only what its part may?"""
    assert part_of(path) in RULES, f"course/{part_of(path)} has no line in RULES"
    # in the sandbox the folder `inside` is a package of its own
    root = COURSE / "grading/sandbox" if part_of(path) == "inside" else ROOT
    package = ".".join(path.relative_to(root).parent.parts)
    assert import_problems(path.read_text(encoding="utf-8"), part_of(path), package) == []


@pytest.mark.parametrize(
    "part, source",
    [
        ("nn", "import torch"),
        ("nn", "import numpy, torch"),
        ("nn", "import matplotlib.pyplot as plt"),
        ("nn", "def f():\n    import torch"),
        ("nn", "from course import reference"),
        ("nn", "from .. import reference"),
        ("nn", "from ..reference import relu"),
        ("nn", "import importlib\nimportlib.import_module('torch')"),
        ("nn", "try:\n    import torch\nexcept ImportError:\n    torch = None"),
        ("checks", "from course import reference"),
        ("checks", "from course.reference import functional"),
        ("checks", "class A:\n    import course.reference"),
        ("checks", "from course.nn import relu"),
        ("checks", "def f():\n    from course.grading.hidden import activations"),
        ("reference", "from course.nn import MLP"),
        ("figures", "from course.nn import MLP"),
        ("widgets", "from course import cli"),
        ("doctor", "def f():\n    from course import grading"),
        ("grading", "def f():\n    import course.cli"),
        ("cli", "import numpy as np"),
        ("__init__", "from course.nn import MLP"),
    ],
)
def test_a_forbidden_import_is_refused(part, source):
    """Is this line noticed, wherever it stands and however it is written?"""
    assert import_problems(source, part, f"course.{part}")


@pytest.mark.parametrize(
    "part, source",
    [
        ("nn", "import math\nimport numpy as np\nfrom course.nn.loss import one_hot\nfrom . import loss"),
        ("checks", "def f():\n    from course import reference"),
        ("cli", "def main():\n    from course.grading.classroom import evening\n    import torch"),
        ("cli", "from course import __version__"),
        ("widgets", "from course import nn\nfrom course.figures import style"),
    ],
)
def test_an_allowed_import_is_accepted(part, source):
    """Does the rule not refuse what DESIGN allows?"""
    assert import_problems(source, part, f"course.{part}") == []


@pytest.mark.parametrize(
    "module, heavy",
    [
        ("course", {"torch", "matplotlib", "numpy"}),
        ("course.nn", {"torch", "matplotlib", "pooch", "mlxtend", "ipywidgets"}),
        ("course.data", {"torch", "matplotlib", "ipywidgets"}),
        ("course.checks", {"torch", "matplotlib", "ipywidgets"}),
        ("course.figures", {"torch", "matplotlib", "numpy", "ipywidgets"}),
        ("course.widgets", {"torch", "matplotlib", "numpy", "ipywidgets"}),
        ("course.reference", {"torch", "matplotlib", "numpy"}),
        ("course.student", {"torch", "matplotlib", "numpy", "nbgrader", "nbformat", "ipywidgets"}),
        ("course.cli", {"torch", "matplotlib", "numpy", "nbgrader", "nbformat", "ipywidgets"}),
    ],
)
def test_import_stays_light(module, heavy):
    """In a fresh Python, what does importing this load? Never PyTorch."""
    code = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    assert fresh(code) == []


NAMESPACES = {
    "checks": {"CheckFailed", "collect"},
    "data": {"animals", "cached", "load_mnist", "spiral", "xor"},
    "figures": {"LiveCurve", "Table", "confusion", "curves", "named_bars", "show", "style", "timeline"},
    "nn": {"MLP", "accuracy", "fgsm", "softmax", "train"},
    "reference": {"functional", "gradients", "mlp", "train_convnet"},
    "widgets": {"ActivationExplorer", "DigitPad", "SoftmaxExplorer", "Sliders", "progress"},
}  # folder: some of the names that notebooks use; the whole table is the folder's __all__


def fresh(code):
    """Run code in a Python of its own and return what it printed, word by word."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_one_line_imports_all_that_a_notebook_needs():
    """Does the first line of a lecture load neither PyTorch nor matplotlib, and does each come when asked for?"""
    line = f"import sys; from course import {', '.join(NAMESPACES)}; loaded = lambda: {{'torch', 'matplotlib'}} & "
    line += "set(sys.modules); print(*loaded());"
    assert fresh(line) == []
    assert fresh(line + "figures.confusion; print(*loaded())") == ["matplotlib"]
    assert fresh(line + "reference.device; print(*loaded())") == ["torch"]


@pytest.mark.parametrize("folder", NAMESPACES)
def test_every_public_name_is_there(folder):
    """Is each name of the folder's table what its file holds, listed by dir() for tab completion, and documented?"""
    namespace = importlib.import_module(f"course.{folder}")
    assert NAMESPACES[folder] <= set(namespace.__all__) <= set(dir(namespace))
    assert sorted(namespace.__all__) == list(namespace.__all__) and not [n for n in namespace.__all__ if n[0] == "_"]
    values = {name: getattr(namespace, name) for name in namespace.__all__}
    homes = {getattr(value, "__module__", "") for value in values.values() if callable(value)}
    assert {home.rpartition(".")[0] for home in homes} == {f"course.{folder}"}
    assert [name for name, value in values.items() if callable(value) and not inspect.getdoc(value)] == []
    with pytest.raises(AttributeError, match="confusoin"):
        namespace.confusoin  # noqa: B018
    with pytest.raises(ImportError, match="confusoin"):
        exec(f"from course.{folder} import confusoin")


def test_a_public_name_is_never_the_file():
    """Is `figures.confusion` the function, also when its file was imported before, first or in between?"""
    files = {
        (folder, name)
        for folder in NAMESPACES
        for name in importlib.import_module(f"course.{folder}").__all__
        if (COURSE / folder / f"{name}.py").exists()
    }
    assert ("figures", "confusion") in files and ("reference", "mlp") in files
    imports = "".join(f"import course.{folder}.{name};" for folder, name in sorted(files))
    kinds = ";".join(f"print(type(course.{folder}.{name}).__name__)" for folder, name in sorted(files))
    expected = ["module" if name in ("style", "functional") else "function" for _, name in sorted(files)]
    assert fresh(imports + kinds) == expected
    assert fresh("import course;" + kinds + ";" + imports + kinds) == expected * 2


def test_files_of_one_sitting():
    """Is every file of `nn` and `reference` at most 300 lines long? The failure lists the longest first."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in FILES
        if part_of(path) in CAPPED
    }
    assert lengths
    longest_first = sorted(lengths.items(), key=lambda item: -item[1])
    assert longest_first[0][1] <= SIZE_CAP, longest_first


def stars(source):
    """Return the lines of star imports."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)
    ]


def test_no_star_imports():
    """Can a reader see where every name comes from, in the package and in the tests?"""
    assert stars("from math import *") == [1]
    files = [*FILES, *(ROOT / "tests").rglob("*.py")]
    assert {str(path): lines for path in files if (lines := stars(path.read_text(encoding="utf-8")))} == {}


def undocumented(source, methods=True):
    """Return the public functions, classes and methods without a docstring, and "module" if that has none."""
    missing = []

    def visit(node, name):
        documented = ast.get_docstring(node)
        if not documented and not any(ast.unparse(d).endswith(".setter") for d in getattr(node, "decorator_list", [])):
            missing.append(name)
        if isinstance(node, ast.Module) or (methods and isinstance(node, ast.ClassDef)):
            for child in node.body:
                kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
                if isinstance(child, kinds) and not child.name.startswith("_"):
                    visit(child, child.name if name == "module" else f"{name}.{child.name}")

    visit(ast.parse(source), "module")
    return missing


def test_missing_docstrings_are_found():
    """Does the search find modules, functions, classes and methods, and leave private ones and setters alone?"""
    source = '"""Doc."""\ndef f(): pass\ndef _g(): pass\nclass A:\n    """Doc."""\n    def m(self): pass\n'
    assert undocumented(source) == ["f", "A.m"]
    assert undocumented(source, methods=False) == ["f"]
    assert undocumented("x = 1") == ["module"]
    setter = '"""D."""\nclass A:\n    """D."""\n    @size.setter\n    def size(self, value): pass\n'
    assert undocumented(setter) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(COURSE)))
def test_what_is_public_says_what_it_does(path):
    """Has every public function and class a docstring, in `nn` and `reference` every method too?

    Elsewhere a method may take over the words of the class it overrides.
    """
    assert undocumented(path.read_text(encoding="utf-8"), methods=part_of(path) in CAPPED) == []
