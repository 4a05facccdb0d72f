"""Texts and pictures that kept graders and browsers busy, handed in beside an honest student: the whole evening."""

import base64
import json
import shutil
import struct
import time

import pytest

from course.grading.classroom import evening
from course.grading.classroom.batch import grade_class
from tests.grading.classroom.classroom import PS1, gradebook, prepare, sqlite
from tests.grading.endless import known, notebook
from tests.grading.sandbox.conftest import require_bubblewrap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
HUGE = base64.b64encode(HEAD).decode()
LIMITS = {"wall_seconds": 60}


def evil():
    """{student: bytes of a notebook}: every text that stopped a grader before as text and as code, and what is huge."""
    texts = [text for _, text in known(20_000)]
    pictures = json.loads(notebook(("markdown", "", "![](attachment:a.png) ![](attachment:b.png)")))
    pictures["cells"][-1]["attachments"] = {name: {"image/png": HUGE} for name in ("a.png", "b.png")}
    return {
        "texts": notebook(*(("markdown", "", text) for text in texts[:20]), ("markdown", "written", texts[4])),
        "more": notebook(*(("markdown", "", text) for text in texts[20:])),
        "code": notebook(*(("code", "", text) for text in texts[:20]), ("code", "relu", '"\\' * 500_000)),
        "halves": notebook(*(("code", "relu", f"    x = {n}") for n in range(5_000))),
        "much": notebook(*(("code", "", f"x{n} = '{'x' * 90_000}'") for n in range(270))),
        "pictures": json.dumps(pictures).encode(),
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an honest student among them, before grading."""
    require_bubblewrap()
    folder = tmp_path_factory.mktemp("evil") / "course"
    prepare(folder)
    for name in ("absent", "dora", "flora", "kurt"):
        shutil.rmtree(folder / "build/submitted" / name)
    for name, content in evil().items():
        place = folder / "build/submitted" / name / PS1
        place.mkdir(parents=True)
        (place / f"{PS1}.ipynb").write_bytes(content)
    return folder


@pytest.mark.usefixtures("warm")
def test_the_whole_evening(course):
    """Are all graded, with honest marks for the honest; do feedback and report come to their end, of a bounded size?"""
    honest = course.parent / "honest"
    shutil.copytree(course, honest, ignore=lambda folder, names: set(evil()) & set(names))
    grade_class(PS1, root=honest, jobs=1)
    started = time.monotonic()
    marks, records = grade_class(PS1, root=course, jobs=2, limits=LIMITS)
    assert {mark.student for mark in marks} == {"ada", *evil()}
    assert gradebook(sqlite(course))["ada"] == gradebook(sqlite(honest))["ada"]
    assert not any(record.get("ungraded") for record in records.values())
    assert "Left out, since longer than 100000 characters: 1 code cell." in records["code"]["repairs"]
    assert any("cells left out" in repair for repair in records["much"]["repairs"])
    assert any("2 pictures" in repair for repair in records["pictures"]["repairs"])
    stored = {name: course / "build/autograded" / name / PS1 / f"{PS1}.ipynb" for name in evil()}
    assert max(path.stat().st_size for path in stored.values()) < 5e6
    assert HUGE not in stored["pictures"].read_text()
    evening.nbgrader(course, "generate_feedback", PS1)
    pages = {path.parts[-3]: path.stat().st_size for path in (course / "build/feedback").glob("*/*/*.html")}
    assert set(pages) == {"ada", *evil()} and max(pages.values()) < 30e6
    report = course / f"build/reports/{PS1}.html"
    assert report.stat().st_size < 20e6 and "halves" in report.read_text()
    assert time.monotonic() - started < 380  # any one of these texts took longer


@pytest.mark.long("test_the_whole_evening")
def test_by_nbgrader(course):
    """The same by nbgrader's own command, for the student with the worst of them: has that one marks?"""
    for name in {"ada", *evil()} - {"texts"}:
        shutil.rmtree(course / "build/submitted" / name)
    evening.nbgrader(course, "autograde", PS1, "--force", "--student", "texts")
    grades, _, _ = gradebook(sqlite(course))["texts"]
    assert len(grades) > 10 and all(score is not None for name, score, by_hand in grades if not by_hand)
