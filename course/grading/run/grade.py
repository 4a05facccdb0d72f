"""Grade one submission from its bytes: rebuild it, run it, and give the notebook that nbgrader stores.

This is what runs in a worker, here or on another machine: everything it needs comes in as data, everything it found
goes out as data.
"""

from dataclasses import dataclass, field

import nbformat

from course.grading.rebuild.salvage import read_submission
from course.grading.rebuild.submission import rebuild
from course.grading.run import runner
from course.grading.run.stored import stored


@dataclass
class Grading:
    """The outcome of one submission, as plain data: `notebook` is the text of the .ipynb to store."""

    notebook: str
    points: dict[str, float]  # by grade_id of the test cell
    maximum: dict[str, float]
    answers: dict[str, str]  # by grade_id of the answer cell: "answered", "unchanged" or "missing"
    records: dict[str, list]  # what the checks found, for the instructor
    repairs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    isolation: str = ""
    usage: dict = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # by grade_id: why a test broke off


def grade(content, source, sandbox, limits):
    """Grade a submission. Never raises for anything that a student can hand in.

    content: the bytes of the file, or None if there is none. source: the text of the instructor's notebook.
    """
    source = nbformat.reads(source, as_version=4)
    submitted, repairs = (None, []) if content is None else read_submission(content)
    rebuilt = rebuild(submitted, source)
    graded = runner.run(rebuilt.notebook, sandbox, limits)
    return Grading(
        nbformat.writes(stored(rebuilt.notebook, source, graded)),
        {name: result.points for name, result in graded.results.items()},
        {name: result.maximum for name, result in graded.results.items()},
        dict(rebuilt.answers),
        {name: result.records for name, result in graded.results.items()},
        [*repairs, *rebuilt.repairs], graded.notes, graded.isolation, graded.usage,
        graded.attempts, {name: result.cause for name, result in graded.results.items() if result.reason},
    )  # fmt: skip
