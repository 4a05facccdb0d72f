"""One process that grades, seen from outside: it is asked, killed when its time is up, and never outlives us."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

from course.grading.process.serve import CLOSING

PR_SET_PDEATHSIG = 1  # of Linux's prctl
STOPPING = 2  # seconds in which a process whose time is up may put its things away
# Not multiprocessing's: that imports the instructor's program again, and a worker of Dask may not use it. First of all
# it asks the kernel to end it with the thread that has started it, also in the middle of a regular expression.
_PROGRAM = f"""
import ctypes, os, sys
ctypes.CDLL(None).prctl({PR_SET_PDEATHSIG}, {signal.SIGTERM:d})
if os.getppid() == int(sys.argv[2]):
    sys.path[:] = sys.argv[3:]
    from course.grading.process import serve
    serve.main(int(sys.argv[1]))
"""
_starter = None


class Ungraded(RuntimeError):
    """A submission took longer than everything around it may take, or ended the process that grades, twice."""


class Process:
    """A process that calls `function` with what it is asked; it is started again when it has died."""

    def __init__(self, function):
        self._function, self._busy, self._closed = function, False, False
        self._start()

    def ask(self, arguments, seconds):
        """What the function returns or raises there. Ungraded if that takes longer, or ends the process twice."""
        self._busy = True
        try:
            for _ in range(2):
                try:
                    self._line.send(arguments)
                    if not self._line.poll(seconds):
                        self._end(STOPPING, signal.SIGTERM)
                        self._start()
                        raise Ungraded(f"it was not done after {seconds:g} s")
                    done, value = self._line.recv()
                except (EOFError, OSError):  # it has died: perhaps by itself, so once more
                    if self._closed:
                        raise RuntimeError("the workers were closed") from None
                    self._end()
                    self._start()
                    continue
                if done:
                    return value
                raise value
            raise Ungraded("it ended the process that grades, twice")
        finally:
            self._busy = False

    def close(self):
        """End the process, at once if it is at work."""
        self._closed = True
        self._end(CLOSING, signal.SIGTERM if self._busy else None)

    @property
    def pid(self):
        """Its number, for as long as it lives."""
        return self._popen.pid

    def _start(self):
        if self._closed:
            raise RuntimeError("the workers were closed")
        self._line, self._popen = _from_one_thread(_start, self._function)
        # also when we end without closing it
        self._forget = weakref.finalize(self, _end, self._line, self._popen, CLOSING, signal.SIGTERM)

    def _end(self, seconds=CLOSING, with_signal=None):
        self._forget.detach()
        _end(self._line, self._popen, seconds, with_signal)


def _start(function):
    """Returns (our end of the line, Popen). SIGINT is held back until the process can take it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    ours, theirs = multiprocessing.Pipe()
    with theirs:  # so that its end is seen here
        command = [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), str(os.getpid()), *sys.path]
        popen = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    with contextlib.suppress(OSError):  # it has died already, which is seen when it is asked
        ours.send(function)
    return ours, popen


def _end(line, popen, seconds, with_signal):
    if with_signal is not None:
        popen.send_signal(with_signal)
    line.close()
    try:
        popen.wait(seconds)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()


def _from_one_thread(function, *arguments):
    """Call a function in a thread that lives as long as this process: the kernel ends a worker with the *thread* that
    has started it, and those of servers and pools come and go."""
    global _starter
    if _starter is None:
        _starter = ThreadPoolExecutor(1, "starts-workers")
    return _starter.submit(function, *arguments).result()
