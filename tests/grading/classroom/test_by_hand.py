"""Marks by hand: given in the gradebook as formgrader does, kept when a class is graded again, shown everywhere."""

import contextlib
import io
import re
import shutil

import pytest
from nbgrader.api import Gradebook

from course.grading.classroom import evening
from course.grading.classroom.batch import grade_class, report_class
from course.grading.classroom.gradebook import read_marks
from course.grading.classroom.preview import Change, compare, preview_class, table, verdict
from tests.grading.classroom.classroom import PS1, prepare, sqlite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def graded(worker, tmp_path_factory):
    """A course folder whose class is graded, ada's written answer by hand too, and one test of dora's."""
    folder = tmp_path_factory.mktemp("by-hand") / "course"
    prepare(folder)
    for name in ("absent", "kurt"):
        shutil.rmtree(folder / "build/submitted" / name)
    grade_class(PS1, root=folder, workers=worker)
    by_hand(folder, "ada", "written", 2.5, "Say why.")
    by_hand(folder, "dora", "softmax-test", 1.5)
    return folder


@pytest.fixture
def course(graded, tmp_path):
    """A fresh copy of that folder."""
    shutil.copytree(graded, tmp_path / "course")
    return tmp_path / "course"


def by_hand(folder, student, cell, points, comment=None):
    """Give a mark as formgrader does, which takes the cell from the list of those that wait."""
    with Gradebook(sqlite(folder)) as book:
        grade = book.find_grade(cell, PS1, PS1, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment:
            book.find_comment(cell, PS1, PS1, student).manual_comment = comment
        book.db.commit()


def waits(folder, student, cell):
    """(points by tests, points by hand, is somebody asked to look) of a cell."""
    with Gradebook(sqlite(folder)) as book:
        grade = book.find_grade(cell, PS1, PS1, student)
        return grade.auto_score, grade.manual_score, grade.needs_manual_grade


def edit(folder, student, old, new):
    """Hand in another text."""
    path = folder / "build/submitted" / student / PS1 / f"{PS1}.ipynb"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def mend_softmax(folder):
    """Let dora hand in a right softmax."""
    for call in ("logits.max", "e.sum"):
        edit(folder, "dora", f"{call}(axis=0)", f"{call}(axis=1, keepdims=True)")


def test_marks_by_hand_count(graded):
    """Are they in the table and in the mark, a test's place taken by the hand's, and is the rest said to wait?"""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        report_class(PS1, graded)
    rows = {line.split()[0]: line.split() for line in said.getvalue().split("\n") if " / 26 " in line}
    assert rows["ada"][1] == "25.5" and rows["ada"][-1] == "2.5"
    assert rows["dora"][1] == "19.75" and rows["dora"][-1] == "wait" and rows["flora"][-1] == "0"
    marks = {m.student: m for m in read_marks(sqlite(graded), PS1)}
    assert marks["ada"].written == {"written": 2.5} and marks["dora"].points["softmax-test"] == 1.5
    assert [m.by_hand for m in marks.values()] == [0, 3, 0]


def test_marks_by_hand_are_in_the_report(graded):
    """Has the page written points, a mark that they are part of, and how many wait to be read?"""
    report_class(PS1, graded)
    page = (graded / f"build/reports/{PS1}.html").read_text()
    row = re.search(r'<th scope="row">ada</th>(.*?)</tr>', page)[1]
    assert ">25.5</td>" in row and ">2.5</td>" in row
    assert "not yet read" in re.search(r'<th scope="row">dora</th>(.*?)</tr>', page)[1]
    assert "Written answers of 1 student are not yet read" in page
    assert "nbgrader generate_feedback ps1_activations" in page


@pytest.fixture(scope="module")
def pages(graded):
    """{student: text of the feedback page}."""
    evening.nbgrader(graded, "generate_feedback", PS1)
    return {name: (graded / "build/feedback" / name / PS1 / f"{PS1}.html").read_text() for name in SCORES}


SCORES = {
    "ada": ("Score: 25.5 of 26 points</strong>.", "Written question</a>: 2.5 of 3 points"),
    "dora": ("Score so far: 19.75 of 26 points</strong>; 3 of them are for what is not yet read.",
             "Written question</a>: not yet read (3 points)"),
    "flora": ("Score: 0 of 26 points</strong>.", "Written question</a>: 0 of 3 points"),
}  # fmt: skip


@pytest.mark.parametrize("student", SCORES)
def test_feedback_before_and_after_the_marks_by_hand(pages, student):
    """Does feedback say "not yet read" of a written answer instead of 0 points, and show the mark once there is one?"""
    for words in SCORES[student]:
        assert words in pages[student]
    assert ("not yet read" in pages[student]) == (student == "dora")
    assert ("Say why." in pages[student] and ">Comment</a>" in pages[student]) == (student == "ada")


def test_feedback_names_questions(pages):
    """Does its index name each question as the text does, and lead to it?"""
    page = pages["dora"]
    found = re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a>: ([\d.]+) of ([\d.]+) points', page)
    assert len(found) == 11 and found[8] == ("softmax-test", "Question 9: softmax", "1.5", "3")
    assert found[9][1] == "Question 10a: the cross-entropy loss" and "Test cell" not in page
    assert all(f'id="{name}"' in page for name, *_ in found)
    assert "How it is marked" not in page, "that is formgrader's"


def test_feedback_needs_no_network(pages):
    """Are formulas drawn by the browser itself, also those of students, and is nothing asked of the network?"""
    page = pages["ada"]
    assert page.count("<math") > 20 and "W_2(W_1 x + b_1)</annotation>" not in page.split('id="written"')[0]
    assert re.search(r"<annotation[^>]*>W_2\(W_1 x", page.split('id="written"')[1])
    assert not re.search(r"<script|<link|cdnjs|@import|src=.http|url\(.?http", page, re.IGNORECASE)
    assert page.count("<body") == page.count("</body>") == 1


def test_force_leaves_them_alone(course, worker):
    """Do marks and comments by hand stay under `--force`, and is nobody asked again where the answer is the same?"""
    before = waits(course, "ada", "written"), waits(course, "dora", "softmax-test")
    assert before == ((None, 2.5, False), (0.0, 1.5, False))
    grade_class(PS1, root=course, workers=worker, force=True)
    assert (waits(course, "ada", "written"), waits(course, "dora", "softmax-test")) == before
    with Gradebook(sqlite(course)) as book:
        assert book.find_comment("written", PS1, PS1, "ada").comment == "Say why."


def test_another_answer_is_looked_at_again(course, worker):
    """Does a mark by hand stay for an answer that was handed in anew, and is somebody asked to look at it?"""
    edit(course, "ada", "Nothing more than one layer", "Not more than one layer")
    mend_softmax(course)
    grade_class(PS1, root=course, workers=worker)
    assert waits(course, "ada", "written") == (None, 2.5, True)
    assert waits(course, "dora", "softmax-test") == (3.0, 1.5, True)
    assert {m.student: m.by_hand for m in read_marks(sqlite(course), PS1)}["ada"] == 3


def state(folder):
    """Every file of a course, with its content and when it was written."""
    return {path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def test_preview_writes_nothing(course, capsys, worker):
    """Does a preview find what would change, leave marks by hand out of it, and leave every file as it was?"""
    grade_class(PS1, root=course, workers=worker)
    mend_softmax(course)
    edit(course, "ada", "1 - y**2", "1 - y**3")
    before = state(course)
    capsys.readouterr()
    changes = preview_class(PS1, root=course, workers=worker)
    assert state(course) == before
    assert [(change.student, set(change.cells), change.by_hand) for change in changes] == [
        ("ada", {"tanh-backward-test"}, ()), ("dora", {"softmax-test"}, ("softmax-test",))]  # fmt: skip
    assert changes[0].before == 25.5 and -2 <= changes[0].difference < 0 == changes[1].difference
    said = capsys.readouterr().out
    assert "3 graded again, nothing was written: 0 would rise, 1 would fall, 2 stay; marks by hand are kept." in said
    assert "9 softmax 0 to 3 (by hand: stays)" in said and "`course grade ps1_activations --force`" in said


def test_preview_of_a_class_as_it_is(graded, capsys, worker):
    """Does a class that nothing has changed for keep all its marks, and a student who was never graded stay out?"""
    assert preview_class(PS1, root=graded, workers=worker, students=["ada", "flora"]) == []
    assert "2 graded again, nothing was written: 0 would rise, 0 would fall, 2 stay." in capsys.readouterr().out


def test_changes_in_words():
    """Are differences found beyond rounding, in the order of the table, and counted?"""
    scores = {"a-test": (1.0, None), "b-test": (None, None), "c-test": (0.5, None), "written": (None, 2.0)}
    change = compare("ada", scores, {"a-test": 1.0 + 1e-12, "b-test": 0.25, "c-test": 0.0})
    assert change == Change("ada", 3.5, {"b-test": (None, 0.25), "c-test": (0.5, 0.0)}) and change.difference == -0.25
    assert "ada         3.5    3.25   -0.25  2 b none to 0.25; c 0.5 to 0" in table([change], {"b": "2"})
    assert verdict([change], 3, "ps1").startswith("3 graded again, nothing was written: 0 would rise, 1 would fall, 2")
