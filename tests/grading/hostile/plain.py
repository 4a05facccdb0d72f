"""The weak way: answers and tests in one IPython process, as in a kernel of stock nbgrader. Started as a program.

One JSON line in, one out; each request is run in a fork of this warm process, so that an attack ends with it.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]


class Plain:
    """The warm process, seen from a test."""

    def __init__(self, folder, environment):
        # of the real environment nothing but where Python and its packages are
        places = {name: os.environ[name] for name in ("PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.grading.hostile.plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=ROOT, env={"PATH": os.defpath, **places, **environment},
        )  # fmt: skip
        self._folder = str(folder)

    def run(self, cells, seconds=30):
        """Run [(name, source), ...]. Returns {"finished": bool, "cells": [{"name", "failed", "printed", "html"}]};
        a cell has failed if it showed an error, which is how stock nbgrader decides."""
        self._process.stdin.write(json.dumps({"cells": cells, "seconds": seconds, "folder": self._folder}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        """End it."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def main():
    """Serve until the input ends."""
    import torch
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import course.checks.activations
    import course.reference  # noqa: F401

    class Shell(InteractiveShell):
        failed = False

        def _showtraceback(self, etype, evalue, stb):
            self.failed = True

    torch.set_num_threads(1)
    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config)
    for line in sys.stdin:
        print(json.dumps(_serve(json.loads(line), shell)), flush=True)


def _serve(request, shell):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        os.setsid()
        os.chdir(request["folder"])
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        try:
            _run(request["cells"], shell, write)
        finally:
            os._exit(1)
    os.close(write)
    data, ended, deadline = b"", False, time.monotonic() + request["seconds"]
    while not ended and time.monotonic() < deadline:
        ended = os.waitpid(pid, os.WNOHANG)[0] != 0
        while select.select([read], [], [], 0 if ended else 0.02)[0] and (piece := os.read(read, 1 << 20)):
            data += piece
    if not ended:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    os.close(read)
    cells = [json.loads(line) for line in data.split(b"\n")[:-1]]
    finished = bool(cells) and cells[-1] == "finished"
    return {"finished": finished, "cells": cells[:-1] if finished else cells}


def _run(cells, shell, pipe):
    from IPython.utils.capture import capture_output

    write, dumps = os.write, json.dumps
    for name, source in cells:
        shell.failed = False
        with capture_output() as captured:
            shell.run_cell(source)
        html = [output.data.get("text/html", "") for output in captured.outputs]
        found = {"name": name, "failed": shell.failed, "printed": captured.stdout[:100_000], "html": html}
        write(pipe, dumps(found).encode() + b"\n")
    atexit._run_exitfuncs()
    write(pipe, b'"finished"\n')
    os._exit(0)


if __name__ == "__main__":
    main()
