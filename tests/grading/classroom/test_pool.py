"""Workers: results come as they are ready, and a worker that dies costs nobody else anything."""

import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from course.grading.classroom import pool
from course.grading.classroom.progress import Progress
from tests.grading.process.held import is_gone, lives


def echo(what, seconds=0.0):
    """What a worker does here: it returns, raises, or ends its process."""
    time.sleep(seconds)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "raise":
        raise ValueError("no")
    return what


def an_hour(*_):
    """What a worker may take for anything."""
    return 3600


class Threads:
    """Workers that are quick to start."""

    def __init__(self, count):
        self.count, self._pool, self.taken = count, ThreadPoolExecutor(count), 0

    def submit(self, *arguments):
        self.taken += 1
        return self._pool.submit(echo, *arguments)


def test_every_task_has_a_result():
    """Does each of a hundred tasks come back under its name?"""
    tasks = [(f"s{i}", (i, 0.001 * (i % 7))) for i in range(100)]
    assert dict(pool.results(Threads(3), tasks)) == {f"s{i}": i for i in range(100)}


def test_tasks_are_taken_when_there_is_room():
    """Is a large class never in memory as a whole?"""
    workers, ahead = Threads(2), []

    def tasks():
        for i in range(50):
            ahead.append(workers.taken - done)
            yield f"s{i}", (i,)

    done = 0
    for _ in pool.results(workers, tasks()):
        done += 1
    assert done == 50 and max(ahead) <= workers.count + 1


def test_an_error_is_a_result():
    """Does a task that raises give its exception, and do the others go on?"""
    found = dict(pool.results(Threads(2), [("a", (1,)), ("b", ("raise",)), ("c", (3,))]))
    assert (found["a"], found["c"]) == (1, 3) and str(found["b"]) == "no"


def test_slow_ones_are_told():
    """Is the time of a task counted from when a worker was free for it?"""
    seen = []
    tasks = [("slow", (1, 2.5)), ("behind", (2, 0.1))]
    list(pool.results(Threads(1), tasks, lambda running: seen.append(dict(running))))
    assert max(running.get("slow", 0) for running in seen) > 1
    assert max(running.get("behind", 0) for running in seen) < 1


@pytest.mark.slow
def test_a_worker_that_dies():
    """Does a task that kills its process get that as its result, and do all others, and what follows, get theirs?"""
    tasks = [(f"s{i}", ("die" if i in (3, 11) else i,)) for i in range(20)]
    with pool.Processes(2, echo, an_hour) as workers:
        found = dict(pool.results(workers, tasks))
    assert [name for name, _ in tasks if name not in found] == []
    for name, value in found.items():
        if name in ("s3", "s11"):
            assert str(value) == "it ended the process that grades, twice"
        else:
            assert value == int(name[1:])


@pytest.mark.slow
def test_an_error_travels():
    """Is an error in a process told with its type, and does closing end what is still at work, at once?"""
    with pool.Processes(1, echo, an_hour) as workers:
        found = dict(pool.results(workers, [("a", ("raise",)), ("b", (2,))]))
        assert str(found["a"]) == "ValueError: no" and found["b"] == 2
        future = workers.submit(1, 600)
        time.sleep(0.2)
        pid = workers._workers[0].pid
    assert not lives(pid) and isinstance(future.exception(), RuntimeError)


HOLDER = """
import sys
from course.grading.classroom import pool
from tests.grading.classroom.test_pool import an_hour, echo

if __name__ == "__main__":
    workers = pool.Processes(2, echo, an_hour)
    workers.submit(1).result(), workers.submit(1, 600)
    print(*[worker.pid for worker in workers._workers], flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_no_orphans(tmp_path):
    """Do the processes end, idle or at work, when the grader is killed with SIGKILL?"""
    (tmp_path / "holder.py").write_text(HOLDER)
    with subprocess.Popen([sys.executable, tmp_path / "holder.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=os.environ | {"PYTHONPATH": os.getcwd()}) as holder:  # fmt: skip
        pids = [int(word) for word in holder.stdout.readline().split()]
        assert len(pids) == 2 and all(os.path.exists(f"/proc/{pid}") for pid in pids)
        holder.kill()
    assert all([is_gone(pid) for pid in pids])


def test_progress_in_a_file():
    """Are slow ones named in a log after 5, 10, 20 seconds, and is nothing else written there?"""
    file = io.StringIO()
    with Progress(3, file) as progress:
        for seconds in range(0, 25):
            progress.show({"ada": seconds, "bob": 1})
        progress.advance("ada")
    assert file.getvalue().splitlines() == [f"still running: ada, {s} s" for s in (5, 10, 20)]


class Terminal(io.StringIO):
    """A file that says that somebody is looking."""

    def isatty(self):
        return True


def test_progress_on_a_terminal():
    """Has each slow one a live line below the bar, which goes when it is done?"""
    file = Terminal()
    with Progress(3, file) as progress:
        progress.show({"ada": 7.2, "bob": 1})
        progress.show({"ada": 8.2, "cleo": 6})
        progress.show({"cleo": 7})
        progress.advance("ada")
        live = [line.desc for line in progress._lines]
    text = file.getvalue()
    assert "still running: ada, 7 s" in text and "still running: ada, 8 s" in text and "bob" not in text
    assert [line.strip() for line in live] == ["still running: cleo, 7 s", ""]
    assert "1/3" in text


def test_started_early():
    """Does the next class take the worker that was started early, already warm, and end it with the others?"""
    pool.start_early()
    (early,) = pool._early
    with pool.Processes(2) as workers:
        assert workers._workers[0] is early and not pool._early
        assert workers.submit(b"", "{}").exception() is not None  # it answers
    assert early._popen.returncode is not None
    pool.start_early()
    with pool.Processes(1, function=len, seconds=lambda *_: 10) as workers:  # not for another work
        assert workers.submit("four").result() == 4
    pool._early.pop().close()
