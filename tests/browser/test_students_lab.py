"""JupyterLab as the students' bundle sets it up: on the lectures, and without what only instructors can use."""

import shutil

import pytest

from course.notebooks.bundle import SETTINGS
from tests.browser.conftest import REPOSITORY, serve

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
PS1 = "assignments/ps1_activations/ps1_activations.ipynb"


@pytest.fixture(scope="module")
def students_lab(tmp_path_factory):
    """JupyterLab over what a student unpacks, where there is no exchange."""
    folder = tmp_path_factory.mktemp("students-lab")
    for name in ("lectures", "assignments"):
        shutil.copytree(REPOSITORY / name, folder / "root" / name, ignore=shutil.ignore_patterns(".*"))
    with serve(folder, folder / "root", settings=reversed(SETTINGS)) as running:
        yield running


def test_it_opens_on_the_lectures(students_lab, page, screenshot):
    """Do students see the lectures first, no menu of nbgrader, no sign of an exchange, and no error?"""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(students_lab.address(""))
    listed = page.locator(".jp-DirListing-item")
    listed.first.wait_for(timeout=120_000)
    page.locator(".jp-Launcher").wait_for(timeout=60_000)
    assert [name for name in listed.all_inner_texts() if "1_introduction_to_neural_nets" in name]
    assert "lectures" in page.locator(".jp-FileBrowser-crumbs").inner_text()
    screenshot(page, "students_lab")
    assert page.get_by_role("menuitem", name="File").is_visible()
    assert page.get_by_role("menuitem", name="Nbgrader").count() == 0
    assert page.locator("text=/Assignment List|Formgrader|Create Assignment|Course List/").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
    assert [url for url in asked if "formgrader" in url or "/assignments?" in url or "course_list" in url] == []
    assert [problem for problem in page.problems if "nbgrader" in problem.lower()] == []


def test_validate_is_there(students_lab, page, screenshot):
    """Has an assignment its *Validate* button all the same?"""
    students_lab.open(page, PS1)
    page.locator(".jp-NotebookPanel-toolbar >> text=Validate").wait_for(timeout=60_000)
    screenshot(page, "students_assignment")


def test_elsewhere_it_opens_as_always(tmp_path, page):
    """Does JupyterLab open without an error where there are no lectures?"""
    (tmp_path / "root").mkdir()
    with serve(tmp_path, tmp_path / "root", settings=reversed(SETTINGS)) as lab:
        page.goto(lab.address(""))
        page.locator(".jp-Launcher").wait_for(timeout=120_000)
        assert page.locator(".jp-Dialog").count() == 0 and "/tree/" not in page.url
