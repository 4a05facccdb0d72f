"""Files that are hardly a notebook: is all read that can be read, without raising, in bounded time and memory?"""

import json
import os
import tracemalloc

import pytest

from course.grading.rebuild.salvage import read_submission
from course.grading.rebuild.submission import rebuild
from course.notebooks.canonical import dumps
from tests.grading.rebuild.mangled import (
    ANSWERS,
    CODE,
    RIGHT,
    SOURCE,
    STUB,
    TEXT,
    TEXT_OF_RIGHT,
    assert_whole,
    at,
    changed,
    checked,
    conflict,
    is_in_time,
    old_format,
    repeated_keys,
    right,
    said,
    script,
    text_of,
    with_cell,
    without,
    zipped,
)

WHOLE = {  # what was done to the file -> (bytes, words of the sentence); every answer is still there
    "utf-8 bom": (b"\xef\xbb\xbf" + TEXT_OF_RIGHT.encode(), "byte order mark"),
    "utf-16": (TEXT_OF_RIGHT.encode("utf-16"), "UTF-16"),
    "utf-16 big end": (TEXT_OF_RIGHT.encode("utf-16-be"), "UTF-16-BE"),
    "utf-32": (TEXT_OF_RIGHT.encode("utf-32"), "UTF-32"),
    "latin-1": (TEXT_OF_RIGHT.encode("latin-1", errors="replace"), "Latin-1"),
    "one bad byte": (TEXT_OF_RIGHT.replace("Rules", "R\udcffl\u00e4s \u2192").encode(errors="surrogateescape"),
                     "characters"),
    "trailing garbage": (TEXT_OF_RIGHT.encode() + b"}}\n</html>", "ignored"),
    "two notebooks": (TEXT_OF_RIGHT.encode() * 2, "ignored"),
    "leading garbage": (b"HTTP/1.1 200 OK\n\n" + TEXT_OF_RIGHT.encode(), "damaged"),
    "conflict": (conflict(), "merge"),
    "repeated keys": (repeated_keys(), "Written twice"),
    "format 2": (old_format(2), "old format 2"),
    "format 3": (old_format(3), "old format 3"),
    "format 5": (changed(nbformat=5), "format 5"),
    "format missing": (without(TEXT_OF_RIGHT, "nbformat"), "no valid format"),
    "format null": (changed(nbformat=None), "no valid format"),
    "format true": (changed(nbformat=True), "format"),
    "format text": (changed(nbformat="4", nbformat_minor=[]), "no valid format"),
    "minor 4, no ids": (without(changed(nbformat_minor=4), "id"), None),
    "no ids": (without(TEXT_OF_RIGHT, "id"), "no valid id"),
    "kernel null": (changed(metadata={"kernelspec": None}), "no kernel"),
    "kernel missing": (changed(metadata={}), "no kernel"),
    "kernel a list": (changed(metadata={"kernelspec": ["python3"]}), "no kernel"),
    "kernel of R": (changed(metadata={"kernelspec": {"name": "ir", "language": "R"}}), "'R'"),
    "own environment": (changed(metadata={"kernelspec": {"name": "dl", "display_name": "dl"}}), None),
    "metadata missing": (without(TEXT_OF_RIGHT, "metadata"), "metadata"),
    "metadata a list": (changed(metadata=[1, 2]), "no kernel"),
    "cell metadata a text": (with_cell("relu", metadata="nbgrader"), "metadata"),
    "label a list": (with_cell("relu", metadata={"nbgrader": ["relu"]}), "metadata"),
    "label of wrong types": (with_cell("relu", metadata={"nbgrader": {"grade_id": 7, "points": float("nan"),
                                                                     "locked": "yes"}}), "'relu'"),
    "source one text": (with_cell("relu", source=TEXT["relu"]), None),
    "source lines without ends": (with_cell("relu", source=TEXT["relu"].split("\n")), None),
    "source with windows ends": (with_cell("relu", source=TEXT["relu"].replace("\n", "\r\n")), None),
    "source of a mixed list": (with_cell("relu", source=[TEXT["relu"], None, 3, {}]), "text"),
    "type missing": (without(with_cell("relu"), "cell_type"), "type"),
    "type unknown": (with_cell("relu", cell_type="sql"), "type"),
    "type a list": (with_cell("relu", cell_type=["code"]), "type"),
    "nan and infinity": (with_cell("relu", metadata=RIGHT.cells[at(RIGHT, "relu")].metadata
                                   | {"x": float("nan"), "y": float("inf")}), None),
    "surrogates": (with_cell("relu", source=TEXT["relu"] + "\n# \ud83d", execution_count="\ud800"), "characters"),
    "deep metadata": (TEXT_OF_RIGHT.replace('"metadata": {', f'"metadata": {{"a": {"[" * 9999 + "]" * 9999}, ', 1)
                      .encode(), None),
    "deep label": (with_cell("title", metadata={"nbgrader": "HERE"}).replace(b'"HERE"', b"[" * 9999 + b"]" * 9999),
                   "deep"),
    "deep output": (with_cell("relu", outputs=["HERE"]).replace(b'"HERE"', b"[{" * 99_999 + b"}]" * 99_999), None),
    "raw control characters": (TEXT_OF_RIGHT.replace("Problem set 1", "Problem\tset\x001").encode(), "'title'"),
    "long number": (with_cell("relu", level="HERE").replace(b'"HERE"', b"1" + b"0" * 9999), None),
    "zip": (zipped("ps1/ps1.ipynb", "__MACOSX/ps1/._ps1.ipynb"), "zip"),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE)
def test_file_that_can_be_repaired(case):
    """Are all twelve answers found in a file like this, and is it said what was repaired?"""
    data, words = WHOLE[case]
    result = checked(data)
    assert set(result.answers.values()) == {"answered"}, (result.answers, result.repairs)
    assert all(text_of(result, name).startswith(TEXT[name]) for name in CODE)
    assert said(result, words) if words else result.repairs == []


LOST = {  # nothing to grade: bytes -> words of the sentence
    "nothing": (b"", "empty"),
    "zeros": (bytes(5000), "empty"),
    "blanks": (b" \n\n", "empty"),
    "prose": (b"Dear professor, my dog ate the notebook.", "no notebook"),
    "random": (bytes(range(256)) * 20, "no notebook"),
    "json null": (b"null", "no notebook"),
    "json number": (b"12", "no notebook"),
    "json list": (b"[1, 2]", "no notebook"),
    "json text": (b'"cells"', "no notebook"),
    "other json": (b'{"error": "not found"}', "no notebook"),
    "half a brace": (b"{", "no notebook"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "web page": (b"<!DOCTYPE html><html>", "web page"),
    "empty zip": (zipped(), "no notebook"),
    "zip without": (zipped("ps1.txt"), "0 notebooks"),
    "zip of two": (zipped("a.ipynb", "b.ipynb"), "2 notebooks"),
    "broken zip": (zipped("a.ipynb")[:90], "zip"),
}


@pytest.mark.parametrize("case", LOST)
def test_file_without_a_notebook(case):
    """Is there no notebook and a reason, and are all answers missing in the rebuilt one?"""
    data, words = LOST[case]
    notebook, repairs = read_submission(data)
    assert notebook is None and words in repairs[-1], repairs
    result = rebuild(notebook, SOURCE)
    assert_whole(result)
    assert set(result.answers.values()) == {"missing"} and said(result, "every answer is missing")
    assert all(text_of(result, name) == STUB[name] for name in ANSWERS)


@pytest.mark.parametrize("cells", [None, 3, "cells", [], {}, [None, 1, "a", [], {}]])
def test_no_list_of_cells(cells):
    """Is a notebook without cells an empty notebook?"""
    result = checked(changed(cells=cells))
    assert set(result.answers.values()) == {"missing"} and said(result, "every answer is missing")


def test_cells_as_an_object():
    """Are cells found that stand in an object instead of a list, or in a notebook inside something else?"""
    cells = json.loads(TEXT_OF_RIGHT)["cells"]
    for data in (changed(cells=dict(enumerate(cells))), json.dumps(cells).encode(),
                 json.dumps({"notebook": json.loads(TEXT_OF_RIGHT)}).encode()):  # fmt: skip
        result = checked(data)
        assert set(result.answers.values()) == {"answered"} and said(result, f"{len(cells)} complete cells")


@pytest.mark.parametrize("value", [None, 7, 1.5, True, {}, [], [[]], [None]])
def test_source_that_is_no_text(value):
    """Is an answer whose text is something else missing, and the rest graded?"""
    result = checked(with_cell("relu", source=value))
    assert result.answers.pop("relu") == ("answered" if value in (7, 1.5) and value is not True else "missing")
    assert set(result.answers.values()) == {"answered"}


@pytest.mark.parametrize("marks", [True, False])
def test_python_file(marks):
    """Is a Python script that was renamed graded, in cells as Jupyter exports it or in one piece?"""
    result = checked(script(marks))
    assert result.answers.pop("written") == "missing" and set(result.answers.values()) == {"answered"}
    assert said(result, "Python script", "11 code cells" if marks else "1 code cell")
    assert all(is_in_time(result, name) for name in CODE)


def test_merge_conflict_keeps_both_versions():
    """Is the student's own version graded and the other one kept in the report? Are answers only the other has used?"""
    result = checked(conflict())
    assert text_of(result, "relu") == TEXT["relu"] and "np.where(x > 0" in result.unused["relu"][0]
    lines = conflict().decode().replace("    return np.maximum(x, 0)", "    # YOUR CODE HERE")
    assert "np.where(x > 0" in text_of(checked(lines.encode()), "relu")


@pytest.mark.slow
def test_every_cut():
    """Is every cell that is complete used, wherever the file ends? Cut at every byte of a small notebook."""
    small = right()
    small.cells = small.cells[at(small, "relu") - 1 : at(small, "relu") + 2]
    data = dumps(small).replace("negative", "n\u00e9gative").rstrip().encode()
    states = []
    for end in range(len(data)):
        notebook, repairs = read_submission(data[:end])
        result = rebuild(notebook, SOURCE)
        assert repairs and (notebook is not None or "no notebook" in repairs[0] or "empty" in repairs[0])
        states.append(result.answers["relu"])
    assert_whole(result)
    first = states.index("answered")
    assert states == ["missing"] * first + ["answered"] * (len(data) - first)
    end = data.index(b"]", data.index(b'"def relu(x)'))  # of the list of lines: from there on the text is known
    assert first == end + 1


def test_cut_file_says_how_many_cells():
    """Does the teacher read how many cells were saved, and get the answers in them?"""
    cut = TEXT_OF_RIGHT.encode()[: len(TEXT_OF_RIGHT) // 2]
    notebook, repairs = read_submission(cut)
    assert repairs == [
        f"The file is cut or damaged: {len(notebook.cells)} complete cells could be read, the rest is lost."
    ]
    result = rebuild(notebook, SOURCE)
    assert result.answers["neuron"] == "answered" and result.answers["written"] == "missing"


def test_damage_in_the_middle_costs_one_cell():
    """Is only the cell lost whose JSON is broken?"""
    for good, bad in [
        ('"def relu(x)', '"def "relu(x)'),
        ('"def relu(x)', 'def relu(x)"'),
        ('"def relu(x)', '"def [[[relu(x)'),
    ]:
        result = checked(TEXT_OF_RIGHT.replace(good, bad, 1).encode())
        states = set(result.answers.values()) if "[[[" in bad else {v for k, v in result.answers.items() if k != "relu"}
        assert states == {"answered"}, bad


class TestPlaces:
    def test_path(self, tmp_path):
        """Is a path read like its bytes?"""
        path = tmp_path / "ps1.ipynb"
        path.write_text(TEXT_OF_RIGHT)
        assert read_submission(path) == read_submission(str(path)) == read_submission(path.read_bytes())

    def test_what_is_no_file(self, tmp_path):
        """Is a folder, a missing file, a pipe or an impossible name a sentence?"""
        os.mkfifo(tmp_path / "pipe")
        for path, words in [(tmp_path, "folder"), (tmp_path / "none", "No such file"), (tmp_path / "pipe", "device"),
                            ("a\0b", "null"), (tmp_path / ("a" * 999), "too long")]:  # fmt: skip
            notebook, repairs = read_submission(path)
            assert notebook is None and len(repairs) == 1 and words in repairs[0], repairs

    def test_link_is_not_followed(self, tmp_path):
        """Can a student hand in a link to the solution, which the grader may read?"""
        (tmp_path / "solution.ipynb").write_text(TEXT_OF_RIGHT)
        (tmp_path / "ps1.ipynb").symlink_to(tmp_path / "solution.ipynb")
        notebook, repairs = read_submission(tmp_path / "ps1.ipynb")
        assert notebook is None and "link" in repairs[0]

    def test_forbidden_file(self, tmp_path, monkeypatch):
        """Is a file that the grader may not read a sentence?"""
        path = tmp_path / "ps1.ipynb"
        path.write_text(TEXT_OF_RIGHT)
        path.chmod(0)
        if os.geteuid() == 0:  # root may read everything

            def refuse(*_):
                raise PermissionError(13, "Permission denied")

            monkeypatch.setattr(os, "open", refuse)
        notebook, repairs = read_submission(path)
        assert notebook is None and repairs == ["The file cannot be read: Permission denied."]

    def test_largest_file(self, tmp_path):
        """Is a file above the limit not read, from a path, as bytes and out of a zip?"""
        path = tmp_path / "ps1.ipynb"
        path.write_text(TEXT_OF_RIGHT)
        assert read_submission(path, largest=len(TEXT_OF_RIGHT.encode()))[0] is not None
        for file in (path, path.read_bytes(), zipped("ps1.ipynb")):
            notebook, repairs = read_submission(file, largest=len(TEXT_OF_RIGHT) // 2)
            assert notebook is None and "large" in repairs[0]


@pytest.mark.slow
@pytest.mark.parametrize("output", [
    b'{"text": "' + b"x" * 25_000_000 + b'"}', b"[]," * 8_000_000 + b"1", b'{"a":' * 500 + b"1" + b"}" * 500,
    b'"a",' * 6_000_000 + b"1", b"[" * 12_000_000 + b"]" * 12_000_000,
], ids=["long", "many lists", "deep", "many texts", "very deep"])  # fmt: skip
def test_huge_output(output):
    """Is an output of 25 MB passed over without being built, whatever it is made of?"""
    data = with_cell("relu", outputs=["HERE"]).replace(b'"HERE"', output)
    tracemalloc.start()
    try:
        notebook, repairs = read_submission(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert repairs == [] and dumps(notebook).count("np.maximum(x, 0)") == dumps(RIGHT).count("np.maximum(x, 0)")
    assert peak < 3 * len(data) + 20_000_000


@pytest.mark.slow
@pytest.mark.parametrize("member", ["source", "metadata", "attachments", "id"])
def test_huge_member(member):
    """Is another value of 24 MB, made of eight million lists, left out without being built?"""
    data = with_cell("relu", **{member: {"nbgrader": "HERE"}}).replace(b'"HERE"', b"[" + b"[]," * 8_000_000 + b"1]")
    tracemalloc.start()
    try:
        result = checked(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert said(result, "too long") and (result.answers["relu"] == "answered") == (member != "source")
    assert peak < 4 * len(data) + 20_000_000


@pytest.mark.slow
@pytest.mark.parametrize("data", [
    b'{"cells":[' + b"{}," * 4_000_000, b'{"cell_type":' * 1_000_000, b'{"cells":[' + b"[[],[" * 2_000_000,
    b"<<<<<<<\n" * 1_000_000 + b">>>>>>>", b"{" + b'"a":1,' * 2_000_000, b'{"cells":[' + b'"' * 10_000_001,
    b'{"cells":[{"cell_type":"code","source":[' + b"1," * 5_000_000 + b"1]}]}",
], ids=["cells", "nested", "brackets", "markers", "keys", "quotes", "lines"])  # fmt: skip
def test_file_made_to_be_slow(data):
    """Does a file that is made to take long or much memory come to an end, with few cells?"""
    notebook, _ = read_submission(data)
    assert notebook is None or len(notebook.cells) <= 1_000
    assert_whole(rebuild(notebook, SOURCE))
