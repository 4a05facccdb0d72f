"""Two processes that fill one cache at the same moment."""

import gzip
import hashlib
import os
import subprocess
import sys
import threading

import pytest

from course.data import mnist
from tests.unit.data.conftest import listing

LOAD = """
import numpy as np
from course.data import load_mnist
images, labels = load_mnist("test")
print(images.shape, np.bincount(labels).tolist())
"""
FETCH = """
import sys
from course.data import store
from course.data.files import DataFile
file = DataFile("mnist/digits.gz", sys.argv[1], (sys.argv[2],))
path, source = store.find(file)
print(source, len(store.read(file, path, "cache")))
"""


def run_twice(code, *arguments, **variables):
    """Start two processes, wait for both, and return what each printed; both must end well and without a warning."""
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    started = [
        subprocess.Popen(command, env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [(process, *process.communicate(timeout=120)) for process in started]
    for process, _, errors in ended:
        assert process.returncode == 0, errors
    return [output.splitlines() for _, output, _ in ended]


@pytest.mark.slow
def test_two_processes_parse_the_offline_set(cache):
    """Do both get all digits, and is one whole file left?"""
    for lines in run_twice(LOAD, COURSE_OFFLINE="1"):
        assert lines[-1] == f"(1000, 1, 28, 28) {[100] * 10}"
    assert listing(cache) == [mnist.OFFLINE_FILE]


def test_two_processes_download_at_once(cache, mirror):
    """Where the server answers only when both have asked, do both get the file, and is it there once?"""
    content = bytes(range(256)) * 4000
    mirror.answers["/digits"] = ("good", gzip.compress(content))
    mirror.barrier = threading.Barrier(2, timeout=60)
    for lines in run_twice(FETCH, hashlib.sha256(content).hexdigest(), mirror.url + "/digits"):
        assert lines == [f"download {len(content)}"]
    assert mirror.requests == ["/digits"] * 2
    assert listing(cache) == ["mnist/digits.gz"]
