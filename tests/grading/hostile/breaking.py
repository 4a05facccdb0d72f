"""Attacks on the machine: bombs, loops, floods, and what stays behind. Limits are small: the tests are quick."""

from base64 import b64encode
from unittest import mock

import numpy as np

from course.checks import call
from course.grading.classroom.worker import work
from course.grading.run import stored
from tests.grading.hostile.attack import SOURCE, WRONG, Attack, from_on
from tests.grading.hostile.shown import booms, ends, hangs, stays

MIB = 1 << 20
LARGE = b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + 2 * (55_000).to_bytes(4) + b"\x08").decode()  # a picture
SOON = {"cell_seconds": 1, "call_seconds": 1}
NAMED = """
import ctypes, os, signal, subprocess, threading, time

def rename():
    ctypes.CDLL(None).prctl(15, b"$LEFT", 0, 0, 0)  # the name that the test looks for

def child(seconds=100):
    pid = os.fork()
    if pid == 0:
        rename()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(seconds)
        os._exit(0)
"""


def _own(story, shown, code, **others):
    """A cell of the student's own, in front of right answers."""
    return Attack(story, shown, extra={"setup": code}, **{"marks": {}, **others})


def _kill_all(attack, world):
    """Inside, what it can reach ends; a process of the same user outside does not (see `_bystander_lives`)."""
    code = """
import os, signal, time
pid = os.fork()
if pid == 0:
    time.sleep(100)
os.kill(pid, signal.SIGKILL)
print("reached", os.waitpid(pid, 0)[1])"""
    found = world.plain.run([("", code)])
    assert "reached 9" in found["cells"][0]["printed"]


def _bystander_lives(found, world):
    assert world.bystander.poll() is None, "a process outside was killed"


def _small_notebook(found, world):
    assert len(found["notebook"]) < 12 * MIB


def _pictures_kept(attack, world):
    """Without a bound on all of them, the stored notebook holds every picture."""
    found = work(attack.content(world), SOURCE, attack.limits | {"all_output": 10**9})
    assert len(found["notebook"]) > 30 * MIB


def _picture_kept(attack, world):
    """Without a bound on pixels, the page makes a browser unpack it."""
    with mock.patch.object(stored, "MOST_PIXELS", 2**32), mock.patch.object(stored, "ALL_PIXELS", 2**32):
        assert LARGE in work(attack.content(world), SOURCE, attack.limits)["notebook"]


def _answers_kept(attack, world):
    """Without a bound on all arrays of a case, a record keeps them all."""
    answer = tuple(tuple(np.zeros(100_000) for _ in range(8)) for _ in range(10))
    with mock.patch.object(call, "KEPT", 10**9):
        assert sum(type(part) is np.ndarray for group in call.harmless(answer) for part in group) == 80
    assert sum(type(part) is np.ndarray for group in call.harmless(answer) for part in group) == 1


ATTACKS = {
    "memory_bomb": _own("takes all memory", booms(memory=2048 * MIB),
                        "blocks = [np.ones(2**20) for _ in range(70)]\nprint('BO' + 'OM')",
                        limits={"memory": 300 * MIB}, absent=("BOOM",)),
    "memory_of_children": _own("takes memory in many processes", booms(memory=2048 * MIB), """
import os, time
ends = os.pipe()
for _ in range(8):
    if os.fork() == 0:
        block = np.ones(10 * 2**20)
        os.write(ends[1], b"x")
        time.sleep(10)
        os._exit(0)
for _ in range(8):
    os.read(ends[0], 1)
time.sleep(0.3)
print('BO' + 'OM')""", limits={"memory": 300 * MIB}, absent=("BOOM",), noted="memory"),
    "memory_in_a_call": Attack("the function takes all memory", booms("relu: all", memory=2048 * MIB), {"relu": """
def relu(x):
    blocks = [np.ones(2**20) for _ in range(70)]
    return np.maximum(x, 0)"""}, limits={"memory": 300 * MIB}),
    "fork_bomb": _own("forks without end", booms(processes=200), """
import os, time
count = 0
try:
    for count in range(60):
        if os.fork() == 0:
            time.sleep(100)
            os._exit(0)
    print("BO" + "OM")
except OSError:
    print("stopped")""", limits={"processes": 20}, absent=("BOOM",)),
    "fork_without_end": _own("while True: fork", hangs(), NAMED + """
if os.getcwd() == "/home/student":
    rename()
    while True:
        try:
            os.fork()
        except OSError:
            pass
while True:
    pass""", limits={**SOON, "processes": 16, "cpu_seconds": 4}),
    "thread_bomb": _own("starts threads without end", booms(processes=400), """
import threading, time
try:
    for _ in range(100):
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
    print("BO" + "OM")
except RuntimeError:
    print("stopped")""", limits={"processes": 20}, absent=("BOOM",)),
    "loop": _own("never ends", hangs(), "while True:\n    pass", limits=SOON, noted="took too long"),
    "loop_that_catches": _own("never ends, and catches what would end it", hangs(), """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass""", limits=SOON, noted="took too long"),
    "loop_without_alarm": _own("never ends, and ignores every signal", hangs(), """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass""", limits=SOON, noted="took too long"),
    "loop_in_c": _own("never comes back from C", hangs(), "pow(7**500_000, 7**500_000, 7**500_001)", limits=SOON,
                      noted="took too long"),
    "loop_in_a_call": Attack("the function never comes back from C", hangs("relu-test"), {"relu": """
def relu(x):
    return pow(7**500_000, 7**500_000, 7**500_001)"""}, limits=SOON),
    "sleep": Attack("each call sleeps", hangs("relu-test"),
                    {"relu": "import time\n\ndef relu(x):\n    time.sleep(100)"}, limits=SOON),
    "cpu_of_children": _own("burns time in many processes", booms(cpu_seconds=60), """
import os
for _ in range(4):
    if os.fork() == 0:
        while True:
            pass
import time
time.sleep(3)
print("BO" + "OM")""", limits={"cpu_seconds": 1}, marks=from_on("neuron"), absent=("BOOM",), noted="cpu time"),
    "endless_print": _own("prints without end", hangs(), "while True:\n    print('x' * 1000)", limits=SOON,
                          afterwards=_small_notebook),
    "endless_print_from_c": _own("children print without end, past Python", hangs(), """
import os
while True:
    os.write(1, b"x" * 10_000)""", limits=SOON, afterwards=_small_notebook),
    "much_output": _own("prints 50 MB", booms("the rest of what was printed is left out"),
                        "for _ in range(50):\n    print('x' * 1_000_000)", afterwards=_small_notebook),
    "many_pictures": _own("shows 30 MB of pictures", _pictures_kept, """
import os
eight = b"\\0\\0\\0\\x08"  # pixels in each direction
picture = b"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR" + eight + eight + os.urandom(1_900_000)
for _ in range(16):
    get_ipython().recorder.display({"image/png": picture})""", afterwards=_small_notebook,
                          noted="outputs beyond 20 MB were left out"),
    "large_picture": _own("shows a picture of 3 billion pixels in 30 bytes", _picture_kept, f"""
import base64
get_ipython().recorder.display({{"image/png": base64.b64decode({LARGE[::-1]!r}[::-1])}})""", absent=(LARGE,),
                          noted="50 million pixels were left out"),
    "many_large_answers": Attack("returns 64 MB in each case, which a record would keep", _answers_kept, {"relu": """
def relu(x):
    return tuple(tuple(np.zeros(100_000) for _ in range(8)) for _ in range(10))"""}),
    "million_files": _own("makes more files than there may be", booms(files=40_000), """
try:
    for number in range(20_000):
        open(f"{number}", "w").close()
    print("BO" + "OM")
except OSError:
    print("stopped")""", limits={"files": 5000}, absent=("BOOM",)),
    "large_file": _own("fills the disk", booms(file_size=64 * MIB), """
try:
    with open("large", "wb") as file:
        for _ in range(32):
            file.write(bytes(2**20))
    print("BO" + "OM")
except OSError:
    print("stopped")""", limits={"file_size": 8 * MIB}, absent=("BOOM",)),
    "many_open_files": _own("opens files without end", booms(open_files=1000), """
files = []
try:
    for _ in range(500):
        files.append(open("/dev/null"))
    print("BO" + "OM")
except OSError:
    files.clear()
    print("stopped")""", limits={"open_files": 64}, absent=("BOOM",)),
    "os_exit": Attack("ends the process in a cell", ends(), {"relu": f"import os\n{WRONG}\nos._exit(0)"},
                      noted="the cell relu ended the program"),
    "os_exit_in_a_call": Attack("ends the process in a call", ends("relu-test"),
                                {"relu": "import os\n\ndef relu(x):\n    os._exit(0)"}),
    "segmentation_fault": Attack("crashes the interpreter in a call", ends("relu-test"),
                                 {"relu": "import ctypes\n\ndef relu(x):\n    return ctypes.string_at(8)"}),
    "system_exit": Attack("raises what ends a program", booms("It raised SystemExit"),
                          {"relu": "def relu(x):\n    raise SystemExit(0)"}),
    "keyboard_interrupt": Attack("raises what the stop button raises", booms("It raised KeyboardInterrupt"),
                                 {"relu": "def relu(x):\n    raise KeyboardInterrupt"}),
    "stop_itself": _own("stops itself", hangs(), "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
                        limits=SOON, noted="took too long"),
    "kill_everything": _own("kills all that it can reach", _kill_all, """
import os, signal
if os.getcwd() == "/home/student":
    os.kill(-1, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)""", afterwards=_bystander_lives),
    "child_left": _own("leaves a child that ignores signals", stays, NAMED + "child()"),
    "daemon_left": _own("leaves a daemon: two forks and a session of its own", stays, NAMED + """
if os.fork() == 0:
    os.setsid()
    child()
    os._exit(0)"""),
    "child_of_a_call": Attack("each call leaves a child", stays, {"relu": NAMED + """
def relu(x):
    child()
    return np.maximum(x, 0)

relu(np.ones(2))"""}, marks={}),
    "threads_left": _own("leaves threads that print and compute", stays, NAMED + """
def work():
    while True:
        print("still here")
        time.sleep(0.001)

for _ in range(5):
    threading.Thread(target=work).start()
child()"""),
}  # fmt: skip
