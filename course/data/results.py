"""Keep what took long to compute: `cached` stores arrays in the cache folder and gives them back next time."""

import hashlib
import inspect
import json
import zipfile
from pathlib import Path

import numpy as np

from course.data.files import DataError, replacing
from course.data.store import cache_dir


def cached(name, compute, *, recompute=False, depends_on=None, folder=None, **settings):
    """Return `compute(**settings)`, a dict of arrays, from the cache folder if it is there.

    name: a word for the file's name. settings: numbers, strings, lists; with the text of `compute` they decide
    which stored result fits, so that a change of either computes anew. So does `depends_on`, a plain value that
    `compute` does not take, such as the number of digits on this machine. `recompute=True` computes in any case.
    folder: where to store, by default `results` in the cache folder. A file that is cut or broken is computed
    again; a folder that cannot be written costs the cache, never the result.
    """
    folder = Path(folder) if folder is not None else cache_dir() / "results"
    path = folder / f"{name}-{_key(name, compute, [depends_on, settings])}.npz"
    if not recompute:
        found = _read(path)
        if found is not None:
            return found
    result = {key: np.asarray(value) for key, value in compute(**settings).items()}
    if any(value.dtype == object for value in result.values()):
        raise TypeError(f"{name}: a result must be a dict of arrays of numbers or strings")
    try:
        _write(path, result)
    except (OSError, DataError):
        pass  # a full disk or a read-only folder: the next run computes again
    return result


def _key(name, compute, settings):
    try:
        code = inspect.getsource(compute)
    except (OSError, TypeError):  # a function without a file, such as a partial
        code = ""
    text = json.dumps([name, code, settings], sort_keys=True)  # TypeError for what is no plain value
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path):
    """The stored dict, or None when there is no file or it is broken. Never unpickles."""
    try:
        # opened here, since NumPy leaves a broken file open
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def _write(path, result):
    """Write beside the target and move: another process sees the old state or the new one, never half."""
    with replacing(path) as part, open(part, "wb") as file:
        np.savez_compressed(file, **result)
