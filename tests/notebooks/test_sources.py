"""The notebooks that are stored: canonical form, nothing that students must not see, assignments as generated."""

import re
from pathlib import Path

import pytest

from course.notebooks.canonical import problems, read
from course.notebooks.release import release
from tests.notebooks.executed import SOLUTIONS, executed

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("solutions/*/*.ipynb")])
ASSIGNMENTS = sorted(ROOT.glob("assignments/*/*"))


def name(path):
    return path.name


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_canonical_form(path):
    """Is every hand-edited notebook stored without outputs, with readable ids, in the one layout?"""
    assert problems(path) == []


@pytest.mark.parametrize("folder", ["lectures", "solutions"])
def test_no_text_beside_a_notebook(folder):
    """nbgrader copies what lies beside a source to the students: does only the notebook lie there?"""
    others = [p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".ipynb"]
    assert [p for p in others if ".ipynb_checkpoints" not in p.parts] == []


@pytest.mark.slow
def test_assignments_are_generated(tmp_path):
    """Does assignments/ hold, byte for byte, what nbgrader generates from solutions/ now?"""
    release(tmp_path / "fresh", ROOT)
    fresh = {p.relative_to(tmp_path / "fresh"): p.read_bytes() for p in (tmp_path / "fresh").rglob("*") if p.is_file()}
    stored = {p.relative_to(ROOT / "assignments"): p.read_bytes() for p in ASSIGNMENTS}
    assert fresh.keys() == stored.keys()
    changed = [str(path) for path in fresh if fresh[path] != stored[path]]
    assert changed == [], "run `make release` and commit the result"


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=name)
def test_nothing_for_the_instructor_only(path):
    """Are solutions, hidden tests and hidden cases gone from what students get?"""
    text = path.read_text()
    found = re.findall(r"BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS|course\.grading|[Rr]ubric", text)
    assert found == []


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_stubs_name_their_task(path):
    """Does each solution end with an error that names the question, and the part of it if there are several?"""
    cells = [c for c in read(path).cells if c.cell_type == "code" and c.metadata.get("nbgrader", {}).get("solution")]
    assert cells
    for cell in cells:
        regions = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION\n([^\n]*)", cell.source, re.DOTALL)
        helpers = r"\s*def "  # a function or method that only the solution has
        asked = [after for text, after in regions if not re.match(helpers, text) or "raise" in after]
        part = r"(, [^\"]+)?" if len(asked) > 1 else ""
        assert asked, cell.id
        for after in asked:
            assert re.fullmatch(rf' +raise NotImplementedError\("Question \d+\w?: \w+{part}"\)', after), cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_points_in_the_text(path):
    """Do the points that students read equal the points of the cells?"""
    cells = read(path).cells
    total = sum(c.metadata.nbgrader.points for c in cells if c.metadata.get("nbgrader", {}).get("grade"))
    assert f"There are {total} points" in cells[0].source
    for index, cell in enumerate(cells):
        head = re.search(r"^## (Question|Written).*\((\d+) points?\)", cell.source)
        if head:
            graded = next(c for c in cells[index + 1 :] if c.metadata.nbgrader.get("grade"))
            assert graded.metadata.nbgrader.points == int(head[2]), head[0]


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_solutions_run(path):
    """Does the solution run from top to bottom, each check saying that all its cases passed?"""
    notebook = executed(path)
    tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade") and c.cell_type == "code"]
    assert tests
    for cell in tests:
        texts = [output.data["text/plain"] for output in cell.outputs]
        assert len(texts) == 2 and all("cases passed" in text and ": all " in text for text in texts), cell.id
        assert "hidden" in texts[1]
