"""A data file: what it is called, how its content is verified, how it is written so that nobody sees half of it."""

import errno
import gzip
import hashlib
import os
import secrets
import shutil
import zlib
from contextlib import contextmanager
from dataclasses import dataclass

GZIP_START = b"\x1f\x8b"
# what to do when the data cannot be had, said at the end of errors
SMALL_SET = "set COURSE_OFFLINE=1 to work with the small set that comes with the course"


class DataError(RuntimeError):
    """A data file is damaged, cut short, or cannot be written; the message names it and says what to do."""


class ContentError(DataError):
    """The content of a file is not what it should be."""


@dataclass(frozen=True)
class DataFile:
    """One file of a data set.

    path: where it lies in the cache, in COURSE_DATA_DIR and on a mirror of the course, such as "mnist/labels.gz".
    sha256: of the content after decompression, so that a plain copy serves as well as a packed one.
    urls: full addresses, tried in turn.
    """

    path: str
    sha256: str
    urls: tuple[str, ...] = ()

    @property
    def name(self):
        return self.path.rpartition("/")[2]

    def names_in(self, folder):
        """Return the paths in `folder` that may hold this file: as it is named, then without or with .gz."""
        other = self.path.removesuffix(".gz") if self.path.endswith(".gz") else self.path + ".gz"
        return [folder / self.path, folder / other]

    def unpack(self, raw, place, advice):
        """Return the decompressed content of `raw`; ContentError, naming `place` and `advice`, if it is wrong."""
        try:
            # told by the content, not by the name: some servers and browsers unpack on the way
            content = gzip.decompress(raw) if raw.startswith(GZIP_START) else raw
        except EOFError:
            got = f"none, since the packed file is cut short at {len(raw)} bytes"
        except (OSError, zlib.error) as error:
            got = f"none, since it cannot be unpacked ({error})"
        else:
            got = hashlib.sha256(content).hexdigest()
            if got == self.sha256:
                return content
        raise ContentError(
            f"{self.name} from {place} has the wrong content.\n"
            f"  SHA-256 expected: {self.sha256}\n"
            f"  SHA-256 found:    {got}\n{advice}"
        )


@contextmanager
def replacing(target):
    """Yield a path to write to; it becomes `target` in one step if the block ends well, and is removed if not.

    So a reader sees the old file, the new file or none, whatever happens, and two writers do not meet.
    Raises DataError, naming file and folder, if the disk is full or the folder cannot be written.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, target)
    except OSError as error:
        if not is_disk_error(error):
            raise
        raise DataError(f"{target.name} cannot be kept in {target.parent}: {_disk_reason(error, target)}") from error
    finally:
        # where the folder could not even be made, this fails for the same reason, which has been said
        try:
            part.unlink(missing_ok=True)
        except OSError:
            pass


def is_disk_error(error):
    """Tell an OSError of the disk from one of the network: errors of the requests library carry no errno."""
    return error.errno is not None and not isinstance(error, (ConnectionError, TimeoutError))


def _disk_reason(error, target):
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        try:
            free = f", {shutil.disk_usage(target.parent).free / 1e6:.0f} MB free"
        except OSError:
            free = ""
        reason = f"the disk is full ({error.strerror}{free}). Make room"
    else:
        reason = f"{error.strerror}. Make the folder writable"
    return f"{reason}, set COURSE_CACHE_DIR to another folder, or {SMALL_SET}."
