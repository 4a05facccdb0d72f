"""Which frames the page has, and which comes next: the plan behind frames ahead (ahead.py), without a thread."""

from typing import NamedTuple

LIMIT = 20_000_000  # bytes of pictures that a page keeps


class Frame(NamedTuple):
    """What the page shows in one state."""

    readout: str
    alt: str
    error: str
    png: bytes


def key_of(positions):
    """The name of a state, the same in the page: "3,17,0"."""
    return ",".join(map(str, positions))


class Frames:
    """Frames by key. `positions` is where the controls stand, `axis` the one that moved last, None before any did.

    length(axis): number of positions on an axis, 0 where its control has none.
    """

    def __init__(self, length, limit=LIMIT):
        self.length, self.limit = length, limit
        self.kept, self.size = {}, 0
        self.positions, self.axis, self._direction = None, None, 1

    def move(self, positions):
        """The controls stand elsewhere. Returns the frame of this state, or None."""
        before, self.positions = self.positions, tuple(positions)
        moved = [k for k, (old, new) in enumerate(zip(before or positions, positions, strict=True)) if old != new]
        if moved:
            self.axis = moved[-1]
            old, new = before[self.axis], positions[self.axis]
            self._direction = -1 if isinstance(old, int) and isinstance(new, int) and new < old else 1
        return self.kept.get(key_of(positions))

    def next(self):
        """Positions of the state that comes next, nearest first; None if all are there."""
        return next((positions for positions in self._line() if key_of(positions) not in self.kept), None)

    def keep(self, key, frame):
        """Remember a frame, or None for a state without one. Returns the keys of those that it displaces.

        What lies furthest goes first. The new frame itself is displaced where all others are nearer.
        """
        self._forget(key)
        self.kept[key], dropped = frame, []
        self.size += len(frame.png) if frame else 0
        near = [key_of(self.positions), *map(key_of, self._line())] if self.positions else []
        rank = {name: place for place, name in enumerate(near)}
        while self.size > self.limit and len(self.kept) > 1:
            dropped.append(max(self.kept, key=lambda name: rank.get(name, len(near))))
            self._forget(dropped[-1])
        return dropped

    @property
    def full(self):
        """No room for another frame as large as those that are there."""
        return bool(self.kept) and self.size + self.size // len(self.kept) > self.limit

    def clear(self):
        self.kept, self.size = {}, 0

    def _forget(self, key):
        frame = self.kept.pop(key, None)
        self.size -= len(frame.png) if frame else 0

    def _line(self):
        """Positions along the axis without the present one, nearest first, first in the direction of the last move."""
        if self.axis is None or self.positions is None:
            return
        here, length = self.positions[self.axis], self.length(self.axis)
        centre = here if isinstance(here, int) else 0
        for distance in range(1, length):
            for position in (centre + self._direction * distance, centre - self._direction * distance):
                if 0 <= position < length:
                    yield (*self.positions[: self.axis], position, *self.positions[self.axis + 1 :])
