"""Memory of a running grader: it, its workers and their sandboxes, sampled about once a second.

What processes share is counted once (PSS), so that a fork costs what it really adds.
"""

import threading
import time
from pathlib import Path

import psutil

KINDS = ("grader", "worker", "sandbox")


class Memory(threading.Thread):
    """Samples the processes below `pid` until it has ended. `samples`: [(time.time(), {kind: MiB of the largest})]."""

    def __init__(self, pid, interval=1.0):
        super().__init__(daemon=True)
        self.samples, self._pid, self._interval = [], pid, interval
        self.start()

    def run(self):
        """Sample until the process has ended."""
        try:
            grader = psutil.Process(self._pid)
            while grader.status() != psutil.STATUS_ZOMBIE:
                self.samples.append((time.time(), self._sample(grader)))
                time.sleep(self._interval)
        except psutil.NoSuchProcess:
            return

    def _sample(self, grader):
        found = dict.fromkeys(KINDS, 0.0)
        found["grader"] = pss(grader.pid)
        for child in grader.children():
            for process in child.children():  # a worker has its bubblewrap, and below it everything of the sandbox
                inside = [process, *descendants(process)]
                found["sandbox"] = max(found["sandbox"], sum(pss(p.pid) for p in inside))
            found["worker"] = max(found["worker"], pss(child.pid))
        return found


def descendants(process):
    """All processes below one, or none if it has just ended."""
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def pss(pid):
    """MiB of a process, what it shares divided by the number of those that share it; 0 if it has just ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0) / 1024
