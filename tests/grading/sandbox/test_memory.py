"""Is every kind of memory that the kernel can hold for a process bounded? Each row of the table in docs/grading.md."""

import array
import fcntl
import mmap
import os
import re
import signal
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.grading.sandbox import Limits
from course.grading.sandbox.inside.accounts import MAPPING, PIPE, Accounts
from course.grading.sandbox.limits import MIB
from tests.grading.sandbox.conftest import said

TABLE = Path(__file__).parents[3] / "docs/grading.md"
START = """
import ctypes, fcntl, mmap, os, signal, socket, threading, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p

def call(name, *arguments):
    ctypes.set_errno(0)
    if getattr(libc, name)(*arguments) not in (-1, 2**64 - 1):
        print(name, "is allowed")
    elif ctypes.get_errno() not in (1, 38):  # not permitted, no such call
        print(name, os.strerror(ctypes.get_errno()))

def attempt(action):
    try:
        print("allowed:", action())
    except OSError as error:
        if error.errno != 1:
            print(error)

def in_children(count, action):
    for _ in range(count):
        if os.fork() == 0:
            try:
                action()
                time.sleep(30)
            finally:
                os._exit(0)
    time.sleep(30)
    print("held")
"""


@dataclass(frozen=True)
class Kind:
    """How a student would get much of one kind of memory, and what must come of it.

    source: code. says: what it prints, as a pattern; "" if every attempt is refused. ended: the limit that ends it.
    waiting: bytes that may wait in the socket afterwards.
    """

    source: str
    says: str = ""
    ended: str = ""
    waiting: int = 0


KINDS = {
    "anonymous pages": Kind("in_children(3, lambda: globals().update(x=os.urandom(100 << 20)))", ended="memory"),
    "large and locked pages": Kind("""
for flags in (0x40000, 0x2000):
    call("mmap", None, 1 << 21, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | flags, -1, 0)
for name in ("mlock", "mlock2", "mlockall"):
    call(name, 1, 1, 0)"""),
    "pages that are swapped out": Kind("""
block = mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
try:
    block.madvise(21)
except OSError as error:
    print(error.errno)""", r"22\n"),
    "shared pages without a file": Kind("""
attempt(lambda: mmap.mmap(-1, 1 << 20))
call("memfd_create", b"x", 0)
call("shmget", 0, 1 << 20, 0o1600)
call("syscall", 447, 0)  # memfd_secret
try:
    print("allowed:", open("/dev/zero"))
except FileNotFoundError:
    pass"""),
    "files": Kind("""
full = 0
for place in (".", "/tmp", "/dev/shm"):
    fd = os.open(place + "/x", os.O_CREAT | os.O_RDWR)
    try:
        while True:
            full += os.write(fd, bytes(1 << 20))
    except OSError as error:
        assert error.errno == 28
print(full >> 20)""", r"12\n"),
    "names of files, links, folders": Kind("""
count = 0
for place in (".", "/tmp", "/dev/shm"):
    try:
        while True:
            os.symlink("x" * 100, f"{place}/{count}")
            count += 1
    except OSError as error:
        assert error.errno == 28
print(count)""", r"\d{1,3}\n"),
    "attributes of files": Kind("attempt(lambda: os.setxattr('.', 'user.x', bytes(1000)))"),
    "open files": Kind("""
held = []
try:
    while True:
        held.append(os.open("/dev/null", 0))
except OSError as error:
    assert error.errno == 24
print(len(held))""", r"\d{1,3}\n"),
    "pipes": Kind("""
def fill():
    held = []
    try:
        while True:
            read, write = os.pipe()
            os.set_blocking(write, False)
            try:
                while True:
                    os.write(write, bytes(1 << 16))
            except BlockingIOError:
                held.append(read)
            os.close(write)
    except OSError:
        globals().update(held=held)

in_children(30, fill)""", ended="memory"),
    "larger pipes, named pipes, pages lent to pipes": Kind("""
read, write = os.pipe()
attempt(lambda: fcntl.fcntl(write, 1031, 1 << 20))
attempt(lambda: os.mkfifo("fifo"))
open("x", "wb").write(bytes(100))
attempt(lambda: os.sendfile(write, os.open("x", 0), 0, 9))
for name in ("splice", "tee", "vmsplice"):
    call(name, 0, 0, 0, 0, 9, 0)"""),
    "sockets": Kind("""
attempt(socket.socket)
attempt(socket.socketpair)
for name in ("bind", "listen", "accept", "connect", "setsockopt", "getsockopt", "shutdown"):
    call(name, 3, 0, 0, 0, 0)"""),
    "the own socket": Kind("""
def fill():
    time.sleep(0.3)  # nobody reads it after this cell
    while True:
        os.write(3, bytes(1 << 12))

threading.Thread(target=fill).start()""", waiting=1 << 20),
    "descriptors on their way": Kind("""
for name in ("send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg"):
    call(name, 3, 0, 0, 0, 0, 0)"""),
    "page tables": Kind("""
def touch():
    block = mmap.mmap(-1, 110 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block.madvise(15)  # no large pages
    for at in range(0, len(block), 2 << 20):
        block[at]
    globals().update(block=block)

x = os.urandom(130 << 20)
in_children(50, touch)""", ended="memory"),
    "descriptions of mappings": Kind("""
for number in range(30_000):
    libc.mmap(None, 4096, 1 + number % 2 * 2, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
in_children(30, lambda: None)""", ended="memory"),
    "processes and threads": Kind("""
count = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        count += 1
except RuntimeError:
    print(count)""", r"\d{1,2}\n"),
    "locks on files": Kind("""
file = open("x", "w")
attempt(lambda: fcntl.lockf(file, fcntl.LOCK_EX, 1, 0))
attempt(lambda: fcntl.flock(file, fcntl.LOCK_EX))
for command in (37, 1024, 1026):  # of the open file, a lease, watching a folder
    attempt(lambda: fcntl.fcntl(file, command, bytes(64)))"""),
    "watched files": Kind("""
for name in ("inotify_init", "inotify_init1", "fanotify_init"):
    call(name, 0, 0)"""),
    "watched descriptors": Kind("""
for name in ("epoll_create", "epoll_create1", "eventfd", "signalfd", "timerfd_create", "pidfd_open"):
    call(name, 1, 0, 0)"""),
    "waiting signals": Kind("""
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
for _ in range(10_000):
    try:
        signal.pthread_kill(threading.main_thread().ident, 40)
    except BlockingIOError:
        break
count = 0
while signal.sigtimedwait([40], 0):
    count += 1
print(count)
call("sigqueue", os.getpid(), 40, 0)""", r"\d{1,4}\n"),
    "timers": Kind('call("timer_create", 0, 0, ctypes.byref(ctypes.c_void_p()))'),
    "keys": Kind("""
for number in (248, 249, 250) if os.uname().machine == "x86_64" else (217, 218, 219):
    call("syscall", number, b"user", b"x", b"x", 1, -3)"""),
    "message queues and semaphores": Kind("""
for name in ("mq_open", "msgget", "semget"):
    call(name, b"/x", 0o100, 0o600, 0)"""),
    "requests to disks": Kind("""
for number in (206 if os.uname().machine == "x86_64" else 0, 425, 426, 427):  # io_setup, io_uring
    call("syscall", number, 9, ctypes.byref(ctypes.c_void_p()))"""),
    "programs for the kernel": Kind("""
call("prctl", 22, 2, 0, 0, 0)
for number in (317, 321, 298, 323) if os.uname().machine == "x86_64" else (277, 280, 241, 282):
    call("syscall", number, 1, 0, 0)  # seccomp, bpf, perf_event_open, userfaultfd
for number in (444, 446):  # landlock
    call("syscall", number, 0, 0, 1)"""),
    "locks that inherit priorities": Kind("""
for command in (6, 7, 8, 11, 12, 13):
    number = 202 if os.uname().machine == "x86_64" else 98
    call("syscall", number, ctypes.byref(ctypes.c_int()), command, 0, 0, 0, 0)"""),
    "terminals": Kind("""
try:
    print("allowed:", os.openpty())
except FileNotFoundError:
    pass"""),
    "mounts and namespaces": Kind("""
for name in ("unshare", "setns", "mount", "umount2", "pivot_root", "chroot"):
    call(name, 0x10000000, 0, 0, 0, 0)"""),
    "arguments of a program": Kind("""
attempt(lambda: os.execv("/python/bin/python", ["python"]))
attempt(lambda: os.posix_spawn("/python/bin/python", ["python"], {}))"""),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_kind(sandbox, name):
    """Is memory of this kind refused, or bounded, or counted until the session is ended?"""
    kind = KINDS[name]
    limits = Limits(memory=256 * MIB, disk=8 * MIB, file_size=64 * MIB, files=200, open_files=128, processes=63)
    with sandbox.open(limits) as session:
        found = said(session, START + kind.source)
        if not kind.ended:
            assert re.fullmatch(kind.says, found), found
            if kind.waiting:
                time.sleep(0.6)
            waiting = array.array("i", [0])
            fcntl.ioctl(session._sock, termios.FIONREAD, waiting)
            assert bool(kind.waiting) == (0 < waiting[0]) and waiting[0] <= kind.waiting
    reason = session.life.end()["reason"]
    assert reason == kind.ended, found
    with sandbox.open() as session:
        assert said(session, "print('well')") == "well\n"


def test_the_table_has_every_kind():
    """Are the rows of the table in the docs exactly the kinds that are tried here?"""
    section = TABLE.read_text(encoding="utf-8").split("| kind of memory |")[1].split("\n\n")[0]
    assert re.findall(r"^\| ([a-z ,]+) \|", section, re.MULTILINE) == list(KINDS)


HOLDS = {
    "tables": ("import mmap\nm = mmap.mmap(-1, 1 << 30, flags=34)\nm.madvise(15)\n"
               "for at in range(0, 1 << 30, 1 << 21): m[at]",
               512 * 4096),
    "pipes": ("import os\np = [os.pipe() for _ in range(100)]", 100 * PIPE),
    "mappings": ("import ctypes\nf = ctypes.CDLL(None).mmap\nf.restype = ctypes.c_void_p\n"
                 "for n in range(9000): f(None, 4096, 1 + n % 2 * 2, 34, -1, 0)", 9000 * MAPPING),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDS)
def test_what_the_kernel_holds_is_counted(name):
    """Does a process count for more by what the kernel holds for it, exactly where that could break the limit?"""
    source, size = HOLDS[name]
    proc = os.open("/proc", os.O_RDONLY)
    wait = "\nprint(flush=True)\ninput()"
    used = []
    for program in ("pass" + wait, source + wait):
        with subprocess.Popen([sys.executable, "-I", "-S", "-c", program], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:  # fmt: skip
            process.stdout.read(1)
            accounts = Accounts(proc, process.send_signal, process.pid)
            assert accounts.memory(10**10, 256) <= accounts.memory(1, 256)  # the quick way leaves two kinds out
            used.append(accounts.memory(1, 256))
            process.communicate(b"\n")
        assert accounts.memory(1, 256) == accounts.cpu(1) - accounts.cpu(1) == 0  # it has ended
    os.close(proc)
    assert 0.8 * size < used[1] - used[0] < 1.5 * size + MIB


COUNTS = "for n in range(2**40): shared[:8] = n.to_bytes(8, 'little')"


def test_nothing_grows_while_it_is_counted(monkeypatch):
    """Do processes stand still while what they hold is counted, however long that takes, and go on afterwards?"""
    shared, proc = mmap.mmap(-1, 8), os.open("/proc", os.O_RDONLY)
    child = os.fork()
    if child == 0:
        try:
            exec(COUNTS, {"shared": shared})
        finally:
            os._exit(1)

    def moves(seconds=0.1):
        before = shared[:8]
        time.sleep(seconds)
        return shared[:8] != before

    def mappings(self, pids, enough):
        time.sleep(0.02)  # another core may need some time to hear of the signal
        moved.append(moves())
        raise PermissionError

    moved = []
    monkeypatch.setattr(Accounts, "_mappings", mappings)
    try:
        accounts = Accounts(proc, lambda number: os.kill(child, number), child)
        assert moves(5 if not moves() else 0.1), "it does not count"
        accounts.memory(10**10, 256)
        assert moved == []  # the quick way stops nobody
        with pytest.raises(PermissionError):
            accounts.memory(1, 256)
        assert moved == [False] and moves(1)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(proc)


@pytest.mark.slow
def test_a_long_count_is_no_time_to_grow(sandbox):
    """Are the processes of a submission stopped while millions of mappings are counted, all of them, and not ended?"""
    source = """
for number in range(40_000):
    libc.mmap(None, 4096, 1 + number % 2 * 2, 0x22, -1, 0)
for _ in range(12):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
gaps, before, end = [], time.monotonic(), time.monotonic() + 1
while before < end:
    now = time.monotonic()
    gaps.append(now - before)
    before = now
print(sum(gap for gap in gaps if gap > 0.02) > 0.2)"""
    with sandbox.open(Limits(memory=400 * MIB, processes=20)) as session:
        assert said(session, START + source) == "True\n"
    assert session.life.end()["reason"] in ("", "killed")  # by the end of the session, while its children sleep


def test_swapped_pages_are_counted(tmp_path):
    """Does memory count that the system has moved to a disk? (Few machines have a swap to try it with.)"""
    for name, text in {
        "sys/vm/max_map_count": "65530\n", "7/stat": "7 (a ) b) S 1 7\n", "7/maps": "",
        "7/status": "Name:\tx\nRssAnon:\t 10 kB\nRssFile:\t 99 kB\nVmSwap:\t 500 kB\nVmPTE:\t 4 kB\n",
        "7/smaps_rollup": "Pss_Anon: 10 kB\nPss_File: 9 kB\nPss_Shmem: 0 kB\nSwap: 999 kB\nSwapPss: 500 kB\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "7/fd").mkdir()
    proc = os.open(tmp_path, os.O_RDONLY)
    try:
        accounts = Accounts(proc, lambda number: None)
        assert accounts.memory(10**9, 256) == accounts.memory(1, 256) == 514 * 1024
    finally:
        os.close(proc)
