"""What a worker process runs: it answers one request after the other until the line is closed or the grader ends."""

import atexit
import os
import signal
import sys
from multiprocessing.connection import Connection

CLOSING = 10  # seconds that an orderly end may take: temporary folders are removed, the sandbox is closed


def main(fd):
    """Answer on the line `fd`, whose first message is the function to call. Its attribute `prepare`, if it has one, is
    called at once: so it need not wait for what takes long when the first request comes."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches all of us; the grader decides, and closes the line
    signal.signal(signal.SIGTERM, _end_at_once)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    line = Connection(fd)
    try:
        function = line.recv()
        getattr(function, "prepare", lambda: None)()
        signal.signal(signal.SIGTERM, _end)
        _answer(line, function)
    except EOFError:
        return
    finally:
        signal.setitimer(signal.ITIMER_REAL, CLOSING)  # its signal ends this process if nothing else does
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is ending; asked twice, it would break off


def _end_at_once(*_):
    """While libraries are loaded: an exception that meets C++ in the middle of an import is a page of noise."""
    signal.setitimer(signal.ITIMER_REAL, CLOSING)
    atexit._run_exitfuncs()  # what an orderly end does: temporary folders are removed, the sandbox is closed
    os._exit(0)


def _end(*_):
    signal.setitimer(signal.ITIMER_REAL, CLOSING)
    sys.exit(0)


def _answer(line, function):
    while True:
        try:
            arguments = line.recv()
        except EOFError:
            return
        try:
            answer = True, function(*arguments)
        except Exception as error:
            answer = False, RuntimeError(f"{type(error).__name__}: {error}")  # any other may not travel
        try:
            line.send(answer)
        except OSError:  # nobody is there any more
            return
