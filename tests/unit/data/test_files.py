"""Checksums of the content, and files that appear whole or not at all."""

import errno
import gzip
import hashlib

import pytest

from course.data.files import ContentError, DataError, replacing
from tests.unit.data.conftest import data_file, listing

CONTENT = b"To be, or not to be" * 100
FILE = data_file("text/hamlet.txt.gz", CONTENT)


PACKED = [gzip.compress(CONTENT), gzip.compress(CONTENT, 1)]


@pytest.mark.parametrize("raw", [CONTENT, *PACKED], ids=["plain", "packed", "fast"])
def test_packed_or_plain(raw):
    """Is the content the same, packed well, packed badly, or not packed?"""
    assert FILE.unpack(raw, "here", "") == CONTENT


def test_a_wrong_content_is_refused_with_both_sums():
    """Does the error name the file, the place, both checksums and what to do?"""
    with pytest.raises(ContentError) as caught:
        FILE.unpack(gzip.compress(b"To sleep"), "the shelf", "Buy a new one.")
    for part in ("hamlet.txt.gz", "the shelf", FILE.sha256, hashlib.sha256(b"To sleep").hexdigest(), "Buy a new one."):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "raw, reason",
    [
        (gzip.compress(CONTENT)[:40], "cut short at 40 bytes"),
        (gzip.compress(CONTENT)[:-9] + b"x" * 9, "cannot be unpacked"),  # its own checksum at the end
        (gzip.compress(CONTENT)[:10] + b"\xff" * 50, "cannot be unpacked"),
        (b"\x1f\x8b", "cut short"),
        (b"", hashlib.sha256(b"").hexdigest()),
    ],
    ids=["cut", "gzip checksum", "deflate", "header only", "empty"],
)
def test_a_damaged_packed_file_is_refused(raw, reason):
    """Is each kind of damage one kind of error, which says what is wrong?"""
    with pytest.raises(ContentError, match=reason):
        FILE.unpack(raw, "here", "")


def test_a_file_appears_when_it_is_whole(tmp_path):
    """Is the target absent while it is written, and the only file afterwards?"""
    target = tmp_path / "new folder" / "digits"
    with replacing(target) as part:
        part.write_bytes(b"all of it")
        assert not target.exists()
    assert listing(tmp_path) == ["new folder/digits"]
    assert target.read_bytes() == b"all of it"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, ContentError, TimeoutError])
def test_nothing_is_left_after_a_failure(tmp_path, error):
    """Is the old file untouched, and the half-written one gone, whatever went wrong?"""
    target = tmp_path / "digits"
    target.write_bytes(b"old")
    with pytest.raises(error):
        with replacing(target) as part:
            part.write_bytes(b"ne")
            raise error("in the middle")
    assert listing(tmp_path) == ["digits"]
    assert target.read_bytes() == b"old"


def test_a_network_error_is_not_a_disk_error(tmp_path):
    """Does a connection that breaks pass through as it is, though it too has an error number?"""
    with pytest.raises(ConnectionResetError):
        with replacing(tmp_path / "digits") as part:
            part.write_bytes(b"half")
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    assert listing(tmp_path) == []


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    """Does each writer have a temporary file of its own, and the last one win?"""
    target = tmp_path / "digits"
    with replacing(target) as one, replacing(target) as two:
        assert one != two
        one.write_bytes(b"one")
        two.write_bytes(b"two")
    assert listing(tmp_path) == ["digits"]
    assert target.read_bytes() == b"one"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_names_file_and_folder(tmp_path, code):
    """Does a full disk say which file, which folder, and what to do, and leave nothing?"""
    with pytest.raises(DataError) as caught:
        with replacing(tmp_path / "digits") as part:
            part.write_bytes(b"half")
            raise OSError(code, "No room")
    for text in ("digits", str(tmp_path), "the disk is full", "MB free", "COURSE_CACHE_DIR", "COURSE_OFFLINE=1"):
        assert text in str(caught.value)
    assert listing(tmp_path) == []


def test_a_folder_that_cannot_be_made(tmp_path):
    """Is a file where the folder should be an error with a name and a remedy?"""
    (tmp_path / "cache").write_text("I am a file")
    with pytest.raises(DataError, match=r"digits cannot be kept in .*cache.*COURSE_CACHE_DIR"):
        with replacing(tmp_path / "cache" / "mnist" / "digits"):
            pass
