"""The course as people meet it in JupyterLab: explorers of the lectures, a failing check, formgrader."""

import re
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from course.grading.classroom import evening
from course.grading.classroom.batch import report_class
from course.grading.samples import planned_marks, students
from course.notebooks.canonical import read
from tests.browser.conftest import chromium, serve
from tests.grading.sandbox.conftest import require_bubblewrap
from tests.notebooks.excerpt import excerpt_with_explorers, explorers
from tests.notebooks.executed import LECTURES

ROOT = Path(__file__).parents[2]
PS1 = "ps1_activations"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def course_lab(tmp_path_factory):
    """JupyterLab over a course folder in which two made-up students were graded."""
    chromium()
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("course-lab")
    root = folder / "root"
    assert evening.play(PS1, root, names=["ada", "dora"]) == []
    with serve(folder, root) as running:
        yield running


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_explorers_of_a_lecture(path, lab, page, screenshot):
    """Is one of each explorer of the lecture alive in JupyterLab, without an error in the console?"""
    notebook = read(path)
    short = excerpt_with_explorers(notebook)
    run_without_complaint(lab, page, short, timeout=120)
    makers = [cell.id for cell in short.cells if cell.id in explorers(notebook).values()]
    assert page.locator(".jp-Cell:has(.course-explorer)").count() == len(makers)
    for number, cell_id in enumerate(makers):
        shown = page.locator(".jp-Cell:has(.course-explorer)").nth(number)
        shown.scroll_into_view_if_needed()
        screenshot(shown, f"{path.stem}_{cell_id}")


@pytest.mark.long("test_explorers_of_a_lecture")
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_lecture_runs(path, lab, page):
    """Does the lecture run from top to bottom in JupyterLab, its explorers alive, without an error in the console?"""
    notebook = read(path)
    run_without_complaint(lab, page, notebook, timeout=400)
    assert page.locator(".course-explorer").count() >= len(explorers(notebook))


def run_without_complaint(lab, page, notebook, timeout):
    """Open a notebook in JupyterLab and run all its cells: nothing on stderr, nothing of ours in the console."""
    nbformat.write(notebook, lab.root / "lecture.ipynb")
    lab.open(page, "lecture.ipynb")
    lab.run_all(page, timeout=timeout)
    assert page.locator(".jp-OutputArea-output:is([data-mime-type*=error], [data-mime-type*=stderr])").count() == 0
    assert [problem for problem in page.problems if "course" in problem.lower()] == []


def test_failing_check(lab, page, screenshot):
    """Does a wrong answer show its failing case and hint below the test cell, without a stack of frames?"""
    notebook = nbformat.read(ROOT / "assignments" / PS1 / f"{PS1}.ipynb", as_version=4)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    wrong = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"
    lab.notebook("failing.ipynb", cells["setup"].source, wrong, cells["softmax-test"].source)
    lab.open(page, "failing.ipynb")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    report = page.locator(".course-check")
    report.wait_for()
    text = report.inner_text()
    assert re.search(r"softmax: \d+ of \d\d cases passed", text) and "Every row needs a total of its own" in text
    assert "float64 array of shape (2, 3)" in text and "softmax(*failed_case.arguments)" in text
    page.locator("text=softmax: not passed yet, see the report above.").wait_for()
    assert "Traceback" not in page.locator(".jp-Notebook").inner_text()
    screenshot(page, "failing_check")
    lab.set_theme("dark")
    try:
        lab.open(page, "failing.ipynb")
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator("text=softmax: not passed yet, see the report above.").wait_for()
        screenshot(page, "failing_check_dark")
    finally:
        lab.set_theme("light")


def test_formgrader(course_lab, page, screenshot):
    """Does formgrader list ps1 with its submissions, and the marks of the students?"""
    page.goto(course_lab.address("formgrader"))
    row = page.locator("tr:has-text('ps1_activations')")
    row.wait_for(timeout=60_000)
    assert row.locator("td").nth(8).inner_text().strip() == "2"
    assert page.locator(".alert:visible").count() == 0, page.locator(".alert:visible").all_inner_texts()
    screenshot(page, "formgrader")
    page.goto(course_lab.address(f"formgrader/manage_submissions/{PS1}"))
    page.locator("tr:has-text('dora')").wait_for(timeout=60_000)
    planned = planned_marks(students(PS1)["dora"], ROOT / "solutions" / PS1 / f"{PS1}.ipynb")
    assert f"{sum(planned.values()):g} / 26" in page.locator("tr:has-text('dora')").inner_text()
    screenshot(page, "formgrader_submissions")
    # the Autograde button: it runs in the server, which must hand the student's code to a process of its own
    page.locator("tr:has-text('dora') .glyphicon-flash").click()
    page.locator(".modal:has-text('Successfully autograded')").wait_for(timeout=90_000)
    screenshot(page, "formgrader_autograded")
    assert "isolation bubblewrap" in page.locator(".modal").first.inner_text()


def test_formulas_in_formgrader(course_lab, page, screenshot):
    """Where a written answer is read and marked, are its formulas drawn, and is nothing asked of the network?"""
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(course_lab.address("formgrader"))  # the first page brings the cookie that the others ask with
    page.locator(f"tr:has-text('{PS1}')").wait_for(timeout=60_000)
    page.goto(course_lab.address(f"formgrader/gradebook/{PS1}/{PS1}"))
    page.locator("#main-table a.name-hidden").first.click(timeout=60_000)
    answer = page.locator(".nbgrader_cell:has(#written)")
    answer.locator("math").first.wait_for(timeout=60_000)
    width, height = answer.locator("math").first.evaluate("e => [e.clientWidth, e.clientHeight]")
    assert width > 30 and height > 5 and "$" not in answer.inner_text()
    answer.scroll_into_view_if_needed()
    screenshot(page, "formgrader_written")
    page.locator("#written").fill("2.5")
    page.locator("#written").press("Enter")
    answer.locator(".score-saved").wait_for(timeout=30_000)
    assert [url for url in requests if not url.startswith((course_lab.url, "data:", "blob:"))] == []
    report_class(PS1, course_lab.root)
    feedback = (course_lab.root / f"build/reports/{PS1}.html").as_uri()
    page.goto(feedback)
    assert page.locator("#students ~ .wide tbody").inner_text().count("2.5") == 1
    screenshot(page, "report_after_reading")
    page.locator("#students ~ .wide tbody th a").first.click()
    assert page.locator("text=not yet read").count() > 0  # made before the mark
    screenshot(page, "feedback")


def test_nbgrader_menu(course_lab, page):
    """Are nbgrader's extensions in JupyterLab's menu?"""
    page.goto(course_lab.address("lab"))
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=60_000)
    assert page.get_by_role("menuitem", name="Formgrader", exact=True).is_visible()


def test_formgrader_shows_how_an_answer_is_marked(course_lab, page, screenshot):
    """Does who marks a written answer see its rubric above it?"""
    with Gradebook(f"sqlite:///{course_lab.root}/build/gradebook.db") as gradebook:
        submission = gradebook.find_submission_notebook(PS1, PS1, "ada").id
    page.goto(course_lab.address(f"formgrader/submissions/{submission}/"))
    rubric = page.get_by_text("How it is marked.")
    rubric.wait_for(timeout=60_000)
    rubric.scroll_into_view_if_needed()
    assert page.get_by_text("accept it as an extra remark").count() == 1
    screenshot(page, "formgrader_rubric")
