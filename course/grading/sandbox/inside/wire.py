"""Frames over a stream socket: eight bytes that say how long, then that many bytes. Bounded in size and in time.

A deadline is a point of `time.monotonic()` for the whole frame, so that a peer that trickles bytes gains nothing. The
socket is read and written as a file: in the sandbox there are no system calls for sockets.
"""

import os
import select
import struct
import time

LENGTH = struct.Struct("<Q")
BUFFERS = 512  # buffers handed to the system at once; it takes 1024 at most


class WireError(Exception):
    """The peer does not keep to the frames."""


class Closed(WireError):
    """The peer has closed its end, between two frames or within one."""


class TooSlow(WireError):
    """The deadline has passed."""


def send(sock, buffers, deadline=None):
    """Send one frame made of `buffers`. Raises TooSlow or Closed; then the stream is of no more use."""
    sock.setblocking(False)
    buffers = [memoryview(buffer).cast("B") for buffer in buffers if len(buffer)]
    buffers.insert(0, memoryview(LENGTH.pack(sum(map(len, buffers)))))
    while buffers:
        try:
            sent = os.writev(sock.fileno(), buffers[:BUFFERS])
        except BlockingIOError:
            _wait(sock, select.POLLOUT, deadline)
            continue
        except OSError as error:
            raise Closed(f"The other side is gone ({error.strerror}).") from None
        while buffers and sent >= len(buffers[0]):
            sent -= len(buffers.pop(0))
        if sent:
            buffers[0] = buffers[0][sent:]


def receive(sock, limit, deadline=None):
    """Return the bytes of the next frame; WireError if it is longer than `limit`, TooSlow or Closed if it is cut."""
    sock.setblocking(False)
    (length,) = LENGTH.unpack(_exactly(sock, LENGTH.size, deadline))
    if length > limit:
        raise WireError(f"A frame of {length} bytes was announced; {limit} are allowed.")
    return _exactly(sock, length, deadline)


def is_quiet(sock):
    """Has the peer sent nothing, and is its end still open?"""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


def _exactly(sock, count, deadline):
    data = bytearray(count)
    view, at = memoryview(data), 0
    while at < count:
        _wait(sock, select.POLLIN, deadline)
        try:
            got = os.readv(sock.fileno(), [view[at:]])
        except BlockingIOError:
            continue
        except OSError as error:
            raise Closed(f"The other side is gone ({error.strerror}).") from None
        if not got:
            raise Closed(f"The other side has hung up after {at} of {count} bytes.")
        at += got
    return data


def _wait(sock, event, deadline):
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise TooSlow("The time is up.")
    poll = select.poll()
    poll.register(sock, event)
    poll.poll(None if left is None else max(1, left * 1000))
