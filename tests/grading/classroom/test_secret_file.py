"""The file with the secret of a course: made once, never handed on, and missed as soon as marks were made with it."""

import itertools
import os
import stat
import subprocess

import pytest
from nbgrader.api import Gradebook

from course import cli
from course.grading.classroom import secret_file
from course.grading.classroom.folder import Course
from course.grading.hidden import PUBLIC, Secret, distance
from course.notebooks import leaks

ONE, OTHER = (f"course-secret-{digit * 64}" for digit in "ab")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty course; every secret is fair."""
    settings = "c = get_config()\nc.SandboxedExporter.secret_file = 'course_secret'\n"
    (tmp_path / "nbgrader_config.py").write_text(settings)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(distance, "problems", lambda secret: [])
    (tmp_path / "build").mkdir()
    return tmp_path


@pytest.fixture
def db_url(folder):
    """A gradebook of nbgrader's own making."""
    url = f"sqlite:///{folder}/build/gradebook.db"
    Gradebook(url).close()
    return url


def test_made_once(folder, capsys):
    """Does the command make a file that only its owner can read, and leave it alone the next time?"""
    assert cli.main(["secret"]) == 0
    path = folder / "course_secret"
    text, said = path.read_text(), capsys.readouterr().out
    secret = secret_file.find(path, "sqlite:///build/gradebook.db")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and secret != PUBLIC
    assert leaks.in_content("any.csv", path.read_bytes())  # the bundle knows it wherever it stands
    assert cli.main(["secret"]) == 0 and path.read_text() == text
    said += capsys.readouterr().out
    assert said.count(secret.hash[:8]) == 2 and text.splitlines()[-1] not in said


def test_replaced_on_request(folder, capsys):
    """Does another one take its place only when that is asked for, and is the old file kept?"""
    assert cli.main(["secret"]) == 0 and cli.main(["secret", "--replace"]) == 0
    new, old = folder / "course_secret", *folder.glob("course_secret.*")
    assert secret_file.read(new) != secret_file.read(old) and secret_file.read(old).hash[:8] in old.name
    assert old.name in capsys.readouterr().out
    assert stat.S_IMODE(old.stat().st_mode) == stat.S_IMODE(new.stat().st_mode) == 0o600


def test_drawn_until_it_is_fair(monkeypatch):
    """Is the first fair secret taken, and what is wrong with the last one said if there is none?"""
    tokens, fair = (f"{i:064x}" for i in itertools.count()), f"course-secret-{3:064x}"
    monkeypatch.setattr(distance, "problems", lambda secret: [] if secret == Secret(fair) else ["no"])
    assert secret_file.draw(lambda: next(tokens)) == (fair, 4)
    with pytest.raises(RuntimeError, match="none of 100 secrets is fair; of the last one: no"):
        secret_file.draw(lambda: next(tokens))


def test_a_secret_that_is_not_fair_any_more(folder, monkeypatch, capsys):
    """Is it said when checks have changed and a mistake is too close now?"""
    assert cli.main(["secret"]) == 0
    monkeypatch.setattr(distance, "problems", lambda secret: ["softmax: 'sign' is 3 tolerances away at most"])
    assert cli.main(["secret"]) == 1
    assert "'sign' is 3 tolerances" in capsys.readouterr().err


def test_git_does_not_take_it_along(folder, capsys):
    """Is nothing made where git would take the file along, and is it ignored in this repository?"""
    subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    assert cli.main(["secret"]) == 1
    assert "add it to .gitignore first" in capsys.readouterr().err and not (folder / "course_secret").exists()
    root = secret_file.Path(secret_file.__file__).parents[3]
    (folder / ".gitignore").write_text((root / ".gitignore").read_text())
    assert cli.main(["secret"]) == 0 and cli.main(["secret", "--replace"]) == 0
    said = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=folder, capture_output=True, text=True).stdout
    assert "nbgrader_config.py" in said and "course_secret" not in said


@pytest.mark.parametrize("place", ["build/secret", "solutions/ps1_activations/secret", "lectures/a/../secret"])
def test_no_folder_that_is_handed_on(folder, place):
    """Is a place refused that is emptied, or whose files go to students?"""
    with open("nbgrader_config.py", "a") as config:
        config.write(f"c.SandboxedExporter.secret_file = {place!r}\n")
    with pytest.raises(ValueError, match="beside nbgrader_config.py, or outside the course"):
        Course.here()


def test_places_that_are_good(folder):
    """May it lie beside the settings or anywhere else, and is no setting no file?"""
    assert Course.here().secret_file == folder / "course_secret"
    assert secret_file.place("/etc/course/secret", folder) == secret_file.Path("/etc/course/secret")
    assert secret_file.place("", folder) is None
    with pytest.raises(ValueError, match="names no file"):
        secret_file.settle(None)


def test_found_in_the_file(folder, db_url):
    """Is the text in the file the secret, with the public one where there is no file, and is a damaged file refused?"""
    path = folder / "course_secret"
    assert secret_file.find(path, db_url) is PUBLIC is secret_file.find(None, db_url)
    path.write_text(f"# a note\n{ONE}\n")
    assert secret_file.find(path, db_url) == Secret(ONE)
    for text, found in (("", "no"), (ONE[:-1], "no"), (f"{ONE}\n{OTHER}", "2")):
        path.write_text(text)
        with pytest.raises(ValueError, match=f"holds {found} secrets"):
            secret_file.find(path, db_url)


def test_missed_once_it_was_used(folder, db_url):
    """Is a run without the secret refused once marks were made with it, until it is back or there is another one?"""
    path = folder / "course_secret"
    secret_file.remember(db_url, PUBLIC.hash)
    assert secret_file.used_in(db_url) == [] and secret_file.find(path, db_url) is PUBLIC
    for _ in range(2):
        secret_file.remember(db_url, Secret(ONE).hash)
    assert secret_file.used_in(db_url) == [Secret(ONE).hash]
    for missing in (path, None):
        with pytest.raises(RuntimeError, match=f"made with the secret {Secret(ONE).hash[:8]}, but .*put it back"):
            secret_file.find(missing, db_url)
    for text in (ONE, OTHER):
        path.write_text(text)
        assert secret_file.find(path, db_url) == Secret(text)
    with Gradebook(db_url) as gradebook:  # nbgrader goes on with the table of ours in it
        gradebook.add_student("ada")


def test_no_gradebook_yet(folder):
    """Is no gradebook made by looking into it: nbgrader makes its own tables, and only in an empty one?"""
    url = f"sqlite:///{folder}/build/gradebook.db"
    secret_file.remember(url, Secret(ONE).hash)
    assert secret_file.used_in(url) == [] and os.listdir("build") == []
    (folder / "build/gradebook.db").touch()
    secret_file.remember(url, Secret(ONE).hash)
    assert secret_file.used_in(url) == [] and (folder / "build/gradebook.db").stat().st_size == 0


def test_what_a_run_says(folder):
    """Does a line say which cases are used, and that others can read the file, and nothing of its text?"""
    path = folder / "course_secret"
    assert "every reader of the repository" in secret_file.said(PUBLIC, path)
    assert "every reader of the repository" in secret_file.said(PUBLIC, None)
    path.write_text(ONE)
    path.chmod(0o600)
    name = Secret(ONE).hash[:8]
    assert secret_file.said(Secret(ONE), path) == f"hidden cases: drawn from the secret {name} in course_secret"
    path.chmod(0o644)
    assert "chmod 600" in secret_file.said(Secret(ONE), path) and ONE not in secret_file.said(Secret(ONE), path)
