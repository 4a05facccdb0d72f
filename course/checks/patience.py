"""A check that takes too long says so, and ends: a loop for ever must not cost a student the evening."""

import _thread
import sys
import threading

SAID = 10  # seconds until the notebook says what the grader does; the grader's own limit for a call, a test compares
ENDED = 60  # seconds until the check is interrupted


class TookTooLong(Exception):
    """The check was interrupted. Its text says what the grader would have done."""

    def _render_traceback_(self):
        return [str(self)]  # IPython calls this; the stack would only show the check's own lines


class Patience:
    """Inside this block a thread watches the clock; outside of the main thread it does nothing.

    It interrupts as the stop button does, again each second for code that catches everything. A single call of NumPy
    that takes for ever cannot be interrupted: then only a restart of the kernel helps, which the sentence says.
    """

    def __init__(self, name, said=SAID, ended=ENDED):
        self._name, self._said, self._ended = name, said, ended
        self._late, self._done, self._lock = False, threading.Event(), threading.Lock()

    def __enter__(self):
        self._stream = sys.stdout  # before the check redirects it
        if threading.current_thread() is threading.main_thread():
            threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, kind, error, trace):
        try:
            with self._lock:  # from here on nobody interrupts
                self._done.set()
        except KeyboardInterrupt:  # it came while we waited
            self._done.set()
            kind = KeyboardInterrupt
        if kind is not None and issubclass(kind, KeyboardInterrupt) and self._late:
            raise TookTooLong(
                f"`{self._name}` was interrupted after {self._ended} s. The grader ends each call after {SAID} s, and "
                "what it ends gets no points. Look for a loop whose condition stays true."
            ) from None

    def _watch(self):
        if self._done.wait(self._said):
            return
        self._stream.write(
            f"`{self._name}` has been running for {self._said} s. The grader ends each call after {SAID} s, and what "
            f"it ends gets no points. This check is interrupted after {self._ended} s; if even that does not end it, "
            "choose Kernel > Restart.\n"
        )
        self._stream.flush()
        if self._done.wait(self._ended - self._said):
            return
        self._late = True
        while not self._done.is_set():
            with self._lock:
                if not self._done.is_set():
                    _thread.interrupt_main()
            self._done.wait(1)
