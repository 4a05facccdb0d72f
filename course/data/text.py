"""Text to learn from, character by character: Shakespeare, or the source code of Python itself.

Slides: intro-ann-050.
"""

import sys
import sysconfig
from pathlib import Path

from course.data import store
from course.data.files import DataError, DataFile

SHAKESPEARE = DataFile(
    "text/tinyshakespeare.txt",
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    store.SHAKESPEARE_URLS,
)
NAMES = ("shakespeare", "python")
LENGTH = 1_000_000  # characters of Python source: about as long as the Shakespeare


def load_text(name="shakespeare", *, file=SHAKESPEARE):
    """Return a text as one string: "shakespeare" (1 115 394 characters) or "python" (1 000 000).

    Shakespeare comes from the cache, COURSE_DATA_DIR or a download; where none has it, the Python source takes its
    place. Prints which, once. "python" is the start of the standard library in alphabetical order, without its tests;
    it needs no network, and differs only from one version of Python to the next.
    Raises ValueError for an unknown name, DataError for damaged data or a full disk.
    """
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}; got {name!r}")
    instead = ""
    if name == "shakespeare":
        found = store.find(file)
        if found:
            path, source = found
            content = store.read(file, path, source).decode("utf-8")  # first: a damaged copy is not announced
            store.say("shakespeare", source, f"Text: Shakespeare, from {path.parent}.")
            return content
        instead = f"Shakespeare is not here: {store.why_missing(file)}, so "
    version = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    store.say(name, "offline", f"Text: {instead}the source code of Python {version}'s standard library.")
    return _python_source()


def has_shakespeare(*, file=SHAKESPEARE):
    """Say whether Shakespeare is on this machine. Downloads nothing."""
    return store.locate(file) is not None


def _python_source():
    """Return the first `LENGTH` characters of the standard library's modules, in alphabetical order."""
    folder = Path(sysconfig.get_path("stdlib"))
    text = ""
    for path in sorted(folder.glob("*.py"), key=lambda path: path.name):
        if path.name.startswith("_") or path.stem not in sys.stdlib_module_names:
            continue  # what is private differs between machines
        source = path.read_text(encoding="utf-8")
        if source.isascii():  # a few names in other alphabets would double the number of characters to learn
            text += source
        if len(text) >= LENGTH:
            return text[:LENGTH]
    raise DataError(f"the source of Python's standard library is not in {folder}: {len(text)} characters found")
