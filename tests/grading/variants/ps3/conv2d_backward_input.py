"""Question 8b as students write it: from the outputs of a convolution back to its input."""

import numpy as np

from tests.grading.variants.expects import expects


def _padded(gradient, x, weight, stride, padding, right=None):
    """The gradient of the picture with its border; what leads out of it is dropped."""
    right = right or stride
    rows, columns = weight.shape[2:]
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    for n, f, i, j in np.ndindex(gradient.shape):
        place = out[n, :, i * stride : i * stride + rows, j * right : j * right + columns]
        place += gradient[n, f, i, j] * weight[f][:, : place.shape[1], : place.shape[2]]
    return out


def _right(gradient, x, weight, stride, padding, right=None):
    out = _padded(gradient, x, weight, stride, padding, right)
    return out[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


@expects("empty at padding 0")
def wrong_unpadding(gradient, x, weight, stride, padding):
    """The border is cut off by [p:-p]."""
    return _padded(gradient, x, weight, stride, padding)[:, :, padding:-padding, padding:-padding]


@expects("one pixel cut off")
def wrong_crop_of_one(gradient, x, weight, stride, padding):
    """One pixel is cut off, whatever the padding is."""
    return _padded(gradient, x, weight, stride, padding)[:, :, 1:-1, 1:-1]


@expects("name")
def wrong_name_at_padding_0(gradient, x, weight, stride, padding):
    """Without padding a name is never set."""
    if padding:
        result = _padded(gradient, x, weight, stride, padding)[:, :, padding:-padding, padding:-padding]
    return result


@expects("border left on")
def wrong_with_border(gradient, x, weight, stride, padding):
    """The border stays."""
    return _padded(gradient, x, weight, stride, padding)


@expects("corner cut out")
def wrong_corner(gradient, x, weight, stride, padding):
    """The border is cut off at the end only."""
    return _padded(gradient, x, weight, stride, padding)[:, :, : x.shape[2], : x.shape[3]]


@expects("assigned")
def wrong_assigned(gradient, x, weight, stride, padding):
    """Overlapping windows are assigned."""
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    rows, columns = weight.shape[2:]
    for i, j in np.ndindex(gradient.shape[2:]):
        part = np.tensordot(gradient[:, :, i, j], weight, 1)
        out[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns] = part
    return out[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def wrong_assigned_everywhere(gradient, x, weight, stride, padding):
    """Filters are assigned as well."""
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    rows, columns = weight.shape[2:]
    for n, f, i, j in np.ndindex(gradient.shape):
        out[n, :, i * stride : i * stride + rows, j * stride : j * stride + columns] = gradient[n, f, i, j] * weight[f]
    return out[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


@expects("turned")
def wrong_turned(gradient, x, weight, stride, padding):
    """Through turned weights."""
    return _right(gradient, x, np.flip(weight, (2, 3)), stride, padding)


@expects("stride forgotten")
def wrong_no_stride(gradient, x, weight, stride, padding):
    """Windows side by side."""
    return _right(gradient, x, weight, 1, padding)


@expects("stride of rows only")
def wrong_stride_dropped_to_the_right(gradient, x, weight, stride, padding):
    """The stride is missing on the axis of the columns."""
    return _right(gradient, x, weight, stride, padding, right=1)


@expects("stride of columns only")
def wrong_stride_dropped_downwards(gradient, x, weight, stride, padding):
    """The stride is missing on the axis of the rows."""
    return _right(gradient, x, weight, 1, padding, right=stride)


@expects("last filter only")
def wrong_last_filter(gradient, x, weight, stride, padding):
    """The loop over filters assigns."""
    for f in range(len(weight)):
        out = _right(gradient[:, f : f + 1], x, weight[f : f + 1], stride, padding)
    return out


@expects("mean over filters")
def wrong_mean_over_filters(gradient, x, weight, stride, padding):
    """The mean over the filters."""
    return _right(gradient, x, weight, stride, padding) / gradient.shape[1]


@expects("one kernel for all channels")
def wrong_first_kernel(gradient, x, weight, stride, padding):
    """weight[f, 0] for every channel."""
    return np.tile(_right(gradient, x[:, :1], weight[:, :1], stride, padding), (1, x.shape[1], 1, 1))


@expects("mean over pictures")
def wrong_mean_over_pictures(gradient, x, weight, stride, padding):
    """Divided by N once more."""
    return _right(gradient, x, weight, stride, padding) / x.shape[0]


@expects("weight forgotten")
def wrong_no_weight(gradient, x, weight, stride, padding):
    """All pixels of a window get as much."""
    return _right(gradient, x, 0 * weight + 1, stride, padding)


@expects("times the input")
def wrong_times_the_input(gradient, x, weight, stride, padding):
    """The pixels come into it."""
    return x * _right(gradient, x, weight, stride, padding)


@expects("not converted")
def wrong_type_of_the_input(gradient, x, weight, stride, padding):
    """As zeros_like makes it."""
    return _right(gradient, x, weight, stride, padding).astype(x.dtype)


def right_windows(gradient, x, weight, stride, padding):
    """Position by position, and then the border goes."""
    return _padded(gradient, x, weight, stride, padding)[
        :, :, padding : x.shape[2] + padding, padding : x.shape[3] + padding
    ]


def right_eight_loops(gradient, x, weight, stride, padding):
    """Everything by hand, without a border."""
    out = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for f in range(weight.shape[0]):
            for i in range(gradient.shape[2]):
                for j in range(gradient.shape[3]):
                    for c in range(x.shape[1]):
                        for a in range(weight.shape[2]):
                            for b in range(weight.shape[3]):
                                y, z = i * stride + a - padding, j * stride + b - padding
                                if 0 <= y < x.shape[2] and 0 <= z < x.shape[3]:
                                    out[n, c, y, z] += gradient[n, f, i, j] * weight[f, c, a, b]
    return out


def right_true_convolution(gradient, x, weight, stride, padding):
    """Zeros between the gradients, zeros around, and the turned kernels slide over it."""
    rows, columns = weight.shape[2:]
    height, width = gradient.shape[2:]
    wide = np.zeros((*gradient.shape[:2], x.shape[2] + 2 * padding + rows - 1, x.shape[3] + 2 * padding + columns - 1))
    down, right = rows - 1, columns - 1
    wide[:, :, down : down + height * stride : stride, right : right + width * stride : stride] = gradient
    view = np.lib.stride_tricks.sliding_window_view(wide, (rows, columns), axis=(2, 3))
    out = np.einsum("nfhwab,fcab->nchw", view, weight[:, :, ::-1, ::-1])
    return out[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def right_shifts(gradient, x, weight, stride, padding):
    """All positions at once, for one place in the kernel after the other, in float32."""
    height, width = gradient.shape[2:]
    out = np.zeros(np.add(x.shape, (0, 0, 2 * padding, 2 * padding)), np.float32)
    for a, b in np.ndindex(weight.shape[2:]):
        part = np.einsum("nfhw,fc->nchw", gradient.astype(np.float32), weight[:, :, a, b].astype(np.float32))
        out[:, :, a : a + height * stride : stride, b : b + width * stride : stride] += part
    stop = [size - padding for size in out.shape[2:]]
    return out[:, :, padding : stop[0], padding : stop[1]]


class _Matrix:
    """The layer as one large matrix, and its transpose."""

    def __call__(self, gradient, x, weight, stride, padding):
        matrix = np.stack([self.outputs(one, weight, stride, padding).ravel()
                           for one in np.eye(x[0].size).reshape(-1, *x.shape[1:])], axis=1)  # fmt: skip
        return (gradient.reshape(len(x), -1) @ matrix).reshape(x.shape)

    def outputs(self, picture, weight, stride, padding):
        padded = np.pad(picture, ((0, 0), (padding, padding), (padding, padding)))
        view = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
        return np.einsum("chwab,fcab->fhw", view, weight)


right_object = _Matrix()
