"""Downloads from a server on this machine: good, cut, wrong, missing, slow, and the second mirror after each."""

import errno
import gzip
import hashlib
import socket
import threading

import pooch
import pytest

from course.data import download as downloads
from course.data.download import NoMirror, download
from course.data.files import ContentError, DataError
from tests.unit.data.conftest import closed_port, data_file, listing

CONTENT = bytes(range(256)) * 2000  # 512 kB: more than one piece
PACKED = gzip.compress(CONTENT, mtime=0)
WRONG = gzip.compress(b"a login page")
FILE = data_file("mnist/digits.gz", CONTENT)
PATH = "/mnist/digits.gz"
SHORT = {"connect": 2.0, "read": 0.2}  # seconds

# what the server does: (how, body), and the error if nobody does better
BAD = {
    "cut": (("cut", PACKED), ContentError),
    "cut, plain file": (("cut", CONTENT), ContentError),
    "cut, but the length fits": (("good", PACKED[:-10]), ContentError),
    "stalls half-way": (("stall", CONTENT), ContentError),
    "wrong bytes": (("good", WRONG), ContentError),
    "empty": (("good", b""), ContentError),
    "404": (("404", b"not here"), NoMirror),
    "500": (("500", b"broken"), NoMirror),
    "silent": (("silent", PACKED), NoMirror),
}
bad = pytest.mark.parametrize("answer, error", BAD.values(), ids=BAD.keys())


def test_a_good_file_is_kept(mirror, cache):
    """Is the file stored as it came, alone in its folder, readable by others on a shared machine?"""
    mirror.answers[PATH] = ("good", PACKED)
    download(FILE, cache / FILE.path, [mirror.url + PATH])
    assert listing(cache) == ["mnist/digits.gz"]
    assert (cache / FILE.path).read_bytes() == PACKED
    probe = cache / "probe"
    probe.touch()
    assert (cache / FILE.path).stat().st_mode == probe.stat().st_mode


@pytest.mark.parametrize("how, body", [("good", CONTENT), ("unpacked", PACKED)])
def test_a_server_that_unpacks_is_understood(mirror, cache, how, body):
    """Is plain content under a packed name accepted, sent so or unpacked on the way?"""
    mirror.answers[PATH] = (how, body)
    download(FILE, cache / FILE.path, [mirror.url + PATH])
    assert (cache / FILE.path).read_bytes() == CONTENT


@bad
def test_a_bad_mirror_leaves_nothing(mirror, cache, answer, error):
    """Is each failure the right error, naming file or server, with an empty cache afterwards?"""
    mirror.answers[PATH] = answer
    with pytest.raises(error) as caught:
        download(FILE, cache / FILE.path, [mirror.url + PATH], **SHORT)
    assert ("digits.gz" if error is ContentError else mirror.url.removeprefix("http://")) in str(caught.value)
    assert listing(cache) == []
    assert mirror.requests == [PATH]  # asked once


@bad
def test_a_bad_mirror_spares_the_old_file(mirror, cache, answer, error):
    """Is a file that was there before still there?"""
    (cache / "mnist").mkdir(parents=True)
    (cache / FILE.path).write_bytes(b"old")
    mirror.answers[PATH] = answer
    with pytest.raises(error):
        download(FILE, cache / FILE.path, [mirror.url + PATH], **SHORT)
    assert listing(cache) == ["mnist/digits.gz"]
    assert (cache / FILE.path).read_bytes() == b"old"


@bad
def test_the_second_mirror_is_used(mirrors, cache, answer, error):
    """Does a good second mirror make up for any failure of the first?"""
    mirrors[0].answers[PATH] = answer
    mirrors[1].answers[PATH] = ("good", PACKED)
    download(FILE, cache / FILE.path, [mirror.url + PATH for mirror in mirrors], **SHORT)
    assert listing(cache) == ["mnist/digits.gz"]
    assert (cache / FILE.path).read_bytes() == PACKED


def test_the_second_mirror_is_left_alone(mirrors, cache):
    """Is the second mirror asked only if the first fails?"""
    for mirror in mirrors:
        mirror.answers[PATH] = ("good", PACKED)
    download(FILE, cache / FILE.path, [mirror.url + PATH for mirror in mirrors])
    assert mirrors[0].requests == [PATH] and mirrors[1].requests == []


def test_wrong_content_names_both_sums(mirror, cache):
    """Does a wrong checksum say the file, where it came from, both sums and what to do?"""
    mirror.answers[PATH] = ("good", WRONG)
    with pytest.raises(DataError) as caught:
        download(FILE, cache / FILE.path, [mirror.url + PATH])
    found = hashlib.sha256(b"a login page").hexdigest()
    for part in ("digits.gz", mirror.url, FILE.sha256, found, "Nothing was kept", "COURSE_OFFLINE=1"):
        assert part in str(caught.value)


def test_damage_counts_more_than_absence(mirror, cache):
    """Is wrong content an error, though the other mirror is merely gone?"""
    mirror.answers[PATH] = ("good", WRONG)
    with pytest.raises(ContentError):
        download(FILE, cache / FILE.path, [closed_port() + PATH, mirror.url + PATH])


def test_no_mirror_says_why_for_each(mirror, cache):
    """Does one line hold the reason of every mirror?"""
    gone = closed_port()
    with pytest.raises(NoMirror) as caught:
        download(FILE, cache / FILE.path, [gone + PATH, mirror.url + PATH, "no address"])
    text = str(caught.value)
    assert "\n" not in text
    assert f"{gone.removeprefix('http://')}: Connection refused" in text
    assert "HTTP 404" in text and "no address: " in text


def test_no_mirror_is_known(cache):
    """Is a file without mirrors an ordinary failure?"""
    with pytest.raises(NoMirror, match="no mirror is known"):
        download(FILE, cache / FILE.path, [])


def test_a_network_that_swallows_packets(cache, monkeypatch):
    """Does a name look-up that never ends cost no more than the time limit?"""
    never = threading.Event()

    def swallow(*args):
        never.wait()
        raise OSError("at last")

    monkeypatch.setattr(socket, "create_connection", swallow)
    with pytest.raises(NoMirror, match=r"one\.invalid: no answer in 0\.05 s; two\.invalid: no answer"):
        download(FILE, cache / FILE.path, ["http://one.invalid/a", "http://two.invalid/a"], connect=0.05)
    never.set()


def test_a_proxy_is_asked(mirror, cache, monkeypatch):
    """Where a proxy is the only way out, is the proxy connected to, and not the mirror?"""
    monkeypatch.setenv("http_proxy", mirror.url)
    mirror.answers[PATH] = ("good", PACKED)
    url = "http://mirror.invalid" + PATH
    download(FILE, cache / FILE.path, [url])
    assert mirror.requests == [url]


def test_a_proxy_that_is_gone(cache, monkeypatch):
    """Is a dead proxy a failure like a dead mirror?"""
    monkeypatch.setenv("http_proxy", closed_port().removeprefix("http://"))  # people also write it so
    with pytest.raises(NoMirror, match=r"mirror\.invalid: Connection refused"):
        download(FILE, cache / FILE.path, ["http://mirror.invalid" + PATH])


def test_a_full_disk_stops_at_once(mirrors, cache, monkeypatch):
    """Is a full disk an error that names file and folder, without asking the next mirror?"""
    for mirror in mirrors:
        mirror.answers[PATH] = ("good", PACKED)

    def fill(self, url, output_file, pooch):
        with open(output_file, "wb") as stream:
            stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", fill)
    with pytest.raises(DataError, match=r"digits\.gz cannot be kept in .*mnist: the disk is full") as caught:
        download(FILE, cache / FILE.path, [mirror.url + PATH for mirror in mirrors])
    assert not isinstance(caught.value, ContentError)
    assert listing(cache) == []


def test_an_interrupted_download_leaves_nothing(mirror, cache, monkeypatch):
    """Does Ctrl-C in the middle leave an empty cache?"""
    mirror.answers[PATH] = ("good", PACKED)

    def interrupt(self, url, output_file, pooch):
        with open(output_file, "wb") as stream:
            stream.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(FILE, cache / FILE.path, [mirror.url + PATH])
    assert listing(cache) == []


def test_progress_is_shown(mirror, cache, capsys):
    """Is there a progress bar that names the file, away from the program's own output?"""
    mirror.answers[PATH] = ("good", CONTENT)
    download(FILE, cache / FILE.path, [mirror.url + PATH])
    shown = capsys.readouterr()
    assert "digits.gz" in shown.err and "/512k" in shown.err
    assert shown.out == ""


def test_time_limits_are_short():
    """Whoever has no network waits seconds, not minutes."""
    assert downloads.CONNECT_SECONDS <= 5 and downloads.READ_SECONDS <= 15
