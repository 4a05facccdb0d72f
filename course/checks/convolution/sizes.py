"""How many positions a kernel has along an axis, and what they leave over."""

import numpy as np

from course.checks.kinds import every_kind
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _size_cases():
    def case(kind, sizes, kernel_size, stride, padding):
        return Case(kind, {"sizes": np.array(sizes), "kernel_size": kernel_size, "stride": stride, "padding": padding})

    kinds = every_kind(case("stride 2 and padding 1", [5, 12, 1, 6, 3], 6, 2, 1),
                       case("other sizes", [8, 2, 7, 4, 11], 6, 2, 1))  # fmt: skip
    return [
        case("stride 1", [3, 5, 8, 28], 3, 1, 0),
        case("stride 2", [4, 5, 6, 7], 2, 2, 0),
        case("padding 2", [5, 6, 28], 5, 1, 2),
        *kinds[:2],
        case("a stride of 3 and the kernel has no room", [2, 4, 1, 6], 5, 3, 0),
        case("a stride larger than the kernel", [9, 10, 11, 12], 2, 4, 0),
        case("a kernel of one pixel", [4, 6, 9], 1, 2, 1),
        case("one size", [227], 11, 4, 0),
        *kinds[2:],
    ]


def _room(sizes, kernel_size, stride, padding):
    return sizes + 2 * padding - kernel_size


def _sized(count, left=None):
    """The answer with this number of positions, and what they leave unless `left` says it in another way."""

    def answer(n, k, s, p):
        room = n + 2 * p - k
        found = count(n, k, s, p, room)
        rest = np.where(found == 0, n + 2 * p, n + 2 * p - (found - 1) * s - k)
        return found, (rest if left is None else left(n, k, s, p, room))

    return answer


def _count(n, k, s, p, room):
    return np.where(room < 0, 0, room // s + 1)


def _rest(n, k, s, p, room):
    return np.where(room < 0, n + 2 * p, room % s)


output_size = Question(
    "output_size", reference_call("output_size"), _size_cases, outputs=("positions", "left_over"),
    number="1", ranges=[
        Range("no room", lambda **inputs: _room(**inputs) < 0),
        Range("exactly one position", lambda **inputs: _room(**inputs) == 0),
        Range("pixels are left over", lambda stride, **rest: (_room(stride=stride, **rest) >= stride)
              & (_room(stride=stride, **rest) % stride > 0)),
        Range("nothing is left over", lambda stride, **rest: (_room(stride=stride, **rest) > 0)
              & (_room(stride=stride, **rest) % stride == 0)),
        Range("padding 0", lambda padding, **rest: padding == 0),
        Range("padding", lambda padding, **rest: padding > 0),
        Range("stride 1", lambda stride, **rest: stride == 1),
    ],
    mistakes=[
        Mistake("first position missing", (_sized(lambda n, k, s, p, room: np.maximum(room // s, 0), _rest),
                                           _sized(lambda n, k, s, p, room: np.maximum(room // s, 0)),
                                           _sized(lambda n, k, s, p, room: room // s, _rest)),
                "This counts the steps. A kernel that cannot take a single step still stands somewhere."),
        Mistake("padding on one side", (_sized(lambda n, k, s, p, room: _count(n, k, s, p, room - p),
                                               lambda n, k, s, p, room: np.where(room < p, n + p, (room - p) % s)),
                                        _sized(lambda n, k, s, p, room: _count(n, k, s, p, room - p))),
                "The padding was counted once. On how many sides of the picture is it?"),
        Mistake("padding forgotten", (_sized(lambda n, k, s, p, room: _count(n, k, s, 0, n - k),
                                             lambda n, k, s, p, room: _rest(n, k, s, 0, n - k)),
                                      _sized(lambda n, k, s, p, room: _count(n, k, s, 0, n - k))),
                "The border of zeros is part of what the kernel slides over."),
        Mistake("rounded up", (_sized(lambda n, k, s, p, room: np.where(room < 0, 0, -(-room // s) + 1)),
                               _sized(lambda n, k, s, p, room: np.where(room < 0, 0, -(-room // s) + 1), _rest)),
                "The last step leads out of the picture. A step that has no room is not taken."),
        Mistake("to the nearest", (_sized(lambda n, k, s, p, room: np.where(room < 0, 0, np.rint(room / s) + 1), _rest),
                                   _sized(lambda n, k, s, p, room: np.where(room < 0, 0, np.rint(room / s) + 1))),
                "Half a step is no step: the number of steps was rounded, and not always down."),
        Mistake("part of a position", (_sized(lambda n, k, s, p, room: np.where(room < 0, 0, room / s + 1), _rest),
                                       _sized(lambda n, k, s, p, room: np.where(room < 0, 0, room / s + 1))),
                "A kernel stands at a position or it does not: positions are whole numbers. Which way are they "
                "rounded?"),
        Mistake("kernel has no size", (_sized(lambda n, k, s, p, room: (n + 2 * p - 1) // s + 1, _rest),
                                       _sized(lambda n, k, s, p, room: (n + 2 * p) // s, _rest)),
                "The whole kernel has to stay inside, and not only its first pixel."),
        Mistake("stride forgotten", (_sized(lambda n, k, s, p, room: np.maximum(room + 1, 0), _rest),
                                     _sized(lambda n, k, s, p, room: np.maximum(room + 1, 0))),
                "This counts every pixel at which the kernel fits. It goes on by `stride` pixels at a time."),
        Mistake("negative", (_sized(lambda n, k, s, p, room: room // s + 1, lambda n, k, s, p, room: room % s),
                             _sized(lambda n, k, s, p, room: room // s + 1, _rest),
                             _sized(lambda n, k, s, p, room: room // s + 1)),
                "A kernel that is larger than what it slides over has no position at all. The task says what is left "
                "over then."),
        Mistake("cut towards 0", (_sized(lambda n, k, s, p, room: np.trunc(room / s) + 1, _rest),
                                  _sized(lambda n, k, s, p, room: np.trunc(room / s) + 1)),
                "Where the kernel lacks less than a stride it has no room all the same. Which way is a negative number "
                "rounded?"),
        Mistake("always one", (_sized(lambda n, k, s, p, room: np.maximum(room // s + 1, 1), _rest),
                               _sized(lambda n, k, s, p, room: np.maximum(room, 0) // s + 1)),
                "A kernel without room was given a position. Look at the cases where it is larger than the picture."),
        Mistake("left without room", _sized(_count, lambda n, k, s, p, room: np.where(room < 0, 0, room % s)),
                "Without a position nothing is looked at. Then how much is left over?"),
        Mistake("left of the picture alone", (_sized(_count, lambda n, k, s, p, room: np.where(room < 0, n, room % s)),
                                              _sized(_count, lambda n, k, s, p, room: (n - k) % s)),
                "What is left over counts in the picture with its border of zeros."),
        Mistake("left of the size", _sized(_count, lambda n, k, s, p, room: np.where(room < 0, n + 2 * p, n % s)),
                "Steps begin after the kernel has its first place. What is left over is left of the room for steps."),
        Mistake("swapped", lambda n, k, s, p: _sized(_count)(n, k, s, p)[::-1],
                "Both look right, but their order is not the one in the task."),
    ],
)  # fmt: skip
