"""One assignment of a class to be graded: what goes to the workers, what is kept, and what is done already."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from course.data.files import replacing
from course.grading.classroom import submitted
from course.grading.classroom.worker import version
from course.grading.hidden import PUBLIC
from course.grading.report import answers, headings
from course.grading.report import page as report
from course.grading.run.ungraded import ungraded


class Job:
    """An assignment of a course with the limits it is graded under, and the secret that hidden cases are drawn from."""

    def __init__(self, course, assignment, limits, weak, secret=PUBLIC):
        self.course, self.assignment, self.limits, self.weak = course, assignment, limits, weak
        self.secret = secret
        self.source = course.source(assignment)
        self.text = self.source.read_text(encoding="utf-8")
        self.numbers = headings.numbers(self.text)  # {question: its number in the text}
        self.version = version()
        self._times = {}  # student: (when it was handed in, or None; why that is unknown, or "")
        self._keys = {}  # student: what their result is made from
        self._missing = {}  # student: a sentence on why there is no notebook to grade

    def arguments(self, content):
        """What `worker.work` takes."""
        return content, self.text, self.limits, self.weak, self.secret

    def tasks(self, students):
        """Yield (student, arguments), each file read when it is asked for."""
        for name in students:
            content = self._content(name)
            self._keys[name] = self._key(name, content)
            if content is None:
                self._missing[name] = submitted.why_missing(self._file(name))
            yield name, self.arguments(content)

    def is_done(self, student):
        """Is there a record of just this file, source, course and limits?"""
        return self.record(student).get("key") == self._key(student, self._content(student))

    def record(self, student):
        """What was kept of a student: a dictionary, {} if there is nothing yet or the disk was full."""
        try:
            record = json.loads(self.course.record(student, self.assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def ungraded(self, error):
        """What is kept, in the place of what a worker found, of a submission that none could grade."""
        return asdict(ungraded(self.text, str(error))) | {"version": self.version, "ungraded": True}

    def keep(self, writer, student, found):
        """Write what a worker found: gradebook, notebook, and last the record that says that it is done."""
        course, assignment = self.course, self.assignment
        found.pop("drawn", None)  # the solution has shown that all workers draw the same
        time, unknown = self._time(student)
        found["notes"] = [note for note in (self._missing.pop(student, ""), *found["notes"], unknown) if note]
        stored = course.path("autograded", student, assignment) / self.source.name
        before, now = answers.written_in(stored), answers.written(found["notebook"])
        writer.write(student, found, time, {name for name, text in now.items() if before.get(name) == text})
        with replacing(stored) as part:
            part.write_text(found.pop("notebook"), encoding="utf-8")
        submitted.carry_over(self._file(student).parent, stored.parent)
        kept = {"key": self._keys.pop(student), "student": student, **found}
        with replacing(course.record(student, assignment)) as part:
            part.write_text(json.dumps(kept, indent=1), encoding="utf-8")

    def report(self, marks, records):
        """Write the page about the class. Returns its path."""
        course, name = self.course, self.source.name
        template, in_words = answers.given(self.text)
        texts = {student: answers.written_in(course.path("autograded", student, self.assignment) / name)
                 for student in records}  # fmt: skip
        pages = {student: course.path("feedback", student, self.assignment) / f"{self.source.stem}.html"
                 for student in records}  # fmt: skip
        return report.write(course.report(self.assignment), self.assignment, records, marks, texts, template,
                            written=in_words, made=f"{datetime.now():%Y-%m-%d %H:%M}", feedback=pages,
                            numbers=self.numbers, rubrics=headings.rubrics(self.text))  # fmt: skip

    def _file(self, student):
        return self.course.path("submitted", student, self.assignment) / self.source.name

    def _content(self, student):
        return submitted.handed_in(self._file(student))

    def _time(self, student):
        """When it was handed in, read once a run: what decides about a mark and what is stored must be the same."""
        if student not in self._times:
            self._times[student] = submitted.time_handed_in(self._file(student).parent)
        return self._times[student]

    def _key(self, student, content):
        """What a record is made from: whoever changes any of it is graded again."""
        settings = [self.limits, self.weak, str(self._time(student)[0])]
        settings += [] if self.secret == PUBLIC else [self.secret.hash]
        settings = json.dumps(settings, sort_keys=True)
        parts = (b"" if content is None else b"+" + content, self.text.encode(), settings.encode())
        return " ".join([*(hashlib.sha256(part).hexdigest() for part in parts), self.version])
