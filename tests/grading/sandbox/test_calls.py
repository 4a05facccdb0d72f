"""Does the filter allow what is on the list, on each machine type, and nothing else? Does known code run under it?"""

import errno
import platform
import re
import struct
from pathlib import Path

import pytest

from course.grading.report import page
from course.grading.sandbox import Limits, NoSandbox, jail
from course.grading.sandbox.inside import calls, seccomp
from tests.grading.sandbox.conftest import said
from tests.grading.sandbox.known_code import run_all

HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
EPERM, ENOSYS, ENOTTY, EINVAL = errno.EPERM, errno.ENOSYS, errno.ENOTTY, errno.EINVAL
ALL = range(700)  # numbers of system calls, those of the next years with them


def verdict(program, machine, number, *arguments):
    """Run the filter as the kernel does: 0 if the call is allowed, the errno, or "killed"."""
    words = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, seccomp.AUDIT[machine], 0, *(word % 2**64 for word in words))
    at = value = 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == seccomp.LOAD:
            (value,) = struct.unpack_from("<I", data, operand)
        elif code == seccomp.AND:
            value &= operand
        elif code == seccomp.EQUAL:
            at += if_true if value == operand else if_false
        elif code == seccomp.ABOVE:
            at += if_true if value > operand else if_false
        else:
            assert code == seccomp.RETURN
            if operand == seccomp.KILL:
                return "killed"
            return operand & 0xFFFF if operand & 0xFFFF0000 == seccomp.ERROR else {seccomp.ALLOW: 0}[operand]


@pytest.mark.parametrize("machine", calls.MACHINES)
def test_the_list_and_nothing_else(machine):
    """Is every number on the list allowed, every other refused, and every foreign one fatal?"""
    program = seccomp.program(machine)
    allowed, limited = calls.numbers(machine)
    assert not set(allowed) & set(limited) and len(allowed) == len(set(allowed))
    for number in set(ALL) - set(limited):
        expected = 0 if number in allowed else ENOSYS if number > calls.NEWER else EPERM
        assert verdict(program, machine, number, *[2**64 - 1] * 6) == expected, number
    assert verdict(program, machine, 0x40000000) == verdict(program, machine, 0x40000027) == "killed"  # x32
    other = "aarch64" if machine == "x86_64" else "x86_64"
    assert all(verdict(program, other, number) == "killed" for number in ALL)


SHARED, PRIVATE, ANONYMOUS, STACK = 1, 2, 0x20, 0x20000
ARGUMENTS = [
    ("mmap", (0, 4096, 3, PRIVATE | ANONYMOUS), 0), ("mmap", (0, 4096, 3, PRIVATE | ANONYMOUS | STACK), 0),
    ("mmap", (0, 4096, 3, SHARED, 5), 0), ("mmap", (0, 4096, 3, PRIVATE, 5), 0),
    ("mmap", (0, 4096, 3, SHARED | ANONYMOUS), EPERM), ("mmap", (0, 4096, 3, 3, 5), EPERM),  # 3: shared, validated
    ("mmap", (0, 4096, 3, 8 | ANONYMOUS), EPERM),  # droppable
    ("mmap", (0, 4096, 3, PRIVATE | ANONYMOUS | 0x40000), EPERM),  # huge
    ("mmap", (0, 4096, 3, PRIVATE | ANONYMOUS | 0x2000), EPERM),  # locked
    ("mremap", (0, 4096, 8192, 1), 0), ("mremap", (0, 4096, 4096, 5), EPERM),  # and leave the old place mapped
    ("madvise", (0, 4096, 4), 0), ("madvise", (0, 4096, 14), 0), ("madvise", (0, 4096, 21), EINVAL),  # page out
    ("madvise", (0, 4096, 12), EINVAL), ("madvise", (0, 4096, 9), EINVAL),  # merge, punch a hole
    ("clone", (0x1200011,), 0), ("clone", (0x3D0F00,), 0), ("clone", (0x1200011 | 0x10000000,), EPERM),  # a user's
    ("clone", (0x1208011,), EPERM), ("clone", (0x1200000,), EPERM),  # a sibling; one whose end is not signalled
    ("clone", (0x4111,), EPERM), ("clone3", (), ENOSYS),
    ("close_range", (3, 9, 4), 0), ("close_range", (3, 9, 2), EPERM),  # a table of files for this thread alone
    ("pipe2", (0, 0x80800), 0), ("pipe2", (0, 0x80), EPERM), ("fcntl", (3, 3), 0), ("fcntl", (3, 1030), 0),
    ("fcntl", (3, 6), EPERM), ("fcntl", (3, 37), EPERM), ("fcntl", (3, 1031), EPERM), ("fcntl", (3, 1024), EPERM),
    ("ioctl", (3, 0x5401), 0), ("ioctl", (3, 0x5412), ENOTTY), ("ioctl", (3, 0x8912), ENOTTY),
    ("futex", (0, 128), 0), ("futex", (0, 137 | 256), 0), ("futex", (0, 6), ENOSYS), ("futex", (0, 128 | 11), ENOSYS),
    ("prctl", (15,), 0), ("prctl", (22,), EPERM), ("prctl", (36, 1), EPERM), ("prlimit64", (0, 7), 0),
    ("prlimit64", (1, 7), EPERM), ("rt_sigaction", (15, 5), 0), ("rt_sigaction", (17, 0, 5), 0),
    ("rt_sigaction", (17, 5), EPERM), ("rt_sigaction", (17, 1 << 40), EPERM),
]  # fmt: skip


@pytest.mark.parametrize("machine", calls.MACHINES)
@pytest.mark.parametrize("name, arguments, expected", ARGUMENTS)
def test_arguments(machine, name, arguments, expected):
    """Is a call that is limited allowed with these arguments, or refused with this error?"""
    both = calls.LIMITED[name][0] if name in calls.LIMITED else (435, 435)
    assert verdict(seccomp.program(machine), machine, both[calls.MACHINES[machine]], *arguments) == expected


def test_every_limit_has_its_arguments():
    """Is every limited call seen both allowed and refused?"""
    seen = {(name, bool(expected)) for name, _, expected in ARGUMENTS}
    assert {(name, refused) for name in calls.LIMITED for refused in (False, True)} <= seen


@pytest.mark.parametrize("machine", calls.MACHINES)
def test_numbers(machine):
    """Are the numbers those of the kernel's own headers?"""
    if not Path(HEADERS[machine]).exists():
        pytest.skip(f"the headers of the kernel ({HEADERS[machine]}) are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\n", Path(HEADERS[machine]).read_text())
    header = {{"fstatat": "newfstatat"}.get(name, name): int(number) for name, number in found}
    tables = calls.ALLOWED | {name: numbers for name, (numbers, _) in calls.LIMITED.items()}
    ours = {name: numbers[calls.MACHINES[machine]] for name, numbers in tables.items()}
    older = {"renameat", "getrlimit", "setrlimit"}  # which aarch64 has and later machine types have not
    assert {n: k for n, k in ours.items() if k is not None} == {n: header[n] for n in ours if ours[n] is not None}
    assert not [name for name in header if name in ours and ours[name] is None and name not in older]


@pytest.mark.slow
def test_in_the_kernel(sandbox):
    """Does the kernel refuse every number that is not on the list, and does a session live on after that?"""
    allowed, limited = calls.numbers(platform.machine())
    tracing = {335, 336} if platform.machine() == "x86_64" else set()  # seen by no filter: the kernel ends the caller
    others = sorted(set(ALL) - {*allowed, *limited} - tracing)
    code = ("import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\ndef of(number):\n    ctypes.set_errno(0)\n"
            "    return libc.syscall(number, 0, 0, 0, 0, 0, 0), ctypes.get_errno()\n"
            f"print([of(number) for number in {others}])")  # fmt: skip
    with sandbox.open() as session:
        found = eval(said(session, code))
    assert found == [(-1, ENOSYS if number > calls.NEWER else EPERM) for number in others]


@pytest.mark.slow
def test_all_known_student_code_runs(sandbox):
    """Do solutions, sample students, all variants and what students do besides run under the filter?"""
    with sandbox.open(Limits(wall_seconds=600)) as session:
        wrong = run_all(session)
    assert wrong == {"an error": "ZeroDivisionError: division by zero",
                     "ps1_activations: lise's tanh-backward": "SyntaxError: expected ':'"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("source", [
    "await asyncio.sleep(0)", "import asyncio\nawait asyncio.sleep(0)", "async def f(): return 3\nawait f()",
    "import asyncio\nasync def f(): return 3\nasyncio.run(f())", "import asyncio\nasyncio.new_event_loop()",
])  # fmt: skip
def test_await_is_refused_in_words(sandbox, source):
    """Is `await` in a cell, or an event loop, refused with a sentence and nothing else?"""
    with sandbox.open() as session:
        result = session.execute("import warnings; warnings.simplefilter('ignore')\n" + source)
        assert str(result.error) == ("`await` outside of a function and event loops are not available while grading: "
                                     "write it without asyncio")  # fmt: skip
        assert [output["output_type"] for output in result.outputs] == ["error"]
        by_hand = "async def g(): return 7\ntry: g().send(None)\nexcept StopIteration as end: print(end.value)"
        assert said(session, by_hand) == "7\n"


@pytest.fixture
def machine(monkeypatch):
    """Make this machine look like one of another type."""
    yield lambda name: (monkeypatch.setattr(platform, "machine", lambda: name), jail.isolation.cache_clear())
    monkeypatch.undo()
    jail.isolation.cache_clear()


def test_a_machine_type_without_a_list(machine):
    """Is nothing graded where there is no list of system calls, and is that said?"""
    machine("riscv64")
    with pytest.raises(NoSandbox, match="no list of system calls for riscv64; it has one for x86_64, aarch64"):
        jail.isolation()


@pytest.mark.slow
def test_a_machine_type_where_the_list_was_not_tried(sandbox, machine):
    """Does each record from such a machine say so, without being called weak?"""
    assert sandbox.isolation == "bubblewrap"  # the tests run where they run
    machine("aarch64")
    said = jail.isolation()
    assert said == "bubblewrap, its list of system calls untried on aarch64"
    assert not page._is_weak({"isolation": said}) and page._is_weak({"isolation": "weak"})
