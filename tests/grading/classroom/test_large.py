"""A large class: the same submission gets the same mark wherever it stands in it, and nothing is forgotten."""

import itertools

import pytest

from course.grading.classroom import evening
from course.grading.classroom.batch import grade_class
from course.grading.classroom.gradebook import read_marks
from course.grading.samples import planned_marks, students, submission
from tests.grading.classroom.classroom import PS1, run, sqlite
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.usefixtures("warm")]


@pytest.mark.parametrize("count", [24, pytest.param(1000, marks=pytest.mark.long)])
def test_a_class_of(count, tmp_path, capsys):
    """Is everybody of a large class graded in one run with the marks that were planned, and nobody twice?"""
    require_bubblewrap()
    course = tmp_path / "course"
    evening.prepare(PS1, course)
    evening.nbgrader(course, "generate_assignment", PS1, "--force")
    source, samples = course / "solutions" / PS1 / f"{PS1}.ipynb", students(PS1)
    release = course / "assignments" / PS1 / source.name
    texts = {name: submission(sample, source, release) for name, sample in samples.items()}
    class_ = {f"{name}{number:03d}": name for number in range(-(-count // len(samples))) for name in samples}
    class_ = dict(itertools.islice(class_.items(), count))
    for student, name in class_.items():
        target = course / "build/submitted" / student / PS1 / source.name
        target.parent.mkdir(parents=True)
        target.write_text(texts[name])
    assert run(course).wait() == 0
    planned = {name: planned_marks(sample, source) for name, sample in samples.items()}
    marks = read_marks(sqlite(course), PS1, expected=class_)
    assert evening.compare(marks, {student: planned[name] for student, name in class_.items()}) == []
    assert {mark.student for mark in marks} == set(class_)
    for folder, pattern in {f"build/records/{PS1}": "*.json", "build/autograded": f"*/{PS1}/*.ipynb"}.items():
        assert len(list((course / folder).glob(pattern))) == count
    assert (course / f"build/reports/{PS1}.html").is_file()
    grade_class(PS1, root=course, jobs=1)
    assert f"{count} handed in, {count} graded already" in capsys.readouterr().out
