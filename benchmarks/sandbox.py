"""What does the sandbox cost: milliseconds until a warm sandbox's new session has answered, and what they go to.

    python benchmarks/sandbox.py [--sessions 100]

The smallest and the middle of many, on a quiet machine; nothing is asserted. The parts are tried one by one, each in a
new process, as root.
"""

import argparse
import os
import statistics
import time

from course.grading.sandbox import Sandbox
from course.grading.sandbox.inside import seccomp, system


def main():
    """Print one line for each step of a session, and one for each of its parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=100)
    count = parser.parse_args().sessions
    for name, values in sessions(count).items():
        show(name, values)
    if os.geteuid() == 0:
        print("of which")
        for name, action in PARTS.items():
            show(f"  {name}", [in_a_child(action) for _ in range(count)])


def sessions(count):
    """{name: milliseconds of each session} until a session is open, has run its first cell, and has ended."""
    found = {"until it is open": [], "until the first cell has run": [], "until the next one can begin": []}
    with Sandbox() as sandbox:
        sandbox.wait()
        for _ in range(count):
            started = time.perf_counter()
            with sandbox.open() as session:
                found["until it is open"].append(time.perf_counter() - started)
                session.execute("pass")
                found["until the first cell has run"].append(time.perf_counter() - started)
            session.life.end()
            found["until the next one can begin"].append(time.perf_counter() - started)
    return found


def _namespaces():
    system.unshare(system.CLONE_NEWNS | system.CLONE_NEWIPC)


def _files():
    system.mount(None, "/", system.MS_REC | system.MS_PRIVATE)
    for _ in range(3):
        system.mount("tmpfs", "/mnt", system.MS_NOSUID, "size=1M")


def _network():
    system.unshare(system.CLONE_NEWNET)


def _calls():
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install()


PARTS = {  # each begins with what the one before it has done, which is not timed
    "a network (while nobody waits)": ((), _network),
    "mounts and messages of its own": ((), _namespaces),
    "three small file systems": ((_namespaces,), _files),
    "no capabilities": ((), system.drop_capabilities),
    "the list of system calls": ((seccomp.prepared,), _calls),
}


def in_a_child(steps):
    """Seconds that the last step takes, in a process of its own."""
    before, action = steps
    read, write = os.pipe()
    if os.fork() == 0:
        for step in before:
            step()
        started = time.perf_counter()
        action()
        os.write(write, str(time.perf_counter() - started).encode())
        os._exit(0)
    os.wait()
    seconds = float(os.read(read, 100))
    os.close(read)
    os.close(write)
    return seconds


def show(name, values):
    """One line."""
    print(f"{name:32} {1000 * min(values):7.2f} ms at best {1000 * statistics.median(values):7.2f} in the middle")


if __name__ == "__main__":
    main()
