"""Odd files and names among the submissions: what each of them is read as, and what is said of it."""

import os
import re
import stat
from datetime import datetime

import pytest

from course.grading.classroom import submitted
from course.grading.classroom.folder import Course, give_usable_names
from course.grading.classroom.gradebook import Marks, table
from tests.grading.classroom.classroom import PS1

TIMES = {
    b"2026-11-21 10:00:00.123456 UTC": datetime(2026, 11, 21, 10, 0, 0, 123456),  # as nbgrader writes it
    b"2026-11-21 10:00 Europe/Berlin\n": datetime(2026, 11, 21, 9),
    b"2026-11-21T10:00:00+02:00": datetime(2026, 11, 21, 8),
    b"Nov 21 2026 10:00": datetime(2026, 11, 21, 10),
}
NO_TIMES = {
    b"0001-01-01 00:00:00 +1400": "holds no date: '0001-01-01 00:00:00 +1400'",  # before the first time there is
    b"9999-12-31 23:59 -1400": "holds no date",  # nbgrader adds hours to it when it shows it
    b"soon": "holds no date: 'soon'",
    b"12:30": "holds no date: '12:30'",  # would be another time each day
    b"Nov 21 2026": "holds no date",  # nbgrader takes the third word for a time zone
    b"2026-11-21 10:00 99999999999": "holds no date",
    b"2026-11-21 10:00 \xff": "holds no date",
    b"\x1b[2J\x07": "holds no date: '\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}'",
    b" \n": "is empty",
    b"1 " * 10_000_000: "is longer than 100 bytes",
}


@pytest.mark.parametrize("content", TIMES)
def test_a_time_is_read(tmp_path, content):
    """Is the time of hand-in read as nbgrader reads it, in UTC?"""
    (tmp_path / "timestamp.txt").write_bytes(content)
    assert submitted.time_handed_in(tmp_path) == (TIMES[content], "")


@pytest.mark.parametrize("content", NO_TIMES, ids=lambda content: repr(content[:30]))
def test_no_time_is_said(tmp_path, content):
    """Is a file without a time set aside, with a sentence that says what was found, now and in the next run?"""
    (tmp_path / "timestamp.txt").write_bytes(content)
    time, said = submitted.time_handed_in(tmp_path)
    assert time is None and said.startswith(f"no time of hand-in: timestamp.txt {NO_TIMES[content]}")
    assert said.isprintable() and len(said) < 150
    assert os.listdir(tmp_path) == [".unusable-timestamp.txt"]
    assert (tmp_path / ".unusable-timestamp.txt").read_bytes() == content
    assert submitted.time_handed_in(tmp_path) == (None, "no time of hand-in: see .unusable-timestamp.txt")


def test_no_file_is_no_word(tmp_path):
    """Is a submission that was put there by hand, without a time, nothing to speak of?"""
    assert submitted.time_handed_in(tmp_path) == (None, "")


def a_folder(path):
    (path / "inside").mkdir(parents=True)


def a_link(path):
    path.symlink_to("/etc/hostname")


def a_link_to_nothing(path):
    path.symlink_to("nowhere")


@pytest.mark.parametrize("make, said", [(a_folder, "is no file"), (a_link, "is a link"), (os.mkfifo, "is no file"),
                                        (a_link_to_nothing, "is a link")])  # fmt: skip
def test_what_is_no_file(tmp_path, make, said):
    """Is something else under the name of the file neither waited for nor followed, twice in a row?"""
    for aside in (".unusable-timestamp.txt", ".unusable-timestamp.txt1"):
        make(tmp_path / "timestamp.txt")
        found = submitted.time_handed_in(tmp_path)
        assert found == (None, f"no time of hand-in: timestamp.txt {said} (now {aside})")


def test_a_folder_that_nobody_may_change(tmp_path, monkeypatch):
    """Is the sentence there also where the file cannot be set aside?"""
    (tmp_path / "timestamp.txt").write_text("soon")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    assert "holds no date: 'soon' (and cannot be renamed: Permission denied)" in submitted.time_handed_in(tmp_path)[1]


@pytest.mark.parametrize("name", ["ada", "Zoë", "O'Neil, Ann (2)", "नेहा", "می\u200cخواهم", "a+b", "x" * 150])
def test_a_name_stays(name):
    """Does every name that people have stay as it is?"""
    assert submitted.student_id(name) == name == submitted.shown(name)


@pytest.mark.parametrize("name, usable", [(os.fsdecode(b"J\xfcrgen"), "J=FCrgen"), ("a\x1b[2Jb", "a=1B[2Jb"),
                                          ("a\nb", "a=0Ab"), ("a\u202eb", "a=E2=80=AEb"), (".", "=2E"), ("..", "=2E.")])
def test_a_name_that_cannot_be_used(name, usable):
    """Has a name that is no visible text another one that says which, and can it be printed?"""
    assert submitted.student_id(name) == usable and submitted.is_usable(usable) and not submitted.is_usable(name)
    assert submitted.shown(name).isprintable() and submitted.shown(name).encode()


def test_long_names_differ():
    """Do names that are too long get short ones of their own?"""
    found = {submitted.student_id("x" * 200 + end) for end in "abc"}
    assert len(found) == 3 and all(len(name) < 50 and submitted.is_usable(name) for name in found)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A course whose submissions are in folders of these names."""
    names = ["ada", os.fsdecode(b"J\xfcrgen"), "J=FCrgen", "red\x1b[31m", ".ipynb_checkpoints"]
    for name in names:
        (tmp_path / "submitted" / name / PS1).mkdir(parents=True)
    (tmp_path / "submitted/other\x07/ps2").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return Course.here()


def test_folders_are_renamed(folders):
    """Are just the folders renamed that nbgrader cannot use, and never onto another student's?"""
    renamed, failed = give_usable_names(folders.directory, PS1)
    assert renamed == {"J\udcfcrgen": "J=FCrgen1", "red\x1b[31m": "red=1B[31m"} and failed == {}
    assert folders.students(PS1) == ["J=FCrgen", "J=FCrgen1", "ada", "red=1B[31m"]
    assert os.path.isdir("submitted/other\x07") and give_usable_names(folders.directory, PS1) == ({}, {})


def test_folders_that_cannot_be_renamed(folders, monkeypatch):
    """Are students left out and named if their folder cannot be renamed?"""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    renamed, failed = give_usable_names(folders.directory, PS1)
    assert renamed == {} and set(failed) == {"J\udcfcrgen", "red\x1b[31m"}
    assert "cannot be used, nor changed to J=FCrgen1: Permission denied" in failed["J\udcfcrgen"]
    assert folders.students(PS1) == ["J=FCrgen", "ada"]


@pytest.mark.parametrize("files, said", [
    (["ps1 (1).ipynb", "timestamp.txt", "a.csv", ".x.ipynb"], "expected is ps1.ipynb, found is ps1 (1).ipynb"),
    (["ps1.PDF", "timestamp.txt"], "expected is ps1.ipynb, found is ps1.PDF"),
    (["timestamp.txt"], "expected is ps1.ipynb, found is no file"),
    (["a.ipynb", "b.ipynb", "c.ipynb", "d.IPYNB", "a.csv"], "found is a.ipynb, b.ipynb, c.ipynb ..."),
    (["\x1b[2J.ipynb"], "found is \N{REPLACEMENT CHARACTER}[2J.ipynb"),
])  # fmt: skip
def test_another_name(tmp_path, files, said):
    """Does a submission without the notebook say which name was expected, and what is there instead?"""
    for name in files:
        (tmp_path / name).touch()
    assert said in submitted.why_missing(tmp_path / "ps1.ipynb")


def test_the_name_and_no_file(tmp_path):
    """Is a link said to be one, and a folder no file, and a folder that is not there no error?"""
    (tmp_path / "a.ipynb").symlink_to("/etc/hostname")
    (tmp_path / "b.ipynb").mkdir()
    assert submitted.why_missing(tmp_path / "a.ipynb") == "a.ipynb is a link, which is not followed"
    assert submitted.why_missing(tmp_path / "b.ipynb") == "b.ipynb is no file"
    assert "nothing that can be read" in submitted.why_missing(tmp_path / "absent/c.ipynb")
    assert submitted.handed_in(tmp_path / "a.ipynb") is None and submitted.handed_in(tmp_path / "b.ipynb") is None


def test_what_goes_with_the_marks(tmp_path):
    """Go the small files that feedback needs along with the graded notebook, if they are files of such a size?"""
    folder, target = tmp_path / "submitted", tmp_path / "autograded"
    folder.mkdir()
    target.mkdir()
    (folder / "timestamp.txt").write_text("2026-11-21 10:00 UTC")
    (folder / "submission_secret.txt").write_bytes(b"ab" * 64)
    submitted.carry_over(folder, target)
    assert sorted(os.listdir(target)) == ["submission_secret.txt", "timestamp.txt"]
    (folder / "timestamp.txt").unlink()
    (folder / "submission_secret.txt").write_bytes(b"ab" * 1000)
    submitted.carry_over(folder, target)
    assert os.listdir(target) == [], "those of an earlier submission"


def test_what_nbgrader_would_copy(tmp_path):
    """Are links and pipes found that nbgrader would follow or wait for, and nothing else?"""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").touch()
    (tmp_path / "data/b.csv").symlink_to("a.csv")
    os.mkfifo(tmp_path / "c.csv")
    (tmp_path / "d.ipynb").symlink_to("nowhere")
    (tmp_path / ".e").symlink_to("nowhere")
    assert {path.name for path in submitted.no_plain_files(tmp_path)} == {"b.csv", "c.csv"}
    assert stat.S_ISFIFO((tmp_path / "c.csv").stat().st_mode)


def test_the_table_acts_on_no_terminal():
    """Do names and notes reach the table as what can be seen, in columns that stand below each other?"""
    marks = [Marks("red\x1b[31m", {"relu-test": 1.0}, 2.0), Marks(os.fsdecode(b"J\xfcrgen"), {"relu-test": 2.0}, 2.0)]
    text = table(marks, {"red\x1b[31m": "a\x07b"})
    assert re.sub(r"\n", "", text).isprintable() and text.encode()
    assert "red\N{REPLACEMENT CHARACTER}[31m" in text and "a\N{REPLACEMENT CHARACTER}b" in text
