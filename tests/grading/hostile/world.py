"""What an attack can reach for: secrets and decoys in a folder, listeners on loopback, a plain process to run in."""

import os
import select
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

from course.grading.sandbox import jail
from tests.grading.hostile.attack import SOURCE, honest
from tests.grading.hostile.plain import Plain

SECRET = "the-grader-knows-4711"  # in the environment and in files of the grader
LEFT = f"left-{os.getpid()}"  # name of a process that an attack of this run leaves behind: 15 characters at most


class World:
    """The surroundings of the grader, in a folder that is its working directory as well."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "hidden").mkdir()
        (self.folder / "home").mkdir()
        (self.folder / "secret.txt").write_text(SECRET)
        (self.folder / "hidden/activations.py").write_text(f"# {SECRET}\n")
        for name, text in {"solutions": SOURCE, "submitted/bob": honest().decode()}.items():
            (self.folder / name).mkdir(parents=True)
            (self.folder / name / "ps1_activations.ipynb").write_text(text)
        with sqlite3.connect(self.folder / "gradebook.db") as book:
            book.execute("create table grade (student text, score real)")
            book.execute("insert into grade values ('mallory', 0)")
        book.close()
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix_name = f"hostile-{os.getpid()}"
        self.unix.bind(f"\0{self.unix_name}")
        self.unix.listen()
        self.bystander = subprocess.Popen(["sleep", "infinity"], user=jail._uid())  # of the student's user
        self.plain = Plain(self.folder, {"HOME": str(self.folder / "home"), "COURSE_SECRET": SECRET})

    def fill(self, code):
        """Put the names of this world into the code of an attack."""
        names = {"$FOLDER": self.folder, "$TCP": self.tcp.getsockname()[1], "$UDP": self.udp.getsockname()[1],
                 "$UNIX": self.unix_name, "$LEFT": LEFT}  # fmt: skip
        for name, value in names.items():
            code = code.replace(name, str(value))
        return code

    def heard(self):
        """Has somebody called one of the listeners since this was asked last?"""
        listeners = [self.tcp, self.udp, self.unix]
        found = select.select(listeners, [], [], 0)[0]
        for listener in found:
            listener.recv(1000) if listener is self.udp else listener.accept()[0].close()
        return bool(found)

    def proof(self):
        """Is there a file of the attacker's, or a changed mark? Takes it away."""
        with sqlite3.connect(self.folder / "gradebook.db") as book:
            changed = book.execute("update grade set score = 0 where score != 0").rowcount > 0
        book.close()
        found = list(self.folder.rglob("*proof*"))
        for path in found:
            path.unlink()
        return changed or bool(found)

    def left(self):
        """Numbers of the processes on this machine that an attack has left behind."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    name = (folder / "comm").read_text().strip()
                    state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
                except OSError:  # it has just ended
                    continue
                if name == LEFT and state != "Z":
                    found.append(int(folder.name))
        return found

    def end_left(self):
        """End them, each by its number."""
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 5
        while self.left() and time.monotonic() < end:
            time.sleep(0.01)

    def close(self):
        """End the plain process and the listeners."""
        self.plain.close()
        self.bystander.kill()
        self.bystander.wait()
        for listener in (self.tcp, self.udp, self.unix):
            listener.close()
