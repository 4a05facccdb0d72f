"""Sessions without a jail: a warm Python with the sandbox's own modules forks a server for each."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from course.grading import sandbox
from course.grading.sandbox.client import Session

FOLDER = Path(sandbox.__file__).parent

# The child gets a socket and runs what it is told to: the real server, or a peer that breaks the rules.
ZYGOTE = """
import os, socket, sys
control = socket.socket(fileno=int(sys.argv[1]))
sys.path.insert(0, sys.argv[2])
from inside import codec, server, wire
server.warm_up()
while True:
    code, fds, _, _ = socket.recv_fds(control, 1 << 16, 1)
    if not code:
        break
    pid = os.fork()
    if pid == 0:
        os.setsid()
        control.close()
        sock = socket.socket(fileno=fds[0])
        try:
            exec(code.decode(), {"sock": sock, "server": server, "codec": codec, "wire": wire, "os": os})
        finally:
            os._exit(0)
    os.close(fds[0])
    control.send(str(pid).encode())
"""


class Plain:
    """A warm Python that starts sessions."""

    def __init__(self, home):
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "OPENBLAS_NUM_THREADS": "1",
                       "COURSE_DATA_CODE": str(FOLDER.parents[1] / "data")}  # fmt: skip
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", ZYGOTE, str(theirs.fileno()), str(FOLDER)],
                pass_fds=[theirs.fileno()], env=environment, cwd=home,
            )  # fmt: skip

    @contextlib.contextmanager
    def open(self, code="server.serve(sock)", **options):
        """Yield a Session whose other end runs `code`; with `killed`, the list that gets the pid when it is killed."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [code.encode()], [theirs.fileno()])
        pid = int(self._control.recv(100))
        killed = []

        def kill():
            killed.append(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

        session = Session(ours, kill=kill, **options)
        session.killed, session.pid = killed, pid
        try:
            yield session
        finally:
            session.close()

    def close(self):
        """End the warm Python."""
        self._control.close()
        self._process.wait(10)
