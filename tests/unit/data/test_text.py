"""Texts: Shakespeare where he can be had, Python's own source everywhere."""

import sys

import pytest

from course.data import DataError, load_text, text
from tests.unit.data.conftest import closed_port, data_file

SPEECH = b"Friends, Romans, countrymen"
FILE = data_file("text/caesar.txt", SPEECH)


def test_python_source_is_bounded_and_the_same_each_time():
    """Is it a million ASCII characters of Python code, equal at every call?"""
    source = load_text("python")
    assert len(source) == text.LENGTH == 1_000_000
    assert source.isascii() and "\r" not in source
    assert source.count("\ndef ") > 100 and "import " in source
    assert len(set(source)) < 100
    assert load_text("python") == source


def test_python_source_holds_nothing_of_this_machine():
    """Is the text free of the paths of this installation, so that it is the same on another machine?"""
    assert sys.prefix not in load_text("python")


def test_shakespeare_from_the_local_folder(tmp_path, monkeypatch, capsys):
    """Is the text read from COURSE_DATA_DIR, and is that said once?"""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "caesar.txt").write_bytes(SPEECH)
    for _ in range(2):
        assert load_text(file=FILE) == SPEECH.decode()
    assert capsys.readouterr().out == f"Text: Shakespeare, from {tmp_path / 'text'}.\n"


def test_a_damaged_shakespeare(tmp_path, monkeypatch, capsys):
    """Is a damaged local copy an error, and not announced as what is used?"""
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "caesar.txt").write_bytes(SPEECH[:-3])
    with pytest.raises(DataError, match="wrong content"):
        load_text(file=FILE)
    assert capsys.readouterr().out == ""


def test_shakespeare_from_a_mirror(mirror, cache):
    """Is the text downloaded, kept, and read from the cache the second time?"""
    mirror.answers["/caesar"] = ("good", SPEECH)
    file = data_file("text/caesar.txt", SPEECH, mirror.url + "/caesar")
    for _ in range(2):
        assert load_text(file=file) == SPEECH.decode()
    assert mirror.requests == ["/caesar"]


def test_python_stands_in_for_shakespeare(monkeypatch, capsys):
    """Without network or copy, is there Python's source instead, and one line that says why?"""
    gone = closed_port()
    assert load_text(file=data_file("text/caesar.txt", SPEECH, gone + "/caesar")) == load_text("python")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2  # the second is of the second text
    assert "Shakespeare is not here" in said[0] and gone.removeprefix("http://") in said[0]
    assert "source code of Python" in said[0]


@pytest.mark.parametrize("name", ["Shakespeare", "linux", "", None])
def test_an_unknown_text(name):
    """Does a wrong name say which there are?"""
    with pytest.raises(ValueError, match="one of shakespeare, python"):
        load_text(name)


def test_which_source_is_read(tmp_path, monkeypatch):
    """Is it the library's public modules by name, without what is private, added, or not ASCII?"""
    for name, source in {
        "heapq.py": "third ", "abc.py": "first ", "ast.py": "second ",
        "_sysconfigdata_linux.py": "a path ", "sitecustomize.py": "the system's ", "bisect.py": "na\u00efve ",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(source, encoding="utf-8")
    monkeypatch.setattr(text.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(text, "LENGTH", 16)
    assert load_text("python") == "first second thi"


def test_a_python_without_its_source(tmp_path, monkeypatch):
    """Is a Python that ships no source an error, and not an empty text?"""
    monkeypatch.setattr(text.sysconfig, "get_path", lambda name: str(tmp_path))
    with pytest.raises(DataError, match="0 characters found"):
        load_text("python")


def test_the_whole_shakespeare(monkeypatch):
    """Is it the text that everybody trains on?"""
    monkeypatch.undo()
    if text.store.locate(text.SHAKESPEARE) is None:
        pytest.skip("needs tinyshakespeare.txt: set COURSE_DATA_DIR, or load it once with a network")
    shakespeare = load_text("shakespeare")
    assert len(shakespeare) == 1_115_394 and len(set(shakespeare)) == 65
    assert shakespeare.startswith("First Citizen:")
