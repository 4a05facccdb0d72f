"""Attacks on the line itself: student code that writes to the inherited socket, or makes its own side lie.

Each is shown with one defence switched off: `_weak` replaces one name of the grader's side while it grades.
"""

import contextlib
import functools
import json
import pickle
import socket
import threading
import types
from unittest import mock

import numpy as np
import pytest

from course.grading.classroom.worker import work
from course.grading.run import runner
from course.grading.sandbox import client
from course.grading.sandbox.errors import RemoteError
from course.grading.sandbox.inside import codec, wire
from tests.grading.hostile.attack import NO_RELU, SOURCE, Attack

HUGE = codec.Limits(size=2**28, depth=400, items=10**7, text=2**23)
LINE = """
try:
    import os, signal, socket, sys, time
    from inside import codec, encoder, server, wire
    class Line:  # no socket can be made inside; what is there can be written to
        def send(self, data):
            return os.write(3, data)
        def sendmsg(self, buffers):
            return os.write(3, b"".join(buffers))
        def recv_into(self, view):
            return os.readv(3, [view])
        def recv(self, size):
            return os.read(3, size)
        def setblocking(self, flag):
            os.set_blocking(3, flag)
        def fileno(self):
            return 3
        def close(self):
            os.close(3)
        sendall = send
    line = Line()
except Exception as error:
    print(type(error).__name__)
"""
# bounds of the student's own side are only code, which can be changed
UNBOUND = LINE + """
huge = codec.Limits(size=2**28, depth=400, items=10**7, text=2**23)
codec.encode.__defaults__ = (huge, None, None)
"""
ZEROS = mock.Mock(return_value=bytes(16))


def _weak(text, *replaced):
    """Graded with names of the grader replaced, the stored notebook holds `text`."""

    def show(attack, world):
        patches = [mock.patch.object(place, name, value) for place, name, value in replaced]
        for patch in patches:
            patch.start()
        try:
            found = work(attack.content(world), SOURCE, attack.limits)
        finally:
            for patch in patches:
                patch.stop()
        assert text in found["notebook"], "the attack does not work with the defence switched off"

    return show


def _costs_all(attack, world):
    """Without a new process for what comes after it, nothing would be graded."""
    with mock.patch.object(runner, "RESTARTS", 0):
        found = work(attack.content(world), SOURCE, attack.limits)
    assert not any(found["points"].values())


def _no_bound(attack, world):
    """Believed, the announced length takes all memory."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(wire.LENGTH.pack(2**62))
        with pytest.raises((MemoryError, OverflowError)):
            wire.receive(ours, 2**63)


def _no_deadline(attack, world):
    """Without a deadline the grader waits as long as the student wants."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.send(wire.LENGTH.pack(1000) + b"x")
            waits = threading.Thread(target=lambda: pytest.raises(wire.Closed, wire.receive, ours, 10**6))
            waits.start()
            waits.join(0.3)
            assert waits.is_alive()
        waits.join()


def _unpickled(attack, world):
    """A grader that takes replies with pickle runs what they say."""
    class Evil:
        def __reduce__(self):
            return exec, (f"open({str(world.folder / 'proof.txt')!r}, 'w').close()",)

    pickle.loads(pickle.dumps(Evil()))
    assert world.proof()


def _raises(attack, world):
    """A grader that counts on certain errors only is stopped by it."""
    few = types.SimpleNamespace(suppress=lambda *_: contextlib.suppress(KeyError))
    with mock.patch.object(runner, "contextlib", few), pytest.raises(RemoteError):
        work(attack.content(world), SOURCE, attack.limits)


def _believed_shape(attack, world):
    """Believed, the shape takes all memory."""
    with pytest.raises(MemoryError):
        np.zeros((2**39, 2**10))


def _cyclic_compared(attack, world):
    """Compared as it comes out of pickle, a list that contains itself is too deep."""
    circle = []
    circle.append(circle)
    with pytest.raises(RecursionError):
        assert pickle.loads(pickle.dumps(circle)) == pickle.loads(pickle.dumps(circle))
    with pytest.raises(ValueError):
        json.dumps(circle)


def _forging(operation, reply):
    """Code that answers a request for relu by itself."""
    return LINE + f"""
if "server" in globals():
    real = server._Session.answer

    def answer(self, request):
        data = bytes(request)
        if b"s\\4\\0\\0\\0relu" in data and b"s\\3\\0\\0\\0{operation}" in data:
            {reply}
        return real(self, request)

    server._Session.answer = answer
"""


UNLIMITED = (client, "Session", functools.partial(client.Session, limits=HUGE))
KNOWN_IDS = (client.secrets, "token_bytes", ZEROS)
FORGED = LINE + """
for _ in range(COUNT):
    wire.send(line, codec.encode((bytes(16), "ok", WHAT, [("stdout", "FOR" + "GED")], [])))
"""
BROKE = "the cell extra-1 ended the program"


def _own(story, shown, code, **others):
    return Attack(story, shown, extra={"setup": code}, **{"marks": {}, "noted": BROKE, **others})


def _call(story, shown, code, **others):
    return Attack(story, shown, {"relu": code}, **others)


ATTACKS = {
    "forged_reply": _own("answers before it is asked, with a guessed id", _weak("FORGED", KNOWN_IDS),
                         FORGED.replace("COUNT", "1").replace("WHAT", "None"), absent=("FORGED",)),
    "many_replies": _own("sends many answers ahead, for later questions",
                         _weak("FORGED", KNOWN_IDS, (wire, "is_quiet", lambda sock: True)),
                         FORGED.replace("COUNT", "30").replace("WHAT", "'FOR' + 'GED'"), absent=("FORGED",)),
    "giant_length": _own("announces a frame of 4 EiB", _no_bound, LINE + "line.send((2**62).to_bytes(8, 'little'))"),
    "half_a_frame": _own("sends half a frame and sleeps", _no_deadline,
                         LINE + "line.send((1000).to_bytes(8, 'little') + b'x')\ntime.sleep(100)",
                         limits={"cell_seconds": 1}, noted="took too long"),
    "garbage": _own("sends noise", _no_bound, LINE + "line.send(b'\\xff' * 4096)"),
    "pickled": _own("sends a pickle that runs code where it is loaded", _unpickled, LINE + """
import pickle
class Evil:
    def __reduce__(self):
        return exec, ("open('$FOLDER/proof.txt', 'w').close()",)
data = pickle.dumps(Evil())
wire.send(line, [data])"""),
    "closed_line": _own("closes the line", _costs_all,
                        "import os\nos.close(3) if os.getcwd() == '/home/student' else 0"),
    "giant_array": _call("returns an array of 128 MB, past its own bounds", _weak("(16777216,)", UNLIMITED),
                         UNBOUND + "\ndef relu(x):\n    return np.zeros(2**24)", absent=("(16777216,)",)),
    "many_values": _call("returns a list of a million values", _weak("a list of 150000 items", UNLIMITED),
                         UNBOUND + "\ndef relu(x):\n    return [0] * 150_000", absent=("150000 items",)),
    "deep_list": _call("returns a list that is 300 deep", _weak("a list of 1 items", UNLIMITED), UNBOUND + """
def relu(x):
    deep = []
    for _ in range(300):
        deep = [deep]
    return deep""", absent=("a list of 1 items",)),
    "cyclic": _call("returns a list that contains itself", _cyclic_compared,
                    "def relu(x):\n    circle = []\n    circle.append(circle)\n    return circle"),
    "lying_array": _call("the shape of the array says more than its bytes", _believed_shape, LINE + """
import struct

def lie(self, array):
    self.write(b"a", b"d", bytes([0, 2, 0, 1]), struct.pack("<QQQQ", 0, 2**39, 2**10, 8), bytes(8))

def relu(x):
    encoder._Encoder._array = lie
    return np.maximum(x, 0)"""),
    "stopped_when_asked": _own("stops itself when the grader asks for relu", _costs_all,
                               _forging("get", "os.kill(os.getpid(), signal.SIGSTOP)"), marks=NO_RELU, noted="",
                               limits={"call_seconds": 1}),
    "forged_error": _own("answers with an error when the grader asks for relu", _raises, _forging("get", """
            number = data[data.index(b"b\\x10\\0\\0\\0") + 5 :][:16]
            report = {"name": "KeyboardInterrupt", "known": "KeyboardInterrupt", "text": "", "entered": True,
                      "frames": []}
            return codec.encode((number, "error", report, [], []))"""), marks=NO_RELU, noted=""),
    "forged_status": _own("answers with a status that does not exist", _costs_all, _forging("get", """
            number = data[data.index(b"b\\x10\\0\\0\\0") + 5 :][:16]
            return codec.encode((number, "full marks", 23.0, [], []))"""), marks=NO_RELU, noted=""),
}  # fmt: skip
