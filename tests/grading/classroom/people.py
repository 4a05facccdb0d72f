"""People of a course who share nbgrader's exchange: each has a name of the system's, and none an account in it.

nbgrader takes the student's name from the system's user. Debian's `libnss-wrapper` answers from a file of ours instead.
"""

import json
import os
import subprocess
import sys
import tempfile
from functools import cache

import pytest

from course.grading.classroom import evening
from course.grading.samples import students, submission
from tests.grading.classroom.classroom import PS1, configure

LIBRARY = "libnss_wrapper.so"
WHO = "import os, pwd; print(pwd.getpwuid(os.getuid()).pw_name)"
# each step: [name, words of an nbgrader command]; in one process, since starting it takes longer than the commands
STEPS = """
import json, os, pwd, sys
from pathlib import Path
from nbgrader.apps import NbGraderApp

people = Path(sys.argv[1])
for number, (name, *command) in enumerate(json.loads(sys.argv[2]), 1):
    users = Path(os.environ["NSS_WRAPPER_PASSWD"])
    users.write_text(f"{name}:x:{os.getuid()}:{os.getgid()}::{people / name}:/bin/sh\\n")
    os.utime(users, (number, number))  # it is read again when its time is another
    assert pwd.getpwuid(os.getuid()).pw_name == name
    os.environ["JUPYTER_DATA_DIR"] = str(people / name / "data")  # where a student's submissions are remembered
    os.chdir(people / name)
    print(f"{name}: nbgrader {' '.join(command)}", file=sys.stderr)
    NbGraderApp.clear_instance()
    NbGraderApp.launch_instance(command)
"""


def _names(users):
    """Environment variables under which the system's users are those in a file."""
    return {"LD_PRELOAD": LIBRARY, "NSS_WRAPPER_PASSWD": str(users), "NSS_WRAPPER_GROUP": "/dev/null"}


@cache
def _missing():
    with tempfile.NamedTemporaryFile("w") as users:
        users.write(f"ada:x:{os.getuid()}:{os.getgid()}::/:/bin/sh\n")
        users.flush()
        done = subprocess.run([sys.executable, "-S", "-c", WHO], env=os.environ | _names(users.name),
                              capture_output=True, text=True)  # fmt: skip
    return "" if done.stdout == "ada\n" else "libnss-wrapper does not work: install the system package `libnss-wrapper`"


def require_names():
    """Skip with the reason, or fail where COURSE_REQUIRE holds `nss-wrapper`."""
    if _missing() and "nss-wrapper" in os.environ.get("COURSE_REQUIRE", "").split(","):
        pytest.fail(f"COURSE_REQUIRE names nss-wrapper, but {_missing()}")
    if _missing():
        pytest.skip(_missing())


class People:
    """A teacher with a course, students with a folder of their own, and an exchange between them."""

    def __init__(self, folder, names):
        self.folder, self.course, self.exchange = folder, folder / "teacher", folder / "exchange"
        evening.prepare(PS1, self.course)
        self.exchange.mkdir()
        place = f"c.Exchange.root = {str(self.exchange)!r}"
        configure(self.course, place, 'c.LateSubmissionPlugin.penalty_method = "zero"')
        for name in names:
            (folder / name).mkdir()
            settings = f"c = get_config()\nc.CourseDirectory.course_id = 'deep-learning'\n{place}\n"
            (folder / name / "nbgrader_config.py").write_text(settings)

    def run(self, *steps):
        """Run nbgrader commands one after the other, each as its person: ["ada", "submit", "ps1"]. Returns the log."""
        command = [sys.executable, "-W", "ignore", "-c", STEPS, str(self.folder), json.dumps(steps)]
        environment = evening.with_environment_on_path() | _names(self.folder / "users")
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    def answer(self, name, sample):
        """Write what a student of the sample class has written into the student's copy of the assignment."""
        source = self.course / "solutions" / PS1 / f"{PS1}.ipynb"
        release = self.course / "assignments" / PS1 / source.name
        (self.folder / name / PS1 / source.name).write_text(submission(students(PS1)[sample], source, release))

    def submitted(self, name):
        """The times at which somebody has submitted, the latest last, as the exchange has them."""
        found = (self.exchange / "deep-learning/inbound").glob(f"{name}+*")
        return sorted(path.name.split("+")[2] for path in found)

    def feedback(self, name):
        """{time of the submission: feedback page} of what a student has fetched."""
        pages = (self.folder / name / PS1 / "feedback").glob("*/*.html")
        return {page.parent.name: page.read_text() for page in pages}
