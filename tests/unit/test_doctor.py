"""`course doctor`: what it says of a good installation, and of each thing that can be missing."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import doctor
from course.data import store
from course.doctor import Check

# `make` puts the environment on the PATH; a test may be started without
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    """No data, an empty folder as cache and as place to work."""
    for name in ("COURSE_DATA_DIR", "COURSE_DATA_MIRRORS", "COURSE_OFFLINE", "COURSE_DEVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", PATH)
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_this_installation_is_healthy(monkeypatch, capsys):
    """Does the installation that runs the tests pass, with a line for each thing, and without touching the network?"""

    def forbidden(*args, **kwargs):
        raise AssertionError("the doctor downloads nothing")

    monkeypatch.setattr(store.downloads, "download", forbidden)
    assert doctor.main() == 0, capsys.readouterr().out
    lines = capsys.readouterr().out.splitlines()
    names = [line.removeprefix("[ OK ] ").split(":")[0] for line in lines[:-1]]
    assert all(line.startswith("[ OK ] ") for line in lines[:-1])
    for name in (
        "Python",
        "numpy",
        "torch",
        "nbgrader",
        "server extensions",
        "alembic",
        "GPU",
        "MNIST",
        "cache folder",
    ):
        assert name in names
    assert "pytest" not in names  # a developer's need
    assert lines[-1] == f"All {len(names)} checks are OK."


def test_one_failure_is_the_exit_status(monkeypatch, capsys):
    """Does a failed check show, and make the status 1, while the others still run?"""
    checks = {
        "good": lambda: (True, "here"),
        "bad": lambda: (False, "buy one"),
        "broken": lambda: 1 / 0,
        "many": lambda: [Check("first", True, "1"), Check("second", True, "2")],
    }
    monkeypatch.setattr(doctor, "CHECKS", checks)
    assert doctor.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "[ OK ] good: here",
        "[FAIL] bad: buy one",
        "[FAIL] broken: ZeroDivisionError: division by zero",
        "[ OK ] first: 1",
        "[ OK ] second: 2",
        "2 of 5 checks failed.",
    ]


def test_packages_that_are_old_or_missing(monkeypatch):
    """Is each package measured against its own lower bound, and are extras and other systems left out?"""
    wanted = [
        "numpy>=999",
        "pooch>=1.0",
        "no-such-package>=1",
        'pytest>=999; extra == "test"',
        'numpy>=999; sys_platform == "plan9"',
    ]
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: wanted)
    old, good, missing = doctor.packages()
    assert (old.name, old.ok) == ("numpy", False) and "but the course needs >=999: run `make`" in old.text
    assert good == ("pooch", True, importlib.metadata.version("pooch"))
    assert (missing.name, missing.ok) == ("no-such-package", False) and "not installed" in missing.text


def test_a_course_that_is_not_installed(monkeypatch):
    """Is a course that lies there without being installed a failure with a name, not a crash?"""

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", missing)
    monkeypatch.setattr(doctor, "CHECKS", {"packages": doctor.packages})
    (result,) = doctor.doctor()
    assert not result.ok and "course" in result.text


def test_an_old_python(monkeypatch):
    """Does an old Python say which is needed?"""
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.8.1")
    ok, text = doctor.python_version()
    assert not ok and text.startswith("3.8.1, but the course needs >=3.11")


def jupyter_config(tmp_path, monkeypatch, name, content):
    """Write a user's Jupyter configuration file, which goes before that of the environment."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(json.dumps(content))


def test_a_disabled_server_extension(tmp_path, monkeypatch):
    """Is formgrader switched off in the user's settings seen, with the command that switches it on?"""
    assert doctor.server_extensions()[0]
    off = {"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": False}}}
    jupyter_config(tmp_path, monkeypatch, "jupyter_server_config.json", off)
    ok, text = doctor.server_extensions()
    assert not ok and "formgrader" in text and "validate" not in text and "jupyter server extension enable" in text


@pytest.mark.parametrize("entry", ["@jupyter/nbgrader", "@jupyter/nbgrader:menus", "anywidget"])
def test_a_disabled_lab_extension(tmp_path, monkeypatch, entry):
    """Is an extension of JupyterLab that is switched off seen, whole or in part?"""
    assert doctor.lab_extensions()[0]
    jupyter_config(tmp_path, monkeypatch, "labconfig/page_config.json", {"disabledExtensions": {entry: True}})
    ok, text = doctor.lab_extensions()
    assert not ok and f"{entry} disabled: run `jupyter labextension enable {entry}`" in text


def test_a_missing_lab_extension(monkeypatch):
    """Is an extension that is not there named, with the package that brings it?"""
    monkeypatch.setitem(doctor.LAB_EXTENSIONS, "no-such-extension", "its-package")
    ok, text = doctor.lab_extensions()
    assert not ok and "no-such-extension is missing" in text and "its-package" in text


def test_alembic_off_the_path(tmp_path, monkeypatch):
    """Is an environment that is not activated told apart from a package that is not there?"""
    assert doctor.alembic()[0]
    monkeypatch.setenv("PATH", str(tmp_path))
    ok, text = doctor.alembic()
    assert not ok and "formgrader hangs" in text and "activate the environment" in text
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    ok, text = doctor.alembic()
    assert not ok and "not installed" in text


def test_a_device_that_is_not_there(monkeypatch):
    """Is a wrong COURSE_DEVICE a failure that says which there are?"""
    monkeypatch.setenv("COURSE_DEVICE", "abacus")
    monkeypatch.setattr(doctor, "CHECKS", {"GPU": doctor.gpu})
    (result,) = doctor.doctor()
    assert not result.ok and "cuda, mps, cpu" in result.text


def test_bubblewrap_is_never_a_failure(tmp_path, monkeypatch):
    """Missing, forbidden, hanging or working: is it a line, and OK as long as nothing needs it?"""
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert doctor.bubblewrap()[0] and "not installed" in doctor.bubblewrap()[1]

    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    for outcome, said in (
        (subprocess.CompletedProcess([], 0, "", ""), "works"),
        (subprocess.CompletedProcess([], 1, "", "bwrap: No permissions"), "No permissions"),
        (subprocess.CompletedProcess([], 1, "", ""), "status 1"),
        (subprocess.TimeoutExpired("bwrap", 5), "timed out"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ):

        def run(*args, outcome=outcome, **kwargs):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(subprocess, "run", run)
        ok, text = doctor.bubblewrap()
        assert ok and said in text


def test_data_that_is_not_there(monkeypatch):
    """Without data, is it said what will be used, and is that no failure?"""
    assert [(check.name, check.ok) for check in doctor.data()] == [("MNIST", True), ("Shakespeare", True)]
    assert all("downloaded when first used" in check.text for check in doctor.data())
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert all("forbidden by COURSE_OFFLINE" in check.text for check in doctor.data())


def test_data_that_is_damaged(tmp_path, monkeypatch):
    """Is a damaged file a failure with its name, on one line, and a mistyped COURSE_DATA_DIR too?"""
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "tinyshakespeare.txt").write_text("To be")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    mnist, shakespeare = doctor.data()
    assert mnist.ok and not shakespeare.ok
    assert "tinyshakespeare.txt" in shakespeare.text and "Replace that file" in shakespeare.text
    assert "\n" not in shakespeare.text
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "typo"))
    assert not doctor.data()[0].ok and "typo, which is no folder" in doctor.data()[0].text


def test_data_that_is_whole(monkeypatch):
    """Is the full data of whoever runs the tests verified, where there is any?"""
    monkeypatch.undo()
    missing = [check for check in doctor.data() if "not on this machine" in check.text]
    if missing:
        pytest.skip("needs the full data: set COURSE_DATA_DIR, or load it once with a network")
    assert all(check.ok and "all files, verified" in check.text for check in doctor.data())


def test_the_cache_folder(tmp_path, monkeypatch):
    """Is a cache that is there, that can be made, and that cannot be made told apart?"""
    cache = tmp_path / "cache"
    assert doctor.cache_folder() == (True, f"{cache} (will be made)")
    cache.mkdir()
    assert doctor.cache_folder() == (True, str(cache))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert doctor.cache_folder() == (
        False, f"{cache} cannot be written: set COURSE_CACHE_DIR to a folder that you can write"
    )  # fmt: skip
    cache.rmdir()
    cache.write_text("I am a file")
    ok, text = doctor.cache_folder()
    assert not ok and "is a file, not a folder" in text


def test_a_full_disk(monkeypatch):
    """Is a disk without room for the data a failure?"""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    ok, text = doctor.cache_folder()
    assert not ok and "the disk is full (1 MB free)" in text


def test_the_exchange_folder(tmp_path, monkeypatch):
    """Is nbgrader's exchange looked for where nbgrader_config.py says, from any folder below?"""
    ok, text = doctor.exchange_folder()
    assert ok and "no nbgrader_config.py" in text
    config = tmp_path / "nbgrader_config.py"
    config.write_text('c = get_config()\nc.Exchange.root = "build/exchange"\n')
    (tmp_path / "lectures").mkdir()
    monkeypatch.chdir(tmp_path / "lectures")
    assert doctor.exchange_folder() == (True, f"{tmp_path / 'build' / 'exchange'} (will be made)")
    (tmp_path / "build").write_text("I am a file")
    ok, text = doctor.exchange_folder()
    assert not ok and f"set c.Exchange.root in {config}" in text
