"""What students must never get: solutions, hidden tests, the grader. Looked for before the bundle is built, and after.

Each function returns sentences that say what was found and what to do; none if all is well. The rules are lists of
what may go out, so that a file nobody thought of stays here until somebody decides.
"""

import io
import json
import re
import zipfile
from pathlib import Path, PurePosixPath

# every part of course/ is in one of the two lists
STUDENTS = ("__init__.py", "__init__.pyi", "check_file.py", "checks", "data", "doctor.py", "figures", "lazy.py", "nn",
            "reference", "student.py", "validate.py", "widgets")  # fmt: skip
INSTRUCTORS = ("clean.py", "cli.py", "grading", "notebooks", "slides")

PACKAGE_FILES = (".css", ".js", ".py", ".pyi")
# beside a notebook: data, never text or code, which may be an instructor's notes
NOTEBOOK_FILES = (".csv", ".gz", ".ipynb", ".jpg", ".npy", ".npz", ".png", ".svg")

_NAME = re.compile(r"grade|grading|hidden|instructor|rubric|sandbox|secret|solution", re.IGNORECASE)
_MARKER = re.compile(r"\b(BEGIN|END)\s+(SOLUTION|HIDDEN\s+TESTS|MARK\s+SCHEME|RUBRIC)|\bRubric\b")
_GRADER = re.compile(r"""
    \bcourse\s*[./]\s*grading\b                              # as a module or as a folder
    | \bfrom\s+\.+\s*grading\b                               # from .grading import ...
    | \bfrom\s+(course\b|\.+)\s*import\b                     # from course import ..., grading
      ( ([^\n;\#()"] | \\\n)* | \s*\([^)"]* ) \bgrading\b      # on one line, or in brackets
    """, re.VERBOSE)  # fmt: skip
_SECRET = re.compile(r"course-secret-[0-9a-f]{4,}")  # what `course secret` writes
_IGNORED = ("__pycache__", ".pyc")


def files(folder):
    """Yield the files below `folder`, sorted, as paths relative to it; hidden and compiled ones are nobody's."""
    for path in sorted(Path(folder).rglob("*")):
        relative = path.relative_to(folder)
        if any(part.startswith(".") or part.endswith(_IGNORED) for part in relative.parts):
            continue
        if path.is_symlink() or not path.is_dir():
            yield relative


def unknown_parts(course):
    """Is each file or folder in the package `course` said to be the students' or the instructors'?"""
    parts = {relative.parts[0] for relative in files(course)}
    return [f"course/{part} is neither in STUDENTS nor in INSTRUCTORS: say in course/notebooks/leaks.py who gets it"
            for part in sorted(parts - {*STUDENTS, *INSTRUCTORS})]  # fmt: skip


def in_file(path, shown, allowed):
    """Problems of one file on disk; `shown` is its name in messages and in the bundle, `allowed` the suffixes."""
    if path.is_symlink():
        return [f"{shown} is a link, and may point to what students must not see: put a copy of the file there"]
    return in_name(shown, allowed) + in_content(shown, path.read_bytes())


def in_name(name, allowed):
    """Problems of the name of a file, with folders."""
    found = []
    if _NAME.search(str(name)):
        found.append(f"{name} has the name of something for instructors: rename it, or move it to course/grading/")
    if PurePosixPath(name).suffix not in allowed:
        found.append(f"{name} is none of {', '.join(allowed)}: move it away, or allow it in course/notebooks/leaks.py")
    return found


def in_content(name, content):
    """Problems of the bytes of a file: of notebooks every text in them, outputs and metadata too."""
    text = content.decode("utf-8", errors="replace")
    texts = [text]
    if str(name).endswith(".ipynb"):
        try:
            texts += _strings(json.loads(text))
        except (ValueError, RecursionError) as error:
            return [f"{name} is not a notebook that can be read ({error}): mend it or move it away"]
    found = []
    if marker := _first(_MARKER, texts):
        found.append(f"{name} holds {marker!r}, which is for instructors only: take it out; solutions/ is its place")
    if _first(_SECRET, texts):
        found.append(f"{name} holds the secret of the course: take it out, and make another one with `course secret "
                     "--replace`, if anybody may have seen it")  # fmt: skip
    if mention := _first(_GRADER, texts):
        found.append(f"{name} holds {mention!r}, but students do not have the grader: take it out")
    return found


def in_wheel(content, expected):
    """Problems of a built wheel, given as bytes: it holds the files `expected` of course/ and its own notes only."""
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        names = set(wheel.namelist())
        notes = {name for name in names if re.fullmatch(
            r"course-[^/]+\.dist-info/(METADATA|RECORD|WHEEL|entry_points\.txt|licenses/LICENSE)"
            r"|course-[^/]+\.data/data/etc/jupyter/"
            r"(labconfig/(default_setting_overrides|page_config)\.json|nbgrader_config\.py|jupyter_lab_config\.py"
            r"|jupyter_server_config\.d/nbgrader_students\.json)"
            r"|course-[^/]+\.data/data/share/jupyter/labextensions/course/(package\.json|static/remoteEntry\.js)",
            name)}  # fmt: skip
        found = [f"the wheel holds {name}, which was not asked for" for name in sorted(names - notes - expected)]
        found += [f"the wheel lacks {name}" for name in sorted(expected - names)]
        found += [problem for name in sorted(names - notes) for problem in in_name(name, PACKAGE_FILES)]
        for name in sorted(names):
            found += in_content(name, wheel.read(name))
    return found


def in_archive(path, expected, wheel_files):
    """Problems of the zip file at `path`, read back from disk: it holds `expected`, and a wheel with `wheel_files`.

    expected, wheel_files: sets of names, those of the zip without the folder that everything in it lies in.
    """
    found = []
    with zipfile.ZipFile(path) as archive:
        contents = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    found += [f"the bundle holds {name}, which was not asked for" for name in sorted(contents.keys() - expected)]
    found += [f"the bundle lacks {name}" for name in sorted(expected - contents.keys())]
    for name, content in sorted(contents.items()):
        if name.endswith(".whl"):
            found += in_wheel(content, wheel_files)
        else:
            found += in_content(name, content)
        if "/" in name:
            found += in_name(name, NOTEBOOK_FILES)
    return found


def _strings(value):
    """All texts in a JSON value; lists of lines also joined."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *_strings(item))]
    if isinstance(value, list):
        texts = [text for item in value for text in _strings(item)]
        return [*texts, "".join(texts)]
    return []


def _first(pattern, texts):
    """What `pattern` finds first in `texts`, on one line, or None."""
    return next((" ".join(match[0].split()) for text in texts if (match := pattern.search(text))), None)
