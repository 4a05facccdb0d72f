"""What student code prints and displays, in order and up to a length: from Python, from C and from child processes."""

import codecs
import io
import os
import select
import sys
import threading

DISPLAYS = 20
PNG = 2_000_000  # bytes of one picture
LEFT_OUT = "\n[the rest of what was printed is left out]\n"


class Recorder:
    """Keeps outputs as ("stdout" or "stderr", text) and ("display", {mime type: content}), up to the limits."""

    def __init__(self):
        self.lock = threading.RLock()
        self.begin(0)

    def begin(self, room):
        """Forget everything, and keep up to `room` characters from now on."""
        with self.lock:
            self.outputs, self.room, self.displays = [], room, DISPLAYS

    def write(self, name, text):
        """Keep a text that went to the stream `name`."""
        with self.lock:
            if self.room <= 0 or not text:
                return
            kept = text[: self.room]
            self.room -= len(kept)
            if self.room <= 0:
                kept += LEFT_OUT
            if self.outputs and self.outputs[-1][0] == name:
                self.outputs[-1][1].append(kept)
            else:
                self.outputs.append((name, [kept]))

    def display(self, data):
        """Keep the plain text and the PNG picture of something displayed."""
        kept = {}
        text, png = data.get("text/plain"), data.get("image/png")
        with self.lock:
            if isinstance(text, str) and self.room > 0:
                kept["text/plain"] = text[: self.room]
                self.room -= len(kept["text/plain"])
            if isinstance(png, bytes) and len(png) <= PNG:
                kept["image/png"] = png
            self.displays -= 1
            if kept and self.displays >= 0:
                self.outputs.append(("display", kept))

    def end(self):
        """Return the outputs, and keep nothing until `begin` is called again."""
        with self.lock:
            outputs, self.outputs, self.room, self.displays = self.outputs, [], 0, 0
        return [(kind, data if kind == "display" else "".join(data)) for kind, data in outputs]


class Stream(io.TextIOBase):
    """Stands in for sys.stdout or sys.stderr."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, recorder, name, fd):
        self._recorder, self.name, self._fd = recorder, f"<{name}>", fd
        self._kind = name
        self.buffer = io.FileIO(fd, "wb", closefd=False)  # what is written there comes back through the pipe

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.write(self._kind, text)
        return len(text)

    def writable(self):
        return True

    def fileno(self):
        return self._fd

    def close(self):
        """Stay open: the next cell prints here as well."""


class Capture:
    """Sends the file descriptors 1 and 2 and sys.stdout and sys.stderr of this process to one Recorder, for good."""

    def __init__(self):
        self.recorder = Recorder()
        self.pipes = []  # (end to read from, name, decoder)
        for fd, name in ((1, "stdout"), (2, "stderr")):
            read, write = os.pipe()
            os.dup2(write, fd)
            os.close(write)
            os.set_blocking(read, False)
            self.pipes.append((read, name, codecs.getincrementaldecoder("utf-8")("replace")))
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self.streams = Stream(self.recorder, "stdout", 1), Stream(self.recorder, "stderr", 2)
        self.draining = threading.Lock()
        threading.Thread(target=self._drain_always, daemon=True).start()

    def begin(self, room):
        """Record from here on."""
        self._drain()
        sys.stdout, sys.stderr = self.streams
        self.recorder.begin(room)

    def end(self):
        """Return what was recorded since `begin`."""
        self._drain()
        return self.recorder.end()

    def _drain_always(self):
        # a full pipe would stop whoever writes into it
        poll = select.poll()
        for read, _, _ in self.pipes:
            poll.register(read, select.POLLIN)
        while True:
            if any(event & select.POLLIN for _, event in poll.poll()):
                self._drain()
            else:
                return  # the student's code has closed both ends: nothing will come

    def _drain(self):
        with self.draining:
            for read, name, decoder in self.pipes:
                for _ in range(64):  # at most 4 MiB: a child may write without end
                    try:
                        data = os.read(read, 2**16)
                    except OSError:  # nothing there
                        break
                    self.recorder.write(name, decoder.decode(data, final=not data))
                    if not data:
                        break
