"""Run the reader's function beside the page: in a thread, and only the newest of the calls that wait.

Whoever changes a control waits a moment (`patience`) for a quick function, so that the picture follows at once. A
slower one runs on; meanwhile `on_wait` is told the seconds, and `on_result` gets the result when it comes.
"""

import ctypes
import threading
import time
import weakref


class Stopped(BaseException):
    """Raised inside the reader's function by the Stop button. Not an Exception: `except Exception` lets it pass."""


def _stop(thread):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped))


class Aside:
    """One call in a thread of its own that may be given up: it ends at its next line of Python, nobody waits for it."""

    def __init__(self, compute):
        self._outcome, self._done = None, threading.Event()
        self._thread = threading.Thread(target=self._work, args=[compute], daemon=True, name="explorer aside")
        self._thread.start()

    def wait(self, timeout):
        """What the call returned; None if it was given up, or takes longer, which gives it up."""
        if not self._done.wait(timeout):
            self.give_up()
        return self._outcome

    def give_up(self):
        if not self._done.is_set():
            _stop(self._thread)
            self._done.set()

    def _work(self, compute):
        try:
            outcome = compute()
            self._outcome = outcome if not self._done.is_set() else None
            self._done.set()
        except Stopped:
            pass


class Call:
    """One call: what to compute, and later its outcome."""

    def __init__(self, compute, number):
        self.compute, self.number = compute, number
        self.outcome, self.started = None, time.monotonic()
        self.finished, self.late = threading.Event(), False


class LatestWins:
    """At most one call runs and one waits; a newer call takes the place of the waiting one.

    compute() must not raise. on_result(outcome) and on_wait(seconds or None) may be called from another thread.
    """

    _all = weakref.WeakSet()

    def __init__(self, on_result, on_wait, patience=0.15):
        self._all.add(self)
        self.on_result, self.on_wait, self.patience = on_result, on_wait, patience
        self._lock = threading.Condition()
        self._deliver_lock = threading.RLock()
        self._running = self._waiting = self._clock = None
        self._threads, self._count, self._delivered = [], 0, 0

    def submit(self, compute):
        """Call `compute` in the thread. Returns when the result is delivered, or when patience is over."""
        with self._lock:
            self._count += 1
            call = Call(compute, self._count)
            if self._running is not None:  # something slow is under way: do not wait as well
                call.late, self._waiting = True, call
                self._start_clock()
                return
            self._running = call
            self._start(self._work)
        call.finished.wait(self.patience)
        with self._lock:
            if not call.finished.is_set():
                call.late = True
                self.on_wait(time.monotonic() - call.started)
                self._start_clock()
                return
        self._deliver(call)

    @classmethod
    def busy(cls):
        """Is a call of any explorer under way?"""
        return any(one._running is not None for one in list(cls._all))

    def wait(self, timeout=30.0):
        """Wait until nothing runs and everything is delivered; True if that came in time."""
        end = time.monotonic() + timeout
        while alive := [thread for thread in self._threads if thread.is_alive()]:
            alive[0].join(max(end - time.monotonic(), 0))
            if time.monotonic() >= end:
                return False
        return True

    def stop(self):
        """Ask the running function to end: `Stopped` is raised in it at its next line of Python."""
        with self._lock:
            self._waiting = None
            if self._running is not None:
                _stop(self._worker)

    def _start(self, target):
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=target, daemon=True, name=f"explorer {target.__name__}")
        self._threads.append(thread)
        thread.start()
        if target == self._work:
            self._worker = thread

    def _start_clock(self):
        if self._clock is None:
            self._clock = True
            self._start(self._tick)

    def _work(self):
        call = self._running
        while call is not None:
            call.started = time.monotonic()
            try:
                call.outcome = call.compute()
            except Stopped as stopped:  # it came just after the function's own end
                call.outcome = stopped
            try:
                late, following = self._finish(call)
            except Stopped:  # it came even later
                late, following = self._finish(call)
            if late:
                self._deliver(call)
            call = following

    def _finish(self, call):
        """Finished, and idle or on to the next, in one step: no submit ever meets a worker that is already done."""
        with self._lock:
            if self._running is call:
                call.finished.set()
                self._running, self._waiting = self._waiting, None
                self._lock.notify_all()
            return call.late, self._running

    def _deliver(self, call):
        with self._deliver_lock:
            if call.number > self._delivered:  # an old result never covers a newer one
                self._delivered = call.number
                self.on_result(call.outcome)

    def _tick(self):
        with self._lock:
            while self._running is not None:
                seconds = time.monotonic() - self._running.started
                if seconds >= self.patience:
                    self.on_wait(seconds)
                self._lock.wait(0.5)  # or until something has finished
            self._clock = None
            self.on_wait(None)
