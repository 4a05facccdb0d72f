"""A real Dask scheduler with workers, each in a folder of its own that holds nothing of the class."""

import contextlib
import json
import os
import subprocess
import sys
import time

SETTINGS = {"PYTHONWARNINGS": "ignore", "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}


@contextlib.contextmanager
def scheduler(folder, workers, **settings):
    """Yield the address of a scheduler with workers of these names. Each process works in `folder`/NAME and logs to
    `folder`/NAME.log. settings: variables of their environment."""
    environment, running, file = os.environ | SETTINGS | settings, [], folder / "scheduler.json"

    def start(name, *command):
        (folder / name).mkdir()
        log = open(folder / f"{name}.log", "w")
        command = [sys.executable, "-m", f"distributed.cli.{command[0]}", "--host", "127.0.0.1", "--no-dashboard",
                   *command[1:]]  # fmt: skip
        running.append((subprocess.Popen(command, cwd=folder / name, env=environment, stdout=log, stderr=log), log))

    try:
        start("scheduler", "dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        end = time.monotonic() + 60
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(0.2)  # it is there before all of it is written
        address = json.loads(file.read_text())["address"]
        for name in workers:
            start(name, "dask_worker", address, "--nthreads", "1", "--no-nanny")
        yield address
    finally:
        for process, log in reversed(running):
            process.terminate()
            process.wait(20)
            log.close()
