"""Download one file from the first mirror that has it: verified before anybody sees it, and quick to give up.

The rules are pooch's: write to a temporary file, compare the checksum, then move. Mirrors, and the checksum of the
decompressed content, are what pooch leaves to its user.
"""

import queue
import socket
import threading
import time
import urllib.request
from urllib.parse import urlsplit

from course.data.files import SMALL_SET, ContentError, is_disk_error, replacing

CONNECT_SECONDS = 3.0  # to look up the name and to connect
READ_SECONDS = 10.0  # between two pieces of an answer
CHUNK = 1 << 16  # bytes
PORTS = {"http": 80, "https": 443}


class NoMirror(Exception):
    """No mirror gave the file; the message says in one line why, mirror by mirror."""


def download(file, target, urls, *, connect=CONNECT_SECONDS, read=READ_SECONDS):
    """Download `file` (a DataFile) to the path `target` from the first of `urls` that has it whole.

    Raises NoMirror if none could be reached or has it; ContentError if one sent it cut or wrong and no other was
    better; DataError if the disk is full. Then `target` is as it was, and nothing lies beside it.
    """
    reasons, damaged = [], []
    for url, trouble in _probed(urls, connect):
        try:
            if trouble:
                raise NoMirror(trouble)
            with replacing(target) as part:
                _transfer(file, url, part, (connect, read))
                file.unpack(part.read_bytes(), url, f"Nothing was kept. Try again later, or {SMALL_SET}.")
            return
        except NoMirror as error:
            reasons.append(f"{urlsplit(url).netloc or url}: {error}")
        except ContentError as error:
            damaged.append(error)
    if damaged:
        raise damaged[0]
    raise NoMirror("; ".join(reasons) or "no mirror is known")


def _transfer(file, url, part, timeout):
    """Write what `url` sends to `part`; NoMirror if nothing came, ContentError if it broke off half-way."""
    import pooch  # here, since most loads need no network
    from tqdm import tqdm

    class Bar(tqdm):
        def __bool__(self):
            return True  # pooch asks whether there is a bar; tqdm answers whether it knows the length, and fails

    # a server that packs or unpacks on the way would only confuse the progress bar
    headers = {"Accept-Encoding": "identity"}
    with Bar(desc=file.name, unit="B", unit_scale=True, leave=False, dynamic_ncols=True) as bar:
        fetch = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, timeout=timeout, headers=headers)
        try:
            fetch(url, str(part), None)
        except OSError as error:
            if is_disk_error(error):
                raise
            if bar.total is not None:  # pooch sets it when the server begins to send the file
                raise ContentError(
                    f"{file.name}: the download from {url} broke off before its end ({_short(error)}).\n"
                    f"Nothing was kept. Try again, or {SMALL_SET}."
                ) from error
            raise NoMirror(_short(error)) from error


def _short(error):
    """Say in a few words what went wrong: `HTTP 404`, `ReadTimeout`."""
    response = getattr(error, "response", None)
    return type(error).__name__ if response is None else f"HTTP {response.status_code}"


def _probed(urls, seconds):
    """Yield (url, trouble) for each url in order; trouble is "" if its server accepts a connection in time.

    All are asked at once and name look-up counts, so a network that swallows packets costs `seconds` in total; the
    time limit of an HTTP library starts after the look-up and counts anew for each address of each mirror.
    """
    deadline = time.monotonic() + seconds
    answers = [queue.SimpleQueue() for _ in urls]
    for url, answer in zip(urls, answers, strict=True):
        # a thread of its own that nobody waits for: a name look-up cannot be interrupted
        threading.Thread(target=lambda url=url, answer=answer: answer.put(_connect(url, seconds)), daemon=True).start()
    for url, answer in zip(urls, answers, strict=True):
        try:
            yield url, answer.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            yield url, f"no answer in {seconds:g} s"


def _connect(url, seconds):
    """Connect to the server of `url`, or to the proxy that stands before it; return "" or what went wrong."""
    try:
        server = urlsplit(url)
        proxies = urllib.request.getproxies()
        proxy = proxies.get(server.scheme) or proxies.get("all")
        if proxy and not urllib.request.proxy_bypass(server.netloc):
            server = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        with socket.create_connection((server.hostname, server.port or PORTS.get(server.scheme, 443)), seconds):
            return ""
    except (OSError, ValueError) as error:  # ValueError: an address that is none
        return getattr(error, "strerror", None) or str(error)
