"""What a submission tries that no answer needs, for the instructor's report: seen by an audit hook in its own process.

It prevents nothing (the jail does) and a determined student can get around it: a list of what was seen, not of all.
Sent as single bytes, each the number of one of KINDS, through a pipe that only the zygote reads: a forged one can only
accuse its own sender.
"""

import os
import sys

KINDS = (
    "imported torch",
    "imported a part of the course that is not there: nn, reference, grading",
    "opened a file outside of its own folders",
    "reached for the network",
    "started another process",
    "sent a signal to a process",
    "called C functions by itself",
    "searched the memory of the program",
    "traced the program",
)
TORCH, COURSE, FILE, NETWORK, PROCESS, SIGNAL, C, MEMORY, TRACE = range(len(KINDS))
_ABSENT = tuple(f"course.{name}" for name in ("nn", "reference", "grading", "checks.oracle"))
_EVENTS = {
    "socket.connect": NETWORK, "socket.bind": NETWORK, "socket.sendto": NETWORK, "socket.getaddrinfo": NETWORK,
    "socket.gethostbyname": NETWORK, "socket.gethostbyaddr": NETWORK,
    "os.fork": PROCESS, "os.forkpty": PROCESS, "os.system": PROCESS, "os.exec": PROCESS, "os.posix_spawn": PROCESS,
    "subprocess.Popen": PROCESS, "pty.spawn": PROCESS,
    "os.kill": SIGNAL, "os.killpg": SIGNAL,
    "ctypes.cdata": C, "ctypes.dlopen": C, "ctypes.dlsym/handle": C, "ctypes.string_at": C, "ctypes.wstring_at": C,
    "gc.get_objects": MEMORY, "gc.get_referrers": MEMORY,
    "sys._current_frames": TRACE, "sys.settrace": TRACE, "sys.setprofile": TRACE, "sys.addaudithook": TRACE,
}  # fmt: skip
# events with a path as first argument
_PATHS = ("open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir",
          "os.chmod", "os.chown", "os.truncate", "sqlite3.connect")  # fmt: skip
_PUBLIC = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/shm", "/proc/self", "/proc/cpuinfo",
           "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu", "/etc/ld.so.cache",
           "/usr/share/zoneinfo")  # fmt: skip


def watch(fd, folders):
    """Report to the pipe `fd` from now on. folders: those whose files anybody may open."""
    seen, events, absent = set(), dict(_EVENTS), _ABSENT
    allowed = {*_PUBLIC, *folders, *map(os.path.realpath, folders)}
    write, fspath, abspath, decode = os.write, os.fspath, os.path.abspath, os.fsdecode

    def note(kind):
        if kind not in seen:
            seen.add(kind)
            write(fd, bytes([kind]))

    def hook(event, arguments):
        try:
            kind = events.get(event)
            if kind is not None:
                note(kind)
            elif event in _PATHS:
                if FILE not in seen and not isinstance(arguments[0], int) and arguments[0] is not None:
                    _outside(arguments[0])
            elif event == "import":
                name = arguments[0]
                if name == "torch" or name.startswith("torch."):
                    note(TORCH)
                elif name.startswith(absent):
                    note(COURSE)
        except BaseException:  # a strange path, a closed pipe: the student's code goes on as it would
            pass

    def _outside(given):
        path = decode(fspath(given)).removeprefix("file:").partition("?")[0]
        if path in ("", ":memory:"):
            return
        path = abspath(path)
        if not any(path == folder or path.startswith(f"{folder}/") for folder in allowed):
            note(FILE)

    sys.addaudithook(hook)


def kinds(sent):
    """The texts for the bytes that came through the pipe, whoever wrote them."""
    return [KINDS[number] for number in sorted(set(sent)) if number < len(KINDS)]
