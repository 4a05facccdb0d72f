"""The formulas that known mistakes are made of: right ones, each with a place where one can go wrong.

`stride` and `padding` can be pairs here, rows first: a mistake on one axis alone. A check calls them some thousand
times with tiny pictures: `np.pad` and `sliding_window_view` would take most of the time.
"""

import numpy as np


def padded(x, padding, value=0.0):
    """x with a border on each side of its last two axes."""
    (above, left), (*others, height, width) = _pair(padding), x.shape
    wide = np.full((*others, height + 2 * above, width + 2 * left), value)
    wide[..., above : above + height, left : left + width] = x
    return wide


def windows(x, shape, stride=1):
    """Every window: (..., H, W) -> (..., OH, OW, KH, KW)."""
    (down, right), (*others, height, width), (rows, columns) = _pair(stride), x.shape, shape
    if rows > height or columns > width:
        raise ValueError("a kernel has no room")
    *between, below, beside = x.strides
    positions = (height - rows) // down + 1, (width - columns) // right + 1
    strides = (*between, down * below, right * beside, below, beside)
    return np.lib.stride_tricks.as_strided(x, (*others, *positions, *shape), strides, writeable=False)


def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def near_windows(x, shape, stride=1):
    """As many windows, but each next one is a single pixel further: the stride is forgotten where it looks."""
    count = windows(x, shape, stride).shape[-4:-2]
    return windows(x, shape)[..., : count[0], : count[1], :, :]


def turned(kernel):
    """The kernel after half a turn."""
    return kernel[..., ::-1, ::-1]


def correlate(image, kernel, stride=1, padding=0, of=windows):
    """One plane: (H, W), (KH, KW) -> (OH, OW)."""
    return (of(padded(image, padding), kernel.shape, stride) * kernel).sum((-2, -1))


def conv(x, w, b, stride=1, padding=0, of=windows):
    """The layer: (N, C, H, W), (F, C, KH, KW), (F,) -> (N, F, OH, OW)."""
    return np.einsum("nchwij,fcij->nfhw", of(padded(x, padding), w.shape[2:], stride), w) + b[:, None, None]


def grad_weight(g, x, w, stride=1, padding=0, of=windows):
    """The gradient of the weight, from g, that of the output."""
    seen = of(padded(x, padding), w.shape[2:], stride)[:, :, : g.shape[2], : g.shape[3]]
    return np.einsum("nfhw,nchwij->fcij", g, seen)


def spread(g, x, w, stride=1, padding=0, add=True):
    """The gradient of the padded input: each output gives its part to the pixels that it saw."""
    (down, right), (rows, columns) = _pair(stride), w.shape[2:]
    total = np.zeros_like(padded(x, padding), dtype=float)
    for i, j in np.ndindex(g.shape[2:]):
        place = np.s_[:, :, i * down : i * down + rows, j * right : j * right + columns]
        part = np.einsum("nf,fcij->ncij", g[:, :, i, j], w)
        total[place] = total[place] + part if add else part
    return total


def cropped(x, above, left=None):
    """x without a border of `above` rows and `left` columns."""
    left = above if left is None else left
    return x[..., above : x.shape[-2] - above, left : x.shape[-1] - left]


def pool(x, rows, columns, stride, of=windows, take=np.max):
    """Of each window one number: (N, C, H, W) -> (N, C, OH, OW)."""
    return take(of(x, (rows, columns), stride), axis=(-2, -1))


def unpool(g, x, rows, columns, stride, *, put=lambda old, g: old + g, share=None, width=None, step=None):
    """The gradient of max pooling; share: of the gradient, for each pixel of a window; put: onto what is there.

    width: by which the place in the window is divided; step: how far the next window is.
    """
    total, step = np.zeros(x.shape), stride if step is None else step
    for n, c, i, j in np.ndindex(g.shape):
        window = x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns]
        target = total[n, c, i * step : i * step + rows, j * step : j * step + columns]
        if share is not None:
            target[...] = put(target, g[n, c, i, j] * share(window))
        else:
            place = divmod(int(window.argmax()), columns if width is None else width)
            target[place] = put(target[place], g[n, c, i, j])
    return total


def halved(x, take=np.max):
    """Pooling by two and two: (N, C, H, W) -> (N, C, H/2, W/2)."""
    n, c, height, width = x.shape
    return take(x.reshape(n, c, height // 2, 2, width // 2, 2), axis=(3, 5))


def net(x, w1, b1, w2, b2, w3, b3, *, act=lambda v: np.maximum(v, 0), take=np.max, kernel=lambda w: w,
        flat=lambda v: v.reshape(len(v), -1)):  # fmt: skip
    """The small net: (after the first block, after the second, logits)."""
    first = halved(act(conv(x, kernel(w1), b1, 1, w1.shape[2] // 2)), take)
    second = halved(act(conv(first, kernel(w2), b2, 1, w2.shape[2] // 2)), take)
    return first, second, flat(second) @ w3.T + b3
