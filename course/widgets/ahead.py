"""Frames ahead: pictures of the states that the reader may ask for next, computed while nothing else is to do.

While an explorer is idle, one thread computes the states along the axis that was moved last, or that has the focus,
nearest first, and sends their pictures to the page, which shows one at once when its control moves (frames.js).
Python's own answer follows when the reader rests, and wins. Input that was not foreseen cancels the work; a running
cell suspends it, and when it has ended all frames are out of date.

It is only for functions that do nothing but answer. What printed, drew on the page or gave two answers for one state
is never called ahead, and neither is what took over 50 ms. The environment variable COURSE_FRAMES_AHEAD=0 turns it
off, and so does `explorer.ahead = False`.
"""

import atexit
import itertools
import os
import threading
import time

from course.widgets.cells import CELLS
from course.widgets.frames import Frames, key_of
from course.widgets.worker import Aside

REST = 0.1  # seconds without input before a foreseen state is computed again
PAUSE = 0.02  # seconds after input and answer before work begins
SLOW = 0.05  # seconds for one call of the reader's function
COUNT = itertools.count(1)


def switched_on():
    """Do explorers work ahead, where nothing else is said?"""
    return os.environ.get("COURSE_FRAMES_AHEAD", "1") != "0"


class Cancelled(Exception):
    """Something else is to do."""


class Ahead:
    """The work ahead of one explorer.

    wanted(): is it switched on? length(axis): number of positions on an axis. answer(): compute the present state.
    compute(positions): call the reader's function for another state, in a thread; must not raise. draw(outcome,
    go_on): returns (frame or None, what the functions did); calls go_on often, which may raise. send(message,
    buffers): to the page. busy(): is a slow call under way?
    """

    def __init__(self, wanted, length, answer, compute, draw, send, busy):
        self.frames = Frames(length)
        self._answer, self._compute, self._draw, self._send, self._busy = answer, compute, draw, send, busy
        self._wanted, self.page = wanted, False
        self.refused = ""  # why this function is not called ahead
        self.basis = 0  # number of the frames that go together; with 0 the page keeps none
        self._lock, self._unit = threading.RLock(), threading.RLock()
        self._aside, self._cancelled = None, threading.Event()
        self._slow = self._checked = self._due = False
        self._strikes = 0  # calls in a row that took too long
        self._input = self._last = 0.0  # when input came, and when input or an answer

    @property
    def working(self):
        return self.page and self.allowed and not self._slow

    @property
    def allowed(self):
        """May the function be called for states that nobody asked for?"""
        return not self.refused and self._wanted()

    # told by the explorer

    def moved(self, positions):
        """New input. True if it was foreseen: an answer follows by itself. Else the work under way has ended."""
        with self._lock:
            self._input = self._last = time.monotonic()
            self._due = self.frames.move(positions) is not None
        if not self._due:
            self.cancel()
        IDLE.attend(self)
        return self._due

    def hello(self):
        """A page has opened, without a frame. Returns the basis, which it has to be told."""
        self.page = True
        self.basis = 0
        return self.forget()

    def attend(self, axis):
        """The focus or the mouse is on a control: its axis comes first."""
        with self._lock:
            self.frames.axis = axis
        IDLE.attend(self)

    def answered(self, positions, frame, seen):
        """Python's own answer, None if it failed, and what the functions did besides."""
        key = key_of(positions)
        with self._lock:
            self._last = time.monotonic()
            self._slow, self._strikes = seen.seconds > SLOW, 0
            self._due = self._due and positions != self.frames.positions
            self._judge(seen, self.frames.kept.get(key), frame)
            if self.working and self.basis == 0 or self.basis and not self.working:
                self.forget()
            if self.working and frame is not None:
                dropped = self.frames.keep(key, frame)  # the page keeps answers as well
                if dropped:
                    self._send({"basis": self.basis, "drop": dropped}, [])
            elif key in self.frames.kept:
                self.frames.keep(key, None)
        IDLE.poke()

    def forget(self):
        """All frames are out of date. Returns the new basis, which the page has to be told."""
        self.cancel()
        with self._lock:
            if self.frames.kept or self.working != bool(self.basis):  # else the page has none
                self.basis = next(COUNT) if self.working else 0
            self.frames.clear()
            self._checked = self._due = False
            return self.basis

    def confirm(self):
        """Compute a foreseen state again, now."""
        with self._lock:
            due, self._due = self._due, False
        if due:
            self.cancel()
            self._answer()

    def cancel(self):
        """End the work under way. What hangs in the reader's function is left alone after a moment."""
        self._cancelled.set()
        if aside := self._aside:
            aside.give_up()
        if self._unit.acquire(timeout=SLOW):
            self._unit.release()

    # asked by the thread

    def delay(self):
        """Seconds until there is something to do, None if there is nothing."""
        if CELLS.running or self._busy():
            return None
        with self._lock:
            times = [self._input + REST] if self._due else []
            times += [self._last + PAUSE] if self._next() is not None else []
        return max(min(times) - time.monotonic(), 0.0) if times else None

    def step(self):
        """Do what is due: confirm what was foreseen, or compute one frame."""
        if self._due and time.monotonic() >= self._input + REST:
            self.confirm()
            return
        with self._unit:
            self._cancelled.clear()
            with self._lock:
                positions, basis = self._next(), self.basis
            if positions is None:
                return
            try:
                frame, seen = self._one(positions)
            except Cancelled:
                return
            with self._lock:
                if basis == self.basis and not self._cancelled.is_set():
                    self._take(positions, frame, seen)

    # own

    def _next(self):
        """Positions to compute: first the present state once more, does it give the same answer? None: nothing."""
        frames = self.frames
        if not self.working or frames.axis is None or frames.positions is None:
            return None
        if not self._checked:
            return frames.positions
        return None if frames.full else frames.next()

    def _one(self, positions):
        """(frame or None, what the functions did); raises Cancelled."""
        self._aside = Aside(lambda: self._compute(positions))
        outcome = self._aside.wait(2 * SLOW)
        self._aside = None
        if self._cancelled.is_set():
            raise Cancelled
        if outcome is None:
            self._too_slow()
            raise Cancelled
        return self._draw(outcome, self._go_on)

    def _go_on(self):
        if self._cancelled.is_set() or CELLS.running:
            raise Cancelled

    def _take(self, positions, frame, seen):
        key = key_of(positions)
        known = self.frames.kept.get(key)
        if self._judge(seen, known, frame):
            self._send({"basis": self.forget()}, [])
        elif seen.seconds > SLOW:
            self._too_slow()
        elif known is not None:
            self._strikes, self._checked = 0, True  # the same once more
        else:
            self._strikes = 0
            dropped = self.frames.keep(key, frame)  # None after an error, which only the reader's own move shall show
            if frame is not None:
                message = {"basis": self.basis, "key": key, "drop": dropped}
                message |= {"readout": frame.readout, "alt": frame.alt, "error": frame.error}
                self._send(message, [frame.png])

    def _too_slow(self):
        """Once may be chance; twice in a row ends the work until the next answer."""
        self._strikes += 1
        self._slow = self._strikes > 1

    def _judge(self, seen, before, frame):
        """Is this function no longer to be called ahead?"""
        twice = before is not None and frame is not None and before != frame
        self.refused = self.refused or self.misbehaviour(seen) or ("it gave two answers for one state" if twice else "")
        return bool(self.refused)

    @staticmethod
    def misbehaviour(seen):
        """What a function did besides answering, in words; empty if nothing."""
        return "it prints" if seen.printed else "it draws on the page" if seen.drew else ""


class Idle:
    """The one thread that works ahead, for the explorer that was used last."""

    def __init__(self):
        self._changed, self._thread, self._ahead, self._end = threading.Condition(), None, None, False

    def attend(self, ahead):
        """Work for this explorer from now on."""
        with self._changed:
            before, self._ahead = self._ahead, ahead
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="explorers ahead")
                self._thread.start()
            self._changed.notify_all()
        if before is not None and before is not ahead:
            before.confirm()

    def poke(self):
        """There may be something to do again."""
        with self._changed:
            self._changed.notify_all()

    def stop(self):
        """Python ends: a thread that is drawing then would abort it."""
        with self._changed:
            self._end = True
            self._changed.notify_all()
        if self._thread is not None:
            self._ahead.cancel()
            self._thread.join(1)

    def _work(self):
        while not self._end:
            with self._changed:
                ahead, delay = self._ahead, self._ahead.delay()
                if delay != 0:
                    self._changed.wait(delay)
                    continue
            ahead.step()


IDLE = Idle()
atexit.register(IDLE.stop)
