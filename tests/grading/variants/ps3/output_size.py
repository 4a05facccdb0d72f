"""Question 1 as students write it: positions of a kernel, and what they leave over."""

import numpy as np

from tests.grading.variants.expects import expects


def _left(positions, sizes, kernel_size, stride, padding):
    """What these positions leave."""
    end = np.where(positions > 0, (positions - 1) * stride + kernel_size, 0)
    return sizes + 2 * padding - end


def _right(sizes, kernel_size, stride, padding):
    room = sizes + 2 * padding - kernel_size
    positions = np.where(room < 0, 0, room // stride + 1)
    return positions, _left(positions, sizes, kernel_size, stride, padding)


@expects("first position missing")
def wrong_counts_steps(sizes, kernel_size, stride, padding):
    """The first position is not counted."""
    _, left = _right(sizes, kernel_size, stride, padding)
    return np.maximum((sizes + 2 * padding - kernel_size) // stride, 0), left


@expects("first position missing")
def wrong_counts_steps_and_what_they_leave(sizes, kernel_size, stride, padding):
    """The first position is not counted, and its pixels are left over."""
    positions = np.maximum((sizes + 2 * padding - kernel_size) // stride, 0)
    return positions, _left(positions, sizes, kernel_size, stride, padding)


@expects("padding on one side")
def wrong_padding_once(sizes, kernel_size, stride, padding):
    """Zeros at one end."""
    room = sizes + padding - kernel_size
    return np.where(room < 0, 0, room // stride + 1), np.where(room < 0, sizes + padding, room % stride)


@expects("padding forgotten")
def wrong_no_padding(sizes, kernel_size, stride, padding):
    """The size of the picture alone."""
    return _right(sizes, kernel_size, stride, 0)


@expects("rounded up")
def wrong_rounded_up(sizes, kernel_size, stride, padding):
    """A last step that has no room."""
    room = sizes + 2 * padding - kernel_size
    positions = np.where(room < 0, 0, np.ceil(room / stride) + 1)
    return positions, _left(positions, sizes, kernel_size, stride, padding)


@expects("to the nearest")
def wrong_rounded(sizes, kernel_size, stride, padding):
    """Rounded to the nearest whole number."""
    room = sizes + 2 * padding - kernel_size
    return np.where(room < 0, 0, np.round(room / stride) + 1), _right(sizes, kernel_size, stride, padding)[1]


@expects("part of a position")
def wrong_divided(sizes, kernel_size, stride, padding):
    """One stroke too few: 2.5 positions."""
    room = sizes + 2 * padding - kernel_size
    return np.where(room < 0, 0, room / stride + 1), _right(sizes, kernel_size, stride, padding)[1]


@expects("kernel has no size")
def wrong_as_many_as_steps_of_the_picture(sizes, kernel_size, stride, padding):
    """A kernel of one pixel would have so many."""
    positions = (sizes + 2 * padding - 1) // stride + 1
    return positions, _left(positions, sizes, kernel_size, stride, padding)


@expects("stride forgotten")
def wrong_every_pixel(sizes, kernel_size, stride, padding):
    """As with a stride of 1."""
    return np.maximum(sizes + 2 * padding - kernel_size + 1, 0), _right(sizes, kernel_size, stride, padding)[1]


@expects("negative")
def wrong_below_zero(sizes, kernel_size, stride, padding):
    """The formula of books, which knows no kernel without room."""
    room = sizes + 2 * padding - kernel_size
    return room // stride + 1, room % stride


@expects("negative")
def wrong_below_zero_and_all_left(sizes, kernel_size, stride, padding):
    """The formula of books, and everything left where there is no room."""
    room = sizes + 2 * padding - kernel_size
    return room // stride + 1, np.where(room < 0, sizes + 2 * padding, room % stride)


@expects("cut towards 0")
def wrong_python_int(sizes, kernel_size, stride, padding):
    """int(-0.5) is 0."""
    positions = np.array([int((n + 2 * padding - kernel_size) / stride) + 1 for n in sizes])
    return positions, _right(sizes, kernel_size, stride, padding)[1]


@expects("always one")
def wrong_at_least_one(sizes, kernel_size, stride, padding):
    """There must be a position."""
    positions = np.maximum((sizes + 2 * padding - kernel_size) // stride + 1, 1)
    return positions, _right(sizes, kernel_size, stride, padding)[1]


@expects("left without room")
def wrong_nothing_left(sizes, kernel_size, stride, padding):
    """Where there is no room, nothing is left."""
    positions, left = _right(sizes, kernel_size, stride, padding)
    return positions, np.where(positions == 0, 0, left)


@expects("left of the picture alone")
def wrong_left_without_border(sizes, kernel_size, stride, padding):
    """The border is forgotten where no position is."""
    positions, left = _right(sizes, kernel_size, stride, padding)
    return positions, np.where(positions == 0, sizes, left)


@expects("left of the size")
def wrong_remainder_of_the_size(sizes, kernel_size, stride, padding):
    """The remainder of the size by the stride."""
    positions, left = _right(sizes, kernel_size, stride, padding)
    return positions, np.where(positions == 0, left, sizes % stride)


@expects("swapped")
def wrong_order(sizes, kernel_size, stride, padding):
    """What is left comes first."""
    return _right(sizes, kernel_size, stride, padding)[::-1]


@expects("list")
def wrong_lists(sizes, kernel_size, stride, padding):
    """Lists, not arrays."""
    positions, left = _right(sizes, kernel_size, stride, padding)
    return positions.tolist(), left.tolist()


@expects("tuple")
def wrong_positions_only(sizes, kernel_size, stride, padding):
    """Half of the answer."""
    return _right(sizes, kernel_size, stride, padding)[0]


def right_floor(sizes, kernel_size, stride, padding):
    """Rounded down by NumPy, as floats."""
    room = sizes + 2.0 * padding - kernel_size
    positions = np.floor(room / stride) + 1
    positions[room < 0] = 0
    left = np.where(room < 0, room + kernel_size, np.mod(room, stride))
    return positions, left


def right_counted(sizes, kernel_size, stride, padding):
    """Put down and counted."""
    positions, left = [], []
    for size in sizes:
        start, count, seen = 0, 0, 0
        while start + kernel_size <= size + 2 * padding:
            count, seen = count + 1, start + kernel_size
            start += stride
        positions.append(count)
        left.append(size + 2 * padding - seen)
    return np.array(positions), np.array(left)


def right_ranges(sizes, kernel_size, stride, padding):
    """With Python's range."""
    starts = [range(0, int(n) + 2 * padding - kernel_size + 1, stride) for n in sizes]
    left = [int(n) + 2 * padding - (s[-1] + kernel_size if len(s) else 0) for n, s in zip(sizes, starts, strict=True)]
    return np.array([len(s) for s in starts]), np.array(left)


def right_divmod(sizes, kernel_size, stride, padding):
    """Both numbers from one division, in a list."""
    steps, rest = np.divmod(sizes + 2 * padding - kernel_size, stride)
    small = sizes + 2 * padding < kernel_size
    return [np.where(small, 0, steps + 1), np.where(small, sizes + 2 * padding, rest)]


class _Counter:
    """A class with a method for one size."""

    def one(self, n, k, s):
        return (0, n) if n < k else ((n - k) // s + 1, (n - k) % s)

    def __call__(self, sizes, kernel_size, stride, padding):
        pairs = [self.one(int(size) + 2 * padding, kernel_size, stride) for size in sizes]
        return tuple(np.array(pairs, dtype=np.float32).T)


right_object = _Counter()
