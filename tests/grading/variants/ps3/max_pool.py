"""Question 6 as students write it: max pooling."""

import numpy as np

from tests.grading.variants.expects import expects


def _windows(x, rows, columns, stride):
    """Yield (i, j, window of all planes)."""
    for i in range((x.shape[2] - rows) // stride + 1):
        for j in range((x.shape[3] - columns) // stride + 1):
            yield i, j, x[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]


def _pool(x, rows, columns, stride, of=np.max, right=None):
    right = right or stride
    out = np.zeros((*x.shape[:2], (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // right + 1))
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = of(x[:, :, i * stride : i * stride + rows, j * right : j * right + columns], axis=(2, 3))
    return out


@expects("mean")
def wrong_mean(x, rows, columns, stride):
    """Average pooling."""
    return _pool(x, rows, columns, stride, np.mean)


@expects("smallest")
def wrong_smallest(x, rows, columns, stride):
    """The smallest number."""
    return _pool(x, rows, columns, stride, np.min)


@expects("at least 0")
def wrong_begins_with_zero(x, rows, columns, stride):
    """The search for the largest begins with 0."""
    out = np.zeros(_pool(x, rows, columns, stride).shape)
    for i, j, window in _windows(x, rows, columns, stride):
        for a, b in np.ndindex(rows, columns):
            out[:, :, i, j] = np.maximum(out[:, :, i, j], window[:, :, a, b])
    return out


@expects("largest size")
def wrong_absolute(x, rows, columns, stride):
    """The largest size."""
    return _pool(np.abs(x), rows, columns, stride)


@expects("stride is the height")
def wrong_stride_of_the_height(x, rows, columns, stride):
    """A step is as long as the window is high."""
    return _pool(x, rows, columns, rows)


@expects("stride is the width")
def wrong_stride_of_the_width(x, rows, columns, stride):
    """A step is as long as the window is wide."""
    return _pool(x, rows, columns, columns)


@expects("side by side")
def wrong_side_by_side(x, rows, columns, stride):
    """Windows stand side by side."""
    return _pool(x, rows, columns, rows, right=columns)


@expects("reshape")
def wrong_reshape(x, rows, columns, stride):
    """The reshape trick, which holds only where windows tile the picture."""
    n, c, height, width = x.shape
    return x.reshape(n, c, height // rows, rows, width // columns, columns).max(axis=(3, 5))


@expects("stride forgotten")
def wrong_no_stride(x, rows, columns, stride):
    """A window at every pixel."""
    return _pool(x, rows, columns, 1)


@expects("looks without the stride")
def wrong_index(x, rows, columns, stride):
    """The loop index is used without the stride."""
    height, width = _pool(x, rows, columns, stride).shape[2:]
    return _pool(x, rows, columns, 1)[:, :, :height, :width]


@expects("window lies down")
def wrong_rows_for_columns(x, rows, columns, stride):
    """Rows and columns of the window are exchanged."""
    return _pool(x, columns, rows, stride)


@expects("square window")
def wrong_square(x, rows, columns, stride):
    """The window is as wide as high."""
    return _pool(x, rows, rows, stride)


@expects("over all channels")
def wrong_over_channels(x, rows, columns, stride):
    """The largest of all channels."""
    out = _pool(x, rows, columns, stride)
    for n in range(len(out)):
        out[n] = out[n].max(axis=0)
    return out


@expects("channels gone")
def wrong_channels_gone(x, rows, columns, stride):
    """The channels are pooled away."""
    return _pool(x, rows, columns, stride).max(axis=1)


@expects("cut windows count")
def wrong_cut_windows(x, rows, columns, stride):
    """Windows that stick out count."""
    height, width = -(-(x.shape[2] - rows) // stride) + 1, -(-(x.shape[3] - columns) // stride) + 1
    out = np.zeros((*x.shape[:2], height, width))
    for i, j in np.ndindex(height, width):
        out[:, :, i, j] = x[:, :, i * stride :, j * stride :][:, :, :rows, :columns].max(axis=(2, 3))
    return out


@expects("as wide as high")
def wrong_height_for_width(x, rows, columns, stride):
    """The output's height is used for its width."""
    out = _pool(x, rows, columns, stride)
    return np.take(out, np.arange(out.shape[2]) % out.shape[3], axis=3)


@expects("first window only")
def wrong_return_in_the_loop(x, rows, columns, stride):
    """The return stands inside the loop."""
    out = np.zeros(_pool(x, rows, columns, stride).shape)
    for i, j, window in _windows(x, rows, columns, stride):
        out[:, :, i, j] = window.max(axis=(2, 3))
        return out


@expects("not converted")
def wrong_integers(x, rows, columns, stride):
    """An array of whole numbers."""
    return _pool(x, rows, columns, stride).astype(np.int64)


def right_loops(x, rows, columns, stride):
    """Python's own max, in loops."""
    n, c, height, width = x.shape
    out = np.empty((n, c, 1 + (height - rows) // stride, 1 + (width - columns) // stride))
    for k in range(n):
        for channel in range(c):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    values = [x[k, channel, i * stride + a, j * stride + b]
                              for a in range(rows) for b in range(columns)]  # fmt: skip
                    out[k, channel, i, j] = max(values)
    return out


def right_windows(x, rows, columns, stride):
    """All windows at once."""
    view = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))
    return np.max(view[..., ::stride, ::stride, :, :], axis=(-1, -2))


def right_shifts(x, rows, columns, stride):
    """np.maximum over shifted pictures, in float32."""
    height, width = (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // stride + 1
    best = np.full((*x.shape[:2], height, width), -np.inf, dtype=np.float32)
    for a in range(rows):
        for b in range(columns):
            best = np.maximum(best, x[:, :, a : a + height * stride : stride, b : b + width * stride : stride])
    return best


def right_rows_then_columns(x, rows, columns, stride):
    """First along the rows, then along the columns."""
    along = np.stack([x[..., j : j + columns].max(-1) for j in range(0, x.shape[3] - columns + 1, stride)], axis=-1)
    return np.stack([along[:, :, i : i + rows].max(2) for i in range(0, x.shape[2] - rows + 1, stride)], axis=2)


class _Pool:
    """A class, with sorted windows."""

    def __call__(self, x, rows, columns, stride):
        out = np.zeros(_pool(x, rows, columns, stride).shape)
        for i, j, window in _windows(x, rows, columns, stride):
            out[:, :, i, j] = np.sort(window.reshape(*x.shape[:2], -1))[..., -1]
        return out


right_object = _Pool()
