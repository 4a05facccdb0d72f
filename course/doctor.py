"""`course doctor`: is everything here that the course needs? One line a check: OK, or what to do.

The checks look at what is installed and where; they download nothing and start no server.
"""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# what only grading and formgrader need: not looked for in what students have installed
INSTRUCTORS_CHECKS = ("alembic", "bubblewrap", "exchange folder")
# what students cannot use, and so do not see: student_settings/ switches it off
STUDENTS_WITHOUT = tuple(f"@jupyter/nbgrader:{name}" for name in (
    "assignment-list", "course-list", "create-assignment", "formgrader", "menu"))  # fmt: skip
# extension of JupyterLab: the package that brings it
LAB_EXTENSIONS = {
    "@jupyter/nbgrader": "nbgrader",
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets",
    "anywidget": "anywidget",
}


class Check(NamedTuple):
    """One line of the report; `text` says what was found or, where `ok` is False, what to do."""

    name: str
    ok: bool
    text: str


def doctor():
    """Return the list of `Check` (name, ok, text). A check that raises becomes one that failed."""
    results = []
    for name, check in CHECKS.items():
        if name in INSTRUCTORS_CHECKS and is_students():
            continue
        try:
            found = check()
            results.extend([Check(name, *found)] if isinstance(found, tuple) else found)
        except Exception as error:  # the one program that must speak when the rest is broken
            results.append(Check(name, False, f"{type(error).__name__}: {error}"))
    return results


def main():
    """Print the report; return 0 if every check is OK, else 1."""
    results = doctor()
    for name, ok, text in results:
        print(f"[{' OK ' if ok else 'FAIL'}] {name}: {text}")
    failed = sum(not result.ok for result in results)
    print(f"{failed} of {len(results)} checks failed." if failed else f"All {len(results)} checks are OK.")
    return 1 if failed else 0


def is_students():
    """Is the installed course the students', which `make student-bundle` makes, and not the instructor's checkout?"""
    try:
        return importlib.metadata.version("course").endswith("+student")
    except importlib.metadata.PackageNotFoundError:
        return False


def reinstall():
    """What to do when a package is missing or too old."""
    if is_students():
        return "run `python -m pip install -c constraints.txt` with the course's .whl file, as its README.md says"
    return "run `make` in the course folder, or `python -m pip install --upgrade .` there"


def python_version():
    """Is Python new enough?"""
    from packaging.specifiers import SpecifierSet

    wanted = importlib.metadata.metadata("course")["Requires-Python"]
    if SpecifierSet(wanted).contains(platform.python_version(), prereleases=True):
        return True, f"{platform.python_version()} in {sys.prefix}"
    return False, f"{platform.python_version()}, but the course needs {wanted}: make a new environment with that"


def packages():
    """Is each package that the course imports installed, in a version that will do?"""
    from packaging.requirements import Requirement

    results = []
    for requirement in map(Requirement, importlib.metadata.requires("course") or []):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue  # for developers, or for another system
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            results.append(Check(requirement.name, False, f"not installed: {reinstall()}"))
            continue
        ok = requirement.specifier.contains(version, prereleases=True)
        text = version if ok else f"{version}, but the course needs {requirement.specifier}: {reinstall()}"
        results.append(Check(requirement.name, ok, text))
    return results


def server_extensions():
    """Does the Jupyter server load nbgrader's pages?"""
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    enabled = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    names = ["validate_assignment", *([] if is_students() else ["assignment_list", "formgrader"])]
    wanted = [f"nbgrader.server_extensions.{name}" for name in names]
    missing = [name for name in wanted if not enabled.get(name)]
    if not missing:
        return True, "nbgrader's are enabled"
    return False, f"not enabled: {', '.join(missing)}: run `jupyter server extension enable --sys-prefix nbgrader`"


def lab_extensions():
    """Does JupyterLab show nbgrader's menu and the explorers?"""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_page_config

    page = get_page_config(jupyter_path("labextensions"))
    present = {extension["name"] for extension in page["federated_extensions"]}
    for name, package in LAB_EXTENSIONS.items():
        if name not in present:
            return False, f"{name} is missing: run `python -m pip install --force-reinstall {package}`"
        off = STUDENTS_WITHOUT if is_students() else ()
        disabled = sorted(entry for entry in page["disabledExtensions"] if entry.split(":")[0] == name
                          and entry not in off)  # fmt: skip
        if disabled:
            return False, f"{', '.join(disabled)} disabled: run `jupyter labextension enable {disabled[0]}`"
    return True, f"{', '.join(LAB_EXTENSIONS)} are enabled"


def alembic():
    """Can formgrader run `alembic`? Without it the page hangs, and does not say why."""
    path = shutil.which("alembic")
    if path:
        return True, path
    beside = Path(sys.executable).parent / ("alembic.exe" if os.name == "nt" else "alembic")
    if beside.exists():
        return False, f"not on the PATH, so formgrader hangs: activate the environment ({beside.parent}), or `make lab`"
    return False, f"not installed, so formgrader hangs: {reinstall()}"


def gpu():
    """Where does PyTorch compute?"""
    from course.reference import device

    where = device()
    if where.type == "cuda":
        import torch

        return True, f"PyTorch computes on cuda: {torch.cuda.get_device_name(where)}"
    return True, f"PyTorch computes on {where.type}" + (": no GPU is needed" if where.type == "cpu" else "")


def bubblewrap():
    """Can a sandbox for grading be made? Only grading needs it, so this never fails."""
    path = shutil.which("bwrap")
    if not path:
        return True, "not installed; only grading needs it, and refuses without (Linux: install the package bubblewrap)"
    command = [path, "--unshare-all", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5)
        trouble = done.returncode and (done.stderr.strip() or f"status {done.returncode}")
    except (OSError, subprocess.TimeoutExpired) as error:
        trouble = str(error)
    if trouble:
        return True, f"{path} is not allowed to work here ({trouble}); only grading needs it, and refuses without"
    return True, f"{path} works"


def data():
    """Which data will the course use, and are the files whole?"""
    from course.data import DataError, mnist, store, text

    results, folder = [], store.data_dir()
    if folder and not folder.is_dir():
        results.append(Check("data", False, f"COURSE_DATA_DIR is {folder}, which is no folder: correct or unset it"))
    later = "forbidden by COURSE_OFFLINE" if store.offline() else "downloaded when first used, if there is a network"
    for name, files, otherwise in (
        ("MNIST", mnist.FILES.values(), "the 5 000 digits that come with the course"),
        ("Shakespeare", [text.SHAKESPEARE], "Python's own source"),
    ):
        found = [store.locate(file) for file in files]
        if not all(found):
            results.append(Check(name, True, f"not on this machine: {later}; otherwise {otherwise}"))
            continue
        try:
            for file, place in zip(files, found, strict=True):
                store.read(file, *place)
        except DataError as error:
            results.append(Check(name, False, " ".join(str(error).split())))
        else:
            places = sorted({str(path.parent) for path, _ in found})
            results.append(Check(name, True, f"all files, verified, in {' and '.join(places)}"))
    return results


def cache_folder():
    """Can data be kept?"""
    from course.data import store

    return _writable(store.cache_dir(), "set COURSE_CACHE_DIR to a folder that you can write")


def exchange_folder():
    """Can assignments be handed out and in, where nbgrader_config.py says?"""
    from traitlets.config import PyFileConfigLoader

    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "nbgrader_config.py").is_file():
            config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
            break
    else:
        return True, "no nbgrader_config.py here or above, so not looked for; it matters to instructors only"
    root = config.Exchange.get("root", "/usr/local/share/nbgrader/exchange")  # nbgrader's default
    return _writable(folder / root, f"set c.Exchange.root in {folder / 'nbgrader_config.py'}")


def _writable(folder, advice):
    """Return (ok, text): can files be made in `folder`, or can it be made?"""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        return False, f"{there} is a file, not a folder: {advice}"
    if not os.access(there, os.W_OK | os.X_OK):
        return False, f"{there} cannot be written: {advice}"
    free = shutil.disk_usage(there).free
    if free < 100e6:
        return False, f"{there}: the disk is full ({free / 1e6:.0f} MB free): make room, or {advice}"
    return True, f"{folder}" + ("" if there == folder else " (will be made)")


CHECKS = {
    "Python": python_version,
    "packages": packages,
    "server extensions": server_extensions,
    "JupyterLab extensions": lab_extensions,
    "alembic": alembic,
    "GPU": gpu,
    "bubblewrap": bubblewrap,
    "data": data,
    "cache folder": cache_folder,
    "exchange folder": exchange_folder,
}
