"""The seccomp filter made of calls.py: what is not on the list fails. A program for the kernel, put together here."""

import ctypes
import errno
import functools
import os
import struct

from . import calls, system

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # how the kernel names the machine types
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16  # where they lie in what the program sees; an argument has eight bytes
LOAD, AND, EQUAL, ABOVE, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def program(machine):
    """Return the filter's instructions (code, jump if true, jump if false, value) for a machine type."""
    allowed, limited = calls.numbers(machine)
    steps = [
        (LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, AUDIT[machine]), (RETURN, 0, 0, KILL),  # another machine type's numbers
        (LOAD, 0, 0, NUMBER), (ABOVE, 0, 1, 0x40000000 - 1), (RETURN, 0, 0, KILL),  # the x32 numbers
    ]  # fmt: skip
    for number, rule in limited.items():
        block = _judge(rule)
        steps += [(EQUAL, 0, len(block), number), *block]
    for number in allowed:
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    refusals = [(RETURN, 0, 0, ERROR | error) for error in (errno.ENOSYS, errno.EPERM)]
    return [*steps, (ABOVE, 0, 1, calls.NEWER), *refusals]


def _judge(rule):
    """Instructions that end with a verdict about one argument. The kernel looks at its lower half, and so do they."""
    refuse, allow = (RETURN, 0, 0, ERROR | rule.error), (RETURN, 0, 0, ALLOW)
    steps = [(LOAD, 0, 0, ARGUMENTS + 8 * rule.argument)]
    if rule.ignoring:
        steps.append((AND, 0, 0, 0xFFFFFFFF & ~rule.ignoring))
    if rule.pointer is None:
        for value in rule.values:
            steps += [(EQUAL, 0, 1, value), allow]
        return [*steps, refuse]
    for value in rule.values:
        steps.append((EQUAL, 0, 6, value))
        for half in (0, 4):
            steps += [(LOAD, 0, 0, ARGUMENTS + 8 * rule.pointer + half), (EQUAL, 1, 0, 0), refuse]
    return [*steps, allow]


@functools.cache
def prepared():
    """The program of this machine, as the kernel wants it: made once, before anybody waits for it."""
    steps = program(os.uname().machine)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    return code, ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))


def install():
    """Put the filter on this process and all its children, for good."""
    _, head = prepared()
    system.prctl(system.PR_SET_SECCOMP, 2, head)
