"""Linux calls that Python 3.11 does not have: namespaces, mounts, capabilities. Used by trusted processes only."""

import ctypes
import errno
import os
import struct

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x08000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4


def _checked(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags):
    """Move this process (for CLONE_NEWPID: its future children) into new namespaces."""
    _checked(_libc.unshare(flags), "unshare")


def setns(fd, kind):
    """Move this process (for CLONE_NEWPID: its future children) into the namespace that `fd` refers to."""
    _checked(_libc.setns(fd, kind), "setns")


def mount(kind, target, flags=0, options=""):
    """Mount a new file system of a kind ("tmpfs", "proc"); kind None changes how `target` is shared."""
    source = (kind or "none").encode()
    filesystem = None if kind is None else kind.encode()
    result = _libc.mount(source, target.encode(), filesystem, ctypes.c_ulong(flags), options.encode())
    _checked(result, f"mount {target}")


def unmount(target):
    """Take the file system at `target` out of the tree; a file descriptor of it stays good."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def prctl(option, *values):
    """prctl(2) with up to four values."""
    values = [ctypes.c_ulong(v) if isinstance(v, int) else v for v in (*values, 0, 0, 0, 0)[:4]]
    _checked(_libc.prctl(option, *values), f"prctl {option}")


def drop_capabilities():
    """Give up every capability, also for programs that are started later. There is no way back."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno != errno.EINVAL:  # the kernel knows no capability of this number
                raise
            break
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def clear_capability_sets():
    """Empty the effective, permitted and inheritable sets of this process."""
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
    _checked(_libc.capset(header, struct.pack("=6I", *[0] * 6)), "capset")
