"""Is there one form for a notebook, and does cleaning lose nothing that a person wrote?"""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.notebooks.canonical import canonical, clean, dumps, problems, read

V4 = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}


def _cell(kind="markdown", source="text", **more):
    more = {"metadata": {}, **more}
    return {"cell_type": kind, "source": source, **more} | (
        {"outputs": [], "execution_count": None} | more if kind == "code" else {}
    )


def _write(folder, cells, name="1_a_lecture.ipynb", **more):
    path = folder / name
    path.write_text(json.dumps({**V4, "cells": cells, **more}), encoding="utf-8")
    return path


def _ids(path):
    return [cell["id"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def test_clean_once_is_enough(tmp_path):
    """Does the first clean say that it changed the file, the second that it did not, and are all problems gone?"""
    path = _write(tmp_path, [_cell("code", "1 + 1  \n\n", id="8f3b2a10", execution_count=3), _cell(id="intro-text")])
    assert problems(path)
    assert clean(path) is True
    first = path.read_bytes()
    assert clean(path) is False and path.read_bytes() == first
    assert problems(path) == []
    assert first.endswith(b"}\n") and b"\r" not in first


@pytest.mark.parametrize("given", [[], ["mine"], ["raises-exception", "mine"]])
def test_a_test_does_not_stop_run_all(tmp_path, given):
    """Does each test cell get the tag that lets Run All go on, once, its own tags kept, and no answer or text?"""
    label = {"grade_id": "a", "schema_version": 3, "task": False}
    test, answer = ({"nbgrader": label | {"grade": True, "solution": written, "points": 1}, "tags": given}
                    for written in (False, True))  # fmt: skip
    cells = [_cell("code", "check.f(f)", id="a-test", metadata=test), _cell("code", "1", id="a-code", metadata=answer),
             _cell("markdown", "YOUR ANSWER HERE", id="a-text", metadata=answer)]  # fmt: skip
    path = _write(tmp_path, cells)
    if "raises-exception" not in given:
        assert any("test cell 'a-test' lacks the tag" in problem for problem in problems(path))
    clean(path)
    assert problems(path) == []
    found = read(path).cells
    assert sorted(found[0].metadata.tags) == sorted({*given, "raises-exception"})
    assert found[0].metadata.nbgrader == test["nbgrader"]
    assert [cell.metadata.tags for cell in found[1:]] == [given, given]


sources = st.text(st.characters(codec="utf-8"), max_size=20)
ids = st.sampled_from(["intro-title", "intro-text", "l1-01", "l1-02", "l1-01-2", "8f3b2a10", "x", 5, None, "a" * 70])
cells_strategy = st.lists(
    st.builds(lambda kind, source, cell_id, tags: _cell(kind, source, metadata=tags)
              | ({} if cell_id is None else {"id": cell_id}),
              st.sampled_from(["code", "markdown", "raw"]), sources, ids,
              st.sampled_from([{}, {"tags": ["a"]}, {"collapsed": True}, {"course": {"slides": ["cmu-l10-001"]}}])),
    max_size=6)  # fmt: skip


@given(cells_strategy)
@settings(max_examples=100, deadline=None, database=None, derandomize=True)
def test_any_notebook_becomes_canonical(tmp_path_factory, cells):
    """Is the result of cleaning stable, with readable ids that no two cells share, whatever the ids were?"""
    path = _write(tmp_path_factory.mktemp("n"), cells)
    clean(path)
    assert problems(path) == [] and clean(path) is False
    found = _ids(path)
    assert len(set(found)) == len(found) == len(cells)
    nbformat.validate(nbformat.read(path, as_version=4))
    for old, new in zip(cells, json.loads(path.read_text(encoding="utf-8"))["cells"], strict=True):
        assert new["cell_type"] == old["cell_type"]


def test_only_folding_is_kept_of_what_jupyter_notes(tmp_path):
    """Does code stay folded, and are other notes of the editor, and folded prose, refused and cleaned away?"""
    folded = {"source_hidden": True}
    notes = [folded, folded | {"outputs_hidden": True}, {"source_hidden": False}, {}, None]
    cells = [_cell("code", id=f"l1-{k}-cell", metadata={"jupyter": note}) for k, note in enumerate(notes)]
    cells.append(_cell(id="l1-prose-cell", metadata={"jupyter": {"source_hidden": True}}))
    path = _write(tmp_path, cells)
    assert len([p for p in problems(path) if "jupyter" in p]) == 5
    clean(path)
    assert problems(path) == []
    assert [cell.metadata.get("jupyter") for cell in read(path).cells] == [folded, folded, None, None, None, None]


def test_ids(tmp_path):
    """Do readable ids stay, random and missing ones become numbers, and does the first of equal ones keep it?"""
    ids = ["ps1-softmax", "8f3b2a10", "ps1-softmax", "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "Title", "ps1-softmax"]
    path = _write(tmp_path, [_cell(id=i) for i in ids] + [_cell()], name="ps1_activations.ipynb")
    found = problems(path)
    assert any("two cells share the id 'ps1-softmax'" in p for p in found) and all(str(path) in p for p in found)
    clean(path)
    assert _ids(path) == ["ps1-softmax", "ps1-02", "ps1-softmax-2", "ps1-04", "ps1-05", "ps1-softmax-3", "ps1-07"]


def test_made_up_ids_avoid_ids_in_use(tmp_path):
    """Is a number that another cell has already left to it?"""
    path = _write(tmp_path, [_cell(id="x"), _cell(id="l1-01"), _cell(id="l1-02"), _cell(id="l1-02")])
    clean(path)
    assert _ids(path) == ["l1-01-2", "l1-01", "l1-02", "l1-02-2"]


@pytest.mark.parametrize("name, first", [
    ("1_introduction.ipynb", "l1-01"), ("ps2_mnist.ipynb", "ps2-01"), ("Übung.ipynb", "bung-01"), ("_x.ipynb", "l-01"),
    ("deadbeef.ipynb", "ldeadbeef-01"), ("x" * 100 + ".ipynb", "x" * 20 + "-01"),
])  # fmt: skip
def test_prefix_comes_from_the_file(tmp_path, name, first):
    """Do made-up ids start with the first word of the file's name, as far as an id can hold it?"""
    path = _write(tmp_path, [_cell()], name=name)
    clean(path)
    assert _ids(path) == [first] and problems(path) == []


def test_outputs_and_metadata(tmp_path):
    """Are outputs, counts and what editors leave behind dropped, and what the course needs kept?"""
    keep = {"tags": ["t"], "slideshow": {"slide_type": "slide"}, "course": {"slides": ["a-1"]}, "nbgrader": {"x": 1}}
    output = {"output_type": "stream", "name": "stdout", "text": "42"}
    cell = _cell("code", "x", id="a-b", outputs=[output], execution_count=7, metadata=keep | {"collapsed": True})
    kernel = {"kernelspec": {"name": "venv", "display_name": "mine", "language": "python"}, "toc": {"x": 1}}
    path = _write(tmp_path, [cell], metadata=kernel)
    found = " ".join(problems(path))
    assert "has stored outputs" in found and "metadata collapsed" in found and "the notebook has metadata toc" in found
    clean(path)
    notebook = json.loads(path.read_text())
    assert notebook["cells"] == [{"cell_type": "code", "id": "a-b", "metadata": keep, "source": ["x"], "outputs": [],
                                  "execution_count": None}]  # fmt: skip
    assert notebook["metadata"]["kernelspec"]["name"] == "python3" and set(notebook["metadata"]) == {
        "kernelspec", "language_info"}  # fmt: skip


def test_pasted_pictures(tmp_path):
    """Does a picture stay that the text shows, and go when nothing shows it any more?"""
    pictures = {"seen.png": {"image/png": "iVBORw0KGgo="}, "left.png": {"image/png": "iVBORw0KGgo="}}
    path = _write(tmp_path, [_cell(source="![a net](attachment:seen.png)", id="a-b", attachments=pictures)])
    clean(path)
    assert problems(path) == [] and read(path).cells[0].attachments == {"seen.png": pictures["seen.png"]}


def test_layout_alone_is_a_problem(tmp_path):
    """Is another indent, line end or version reported as such?"""
    path = _write(tmp_path, [_cell(id="a-b")])
    clean(path)
    text = path.read_text()
    for other in (json.dumps(json.loads(text), indent=2), text.replace('"nbformat_minor": 5', '"nbformat_minor": 4'),
                  text.replace("\n", "\r\n"), text + "\n"):  # fmt: skip
        path.write_bytes(other.encode())
        assert "differ from the canonical form" in problems(path)[0]
        assert clean(path) and path.read_text() == text


def test_older_versions(tmp_path):
    """Is a notebook of version 3, and one of 4.4 without ids, brought up to date?"""
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"metadata": {}, "cells": [
        {"cell_type": "code", "input": "x = 1", "outputs": [], "language": "python", "metadata": {}},
        {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}}]}]}  # fmt: skip
    path = tmp_path / "1_old.ipynb"
    path.write_text(json.dumps(old))
    clean(path)
    assert [c.source for c in read(path).cells] == ["x = 1", "# Title"] and problems(path) == []
    path = _write(tmp_path, [_cell("code", "x")], nbformat_minor=4)
    assert problems(path) and clean(path) and problems(path) == []


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"null", b"3", b"{}", b"\xff\xfe", b'{"nbformat": 99, "cells": []}', b'{"nbformat": 4}',
    b'{"nbformat": 4, "cells": 3, "metadata": {}}', b'{"nbformat": 4, "cells": [3], "metadata": {}}',
    b'{"nbformat": 4, "cells": [{}], "metadata": {}}',
    b'{"nbformat": 4, "cells": [{"cell_type": "poem", "source": ""}], "metadata": {}}',
    b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}], "metadata": {}}',
    b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": 3}], "metadata": {}}',
    None,
])  # fmt: skip
def test_unreadable_files(tmp_path, content):
    """Is a file that is no notebook an error that names it, and left as it is?"""
    path = tmp_path / "1_broken.ipynb"
    if content is not None:
        path.write_bytes(content)
    for function in (read, clean, problems):
        with pytest.raises(ValueError, match=r"1_broken\.ipynb is not a notebook"):
            function(path)
    assert content is None or path.read_bytes() == content


def test_canonical_leaves_its_argument_alone(tmp_path):
    """Is a cleaned copy made, and the notebook that was handed in unchanged?"""
    path = _write(tmp_path, [_cell("code", "x  ", id="1")])
    notebook = read(path)
    before = dumps(notebook)
    assert dumps(canonical(notebook, "l1")) != before == dumps(notebook)
