"""Find a data file: the cache, then COURSE_DATA_DIR, then a download into the cache. No network at import.

Environment variables, read at every call:

* COURSE_CACHE_DIR: the cache folder; otherwise the system's own place for caches.
* COURSE_DATA_DIR: a local copy of the data, such as an instructor's; only read.
* COURSE_DATA_MIRRORS: addresses of copies of that folder on the web, with spaces between; asked instead of ours.
* COURSE_OFFLINE=1: never download.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from course.data import download as downloads

# public copies of MNIST, tried in turn
MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
# here the name of the file differs from mirror to mirror
SHAKESPEARE_URLS = (
    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt",
)

# why a download from these servers failed in this process: whoever is offline waits once, not at every load
_given_up: dict[frozenset, str] = {}
_said: set[tuple] = set()


def cache_dir():
    """Return the path of the cache folder; it need not exist yet."""
    chosen = os.environ.get("COURSE_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser()
    import pooch  # here, since it is slower to import than the files are to read

    return Path(pooch.os_cache("deep-learning-course"))


def data_dir():
    """Return the path in COURSE_DATA_DIR, or None if it is not set."""
    chosen = os.environ.get("COURSE_DATA_DIR")
    return Path(chosen).expanduser() if chosen else None


def offline():
    """Say whether COURSE_OFFLINE forbids downloads."""
    return os.environ.get("COURSE_OFFLINE", "").strip().lower() not in ("", "0", "false", "no")


def locate(file):
    """Return (path, "cache" or "local") of `file` (a DataFile) if it is on this machine, else None."""
    for source, folder in (("cache", cache_dir()), ("local", data_dir())):
        for path in file.names_in(folder) if folder else ():
            if path.is_file():
                return path, source
    return None


def find(file, urls=None, **seconds):
    """Return (path, "cache", "local" or "download") of `file`, downloading it if need be, or None.

    After None, `why_missing(file)` says why. `urls` replaces the mirrors; `seconds` (connect=, read=) goes to
    `download`, whose DataErrors this raises too. A download that found no mirror is not tried again in this process.
    """
    found = locate(file)
    if found:
        return found
    urls = _urls(file) if urls is None else tuple(urls)
    if offline() or _servers(urls) in _given_up:
        return None
    target = cache_dir() / file.path
    try:
        downloads.download(file, target, urls, **seconds)
    except downloads.NoMirror as error:
        _given_up[_servers(urls)] = str(error)
        return None
    return target, "download"


def why_missing(file, urls=None):
    """Say in one line why `find` returned None; "" if it has not failed in this process and a download is allowed."""
    if offline():
        return "COURSE_OFFLINE forbids downloads"
    reason = _given_up.get(_servers(_urls(file) if urls is None else urls))
    return f"no mirror gave it ({reason})" if reason else ""


def read(file, path, source):
    """Return the decompressed content of `file` at `path`; ContentError if its checksum is wrong."""
    advice = {
        "cache": "Delete that file and run this again: it will be downloaded anew.",
        "local": "Replace that file by a good copy, or unset COURSE_DATA_DIR.",
        "download": "It changed on the disk just after the download: delete it and run this again.",
    }[source]
    return file.unpack(path.read_bytes(), path, advice)


def say(subject, source, text):
    """Print `text`, once in this process for each subject and source: readers should know what data they look at."""
    key = subject, {"download": "cache"}.get(source, source)  # what was downloaded lies in the cache next time
    if key not in _said:
        _said.add(key)
        print(text)
        folder = data_dir()
        if folder and not folder.is_dir():
            print(f"COURSE_DATA_DIR is set to {folder}, which is not a folder.")


def _urls(file):
    mirrors = os.environ.get("COURSE_DATA_MIRRORS", "").split()
    return tuple(f"{mirror.rstrip('/')}/{file.path}" for mirror in mirrors) if mirrors else file.urls


def _servers(urls):
    return frozenset(urlsplit(url).netloc for url in urls)
