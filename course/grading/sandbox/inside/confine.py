"""Shut one submission in: private files, limits, no rights. Runs in the child that the zygote forked."""

import fcntl
import os
import resource

from . import seccomp, system

HOME = "/home/student"


def private_files(limits):
    """In a mount namespace of its own: fresh, small file systems wherever something can be written, and no /proc.

    /proc tells of the machine: paths, load, other processes. Returns a file descriptor of one that only we can reach.
    """
    system.mount(None, "/", system.MS_REC | system.MS_PRIVATE)
    # a third of the disk for each would waste it; the sum is what memory allows
    size, files = limits["disk"], limits["files"]
    flags = system.MS_NOSUID | system.MS_NODEV
    system.mount("tmpfs", HOME, flags, f"size={size},nr_inodes={files},mode=0777")
    system.mount("tmpfs", "/tmp", flags, f"size={size // 4},nr_inodes={files},mode=1777")
    system.mount("tmpfs", "/dev/shm", flags | system.MS_NOEXEC, f"size={size // 4},nr_inodes=256,mode=1777")
    system.mount("proc", "/proc", flags | system.MS_NOEXEC)
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    for _ in range(2):  # ours, and under it that of the zygote
        system.unmount("/proc")
    return proc


def mapped():
    """Bytes that are mapped in this process."""
    return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()


def set_limits(limits, before):
    """Limits that the kernel holds for each process; the warden adds them up over the processes, and comes first.

    before: bytes that were mapped before any student's code ran; they do not count. A program can read its limits, so
    they are the same for every process of a submission: what is left of the time is held by the warden.
    """
    for name, value in {
        "AS": before + limits["memory"], "CORE": 0, "CPU": limits["cpu_seconds"] + 2, "FSIZE": limits["file_size"],
        "NOFILE": limits["open_files"], "NPROC": limits["processes"], "MEMLOCK": 0, "MSGQUEUE": 0,
        "SIGPENDING": 1024,
    }.items():  # fmt: skip
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def give_up_rights(uid):
    """Become an unprivileged user for good. `uid` is None where the user namespace holds only one user."""
    os.setsid()
    system.drop_capabilities()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)  # this clears the capability sets of the former root
    system.clear_capability_sets()
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    os.umask(0o077)
    seccomp.install()


def keep_only(*fds):
    """Close every file but `fds`, which become 3, 4, ... and are not inherited; 0, 1 and 2 are /dev/null."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100) for fd in fds]  # out of the way of the new numbers
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    kept = [os.dup2(fd, number, inheritable=False) for number, fd in enumerate(high, 3)]
    os.closerange(3 + len(kept), 1 << 16)
    return kept
