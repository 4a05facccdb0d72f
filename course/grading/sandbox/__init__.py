"""Run a submission's code where it can do no harm, and talk to it about data only.

`Sandbox` is one warm jail; `open()` gives a fresh session in it, one for each submission:

    with Sandbox() as sandbox, sandbox.open() as session:
        session.execute("def relu(x): ...")
        session.namespace()["relu"](x)
"""

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import time

from course.grading.sandbox import jail
from course.grading.sandbox.jail import NoSandbox
from course.grading.sandbox.limits import Limits

__all__ = ["Limits", "NoSandbox", "Sandbox"]

START_SECONDS = 60  # a cold disk can take long to load NumPy and matplotlib
WARDEN_SECONDS = 5  # in which a warden that was told to end must have ended everything


class Sandbox:
    """One warm jail. Sessions in it follow one after the other and share nothing."""

    def __init__(self, data=None, weak=False):
        """Start it; it gets warm by itself, in about a second.

        data: folder for `course.data` inside. weak: no jail, only limits; the instructor must ask for it.
        """
        self.isolation = "weak" if weak else jail.isolation()
        self._folder = tempfile.TemporaryDirectory(prefix="course-weak-") if weak else None
        started = jail.start_weak(self._folder.name, data) if weak else jail.start(data)
        self._process, self._control = started
        self._sessions, self._ready = 0, False

    def wait(self):
        """Wait until it is warm, which `open` does as well. NoSandbox, with what it said, if it does not start."""
        if not self._ready and not self._receive(START_SECONDS)[0].get("ready"):
            raise NoSandbox(f"the sandbox did not start: {self._words()}")
        self._ready = True

    def open(self, limits=None, used=None):
        """Fork a child for one submission. Returns a Session, to be closed or used in a `with`; its `life` can tell
        afterwards why it ended.

        used: {"cpu": ..., "wall": ...} seconds of its limits that earlier sessions of this submission have taken. The
        child's processes cannot tell: all limits that can be seen from inside are the whole ones.
        """
        from course.grading.sandbox.client import Session

        self.wait()
        limits = limits or Limits()
        left = {name: getattr(limits, f"{name}_seconds") - (used or {}).get(name, 0) for name in ("cpu", "wall")}
        ours, theirs = socket.socketpair()
        self._sessions += 1
        request = json.dumps({"id": self._sessions, "limits": limits.to_dict(), "left": left}).encode()
        with theirs:
            socket.send_fds(self._control, [request], [theirs.fileno()])
        reply, fds = self._receive(START_SECONDS)
        if reply.get("started") != self._sessions:
            ours.close()
            raise NoSandbox(f"the sandbox could not start a session: {self._words()}")
        life = Life(self, fds[0])
        session = Session(ours, limits.call_seconds, limits.cell_seconds, life.end, left["wall"],
                          output=limits.output)  # fmt: skip
        session.life = life
        return session

    def close(self):
        """End everything in the jail."""
        self._control.close()
        try:
            self._process.wait(5)
        except Exception:
            self._process.kill()
            self._process.wait(5)
        self._process.stdout.close()
        if self._folder:
            self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive(self, seconds):
        """Return (message, file descriptors) from the zygote; ({}, []) if it has ended or says nothing in time."""
        if not select.select([self._control], [], [], seconds)[0]:
            return {}, []
        message, fds, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        return (json.loads(message) if message else {}), fds

    def _words(self):
        """What the zygote printed before it ended."""
        self._process.kill()
        return self._process.stdout.read().decode(errors="replace").strip()[-1000:] or "it said nothing"


class Life:
    """The processes of one session: ends them all, and says why they ended and what they used."""

    def __init__(self, sandbox, pidfd):
        self._sandbox, self._pidfd, self._report = sandbox, pidfd, None

    def end(self, grace=0.2):
        """Kill every process of the submission, after `grace` seconds if it does not end by itself.

        Returns {"reason": "", "killed" or the limit that was reached, "cpu": seconds, "wall": seconds,
        "attempts": [texts of inside/attempts.py]}.
        """
        if self._report is None:
            # told to end, the warden adds up what was used; killed, it cannot
            for wait, then in ((grace, signal.SIGTERM), (WARDEN_SECONDS, signal.SIGKILL)):
                if select.select([self._pidfd], [], [], wait)[0]:
                    break
                with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                    signal.pidfd_send_signal(self._pidfd, then)
            os.close(self._pidfd)
            end = time.monotonic() + 10
            self._report = {}
            while "ended" not in self._report and time.monotonic() < end:
                self._report, _ = self._sandbox._receive(end - time.monotonic())
        return self._report
