"""Marks for a learning management system: what is written, what is left blank, and that nothing of its file is lost."""

import csv
import io
import os

import pytest
from nbgrader.api import Gradebook

from course.cli import main
from course.grading.classroom import evening
from course.grading.classroom.gradebook import Marks
from course.grading.lms import merge as merging
from course.grading.lms import spreadsheet
from course.grading.lms.export import export
from course.grading.lms.merge import CANVAS, MOODLE, merge
from course.grading.lms.people import Person
from tests.grading.classroom.classroom import PS1, sqlite

TESTS = {"relu-test": 1.0, "softmax-test": 3.0}
STUDENTS = {  # first name, last name, email, LMS user id
    "ada": ("Ada", "Łovelace", "ada@uni.example", ""),
    "bo": ("=HYPERLINK(1)", "Bo", "bo@uni.example", ""),
    "chen": ("辰", "Chen", "", "77"),
    "dora": ("Dora", "Late", "dora@uni.example", ""),
    "emil": ("Emil", "Broken", "emil@uni.example", ""),
    "zoe": ("Zoe", "Absent", "zoe@uni.example", ""),
}
HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 0 (100),PS1: Activations (4711),Current Score"
CANVAS_FILE = f"""{HEADER}
,,,,,Manual Posting,,(read only)
    Points Possible,,,,,10,7.0,(read only)
"Łovelace, Ada",1001,u1,ADA,A,9.5,,91.2
"=Bo, 1+1",1002,u2,bo@uni.example,"A, B",,3,
"Chen, 辰",77,u3,c77,B,7,EX,
"Late, Dora",1004,dora,dlate,B,1,-,
"Broken, Emil",1005,,emil,B,2,5,
"Guest, Gus",1006,u6,gus,B,3,2,
"Student, Test",1007,,0d9a,A,,,
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose gradebook holds a class of six: complete, another, unread, late, ungraded, and one not there."""
    folder = tmp_path_factory.mktemp("lms") / "course"
    evening.prepare(PS1, folder)
    os.environ["PATH"] = evening.with_environment_on_path()["PATH"]
    with Gradebook(sqlite(folder)) as book:
        book.add_assignment(PS1, duedate="2026-01-01 12:00 UTC")
        book.add_notebook(PS1, PS1)
        for name, points in TESTS.items():
            book.add_grade_cell(name, PS1, PS1, max_score=points, cell_type="code")
        book.add_grade_cell("written", PS1, PS1, max_score=3.0, cell_type="markdown")
        for name, (first, last, email, lms) in STUDENTS.items():
            book.add_student(name, first_name=first, last_name=last, email=email, lms_user_id=lms)
            if name != "zoe":
                book.add_submission(PS1, name)
                marks(book, name, *MARKS[name])
        book.find_submission_notebook(PS1, PS1, "dora").late_submission_penalty = 2.0
        book.db.commit()
    return folder


MARKS = {"ada": (1.0, 3.0, 2.5), "bo": (0.25, 2.0, 0.0), "chen": (1.0, 3.0, None), "dora": (1.0, 1.5, 1.0),
         "emil": (None, None, None)}  # fmt: skip
TOTALS = {"ada": "6.5", "bo": "2.25", "dora": "1.5"}


def marks(book, student, relu, softmax, written):
    for name, points in (("relu-test", relu), ("softmax-test", softmax), ("written", written)):
        grade = book.find_grade(name, PS1, PS1, student)
        grade.auto_score, grade.manual_score = (None, points) if name == "written" else (points, None)
        grade.needs_manual_grade = points is None
    book.db.commit()


def rows(path):
    """{first cell: {column: text}} of a file."""
    return {row[next(iter(row))].strip(): row for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))}


def test_a_column_for_each_question(course, tmp_path, capsys):
    """Are marks there by question and in all, a blank where one is missing, and is it said why?"""
    found = rows(export(PS1, output=tmp_path / "a.csv", root=course))
    assert list(found) == list(STUDENTS)
    assert found["ada"] == {"student": "ada", "last name": "Łovelace", "first name": "Ada", "email": "ada@uni.example",
                            "4 relu": "1", "9 softmax": "3", "written": "2.5", "late penalty": "", "total": "6.5",
                            "of": "7", "status": "complete"}  # fmt: skip
    assert [found[name]["total"] for name in STUDENTS] == ["6.5", "2.25", "", "1.5", "", ""]
    assert found["chen"]["written"] == "" and found["bo"]["written"] == "0" and found["dora"]["late penalty"] == "2"
    why = [found[name]["status"] for name in ("chen", "emil", "zoe")]
    assert why == ["not yet read", "not graded", "not handed in"]
    said = capsys.readouterr().out
    for words in ("6 students, 3 with a complete mark of 7 points", "not yet read: 1 (chen); the mark is left blank",
                  "not graded: 1 (emil)", "not handed in: 1 (zoe); the mark is left blank; --zero writes 0",
                  "late: 1 (dora); the penalty is taken off"):  # fmt: skip
        assert words in said


def test_where_it_is_written(course):
    """Is the file beside the reports unless told otherwise, and one for each format?"""
    assert export(PS1, root=course) == course / "build/exports" / f"{PS1}.csv"
    assert export(PS1, "moodle", root=course) == course / "build/exports" / f"{PS1}-moodle.csv"


def test_blank_or_not(course, tmp_path):
    """Are an unread answer and a missing submission blank unless asked, and somebody nobody could grade always?"""
    found = rows(export(PS1, output=tmp_path / "a.csv", partial=True, zero=True, root=course))
    assert [found[name]["total"] for name in ("chen", "emil", "zoe")] == ["4", "", "0"]


@pytest.mark.parametrize("to", ["csv", "moodle"])
def test_names_are_no_formulas(course, tmp_path, to):
    """Is a name that begins like a formula a text for every spreadsheet, and is any other name what it was?"""
    path = export(PS1, to, output=tmp_path / "a.csv", root=course)
    assert "'=HYPERLINK(1)" in path.read_text("utf-8-sig") and ",=HYPERLINK" not in path.read_text("utf-8-sig")
    assert path.read_bytes().startswith("\ufeff".encode()) and "辰" in path.read_text("utf-8-sig")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", " =1", "\t=1", "\r1", "\n=1", "＝1"])
def test_what_is_a_formula(text):
    """Is each beginning of a formula defused, and a plain name not touched?"""
    assert spreadsheet.harmless(text) == f"'{text}"
    names = ["Ada", "O'Neil", "", "J=FCrgen"]
    assert [spreadsheet.harmless(name) for name in names] == names


def test_moodle_by_name(course, tmp_path):
    """Does Moodle's import get who it is, in columns it knows, and the mark?"""
    found = rows(export(PS1, "moodle", output=tmp_path / "a.csv", root=course))
    assert found["chen"]["ID number"] == "77" and found["ada"]["Email address"] == "ada@uni.example"
    assert {name: row[PS1] for name, row in found.items() if row[PS1]} == TOTALS


def canvas(tmp_path, text=CANVAS_FILE, encoding="utf-8"):
    path = tmp_path / "2026-11-21T1200_Grades-DL.csv"
    path.write_bytes(text.encode(encoding))
    return path


def merged(course, tmp_path, text=CANVAS_FILE, to="canvas", **options):
    """(the parsed rows of the file that was exported, those of the file that was written)."""
    path = canvas(tmp_path, text)
    options = {"column": "PS1: Activations (4711)", **options} if to == "canvas" else options
    written = export(PS1, to, file=path, output=tmp_path / "out.csv", root=course, **options)
    assert path.read_text("utf-8") == text, "the exported file was changed"
    return spreadsheet.read(path).rows, spreadsheet.read(written).rows


def test_canvas_keeps_its_file(course, tmp_path, capsys):
    """Do only the marks of matched students change in the file, with every column, id and row above them as it was?"""
    before, after = merged(course, tmp_path)
    changed = {(row[0], was[6], row[6]) for was, row in zip(before, after, strict=True) if was != row}
    assert changed == {("Łovelace, Ada", "", "6.5"), ("=Bo, 1+1", "3", "2.25"), ("Late, Dora", "-", "1.5")}
    assert all(was[:6] + was[7:] == row[:6] + row[7:] for was, row in zip(before, after, strict=True))
    assert after[2][0].strip() == "Points Possible" and after[-1][0] == "Student, Test"
    said = capsys.readouterr().out
    assert "column 'PS1: Activations (4711)': 3 marks" in said and "another mark stood there: 1 (bo)" in said
    assert "in the file, not in the gradebook: 1 (Guest, Gus)" in said and "Student, Test" not in said


def test_canvas_counts_other_points(course, tmp_path, capsys):
    """Is it said when Canvas gives another number of points for it, and are excused students left excused?"""
    _, after = merged(course, tmp_path, CANVAS_FILE.replace("10,7.0", "10,100"), partial=True)
    assert after[5][6] == "EX"
    said = capsys.readouterr().out
    assert "NOTE: 100 points are possible there, and 7 in the gradebook" in said and "excused: 1 (chen)" in said


def test_canvas_makes_an_assignment(course, tmp_path, capsys):
    """Without a column of that name, is one added before what Canvas computes, with its points?"""
    before, after = merged(course, tmp_path, CANVAS_FILE.replace("PS1: Activations", "Essay"), column=None)
    assert after[0] == [*before[0][:7], PS1, "Current Score"] and after[2][7] == "7" and after[3][7] == "6.5"
    assert [row[:7] + row[8:] for row in after] == before
    assert "is new" in capsys.readouterr().out


def test_a_column_is_found_by_its_name(course, tmp_path):
    """Is the column of the assignment found by its name, whatever Canvas's id and the signs in it are?"""
    before, after = merged(course, tmp_path, CANVAS_FILE.replace("PS1: Activations", "ps1 Activations"), column=None)
    assert len(after[0]) == len(before[0]) and after[3][6] == "6.5"


REFUSED = {
    "two columns": (CANVAS_FILE.replace("Quiz 0 (100)", "PS1 activations (5)"), None, "2 columns are called"),
    "no such column": (CANVAS_FILE, "PS 9", "is called 'PS 9'; there are: 'Quiz 0 (100)', 'PS1:"),
    "no ids": (CANVAS_FILE.replace("SIS Login ID", "a").replace("SIS User ID", "b").replace(",ID,", ",c,"), None,
               "no column that says who is who: expected is one of SIS Login ID"),
    "no table": ("Student\n", None, "holds no table"),
    "cut": (CANVAS_FILE + '"Last', None, "cannot be read as a table"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_files_that_do_not_fit(course, tmp_path, what):
    """Is it said what is expected and what is there, and is nothing written?"""
    text, column, said = REFUSED[what]
    with pytest.raises(ValueError) as refused:
        merged(course, tmp_path, text, column=column)
    assert said in str(refused.value) and not (tmp_path / "out.csv").exists()


def test_a_file_in_another_encoding(course, tmp_path):
    """Is a file that another program has saved in another encoding refused, instead of names being spoilt?"""
    path = canvas(tmp_path, "Student,ID\nJürgen,1\n", "latin-1")
    with pytest.raises(ValueError, match="not in UTF-8"):
        export(PS1, "canvas", file=path, root=course)


def test_who_could_not_be_matched(course, tmp_path, capsys, monkeypatch):
    """Is everybody with a mark whom no row fits named, after all others were written, with exit status 1?"""
    monkeypatch.chdir(course)
    path = canvas(tmp_path, CANVAS_FILE.replace("u1,ADA", "u1,lovelace").replace("u2,bo@uni.example", "u2,other"))
    command = ["export", PS1, "--to", "canvas", "--merge", str(path), "--output", str(tmp_path / "out.csv"),
               "--column", "PS1: Activations"]  # fmt: skip
    assert main(command) == 1
    assert "2 with a mark could not be matched" in (said := capsys.readouterr().err)
    assert "ada (no row of the file fits)" in said and "bo (no row" in said and "zoe" not in said
    assert rows(tmp_path / "out.csv")["Late, Dora"]["PS1: Activations (4711)"] == "1.5"


def test_canvas_needs_its_file(course, monkeypatch, capsys):
    """Is it said where the file comes from, and is the exported file itself never written to?"""
    with pytest.raises(ValueError, match="Export Entire Gradebook"):
        export(PS1, "canvas", root=course)
    with pytest.raises(ValueError, match="goes with --to canvas"):
        export(PS1, file="a.csv", root=course)
    with pytest.raises(ValueError, match="is the file that was exported"):
        export(PS1, "canvas", file=course / "a.csv", output=course / "a.csv", root=course)
    with pytest.raises(ValueError, match="there are: ps1_activations"):
        export("ps9", root=course)


def people(*names):
    mark = Marks("", {"q-test": 1.0}, 1.0)
    return [Person(name, email=f"{name}@uni.example", marks=mark) for name in names]


def filled(text, persons, system=CANVAS, **options):
    """(Merged, last column) after every person got 1."""
    sheet = spreadsheet.Sheet([line.split(",") for line in text.split()])
    found = merge(sheet, system, persons, {p.student: 1.0 for p in persons}, "ps1", 1.0, **options)
    return found, [row[-1] for row in sheet.rows[1:]]


def test_two_who_fit_the_same():
    """Does neither of two students who fit one row get a mark there, nor one whom two rows fit?"""
    found, column = filled("Student,ID,SIS_User,ps1\nA,1,a,\nB,2,b,\nC,3,b,", people("a", "b"), match="SIS_User")
    assert column == ["1", "", ""] and found.unmatched == {"b": "2 rows of the file fit"}
    twins = people("a", "b") + [Person("x", email="a@uni.example", marks=Marks("", {"q": 1.0}, 1.0))]
    found, column = filled("Name,Email,ps1\nA,a@uni.example,\nB,b@uni.example,", twins, MOODLE)
    assert column == ["", "1"] and set(found.unmatched) == {"a", "x"}


def test_an_id_of_another_kind():
    """Does a login decide before Canvas's own number, which may be the name of another student?"""
    sheet = spreadsheet.Sheet([["Student", "ID", "SIS Login ID", "ps1"], ["A", "5", "9", ""], ["B", "9", "5", ""]])
    merge(sheet, CANVAS, people("9"), {"9": 1.0}, "ps1", 1.0)
    assert [row[-1] for row in sheet.rows[1:]] == ["1", ""]


MOODLE_FILE = """Identifier;Full name;Email address;Status;Grade;Maximum Grade;Feedback comments\r
Participant 1;Ada Łovelace;ada@uni.example;Submitted;;7,00;\r
Participant 2;Bo;BO@uni.example;Submitted;3,50;7,00;"a; b"\r
Participant 3;Gus;gus@uni.example;No submission;;7,00;\r
"""


def test_moodle_worksheet(course, tmp_path):
    """Is Moodle's grading worksheet filled as it is written: semicolons, decimal commas, its line ends?"""
    with pytest.raises(RuntimeError, match=r"1 with a mark could not be matched.* dora \(no row"):
        merged(course, tmp_path, MOODLE_FILE, "moodle")
    text = (tmp_path / "out.csv").read_bytes().decode()
    assert text == MOODLE_FILE.replace("Submitted;;", "Submitted;6,5;").replace("3,50", "2,25")


def test_a_cell_that_ends_early():
    """Is a row that is too short filled up, and a byte order mark kept?"""
    found, column = filled("Student,ID,ps1\na,1", [Person("1", marks=Marks("", {"q": 1.0}, 1.0))])
    assert column == ["1"] and found.written == ["1"] and merging.EXCUSED == "EX"
