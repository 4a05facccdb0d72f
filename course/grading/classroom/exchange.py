"""The instructor's side of nbgrader's exchange: no submission ends its commands, and no link in one is followed.

Everybody may write into the exchange, and students own what they put there. `nbgrader collect` and the button act with
the rights of the instructor: a link to the solutions would be handed in as an answer. Settings of `c.ExchangeFactory`.
"""

import glob
import os
import shutil
import stat
from datetime import datetime
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import ignore_patterns

from course.grading.classroom import submitted
from course.grading.classroom.progress import only_printable

KILOBYTE = 1000  # as nbgrader counts


class Collect(ExchangeCollect):
    """nbgrader's step, one submission after the other; what cannot be copied is left out with a sentence."""

    def start(self):
        only_printable(self.log)
        super().start()

    def _path_to_record(self, path):
        """nbgrader's {username, filename, timestamp}; a name without a time counts as the oldest."""
        filename = os.path.basename(path)
        username, _, rest = filename.rpartition(f"+{self.coursedir.assignment_id}+")
        words = rest.rpartition("+")[0] or rest  # without the random ones that nbgrader adds, if it does
        try:
            time = submitted.time_of(os.fsencode(words))
        except ValueError as error:
            self.log.warning("%s: the name of its submission %s", username, error)
            time = datetime.min
        return {"username": submitted.student_id(username), "filename": filename, "timestamp": time}

    def copy_files(self):
        failed = []
        for record in sorted(self.src_records, key=lambda record: record["filename"]):
            name = record["username"]
            try:
                self._check(Path(self.inbound_path, record["filename"]))
                # what nbgrader compares the time with
                submitted.time_handed_in(Path(self.coursedir.format_path(
                    self.coursedir.submitted_directory, name, self.coursedir.assignment_id)))  # fmt: skip
                self.src_records = [record]
                super().copy_files()
            except Exception as error:  # whatever a student can put there
                self.log.error("%s: not collected: %s", name, error)
                failed.append(name)
        if failed:
            raise ExchangeError(f"{len(failed)} could not be collected, all others were: {', '.join(failed)}")

    def _check(self, folder):
        """ValueError for what must not be copied; afterwards the submission of before may be gone."""
        if folder.is_symlink() or not folder.is_dir():
            raise ValueError(f"{folder.name} is no folder")
        size = self.get_size(folder)
        if size > KILOBYTE * self.coursedir.max_dir_size:
            raise ValueError(f"{folder.name} has {size} bytes; c.CourseDirectory.max_dir_size allows "
                             f"{KILOBYTE * self.coursedir.max_dir_size}")  # fmt: skip

    def do_copy(self, src, dest, log=None):
        """Copy folders and files. Links, pipes and devices are left out, also if they are put there meanwhile."""
        course = self.coursedir
        ignored = ignore_patterns(course.ignore, course.include, course.max_file_size, self.log)
        for place, folders, files, handle in os.fwalk(src, follow_symlinks=False):
            target = Path(dest, os.path.relpath(place, src))
            target.mkdir(parents=True)
            left_out = set(ignored(place, folders + files))
            folders[:] = [name for name in folders if name not in left_out]
            for name in files:
                if name not in left_out and not _copy(name, handle, target / name):
                    self.log.warning("%s: left out, since it is a link or no file", Path(place, name))
        if course.groupshared:
            self._share(dest)

    def _share(self, dest):
        for place, _, files in os.walk(dest):
            os.chmod(place, os.stat(place).st_mode | 0o2770)
            for name in files:
                path = os.path.join(place, name)
                os.chmod(path, os.stat(path).st_mode | 0o660)


def _copy(name, folder, target):
    """Copy a file out of the open folder `folder`; False if it is none. Never waits for a pipe."""
    try:
        source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return False
    with open(source, "rb") as file:
        if not stat.S_ISREG(os.fstat(source).st_mode):
            return False
        with open(target, "wb") as copy:
            shutil.copyfileobj(file, copy)
    return True


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's step, one student after the other: whoever did not submit through the exchange gets none from it."""

    def start(self):
        only_printable(self.log)
        super().start()

    def copy_files(self):
        released = 0
        for folder in sorted(glob.glob(self.src_path)):
            self.src_path = glob.escape(folder)
            try:
                for name in submitted.LONGEST:
                    submitted.plain(Path(folder, name))
                super().copy_files()
                released += 1
            except FileNotFoundError:
                self.log.warning("%s: not released, since it has no %s: it did not come through the exchange",
                                 folder, name)  # fmt: skip
            except Exception as error:
                self.log.error("%s: not released: %s %s", folder, name, error)
        if not released:
            self.fail(f"no feedback of {self.coursedir.assignment_id} was released")
