"""Does every limit bite, over the whole tree of processes, and does the next session work as before?"""

import time
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest

from course.grading.run import runner
from course.grading.sandbox import Limits
from course.grading.sandbox.limits import MIB
from tests.grading.sandbox.conftest import said

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def next_one_is_well(sandbox):
    """After each test an honest session must work."""
    yield
    with sandbox.open() as session:
        assert said(session, "print(sum(range(10)))") == "45\n"


def ended_by(sandbox, source, **limits):
    """Run a cell; return (reason that the session ended for, seconds)."""
    started = time.monotonic()
    session = sandbox.open(Limits(**limits))
    result = session.execute(source)
    session.close()
    assert result.died or result.timed_out
    return session.life.end()["reason"], time.monotonic() - started


def test_memory_of_one_process(sandbox):
    """Does a large array raise MemoryError, and does memory that grows in pieces end the session?"""
    with sandbox.open(Limits(memory=256 * MIB)) as session:
        assert "MemoryError" in said(session, "x = bytearray(2 << 30)")
        assert said(session, "print('alive')") == "alive\n"
    # in two processes of 200 MB each: neither alone is above the limit
    source = "import os, time\nos.fork()\nx = [os.urandom(1 << 20) for _ in range(200)]\ntime.sleep(30)"
    assert ended_by(sandbox, source, memory=300 * MIB)[0] == "memory"


def test_shared_pages_count_once(sandbox):
    """May a student fork eight processes that share what they have, under a limit that eight copies would break?"""
    source = ("import os, time\nx = bytearray(os.urandom(1 << 20) * 100)\npids = []\nfor _ in range(8):\n"
              "    pid = os.fork()\n    if pid == 0:\n        time.sleep(0.5)\n        os._exit(0)\n"
              "    pids.append(pid)\n"
              "for pid in pids: os.waitpid(pid, 0)\nprint('done')")  # fmt: skip
    with sandbox.open(Limits(memory=400 * MIB)) as session:
        assert said(session, source) == "done\n"


# children that are gone before anybody has looked
BURN = """
import os, signal, time

def burn():
    end = time.process_time() + 0.04
    while time.process_time() < end:
        pass
    os._exit(0)
"""
IGNORED = BURN + """
try:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to wait for them
except PermissionError:
    pass
while True:
    try:
        os.fork() or burn()
    except BlockingIOError:  # too many that nobody has waited for
        os.wait()
"""
ORPHANS = BURN + """
while True:
    if os.fork() == 0:
        os.fork() or burn()
        os._exit(0)
    os.wait()
    time.sleep(0.03)
"""


@pytest.mark.parametrize("source", [
    "while True: pass",
    "import os\nfor _ in range(4):\n    if os.fork() == 0:\n        while True: pass\nimport time; time.sleep(60)",
    "import numpy as np\nsum(pow(7, 10**9) for _ in range(10))",  # in C: an interrupt is not seen
    IGNORED, ORPHANS,
], ids=["loop", "children", "in C", "ignored", "orphans"])  # fmt: skip
def test_cpu(sandbox, source):
    """Does the CPU time of all processes together end the session?"""
    reason, seconds = ended_by(sandbox, source, cpu_seconds=2)
    assert reason == "cpu time" and seconds < 20


@pytest.mark.parametrize("end", ["time.sleep(100)", "os._exit(0)"], ids=["killed", "not waited for"])
def test_cpu_is_told_in_the_end(sandbox, end):
    """Is the CPU time of processes that are killed, or that nobody waits for, part of what a session has used?"""
    source = ("import os, time\nread, write = os.pipe()\nif os.fork() == 0:\n"
              "    while time.process_time() < 0.7: pass\n"
              f"    os.write(write, b'x'); {end}\nprint(os.read(read, 1))")  # fmt: skip
    with sandbox.open() as session:
        assert said(session, source) == "b'x'\n"
    assert session.life.end()["cpu"] > 0.7


def test_what_is_left(sandbox):
    """Do earlier sessions of a submission take from its time, and can a later one not see how much they have taken?"""
    look = ("import os, resource\n"
            "print({n: resource.getrlimit(v) for n, v in vars(resource).items() if n.startswith('RLIMIT_')},\n"
            "      *map(os.statvfs, ('.', '/tmp', '/dev/shm')), os.getpid(), os.getuid())")  # fmt: skip
    limits, seen = Limits(cpu_seconds=9, wall_seconds=60), []
    for used in (None, {"cpu": 7.5, "wall": 55.5}):
        with sandbox.open(limits, used) as session:
            seen.append(said(session, look))
    assert seen[0] == seen[1] and "RLIMIT_CPU" in seen[0]
    session = sandbox.open(limits, {"cpu": 8, "wall": 0})
    assert session.execute("while True: pass").died and session.life.end()["reason"] == "cpu time"
    session = sandbox.open(limits, {"cpu": 0, "wall": 59})
    assert session.execute("import time; time.sleep(60)").died and session.life.end()["reason"] == "wall time"


def test_wall(sandbox):
    """Does a session that sleeps end?"""
    assert ended_by(sandbox, "import time; time.sleep(60)", wall_seconds=1)[0] == "wall time"


def test_cell_time(sandbox):
    """Does a cell that sleeps end by its own limit, and is that said?"""
    session = sandbox.open(Limits(cell_seconds=1))
    assert session.execute("import time; time.sleep(60)").timed_out
    session.close()


def test_processes(sandbox):
    """Does a fork bomb run into its limit, and is it gone afterwards?"""
    source = ("import os, time\nn = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(60)\n"
              "        n += 1\nexcept OSError as error:\n    print(n, error)")  # fmt: skip
    with sandbox.open(Limits(processes=20)) as session:
        text = said(session, source)
    assert "Resource temporarily unavailable" in text and int(text.split()[0]) < 20


def test_file_size_and_disk(sandbox):
    """Is one large file refused, and are many small ones refused together?"""
    with sandbox.open(Limits(file_size=4 * MIB, disk=16 * MIB)) as session:
        assert "File too large" in said(
            session, "f = open('a', 'wb')\nfor _ in range(8): f.write(bytes(1 << 20))\nf.close()"
        )
        text = said(session, "for i in range(9):\n    with open(f'b{i}', 'wb') as f: f.write(bytes(3 << 20))")
        assert "No space left" in text


def test_number_of_files(sandbox):
    """Is the number of files limited, also of empty ones?"""
    with sandbox.open(Limits(files=100)) as session:
        assert "No space left" in said(session, "for i in range(10**6): open(f'f{i}', 'w').close()")


def test_open_files(sandbox):
    """Is the number of open files limited?"""
    with sandbox.open(Limits(open_files=64)) as session:
        assert "Too many open files" in said(session, "x = [open('/dev/null') for _ in range(1000)]")


@pytest.mark.parametrize("source", [
    "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)",
], ids=["exit", "kill", "crash"])  # fmt: skip
def test_sudden_end(sandbox, source):
    """Is a process that ends itself noticed at once?"""
    session = sandbox.open()
    started = time.monotonic()
    assert session.execute(source).died
    assert time.monotonic() - started < 5
    session.close()


def test_stopped_process(sandbox):
    """Does a process that stops itself end by the time limit of its cell?"""
    session = sandbox.open(Limits(cell_seconds=1))
    assert session.execute("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)").timed_out
    session.close()


def test_call_time(sandbox):
    """Does one call that does not come back end by its own limit, and the next call work?"""
    with sandbox.open(Limits(call_seconds=1)) as session:
        session.execute("import time\ndef slow(): time.sleep(60)\ndef quick(): return 7")
        with pytest.raises(TimeoutError, match="longer than 1 s"):
            session.namespace()["slow"]()
        assert session.namespace()["quick"]() == 7


def test_output_of_a_cell(sandbox):
    """Is what a cell prints cut at the limit, from Python and from a child, and is that said?"""
    with sandbox.open(Limits(output=1000)) as session:
        for source in ("print('x' * 10**6)", "import os\nn = os.system(\"head -c 1000000 /dev/zero | tr '\\\\0' x\")",
                       "import os\nn = os.write(1, b'x' * 60_000)"):
            text = said(session, source)
            if "x" in text:  # there may be no shell inside
                assert text.count("x") == 1000 and "left out" in text
        assert said(session, "print('y' * 500)") == "y" * 500 + "\n"


def test_output_of_a_submission(sandbox):
    """Are outputs left out, with a note, where all of a submission's together take too much?"""
    notebook = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_code_cell("print('x' * 600)", id=f"c{number}") for number in range(3)])  # fmt: skip
    graded = runner.run(notebook, sandbox, Limits(all_output=1500))
    assert [bool(graded.outputs[f"c{number}"]) for number in range(3)] == [True, True, False]
    assert graded.notes == ["outputs beyond 0.0015 MB were left out"]


def test_every_limit_has_its_test():
    """Is there no limit that nobody has seen bite?"""
    source = Path(__file__).read_text()
    assert [name for name in asdict(Limits()) if f"Limits({name}=" not in source and f", {name}=" not in source] == []
