"""Layers with channels: convolution, max pooling, and a small net made of them."""

import numpy as np

from course.checks.convolution.formulas import conv, near_windows, padded, pool, turned, windows
from course.checks.convolution.planes import ROUGH, TURNED
from course.checks.kinds import kinds_of_two
from course.checks.oracle import reference_function
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def numbers(*shape):
    """Numbers of both signs, mixed well: no two of them are equal, not even as the next whole numbers."""
    size = int(np.prod(shape))
    mixed = np.argsort(np.sin(7.0 * np.arange(1, size + 1)))  # (size,): each of 0, 1, ..., size - 1 once
    return mixed.reshape(shape) - size // 2 + 0.25


def small(*shape, shift=0.0):
    """The same from about -2 to 2, as weights are; some may be equal as whole numbers."""
    return np.round(numbers(*shape) * 4 / np.prod(shape), 2) + 0.25 + shift


def batch(n, c, h, w, f, kh, kw, shift=0.0):
    """Inputs of a convolution layer."""
    return {"x": small(n, c, h, w) + shift, "weight": small(f, c, kh, kw)[..., ::-1].copy() - shift,
            "bias": np.array([1.5, -2.25, 0.75, 3.0][:f]) + shift}  # fmt: skip


def _conv_cases():
    def case(kind, inputs, stride=1, padding=0):
        return Case(kind, {**inputs, "stride": stride, "padding": padding})

    ones = {"x": np.arange(1.0, 13).reshape(1, 1, 3, 4), "weight": np.array([[[[1.0, 2.0], [3.0, 4.0]]]])}
    sizes, larger, other = (2, 3, 3, 6, 2, 2, 3), (2, 3, 4, 7, 2, 2, 3), 0.5
    kinds = kinds_of_two(
        (case("two pictures, three channels, two filters, stride 2", batch(*sizes), 2),
         case("two other pictures, stride 2", batch(*sizes, other), 2)),
        (case("two pictures, three channels, two filters, stride 2 and padding 1", batch(*larger), 2, 1),
         case("two other pictures, stride 2 and padding 1", batch(*larger, other), 2, 1)))  # fmt: skip
    return [
        case("one channel, one filter", {**ones, "bias": np.array([0.0])}),
        case("one channel, one filter, a bias", {**ones, "bias": np.array([2.0])}),
        case("two channels, one filter", batch(1, 2, 3, 4, 1, 2, 2)),
        case("one channel, three filters", batch(1, 1, 3, 4, 3, 2, 2)),
        case("three pictures", batch(3, 1, 3, 4, 1, 2, 2)),
        *kinds[:4],
        case("as many filters as channels", batch(1, 2, 4, 5, 2, 3, 3), 1, 1),
        case("a kernel of one pixel", batch(2, 2, 2, 3, 3, 1, 1)),
        case("one position", batch(2, 2, 3, 2, 2, 3, 2)),
        case("large numbers", {**batch(1, 2, 3, 4, 1, 2, 2), "x": 1e5 * numbers(1, 2, 3, 4)}),
        *kinds[4:],
    ]


def _by_filters(x, w, b, s, p):
    """One filter after the other, which ends where the shapes do not fit."""
    seen = windows(padded(x, p), w.shape[2:], s)  # (N, C, OH, OW, KH, KW)
    return np.stack([(seen * w[f][:, None, None]).sum((1, 4, 5)) + b[f] for f in range(len(w))], axis=1)


def _channels_last(x, w, b, s, p):
    """Filters beside each other, and then the shape is made to fit."""
    out = conv(x, w, b, s, p)
    return out.transpose(0, 2, 3, 1).reshape(out.shape)


def _as_tall(x, w, b, s, p):
    out = conv(x, w, b, s, p)
    return np.concatenate([out] * out.shape[2], axis=3)[..., : out.shape[2]]


def _only(of, where):
    """The answer in some places, 0 elsewhere."""

    def function(*inputs):
        out = of(*inputs)
        kept = np.zeros(out.shape, bool)
        kept[where] = True
        return np.where(kept, out, 0)

    return function


conv2d = Question(
    "conv2d", reference_function("conv2d"), _conv_cases,
    number="5", ranges=[*ROUGH,
        Range("one picture", lambda x, **rest: len(x) == 1),
        Range("several pictures", lambda x, **rest: len(x) > 1),
        Range("one channel", lambda x, **rest: x.shape[1] == 1),
        Range("several channels", lambda x, **rest: x.shape[1] > 1),
        Range("one filter", lambda weight, **rest: len(weight) == 1),
        Range("several filters", lambda weight, **rest: len(weight) > 1),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("turned", lambda x, w, b, s, p: conv(x, turned(w), b, s, p),
                TURNED + "the first pixel of the window."),
        Mistake("bias with each product", lambda x, w, b, s, p: conv(x, w, b * w[0].size, s, p),
                "The bias was added with every product. It belongs to the sum, once."),
        Mistake("bias with each channel", lambda x, w, b, s, p: conv(x, w, b * w.shape[1], s, p),
                "The bias was added with every channel. It belongs to the sum over all channels, once."),
        Mistake("no bias", lambda x, w, b, s, p: conv(x, w, 0 * b, s, p),
                "Every filter adds its own bias to its weighted sums."),
        Mistake("bias of the first filter", lambda x, w, b, s, p: conv(x, w, 0 * b + b[0], s, p),
                "All filters got the same bias. Each has its own."),
        Mistake("channels averaged", lambda x, w, b, s, p: conv(x, w / w.shape[1], b, s, p),
                "What a filter finds in the channels is added up; nothing is divided."),
        Mistake("first channel only", lambda x, w, b, s, p: conv(x[:, :1], w[:, :1], b, s, p),
                "Only the first channel was looked at. A filter has a kernel for each of them."),
        Mistake("one kernel for all channels", lambda x, w, b, s, p: conv(x, w[:, :1] + 0 * w, b, s, p),
                "All channels met the same kernel. A filter has one for each of them."),
        Mistake("last channel only", lambda x, w, b, s, p: conv(x[:, -1:], w[:, -1:], b, s, p),
                "Only the last channel is left. What a filter finds in the channels is added up."),
        Mistake("filters and channels exchanged", (lambda x, w, b, s, p: conv(x, w.swapaxes(0, 1), b, s, p),
                                                   lambda x, w, b, s, p: _by_filters(x, w.swapaxes(0, 1), b, s, p)),
                "The first axis of `weight` counts the filters, the second one the channels. With as many of both the "
                "shapes fit either way."),
        Mistake("reshaped and not transposed", _channels_last,
                "The numbers are right and stand at wrong places: a new shape leaves the order as it is, and here two "
                "axes have to change places."),
        Mistake("padding forgotten", lambda x, w, b, s, p: conv(x, w, b, s, 0),
                "The filters never stood on the border of zeros."),
        Mistake("padding of rows is 1", lambda x, w, b, s, p: conv(x, w, b, s, (1, p)),
                "The picture has a border of another width above and below than the task asks for."),
        Mistake("padding on one side", lambda x, w, b, s, p: conv(
                    padded(x, p)[:, :, : x.shape[2] + p, : x.shape[3] + p], w, b, s),
                "The border lies on two sides of the picture only. It has four."),
        Mistake("stride of rows only", lambda x, w, b, s, p: conv(x, w, b, (s, 1), p),
                "The filter takes its steps downwards, and goes pixel by pixel to the right."),
        Mistake("stride forgotten", lambda x, w, b, s, p: conv(x, w, b, 1, p),
                "The filter goes on by `stride` pixels at a time, in both directions."),
        Mistake("looks without the stride", lambda x, w, b, s, p: conv(x, w, b, s, p, of=near_windows),
                "The output has the right size, but its windows lie too close together. Where in the picture does the "
                "window of an output begin?"),
        Mistake("as wide as high", _as_tall,
                "Rows and columns have sizes of their own, in the picture, in the kernel, and so in the output."),
        Mistake("first picture only", _only(conv, np.s_[:1]),
                "Only the first picture was looked at."),
        Mistake("first filter only", _only(conv, np.s_[:, :1]),
                "Only the first filter was used. Each gives a plane of the output."),
    ],
)  # fmt: skip


def _pool_cases():
    def case(kind, x, rows, columns, stride):
        return Case(kind, {"x": np.array(x), "rows": rows, "columns": columns, "stride": stride})

    x = numbers(2, 2, 5, 6)
    other = -x[::-1, :, ::-1].copy()
    slide = [[[[1.0, 1.5, 2.5, 4.0], [5.0, 6.0, 7.0, 8.0], [3.0, 2.0, -1.0, 0.0], [0.5, -2.0, 3.5, 4.5]]]]
    kinds = kinds_of_two(
        (case("windows that overlap", x, 3, 2, 2), case("another picture", other, 3, 2, 2)),
        (case("windows side by side", x[:1], 2, 2, 2),
         case("another picture, side by side", other[:1], 2, 2, 2)))  # fmt: skip
    return [
        case("two by two of one plane", slide, 2, 2, 2),
        case("three channels", numbers(1, 3, 2, 4), 2, 2, 2),
        *kinds[:4],
        case("windows with gaps", x[:, :1], 1, 2, 3),
        case("all overlap", x[:1], 2, 3, 1),
        case("all numbers below 0", -abs(x) - 0.5, 2, 3, 2),
        case("one window", x[:, :, :3, :4], 3, 4, 4),
        case("windows of one pixel", x[:1, :1], 1, 1, 1),
        case("large numbers", 1e5 * x, 2, 3, 2),
        *kinds[4:],
    ]


def _pool_as_tall(*inputs):
    out = pool(*inputs)
    return np.concatenate([out] * out.shape[2], axis=3)[..., : out.shape[2]]


def _beyond(x, rows, columns, stride):
    """Windows that are cut at the end count as well."""
    low = np.pad(x, [(0, 0)] * 2 + [(0, -(n - k) % stride) for n, k in zip(x.shape[2:], (rows, columns), strict=True)],
                 constant_values=-np.inf)  # fmt: skip
    return pool(low, rows, columns, stride)


OVERLAP = [
    Range("windows side by side", lambda rows, columns, stride, **rest: stride == rows == columns > 1),
    Range("windows that overlap", lambda rows, columns, stride, **rest: stride < max(rows, columns)),
    Range("windows with gaps", lambda rows, columns, stride, **rest: stride > max(rows, columns)),
    Range("pixels are left over", lambda x, rows, columns, stride, **rest:
          (x.shape[2] - rows) % stride > 0 or (x.shape[3] - columns) % stride > 0),
    Range("one window", lambda x, rows, columns, **rest: x.shape[2:] == (rows, columns)),
]

max_pool = Question(
    "max_pool", lambda x, rows, columns, stride: reference_function("max_pool2d")(x, [rows, columns], stride),
    _pool_cases,
    number="6", ranges=[*OVERLAP,
        Range("all numbers below 0", lambda x, **rest: (x < 0).all()),
        Range("larger than float16 can hold", lambda x, **rest: abs(x).max() > 65504),
    ],
    mistakes=[
        Mistake("mean", lambda *a: pool(*a, take=np.mean),
                "This is the mean of each window, and not its largest number."),
        Mistake("smallest", lambda *a: pool(*a, take=np.min), "This is the smallest number of each window."),
        Mistake("at least 0", lambda *a: np.maximum(pool(*a), 0),
                "Where all numbers of a window are negative, 0 came back. What does the search for the largest begin "
                "with?"),
        Mistake("largest size", lambda *a: pool(*a, take=lambda v, axis: abs(v).max(axis)),
                "The sign was taken away. A large negative number is small."),
        Mistake("stride is the height", lambda x, rows, columns, stride: pool(x, rows, columns, rows),
                "The windows stand side by side. The next one begins `stride` pixels further, whether they overlap or "
                "not."),
        Mistake("stride is the width", lambda x, rows, columns, stride: pool(x, rows, columns, columns),
                "The windows stand side by side. The next one begins `stride` pixels further, whether they overlap or "
                "not."),
        Mistake("side by side", lambda x, rows, columns, stride: pool(x, rows, columns, (rows, columns)),
                "The windows stand side by side. The next one begins `stride` pixels further, whether they overlap or "
                "not."),
        Mistake("stride forgotten", lambda x, rows, columns, stride: pool(x, rows, columns, 1),
                "There is a window at every pixel. The next one begins `stride` pixels further."),
        Mistake("looks without the stride", lambda *a: pool(*a, of=near_windows),
                "The output has the right size, but its windows lie too close together. Where in the picture does the "
                "window of an output begin?"),
        Mistake("window lies down", lambda x, rows, columns, stride: pool(x, columns, rows, stride),
                "The window is as wide as it should be high. Which of the two numbers counts rows?"),
        Mistake("square window", (lambda x, rows, columns, stride: pool(x, rows, rows, stride),
                                  lambda x, rows, columns, stride: pool(x, columns, columns, stride)),
                "The window was taken as a square. It has two sizes."),
        Mistake("over all channels", lambda *a: pool(*a).max(1, keepdims=True) + 0 * pool(*a),
                "All channels have the same numbers. Each channel is pooled by itself."),
        Mistake("channels gone", lambda *a: pool(*a).max(1), "There is one plane for each channel, also afterwards."),
        Mistake("cut windows count", _beyond,
                "At the end a window sticks out of the picture. One that has no room is not looked at."),
        Mistake("as wide as high", _pool_as_tall,
                "Rows and columns have sizes of their own, in the picture, in the window, and so in the output."),
        Mistake("first window only", _only(pool, np.s_[:, :, :1, :1]),
                "Only the first window was looked at. Where does the function return?"),
    ],
)  # fmt: skip
