"""A PostgreSQL server of the test's own: Debian's programs, a temporary folder, a socket in it, no network."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

USER = "postgres"  # whom the server runs as when the test runs as root, which PostgreSQL refuses
PASSWORD = "never-to-be-shown"  # the server trusts everybody who reaches its socket, so any will do
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
START_SECONDS = 30
QUICK = ("-c", "fsync=off", "-c", "listen_addresses=", "-c", "max_connections=30")


def program(name):
    """Where a program of PostgreSQL is: on the PATH, or where Debian puts its newest version. None if nowhere."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    return next((str(folder / name) for folder in folders if (folder / name).exists()), None)


def require_postgresql():
    """Skip with the reason, or fail where COURSE_REQUIRE holds `postgresql`."""
    missing = []
    if program("initdb") is None or program("postgres") is None:
        missing.append("initdb and postgres are not installed: install the system package `postgresql`")
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        missing.append(f'{error}: pip install "course[postgresql]"')
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            missing.append(f"the server refuses root, and there is no user `{USER}`")
    if missing and "postgresql" in os.environ.get("COURSE_REQUIRE", "").split(","):
        pytest.fail(f"COURSE_REQUIRE names postgresql, but {'; '.join(missing)}")
    if missing:
        pytest.skip("; ".join(missing))


class Server:
    """A running server. Its folder is short, as a socket's path may have 107 characters, and goes with `remove`."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="course-pg-"))
        self._as_user = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._process = None
        try:
            command = [program("initdb"), "-D", "data", "-U", "teacher", "-A", "trust", "-E", "UTF8", "-N"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, env=ENVIRONMENT,
                                  **self._as_user)  # fmt: skip
            if done.returncode:
                raise RuntimeError(f"initdb failed: {done.stdout}{done.stderr}")
            self.start()
        except BaseException:
            self.remove()
            raise

    def url(self, database, template="template1"):
        """Make a database, empty or a copy of another. Returns its address for `c.CourseDirectory.db_url`."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="teacher", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'create database "{database}" template "{template}"')
        return f"postgresql+psycopg://teacher:{PASSWORD}@/{database}?host={self.folder}"

    def start(self):
        """Start it, and wait until it answers."""
        import psycopg

        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [program("postgres"), "-D", "data", "-k", str(self.folder), *QUICK], cwd=self.folder, stdout=log,
                stderr=log, env=ENVIRONMENT, start_new_session=True, **self._as_user,
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(host=str(self.folder), user="teacher", dbname="postgres").close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    said = (self.folder / "log").read_text(errors="replace")[-1000:]
                    raise RuntimeError(f"the PostgreSQL server does not answer: {error}\n{said}") from error
            time.sleep(0.05)

    def stop(self):
        """Stop it at once, as a crash would: open connections break."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)

    def remove(self):
        """Stop it and delete everything."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
