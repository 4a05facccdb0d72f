"""Attacks on what a limit may not count: what the kernel holds for a process, and time that nobody waits for.

Most of them hold far more than they are charged for; two carry something to another process.
"""

import sysconfig

from tests.grading.hostile.attack import Attack, from_on
from tests.grading.hostile.shown import booms, prints

MIB = 1 << 20


def _own(story, shown, code, **others):
    """A cell of the student's own, in front of right answers."""
    return Attack(story, shown, extra={"setup": code}, **{"marks": {}, "absent": ("BOOM",), **others})


ATTACKS = {
    "socket_buffers": _own("holds 40 MB in the buffers of sockets", prints(), """
import socket
held, size = [], 0
try:
    while size < 40e6:
        pair = socket.socketpair()
        held.append(pair)
        for end in pair:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            end.setblocking(False)
            try:
                while True:
                    size += end.send(bytes(1 << 16))
            except BlockingIOError:
                pass
    print("BO" + "OM")
except OSError:
    pass
held.clear()"""),
    "shared_memory_dropped": _own("holds 40 MB of shared pages, and says that it does not need them", prints(), """
import mmap
try:
    block = mmap.mmap(-1, 40 << 20)
    for at in range(0, len(block), 4096):
        block[at] = 7
    block.madvise(mmap.MADV_DONTNEED)
    print("BO" + "OM" if set(block[:: 4096]) == {7} else "gone")
    block.close()
except OSError:
    pass"""),
    "zeros_shared": _own("does the same with /dev/zero", prints(), """
import mmap
try:
    with open("/dev/zero", "r+b", buffering=0) as file, mmap.mmap(file.fileno(), 40 << 20) as block:
        for at in range(0, len(block), 4096):
            block[at] = 7
        block.madvise(mmap.MADV_DONTNEED)
        print("BO" + "OM" if set(block[:: 4096]) == {7} else "gone")
except OSError:
    pass"""),
    "pipe_buffers": _own("holds 250 MB in pipes", booms(memory=2048 * MIB), """
import os, time
ends = os.pipe()
for _ in range(50):
    if os.fork() == 0:
        try:
            while True:
                read, write = os.pipe()
                os.set_blocking(write, False)
                try:
                    while os.write(write, bytes(1 << 16)):
                        pass
                except BlockingIOError:
                    os.close(write)
        except OSError:  # no more files
            os.write(ends[1], b"x")
            time.sleep(10)
        os._exit(0)
for _ in range(50):
    os.read(ends[0], 1)
time.sleep(0.3)
print("BO" + "OM")""", limits={"memory": 250 * MIB}, noted="memory"),
    "mappings": _own("holds 230 MB of descriptions of mappings", booms(memory=2048 * MIB), """
import ctypes, os, time
map = ctypes.CDLL(None).mmap
map.restype = ctypes.c_void_p
for number in range(30_000):
    map(None, 4096, 1 + number % 2 * 2, 0x22, -1, 0)
for _ in range(30):
    if os.fork() == 0:
        time.sleep(10)
        os._exit(0)
time.sleep(0.3)
print("BO" + "OM")""", limits={"memory": 250 * MIB}, noted="memory"),
    "file_locks": _own("locks every second byte of a file", prints(), """
import fcntl
try:
    with open("locked", "w") as file:
        for at in range(0, 2000, 2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, at)
    print("BO" + "OM")
except OSError:
    pass"""),
    "time_of_ignored_children": _own("burns time in children that nobody waits for", booms(cpu_seconds=60), """
import os, signal, time
try:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
except OSError:
    pass
used = 0
while used < 80:
    try:
        if os.fork() == 0:
            while time.process_time() < 0.04:
                pass
            os._exit(0)
        used += 1
    except OSError:
        os.wait()
print("BO" + "OM")""", limits={"cpu_seconds": 1}, marks=from_on("neuron"), noted="cpu time"),
    "ports_remember": _own("leaves a number in ports that wait, for another process to read", prints(), """
import socket
try:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            server.accept()[0].close()  # who closes first leaves the port waiting
            client.recv(1)
    try:
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))
    except OSError:
        print("BO" + "OM")
except OSError:
    pass"""),
    "where_it_runs": _own("reads where the grader's Python lies", prints(" - "), """
try:
    print(open("/proc/self/mountinfo").read())
except OSError:
    pass""", absent=(sysconfig.get_path("stdlib"),)),
}  # fmt: skip
