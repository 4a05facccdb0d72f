"""Functions that a process is kept busy with, and what is needed to look at it from outside."""

import os
import re
import signal
import time

HOPELESS = re.compile("(?:a|aa)+$"), "a" * 200 + "b"


def busy(what=None):
    """What a process does here: it answers, or is in a regular expression, or asleep and deaf, until it is killed."""
    if what is not None:
        print("busy", flush=True)
    if what == "regex":
        pattern, text = HOPELESS
        pattern.match(text)
    if what == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)
    return os.getpid()


def lives(pid):
    """Is there such a process, and is it more than a number that nobody has asked for yet?"""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def is_gone(pid, seconds=30):
    """Has it ended within this time?"""
    end = time.monotonic() + seconds
    while lives(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not lives(pid)
