"""Does a session give what the student's code did, within its bounds, and cut off whoever breaks the rules?"""

import base64
import json
import os
import socket
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.checks.call import FromElsewhere, what_was_raised
from course.grading.sandbox.client import PATIENCE, RemoteError, SandboxDied, SandboxTimeout, Session
from course.grading.sandbox.errors import remote_error
from course.grading.sandbox.inside import codec, wire


@pytest.fixture
def session(plain):
    with plain.open(call_timeout=5, cell_timeout=20) as session:
        yield session


def _text(result, name="stdout"):
    return "".join(o["text"] for o in result.outputs if o["output_type"] == "stream" and o["name"] == name)


def _shown(result):
    return [o["data"] for o in result.outputs if o["output_type"] == "display_data"]


# Cells


def test_outputs_of_a_cell(session):
    """Do prints, displays and the last value come in order, in the form of nbformat?"""
    result = session.execute("import sys\nprint('a')\ndisplay(2)\nprint('b', file=sys.stderr)\n[3]")
    assert result.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "display_data", "data": {"text/plain": "2"}, "metadata": {}},
        {"output_type": "stream", "name": "stderr", "text": "b\n"},
        {"output_type": "display_data", "data": {"text/plain": "[3]"}, "metadata": {}},
    ]
    assert result.error is None and not result.timed_out and not result.died and 0 < result.seconds < 20
    assert session.execute("4;").outputs == [] and session.execute("").outputs == []


@pytest.mark.parametrize("source, words", [
    ("import os\nn = os.write(1, b'from a file descriptor')", "from a file descriptor"),
    ("import os\nn = os.system('echo from a child')", "from a child"),
    ("import subprocess\nd = subprocess.run(['echo', 'from another child'])", "from another child"),
    ("!echo from IPython", "from IPython"),
    ("%%bash\necho from bash", "from bash"),
    ("%time print('timed')", "timed"),
    ("import ctypes\nn = ctypes.CDLL(None).puts(b'from C'), ctypes.CDLL(None).fflush(None)", "from C"),
    ("import sys\nn = sys.stdout.buffer.write('bytes ä'.encode())", "bytes ä"),
    ("%matplotlib widget\n%config InlineBackend.figure_format = 'svg'\n%pip install x\nprint('went on')", "went on"),
    ("def f():\n    get_ipython().run_cell('1/0')\n    print('after')\nf()", "after"),
    ("exit()\nquit()\nprint('still here')", "still here"),
])  # fmt: skip
def test_everything_printed_is_caught(session, source, words):
    """Is what C, children and magics print part of the outputs?"""
    result = session.execute(source)
    assert result.error is None and words in _text(result)


def test_figures(session):
    """Does an open figure come as one PNG at the end of its cell, and is it closed then?"""
    result = session.execute("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('x')")
    (data,) = _shown(result)
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert result.outputs[-1]["data"] is data and not _text(result, "stderr")
    assert _shown(session.execute("plt.get_fignums()")) == [{"text/plain": "[]"}]


def test_only_text_and_png_are_shown(session):
    """Is there no HTML and no script in the outputs, also if the student hands it over?"""
    result = session.execute(
        "from IPython.display import HTML, Javascript, display\n"
        "display(HTML('<b>x</b>'), Javascript('alert(1)'))\n"
        "display({'text/html': 'x', 'image/png': 'bm90IGEgcGljdHVyZQ==', 'text/plain': 'plain'}, raw=True)"
    )
    assert [set(data) for data in _shown(result)] == [{"text/plain"}] * 3


@pytest.mark.parametrize("source, name, line, text", [
    ("x = 1\nx / 0", "ZeroDivisionError", (2, "x / 0"), "division by zero"),
    ("\n\n\ndef f():\n    raise ValueError('no')\nf()", "ValueError", (5, "raise ValueError('no')"), "no"),
    ("x = 1\ndef f(:\n    pass", "SyntaxError", (2, "def f(:"), "invalid syntax"),
    ("if True:\npass", "IndentationError", (2, "pass"), "expected an indented block"),
    ("input('?')", "RuntimeError", (1, "input('?')"), "input() is not available"),
    ("raise SystemExit(3)", "SystemExit", (1, "raise SystemExit(3)"), "3"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt", (1, "raise KeyboardInterrupt"), ""),
    ("%nope", "UsageError", None, "not found"),
    ("import course.nn", "ImportError", (1, "import course.nn"), "write it yourself: course.nn is not available"),
    ("from course import reference", "ImportError", (1, "from course import reference"), "write it yourself"),
    ("import course.grading.sandbox", "ImportError", (1, "import course.grading.sandbox"), "write it yourself"),
])  # fmt: skip
def test_errors_of_a_cell(session, source, name, line, text):
    """Does an error come as the last output, with the student's line and nothing of the machinery?"""
    result = session.execute(source)
    output = result.outputs[-1]
    assert (output["output_type"], output["ename"]) == ("error", name) and text in output["evalue"]
    assert isinstance(result.error, RemoteError) and result.error.name == name
    if line:
        assert result.error.own_line == line and f"    {line[1]}" in output["traceback"]
    assert not any("/" in part and source.count("/") == 0 for part in output["traceback"])
    assert session.execute("print('goes on')").error is None


def test_a_traceback_crosses_cells(session):
    """Is the line of an error looked up in the cell that it belongs to?"""
    session.execute("def f(x):\n    return 1 / x")
    result = session.execute("a = 0\nb = 0\nf(a)")
    assert result.error.frames == ((3, "<module>", "f(a)"), (2, "f", "return 1 / x"))


def test_the_stub_course(session):
    """Do checks, widgets and figures accept everything and show nothing, and is course.data the real one?"""
    result = session.execute(
        "from course.checks import activations as check, collect\nimport course.checks.activations as again\n"
        "import course.figures.style, course.widgets\nfrom course.widgets import Explorer, ActivationExplorer\n"
        "check.softmax(len)\nagain.anything.at(1)['all'].x = 3\nclass Mine(Explorer): pass\n"
        "with collect() as records:\n    list(records)\n"
        "ActivationExplorer(activation=len)"
    )
    assert result.outputs == [] and result.error is None
    result = session.execute(
        "from course import checks, data, figures, widgets\nfigures.confusion([[1]])\nfigures.style.use('dark')\n"
        "widgets.DigitPad({}).read(1)\nsize = data.xor()[0].size"
    )
    assert result.outputs == [] and result.error is None
    result = session.execute("from course import data, nn")
    assert result.error.known == "ImportError"
    result = session.execute("from course.data import xor, load_mnist\nxor()[0].shape")
    assert _shown(result) == [{"text/plain": "(200, 2)"}]
    result = session.execute("load_mnist()")  # no file, no network, no package with the small set needs to be there
    assert result.error is None or result.error.known in ("ImportError", "ModuleNotFoundError", "OSError")


def test_no_files_are_written(session):
    """Does running cells leave the home folder as empty as it was?"""
    session.execute("import os\n1\n%timeit -n1 -r1 3\nimport matplotlib.pyplot as plt\nplt.plot([1])")
    found = session.execute("print([f for f in os.listdir() if f not in ('.cache', '.config')])")
    assert _text(found) == "[]\n"


# Bounds


def test_printing_is_bounded(session):
    """Is printing cut with a note, from Python and from a child, and does the session go on?"""
    for source in ("for i in range(100_000): print('x' * 100)", "!yes | head -c 30000000"):
        result = session.execute(source)
        assert result.error is None and len(_text(result)) < 210_000 and _text(result).endswith("left out]\n")
    assert _text(session.execute("print(1)")) == "1\n"


def test_displays_are_bounded(session):
    """Are the number and the size of displays bounded, text and pictures together?"""
    result = session.execute("for i in range(100): display(i)")
    assert len(_shown(result)) == 20
    result = session.execute("display('x' * 10**6)\nprint('y' * 1000)")
    assert sum(len(str(o)) for o in result.outputs) < 210_000
    result = session.execute(
        "display({'image/png': b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 3_000_000}, raw=True)\nprint('on')"
    )
    assert not _shown(result) and _text(result) == "on\n"
    result = session.execute("print('\\x1b[31mred\\x00\\ud800')")
    assert _text(result) == "?[31mred??\n"


def test_a_cell_out_of_time(plain):
    """Is an endless cell stopped at its limit, with what it printed, and is the session of use afterwards?"""
    with plain.open(cell_timeout=0.3) as session:
        result = session.execute("x = 5\nprint('started')\nwhile True: pass")
        assert result.timed_out and not result.died and isinstance(result.error, SandboxTimeout)
        assert result.outputs[0]["text"] == "started\n" and "ran longer than 0.3 s" in result.outputs[1]["evalue"]
        assert session.namespace()["x"] == 5 and not session.killed
        result = session.execute("import time\ntry:\n    time.sleep(60)\nfinally:\n    print('tidied up')")
        assert result.timed_out and _text(result) == "tidied up\n"


STUBBORN = """
def spin():
    while True: pass
def f(*x):
    while True:
        try: spin()
        except BaseException: pass
"""


@pytest.mark.parametrize("source", [
    STUBBORN + "\nf()",
    "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "import itertools\nsum(itertools.repeat(1))",
], ids=["catches everything", "ignores the alarm", "stops itself", "computes in C"])  # fmt: skip
def test_a_cell_that_cannot_be_stopped(plain, source):
    """Is a cell that does not listen killed, and is every later request refused at once?"""
    with plain.open(cell_timeout=0.2) as session:
        result = session.execute(source)
        assert result.timed_out and result.died and not session.alive and session.killed == [session.pid]
        start = time.monotonic()
        assert session.execute("1").died
        for ask in (session.names, lambda: session.namespace()["f"]):
            with pytest.raises(SandboxDied, match="has ended"):
                ask()
        assert time.monotonic() - start < 0.1 and session.killed == [session.pid]


def test_a_call_out_of_time(plain):
    """Does a slow call cost its function only, and is it tried no more than a few times?"""
    with plain.open(call_timeout=0.2) as session:
        session.execute("def slow(x):\n    while True: pass\ndef fast(x): return x")
        names = session.namespace()
        slow, fast = names["slow"], names["fast"]
        for _ in range(PATIENCE):
            with pytest.raises(SandboxTimeout, match="ran longer than 0.2 s"):
                slow(1)
            assert fast(1) == 1
        start = time.monotonic()
        with pytest.raises(SandboxTimeout, match="not tried again"):
            slow(1)
        assert time.monotonic() - start < 0.1 and fast(2) == 2
        session.execute(STUBBORN)
        stubborn = names["f"]
        with pytest.raises(SandboxTimeout, match="was ended"):
            stubborn()
        with pytest.raises(SandboxDied):
            fast(1)


def test_the_time_of_all_requests_together(plain):
    """Is there a limit for the sum of all requests?"""
    with plain.open(total_timeout=0.5) as session:
        assert session.execute("x = 1").error is None
        assert session.execute("while True: pass").timed_out
        with pytest.raises(SandboxTimeout, match="used up"):
            session.namespace()["x"]
        assert session.execute("1").timed_out


def test_what_a_call_prints_is_kept_apart(session):
    """Does what a function prints go to the log, cut, and to nothing else?"""
    session.execute("def f(x):\n    print('secret', x)\n    import os\n    os.write(2, b'low')\n    return x")
    f = session.namespace()["f"]
    f(3)
    log = session.calls[-1]
    assert (log.what, log.stdout, log.stderr, log.error) == ("f", "secret 3\n", "low", "")
    assert session.execute("pass").outputs == []
    session.execute("def g():\n    print('x' * 10**6)\n    display(3)\n    raise ValueError('no')")
    with pytest.raises(ValueError, match="no"):
        session.namespace()["g"]()
    assert len(session.calls[-1].stdout) < 11_000 and session.calls[-1].error == "ValueError: no"


# What a peer may do instead of answering. Each gets the request as `request` and the socket as `sock`.

ANSWER = """
request = codec.decode(wire.receive(sock, 2**26), found=lambda handle: handle)
def reply(*parts):
    wire.send(sock, codec.encode(parts, refer=lambda value: codec.Handle(1)))
"""
HOSTILE = {
    "hangs up": "pass",
    "exits": "os._exit(3)",
    "garbage": "sock.setblocking(True); sock.sendall(os.urandom(100_000))",
    "an empty frame": "sock.send(bytes(8))",
    "announces an exabyte": "sock.send(b'\\xff' * 8)",
    "stops within a frame": "sock.send((100).to_bytes(8, 'little') + b'x' * 50)",
    "a flood": "sock.setblocking(True)\nwhile True: sock.sendall(bytes(10**6))",
    "another id": "reply(bytes(16), 'ok', None, [], [])",
    "no id": "reply(None, 'ok', None, [], [])",
    "no tuple": "wire.send(sock, codec.encode([request[0], 'ok', None, [], []]))",
    "too short": "reply(request[0], 'ok')",
    "an unknown status": "reply(request[0], 'full marks', None, [], [])",
    "a status that is no text": "reply(request[0], [], None, [], [])",
    "an error without a report": "reply(request[0], 'error', 'oops', [], [])",
    "an error with an empty report": "reply(request[0], 'error', {}, [], [])",
    "frames that are none": "reply(request[0], 'error', dict(name='E', known='E', text='', entered=True,"
    " frames=[1]), [], [])",
    "outputs that are none": "reply(request[0], 'ok', None, 3, [])",
    "an output that is none": "reply(request[0], 'ok', None, [('stdout', 3)], [])",
    "a display that is none": "reply(request[0], 'ok', None, [('display', 'x')], [])",
    "a display that is a picture of 3 MB": "reply(request[0], 'ok', None,"
    " [('display', {'image/png': bytes(3 * 10**6)})], [])",
    "10 000 displays": "reply(request[0], 'ok', None, [('display', {'text/plain': ''})] * 10_000, [])",
}
HOSTILE_TO_CALLS = {
    "changes that are none": "reply(request[0], 'ok', None, [], 3)",
    "a change of no array": "reply(request[0], 'ok', None, [], [(1, None)])",
    "a change before the first": "reply(request[0], 'ok', None, [], [(-1, None)])",
    "a change of shape": "import numpy\nreply(request[0], 'ok', None, [], [(0, numpy.zeros(10**6))])",
    "a change of type": "import numpy\nreply(request[0], 'ok', None, [], [(0, numpy.zeros(3, int))])",
    "a change to a handle": "reply(request[0], 'ok', None, [], [(0, len)])",
}


@pytest.mark.parametrize("name", [*HOSTILE, *HOSTILE_TO_CALLS])
def test_a_peer_that_breaks_the_rules(plain, name):
    """Is every peer that does not answer as it must cut off, with the reason, at once?"""
    code = (HOSTILE | HOSTILE_TO_CALLS)[name]
    with plain.open(ANSWER + code, call_timeout=30, cell_timeout=30) as session:
        start = time.monotonic()
        if name in HOSTILE:
            result = session.execute("1")
            assert result.died and not result.timed_out and isinstance(result.error, SandboxDied)
        else:
            given = np.zeros(3)
            with pytest.raises(SandboxDied):
                session.apply("neg", given)
            assert not given.any()
        assert time.monotonic() - start < 10
        assert not session.alive and session.death and session.killed


PARTS = (
    st.none()
    | st.integers(-(2**63), 2**63)
    | st.text(max_size=5)
    | st.sampled_from(["stdout", "display", "text/plain"])
)
ANYTHING = st.recursive(
    PARTS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(PARTS, inner),
    max_leaves=6,
)
FRAMES = ANYTHING | st.lists(st.tuples(st.integers(), st.integers(), st.text()), max_size=3)
KNOWN = st.sampled_from(["ValueError", "exit", "E"])
REPORTS = st.fixed_dictionaries(
    {"name": st.text(), "known": KNOWN, "text": ANYTHING, "entered": st.booleans(), "frames": FRAMES}
)
OUTPUTS = ANYTHING | st.lists(st.tuples(st.sampled_from(["stdout", "display"]), ANYTHING), max_size=3)


STATUSES = st.sampled_from(["ok", "error", "late", "missing"]) | ANYTHING
CHANGES = ANYTHING | st.lists(st.tuples(st.integers(-1, 2), ANYTHING), max_size=2)


@given(STATUSES, ANYTHING | REPORTS, st.just([]) | OUTPUTS, st.just([]) | CHANGES, st.booleans())
@settings(max_examples=300, deadline=None, database=None, derandomize=True)
def test_any_reply(status, value, outputs, changed, of_a_cell):
    """Does a well-formed reply with anything in it give a value or an error of the line, and never another one?"""
    ours, theirs = socket.socketpair()

    def answer():
        number, *_ = codec.decode(wire.receive(theirs, 2**20, time.monotonic() + 10))
        wire.send(theirs, codec.encode((number, status, value, outputs, changed)), time.monotonic() + 10)

    peer = threading.Thread(target=answer)
    peer.start()
    with theirs, Session(ours, call_timeout=10, kill=lambda: None) as session:
        try:
            if of_a_cell:
                json.dumps(session.execute("x").outputs).encode()
            else:
                session.apply("neg", np.zeros(2))
        except FromElsewhere as error:
            f"{error!r}{error}{what_was_raised(error)}".encode()
        peer.join()


@pytest.mark.parametrize("code", [
    "import time\nsock.send((1000).to_bytes(8, 'little'))\nwhile True: sock.send(b'N'); time.sleep(0.05)",
    "import time\nwhile True: time.sleep(1)",
], ids=["trickles", "says nothing"])  # fmt: skip
def test_a_peer_that_is_slow(plain, code):
    """Does the deadline hold for a whole reply, however it is cut?"""
    with plain.open(ANSWER + code, call_timeout=0.2) as session:
        start = time.monotonic()
        with pytest.raises(SandboxTimeout):
            session.names()
        assert 1 < time.monotonic() - start < 5 and not session.alive


def test_a_peer_that_does_not_read(plain):
    """Does sending a large array end at the deadline?"""
    with plain.open("import time\ntime.sleep(60)", call_timeout=0.2) as session:
        with pytest.raises(SandboxTimeout):
            session.apply("neg", np.zeros(10**6))
        assert not session.alive


def test_a_peer_that_speaks_unasked(plain):
    """Is a reply that nobody asked for noticed, also if it is a copy of one that was?"""
    with plain.open(
        ANSWER + "for _ in range(2): reply(request[0], 'ok', [], [], [])\nwire.receive(sock, 99)"
    ) as session:
        assert session.names() == []
        for _ in range(100):
            time.sleep(0.02)  # until the copy is there
            if not wire.is_quiet(session._sock):
                break
        with pytest.raises(SandboxDied, match="without being asked"):
            session.names()


@pytest.mark.parametrize("ask, value", [
    (lambda s: s.names(), "3"), (lambda s: s.names(), "[3]"), (lambda s: bool(s.get("x")), "1"),
    (lambda s: float(s.get("x")), "1"), (lambda s: len(s.get("x")), "1.5"), (lambda s: repr(s.get("x")), "b'x'"),
])  # fmt: skip
def test_a_reply_of_another_type(plain, ask, value):
    """Does a peer that gives another type than it must not get through with it?"""
    code = ANSWER + "reply(request[0], 'ok', len if request[2] == 'get' else VALUE, [], [])\n".replace("VALUE", value)
    with plain.open(code + code) as session, pytest.raises(SandboxDied, match="protocol"):
        ask(session)


def test_the_stop_button_ends_the_session(plain):
    """Is a session that was interrupted within a request not used for another one?"""
    with plain.open("import time\ntime.sleep(60)") as session:
        timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), 2))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            session.names()
        timer.join()
        assert not session.alive and session.killed


def test_closing(plain):
    """Does closing kill, once, and does leaving the `with` close?"""
    with plain.open() as session:
        session.close()
        session.close()
        assert session.killed == [session.pid] and session.death == "the session was closed"
    with plain.open() as session:
        with session:
            pass
        assert not session.alive


# What student code may do to the process that it runs in. After each, the answer is wrong and must stay wrong.

WRONG = "def double(x):\n    return x\n"
ATTACKS = {
    "builtins": "import builtins\nfor name in ('len', 'type', 'isinstance', 'repr', 'sorted', 'tuple', 'getattr'):\n"
    "    setattr(builtins, name, lambda *a, **k: 1)",
    "print and open": "import builtins\nbuiltins.print = builtins.open = builtins.input = None",
    "numpy": "import numpy as np\nnp.ndarray = np.array = np.frombuffer = np.asarray = lambda *a, **k: 1\n"
    "np.errstate = None\nnp.seterr(all='raise')",
    "the codec": "import inside.codec as c\nc._same = c.decode = c._Encoder.add = lambda *a: None",
    "the shell": "get_ipython().run_cell = None\nget_ipython().user_ns.clear()\ntype(get_ipython()).run_cell = None",
    "sys.modules": "import sys\nsys.modules.clear()",
    "streams": "import sys\nsys.stdout.close(); sys.stderr = None; sys.stdout = None; sys.displayhook = None",
    "warnings and recursion": "import sys, warnings\nwarnings.simplefilter('error'); sys.setrecursionlimit(60)",
    "closes every file": "import os\nos.closerange(0, 100)",
    "writes to every file": "import os\nfor fd in range(100):\n    try: os.write(fd, b'full marks' * 100)\n"
    "    except OSError: pass",
    "a forged reply": "import sys\nframe = sys._getframe()\nwhile 'sock' not in frame.f_locals: frame = frame.f_back\n"
    "frame.f_locals['sock'].send(bytes(8) + b'x' * 100)",
    "replaces the server": "import gc\nfor thing in gc.get_objects():\n"
    "    if type(thing).__name__ == '_Session': type(thing)._run = lambda *a: ('ok', True)",
    "threads": "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(9,)).start()",
    "a fork that comes back": "import os\nos.fork()",
    "a fork that speaks": "import os, gc, socket\nif os.fork() == 0:\n"
    "    for s in gc.get_objects():\n        if type(s) is socket.socket:\n"
    "            while True:\n                try: s.send(b'y' * 1000)\n                except BlockingIOError: pass",
    "exits": "import os\nos._exit(0)",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "an alarm": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
    "cell hooks": "ip = get_ipython()\nip.events.register('pre_run_cell', lambda info: 1 / 0)\n"
    "ip.input_transformers_post.append(lambda lines: ['x = 1'])",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_gain_nothing(plain, name):
    """Is a wrong answer wrong after the attack, or the session dead, and is the next session sound?"""
    from course.checks.question import Question
    from course.checks.record import Case

    double = Question("double", lambda x: 2 * x, lambda: [Case("a vector", {"x": np.array([1.0, -2.0])})])
    with plain.open(call_timeout=1, cell_timeout=2) as session:
        session.execute(WRONG)
        session.execute(ATTACKS[name])
        session.execute("y = 1")
        try:
            record = double.run(session.namespace()["double"])
        except (SandboxDied, SandboxTimeout, KeyError):
            record = None
        assert record is None or record.share == 0
    with plain.open() as session:
        session.execute(WRONG.replace("return x", "return 2 * x"))
        assert double.run(session.namespace()["double"]).passed


# Frames


def test_frames_cross_whole():
    """Do empty, small and large frames in many buffers arrive as one?"""
    a, b = socket.socketpair()
    with a, b:
        for buffers in ([], [b""], [b"x"], [bytes([i % 256]) * i for i in range(2000)], [bytes(10**7)]):
            sender = threading.Thread(target=wire.send, args=(a, buffers, time.monotonic() + 10))
            sender.start()
            assert wire.receive(b, 10**8, time.monotonic() + 10) == b"".join(buffers)
            sender.join()
        with pytest.raises(wire.TooSlow):
            wire.receive(b, 100, time.monotonic() + 0.01)
        assert wire.is_quiet(b)
        a.close()
        assert not wire.is_quiet(b)
        with pytest.raises(wire.Closed):
            wire.receive(b, 100)
        with pytest.raises(wire.Closed):
            wire.send(b, [b"x"], time.monotonic() + 10)


def _report(**changes):
    return {"name": "E", "known": "ValueError", "text": "t", "entered": True, "frames": [(1, 1, "f")]} | changes


def test_reports_of_errors():
    """Are a line that no cell has, a name that is no type and strange characters harmless?"""
    cells = {1: "\n\nx = 1\ny = 2"}
    error = remote_error(_report(), cells)
    assert isinstance(error, ValueError) and type(error).__name__ == "E" and error.own_line == (3, "x = 1")
    for frame in ((2, 1, "f"), (1, 0, "f"), (1, -5, "f"), (1, 3, "f"), (1, 2**63, "f")):
        assert remote_error(_report(frames=[frame]), cells).own_line is None
    assert remote_error(_report(known="__import__"), cells).known == "Exception"
    assert type(remote_error(_report(name="a\0b\ud800\n"), cells)).__name__ == "a?b??"
    for changes in ({"name": 3}, {"text": None}, {"entered": 1}, {"frames": None}, {"frames": [(1, 1)]}):
        with pytest.raises(ValueError):
            remote_error(_report(**changes), cells)
