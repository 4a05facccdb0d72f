"""Workers for a class: processes here, or those of a Dask scheduler. A worker that dies takes nobody else with it."""

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from multiprocessing.connection import wait as wait_for

from course.grading.classroom.worker import work

TICK = 1  # seconds between two looks at what is running
CLOSING = 10  # seconds that a process has to end by itself


class Processes:
    """`count` worker processes on this machine, each with a thread that waits for it.

    Not a ProcessPoolExecutor: there one death breaks all, can leave it hanging, and killing us leaves orphans.
    """

    def __init__(self, count, function=work):
        self.count = count
        self._workers = [_Process(function) for _ in range(count)]
        self._free = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(count)

    def submit(self, *arguments):
        """Hand over one submission, see `worker.work`. Returns a Future."""
        return self._threads.submit(self._ask, arguments)

    def close(self):
        """End the processes; those that are still at work are killed."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)

    def _ask(self, arguments):
        worker = self._free.get()
        try:
            return worker.ask(arguments)
        finally:
            self._free.put(worker)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _Process:
    """One process that grades; it is started again when it has died."""

    def __init__(self, function):
        self._function, self._busy, self._closed = function, False, False
        self._start()

    def ask(self, arguments):
        """What the function returns or raises there. RuntimeError if it ends its process twice."""
        self._busy = True
        try:
            for _ in range(2):
                try:
                    self._line.send(arguments)
                    done, value = self._line.recv()
                except (EOFError, OSError):  # it has died: perhaps by itself, so once more
                    if self._closed:
                        raise RuntimeError("the workers were closed") from None
                    self._end()
                    self._start()
                    continue
                if done:
                    return value
                raise value
            raise RuntimeError("it ended the process that grades, twice")
        finally:
            self._busy = False

    def close(self):
        """End the process, at once if it is at work."""
        self._closed = True
        if self._busy:
            self._process.terminate()
        self._end()

    def _start(self):
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs, self._function), daemon=True)  # ends with us
        self._process.start()
        theirs.close()  # so that its end is seen here

    def _end(self):
        self._line.close()
        self._process.join(CLOSING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(line, function):
    """What the process does: answer until the other side closes, and end at once when the grader has died."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches all of us; the grader decides, and closes the line
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # not at once: temporary folders are removed at the exit
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _answer(line, function)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is ending; asked twice, it would break off


def _answer(line, function):
    while True:
        try:
            arguments = line.recv()
        except EOFError:
            return
        try:
            answer = True, function(*arguments)
        except Exception as error:
            answer = False, RuntimeError(f"{type(error).__name__}: {error}")  # any other may not travel
        try:
            line.send(answer)
        except OSError:  # nobody is there any more
            return


def _end_with_parent():
    wait_for([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(CLOSING)
    os._exit(1)


class Cluster:
    """The workers of a Dask scheduler: they have this course and bubblewrap installed, and share no files with us."""

    def __init__(self, client, executor):
        self._executor = executor
        self.count = max(1, sum(client.nthreads().values()))

    def submit(self, *arguments):
        """Hand over one submission, see `worker.work`. Returns a Future."""
        return self._executor.submit(work, *arguments)


@contextlib.contextmanager
def cluster(address):
    """Yield the workers of the Dask scheduler at `address`: tcp://host:8786. OSError if nobody answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError('--scheduler needs Dask: pip install "course[cluster]"') from error
    with Client(address, timeout=10) as client:
        # pure=False: the same bytes may be graded again; retries: a worker that is lost costs nothing
        with client.get_executor(pure=False, retries=2) as executor:
            yield Cluster(client, executor)


def results(workers, tasks, tick=lambda running: None):
    """Yield (name, result) as they come; the result is an Exception if there is none.

    tasks: iterable of (name, arguments of `work`), taken one by one when there is room, so that memory stays flat
    however large the class is. tick: called about once a second with {name: seconds} of what is running.
    """
    tasks, flying, started = iter(tasks), {}, {}  # flying: {future: name}, the oldest first
    while True:
        while len(flying) <= workers.count and (task := next(tasks, None)) is not None:  # one waits for the next worker
            flying[workers.submit(*task[1])] = task[0]
        if not flying:
            return
        for name in list(flying.values())[: workers.count]:  # those behind them wait for a worker
            started.setdefault(name, time.monotonic())
        done, _ = wait(flying, TICK, return_when=FIRST_COMPLETED)
        for future in done:
            name = flying.pop(future)
            started.pop(name, None)
            yield name, future.exception() or future.result()
        tick({name: time.monotonic() - since for name, since in started.items()})
