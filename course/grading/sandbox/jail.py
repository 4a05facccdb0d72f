"""Start the zygote inside bubblewrap: only the interpreter, system libraries and named packages are there.

Mounts are an allow-list. What is not named does not exist inside: no PyTorch, no course, no home, no network.
"""

import functools
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from importlib import metadata
from pathlib import Path

from course.grading.sandbox.inside import calls

PACKAGES = ("numpy", "matplotlib", "ipython")  # with what they need; nothing else is importable
USERS = range(61_000, 65_000)  # ids that no system gives to anybody
INSIDE = Path(__file__).parent / "inside"
DATA_CODE = Path(__file__).parents[2] / "data"  # `course.data`, which reads the files that are mounted
HIDDEN_STDLIB = ("site-packages", "dist-packages", "test", "ensurepip", "idlelib", "lib2to3")
FOLDERS = ("/home", "/home/student", "/packages", "/python", "/python/bin", "/python/lib", "/sandbox", "/usr",
           "/usr/lib", "/etc")  # fmt: skip
DEVICES = ("null", "full", "random", "urandom")  # no "zero": mapped and shared, it is memory that nobody is charged for
ENVIRONMENT = {
    "HOME": "/home/student", "LANG": "C.UTF-8", "MPLBACKEND": "Agg", "MPLCONFIGDIR": "/tmp/matplotlib",
    "IPYTHONDIR": "/tmp/ipython", "PATH": "/nowhere", "PYTHONDONTWRITEBYTECODE": "1",
    "LD_LIBRARY_PATH": "/python/lib",  # where libpython lies inside
    # one thread: marks do not depend on the number of cores, and a fork is safe
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
}  # fmt: skip


class NoSandbox(RuntimeError):
    """Bubblewrap is missing or does not work here."""


@functools.cache
def isolation():
    """Say which isolation this machine offers: "bubblewrap", with a remark where its list of system calls was never
    tried; raises NoSandbox with the reason if it has none."""
    if not sys.platform.startswith("linux"):
        raise NoSandbox(f"the sandbox needs Linux; this is {sys.platform}")
    machine = platform.machine()
    if machine not in calls.MACHINES:
        known = ", ".join(calls.MACHINES)
        raise NoSandbox(f"the sandbox has no list of system calls for {machine}; it has one for {known}")
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandbox("bubblewrap is not installed: install the system package `bubblewrap`")
    if os.geteuid() == 0:
        _check_users()
    trial = [bwrap, *_namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    done = subprocess.run(trial, capture_output=True, text=True)
    if done.returncode:
        raise NoSandbox(f"bubblewrap does not work here: {done.stderr.strip() or done.returncode}")
    return "bubblewrap" if machine in calls.TRIED else f"bubblewrap, its list of system calls untried on {machine}"


def _check_users(maps=Path("/proc/self")):
    """NoSandbox if root is one of few users here, as in a container: the student's process must become another one."""
    for kind in ("uid", "gid"):
        ranges = [tuple(map(int, line.split())) for line in Path(maps, f"{kind}_map").read_text().splitlines()]
        if not any(first <= _uid() < first + count for first, _, count in ranges):
            raise NoSandbox(
                f"the grader is root in a user namespace with {sum(count for *_, count in ranges)} {kind}(s), but a "
                f"student's process needs one of its own, {USERS[0]} to {USERS[-1]}: grade as an ordinary user, or "
                "give the container more (/etc/subuid and /etc/subgid, `unshare --map-auto`, `podman --uidmap`)"
            )


def _namespaces():
    """Root needs no user namespace, and without one can become any other user; everybody else needs one."""
    user = [] if os.geteuid() == 0 else ["--unshare-user", "--uid", "0", "--gid", "0"]
    return [*user, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-add", "ALL"]  # fmt: skip


def command(control_fd, data=None):
    """The command line that starts the zygote in the jail.

    control_fd: number of its end of the control socket. data: a folder with files for `course.data`, or None.
    """
    mounts = [word for folder in FOLDERS for word in ("--perms", "0755", "--dir", folder)] + ["--tmpfs", "/tmp"]
    for source, target in [*_system(), *_interpreter(), *_packages()]:
        mounts += ["--ro-bind", str(source), str(target)]
    for hidden in _hidden():  # one empty folder for all students: whoever could write there would meet the next one
        mounts += ["--tmpfs", hidden, "--remount-ro", hidden]
    mounts += ["--tmpfs", "/dev", "--perms", "0755", "--dir", "/dev/shm"]
    mounts += [word for name in DEVICES for word in ("--dev-bind", f"/dev/{name}", f"/dev/{name}")]
    mounts += ["--ro-bind", str(INSIDE), "/sandbox/inside", "--ro-bind", str(DATA_CODE), "/sandbox/course_data"]
    variables = ENVIRONMENT | {"COURSE_DATA_CODE": "/sandbox/course_data"}
    if data is not None:
        mounts += ["--ro-bind", str(data), "/data"]
        variables |= {"COURSE_DATA_DIR": "/data"}
    environment = [word for item in variables.items() for word in ("--setenv", *item)]
    folders = [ENVIRONMENT["HOME"], "/tmp", "/sandbox", "/packages", "/python", "/data"]
    options = {"jail": True, "path": ["/sandbox", "/packages"], "folders": folders, "uid": _uid()}
    return [
        shutil.which("bwrap"), *_namespaces(), "--clearenv", *environment, *mounts, "--proc", "/proc",
        "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--",
        "/python/bin/python", "-I", "-S", "-B", "/sandbox/inside/zygote.py", str(control_fd),
        json.dumps(options),
    ]  # fmt: skip


def start(data=None):
    """Start a zygote. Returns (process, control socket); the process ends when the socket is closed."""
    isolation()
    return _start(lambda control_fd: command(control_fd, data), {})


def start_weak(folder, data=None):
    """Start a zygote without a jail, with links to the named packages in `folder`: limits, but nothing is hidden.

    For a machine without bubblewrap, when the instructor asks for it: student code can read what the grader can.
    """
    for source, target in _packages():
        link = Path(folder, target.removeprefix("/"))
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(source)
    home = Path(folder, "home")
    home.mkdir()
    folders = {folder, tempfile.gettempdir(), sys.base_prefix, str(INSIDE.parent), str(DATA_CODE), str(data or folder),
               *(str(source.parent) for source, _ in _packages())}  # fmt: skip
    options = {"jail": False, "path": [str(INSIDE.parent), str(Path(folder, "packages"))], "home": str(home),
               "folders": sorted(folders)}  # fmt: skip
    places = {"HOME": str(home), "MPLCONFIGDIR": str(home / "matplotlib"), "IPYTHONDIR": str(home / "ipython"),
              "COURSE_DATA_CODE": str(DATA_CODE)} | ({"COURSE_DATA_DIR": str(data)} if data else {})  # fmt: skip
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "LD_LIBRARY_PATH"} | places
    program = [os.path.realpath(sys.executable), "-I", "-S", "-B", str(INSIDE / "zygote.py")]
    return _start(lambda control_fd: [*program, str(control_fd), json.dumps(options)], environment)


def _start(make_command, environment):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            make_command(theirs.fileno()), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd="/",
        )  # fmt: skip
    return process, ours


def _uid():
    """Which user the student becomes: as root one that nobody else has, so that its processes count alone."""
    return USERS[os.getpid() % len(USERS)] if os.geteuid() == 0 else None


def _system():
    """(source, target) of the system's libraries: the loader's folders and its cache, no programs."""
    libraries = [Path("/usr/lib") / sysconfig.get_config_var("MULTIARCH"), Path("/lib64"), Path("/usr/lib64")]
    if not libraries[0].is_dir():
        libraries[0] = Path("/usr/lib64")
    for folder in dict.fromkeys(libraries):
        if folder.is_dir():
            yield folder, folder
    multiarch = Path("/lib") / sysconfig.get_config_var("MULTIARCH")
    if multiarch.is_dir():
        yield multiarch, multiarch
    for file in ("/etc/ld.so.cache", "/usr/share/zoneinfo"):
        if os.path.exists(file):
            yield file, file


def _interpreter():
    """The program and its standard library, under /python: at their own places they may lie in a closed home."""
    program = Path(os.path.realpath(sys.executable))
    yield program, "/python/bin/python"
    yield _stdlib(), f"/python/lib/{_stdlib().name}"
    for library in Path(sys.base_prefix, "lib").glob("libpython3*.so*"):
        yield library, f"/python/lib/{library.name}"


def _stdlib():
    """The folder of the standard library of the interpreter itself, not of a virtual environment."""
    base = {"base": sys.base_prefix, "installed_base": sys.base_prefix}
    return Path(sysconfig.get_path("stdlib", vars=base))


def _hidden():
    """Folders of the standard library that are empty inside: installed packages, tests, installers."""
    return [f"/python/lib/{_stdlib().name}/{name}" for name in HIDDEN_STDLIB if (_stdlib() / name).is_dir()]


@functools.cache
def _packages():
    """(source, target) of the named packages and of what they need, each file or folder of its own."""
    found = {}
    for name in sorted(_with_needs(PACKAGES)):
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__", "share", "bin", "etc"):
                found[top] = Path(distribution.locate_file(top))
    return tuple((source, f"/packages/{top}") for top, source in sorted(found.items()) if source.exists())


def _with_needs(names):
    """The names of distributions and, over several steps, of everything that they require here."""
    from packaging.requirements import Requirement

    seen, waiting = set(), list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        try:
            requirements = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # needed on other systems only
            continue
        seen.add(name)
        for text in requirements:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return seen
