"""The file with the secret of a course, which `c.SandboxedExporter.secret_file` names: made once, read for each run.

Without one the cases are those that every reader of the repository has. Once marks were made with one, a run without it
is refused: the same work would get other marks. The gradebook remembers, in a table of its own, because it keeps the
marks.
"""

import contextlib
import os
import re
import secrets
import subprocess
from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, create_engine, inspect, select
from sqlalchemy.exc import IntegrityError, OperationalError

from course.grading.classroom.records import clear_errors
from course.grading.hidden import PUBLIC, Secret, distance

FORM = re.compile(r"course-secret-[0-9a-f]{64}")  # so that `course.notebooks.leaks` knows it wherever it stands
TEXT = """\
# The secret of this course, made by `course secret`: hidden cases are drawn from it. Keep it away from students and
# out of git, and keep a copy: without it nobody can be graded again with the same cases.
{secret}
"""
DRAWS = 100  # attempts to find a fair one; nearly every one is
OTHERS = ("assignments", "build", "course", "docs", "lectures", "solutions", "tests")  # folders with other duties
USED = Table("course_secrets", MetaData(), Column("hash", String(64), primary_key=True))


def find(path, db_url):
    """The Secret of a course: that in the file at `path`, or PUBLIC where there is none, or the setting is empty.

    ValueError if the file holds no secret; RuntimeError if there is none although marks were made with one.
    """
    if path is not None and path.exists():
        return read(path)
    if used := used_in(db_url):
        missing = "c.SandboxedExporter.secret_file in nbgrader_config.py names no file" if path is None else (
            f"{path} is missing")  # fmt: skip
        raise RuntimeError(
            f"marks of this course were made with the secret {' or '.join(h[:8] for h in used)}, but {missing}: put it "
            "back from your copy. If it is lost, `course secret` makes another; who is graded again gets its cases"
        )
    return PUBLIC


def read(path):
    """The Secret in a file; ValueError if there is none in it."""
    found = FORM.findall(path.read_text(encoding="utf-8", errors="replace"))
    if len(found) != 1:
        raise ValueError(
            f"{path} holds {len(found) or 'no'} secrets: there must be one, `course-secret-` and 64 hexadecimal digits."
            " Put it back from your copy, or move the file away and make another one with `course secret`"
        )
    return Secret(found[0])


def settle(path, replace=False):
    """What `course secret` does: make the secret at `path`, or check the one there is. Returns what there is to say.

    replace: make another one all the same; the old file is kept beside it. ValueError if the setting names no file, or
    git would take it along; RuntimeError if the secret is not fair any more, or none could be drawn that is.
    """
    if path is None:
        raise ValueError("c.SandboxedExporter.secret_file in nbgrader_config.py names no file")
    if path.exists() and not replace:
        secret = read(path)
        if problems := distance.problems(secret):
            raise RuntimeError(f"the secret {secret.hash[:8]} in {path.name} is not fair to every answer: "
                               f"{'; '.join(problems)}. `course secret --replace` makes another one")  # fmt: skip
        return f"{path} holds the secret {secret.hash[:8]}, and it is fair; `course secret --replace` makes another one"
    _refuse_without_ignoring(path)
    text, drawn = draw()
    kept = ""
    if path.exists():
        old = path.with_name(f"{path.name}.{read(path).hash[:8]}")
        path.rename(old)
        kept = f" The old file is {old.name}; who is graded again gets other cases."
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(TEXT.format(secret=text))
    return (f"{path} holds a new secret, {Secret(text).hash[:8]}, number {drawn} of those drawn and fair. Keep a copy, "
            f"away from students and out of git.{kept}")  # fmt: skip


def draw(token=lambda: secrets.token_hex(32)):
    """Draw until a secret is fair, see `course.grading.hidden.distance`. Returns (its text, how many were drawn).

    token: function that gives 64 hexadecimal digits. RuntimeError, with what is too close to call, if none is fair.
    """
    for drawn in range(1, DRAWS + 1):
        text = f"course-secret-{token()}"
        problems = distance.problems(Secret(text))
        if not problems:
            return text, drawn
    raise RuntimeError(f"none of {DRAWS} secrets is fair; of the last one: {'; '.join(problems)}")


def place(setting, root):
    """The absolute path of the setting, None if it is empty; ValueError in a folder from which files go elsewhere."""
    if not setting:
        return None
    path, root = Path(root, setting).resolve(), Path(root).resolve()
    if path.is_relative_to(root) and path.relative_to(root).parts[0] in OTHERS:
        raise ValueError(
            f"c.SandboxedExporter.secret_file in nbgrader_config.py is {setting!r}, in a folder that is emptied or "
            "handed on: name a file beside nbgrader_config.py, or outside the course"
        )
    return path


def said(secret, path):
    """What a run says about it, in one line."""
    if secret == PUBLIC:
        return "hidden cases: those that every reader of the repository has; `course secret` makes a secret of your own"
    open_to = " (every user of this machine can read it: chmod 600)" if path.stat().st_mode & 0o004 else ""
    return f"hidden cases: drawn from the secret {secret.hash[:8]} in {path.name}{open_to}"


def used_in(db_url):
    """The hashes of the secrets that marks in a gradebook were made with; [] if there is no gradebook yet."""
    with _connected(db_url) as connection:
        if connection is None or not inspect(connection).has_table(USED.name):
            return []
        return sorted(connection.scalars(select(USED.c.hash)))


def remember(db_url, secret_hash):
    """Note in a gradebook that marks are made with a secret; the public one is none."""
    if secret_hash == PUBLIC.hash or secret_hash in used_in(db_url):
        return
    with _connected(db_url) as connection:
        if connection is None or not inspect(connection).has_table("assignment"):  # nbgrader makes its tables first
            return
        with contextlib.suppress(IntegrityError, OperationalError):  # another run has just done the same
            USED.create(connection, checkfirst=True)
            connection.execute(USED.insert().values(hash=secret_hash))
            connection.commit()


@contextlib.contextmanager
def _connected(db_url):
    """A connection to the gradebook, or None if its file is not there yet: connecting would make it."""
    if db_url.startswith("sqlite:///") and not Path(db_url.removeprefix("sqlite:///")).is_file():
        yield None
        return
    with clear_errors(db_url):
        engine = create_engine(db_url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _refuse_without_ignoring(path):
    """ValueError if the file lies in a git repository that would take it along."""
    command = ["git", "-C", str(path.parent), "check-ignore", "-q", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):  # no git, so no repository that anybody here can push
        return
    if done.returncode == 1:  # 0: ignored, 128: no repository
        raise ValueError(f"git would take {path.name} along: add it to .gitignore first")
