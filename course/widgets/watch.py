"""What a function of the reader's did besides answering: did it print, did it draw, how long did it take?"""

import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

from IPython import get_ipython

_HERE = threading.local()  # .seen: what the call of this thread did
_LOCK = threading.Lock()
_watching = 0  # calls under way: while there are any, stdout and stderr are spied on


@dataclass
class Seen:
    """What a call did: `printed`, `drew`, and the `seconds` it took; `swallow` keeps it from the page."""

    printed: bool = False
    drew: bool = False
    seconds: float = 0.0
    swallow: bool = False

    def __add__(self, other):
        return Seen(self.printed or other.printed, self.drew or other.drew, self.seconds + other.seconds)


class _Spy:
    """A stream that notes who writes; all else is the stream's own."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        seen = getattr(_HERE, "seen", None)
        if seen is not None and text:
            seen.printed = True
            if seen.swallow:
                return len(text)
        return self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


@contextmanager
def watch(swallow=False):
    """Yield a `Seen` that is filled while the body runs, for this thread alone."""
    outer, seen = getattr(_HERE, "seen", None), Seen(swallow=swallow)
    publisher = getattr(get_ipython(), "display_pub", None)
    hooked = hasattr(publisher, "register_hook")  # a kernel's; elsewhere display prints

    def hook(message):
        seen.drew = True
        return None if swallow else message

    figures = _figures()
    _spy(+1)
    if hooked:
        publisher.register_hook(hook)
    _HERE.seen, started = seen, time.perf_counter()
    try:
        yield seen
    finally:
        seen.seconds = time.perf_counter() - started
        _HERE.seen = outer
        if hooked:
            publisher.unregister_hook(hook)
        _spy(-1)
        seen.drew = seen.drew or _figures() != figures


def _figures():
    """Numbers of pyplot's open figures; pyplot is not loaded for this."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return [] if pyplot is None else list(pyplot.get_fignums())


def _spy(change):
    """Put the spies in with the first call and take them out with the last, whatever the order of the threads.

    A call that was stopped on its way out may never be counted out; then the spies, which pass everything on, stay.
    """
    global _watching
    with _LOCK:
        _watching += change
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if _watching > 0 and not isinstance(stream, _Spy):
                setattr(sys, name, _Spy(stream))
            elif _watching == 0 and isinstance(stream, _Spy):
                setattr(sys, name, stream._stream)
