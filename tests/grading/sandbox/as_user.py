"""Run tests once more as an unprivileged user: root may be what hides a hole, or makes one."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
USER = 4321


def run_as_user(*arguments):
    """Run pytest with these arguments as another user; it must pass. Only root can do this."""
    folder = Path(tempfile.mkdtemp(prefix="course-user-"))
    folder.chmod(0o755)
    try:
        python, environment = _python_for_everybody(folder)
        done = subprocess.run(
            [python, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--rootdir", ROOT,
             f"--basetemp={folder}/pytest", *arguments],
            user=USER, group=USER, extra_groups=[], env=environment, cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    return done.stdout


def _python_for_everybody(folder):
    """A copy of the interpreter that another user may read: the one in use may lie in root's home."""
    stdlib = Path(sysconfig.get_path("stdlib", vars={"base": sys.base_prefix, "installed_base": sys.base_prefix}))
    (folder / "bin").mkdir(parents=True)
    shutil.copy(os.path.realpath(sys.executable), folder / "bin/python3")
    shutil.copytree(stdlib, folder / "lib" / stdlib.name, ignore=shutil.ignore_patterns("site-packages", "__pycache__"))
    for library in Path(sys.base_prefix, "lib").glob("libpython3*.so*"):
        shutil.copy(library, folder / "lib")
    (folder / "home").mkdir()
    for path in (folder, folder / "home"):
        os.chown(path, USER, USER)
    environment = {"HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": str(folder / "lib"),
                   "PYTHONPATH": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")]),
                   "PYTHONDONTWRITEBYTECODE": "1", "COURSE_REQUIRE": os.environ.get("COURSE_REQUIRE", "")}  # fmt: skip
    return folder / "bin/python3", environment
