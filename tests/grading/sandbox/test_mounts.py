"""Which file systems are there inside, what can be written, and does anything of one session reach the next?"""

import os
import re
from pathlib import Path

import pytest

from tests.grading.sandbox.conftest import said, student_of

pytestmark = pytest.mark.slow

WRITABLE = {"/home/student", "/tmp", "/dev/shm"}
# tries to make a file in every folder, and to open every file for writing; tells which mounts gave way
WRITE = """
import os, stat
found = set()

def attempt(action, path):
    try:
        action(path)
    except OSError:
        return
    while path not in MOUNTS:
        path = os.path.dirname(path)
    found.add(path)

def make(folder):
    os.close(os.open(os.path.join(folder, "left-behind"), os.O_CREAT | os.O_WRONLY))

for top, folders, files in os.walk("/"):
    attempt(make, top)
    for name in files:
        path = os.path.join(top, name)
        if stat.S_ISREG(os.lstat(path).st_mode):
            attempt(lambda path: os.close(os.open(path, os.O_WRONLY)), path)
            attempt(lambda path: os.utime(path, (0, 0)), path)
print(sorted(found))
"""
FIND = """
import os
print([os.path.join(top, name) for top, _, files in os.walk("/") for name in files if name == "left-behind"])
"""


def mounts(sandbox):
    """{mount point: (options, kind)} of the youngest session, as the kernel lists them."""
    lines = Path(f"/proc/{student_of(sandbox)}/mountinfo").read_text().splitlines()
    found = {}
    for line in lines:
        before, _, behind = line.partition(" - ")
        found[before.split()[4]] = before.split()[5].split(","), behind.split()[0]
    return found


def test_only_home_and_temporary_folders_can_be_written(sandbox):
    """Can a walk over all mounts write to home, /tmp and /dev/shm only, and does the next session find nothing?"""
    with sandbox.open() as session:
        session.execute("pass")
        there = mounts(sandbox)
        assert {point for point, (options, _) in there.items() if "rw" in options and not point.startswith("/dev/")
                } == WRITABLE - {"/dev/shm"}  # fmt: skip
        assert len(there) > 20 and there["/"][1] == "tmpfs"
        assert eval(said(session, f"MOUNTS = {sorted(there)!r}\n" + WRITE)) == sorted(WRITABLE)
    with sandbox.open() as session:
        assert said(session, FIND) == "[]\n"


@pytest.mark.parametrize("package", ["site-packages", "test", "idlelib", "lib2to3", "ensurepip"])
def test_no_module_for_the_next_student(sandbox, package):
    """Can nobody leave a module among the folders of the standard library that are empty inside?"""
    with sandbox.open() as session:
        said(session, f"import os\nfolder = os.path.join(os.path.dirname(os.__file__), {package!r})\n"
                      "try: open(folder + '/__init__.py', 'w').write('print(4711)')\nexcept OSError: pass")  # fmt: skip
    with sandbox.open() as session:
        assert "4711" not in said(session, f"import os; os.listdir(os.path.dirname(os.__file__) + '/{package}')\n"
                                           f"__import__({package!r})")  # fmt: skip


def test_small_file_systems_are_new(sandbox):
    """Are home, /tmp and /dev/shm empty in each session, without devices and without programs that have rights?"""
    listed = []
    for _ in range(2):
        with sandbox.open() as session:
            session.execute("pass")
            for point in WRITABLE:
                options, kind = mounts(sandbox)[point]
                assert kind == "tmpfs" and {"nosuid", "nodev"} <= set(options)
            source = f"import os; print([os.listdir(p) for p in {sorted(WRITABLE)}])"
            listed.append(said(session, source))
    assert listed == ["[[], [], []]\n"] * 2


def test_devices(sandbox):
    """Are there the four devices that ordinary work opens, and no terminal, no shared zeros, no disk?"""
    with sandbox.open() as session:
        there = said(session, "import os; print(*sorted(os.listdir('/dev')))")
        assert there == "full null random shm urandom\n"
        source = "open('/dev/null', 'w').write('x'); print(len(open('/dev/urandom', 'rb').read(9)))"
        assert said(session, source) == "9\n"


def test_nothing_tells_of_the_machine(sandbox):
    """Is none of the files in /proc there that tell of the machine or of other processes?"""
    names = ["self/mountinfo", "self/mounts", "self/cmdline", "1/cmdline", "1/environ", "config.gz", "cmdline", "stat",
             "loadavg", "meminfo", "cpuinfo", "version", "uptime", "sys/kernel", "net/tcp", "1", "2"]  # fmt: skip
    assert os.path.exists("/proc/self/mountinfo")
    with sandbox.open() as session:
        found = said(session, f"import os; print([n for n in {names} if os.path.lexists('/proc/' + n)])")
        assert found == "[]\n"
        assert said(session, "print(os.listdir('/proc'))") == "[]\n"


def test_no_name_of_the_machine(sandbox):
    """Does a session see neither the machine's name nor how busy it is and how much memory it has?"""
    with sandbox.open() as session:
        assert said(session, "import os; print(os.uname().nodename)") == "sandbox\n"
        assert "OSError" in said(session, "os.getloadavg()")
        libc = "import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
        asked = "print(libc.sysinfo(ctypes.create_string_buffer(999)), ctypes.get_errno())"
        assert said(session, libc + asked) == "-1 1\n"
        assert re.fullmatch(r"\d+\n", said(session, "print(os.cpu_count())"))
