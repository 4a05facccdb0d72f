"""The way back: through max pooling, to the weights of a convolution, and to its input."""

import numpy as np

from course.checks.compare import GRADIENT_TOLERANCE
from course.checks.convolution.formulas import cropped, grad_weight, near_windows, pool, spread, turned, unpool
from course.checks.convolution.layers import OVERLAP, numbers, small
from course.checks.convolution.planes import ROUGH
from course.checks.kinds import kinds_of_two
from course.checks.question import Mistake, Question, Range
from course.checks.record import Case


def _pool_gradient(gradient, x, rows, columns, stride):
    from course import reference

    x = np.asarray(x, np.float64)  # whole numbers have no gradient in PyTorch
    return reference.gradients("max_pool2d", x, [rows, columns], stride, grad_output=gradient)[0]


def _pool_cases():
    def case(kind, x, rows, columns, stride, shift=0.0):
        shape = pool(x, rows, columns, stride).shape
        return Case(kind, {"gradient": small(*shape, shift=shift), "x": np.array(x), "rows": rows, "columns": columns,
                           "stride": stride})  # fmt: skip

    x = numbers(2, 2, 5, 7)
    other = -x[::-1, :, ::-1].copy()
    middle = np.array([[[[0.0, 1.0, 2.0], [3.0, 9.0, 4.0], [5.0, 6.0, 7.0]]]])
    four = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    kinds = kinds_of_two((case("windows that overlap", x, 3, 2, 1),
                          case("another picture", other, 3, 2, 1, 0.5)),
                         (case("windows that overlap, stride 2", x, 2, 3, 2),
                          case("another picture, stride 2", other, 2, 3, 2, 0.5)))  # fmt: skip
    return [
        case("two by two of one plane", numbers(1, 1, 4, 4), 2, 2, 2),
        Case("a pixel that wins in four windows", {**case("", middle, 2, 2, 1).inputs, "gradient": four}),
        *kinds[:4],
        case("three channels", numbers(1, 3, 2, 4), 2, 2, 2),
        case("windows with gaps", x[:, :1], 1, 2, 3),
        case("all numbers below 0", -abs(x) - 0.5, 2, 3, 2),
        case("one window", x[:, :, :3, :4], 3, 4, 4),
        Case("large numbers", {**case("", x, 2, 3, 2).inputs, "gradient": 1e5 * small(2, 2, 2, 3)}),
        *kinds[4:],
    ]


def _assign(old, g):
    return g


def _anywhere(g, x, rows, columns, stride):
    """Places in the window are taken for places in the picture."""
    total = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(g.shape):
        window = x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns]
        total[(n, c, *divmod(int(window.argmax()), columns))] += g[n, c, i, j]
    return total


def _of_the_plane(g, x, rows, columns, stride):
    """All gradients go to the largest pixel of each channel."""
    top = x == x.max((2, 3), keepdims=True)
    return top * g.sum((2, 3), keepdims=True)


max_pool_backward = Question(
    "max_pool_backward", _pool_gradient, _pool_cases,
    number="7", ranges=[*OVERLAP,
        Range("all numbers below 0", lambda x, **rest: (x < 0).all()),
        Range("larger than float16 can hold", lambda gradient, **rest: abs(gradient).max() > 65504),
    ],
    mistakes=[
        Mistake("assigned", lambda *a: unpool(*a, put=_assign),
                "A pixel can be the largest in several windows. Then it has to answer for all of them, and here only "
                "the last one counts."),
        Mistake("to all", lambda *a: unpool(*a, share=lambda window: np.ones(window.shape)),
                "Every pixel of a window got the gradient. A pixel that was not the largest has changed nothing."),
        Mistake("shared by all", lambda *a: unpool(*a, share=lambda window: np.full(window.shape, 1 / window.size)),
                "The gradient was shared among the pixels of a window. That is the way back of a mean."),
        Mistake("times the number", lambda *a: unpool(*a, share=lambda window: window * (window == window.max())),
                "The largest number came into it once more. How much does the output rise if that pixel rises by a "
                "little?"),
        Mistake("number itself", lambda *a: unpool(np.ones(a[0].shape), *a[1:], share=lambda window:
                                                   window * (window == window.max())),
                "What goes back is the gradient, and not the largest number again."),
        Mistake("gradient forgotten", lambda g, *a: unpool(np.ones(g.shape), *a),
                "These are ones at the right places. What goes back is the gradient."),
        Mistake("to the smallest", lambda g, x, *a: unpool(g, -x, *a),
                "The smallest pixel of each window got the gradient."),
        Mistake("largest size", lambda g, x, *a: unpool(g, abs(x), *a),
                "The sign of the pixels was taken away before they were compared."),
        Mistake("place by height", lambda g, x, rows, columns, stride: unpool(g, x, rows, columns, stride, width=rows),
                "The place of the winner was read with the wrong number: how many pixels are in one row of a window?"),
        Mistake("place in the window", _anywhere,
                "The winner has a place in its window. Where is that window in the picture?"),
        Mistake("window without the stride", lambda *a: unpool(*a, step=1),
                "The winners were found in the right windows, but put back into windows that lie too close together."),
        Mistake("window is the step", lambda g, x, rows, columns, stride: unpool(g, x, rows, columns, stride,
                                                                                 step=rows),
                "The winners were put back as if the windows stood side by side."),
        Mistake("largest of all", _of_the_plane,
                "All gradients went to the largest pixel of a channel. Every window has a winner of its own."),
    ],
)  # fmt: skip


def _gradients(gradient, x, weight, stride, padding):
    from course import reference

    x, weight = np.asarray(x, np.float64), np.asarray(weight, np.float64)
    return reference.gradients("conv2d", x, weight, np.zeros(len(weight)), stride, padding, grad_output=gradient)


def _conv_cases():
    def case(kind, n, c, h, w, f, kh, kw, stride=1, padding=0, shift=0.0, scale=1.0):
        rows, columns = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
        return Case(kind, {"gradient": scale * small(n, f, rows, columns)[:, ::-1].copy() + shift,
                           "x": small(n, c, h, w) - shift, "weight": small(f, c, kh, kw, shift=shift),
                           "stride": stride, "padding": padding})  # fmt: skip

    one, two = (2, 2, 4, 7, 3, 2, 3, 2, 0), (2, 2, 3, 5, 3, 2, 3, 2, 1)
    kinds = kinds_of_two(
        (case("two pictures, two channels, three filters, stride 2", *one),
         case("two other pictures, stride 2", *one, 0.5)),
        (case("two pictures, two channels, three filters, stride 2 and padding 1", *two),
         case("two other pictures, stride 2 and padding 1", *two, 0.5)))  # fmt: skip
    by_hand = {"gradient": np.array([[[[1.0, 0.0, -1.0], [2.0, 3.0, 0.0]]]]),
               "x": np.arange(1.0, 13).reshape(1, 1, 3, 4), "weight": np.array([[[[1.0, 2.0], [3.0, 4.0]]]])}
    return [
        Case("one channel, one filter", {**by_hand, "stride": 1, "padding": 0}),
        case("one channel, one filter, padding 1", 1, 1, 2, 3, 1, 2, 2, 1, 1),
        case("two channels, one filter", 1, 2, 3, 4, 1, 2, 2),
        case("one channel, two filters, two pictures", 2, 1, 3, 4, 2, 2, 2),
        *kinds[:4],
        case("padding 2", 1, 2, 3, 2, 2, 3, 4, 1, 2),
        case("one position", 2, 2, 3, 2, 2, 3, 2),
        case("a stride larger than the kernel", 1, 2, 5, 6, 2, 1, 2, 3),
        case("as many filters as channels", 1, 3, 4, 5, 3, 3, 3, 1, 1),
        case("large numbers", 1, 2, 3, 4, 2, 2, 2, 1, 0, scale=1e5),
        *kinds[4:],
    ]


RANGES = [
    *ROUGH,
    Range("one picture", lambda x, **rest: len(x) == 1),
    Range("several pictures", lambda x, **rest: len(x) > 1),
    Range("pixels are left over", lambda x, weight, stride, padding, **rest:
          any((n + 2 * padding - k) % stride for n, k in zip(x.shape[2:], weight.shape[2:], strict=True))),
    Range("one position", lambda gradient, **rest: gradient.shape[2:] == (1, 1)),
    Range("larger than float16 can hold", lambda gradient, **rest: abs(gradient).max() > 65504),
]  # fmt: skip


def _both(weights=grad_weight, bias=lambda g: g.sum((0, 2, 3))):
    return lambda g, *a: (weights(g, *a), bias(g))


def _one_or_both(weights, bias):
    """The mistake in both outputs, or in one of them."""
    return _both(weights, bias), _both(weights), _both(bias=bias)


def _at_the_end(x, padding):
    """The border lies below and to the right alone: windows are looked for in the picture as it is."""
    return np.pad(x, [(0, 0)] * 2 + [(0, 2 * padding)] * 2)


def _last_position(g):
    return g * (np.arange(g[0, 0].size) == g[0, 0].size - 1).reshape(g.shape[2:])


conv2d_backward_weight = Question(
    "conv2d_backward_weight", lambda *a: _gradients(*a)[1:], _conv_cases, tolerance=GRADIENT_TOLERANCE,
    outputs=("grad_weight", "grad_bias"), number="8a", ranges=RANGES,
    mistakes=[
        Mistake("padding forgotten", _both(lambda g, x, w, s, p: grad_weight(g, _at_the_end(x, p), w, s, 0)),
                "On the way forward each window lay in the picture with its border. It still does."),
        Mistake("turned", _both(lambda *a: turned(grad_weight(*a))),
                "The gradient stands in the kernel as after half a turn. The first weight met the first pixel of each "
                "window."),
        Mistake("mean over pictures", _one_or_both(lambda g, *a: grad_weight(g, *a) / len(g),
                                                   lambda g: g.sum((0, 2, 3)) / len(g)),
                "A weight is used in every picture, and its gradients add up. If the loss is a mean, that is in "
                "`gradient` already."),
        Mistake("mean over positions", _one_or_both(lambda g, *a: grad_weight(g, *a) / g[0, 0].size,
                                                    lambda g: g.mean((2, 3)).sum(0)),
                "A weight is used at every position, and its gradients add up."),
        Mistake("mean of the bias", _both(bias=lambda g: g.mean((0, 2, 3))),
                "The bias is used at every position of every picture, and its gradients add up."),
        Mistake("last picture only", _one_or_both(lambda g, x, *a: grad_weight(g[-1:], x[-1:], *a),
                                                  lambda g: g[-1].sum((1, 2))),
                "Only the last picture is left. A weight is used in all of them."),
        Mistake("last position only", _both(lambda g, *a: grad_weight(_last_position(g), *a)),
                "Only the last position is left. A weight is used at all of them."),
        Mistake("stride forgotten", _both(lambda g, x, w, s, p: grad_weight(g, x, w, s, p, of=near_windows)),
                "The windows lie too close together. Where in the picture did the window of an output begin?"),
        Mistake("stride of rows only", _both(lambda g, x, w, s, p: grad_weight(g, x, w, (s, 1), p)),
                "The windows lie too close together from left to right."),
        Mistake("stride of columns only", _both(lambda g, x, w, s, p: grad_weight(g, x, w, (1, s), p)),
                "The windows lie too close together from top to bottom."),
        Mistake("gradient forgotten", _both(lambda g, *a: grad_weight(np.ones(g.shape), *a)),
                "Each window counts as much as the gradient of its output says."),
        Mistake("times the weight", _both(lambda g, x, w, s, p: grad_weight(g, x, w, s, p) * w),
                "The weight came into it once more. How much does an output rise if a weight rises by a little?"),
        Mistake("one plane for all channels", _both(lambda g, x, *a: grad_weight(g, x[:, :1] + 0 * x, *a)),
                "All channels have the gradient of the first one. A filter has a kernel for each channel."),
        Mistake("bias of all filters", _both(bias=lambda g: np.full(g.shape[1], g.sum())),
                "All biases got the same gradient. Each belongs to one filter."),
        Mistake("bias over filters", _both(bias=lambda g: g.sum((1, 2, 3))),
                "One number for each filter is asked for. Which axis counts the filters, and is left?"),
        Mistake("bias of a picture", _both(bias=lambda g: g.sum(0)),
                "The bias is used at every position, and so much of it is left here."),
        Mistake("swapped", lambda *a: _both()(*a)[::-1],
                "Both look right, but their order is not the one in the task."),
    ],
)  # fmt: skip


def _input(*a, **mistake):
    g, x, w, s, p = a
    return cropped(spread(*a, **mistake), p)


conv2d_backward_input = Question(
    "conv2d_backward_input", lambda *a: _gradients(*a)[0], _conv_cases, tolerance=GRADIENT_TOLERANCE,
    number="8b", ranges=RANGES,
    mistakes=[
        Mistake("empty at padding 0", lambda g, x, w, s, p: spread(g, x, w, s, p)[:, :, p:-p, p:-p],
                "Where the padding is 0 nothing came back. In Python a slice that ends at -0 ends at the beginning."),
        Mistake("one pixel cut off", lambda g, x, w, s, p: cropped(spread(g, x, w, s, p), 1),
                "One pixel was cut off on each side. The border is as wide as `padding` says."),
        Mistake("border left on", lambda g, x, w, s, p: spread(g, x, w, s, p),
                "The gradient of the border is still there. The picture that was handed in has none."),
        Mistake("corner cut out", lambda g, x, w, s, p: spread(g, x, w, s, p)[:, :, : x.shape[2], : x.shape[3]],
                "What came back stands too far down and to the right, by as much as the border is wide. Where in the "
                "picture with its border does the picture itself begin?"),
        Mistake("assigned", lambda *a: _input(*a, add=False),
                "A pixel is seen from several positions. It has to answer for all of them, and here only the last one "
                "counts."),
        Mistake("turned", lambda g, x, w, s, p: _input(g, x, turned(w), s, p),
                "Each output gives its gradient back through the weights with which it saw the pixels, and here they "
                "are turned."),
        Mistake("stride forgotten", lambda g, x, w, s, p: cropped(spread(
                    g, np.zeros((*x.shape[:2], *_at_least(x, g, w, p))), w, 1, p), p)[:, :, : x.shape[2], : x.shape[3]],
                "The windows lie too close together. Where in the picture did the window of an output begin?"),
        Mistake("stride of rows only", lambda g, x, w, s, p: _input(g, x, w, (s, 1), p),
                "The windows lie too close together from left to right."),
        Mistake("stride of columns only", lambda g, x, w, s, p: _input(g, x, w, (1, s), p),
                "The windows lie too close together from top to bottom."),
        Mistake("last filter only", lambda g, x, w, s, p: _input(g[:, -1:], x, w[-1:], s, p),
                "Only the last filter is left. A pixel is seen by all of them."),
        Mistake("mean over filters", lambda g, x, w, s, p: _input(g, x, w / len(w), s, p),
                "A pixel is seen by all filters, and what comes back from them adds up."),
        Mistake("one kernel for all channels", lambda g, x, w, s, p: _input(g, x, w[:, :1] + 0 * w, s, p),
                "All channels have the same gradient. A filter has a kernel for each of them."),
        Mistake("mean over pictures", lambda g, x, w, s, p: _input(g / len(g), x, w, s, p),
                "Each picture has a gradient of its own; nothing is added up over pictures, and nothing divided."),
        Mistake("weight forgotten", lambda g, x, w, s, p: _input(g, x, np.ones(w.shape), s, p),
                "Every pixel got as much as the others. It has changed the output by as much as its weight says."),
        Mistake("times the input", lambda *a: _input(*a) * a[1],
                "The pixels came into it once more. How much does an output rise if a pixel rises by a little?"),
    ],
)  # fmt: skip


def _at_least(x, g, w, p):
    """Height and width in which all windows have room, also at stride 1."""
    return [max(n, o + k - 1) for n, o, k in zip(x.shape[2:], g.shape[2:], w.shape[2:], strict=True)]
