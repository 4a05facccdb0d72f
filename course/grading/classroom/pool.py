"""Workers for a class: processes here, or those of a Dask scheduler. A worker that dies takes nobody else with it."""

import contextlib
import queue
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from course.grading.classroom.worker import allowed, work
from course.grading.process import Process

TICK = 1  # seconds between two looks at what is running
_early = []  # a worker that gets warm while the grader itself is loaded


def start_early():
    """Start the first worker of the next `Processes` now. It ends with this program if there is none."""
    _early.append(Process(work))


class Processes:
    """`count` worker processes on this machine, each with a thread that waits for it.

    Not a ProcessPoolExecutor: there one death breaks all, can leave it hanging, and killing us leaves orphans.
    seconds: function of the same arguments, how long one call may take; then its process is killed.
    """

    def __init__(self, count, function=work, seconds=allowed):
        self.count, self._seconds = count, seconds
        early = [_early.pop()] if _early and function is work else []
        self._workers = [*early, *(Process(function) for _ in range(count - len(early)))]
        self._free = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(count)

    def submit(self, *arguments):
        """Hand over one submission, see `worker.work`. Returns a Future, which raises Ungraded for one that takes too
        long or kills its worker."""
        return self._threads.submit(self._ask, arguments)

    def close(self):
        """End the processes; those that are still at work are killed."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)

    def _ask(self, arguments):
        worker = self._free.get()
        try:
            return worker.ask(arguments, self._seconds(*arguments))
        finally:
            self._free.put(worker)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Cluster:
    """The workers of a Dask scheduler: they have this course and bubblewrap installed, and share no files with us."""

    def __init__(self, client, executor):
        self._executor = executor
        self.count = max(1, sum(client.nthreads().values()))

    def submit(self, *arguments):
        """Hand over one submission, see `worker.work`. Returns a Future."""
        return self._executor.submit(beside, work, allowed(*arguments), *arguments)


_idle, _lock = {}, threading.Lock()  # {function: processes that wait for the next submission}


def beside(function, seconds, *arguments):
    """What a worker of the scheduler does: call a function in a process beside it, since its own cannot be killed here.

    Raises Ungraded as `Process.ask` does. There are as many processes as there were calls at once; they end with it.
    """
    with _lock:
        idle = _idle.setdefault(function, [])
        process = idle.pop() if idle else None
    process = process or Process(function)
    try:
        return process.ask(arguments, seconds)
    finally:
        with _lock:
            idle.append(process)


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
