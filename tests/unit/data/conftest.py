"""An empty cache for every test, small data files with their own checksums, and mirrors that misbehave on request."""

import gzip
import hashlib
import shutil
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import numpy as np
import pytest

from course.data import mnist, store
from course.data.files import DataFile


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache folder, no data folder, no memory of earlier failures; returns the folder's path."""
    for name in ("COURSE_DATA_DIR", "COURSE_DATA_MIRRORS", "COURSE_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "_given_up", {})
    monkeypatch.setattr(store, "_said", set())
    return tmp_path / "cache"


class Mirror:
    """A web server on this machine. `answers[path]` is (how, body); what it does not know is 404.

    how: "good"; "cut" says the full length and closes half-way; "stall" sends half and then nothing; "silent" sends
    nothing; "500" is a broken server; "unpacked" sends the content of a .gz file and says that it was packed.
    """

    def __init__(self):
        self.answers, self.requests, self.barrier = {}, [], None
        self.over = threading.Event()  # ends what stalls
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.requests.append(self.path)
                mirror.answer(self, *mirror.answers.get(urlsplit(self.path).path, ("404", b"")))

            def log_message(self, *args):
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False  # so that server_close waits for them
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def answer(self, request, how, body):
        if self.barrier:
            self.barrier.wait()
        if how == "silent":
            self.over.wait()
        request.send_response(int(how) if how.isdigit() else 200)
        request.send_header("Content-Length", str(len(body)))
        if how == "unpacked":
            request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        try:
            request.wfile.write(body[: len(body) // 2] if how in ("cut", "stall") else body)
        except OSError:
            pass  # the client gave up, as it should
        if how == "stall":
            self.over.wait()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def mirrors():
    """Two mirrors that know nothing yet."""
    pair = Mirror(), Mirror()
    yield pair
    for mirror in pair:
        mirror.close()


@pytest.fixture
def mirror(mirrors):
    return mirrors[0]


def closed_port():
    """Return the address of a server that has gone."""
    gone = Mirror()
    gone.close()
    return gone.url


def listing(folder):
    """Return every file under `folder`, hidden ones too, as relative paths."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def as_idx(array):
    """Return a uint8 array as the bytes of an idx file."""
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def data_file(path, content, *urls):
    return DataFile(path, hashlib.sha256(content).hexdigest(), urls)


class SmallMnist:
    """Four files in MNIST's format, with 30 and 20 digits; `files` is for load_mnist(files=...)."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.arrays = {}
        for split, n in (("train", 30), ("t10k", 20)):
            self.arrays[f"{split}-images-idx3-ubyte"] = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
            self.arrays[f"{split}-labels-idx1-ubyte"] = rng.integers(0, 10, n, dtype=np.uint8)
        self.contents = {name: as_idx(array) for name, array in self.arrays.items()}
        self.files = {name: data_file(f"mnist/{name}.gz", content) for name, content in self.contents.items()}

    def write(self, folder, packed=True):
        (folder / "mnist").mkdir(parents=True)
        for name, content in self.contents.items():
            data = gzip.compress(content) if packed else content
            (folder / "mnist" / (name + packed * ".gz")).write_bytes(data)

    def serve(self, mirror, how="good"):
        for name, content in self.contents.items():
            mirror.answers[f"/mnist/{name}.gz"] = (how, gzip.compress(content))


@pytest.fixture
def small():
    return SmallMnist()


@pytest.fixture(scope="session")
def parsed(tmp_path_factory):
    """The offline digits, parsed once for all tests: a folder that can be copied as a cache."""
    folder = tmp_path_factory.mktemp("parsed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CACHE_DIR", str(folder))
        mnist._load_offline("train")
    return folder


@pytest.fixture
def offline(cache, parsed, monkeypatch):
    """A cache that holds the offline digits, and no downloads."""
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    shutil.copytree(parsed, cache)
    return cache
