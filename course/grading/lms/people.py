"""Everybody in the gradebook with what a learning management system asks: who, which marks, and why there are none."""

from dataclasses import dataclass

from course.grading.classroom.gradebook import Marks, read_marks
from course.grading.classroom.records import clear_errors

COMPLETE, UNREAD, UNGRADED, ABSENT = "complete", "not yet read", "not graded", "not handed in"


@dataclass(frozen=True)
class Person:
    """A student as the gradebook knows one; marks is None for who has handed nothing in."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    marks: Marks | None = None

    @property
    def status(self):
        """COMPLETE, or why the mark is not: UNREAD, UNGRADED or ABSENT."""
        if self.marks is None:
            return ABSENT
        if self.marks.points is None or None in self.marks.points.values():
            return UNGRADED
        return UNREAD if self.marks.by_hand or None in self.marks.written.values() else COMPLETE

    def mark(self, partial=False, zero=False):
        """The mark to hand on, or None for a blank.

        partial: what there is counts also where something is not yet read. zero: who handed nothing in gets 0.
        """
        if self.status == ABSENT:
            return 0.0 if zero else None
        return self.marks.total if self.status == COMPLETE or partial and self.status == UNREAD else None


def read_people(db_url, assignment):
    """Return a Person for each student in the gradebook, by name of the student."""
    from nbgrader.api import Gradebook

    marks = {mark.student: mark for mark in read_marks(db_url, assignment)}
    with clear_errors(db_url), Gradebook(db_url) as gradebook:
        found = [Person(s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "",
                        marks.get(s.id)) for s in gradebook.students]  # fmt: skip
    return sorted(found, key=lambda person: person.student)
