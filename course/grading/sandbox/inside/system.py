"""Linux calls that Python 3.11 does not have: namespaces, mounts, capabilities, seccomp. Used by the zygote only."""

import ctypes
import os
import platform
import struct

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWUSER = 0x00020000, 0x08000000, 0x20000000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 1 << 18
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


def prctl(option, *values):
    """prctl(2) with up to four values."""
    values = [ctypes.c_ulong(v) if isinstance(v, int) else v for v in (*values, 0, 0, 0, 0)[:4]]
    _checked(_libc.prctl(option, *values), f"prctl {option}")


def drop_capabilities():
    """Give up every capability, also for programs that are started later. There is no way back."""
    last = int(open("/proc/sys/kernel/cap_last_cap").read())
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def clear_capability_sets():
    """Empty the effective, permitted and inheritable sets of this process."""
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
    _checked(_libc.capset(header, struct.pack("=6I", *[0] * 6)), "capset")


# Calls that a student's program never needs and that would reach around a limit: new namespaces and mounts, memory
# that no process is charged for, other processes' memory, kernel interfaces with a history of holes.
_REFUSED = {
    "x86_64": dict(unshare=272, setns=308, mount=165, umount2=166, pivot_root=155, chroot=161, ptrace=101,
                   process_vm_readv=310, process_vm_writev=311, add_key=248, request_key=249, keyctl=250, bpf=321,
                   perf_event_open=298, userfaultfd=323, io_uring_setup=425, io_uring_enter=426,
                   io_uring_register=427, memfd_create=319, memfd_secret=447, shmget=29, open_tree=428,
                   move_mount=429, fsopen=430, fsmount=432, mount_setattr=442, open_by_handle_at=304, kexec_load=246),
    "aarch64": dict(unshare=97, setns=268, mount=40, umount2=39, pivot_root=41, chroot=51, ptrace=117,
                    process_vm_readv=270, process_vm_writev=271, add_key=217, request_key=218, keyctl=219, bpf=280,
                    perf_event_open=241, userfaultfd=282, io_uring_setup=425, io_uring_enter=426,
                    io_uring_register=427, memfd_create=279, memfd_secret=447, shmget=194, open_tree=428,
                    move_mount=429, fsopen=430, fsmount=432, mount_setattr=442, open_by_handle_at=265,
                    kexec_load=104),
}  # fmt: skip
_CLONE = {"x86_64": (56, 435), "aarch64": (220, 435)}  # clone, clone3
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def refuse_system_calls():
    """Install a seccomp filter: the calls above fail with EPERM, clone cannot make namespaces, clone3 is unknown."""
    machine = platform.machine()
    if machine not in _REFUSED:
        raise OSError(f"the sandbox has no list of system calls for {machine}")
    clone, clone3 = _CLONE[machine]
    program = [
        (_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _AUDIT[machine]), (_RETURN, 0, 0, _KILL),  # another architecture's numbers
        (_LOAD, 0, 0, 0),
        (_ABOVE, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL),  # the x32 numbers
        (_EQUAL, 0, 1, clone3), (_RETURN, 0, 0, _ERRNO | 38),  # ENOSYS: the C library then uses clone
    ]  # fmt: skip
    for number in _REFUSED[machine].values():
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | 1)]
    namespaces = 0x7E020080  # every CLONE_NEW* flag
    program += [(_EQUAL, 0, 3, clone), (_LOAD, 0, 0, 16), (_ANY_BIT, 0, 1, namespaces), (_RETURN, 0, 0, _ERRNO | 1),
                (_RETURN, 0, 0, _ALLOW)]  # fmt: skip
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code)
    head = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, 2, ctypes.create_string_buffer(head))
