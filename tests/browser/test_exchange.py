"""The exchange's whole round, from release to feedback, for two students and a late one: by commands, by buttons."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from course.grading.samples import planned_marks, students
from tests.browser.conftest import serve
from tests.grading.classroom.classroom import PS1, run, sqlite
from tests.grading.classroom.people import People, require_names
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SAMPLES = {"ada": "ada", "dora": "dora", "late": "ada"}  # who writes what


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A course whose first assignment is released, and fetched by three students, who have written their answers."""
    require_names()
    require_bubblewrap()
    people = People(tmp_path_factory.mktemp("exchange"), SAMPLES)
    (people.course / "solutions" / PS1 / "notes.txt").write_text("what the teacher must not forget")
    people.run(["teacher", "generate_assignment", PS1, "--force"], ["teacher", "release_assignment", PS1],
               *([name, "fetch_assignment", PS1] for name in SAMPLES))  # fmt: skip
    for name, sample in SAMPLES.items():
        assert [path.name for path in (people.folder / name / PS1).iterdir()] == [f"{PS1}.ipynb"]
        people.answer(name, sample)
    return people


def submit(people):
    """Everybody submits, and the due date is before the last of them."""
    people.run(*([name, "submit", PS1] for name in SAMPLES))
    before, last = (datetime.fromisoformat(people.submitted(name)[-1][:26]) for name in ("dora", "late"))
    assert before < last
    with Gradebook(sqlite(people.course)) as book:
        book.update_or_create_assignment(PS1, duedate=before + (last - before) / 2)


def stored(people):
    """{student: (mark, penalty, when it was handed in)} in the gradebook."""
    with Gradebook(sqlite(people.course)) as book:
        return {s.student.id: (round(s.score, 2), s.late_submission_penalty, f"{s.timestamp:%Y-%m-%d %H:%M:%S.%f} UTC")
                for s in book.assignment_submissions(PS1)}  # fmt: skip


def everybody_has_it_back(people):
    """Has the gradebook the mark, the time and the lateness of each, and each student the own page, under that time?"""
    times = {name: people.submitted(name)[-1] for name in SAMPLES}
    source = people.course / "solutions" / PS1 / f"{PS1}.ipynb"
    marks = {name: round(sum(planned_marks(students(PS1)[who], source).values()), 2) for name, who in SAMPLES.items()}
    penalties = {"ada": 0, "dora": 0, "late": marks["late"]}
    assert stored(people) == {name: (marks[name], penalties[name], times[name]) for name in SAMPLES}
    people.run(*([name, "fetch_feedback", PS1] for name in SAMPLES))
    for name in SAMPLES:
        page = (people.course / "build/feedback" / name / PS1 / f"{PS1}.html").read_text()
        assert people.feedback(name)[times[name]] == page
    assert "along which axis do its probabilities sum to 1" in people.feedback("dora")[times["dora"]]


def test_by_commands(people):
    """Do the commands carry marks, times and pages all the way round?"""
    submit(people)
    people.run(["teacher", "collect", PS1, "--update"])
    for name in SAMPLES:
        folder = people.course / "build/submitted" / name / PS1
        assert (folder / "timestamp.txt").read_text() == people.submitted(name)[-1]
        assert {path.name for path in folder.iterdir()} == {f"{PS1}.ipynb", "timestamp.txt", "submission_secret.txt"}
    assert run(people.course).wait() == 0
    people.run(["teacher", "generate_feedback", PS1, "--force"], ["teacher", "release_feedback", PS1])
    everybody_has_it_back(people)


def press(page, row, button, said):
    """Press a button of formgrader in a row of its table, and close the box that says what came of it."""
    row.locator(f".glyphicon-{button}").click(timeout=60_000)
    box = page.locator(".modal")
    box.wait_for(timeout=200_000)
    assert said in box.inner_text(), box.inner_text()
    box.locator("button.btn-primary").click()
    box.wait_for(state="detached")


def test_by_buttons(people, page, tmp_path, screenshot):
    """Do formgrader's buttons do the same, a second time, with newer submissions?"""
    with serve(tmp_path, people.course) as lab:
        page.goto(lab.address("formgrader"))
        row = page.locator(f"tr:has-text('{PS1}')")
        press(page, row, "education", "Successfully created the student version")
        press(page, row, "remove", "Successfully unreleased")
        press(page, row, "cloud-upload", "Successfully released")
        submit(people)
        press(page, row, "cloud-download", "Successfully collected")
        page.goto(lab.address(f"formgrader/manage_submissions/{PS1}"))
        for name in SAMPLES:
            press(page, page.locator(f"tr:has-text('{name}')"), "flash", "Successfully autograded")
        screenshot(page, "formgrader_exchange")
        page.goto(lab.address("formgrader"))
        press(page, row, "comment", "Successfully generated feedback")
        press(page, row, "envelope", "Successfully released feedback")
    everybody_has_it_back(people)
