"""`make student-bundle`: what students get, as a folder and as a zip file with the same bytes every time.

It holds a wheel of `course` without the instructor's parts, the lectures, the assignments, and a README for students.
It is made of the files as they lie there; git is asked for their date only, and not needed. What must not be in it:
`course.notebooks.leaks`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from pathlib import Path

from course.notebooks import leaks
from course.notebooks.release import release

CONDA_NAMES = {"torch": "pytorch"}  # where conda-forge has another name
FOLDERS = ("lectures", "assignments")
# JupyterLab's and nbgrader's, for the environment of the wheel, and their place in it: everybody's; the students', by
# which JupyterLab opens on the lectures and is without what only instructors can use; a word of Validate's
SETTINGS = {"settings": "settings", "student_settings": "settings", "labextension": "labextension"}
UNDATED = 315532800  # the first of January 1980, with which the dates of zip files begin

# The students' pyproject.toml. Not the instructor's with parts taken out: what is not named here does not go out.
PROJECT = """\
[build-system]
requires = {requires}
build-backend = {backend}
[project]
name = {name}
version = {version}
description = {description}
license = {license}
license-files = ["LICENSE"]
requires-python = {python}
dependencies = {dependencies}
[project.scripts]
course = "course.student:main"
[tool.hatch.build]
ignore-vcs = true
[tool.hatch.build.targets.wheel]
packages = ["course"]
[tool.hatch.build.targets.wheel.shared-data]
settings = "etc/jupyter"
labextension = "share/jupyter/labextensions/course"
"""
ENVIRONMENT = """\
# The conda way to the course: conda env create -f environment.yml && conda activate deep-learning-course
name: deep-learning-course
channels:
  - conda-forge
dependencies:
{packages}
  - pip:
      - ./{wheel}
"""


def build_bundle(root=".", target="build"):
    """Build `course-<version>-student.zip` and the folder `student-bundle` from the checkout `root` into `target`.

    Returns the path of the zip file. Raises ValueError, with everything that was found, if a solution, a hidden test
    or the grader would go out, or if assignments/ is not what `make release` makes now; RuntimeError if a tool fails.
    Then nothing is written, and what an earlier build left is kept.
    """
    root, target = Path(root).resolve(), Path(target).resolve()
    if not (root / "course" / "grading").is_dir() or not (root / "solutions").is_dir():
        raise ValueError(f"{root} is not the instructor's checkout: go to the folder that holds course/ and solutions/")
    parts, notebooks = _sources(root)
    with tempfile.TemporaryDirectory(prefix="course-bundle-") as scratch:
        scratch = Path(scratch)
        _refuse(_stale(root, scratch / "fresh"))
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        date = _date(root)
        wheel = _wheel(root, scratch / "wheel", project, parts, date)
        name = f"course-{project['project']['version']}-student"
        folder = scratch / name
        folder.mkdir()
        _copy(root, folder, notebooks)
        shutil.copyfile(wheel, folder / wheel.name)
        shutil.copyfile(root / "constraints.txt", folder / "constraints.txt")
        readme = (root / "docs/student_readme.md").read_text(encoding="utf-8")
        _write(folder / "README.md", readme.replace("{wheel}", wheel.name))
        _write(folder / "environment.yml", _environment(project["project"], wheel.name))
        archive = _zip(folder, date)
        expected = {"README.md", "constraints.txt", "environment.yml", wheel.name, *map(_posix, notebooks)}
        _refuse(leaks.in_archive(archive, expected, set(map(_posix, parts))))
        return _replace(folder, archive, target)


def _sources(root):
    """The files for the wheel and those beside it, relative to `root`; ValueError if one must not go out."""
    parts = [Path("course", path) for path in leaks.files(root / "course") if path.parts[0] in leaks.STUDENTS]
    notebooks = [Path(folder, path) for folder in FOLDERS for path in leaks.files(root / folder)]
    problems = leaks.unknown_parts(root / "course")
    for paths, allowed in ((parts, leaks.PACKAGE_FILES), (notebooks, leaks.NOTEBOOK_FILES)):
        for path in paths:
            problems += leaks.in_file(root / path, _posix(path), allowed)
    for folder in FOLDERS:
        if not any(path.parts[0] == folder and path.suffix == ".ipynb" for path in notebooks):
            problems.append(f"{folder}/ holds no notebook")
    _refuse(problems)
    return parts, notebooks


def _stale(root, fresh):
    """Where assignments/ differs from what solutions/ gives now."""
    release(fresh, root)
    stored = root / "assignments"
    names = sorted({*leaks.files(fresh), *leaks.files(stored)})
    return [f"assignments/{_posix(name)} is not what solutions/ gives now: run `make release`" for name in names
            if not ((fresh / name).is_file() and (stored / name).is_file()
                    and (fresh / name).read_bytes() == (stored / name).read_bytes())]  # fmt: skip


def _wheel(root, folder, project, parts, date):
    """Build the students' wheel from copies of `parts`, with the project's own backend. Returns its path."""
    folder.mkdir()
    _copy(root, folder, [*parts, Path("LICENSE")])
    for settings, place in SETTINGS.items():
        _copy(root / settings, folder / place, leaks.files(root / settings))
    table, system = project["project"], project["build-system"]
    # a JSON string is a TOML string, and a list of them is a TOML list
    values = {key: json.dumps(value) for key, value in {
        "requires": system["requires"], "backend": system["build-backend"], "name": table["name"],
        "version": f"{table['version']}+student", "description": table["description"], "license": table["license"],
        "python": table["requires-python"], "dependencies": table["dependencies"],
    }.items()}  # fmt: skip
    _write(folder / "pyproject.toml", PROJECT.format(**values))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(date)}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    if done.returncode:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        if "No module named hatchling" in said:
            said = 'it is not installed: run `make`, or `python -m pip install -e ".[bundle]"`'
        raise RuntimeError(f"hatchling could not build the students' wheel: {said}")
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def _environment(table, wheel):
    """environment.yml for students: the packages from conda-forge, the course from its wheel."""
    packages = [f"python{table['requires-python']}", "pip"]
    for line in table["dependencies"]:
        name, bound = line.split(">=")
        packages.append(f"{CONDA_NAMES.get(name, name)}>={bound}")
    return ENVIRONMENT.format(packages="\n".join(f"  - {package}" for package in packages), wheel=wheel)


def _date(root):
    """The date that all files of a build bear, in seconds since 1970: SOURCE_DATE_EPOCH, else the last commit's.

    Two builds of one state are the same bytes. Where there is neither, it is the first that a zip file can hold.
    ValueError if SOURCE_DATE_EPOCH is no number.
    """
    chosen = os.environ.get("SOURCE_DATE_EPOCH", "")
    if chosen:
        if not chosen.isdecimal():
            raise ValueError(f"SOURCE_DATE_EPOCH must be a number of seconds since 1970; got {chosen!r}")
        return max(UNDATED, int(chosen))
    if not (root / ".git").exists():  # in a repository of somebody else's the last commit says nothing
        return UNDATED
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return UNDATED
    return max(UNDATED, int(done.stdout)) if done.stdout.strip().isdecimal() else UNDATED


def _zip(folder, date):
    """Pack `folder`, as one folder, into a zip file beside it: sorted, one mode, one date. Returns its path."""
    path = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(map(_posix, leaks.files(folder))):
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", time.gmtime(date)[:6])
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as Unix writes it, wherever it is built
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (folder / name).read_bytes())
    return path


def _replace(folder, archive, target):
    """Bring the finished folder and zip to `target`: copied beside what is there first, then renamed."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".student-bundle-", dir=target) as near:
        shutil.copytree(folder, Path(near, "new"))
        shutil.copyfile(archive, Path(near, archive.name))
        if (target / "student-bundle").exists():
            os.replace(target / "student-bundle", Path(near, "old"))
        os.replace(Path(near, "new"), target / "student-bundle")
        os.replace(Path(near, archive.name), target / archive.name)
    return target / archive.name


def _copy(root, folder, paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, folder / path)


def _write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def _posix(path):
    return Path(path).as_posix()


def _refuse(problems):
    if problems:
        raise ValueError("no bundle was built:\n  " + "\n  ".join(problems))
