"""The sliding kernel as a matrix: a dense layer whose neurons share few weights."""

import numpy as np

from course.checks.convolution.formulas import turned
from course.checks.convolution.planes import COUNTING, KERNEL, OTHER_KERNEL, TURNED
from course.checks.kinds import kinds_of_two
from course.checks.oracle import reference_call
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _matrix_cases():
    def case(kind, kernel, height, width, stride=1):
        return Case(kind, {"kernel": np.array(kernel), "height": height, "width": width, "stride": stride})

    kinds = kinds_of_two((case("two rows and three columns", KERNEL, 3, 5), case("another kernel", OTHER_KERNEL, 3, 5)),
                         (case("three rows and two columns, stride 2", KERNEL.T, 5, 6, 2),
                          case("another kernel, stride 2", OTHER_KERNEL.T, 5, 6, 2)))  # fmt: skip
    return [
        case("one row", [[1.0, 2.0]], 1, 4),
        case("two rows", [[1.0, 2.0]], 2, 3),
        case("the slides' sizes", COUNTING, 3, 4),
        *kinds[:4],
        case("one position", KERNEL, 2, 3),
        case("one column", [[1.0], [2.0]], 4, 2),
        case("a kernel of one pixel, stride 2", [[3.0]], 3, 3, 2),
        case("a stride of 3", KERNEL, 5, 7, 3),
        case("large numbers", 1e5 * KERNEL, 3, 4),
        *kinds[4:],
    ]


def _matrix(k, height, width, stride, *, step=None, line=None, flat=np.ravel, wide=None):
    """The matrix, with a place for each mistake. step: (down, right); line: pixels in a row of the picture; wide:
    outputs in a row of the output."""
    (down, right), (rows, columns) = step or (stride, stride), k.shape
    high, across = (height - rows) // stride + 1, (width - columns) // stride + 1
    matrix = np.zeros((high * across, height * width + 99), dtype=float)  # what leads out of the picture goes nowhere
    for row in range(len(matrix)):
        i, j = divmod(row, wide or across)
        for a, b in np.ndindex(k.shape):
            matrix[row, (i * down + a) * (line or width) + j * right + b] = flat(k)[a * columns + b]
    return matrix[:, : height * width]


conv_matrix = Question(
    "conv_matrix", reference_call("conv_matrix"), _matrix_cases,
    number="4", ranges=[
        Range("stride 1", lambda stride, **rest: stride == 1),
        Range("a larger stride", lambda stride, **rest: stride > 1),
        Range("one position", lambda kernel, height, width, stride: kernel.shape == (height, width)),
        Range("a kernel of one row", lambda kernel, **rest: len(kernel) == 1 and kernel.size > 1),
        Range("a kernel of one column", lambda kernel, **rest: kernel.shape[1] == 1 and kernel.size > 1),
        Range("larger than float16 can hold", lambda kernel, **rest: abs(kernel).max() > 65504),
    ],
    mistakes=[
        Mistake("turned", lambda k, h, w, s: _matrix(turned(k), h, w, s),
                TURNED + "the first pixel of the window."),
        Mistake("matrix transposed", lambda k, h, w, s: _matrix(k, h, w, s).T,
                "Each row of the matrix belongs to an output, each column to a pixel."),
        Mistake("kernel in one piece", lambda k, h, w, s: _matrix(k, h, w, s, line=k.shape[1]),
                "The rows of the kernel stand directly behind each other. How far is it, in the flat picture, from a "
                "pixel to the one below it?"),
        Mistake("line of the output", lambda k, h, w, s: _matrix(k, h, w, s, line=(w - k.shape[1]) // s + 1),
                "A step down was made as long as a row of the output. Which picture are the columns numbered in?"),
        Mistake("line of height", lambda k, h, w, s: _matrix(k, h, w, s, line=h),
                "A step down was made as long as the picture is high. How many pixels are in one of its rows?"),
        Mistake("no end of line", lambda k, h, w, s: _matrix(k, h, w, s, wide=h * w),
                "Each row of the matrix begins one step after the row before, also where the kernel begins a new line. "
                "There it has to jump."),
        Mistake("stride of rows only", lambda k, h, w, s: _matrix(k, h, w, s, step=(s, 1)),
                "The kernel takes its steps downwards, and goes pixel by pixel to the right."),
        Mistake("stride of columns only", lambda k, h, w, s: _matrix(k, h, w, s, step=(1, s)),
                "The kernel takes its steps to the right, and goes pixel by pixel downwards."),
        Mistake("stride forgotten", lambda k, h, w, s: _matrix(k, h, w, 1),
                "There is a row for every pixel at which the kernel fits. It goes on by `stride` pixels at a time."),
        Mistake("looks without the stride", lambda k, h, w, s: _matrix(k, h, w, s, step=(1, 1)),
                "The matrix has the right size, but its windows lie too close together. Where in the picture does the "
                "window of an output begin?"),
        Mistake("ones", lambda k, h, w, s: _matrix(np.ones(k.shape), h, w, s),
                "The places are right. What stands there are the weights of the kernel."),
        Mistake("first row only", lambda k, h, w, s: _matrix(k, h, w, s) * (np.arange(len(_matrix(k, h, w, s))) == 0)
                [:, None],
                "Only the first row was filled. Where does the function return?"),
        Mistake("kernel column by column", lambda k, h, w, s: _matrix(k, h, w, s, flat=lambda k: k.ravel("F")),
                "The weights are those of the kernel, but read column by column. The picture is flat row by row."),
    ],
)  # fmt: skip
