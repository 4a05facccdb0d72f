"""A kernel slides over one picture with one channel: as it is, and turned."""

import numpy as np

from course.checks.convolution.formulas import correlate as formula
from course.checks.convolution.formulas import near_windows, padded, turned
from course.checks.kinds import every_kind, kinds_of_two
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case

SLIDE = np.array([[1.0, 5.0, 1.0, 1.0], [1.0, 2.0, 8.0, 2.0], [0.0, 0.0, 1.0, 8.0]])  # ehinger-015 to ehinger-020
DIAGONAL, COUNTING = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
IMAGE = np.array([[1.5, -2.0, 0.25, 3.0, -1.25, 2.5, 0.75], [0.5, 4.0, -1.5, -0.75, 2.25, 1.0, -2.5],
                  [-3.0, 0.75, 1.25, 2.75, -0.5, -2.25, 1.75], [2.0, -1.75, 3.5, 0.5, 1.75, -4.0, 3.25]])  # fmt: skip
OTHER_IMAGE = 0.5 - IMAGE[::-1, ::-1] / 2
KERNEL = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])
OTHER_KERNEL = np.array([[-1.0, 0.75, 0.5], [2.25, -0.5, 1.25]])
ROUGH = [  # both of rows and columns matter, and everything is different along them
    Range("padding 0", lambda padding, **rest: padding == 0),
    Range("padding", lambda padding, **rest: padding > 0),
    Range("stride 1", lambda stride, **rest: stride == 1),
    Range("a larger stride", lambda stride, **rest: stride > 1),
]


def _plane_cases():
    def case(kind, image, kernel, stride=1, padding=0):
        return Case(kind, {"image": np.array(image), "kernel": np.array(kernel), "stride": stride, "padding": padding})

    kinds = kinds_of_two(
        (case("two rows and three columns, stride 2", IMAGE[:, :6], KERNEL, 2),
         case("another picture, stride 2", OTHER_IMAGE[:, :6], OTHER_KERNEL, 2)),
        (case("two rows and three columns, stride 2 and padding 1", IMAGE, KERNEL, 2, 1),
         case("another picture, stride 2 and padding 1", OTHER_IMAGE, OTHER_KERNEL, 2, 1)))  # fmt: skip
    return [
        case("the example of the slides", SLIDE, DIAGONAL),
        case("the slides' picture and another kernel", SLIDE, COUNTING),
        case("the slides' picture, stride 2", SLIDE, COUNTING, 2),
        case("the slides' picture, padding 1", SLIDE, COUNTING, 1, 1),
        *kinds[:4],
        case("one position", IMAGE, IMAGE[::-1] / 2),
        case("a kernel of one pixel, stride 3", IMAGE, [[-1.5]], 3),
        case("a kernel of one column, padding 2", IMAGE[:2], KERNEL.T[:, :1], 1, 2),
        case("large numbers", 1e5 * IMAGE, KERNEL, 1, 1),
        *kinds[4:],
    ]


def _as_tall(image, kernel, stride, padding):
    """As many columns as rows."""
    out = formula(image, kernel, stride, padding)
    return np.concatenate([out] * len(out), axis=1)[:, : len(out)] if len(out) > out.shape[1] else out[:, : len(out)]


def _first_only(image, kernel, stride, padding):
    out = formula(image, kernel, stride, padding)
    return np.where(np.arange(out.size).reshape(out.shape) == 0, out, 0)


TURNED = ("The answer is right for a kernel that was turned by half a turn. Here it slides as it is: its first weight "
          "meets ")
correlate = Question(
    "correlate", reference_call("correlate"), _plane_cases,
    number="2", ranges=[*ROUGH,
        Range("pixels are left over", lambda image, kernel, stride, padding:
              ((np.shape(image) + 2 * np.array(padding) - kernel.shape) % stride > 0).any()),
        Range("one position", lambda image, kernel, stride, padding: image.shape == kernel.shape),
        Range("larger than float16 can hold", lambda image, **rest: abs(image).max() > 65504),
    ],
    mistakes=[
        Mistake("turned", lambda x, k, s, p: formula(x, turned(k), s, p),
                TURNED + "the first pixel of the window."),
        Mistake("padding forgotten", lambda x, k, s, p: formula(x, k, s, 0),
                "The kernel never stood on the border of zeros."),
        Mistake("padding of rows is 1", lambda x, k, s, p: formula(x, k, s, (1, p)),
                "The picture has a border of another width above and below than the task asks for."),
        Mistake("padding on one side", lambda x, k, s, p: formula(padded(x, p)[: len(x) + p, : x.shape[1] + p], k, s),
                "The border lies on two sides of the picture only. It has four."),
        Mistake("border of ones", lambda x, k, s, p: formula(padded(x, p, 1.0), k, s),
                "The border of the picture holds zeros."),
        Mistake("border repeats the picture", lambda x, k, s, p: formula(np.pad(x, p, mode="edge"), k, s),
                "The border of the picture holds zeros, not its last pixels again."),
        Mistake("stride of rows only", lambda x, k, s, p: formula(x, k, (s, 1), p),
                "The kernel takes its steps downwards, and goes pixel by pixel to the right."),
        Mistake("stride of columns only", lambda x, k, s, p: formula(x, k, (1, s), p),
                "The kernel takes its steps to the right, and goes pixel by pixel downwards."),
        Mistake("stride forgotten", lambda x, k, s, p: formula(x, k, 1, p),
                "The kernel goes on by `stride` pixels at a time, in both directions."),
        Mistake("looks without the stride", lambda x, k, s, p: formula(x, k, s, p, of=near_windows),
                "The output has the right size, but its windows lie too close together. Where in the picture does the "
                "window of an output begin?"),
        Mistake("as wide as high", _as_tall,
                "Rows and columns have sizes of their own, in the picture, in the kernel, and so in the output."),
        Mistake("rows and columns exchanged", lambda x, k, s, p: formula(x, k, s, p).T,
                "Rows and columns of the output are exchanged."),
        Mistake("mean", lambda x, k, s, p: formula(x, k, s, p) / k.size,
                "The products of a window are added up; nothing is divided."),
        Mistake("first position only", _first_only,
                "Only the first output was filled. Where does the function return?"),
        Mistake("kernel counts as 1", lambda x, k, s, p: formula(x, np.ones(k.shape), s, p),
                "This adds up the pixels of each window. Each pixel counts as much as the kernel says."),
    ],
)  # fmt: skip


def _turn_cases():
    def case(kind, image, kernel):
        return Case(kind, {"image": np.array(image), "kernel": np.array(kernel)})

    kinds = every_kind(case("two rows and three columns", IMAGE, KERNEL),
                       case("another picture", OTHER_IMAGE, OTHER_KERNEL))  # fmt: skip
    return [
        case("the example of the slides", SLIDE, DIAGONAL),
        case("the slides' picture and another kernel", SLIDE, COUNTING),
        case("a kernel that is its own mirror image", SLIDE, [[1.0, 1.0], [-2.0, -2.0]]),
        *kinds[:2],
        case("a kernel of one row", IMAGE, KERNEL[:1]),
        case("a kernel of one column", IMAGE, KERNEL.T[:, :1]),
        case("one position", IMAGE, IMAGE / 2 + 1),
        case("large numbers", 1e5 * IMAGE, KERNEL),
        *kinds[2:],
    ]


def _is_its_turn(kernel):
    return np.array_equal(kernel, turned(kernel))


convolve = Question(
    "convolve", reference_call("convolve"), _turn_cases,
    number="3", ranges=[
        Range("a kernel that is its own half turn", lambda kernel, **rest: _is_its_turn(kernel)),
        Range("a kernel that is another one when turned", lambda kernel, **rest: not _is_its_turn(kernel)),
        Range("one row", lambda kernel, **rest: len(kernel) == 1 and kernel.size > 1),
        Range("one column", lambda kernel, **rest: kernel.shape[1] == 1 and kernel.size > 1),
        Range("larger than float16 can hold", lambda image, **rest: abs(image).max() > 65504),
    ],
    mistakes=[
        Mistake("not turned", lambda x, k: formula(x, k),
                "This is the sliding product of the question before. What does a convolution do to the kernel first?"),
        Mistake("upside down", lambda x, k: formula(x, k[::-1]),
                "The kernel was turned upside down. That is a mirror: half a turn exchanges left and right as well."),
        Mistake("left and right", lambda x, k: formula(x, k[:, ::-1]),
                "Left and right of the kernel were exchanged. That is a mirror: half a turn turns it upside down as "
                "well."),
        Mistake("quarter turn", (lambda x, k: formula(x, np.rot90(k)), lambda x, k: formula(x, np.rot90(k, 3))),
                "That is a quarter turn: rows have become columns."),
        Mistake("rows for columns", lambda x, k: formula(x, k.T),
                "Transposing makes columns of rows. That is another thing than half a turn."),
        Mistake("transposed after the turn", lambda x, k: formula(x, turned(k).T),
                "The kernel has the right neighbours, but its rows have become columns."),
        Mistake("picture turned", lambda x, k: formula(turned(x), k),
                "The picture was turned, and so the output is as well. Which of the two turns in a convolution?"),
        Mistake("output turned", lambda x, k: turned(formula(x, k)),
                "The output was turned, and not the kernel."),
        Mistake("all overlaps", lambda x, k: formula(np.pad(x, [(n - 1, n - 1) for n in k.shape]), turned(k)),
                "Here the kernel also stood partly outside the picture. It is to stay inside."),
        Mistake("size of the picture", lambda x, k: formula(
                    np.pad(x, [((n - 1) // 2, n // 2) for n in k.shape]), turned(k)),
                "The output has become as large as the picture. Without padding it is smaller."),
    ],
)  # fmt: skip
