"""MNIST: the idx format, the four sources, the offline split, and the full set where it is."""

import errno
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course.data import DataError, is_full_mnist, load_mnist, mnist, mnist_source, offline_digits, store
from course.data.mnist import IDX_TYPES, read_idx
from tests.unit.data.conftest import as_idx, closed_port, listing

TINY = as_idx(np.arange(6, dtype=np.uint8).reshape(2, 3))


@given(data=st.data(), code=st.sampled_from(sorted(IDX_TYPES)))
def test_idx_round_trip(data, code):
    """Does reading give back what was written, for every type and any shape, one with no numbers too?"""
    shape = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    array = data.draw(arrays.arrays(np.dtype(IDX_TYPES[code]), shape))
    header = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    np.testing.assert_array_equal(read_idx(header + array.tobytes()), array, strict=True)


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "starts with nothing"),
        (b"\0\0\x08", "starts with 00 00 08"),
        (b"<html>", "starts with 3c 68 74 6d"),
        (b"\0\0\x07" + TINY[3:], "starts with 00 00 07"),
        (TINY[:11], "within its header: 11 bytes, where 12"),
        (TINY[:-1], r"18 bytes for an array of shape \(2, 3\); it has 17"),
        (TINY + b"x", r"18 bytes for an array of shape \(2, 3\); it has 19"),
        (b"\0\0\x08\x04" + b"\xff" * 16, "should have 3402823"),  # a length that overflows 64 bits
    ],
)
def test_a_bad_idx_file_is_refused(content, reason):
    """Does each malformed file give an error that names it and says what is wrong?"""
    with pytest.raises(DataError, match=f"digits.*{reason}"):
        read_idx(content, "digits")


@pytest.mark.parametrize("packed", [True, False])
def test_digits_from_the_cache(small, cache, packed):
    """Are pixels float32 in [0, 1] and labels int64, in the files' order, in both shapes?"""
    small.write(cache, packed)
    for split, name in (("train", "train"), ("test", "t10k")):
        pixels, labels = (small.arrays[f"{name}-{kind}-ubyte"] for kind in ("images-idx3", "labels-idx1"))
        digits = load_mnist(split, files=small.files)
        assert digits.images.shape == (len(pixels), 1, 28, 28)
        np.testing.assert_array_equal(digits.images[:, 0], pixels.astype(np.float32) / 255, strict=True)
        np.testing.assert_array_equal(digits.labels, labels.astype(np.int64), strict=True)
        flat, again = load_mnist(split, flat=True, files=small.files)
        np.testing.assert_array_equal(flat, digits.images.reshape(-1, 784), strict=True)
        np.testing.assert_array_equal(again, digits.labels)


def test_each_load_gives_new_arrays(small, cache):
    """Can a reader change what was loaded without changing the next load?"""
    small.write(cache)
    images, labels = load_mnist(files=small.files)
    before = images.copy(), labels.copy()
    images[:], labels[:] = -1, -1
    for array, kept in zip(load_mnist(files=small.files), before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("split", ["Train", "validation", "", None])
def test_an_unknown_split(split):
    """Does a wrong split say which there are, before anything is looked for?"""
    with pytest.raises(ValueError, match="one of train, test"):
        load_mnist(split)


def test_sources_in_turn(small, cache, tmp_path, mirror, monkeypatch, capsys):
    """Do load_mnist and mnist_source agree on the source, and is each said once, in one line?"""

    def source():
        images, _ = load_mnist("test", files=small.files)
        assert len(images) == 20
        return mnist_source(files=small.files), capsys.readouterr().out

    small.serve(mirror)
    monkeypatch.setenv("COURSE_DATA_MIRRORS", mirror.url)
    assert mnist_source(files=small.files) == "download" and not is_full_mnist(files=small.files)
    assert mirror.requests == []
    assert source() == ("cache", f"MNIST: 60 000 training and 10 000 test digits, downloaded to {cache / 'mnist'}.\n")
    assert len(mirror.requests) == 4 == len(listing(cache))
    assert source() == ("cache", "") and is_full_mnist(files=small.files)

    for path in cache.rglob("*.gz"):
        path.unlink()
    small.write(tmp_path / "local")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "local"))
    folder = tmp_path / "local" / "mnist"
    assert source() == ("local", f"MNIST: 60 000 training and 10 000 test digits, from {folder}.\n")
    assert len(mirror.requests) == 4


def test_one_missing_file_is_fetched(small, cache, mirror, monkeypatch):
    """Is an incomplete cache completed, without fetching the rest again?"""
    small.write(cache)
    (cache / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
    small.serve(mirror)
    monkeypatch.setenv("COURSE_DATA_MIRRORS", mirror.url)
    assert not is_full_mnist(files=small.files)
    load_mnist("train", files=small.files)
    assert mirror.requests == ["/mnist/t10k-labels-idx1-ubyte.gz"]
    assert is_full_mnist(files=small.files)


@pytest.mark.parametrize("split, n", [("train", 4000), ("test", 1000)])
def test_splits_are_never_mixed(small, offline, split, n):
    """Where one of the four files is missing, do both splits come from the offline set?"""
    for name, content in list(small.contents.items())[:3]:
        (offline / small.files[name].path).write_bytes(content)
    assert mnist_source(files=small.files) == "offline" and not is_full_mnist(files=small.files)
    assert len(load_mnist(split, files=small.files).labels) == n


def test_a_damaged_file_is_an_error(small, cache, capsys):
    """Is a damaged file in the cache an error, and neither announced nor a quiet change of the source?"""
    small.write(cache)
    path = cache / "mnist" / "train-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz from [\s\S]*cut short[\s\S]*Delete that file"):
        load_mnist("train", files=small.files)
    assert capsys.readouterr().out == "", "it was announced as used"


def test_a_cut_download_is_an_error(small, cache, mirror, monkeypatch):
    """Does a cut download stop with the name of the file and an empty cache?"""
    small.serve(mirror, "cut")
    monkeypatch.setenv("COURSE_DATA_MIRRORS", mirror.url)
    with pytest.raises(DataError, match="train-images-idx3-ubyte"):
        load_mnist(files=small.files)
    assert listing(cache) == []


def test_without_a_network(offline, monkeypatch, capsys):
    """Is there one line that says why and what is used instead, and only one attempt?"""
    monkeypatch.delenv("COURSE_OFFLINE")
    gone = closed_port()
    monkeypatch.setenv("COURSE_DATA_MIRRORS", gone)
    assert mnist_source() == "download"
    for split in ("train", "test"):
        load_mnist(split)
        assert mnist_source() == "offline"
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert gone.removeprefix("http://") in said and "5 000 digits" in said
    monkeypatch.setattr(store.downloads, "download", lambda *args, **kwargs: pytest.fail("tried again"))
    load_mnist("train")


def test_the_offline_split(offline):
    """Are there 400 and 100 digits of each class, mixed, in no digit both?"""
    (images, labels), (test_images, test_labels) = load_mnist("train", flat=True), load_mnist("test", flat=True)
    assert images.shape == (4000, 784) and test_images.shape == (1000, 784)
    assert images.dtype == test_images.dtype == np.float32 and labels.dtype == np.int64
    assert images.min() == 0 and images.max() == 1
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 400))
    np.testing.assert_array_equal(np.bincount(test_labels), np.full(10, 100))
    assert set(labels[:100]) == set(test_labels[:100]) == set(range(10))  # a first batch is a fair one
    assert not {row.tobytes() for row in images} & {row.tobytes() for row in test_images}
    # pictures still belong to their labels: each is nearest to the mean of its own class, mostly
    means = np.stack([images[labels == digit].mean(axis=0) for digit in range(10)])  # (10, 784)
    nearest = ((test_images[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)  # (1000,)
    assert (nearest == test_labels).mean() > 0.75


def test_the_offline_split_is_always_the_same(offline):
    """Is it the split that the numbers in the lectures were computed with?"""
    content = b"".join(array.tobytes() for split in ("train", "test") for array in load_mnist(split))
    assert hashlib.sha256(content).hexdigest()[:16] == "f3b27d9e27b11a7f"


def test_a_damaged_offline_cache_is_made_anew(offline, monkeypatch, capsys):
    """Is a damaged cache of the offline digits replaced, with a line that says so?"""
    path = offline / mnist.OFFLINE_FILE
    whole = path.read_bytes()
    expected = load_mnist("test")
    with np.load(path) as content:
        made = dict(content)
    monkeypatch.setattr(mnist, "_split_offline", lambda: made)  # saves two seconds of parsing
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for damaged in (whole[: len(whole) // 2], b"", b"text", bytes(flipped), whole[:-1]):
        path.write_bytes(damaged)
        capsys.readouterr()
        for array, kept in zip(load_mnist("test"), expected, strict=True):
            np.testing.assert_array_equal(array, kept)
        load_mnist("train")
        assert "is damaged: making it anew" in capsys.readouterr().out
        with np.load(path) as content:
            assert set(content) == set(made)
    assert listing(offline) == [mnist.OFFLINE_FILE]


def test_a_full_disk_does_not_stop_the_offline_set(cache, parsed, monkeypatch, capsys):
    """Without room for the cache, are the digits there all the same, with a line that says why the start is slow?"""
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    with np.load(parsed / mnist.OFFLINE_FILE) as content:
        made = dict(content)
    monkeypatch.setattr(mnist, "_split_offline", lambda: made)

    def fill(stream, **arrays):
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", fill)
    assert len(load_mnist("test").labels) == 1000
    said = capsys.readouterr().out
    assert str(cache) in said and "the disk is full" in said
    assert listing(cache) == []


def test_the_digits_that_everybody_has():
    """Are they the same 5 000, in the same order: both splits, 500 of each class?"""
    images, labels = offline_digits()
    assert images.shape == (5000, 784) and images.dtype == np.float32 and (images.min(), images.max()) == (0, 1)
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 500))
    parts = [mnist._load_offline(split) for split in ("train", "test")]
    np.testing.assert_array_equal(labels, np.concatenate([part[1] for part in parts]))
    np.testing.assert_array_equal((images * 255).round(), np.concatenate([part[0] for part in parts]).reshape(5000, -1))


@pytest.fixture
def full(monkeypatch):
    """The full set of whoever runs the tests, from their own cache or COURSE_DATA_DIR; skips where there is none."""
    monkeypatch.undo()
    if not is_full_mnist():
        pytest.skip("needs the full MNIST: set COURSE_DATA_DIR, or load it once with a network")


def test_the_full_set(full):
    """Are all 60 000 and 10 000 digits there, with the known number of each?"""
    images, labels = load_mnist("train")
    assert images.shape == (60_000, 1, 28, 28) and images.dtype == np.float32
    assert images.min() == 0 and images.max() == 1
    np.testing.assert_array_equal(np.bincount(labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    assert abs(images.mean(dtype=np.float64) - 0.1307) < 1e-4
    images, labels = load_mnist("test", flat=True)
    assert images.shape == (10_000, 784)
    np.testing.assert_array_equal(labels[:5], [7, 2, 1, 0, 4])


def test_checksums_are_of_the_published_files():
    """Are the four checksums different, and as long as SHA-256 is?"""
    sums = {file.sha256 for file in mnist.FILES.values()}
    assert len(sums) == 4 and {len(value) for value in sums} == {hashlib.sha256().digest_size * 2}
