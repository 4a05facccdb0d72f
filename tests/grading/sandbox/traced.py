"""Which system calls does the student code of the course make? Run by hand, as root, where `strace` is installed:

    python -m tests.grading.sandbox.traced

Prints how often each call was made, and how often the sandbox refused it: so the list in inside/calls.py was found.
"""

import re
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from course.grading.sandbox import Limits, Sandbox
from tests.grading.sandbox.conftest import student_of
from tests.grading.sandbox.known_code import run_all

CALL = re.compile(r"^(?:\d+ +)?(\w+)\((?:.*<unfinished|.*\) += (-?\w+) ?(\w*))", re.MULTILINE)
REFUSED = ("EPERM", "ENOSYS", "ENOTTY")


def main():
    """Run everything in one session under strace, and print the table."""
    hour = dict.fromkeys(("cell_seconds", "call_seconds", "wall_seconds", "cpu_seconds"), 3600)
    with Sandbox() as warm, tempfile.TemporaryDirectory() as folder:
        session, log = warm.open(Limits(**hour)), Path(folder, "log")
        session.execute("pass")
        pid = student_of(warm)
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", "signal=none", "-o", log, "-p", str(pid)])
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            time.sleep(0.01)
        run_all(session)
        session.close()
        session.life.end()
        tracer.wait(10)
        text = log.read_text()
    made, refused = Counter(), Counter()
    for name, result, error in CALL.findall(text):
        made[name] += 1
        refused[name] += result == "-1" and error in REFUSED
    for name, count in sorted(made.items()):
        print(f"{name:20} {count:8} {refused[name] or '':>8}")


if __name__ == "__main__":
    main()
