"""The secret that hidden cases are drawn from: held so that no log, error or page can show it."""

import contextlib
import hashlib
from contextvars import ContextVar

import numpy as np


class Secret:
    """A text that nobody may see. `str` and `repr` show the beginning of its `hash`, which tells nothing of it."""

    __slots__ = ("_text",)

    def __init__(self, text):
        self._text = text

    @property
    def hash(self):
        """64 hexadecimal digits that name the secret, in records and in the gradebook."""
        return self._digest("the name of this secret").hex()

    def generator(self, name):
        """A random generator for what `name` says; others get other numbers, and none tells of another."""
        words = np.frombuffer(self._digest(f"numbers of {name}"), "<u4")
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words.tolist())))

    def _digest(self, text):
        return hashlib.blake2b(text.encode(), key=hashlib.sha256(self._text.encode()).digest(), digest_size=32).digest()

    def __repr__(self):
        return f"<secret {self.hash[:8]}>"

    def __eq__(self, other):
        return type(other) is Secret and other._text == self._text

    def __hash__(self):
        return hash(self._text)

    def __reduce__(self):
        return Secret, (self._text,)


PUBLIC = Secret("everybody who reads this line has the public cases")
_current = ContextVar("secret", default=PUBLIC)


def current():
    """The secret in use: that of the innermost `drawn_from`, else PUBLIC."""
    return _current.get()


@contextlib.contextmanager
def drawn_from(secret):
    """Inside this block hidden cases are drawn from `secret`."""
    token = _current.set(secret)
    try:
        yield
    finally:
        _current.reset(token)
