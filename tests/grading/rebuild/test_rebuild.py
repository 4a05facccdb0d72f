"""Mangled submissions: is each graded as far as it can be, and does the teacher read what was repaired?"""

import copy
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grading.rebuild.released import CODE_STUB, TEXT_STUB, checksum, defined, parts, plain
from course.grading.rebuild.salvage import read_submission
from course.grading.rebuild.submission import rebuild
from course.notebooks.canonical import dumps
from tests.grading.rebuild.mangled import (
    ANSWERS,
    CODE,
    MANGLES,
    NAME,
    PARTS,
    RELEASE,
    RIGHT,
    ROOT,
    SOURCE,
    STUB,
    TEXT,
    TEXT_OF_RIGHT,
    assert_whole,
    at,
    blank_lines,
    changed,
    checked,
    is_in_time,
    own_cell,
    own_texts,
    rebuilt,
    right,
    said,
    strip_and_new_id,
    text_of,
    to_the_end,
    to_the_top,
    twice,
)
from tests.unit import strategies  # noqa: F401  (its settings of hypothesis)

# --- the stub ---------------------------------------------------------------------------------------------------------


def test_released_texts_are_those_of_nbgrader():
    """Are the texts that students got computed as nbgrader did, for every cell of the assignment?"""
    assert [part.released for part in PARTS] == [cell.source for cell in RELEASE.cells]


def test_stubs_are_those_of_the_settings():
    """Are the texts in the place of solutions those of nbgrader_config.py?"""
    settings = (ROOT / "nbgrader_config.py").read_text()
    assert f'code_stub = {{"python": "{CODE_STUB}"}}' in settings and f'text_stub = "{TEXT_STUB}"' in settings


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_checksums_are_those_of_nbgrader(kind):
    """Is the checksum of a cell what nbgrader computes, for every sort of cell that there is?"""
    from nbgrader.utils import compute_checksum

    for bits in range(8):
        grade, solution, locked = (bool(bits >> i & 1) for i in range(3))
        label = {"grade_id": "a-b", "grade": grade, "solution": solution, "locked": locked, "points": 3}
        cell = nbformat.from_dict({"cell_type": kind, "source": f"x = 'ä{bits}'\n", "metadata": {"nbgrader": label}})
        assert checksum(cell) == compute_checksum(cell)
    labelled = [cell for cell in RELEASE.cells if cell.metadata.get("nbgrader")]
    assert labelled and all(checksum(cell) == compute_checksum(cell) for cell in labelled)


@pytest.mark.parametrize("kind", ["code", "markdown"])
@pytest.mark.parametrize("text", [
    "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n  # BEGIN SOLUTION\n  # END SOLUTION",
    "whole cell", "", "### BEGIN SOLUTION\n### END SOLUTION",
])  # fmt: skip
def test_stub_like_nbgrader(kind, text):
    """Does ClearSolutions of nbgrader itself leave the same text?"""
    from nbgrader.preprocessors import ClearSolutions

    label = {"grade": kind != "code", "solution": True, "locked": False, "grade_id": "a", "points": 1}
    cell = {"cell_type": kind, "id": "a", "metadata": {"nbgrader": label}, "source": text}
    notebook = nbformat.from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    ours = parts(notebook)[0].released
    ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB).preprocess(notebook, {})
    assert ours == notebook.cells[0].source


@pytest.mark.parametrize("text, names", [
    ("def f(x):\n    def inner(): pass\n    y = 1", {"f"}),
    ("async def f(): pass\nclass A(B): pass\nx: int = 3\ny = z == 2", {"f", "A", "x", "y"}),
    ("'''\ndef f(): pass\n'''\n# def g(): pass\ns = \"def h():\"", {"s"}),
    ("def f(x)\n    return )", {"f"}),
    ('def f():\n    """doc"""\n    return "it\'s" # """\ndef g(): pass', {"f", "g"}),
    ("x == 1\nprint(end=2)\n%matplotlib inline\n!ls", set()),
    ("(" * 100_000, set()),
])  # fmt: skip
def test_defined_names(text, names):
    """Are names at the top level found, also in code that does not compile, and not in comments and strings?"""
    assert defined(text) == names


# --- cells ------------------------------------------------------------------------------------------------------------


def test_right_submission_needs_no_repair():
    """Is nothing said about a submission that is in order, with outputs and an own cell, and is nothing lost?"""
    notebook = right()
    notebook.cells.insert(at(notebook, "relu") + 1, own_cell("relu(np.array([1.0]))"))
    notebook.cells[3].outputs = [nbformat.v4.new_output("stream", text="hello")]
    notebook.cells[3].execution_count = 7
    result = rebuilt(notebook)
    assert result.repairs == [] and result.unused == {}
    assert set(result.answers.values()) == {"answered"}
    assert [text_of(result, name) for name in ANSWERS] == [TEXT[name] for name in ANSWERS]
    assert own_texts(result) == [("relu(np.array([1.0]))", "ps1-relu")]


def test_release_and_solution():
    """Is the sheet as it was released "unchanged" everywhere, and the instructor's own notebook right?"""
    result = rebuilt(RELEASE)
    assert result.repairs == [] and set(result.answers.values()) == {"unchanged"}
    result = rebuilt(SOURCE)
    assert result.repairs == [] and set(result.answers.values()) == {"answered"}
    assert result.notebook == SOURCE


def test_same_result_twice():
    """Is the result the same every time, and is neither input changed?"""
    notebook, before = _mangled_everything(), copy.deepcopy(SOURCE)
    first, kept = rebuild(notebook, SOURCE), copy.deepcopy(notebook)
    assert rebuild(notebook, SOURCE) == first and notebook == kept and before == SOURCE


def _mangled_everything():
    notebook = right()
    notebook.cells.reverse()
    for cell in notebook.cells[::3]:
        cell.metadata = {}
    notebook.cells += copy.deepcopy(notebook.cells[::4])
    return notebook


@pytest.mark.parametrize("mangle", MANGLES, ids=lambda mangle: mangle.__name__)
@pytest.mark.parametrize("grade_id", ANSWERS)
def test_no_answer_is_lost(grade_id, mangle):
    """After one mangling of the cell of this answer: are all twelve answers in their cells, with their texts?"""
    notebook = right()
    mangle(notebook, at(notebook, grade_id))
    result = rebuilt(notebook)
    assert set(result.answers.values()) == {"answered"}, (result.answers, result.repairs)
    assert {name: plain(text_of(result, name)).strip() for name in ANSWERS} == {name: TEXT[name] for name in ANSWERS}
    assert own_texts(result) == [] and result.unused == {}
    assert all(is_in_time(result, name) for name in CODE)
    assert bool(result.repairs) == (mangle is not blank_lines)


@pytest.mark.parametrize("grade_id", CODE)
def test_deleted_answer(grade_id):
    """Is the stub put back for an answer that is gone, and are the others untouched?"""
    notebook = right()
    del notebook.cells[at(notebook, grade_id)]
    result = rebuilt(notebook)
    assert result.answers.pop(grade_id) == "missing" and set(result.answers.values()) == {"answered"}
    assert text_of(result, grade_id) == STUB[grade_id] and said(result, "missing", f"'{grade_id}'")


@pytest.mark.parametrize("source", ["", " \n", "\n# I did not have the time"])
def test_empty_answer(source):
    """Is an answer without any text or with comments only no answer?"""
    notebook = right()
    notebook.cells[at(notebook, "relu")].source = source
    result = rebuilt(notebook)
    assert (
        result.answers["relu"] == "missing"
        and text_of(result, "relu") == STUB["relu"]
        and said(result, "empty", "relu")
    )


def test_stub_with_another_comment_is_unchanged():
    """Is a stub without its comment, or with more comments, still no answer?"""
    notebook = right()
    cell = notebook.cells[at(notebook, "relu")]
    cell.source = STUB["relu"].replace("    # YOUR CODE HERE\n", "    # no idea\n\n")
    result = rebuilt(notebook)
    assert result.answers["relu"] == "unchanged" and text_of(result, "relu") == cell.source


@pytest.mark.parametrize("grade_id", CODE)
@pytest.mark.parametrize("offset", [-2, 1, 2, 99, -99])
def test_answer_in_an_own_cell(grade_id, offset):
    """Is an answer graded that stands in a cell of the student's own, before or after the stub, or without a stub?"""
    for delete in (False, True):
        notebook = right()
        i = at(notebook, grade_id)
        notebook.cells.insert(min(max(i + offset, 2), len(notebook.cells)), own_cell(TEXT[grade_id]))
        i = at(notebook, grade_id)
        notebook.cells[i].source = STUB[grade_id]
        if delete:
            del notebook.cells[i]
        result = rebuilt(notebook)
        assert set(result.answers.values()) == {"answered"}
        assert all(is_in_time(result, name) for name in CODE)
        assert sum(TEXT[grade_id] in cell.source for cell in result.notebook.cells) == 1
        assert said(result, f"'{grade_id}'")


@pytest.mark.parametrize("delete", [True, False])
@pytest.mark.parametrize(
    "one, other", [*zip(CODE, CODE[-1:] + CODE, strict=False), ("relu", "softmax"), ("softmax", "relu")]
)
def test_merged_answers(one, other, delete):
    """Two answers in one cell, the other cell deleted or left as it was: are both graded, each in time for its test?"""
    notebook = right()
    notebook.cells[at(notebook, one)].source = TEXT[one] + "\n\n\n" + TEXT[other]
    notebook.cells[at(notebook, other)].source = STUB[other]
    if delete:
        del notebook.cells[at(notebook, other)]
    result = rebuilt(notebook)
    assert set(result.answers.values()) == {"answered"} and text_of(result, one) == TEXT[one] + "\n\n\n" + TEXT[other]
    assert all(is_in_time(result, name) for name in CODE)
    assert said(result, f"'{other}' is not in its own cell", f"'{one}'") and not said(result, "missing")


def test_everything_in_one_cell():
    """All answers in one cell, at the end or at the top, labelled or not: is every question answered?"""
    text = "\n\n".join(TEXT[name] for name in CODE)
    for label in ("relu", None):
        for place in (2, 10**6):
            notebook = right()
            others = set(CODE) - {label}
            notebook.cells = [cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id not in others]
            cell = notebook.cells.pop(at(notebook, label)) if label else own_cell("")
            cell.source = text
            notebook.cells.insert(place, cell)
            result = rebuilt(notebook)
            assert set(result.answers.values()) == {"answered"} and all(is_in_time(result, name) for name in CODE)


@pytest.mark.parametrize("grade_id", CODE)
def test_split_answer(grade_id):
    """A helper of its own in front, with the label or without, and a function cut in two: is everything there?"""
    helper = "def helper(x):\n    return x"
    for metadata in (right().cells[at(RIGHT, grade_id)].metadata, {}):
        notebook = right()
        i = at(notebook, grade_id)
        notebook.cells.insert(i, own_cell(helper))
        notebook.cells[i].metadata = metadata
        result = rebuilt(notebook)
        assert text_of(result, grade_id) == TEXT[grade_id] and own_texts(result)[0][0] == helper and result.unused == {}
    notebook = right()
    i = at(notebook, grade_id)
    twice(notebook, i)
    head, tail = TEXT[grade_id].split("\n", 1)
    notebook.cells[i].source, notebook.cells[i + 1].source = head, tail
    result = rebuilt(notebook)
    assert text_of(result, grade_id) == TEXT[grade_id] and said(result, "split", f"'{grade_id}'")


def test_two_functions_of_one_answer():
    """An answer that asks for two functions, split into two cells, or one of them elsewhere: are both there?"""
    source = copy.deepcopy(SOURCE)
    one = "def a():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n\n"
    source.cells[at(source, "relu")].source = one + "def b():\n    raise NotImplementedError"
    for label in (True, False):
        notebook = right()
        i = at(notebook, "relu")
        twice(notebook, i)
        notebook.cells[i].source, notebook.cells[i + 1].source = "def b():\n    return 2", "def a():\n    return 1"
        if not label:
            notebook.cells[i].metadata = {}
        result = rebuild(read_submission(json.dumps(notebook).encode())[0], source)
        text = "\n".join(cell.source for cell in result.notebook.cells[i : i + 3])
        assert "return 1" in text and "return 2" in text and result.answers["relu"] == "answered"
        assert "NotImplementedError" not in text
    notebook = right()
    notebook.cells[i].source = parts(source)[i].released
    notebook.cells.insert(i + 1, own_cell("def b():\n    return 2"))
    result = rebuild(read_submission(json.dumps(notebook).encode())[0], source)
    text = text_of(result, "relu")  # the stub of a, then the student's b
    assert text.index("def a()") < text.index("return 2") and result.answers["relu"] == "answered"


@pytest.mark.parametrize("grade_id", ANSWERS)
def test_several_versions(grade_id):
    """Of several answers that differ: is the last graded, the others kept in the report, and is it said?"""
    notebook = right()
    i = at(notebook, grade_id)
    for number in (1, 2):
        twice(notebook, i)
        notebook.cells[i].source = TEXT[grade_id] + f"\nversion = {number}"
    result = rebuilt(notebook)
    assert text_of(result, grade_id) == TEXT[grade_id] and said(result, "several times", "last", f"'{grade_id}'")
    assert result.unused == {grade_id: [TEXT[grade_id] + "\nversion = 2", TEXT[grade_id] + "\nversion = 1"]}
    assert "version = " not in dumps(result.notebook)


def test_copied_test_cell():
    """Is a copy of a test cell ignored, and a copy that the student wrote into a cell of the student's own?"""
    notebook = right()
    i = at(notebook, "relu-test")
    twice(notebook, i)
    result = rebuilt(notebook)
    assert own_texts(result) == [] and said(result, "several times", "'relu-test'")
    notebook.cells[i].source = "my_helper = 3"
    result = rebuilt(notebook)
    assert own_texts(result) == [("my_helper = 3", "ps1-relu")]


def test_edited_locked_cells():
    """Does the source win in locked cells and test cells, and is it said, with what the student defined there?"""
    notebook = right()
    notebook.cells[at(notebook, "setup")].source += "\n\ndef helper(x):\n    return x"
    notebook.cells[at(notebook, "relu-test")].source = "check = lambda *a: None"
    notebook.cells[at(notebook, "relu-task")].source += "\nMy remark."
    result = rebuilt(notebook)
    assert said(result, "Locked cells", "'setup', 'relu-task', 'relu-test'") and said(result, "'setup'", "'helper'")
    assert own_texts(result) == [] and set(result.answers.values()) == {"answered"}


@pytest.mark.parametrize("stub", [True, False])
def test_answer_in_a_locked_cell(stub):
    """Is a function that a student wrote into the test cell taken as the answer that is missing?"""
    notebook = right()
    test, answer = at(notebook, "relu-test"), at(notebook, "relu")
    notebook.cells[test].source = TEXT["relu"] + "\n\n" + notebook.cells[test].source
    notebook.cells[answer].source = STUB["relu"]
    if not stub:
        del notebook.cells[answer]
    result = rebuilt(notebook)
    assert is_in_time(result, "relu") and result.answers["relu"] == "answered"
    assert said(result, "The locked cell 'relu-test' held the answer 'relu'") and said(
        result, "Locked cells", "'relu-test'"
    )


def test_edited_locked_cell_without_label_and_id():
    """Is a locked cell with other text known by its words, and not run as a cell of the student's own?"""
    notebook = right()
    for label in ("softmax-test", "neuron-task"):
        i = at(notebook, label)
        notebook.cells[i].source += "\nprint(np)"
        strip_and_new_id(notebook, i)
        notebook.cells[i].id += label
    result = rebuilt(notebook)
    assert own_texts(result) == [] and said(result, "Locked cells", "'neuron-task', 'softmax-test'")


def test_deleted_and_moved_cells_are_named():
    """Does the teacher read which cells were deleted and which were moved?"""
    notebook = right()
    del notebook.cells[at(notebook, "relu-test")], notebook.cells[at(notebook, "setup")]
    to_the_end(notebook, at(notebook, "softplus"))
    result = rebuilt(notebook)
    assert said(result, "Test cells that were deleted", "'relu-test'") and said(result, "Other cells", "'setup'")
    assert said(result, "moved", ": 'softplus'.") and len(result.repairs) == 3


def test_own_cells_keep_their_place():
    """Do own cells stay behind the cell that they followed, go along when it is moved, and come first if they did?"""
    notebook = right()
    moved = [notebook.cells.pop(at(notebook, "relu")), own_cell("goes_along = 1")]
    notebook.cells += moved
    notebook.cells.insert(0, own_cell("first = 1"))
    notebook.cells.insert(at(notebook, "sigmoid") + 1, own_cell("behind_b = 1"))
    notebook.cells.insert(at(notebook, "sigmoid") + 1, own_cell("A remark.", "markdown"))
    notebook.cells.insert(at(notebook, "sigmoid") + 1, own_cell(" \n"))
    notebook.cells[0].metadata = {"nbgrader": {"grade_id": "first", "solution": True}, "tags": ["a"]}
    result = rebuilt(notebook)
    assert own_texts(result) == [("first = 1", None), ("goes_along = 1", "ps1-relu"), ("A remark.", "ps1-sigmoid"),
                                 ("behind_b = 1", "extra-3")]  # fmt: skip
    assert said(result, "does not have", "'first'")


def test_own_cell_before_a_deleted_beginning():
    """Title and setup are deleted: does an own cell that needs the imports run after them?"""
    notebook = right()
    notebook.cells = [own_cell("x = np.ones(3)"), *notebook.cells[2:]]
    assert own_texts(rebuilt(notebook)) == [("x = np.ones(3)", "ps1-setup")]


def test_pictures_in_a_written_answer():
    """Does a pasted picture stay, if it is one and the text shows it, and nothing else?"""
    notebook = right()
    cell = notebook.cells[at(notebook, "written")]
    cell.source = "![](attachment:a.png) ![](attachment:b.png) ![](attachment:c.png)"
    cell.attachments = {"a.png": {"image/png": "iVBORw0KGgo="}, "b.png": {'image/png" onerror="x': "AA=="},
                        "c.png": {"image/png": '" onerror="x'}, "d.png": {"image/png": "AA=="}}  # fmt: skip
    code = notebook.cells[at(notebook, "relu")]
    code.attachments = {"a.png": {"image/png": "iVBORw0KGgo="}}
    result = rebuilt(notebook)
    cells = {cell.id: cell for cell in result.notebook.cells}
    assert cells["ps1-written"].attachments == {"a.png": {"image/png": "iVBORw0KGgo="}}
    assert "attachments" not in cells["ps1-relu"]


def test_written_answer_without_its_label():
    """A written answer and a remark beside it without labels: is the long text the answer, the other one kept?"""
    notebook = right()
    i = at(notebook, "written")
    strip_and_new_id(notebook, i)
    notebook.cells.insert(i, own_cell("See below.", "markdown"))
    result = rebuilt(notebook)
    assert text_of(result, "written") == TEXT["written"] and own_texts(result) == [("See below.", "ps1-written-task")]


def test_function_with_another_name():
    """Is an answer whose function was renamed, in a cell without a label, in its place or not, still the answer?"""
    for move in (False, True):
        notebook = right()
        i = at(notebook, "relu")
        strip_and_new_id(notebook, i)
        notebook.cells[i].source = TEXT["relu"].replace("def relu", "def ReLU")
        if move:
            to_the_end(notebook, i)
        result = rebuilt(notebook)
        assert result.answers["relu"] == "answered" and "def ReLU" in text_of(result, "relu")


@pytest.mark.parametrize("grade_id", CODE)
def test_answer_that_only_its_function_tells(grade_id):
    """Without label and id, and moved to the top: is an answer found by the function that it defines?"""
    notebook = right()
    i = at(notebook, grade_id)
    text = notebook.cells[i].source = f"{NAME[grade_id]} = lambda *a: 0  # in my own words"
    strip_and_new_id(notebook, i)
    to_the_top(notebook, i)
    result = rebuilt(notebook)
    assert text_of(result, grade_id) == text and own_texts(result) == []


@pytest.mark.parametrize("texts", [["print(3)"], ["a = 1", "b = 2"], ["# My remark"]])
def test_own_cell_where_an_answer_was(texts):
    """The answer is deleted and own cells stand in its place: are they kept, and not taken for the answer?"""
    notebook = right()
    i = at(notebook, "relu")
    notebook.cells[i : i + 1] = [own_cell(text) for text in texts]
    result = rebuilt(notebook)
    assert result.answers["relu"] == "missing" and [text for text, _ in own_texts(result)] == texts


def test_answer_that_nothing_tells():
    """A written answer without label, id and place: is it said to be missing, and kept where it stands?"""
    notebook = right()
    i = at(notebook, "written")
    strip_and_new_id(notebook, i)
    to_the_top(notebook, i)
    result = rebuilt(notebook)
    assert result.answers["written"] == "missing" and own_texts(result) == [(TEXT["written"], None)]


def test_experiment_in_a_copied_answer():
    """A copy of the answer in which the student tries it out: is it run in its place, and the answer kept?"""
    notebook = right()
    i = at(notebook, "relu")
    twice(notebook, i)
    notebook.cells[i + 1].source = "print(relu(np.array([-1.0, 1.0])))"
    result = rebuilt(notebook)
    assert text_of(result, "relu") == TEXT["relu"] and own_texts(result)[0][1] == "ps1-relu"


@pytest.mark.parametrize("labels", [("title", "setup", "written", "warmup", "trees"), ("a", "b"), (None, None)])
def test_another_assignment(labels):
    """Is the notebook of another assignment said to be one, though some labels are the same?"""
    notebook = nbformat.v4.new_notebook(metadata=SOURCE.metadata)
    for label in labels:
        cell = own_cell(f"text of {label} = 3")
        cell.metadata = {"nbgrader": {"grade_id": label, "solution": True}} if label else {}
        notebook.cells.append(cell)
    result = rebuilt(notebook)
    assert set(result.answers.values()) == {"missing"} and said(result, "no notebook of this assignment")
    assert len(result.notebook.cells) == len(SOURCE.cells)


def test_cell_without_a_label_in_the_source():
    """A cell that is nobody's in the source: is the original there, and what the student made of it behind it?"""
    source, notebook = copy.deepcopy(SOURCE), right()
    i = at(source, "explore-relu")
    source.cells[i].metadata, notebook.cells[i].metadata = {}, {}
    unchanged = [cell.source for cell in rebuild(notebook, source).notebook.cells]
    assert len(unchanged) == len(source.cells) and unchanged[i] == source.cells[i].source
    notebook.cells[i].source = own = "ActivationExplorer(activation=softplus)"
    result = rebuild(notebook, source)
    assert [cell.source for cell in result.notebook.cells] == [*unchanged[: i + 1], own, *unchanged[i + 1 :]]


def test_sentences_stay_short():
    """Do labels that a student made long, strange or many leave the report readable?"""
    notebook = right()
    for number in range(300):
        cell = own_cell(f"x = {number}")
        cell.metadata = {"nbgrader": {"grade_id": f"{number}<b>\u202e{'long' * 40}"}}
        notebook.cells.append(cell)
    result = rebuilt(notebook)
    assert len(result.repairs) == 1 and len(result.repairs[0]) < 1500 and "and 288 more" in result.repairs[0]
    assert result.repairs[0].isascii()


# --- anything ---------------------------------------------------------------------------------------------------------

LABELS = [cell.metadata.nbgrader.grade_id for cell in RIGHT.cells]
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                    max_leaves=6)  # fmt: skip
STEP = st.tuples(
    st.sampled_from("delete,copy,swap,move,strip,label,retype,empty,merge,swap labels,junk".split(",")),
    st.integers(0, 60), st.integers(0, 60), JSON)  # fmt: skip


def apply(cells, step):
    """Do one step of mangling to a list of cells."""
    kind, i, j, junk = step
    if not cells:
        return
    i, j = i % len(cells), j % len(cells)
    if kind == "delete":
        del cells[i]
    elif kind == "copy":
        cells.insert(j, copy.deepcopy(cells[i]))
    elif kind == "swap":
        cells[i], cells[j] = cells[j], cells[i]
    elif kind == "move":
        cells.insert(j, cells.pop(i))
    elif not isinstance(cells[i], dict) or not isinstance(cells[j], dict):
        return
    elif kind == "strip":
        cells[i]["metadata"] = {}
    elif kind == "label":
        cells[i]["metadata"] = {"nbgrader": {"grade_id": LABELS[j % len(LABELS)]}}
    elif kind == "retype":
        cells[i]["cell_type"] = ["code", "markdown", "raw"][j % 3]
    elif kind == "empty":
        cells[i]["source"] = ""
    elif kind == "merge":
        cells[i]["source"] = f"{cells[i].get('source')}\n\n{cells[j].get('source')}"
    elif kind == "swap labels":
        cells[i]["metadata"], cells[j]["metadata"] = cells[j].get("metadata"), cells[i].get("metadata")
    else:
        keys = ["source", "metadata", "cell_type", "id", "attachments", "outputs"]
        cells[i][keys[j % len(keys)]] = junk


@given(st.lists(STEP, max_size=12))
def test_any_mangling(steps):
    """Whatever is done to the cells: is the result whole, and does reading what was read again change nothing?"""
    notebook = json.loads(json.dumps(right()))
    for step in steps:
        apply(notebook["cells"], step)
    checked(json.dumps(notebook).encode())
    assert_whole(rebuild(notebook, SOURCE))
    first, _ = read_submission(json.dumps(notebook).encode())
    again, repairs = read_submission(dumps(first).encode())
    assert again == first and repairs == []


KEEPING = st.tuples(st.sampled_from(["copy", "swap", "move", "strip", "swap labels", "label"]), st.integers(0, 60),
                    st.integers(0, 60), st.none())  # fmt: skip


@given(st.lists(KEEPING, max_size=6))
def test_mangling_that_keeps_the_texts(steps):
    """Cells copied, moved, with lost, wrong and exchanged labels, in any order: is every right answer in time?"""
    notebook = json.loads(json.dumps(right()))
    for step in steps:
        apply(notebook["cells"], step)
    result = checked(json.dumps(notebook).encode())
    assert [name for name in CODE if not is_in_time(result, name)] == []
    assert text_of(result, "written") == TEXT["written"]


@given(st.integers(0, len(TEXT_OF_RIGHT.encode())), st.integers(0, len(TEXT_OF_RIGHT.encode())), st.binary(max_size=12))
def test_any_damage(begin, length, junk):
    """Any piece of the file replaced by any bytes: is the result whole?"""
    data = TEXT_OF_RIGHT.encode()
    checked(data[:begin] + junk + data[begin + length % 2000 :])


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | JSON.map(json.dumps).map(str.encode))
def test_any_bytes(data):
    """Does nothing raise, whatever the file holds?"""
    checked(data)


@given(JSON)
def test_any_value(value):
    """Is any value that JSON can hold in the place of a notebook or of its members no reason to raise?"""
    assert_whole(rebuild(value, SOURCE))
    for key in ("cells", "metadata", "nbformat", "nbformat_minor"):
        checked(changed(**{key: value}))
