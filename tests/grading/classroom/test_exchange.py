"""The instructor's side of the exchange: whatever is put there, everybody else is collected; no link is followed."""

import logging
import os
from pathlib import Path

import pytest
from nbgrader.exchange import ExchangeError, ExchangeFactory

from course.grading.classroom import exchange
from course.grading.classroom.folder import Course
from tests.grading.classroom.classroom import PS1

ROOT = Path(exchange.__file__).parents[3]
NOTEBOOK = f"{PS1}.ipynb"


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    """The file of a gradebook in which nothing is."""
    from nbgrader.api import Gradebook

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def course(tmp_path, monkeypatch, empty_gradebook):
    """nbgrader in a course with the repository's settings, its exchange open, and something secret beside it."""
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    (tmp_path / "build/exchange/deep-learning/inbound").mkdir(parents=True)
    (tmp_path / "build/gradebook.db").write_bytes(empty_gradebook.read_bytes())
    (tmp_path / "solutions" / PS1).mkdir(parents=True)
    (tmp_path / "solutions" / PS1 / NOTEBOOK).write_text("the solutions")
    monkeypatch.chdir(tmp_path)
    directory = Course.here().directory
    directory.assignment_id, app = PS1, directory.parent
    app.coursedir, app.exchange = directory, ExchangeFactory(parent=app)  # as nbgrader's commands do
    return app


INBOUND = Path("build/exchange/deep-learning/inbound")
SUBMITTED = Path("build/submitted")


def submit(name, time="2026-11-21 10:00:00.000000 UTC", text="answers", random="+x1"):
    """What `nbgrader submit` leaves in the exchange. Returns its folder."""
    folder = INBOUND / f"{name}+{PS1}+{time}{random}"
    folder.mkdir()
    (folder / NOTEBOOK).write_text(text)
    (folder / "timestamp.txt").write_text(time)
    (folder / "submission_secret.txt").write_text("ab" * 64)
    return folder


def collect(app, update=True):
    """The step that the command and the button take."""
    step = app.exchange.Collect(coursedir=app.coursedir, parent=app)
    step.update = update
    step.start()


def collected():
    """{student: what is in the folder}"""
    return {path.name: sorted(os.listdir(path / PS1)) for path in SUBMITTED.iterdir()}


FILES = sorted([NOTEBOOK, "timestamp.txt", "submission_secret.txt"])


def test_time_and_secret_come_along(course):
    """Are the two files collected that late penalties and feedback need, and no other text?"""
    folder = submit("ada")
    for name in ("notes.txt", "secret.txt", "times.txt", "t.txt", "timestamp.txt.bak"):
        (folder / name).touch()
    collect(course)
    assert collected() == {"ada": FILES}


def test_no_link_is_followed(course, caplog):
    """Is a link left out that leads to the solutions: as the notebook, as its folder, as the whole submission?"""
    (submit("ada") / NOTEBOOK).unlink()
    next(INBOUND.glob("ada*"), None).joinpath(NOTEBOOK).symlink_to(Path("solutions", PS1, NOTEBOOK).resolve())
    (submit("dora") / "data").symlink_to(Path("solutions").resolve())
    (INBOUND / f"eve+{PS1}+2026-11-21 10:00:00 UTC").symlink_to(Path("solutions", PS1).resolve())
    submit("zoe")
    with pytest.raises(ExchangeError, match="1 could not be collected, all others were: eve"):
        collect(course)
    without = [name for name in FILES if name != NOTEBOOK]
    assert collected() == {"ada": without, "dora": FILES, "zoe": FILES}
    assert f"{NOTEBOOK}: left out, since it is a link or no file" in caplog.text
    assert [path for path in SUBMITTED.rglob("*.ipynb") if "solutions" in path.read_text()] == []


def test_a_link_that_is_put_there_meanwhile(course, monkeypatch):
    """Is a file that turns into a link after it was looked at not followed either?"""
    folder = submit("ada")
    looked = exchange.ignore_patterns

    def swap(*arguments):
        ignored = looked(*arguments)

        def look(place, names):
            found = ignored(place, names)
            (folder / NOTEBOOK).unlink()
            (folder / NOTEBOOK).symlink_to(Path("solutions", PS1, NOTEBOOK).resolve())
            return found

        return look

    monkeypatch.setattr(exchange, "ignore_patterns", swap)
    collect(course)
    assert NOTEBOOK not in collected()["ada"]


def test_pipes_and_sizes(course, caplog):
    """Is a pipe not waited for, and does a submission that is too large leave the earlier one, and everybody else's?"""
    submit("ada", "2026-11-20 10:00:00 UTC", "earlier")
    os.mkfifo(submit("dora") / "data.csv")
    collect(course)
    assert collected() == {"ada": FILES, "dora": FILES} and "data.csv: left out" in caplog.text
    course.coursedir.max_dir_size = 1
    (submit("ada") / "data.csv").write_bytes(bytes(2000))
    submit("zoe")
    with pytest.raises(ExchangeError, match="1 could not be collected, all others were: ada"):
        collect(course)
    assert "max_dir_size allows 1000" in caplog.text
    assert (SUBMITTED / "ada" / PS1 / NOTEBOOK).read_text() == "earlier" and "zoe" in collected()


def test_names_and_times(course, caplog):
    """Is everybody collected whatever the name of the submission, the newest first?"""
    submit("ada", "0001-01-01 00:00:00 +1400", "older")
    submit("ada", "2026-11-21 10:00:00 UTC", "newest")
    submit("ada", "2026-11-20 10:00:00 UTC", "older")
    submit("bob", "soon")
    submit("cleo+", random="")
    submit(os.fsdecode(b"J\xfcrgen"))
    submit("red\x1b[31m")
    collect(course)
    assert set(collected()) == {"ada", "bob", "cleo+", "J=FCrgen", "red=1B[31m"}
    assert (SUBMITTED / "ada" / PS1 / NOTEBOOK).read_text() == "newest"
    assert "bob: the name of its submission holds no date: 'soon'" in caplog.text
    assert caplog.text.replace("\n", "").isprintable()


def test_an_odd_time_among_the_collected(course):
    """Is a new submission collected where the time of the earlier one cannot be read?"""
    submit("ada", "2026-11-20 10:00:00 UTC", "earlier")
    collect(course)
    (SUBMITTED / "ada" / PS1 / "timestamp.txt").write_text("0001-01-01 00:00:00 +1400")
    submit("ada", text="newer")
    collect(course)
    assert (SUBMITTED / "ada" / PS1 / NOTEBOOK).read_text() == "newer"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves files open
def test_feedback_without_a_secret(course, caplog):
    """Is feedback released of everybody who can get it, and said of whom it is not?"""
    caplog.set_level(logging.INFO)
    (INBOUND.parent / "feedback").mkdir()
    for name, secret in {"ada": b"ab", "bob": None, "cleo": b"x" * 2000, "dora": b"\xff"}.items():
        folder = Path("build/feedback", name, PS1)
        folder.mkdir(parents=True)
        (folder / f"{PS1}.html").write_text(f"a page for {name}")
        (folder / "timestamp.txt").write_text("2026-11-21 10:00:00 UTC")
        if secret is not None:
            (folder / "submission_secret.txt").write_bytes(secret)
    release = course.exchange.ReleaseFeedback(coursedir=course.coursedir, parent=course)
    release.start()
    assert [path.read_text() for path in (INBOUND.parent / "feedback").iterdir()] == ["a page for ada"]
    assert "bob/ps1_activations: not released, since it has no submission_secret.txt" in caplog.text
    assert "cleo/ps1_activations: not released: submission_secret.txt is longer than 1000 bytes" in caplog.text
    assert "dora/ps1_activations: not released: submission_secret.txt 'utf-8' codec" in caplog.text


def test_no_feedback_at_all(course):
    """Is a release of nothing an error?"""
    with pytest.raises(ExchangeError, match="no feedback of ps1_activations was released"):
        course.exchange.ReleaseFeedback(coursedir=course.coursedir, parent=course).start()
