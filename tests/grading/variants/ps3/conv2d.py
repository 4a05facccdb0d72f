"""Question 5 as students write it: a convolution with channels and filters."""

import numpy as np

from tests.grading.variants.expects import expects


def _pad(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _size(x, weight, stride, padding=0):
    return [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[2:], weight.shape[2:], strict=True)]


def _right(x, weight, bias, stride, padding):
    """Loops over pictures, filters and positions."""
    x = _pad(x, padding)
    out = np.zeros((len(x), len(weight), *_size(x, weight, stride)))
    rows, columns = weight.shape[2:]
    for n, f, i, j in np.ndindex(out.shape):
        window = x[n, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
        out[n, f, i, j] = (window * weight[f]).sum() + bias[f]
    return out


@expects("turned")
def wrong_turned(x, weight, bias, stride, padding):
    """A true convolution."""
    return _right(x, np.flip(weight, axis=(2, 3)), bias, stride, padding)


@expects("bias with each product")
def wrong_bias_inside_the_sum(x, weight, bias, stride, padding):
    """The bias is added inside the sum: k * k * C times."""
    x = _pad(x, padding)
    out = np.zeros((len(x), len(weight), *_size(x, weight, stride)))
    for n, f, i, j in np.ndindex(out.shape):
        window = x[n, :, i * stride :, j * stride :][:, : weight.shape[2], : weight.shape[3]]
        out[n, f, i, j] = np.sum(window * weight[f] + bias[f])
    return out


@expects("bias with each channel")
def wrong_bias_for_each_channel(x, weight, bias, stride, padding):
    """Channel by channel, each with the bias."""
    channels = range(x.shape[1])
    return sum(_right(x[:, [c]], weight[:, [c]], bias, stride, padding) for c in channels)


@expects("no bias")
def wrong_no_bias(x, weight, bias, stride, padding):
    """The bias is forgotten."""
    return _right(x, weight, np.zeros(len(weight)), stride, padding)


@expects("bias of the first filter")
def wrong_first_bias(x, weight, bias, stride, padding):
    """All filters have the first bias."""
    return _right(x, weight, [bias[0]] * len(weight), stride, padding)


@expects("channels averaged")
def wrong_mean_over_channels(x, weight, bias, stride, padding):
    """The mean over the channels."""
    none = np.zeros(len(weight))
    parts = [_right(x[:, [c]], weight[:, [c]], none, stride, padding) for c in range(x.shape[1])]
    return np.mean(parts, axis=0) + np.reshape(bias, (-1, 1, 1))


@expects("first channel only")
def wrong_first_channel(x, weight, bias, stride, padding):
    """As if pictures were grey."""
    return _right(x[:, :1], weight[:, :1], bias, stride, padding)


@expects("one kernel for all channels")
def wrong_one_kernel(x, weight, bias, stride, padding):
    """weight[f, 0] for every channel."""
    return _right(x.sum(axis=1, keepdims=True), weight[:, :1], bias, stride, padding)


@expects("last channel only")
def wrong_assigned_in_the_loop_over_channels(x, weight, bias, stride, padding):
    """The loop over channels assigns."""
    for c in range(x.shape[1]):
        out = _right(x[:, c : c + 1], weight[:, c : c + 1], bias, stride, padding)
    return out


@expects("filters and channels exchanged")
def wrong_axes_of_the_weight(x, weight, bias, stride, padding):
    """The first axis of the weight is taken for the channels."""
    return _right(x, weight.transpose(1, 0, 2, 3), bias, stride, padding)


@expects("reshaped and not transposed")
def wrong_reshape(x, weight, bias, stride, padding):
    """(N, OH, OW, F) is reshaped to (N, F, OH, OW)."""
    out = _right(x, weight, bias, stride, padding)
    return np.moveaxis(out, 1, -1).copy().reshape(out.shape)


@expects("padding forgotten")
def wrong_no_padding(x, weight, bias, stride, padding):
    """The border is forgotten."""
    return _right(x, weight, bias, stride, 0)


@expects("padding of rows is 1")
def wrong_rows_padded_by_one(x, weight, bias, stride, padding):
    """One row of zeros above and below, however many are asked for."""
    return _right(np.pad(x, ((0, 0), (0, 0), (1, 1), (padding, padding))), weight, bias, stride, 0)


@expects("padding on one side")
def wrong_border_on_two_sides(x, weight, bias, stride, padding):
    """Zeros above and on the left."""
    return _right(np.pad(x, ((0, 0), (0, 0), (padding, 0), (padding, 0))), weight, bias, stride, 0)


@expects("stride of rows only")
def wrong_stride_down(x, weight, bias, stride, padding):
    """The stride is used downwards."""
    return _right(x, weight, bias, 1, padding)[:, :, ::stride]


@expects("stride forgotten")
def wrong_no_stride(x, weight, bias, stride, padding):
    """At every pixel."""
    return _right(x, weight, bias, 1, padding)


@expects("looks without the stride")
def wrong_index(x, weight, bias, stride, padding):
    """The loop index is used without the stride."""
    height, width = _size(x, weight, stride, padding)
    return _right(x, weight, bias, 1, padding)[:, :, :height, :width]


@expects("as wide as high")
def wrong_height_for_width(x, weight, bias, stride, padding):
    """The output's height is used for its width."""
    out = _right(x, weight, bias, stride, padding)
    height, width = out.shape[2:]
    return out[..., [j % width for j in range(height)]]


@expects("first picture only")
def wrong_return_in_the_loop(x, weight, bias, stride, padding):
    """The return stands inside the loop over pictures."""
    out = np.zeros((len(x), len(weight), *_size(x, weight, stride, padding)))
    for n in range(len(x)):
        out[n] = _right(x[n : n + 1], weight, bias, stride, padding)[0]
        return out


@expects("first filter only")
def wrong_return_after_a_filter(x, weight, bias, stride, padding):
    """The return stands inside the loop over filters."""
    out = np.zeros((len(x), len(weight), *_size(x, weight, stride, padding)))
    for f in range(len(weight)):
        out[:, f] = _right(x, weight[f : f + 1], bias[f : f + 1], stride, padding)[:, 0]
        return out


def wrong_bias_along_the_columns(x, weight, bias, stride, padding):
    """The bias is added along the last axis, where it fits."""
    out = _right(x, weight, 0 * bias, stride, padding)
    return out + (bias if out.shape[-1] == len(bias) else bias[0])


@expects("in place")
def wrong_bias_into_the_weight(x, weight, bias, stride, padding):
    """The bias hides in a weight, which is changed."""
    out = _right(x, weight, bias, stride, padding)
    weight[:, 0, 0, 0] += bias.astype(weight.dtype)
    return out


def right_seven_loops(x, weight, bias, stride, padding):
    """As the formula says it."""
    n_pictures, n_channels, height, width = x.shape
    n_filters, _, rows, columns = weight.shape
    out_height = 1 + (height + 2 * padding - rows) // stride
    out_width = 1 + (width + 2 * padding - columns) // stride
    padded = np.zeros((n_pictures, n_channels, height + 2 * padding, width + 2 * padding))
    padded[:, :, padding : height + padding, padding : width + padding] = x
    out = np.zeros((n_pictures, n_filters, out_height, out_width))
    for n in range(n_pictures):
        for f in range(n_filters):
            for i in range(out_height):
                for j in range(out_width):
                    total = bias[f]
                    for c in range(n_channels):
                        for a in range(rows):
                            for b in range(columns):
                                total = total + padded[n, c, i * stride + a, j * stride + b] * weight[f, c, a, b]
                    out[n, f, i, j] = total
    return out


def right_einsum(x, weight, bias, stride, padding):
    """Windows and einsum."""
    view = np.lib.stride_tricks.sliding_window_view(_pad(x, padding), weight.shape[2:], axis=(2, 3))
    return np.einsum("nchwab,fcab->nfhw", view[:, :, ::stride, ::stride], weight) + bias.reshape(1, -1, 1, 1)


def right_columns(x, weight, bias, stride, padding):
    """im2col, in float32."""
    x, flat = _pad(x, padding).astype("f4"), weight.reshape(len(weight), -1).astype("f4")
    height, width = _size(x, weight, stride)
    columns = [x[:, :, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
               .reshape(len(x), -1) for i in range(height) for j in range(width)]  # fmt: skip
    out = np.stack(columns, axis=1) @ flat.T + bias.astype("f4")
    return np.swapaxes(out, 1, 2).reshape(len(x), len(weight), height, width)


def right_as_strided(x, weight, bias, stride, padding):
    """With strides of one's own."""
    x = np.ascontiguousarray(_pad(x, padding))
    n, c, h, w = x.strides
    shape = (*x.shape[:2], *weight.shape[2:], *_size(x, weight, stride))
    view = np.lib.stride_tricks.as_strided(x, shape, (n, c, h, w, h * stride, w * stride))
    out = np.tensordot(weight, view, axes=[(1, 2, 3), (1, 2, 3)])
    return out.swapaxes(0, 1) + bias[None, :, None, None]


def right_one_shift_a_weight(x, weight, bias, stride, padding):
    """All positions at once, for one place in the kernel after the other."""
    x = _pad(x, padding)
    height, width = _size(x, weight, stride)
    out = np.zeros((len(x), len(weight), height, width)) + bias[:, None, None]
    for a, b in np.ndindex(weight.shape[2:]):
        seen = x[:, :, a : a + height * stride : stride, b : b + width * stride : stride]
        out += np.einsum("nchw,fc->nfhw", seen, weight[:, :, a, b])
    return out


class _Layer:
    """As in courses that begin with a class; each channel by itself."""

    def __call__(self, x, weight, bias, stride, padding):
        self.weight, self.bias, self.stride = weight, bias, stride
        return np.array([[self.plane(picture, f) for f in range(len(weight))] for picture in _pad(x, padding)])

    def plane(self, picture, f):
        view = [np.lib.stride_tricks.sliding_window_view(p, self.weight.shape[2:]) for p in picture]
        sums = [(v * k).sum((2, 3)) for v, k in zip(view, self.weight[f], strict=True)]
        return sum(sums)[:: self.stride, :: self.stride] + self.bias[f]


right_object = _Layer()
