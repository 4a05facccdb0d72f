"""The session inside the sandbox: takes requests from the grader, runs the student's code, answers with data.

A request is (id, released, operation, operands, options, seconds), a reply (id, status, value, outputs, changed):

    id          16 random bytes, sent back
    released    [(number, count), ...] of handles that the grader has dropped
    operation   "execute", "names", "get", "call", "calls", or one of OPERATIONS
    operands    a tuple; a handle in it is the object itself; for "execute" the number of the cell, its
                source, and the characters that it may print; for "calls" the arguments of each call as a tuple
    options     keyword arguments of a call
    seconds     after which the student's code is stopped, if it lets itself be stopped
    status      "ok", "error" (value: see report.describe_error), "missing" (no such name) or "late"
    outputs     what was printed and displayed: see capture.Recorder
    changed     [(number of the array among those in operands, the array now or None), ...]

Nothing here is a defence: the student's code runs in the same process and can do all that this module can. The other
side takes every reply as data.
"""

import builtins
import contextlib
import logging
import operator
import os
import signal
import socket
import sys
import threading
import warnings

import numpy as np

from . import codec, wire
from .capture import Capture
from .handles import TOO_LARGE, Handles
from .report import describe_error
from .shell import close_figures, new_shell

STUB = os.path.join(os.path.dirname(__file__), "stub")
CALL_TEXT = 10_000  # characters that one call may print
NO_FOLDER = "/dev/null/none"  # which nobody can make


class OutOfTime(BaseException):
    """The time for this request is up."""


def _convert(kind):
    return lambda value: kind(value)


# Operators by name, each a function of the operands.
OPERATIONS = {
    name: getattr(operator, name)
    for name in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_", "xor", "lshift", "rshift",
        "neg", "pos", "abs", "invert", "eq", "ne", "lt", "le", "gt", "ge", "getitem", "setitem", "delitem", "contains",
        "index",
    )
} | {
    "len": len, "iter": iter, "next": next, "isinstance": isinstance, "getattr": getattr, "setattr": setattr,
    "delattr": delattr, "bool": _convert(bool), "float": _convert(float), "int": _convert(int),
    "complex": _convert(complex), "repr": lambda value: repr(value)[:10_000], "str": lambda value: str(value)[:10_000],
    "dir": lambda value: [name for name in dir(value) if type(name) is str and not name.startswith("_")],
}  # fmt: skip

_shell = None


def warm_up():
    """Do once, before any fork, what costs time: import what students import, and make the shell."""
    global _shell
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot

    if _shell is None:
        _shell = new_shell()


def serve_fd(fd):
    """Serve the socket with this file descriptor."""
    serve(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fd))  # told everything, it asks the system nothing


def serve(sock):
    """Answer the requests that come through `sock` until the other end is closed. Takes over this whole process."""
    warm_up()
    session = _Session(_shell)
    own = os.getpid()
    getpid, leave, receive, send, size = os.getpid, os._exit, wire.receive, wire.send, codec.LIMITS.size
    while True:
        try:
            request = receive(sock, size)
        except wire.WireError:
            return
        reply = session.answer(request)
        if getpid() != own:  # a fork of the student's that came back here
            leave(0)
        try:
            send(sock, reply)
        except wire.WireError:
            return


class _Session:
    def __init__(self, shell):
        self.shell, self.handles, self.capture = shell, Handles(), Capture()
        shell.recorder = self.capture.recorder
        sys.path[:0] = ["", STUB]  # "": a module that a cell writes can be imported
        os.environ.setdefault("COURSE_OFFLINE", "1")
        os.environ.setdefault("COURSE_CACHE_DIR", os.environ.get("COURSE_DATA_DIR", NO_FOLDER))
        builtins.input = _no_input
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
        # written into, later, by the student's code; what is used here is bound now
        self.errstate, self.catch_warnings, self.setitimer = np.errstate, warnings.catch_warnings, signal.setitimer
        self.armed = False
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGALRM, self._alarm)
        else:
            self.setitimer = lambda *_: None

    def answer(self, request):
        """Return the reply to a request, as buffers."""
        arrays = []
        number, released, operation, operands, options, seconds = codec.decode(
            request, found=self.handles.found, arrays=arrays
        )
        del request
        for handle, count in released:
            self.handles.release(handle, count)
        before = [] if operation == "execute" else [(a, a.shape, a.dtype, a.tobytes()) for a in arrays]
        self.capture.begin(operands[2] if operation == "execute" else CALL_TEXT)
        if operation == "execute":
            status, value = self._execute(*operands[:2], seconds)
        elif operation == "names":
            status, value = "ok", sorted(n for n in self.shell.user_ns if type(n) is str and not n.startswith("_"))
        elif operation == "get":
            found = operands[0] in self.shell.user_ns
            status, value = ("ok", self.shell.user_ns[operands[0]]) if found else ("missing", None)
        elif operation == "calls":
            status, value = self._run(operands[0], operands[1:], {}, seconds)
        else:
            function, *operands = operands if operation == "call" else (OPERATIONS[operation], *operands)
            status, value = self._run(function, [operands], options, seconds)
            value = value[0] if status == "ok" else value
        outputs = self.capture.end()
        changed = [(i, _now(*old)) for i, old in enumerate(before) if _has_changed(*old)]
        if operation == "calls" and status == "ok":
            return self._encode(number, value, tuple, outputs, changed)
        return self._encode(number, [value], lambda values: values[0], outputs, changed, status)

    def _encode(self, number, values, together, outputs, changed, status="ok"):
        """The reply; its value is `together` of the values, each replaced by a handle if it cannot be sent."""
        refer = self.handles.refer

        def encoded(values):
            return codec.encode((number, status, together(values), outputs, changed), refer=refer)

        with contextlib.suppress(Exception):  # not only CodecError: the objects are the student's
            return encoded(values)
        # a value is too large, too deep or in a circle, or the changed arrays take the room: say so
        changed = [(i, None) for i, _ in changed]
        with contextlib.suppress(Exception):
            return encoded([value if self._can_be_sent(value) else refer(value, TOO_LARGE) for value in values])
        return encoded([refer(value, TOO_LARGE) for value in values])

    def _can_be_sent(self, value):
        try:
            codec.encode(value, refer=self.handles.refer)
        except Exception:
            return False
        return True

    def _run(self, function, groups, options, seconds):
        """Call a function as course.checks.call does, once for each group of arguments and without warnings.

        Returns (status, value): the value is the list of all results, or describes the error.
        """
        disabled = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            with self.errstate(all="ignore"), self.catch_warnings():
                warnings.simplefilter("ignore")
                self._arm(seconds)
                returned = []
                for operands in groups:
                    returned.append(function(*operands, **options))
                self.armed = False
                return "ok", returned
        except OutOfTime:
            return "late", None
        except BaseException as error:
            self.armed = False
            return "error", describe_error(error, entered=error.__traceback__.tb_next is not None)
        finally:
            self.armed = False
            self.setitimer(signal.ITIMER_REAL, 0)
            logging.disable(disabled)

    def _execute(self, number, source, seconds):
        """Run the cell with this number. Returns (status, value)."""
        error = None
        try:
            self.shell.execution_count = number  # the name of the code, and so the frames of errors, hold it
            self._arm(seconds)
            result = self.shell.run_cell(source, store_history=True)
            self.armed = False
            error = result.error_before_exec or result.error_in_exec
            with contextlib.suppress(Exception):
                close_figures(self.shell)
        except BaseException as caught:
            error = caught
        finally:
            self.armed = False
            self.setitimer(signal.ITIMER_REAL, 0)
        if isinstance(error, OutOfTime):
            return "late", None
        return ("ok", None) if error is None else ("error", describe_error(error))

    def _arm(self, seconds):
        self.armed = True
        self.setitimer(signal.ITIMER_REAL, seconds)

    def _alarm(self, signum, frame):
        if self.armed:
            self.armed = False
            raise OutOfTime


def _no_input(prompt=""):
    raise RuntimeError("input() is not available while grading: nobody is there to answer")


def _has_changed(array, shape, dtype, content):
    return array.shape != shape or array.dtype != dtype or array.tobytes() != content


def _now(array, shape, dtype, content):
    """The array after the call, or None if it has another shape or type than before."""
    return array if array.shape == shape and array.dtype == dtype else None
