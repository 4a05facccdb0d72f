"""What is there inside the sandbox, and what is not."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course.grading.sandbox import Limits, NoSandbox, Sandbox, jail
from tests.grading.sandbox.as_user import run_as_user
from tests.grading.sandbox.conftest import require_bubblewrap, said, student_of

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow

WALK = """
import os
found = []
for folder, folders, files in os.walk("/", onerror=None):
    if folder.startswith(("/proc", "/dev")):
        folders.clear()
        continue
    for name in folders + files:
        path = os.path.join(folder, name)
        if name in ("torch", "nn", "reference", "grading", "solutions", "assignments", "submitted", "hidden"):
            found.append(path)
        if name.endswith(".ipynb") or name == "gradebook.db":
            found.append(path)
print(found)
"""


def test_nothing_of_the_course_is_there(sandbox):
    """Does a walk over every file inside find no PyTorch, no solution, no hidden case, no gradebook?"""
    with sandbox.open() as session:
        found = said(session, WALK)
    assert found.strip() == "[]"


@pytest.mark.parametrize(
    "name", ["torch", "course.nn", "course.reference", "course.grading", "scipy", "nbgrader", "pip"]
)
def test_cannot_be_imported(sandbox, name):
    """Is everything but NumPy and matplotlib missing?"""
    with sandbox.open() as session:
        assert "Error" in said(session, f"import {name}")


def test_what_students_need_is_there(sandbox):
    """Do NumPy, matplotlib and the standard library work, also modules that nobody has loaded before?"""
    with sandbox.open() as session:
        text = said(
            session,
            "import numpy as np, sqlite3, decimal, statistics, fractions, csv, zoneinfo, unittest\n"
            "import numpy.polynomial, numpy.fft, matplotlib.pyplot as plt\nprint(np.fft.fft([1, 0])[0].real)",
        )
        assert text == "1.0\n"


@pytest.mark.parametrize(
    "path", ["/etc/x", "/x", "/packages/numpy/x", "/python/lib/x", "/sandbox/x", "/dev/x", "/proc/x"]
)
def test_nothing_can_be_written_outside(sandbox, path):
    """Is every place but home, /tmp and /dev/shm read-only?"""
    with sandbox.open() as session:
        assert "Error" in said(session, f"open({path!r}, 'w')")


def test_data_can_be_read_and_nothing_else(tmp_path):
    """Is the folder with data there, read-only, and nothing of what lies beside it?"""
    require_bubblewrap()
    (tmp_path / "data/mnist").mkdir(parents=True)
    (tmp_path / "data/mnist/digits.txt").write_text("0123")
    (tmp_path / "secret.txt").write_text("4711")
    for path in (tmp_path.parent, tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o777)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in tmp_path.rglob("*")}
    with Sandbox(data=str(tmp_path / "data")) as warm, warm.open() as session:
        assert said(session, "print(open('/data/mnist/digits.txt').read())") == "0123\n"
        for attempt in ("open('/data/mnist/digits.txt', 'w')", "open('/data/mnist/new', 'w')",
                        "import os; os.remove('/data/mnist/digits.txt')", "import os; os.chmod('/data/mnist', 0)",
                        "import os; os.rename('/data/mnist', '/data/x')", "import os; os.utime('/data/mnist', (0, 0))"):
            assert "Read-only file system" in said(session, attempt), attempt
        assert "FileNotFoundError" in said(session, "open('/data/../secret.txt')")
        assert session.life.end()["attempts"] == ["opened a file outside of its own folders"]  # the last one
    assert {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in tmp_path.rglob("*")} == before


def test_home_can_be_written_and_is_new_each_time(sandbox):
    """Does a student find an empty home, write into it, and does the next one find nothing of it?"""
    for _ in range(2):
        with sandbox.open() as session:
            assert (
                said(session, "import os; print(os.listdir('.'), os.listdir('/tmp'), os.listdir('/dev/shm'))")
                == "[] [] []\n"
            )
            said(session, "for f in ('a', '/tmp/b', '/dev/shm/c'): open(f, 'w').write('secret')")


def test_no_rights(sandbox):
    """Has a student's process no capability, no way to get one, and no environment of the grader?"""
    with sandbox.open() as session:
        session.execute("pass")
        status = Path(f"/proc/{student_of(sandbox)}/status").read_text()
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert f"{name}:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
        assert os.geteuid() != 0 or re.search(r"^Uid:\t(6[1-4]\d{3})\t\1\t\1\t\1$", status, re.MULTILINE)
        names = set(eval(said(session, "import os; print(sorted(os.environ))")))
    ipython = {"CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GIT_PAGER", "LINES", "PAGER", "TERM"}
    assert {name for name in names if not name.startswith("COURSE_DATA_")} <= {
        *jail.ENVIRONMENT, "PWD", "LC_CTYPE", "COURSE_OFFLINE", "COURSE_CACHE_DIR", *ipython
    }  # fmt: skip


@pytest.mark.parametrize("call", [
    "libc.unshare(0x10000000)", "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)", "libc.ptrace(16, 1, 0, 0)",
    "libc.syscall(319, b'x', 0)", "libc.setns(3, 0)", "libc.chroot(b'/tmp')", "libc.shmget(0, 1 << 30, 0o1600)",
])  # fmt: skip
def test_refused_system_calls(sandbox, call):
    """Are namespaces, mounts, tracing and memory that nobody is charged for refused?"""
    if "319" in call and os.uname().machine != "x86_64":
        pytest.skip("the number of memfd_create differs on this machine")
    with sandbox.open() as session:
        text = said(
            session, f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nprint({call}, ctypes.get_errno())"
        )
        assert text == "-1 1\n"


@pytest.mark.parametrize("code", [
    "import socket; socket.create_connection(('127.0.0.1', 22), 2)",
    "import socket; socket.create_connection(('10.0.0.1', 80), 2)",
    "import socket; socket.getaddrinfo('example.org', 80)",
])  # fmt: skip
def test_no_network(sandbox, code):
    """Is there no loopback service, no network and no name look-up?"""
    with sandbox.open() as session:
        assert "rror: [Errno" in said(session, code)


def test_other_processes_cannot_be_seen(sandbox):
    """Does a student see no other process, and can do nothing to the one that watches, whose user they may be?"""
    with sandbox.open() as session:
        assert said(session, "import os; print(os.getpid(), os.getppid(), os.listdir('/proc'))") == "2 1 []\n"
        for change in ("resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))", "os.setpriority(os.PRIO_PROCESS, 1, 19)",
                       "os.sched_setaffinity(1, {0})", "os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))",
                       "signal.pidfd_send_signal(os.pidfd_open(1), 9)"):  # fmt: skip
            text = said(session, f"import os, resource, signal\n{change}")
            assert "Operation not permitted" in text or "Function not implemented" in text, change
        said(session, "for number in (2, 9, 10, 11, 17, 18, 19, 34, 40):\n    try: os.kill(1, number)\n"
                      "    except PermissionError: pass")  # fmt: skip
        assert said(session, "print('alive')") == "alive\n"
        text = said(session, "x = [os.urandom(1 << 20) for _ in range(100)]; print(len(x))")
        assert text == "100\n"  # and it still counts
    with sandbox.open(Limits(wall_seconds=1)) as session:
        said(session, "import os, signal, time\ntry: os.kill(1, signal.SIGSTOP)\nexcept PermissionError: pass\n"
                      "time.sleep(9)")  # fmt: skip
    assert session.life.end()["reason"] == "wall time"


def test_each_session_has_its_own_network(sandbox):
    """Has every session a network of its own, in which nothing is up, that no other session and no grader has?"""
    networks, sessions = [os.readlink("/proc/self/ns/net")], []
    for _ in range(3):
        sessions.append(sandbox.open())
        sessions[-1].execute("pass")
        student = Path(f"/proc/{student_of(sandbox)}")
        networks.append(os.readlink(student / "ns/net"))
        assert [line.split()[0] for line in (student / "net/dev").read_text().splitlines()[2:]] == ["lo:"]
        assert (student / "net/fib_trie").read_text() == ""  # no address: the one device there is down
    for session in sessions:
        session.close()
    assert len(set(networks)) == 4


def test_process_tree_is_gone_afterwards(sandbox):
    """Are children, and children of children in sessions of their own, gone when the session is closed?"""
    before = _descendants(sandbox)
    with sandbox.open() as session:
        said(
            session,
            "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n"
            "        if os.fork() == 0:\n            time.sleep(3600)\n        os._exit(0)",
        )
        assert _descendants(sandbox) >= before + 5
    end = time.monotonic() + 5
    while _descendants(sandbox) > before and time.monotonic() < end:
        time.sleep(0.05)
    assert _descendants(sandbox) == before


def _descendants(sandbox):
    """How many processes on this machine come from this sandbox; other tests may have sandboxes of their own."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            parents[int(folder.name)] = int(fields[1])
        except (OSError, IndexError):
            continue
    found = {sandbox._process.pid}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return len(found)


def test_without_bubblewrap_it_refuses(monkeypatch):
    """Does a machine without bubblewrap refuse to grade, and say what to install?"""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    jail.isolation.cache_clear()
    try:
        with pytest.raises(NoSandbox, match="install the system package `bubblewrap`"):
            jail.start()
    finally:
        monkeypatch.undo()
        jail.isolation.cache_clear()


# clocks and hooks that do not ask whose process it is; one of each kind is left
SAME_FOR_ALL = (
    "unprivileged", "without_jail", "test_stopped_process", "test_wall", "test_cell_time", "test_call_time",
    *(f"test_cpu and {name}" for name in ("loop", "ignored", "orphans")),
    *(f"ordinary_work and {name}" for name in ("plots", "pictures", "help", "large", "threads", "font", "error")),
)  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as a user already")
def test_as_an_unprivileged_user():
    """Does all of this hold when the grader is not root? The tests of this folder run once more as another user."""
    require_bubblewrap()
    names = ("test_jail.py", "test_mounts.py", "test_memory.py", "test_limits.py", "test_attempts.py",
             "test_calls.py::test_in_the_kernel")  # fmt: skip
    chosen = " and ".join(f"not ({name})" for name in SAME_FOR_ALL)
    run_as_user(*(ROOT / "tests/grading/sandbox" / name for name in names), "-k", chosen)


def test_limits_are_whole_numbers():
    """Is a limit of 0, a negative one or a fraction refused?"""
    for wrong in (0, -1, 1.5, "much"):
        with pytest.raises(ValueError, match="memory must be a whole number above 0"):
            Limits(memory=wrong)


def test_root_with_one_user(tmp_path, monkeypatch):
    """Is said at the start what is missing where root cannot become another user, as in some containers?"""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for kind in ("uid", "gid"):
        (tmp_path / f"{kind}_map").write_text("         0          0 4294967295\n")
    jail._check_users(tmp_path)
    (tmp_path / "gid_map").write_text("         0     100000      65536\n")
    jail._check_users(tmp_path)
    for few in ("0 0 1\n", "0 1000 1\n1 100000 1000\n"):
        (tmp_path / "gid_map").write_text(few)
        with pytest.raises(NoSandbox, match=r"in a user namespace with (1|1001) gid\(s\), but a student"):
            jail._check_users(tmp_path)


def test_root_with_one_user_for_real():
    """The same in such a namespace: does the sandbox refuse with this sentence, and not the solution's 0 marks?"""
    unshare = [shutil.which("unshare") or "unshare", "--user", "--map-root-user"]
    try:
        subprocess.run([*unshare, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as missing:
        pytest.skip(f"no user namespace can be made here: {missing}")
    program = "from course.grading.sandbox import jail\njail.isolation()"
    done = subprocess.run([*unshare, sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert "root in a user namespace with 1 uid(s), but a student's process needs one of its own" in done.stderr
