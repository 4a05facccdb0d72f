"""The system calls that a student's program may make, by name, with their numbers on each machine type.

Found by running all student code that the course knows under strace (tests/grading/sandbox/traced.py), and completed by
their siblings: another C library or a later Python takes `open` where this one takes `openat`. Everything else fails.
"""

import errno
from typing import NamedTuple

MACHINES = {"x86_64": 0, "aarch64": 1}  # place of the number in the tables below
TRIED = ("x86_64",)  # where the tests have run with it

# Allowed whatever the arguments are. None: there is no such call on that machine type.
ALLOWED = {
    # files and folders
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "pwrite64": (18, 68),
    "preadv": (295, 69), "pwritev": (296, 70), "open": (2, None), "openat": (257, 56), "creat": (85, None),
    "close": (3, 57), "lseek": (8, 62), "stat": (4, None), "lstat": (6, None), "fstat": (5, 80),
    "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "getdents": (78, None), "getdents64": (217, 61), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "truncate": (76, 45), "ftruncate": (77, 46), "fsync": (74, 82),
    "fdatasync": (75, 83), "statfs": (137, 43), "fstatfs": (138, 44), "umask": (95, 166), "listxattr": (194, 11),
    "llistxattr": (195, 12), "flistxattr": (196, 13), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe": (22, None), "select": (23, None), "pselect6": (270, 72), "poll": (7, None), "ppoll": (271, 73),
    # memory
    "brk": (12, 214), "munmap": (11, 215), "mprotect": (10, 226), "msync": (26, 227),
    # processes and threads
    "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260), "waitid": (247, 95), "kill": (62, 129),
    "tgkill": (234, 131), "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getpgrp": (111, None),
    "getpgid": (121, 155), "setpgid": (109, 154), "getsid": (124, 156), "setsid": (112, 157), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148),
    "getresgid": (120, 150), "getgroups": (115, 158), "getpriority": (140, 141), "getrlimit": (97, 163),
    "setrlimit": (160, 164), "getrusage": (98, 165), "times": (100, 153), "uname": (63, 160), "getcpu": (309, 168),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "rseq": (334, 293), "set_robust_list": (273, 99),
    # signals, time, chance
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132), "pause": (34, None), "alarm": (37, None),
    "getitimer": (36, 102), "setitimer": (38, 103), "restart_syscall": (219, 128), "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169),
    "time": (201, None), "getrandom": (318, 278),
}  # fmt: skip


class Rule(NamedTuple):
    """Allowed if one argument, without the bits in `ignoring`, is among `values`. With `pointer`: refused if it is the
    one value, unless the argument at that place is NULL."""

    argument: int  # its place
    ignoring: int
    values: tuple
    error: int = errno.EPERM
    pointer: int | None = None


_SHARED, _PRIVATE, _ANONYMOUS = 1, 2, 0x20
# MAP_FIXED, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_NORESERVE, MAP_STACK, MAP_FIXED_NOREPLACE: where to, and what for
_HARMLESS = 0x10 | 0x800 | 0x1000 | 0x4000 | 0x20000 | 0x100000
_THREAD, _FORK, _SIGCHLD = 0x3D0F00, 0x1200000, 17  # flags as the C library passes them
_CLOEXEC, _NONBLOCK = 0x80000, 0x800

# Allowed with some arguments only.
LIMITED = {
    # shared memory without a file outlives its pages: nobody is charged for it. Large pages are not counted either
    "mmap": ((9, 222), Rule(3, _HARMLESS, (_PRIVATE, _PRIVATE | _ANONYMOUS, _SHARED))),
    "mremap": ((25, 216), Rule(3, 1, (0,))),  # it may move
    # not needed, free, huge or not, guard pages; never: page out, merge with other processes' pages, punch holes
    "madvise": ((28, 233), Rule(2, 0, (4, 8, 14, 15, 102, 103), errno.EINVAL)),
    # a thread (0x400000: of musl) or a fork: no namespaces, no sibling of the own process, no other signal at the end
    "clone": ((56, 220), Rule(0, 0, (_THREAD, _THREAD | 0x400000, _FORK | _SIGCHLD, _SIGCHLD))),
    "close_range": ((436, 436), Rule(2, 4, (0,))),  # no table of files for one thread alone
    "pipe2": ((293, 59), Rule(1, _CLOEXEC | _NONBLOCK, (0,))),
    # duplicate, flags of descriptor and file: no locks (each is memory), no larger pipe, no lease
    "fcntl": ((72, 25), Rule(1, 0, (0, 1, 2, 3, 4, 1030))),
    # is it a terminal, its size, bytes that wait, blocking or not, closed at exec or not
    "ioctl": ((16, 29), Rule(1, 0, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451), errno.ENOTTY)),
    # wait, wake, requeue; none that inherits priorities
    "futex": ((202, 98), Rule(1, 128 | 256, (0, 1, 3, 4, 5, 9, 10), errno.ENOSYS)),
    "prctl": ((157, 167), Rule(0, 0, (15, 16))),  # the name of a thread
    "prlimit64": ((302, 261), Rule(0, 0, (0,))),  # of this process: an ordinary user's warden has the same user
    # asking about SIGCHLD, not setting it: the CPU time of children would be lost where it is ignored
    "rt_sigaction": ((13, 134), Rule(0, 0, (_SIGCHLD,), pointer=1)),
}

NEWER = 400  # numbers above this are calls that a C library tries first and can do without


def numbers(machine):
    """Return ([numbers that are allowed], {number: Rule}) on a machine type."""
    place = MACHINES[machine]
    allowed = [both[place] for both in ALLOWED.values() if both[place] is not None]
    return allowed, {both[place]: rule for both, rule in LIMITED.values()}
