"""A student's environment, made by the commands of the README.

All packages but the course's own lie on this machine already: those that the wheel asks for, and those that these ask
for, are linked into the empty environment before. Then pip finds them there, and only installs the wheel. What the
wheel does not ask for is missing in it, as at a student's.
"""

import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import STARTUP

PACKAGES = Path(sysconfig.get_path("purelib"))
PREFIX = Path(sys.prefix)


def commands(bundle):
    """The three commands of the README: make an environment, install, start JupyterLab."""
    return re.search(r"```\n(.*?)```", (bundle / "README.md").read_text(), re.DOTALL)[1].splitlines()


def install(bundle, wanted=None):
    """Make the environment `.venv` in the folder of the bundle. wanted: what the wheel asks for, to be linked."""
    make, pip, _ = commands(bundle)
    _run(make.replace("python3", sys.executable), bundle)
    if wanted is not None:
        link(closure(wanted), bundle / ".venv")
    return _run(pip, bundle)


def run(bundle, home, program, *arguments, cwd=None):
    """Start a program of the environment: without this run's variables, and without a network to be needed."""
    clean = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "COURSE_OFFLINE": "1", "PYTHONPATH": STARTUP,
             "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
    command = [bundle / ".venv/bin" / program, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd or bundle, env=clean, capture_output=True, text=True)


def _run(command, folder):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["PIP_NO_COMPILE"] = "1"  # Python compiles what it imports; all of PyTorch takes half a minute
    done = subprocess.run(shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def closure(wanted):
    """The installed distributions that these requirements ask for, and those that they ask for, and so on."""
    found, open_ones = {}, [(Requirement(line), "") for line in wanted]
    while open_ones:
        requirement, extra = open_ones.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = requirement.name.lower().replace("_", "-")
        extras = {"", *requirement.extras} - found.setdefault(name, set())
        if extras:
            distribution = importlib.metadata.distribution(requirement.name)
            needs = [Requirement(line) for line in distribution.requires or []]
            open_ones += [(need, extra) for need in needs for extra in extras]
            found[name] |= extras
    return [importlib.metadata.distribution(name) for name in found]


def link(distributions, environment):
    """Link their packages, and what they keep in share/ and etc/; programs are copied, for another interpreter."""
    packages = next(environment.glob("lib/python3*/site-packages"))
    for distribution in distributions:
        for file in distribution.files:
            path = Path(os.path.normpath(file.locate()))
            inside = path.relative_to(PREFIX)
            if path.is_relative_to(PACKAGES):
                top = path.relative_to(PACKAGES).parts[0]
                if not (packages / top).exists():
                    (packages / top).symlink_to(PACKAGES / top)
            elif inside.parts[0] == "bin":
                text = path.read_bytes().replace(bytes(PREFIX), bytes(environment))
                (environment / inside).write_bytes(text)
                (environment / inside).chmod(0o755)
            elif path.is_file():
                (environment / inside).parent.mkdir(parents=True, exist_ok=True)
                if not (environment / inside).exists():
                    (environment / inside).symlink_to(path)


def need_index(folder):
    """Skip where pip finds no packages, or fail if COURSE_REQUIRE holds `index`."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--retries", "0", "--dest", folder, "tqdm"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = f"pip finds no packages: {done.stderr.strip().splitlines()[-1]}"
        if "index" in os.environ.get("COURSE_REQUIRE", "").split(","):
            pytest.fail(f"COURSE_REQUIRE names index, but {reason}")
        pytest.skip(reason)


def remove(bundle):
    """Remove the environment: with PyTorch almost 2 GB."""
    shutil.rmtree(bundle / ".venv")
