"""The grader's end of the line: run cells and call the student's functions, within time, taking replies as data."""

import re
import secrets
import socket
import time
from collections import deque
from dataclasses import dataclass, field

from course.grading.sandbox.errors import (
    BROKE,
    RemoteError,
    SandboxDied,
    SandboxTimeout,
    SandboxTooLong,
    remote_error,
)  # fmt: skip
from course.grading.sandbox.inside import codec, wire
from course.grading.sandbox.proxy import Namespace, Proxies, number_of
from course.grading.sandbox.replies import CALL_TEXT, checked, error_output, notebook_outputs, write_changes

__all__ = ["CallLog", "CellResult", "RemoteError", "SandboxDied", "SandboxTimeout", "Session"]

GRACE = 1.0  # seconds after which code that did not stop at its limit is killed
PATIENCE = 2  # calls of one object that may run out of time; more are not tried
ENDLESS = "and was ended: is there a loop that never ends?"
LOGGED = 1000  # calls kept in the log


@dataclass(frozen=True)
class CellResult:
    """What running one cell gave. `outputs` have the form of nbformat: stream, display_data and error."""

    outputs: list = field(default_factory=list)
    error: Exception | None = None
    seconds: float = 0.0
    timed_out: bool = False
    died: bool = False


@dataclass(frozen=True)
class CallLog:
    """One call into the sandbox, for the instructor: hidden inputs may show in what was printed."""

    what: str
    seconds: float
    stdout: str = ""
    stderr: str = ""
    error: str = ""


class Session:
    """One submission's process. After it has died every request raises SandboxDied at once.

    call_timeout, cell_timeout: seconds for one call and one cell; total_timeout: for all of them together, or None.
    output: characters that one cell may print.
    kill: ends the student's process and all its children; called once, when something went wrong or at the end.
    calls: the last calls as CallLog.
    """

    def __init__(self, sock, call_timeout=10.0, cell_timeout=60.0, kill=None, total_timeout=None, limits=codec.LIMITS,
                 output=200_000):  # fmt: skip
        self._sock, self._kill, self._limits, self._output = sock, kill, limits, output
        self.call_timeout, self.cell_timeout, self._left = call_timeout, cell_timeout, total_timeout
        self._proxies = Proxies(self)
        self.cells = {}  # number: source
        self.words = set()  # in the sources
        self._slow = {}  # number of an object: how often it ran out of time
        self.calls = deque(maxlen=LOGGED)
        self.death = ""  # why the process has ended

    @property
    def alive(self):
        """Can it still be asked?"""
        return not self.death

    @property
    def cut(self):
        """Was a call ended because it took too long?"""
        return bool(self._slow)

    def execute(self, source):
        """Run a cell. Never raises for anything that the cell does."""
        start = time.monotonic()
        if len(source) > self._limits.text:
            most = self._limits.text
            error = SandboxTooLong(f"the cell has {len(source)} characters; at most {most} are run")
            return CellResult([error_output(error)], error)
        try:
            number = len(self.cells) + 1
            self.cells[number] = source
            self.words.update(re.findall(r"[^\W\d]\w{0,39}", source))
            status, value, outputs, _ = self._ask("execute", (number, source, self._output), {}, self.cell_timeout)
            outputs = notebook_outputs(outputs, self._output)
            error = remote_error(value, self.cells) if status == "error" else None
        except SandboxTimeout as error:
            return CellResult([error_output(error)], error, time.monotonic() - start, True, died=not self.alive)
        except SandboxDied as error:
            return CellResult([error_output(error)], error, time.monotonic() - start, died=True)
        except ValueError as problem:
            error = self.broken(problem)
            return CellResult([error_output(error)], error, time.monotonic() - start, died=True)
        if status == "late":
            error = SandboxTimeout(f"the cell ran longer than {self.cell_timeout:g} s {ENDLESS}")
        if error is not None:
            outputs.append(error_output(error))
        return CellResult(outputs, error, time.monotonic() - start, timed_out=status == "late")

    def namespace(self):
        """A dict that holds what is put into it, and gives the student's names from the sandbox."""
        return Namespace(self)

    def names(self):
        """The names that the student's cells have defined, without those that begin with an underscore."""
        names = self._value("names", ())
        if type(names) is not list or not all(type(name) is str for name in names):
            raise self.broken("the names are no list of names")
        return names

    def get(self, name):
        """What the student's name stands for: plain data, or a proxy. KeyError if it was never defined."""
        status, value = self._result("get", (name,), {}, name)
        if status == "missing":
            raise KeyError(name)
        return value

    def apply(self, operation, *operands):
        """The result of one of the operations of inside/server.py."""
        return self._value(operation, operands)

    def call(self, function, arguments, options, name=""):
        """Call the object behind the proxy `function`. What the call changes in arrays is changed in the arguments."""
        return self._patiently("call", function, arguments, options, name)

    def call_each(self, function, groups, name=""):
        """Call it with each group of arguments, within the time of one call. Returns the tuple of the results, which
        are looked at when the last call is done."""
        returned = self._patiently("calls", function, tuple(map(tuple, groups)), {}, name)
        if type(returned) is not tuple or len(returned) != len(groups):
            raise self.broken("other results than calls")
        return returned

    def _patiently(self, operation, function, operands, options, name):
        number = number_of(function)
        if self._slow.get(number, 0) >= PATIENCE:
            raise SandboxTimeout(f"it ran longer than {self.call_timeout:g} s {PATIENCE} times and is not tried again")
        try:
            return self._value(operation, (function, *operands), options, name)
        except SandboxTimeout:
            self._slow[number] = self._slow.get(number, 0) + 1
            raise

    def close(self):
        """End the student's process, whatever it is doing."""
        if self.alive:
            self._end("the session was closed")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _value(self, operation, operands, options=None, name=""):
        status, value = self._result(operation, operands, options or {}, name)
        if status == "missing":
            raise self.broken("an unexpected status")
        return value

    def _result(self, operation, operands, options, name):
        """Ask; log what was printed; raise what the student's code raised."""
        start, arrays, error = time.monotonic(), [], None
        printed = {"stdout": "", "stderr": ""}
        try:
            status, value, outputs, changed = self._ask(operation, operands, options, self.call_timeout, arrays)
            for kind, text in checked(outputs, CALL_TEXT):
                if kind != "display":
                    printed[kind] += text
            if status == "late":
                error = SandboxTimeout(f"the call ran longer than {self.call_timeout:g} s {ENDLESS}")
            elif status == "error":
                error = remote_error(value, self.cells)
            write_changes(changed, arrays)
        except (SandboxDied, SandboxTimeout) as caught:
            error = caught
        except ValueError as problem:
            if isinstance(problem, codec.CodecError):  # the caller's own values cannot be sent
                raise
            error = self.broken(problem)
        said = f"{type(error).__name__}: {error}"[:500] if error is not None else ""
        self.calls.append(CallLog(name or operation, time.monotonic() - start, **printed, error=said))
        if error is not None:
            raise error
        return status, value

    def _ask(self, operation, operands, options, seconds, arrays=None):
        """Send a request and return (status, value, outputs, changed) of its reply; kills whoever breaks a rule."""
        if not self.alive:
            raise SandboxDied(f"the student's process has ended: {self.death}")
        if self._left is not None:
            if self._left <= 0:
                raise SandboxTimeout("the time for all calls together is used up")
            seconds = min(seconds, self._left)
        number, start = secrets.token_bytes(16), time.monotonic()
        # CodecError: the grader's own values cannot be sent; nothing has happened yet
        request = codec.encode((number, self._proxies.take_released(), operation, tuple(operands), options,
                                float(seconds)), self._limits, self._proxies.refer, arrays)  # fmt: skip
        deadline = start + seconds + GRACE
        try:
            if not wire.is_quiet(self._sock):
                try:  # an end is told from a message that nobody asked for
                    gone = not self._sock.recv(1, socket.MSG_PEEK)
                except OSError:
                    gone = True
                raise self._end("it has ended") if gone else self.broken("it spoke without being asked")
            wire.send(self._sock, request, deadline)
            reply = wire.receive(self._sock, self._limits.size, deadline)
            reply = codec.decode(reply, self._limits, self._proxies.found)
        except wire.TooSlow:
            self._end("it did not stop when its time was up")
            raise SandboxTimeout(f"the code ran longer than {seconds:g} s {ENDLESS}") from None
        except wire.Closed:
            raise self._end("it has ended") from None
        except (wire.WireError, codec.CodecError) as problem:
            raise self.broken(problem) from None
        except BaseException:  # the stop button: a reply may still come, and would be taken for the next one
            if self.alive:
                self._end("the request was interrupted")
            raise
        finally:
            if self._left is not None:
                self._left -= time.monotonic() - start
        if type(reply) is not tuple or len(reply) != 5 or type(reply[0]) is not bytes or reply[0] != number:
            raise self.broken("a reply that nobody asked for")
        if type(reply[1]) is not str or reply[1] not in ("ok", "error", "missing", "late"):
            raise self.broken("a reply without a status")
        if reply[1] == "error" and type(reply[2]) is not dict:
            raise self.broken("an error without a report")
        return reply[1:]

    def broken(self, problem):
        """End the process because of a reply that cannot be; returns the error to raise."""
        return self._end(f"{BROKE}: {problem}")

    def _end(self, reason):
        """Kill and close. Returns the error to raise."""
        if self.alive:
            self.death = reason
            try:
                self._sock.close()
            finally:
                if self._kill is not None:
                    self._kill()
        return SandboxDied(f"the student's process has ended: {self.death}")
