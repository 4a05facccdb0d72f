"""Question 8a as students write it: from the outputs of a convolution back to its weight and bias."""

import numpy as np

from tests.grading.variants.expects import expects


def _pad(x, padding):
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def _weight(gradient, x, weight, stride, padding, right=None):
    """Loops over pictures, filters and positions."""
    x, right = _pad(x, padding), right or stride
    rows, columns = weight.shape[2:]
    out = np.zeros(weight.shape)
    for n, f, i, j in np.ndindex(gradient.shape):
        window = x[n, :, i * stride : i * stride + rows, j * right : j * right + columns]
        out[f] += gradient[n, f, i, j] * window
    return out


def _bias(gradient):
    return gradient.sum(axis=(0, 2, 3))


@expects("padding forgotten")
def wrong_no_padding(gradient, x, weight, stride, padding):
    """Windows of the picture without its border; where it ends there are zeros."""
    wide = np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
    return _weight(gradient, wide, weight, stride, 0), _bias(gradient)


@expects("turned")
def wrong_turned(gradient, x, weight, stride, padding):
    """Turned by half a turn."""
    return np.flip(_weight(gradient, x, weight, stride, padding), (2, 3)), _bias(gradient)


@expects("mean over pictures")
def wrong_mean_over_pictures(gradient, x, weight, stride, padding):
    """Both are divided by N."""
    return _weight(gradient, x, weight, stride, padding) / len(x), _bias(gradient) / len(x)


@expects("mean over pictures")
def wrong_weight_over_n(gradient, x, weight, stride, padding):
    """The gradient of the weight is divided by N."""
    return _weight(gradient, x, weight, stride, padding) / len(x), _bias(gradient)


@expects("mean over positions")
def wrong_mean_over_positions(gradient, x, weight, stride, padding):
    """The mean over the positions."""
    count = gradient.shape[2] * gradient.shape[3]
    return _weight(gradient, x, weight, stride, padding) / count, _bias(gradient) / count


@expects("mean of the bias")
def wrong_mean_of_the_bias(gradient, x, weight, stride, padding):
    """The mean of all gradients of a filter."""
    return _weight(gradient, x, weight, stride, padding), gradient.mean(axis=(0, 2, 3))


@expects("last picture only")
def wrong_assigned_for_each_picture(gradient, x, weight, stride, padding):
    """The loop over pictures assigns."""
    for n in range(len(x)):
        grad_weight = _weight(gradient[n : n + 1], x[n : n + 1], weight, stride, padding)
        grad_bias = gradient[n].sum(axis=(1, 2))
    return grad_weight, grad_bias


def wrong_assigned_everywhere(gradient, x, weight, stride, padding):
    """The innermost line assigns."""
    x, out = _pad(x, padding), np.zeros(weight.shape)
    for n, f, i, j in np.ndindex(gradient.shape):
        window = x[n, :, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
        out[f] = gradient[n, f, i, j] * window
    return out, _bias(gradient)


@expects("last position only")
def wrong_last_position(gradient, x, weight, stride, padding):
    """What is added up starts anew at each position."""
    last = np.zeros(gradient.shape)
    last[:, :, -1, -1] = gradient[:, :, -1, -1]
    return _weight(last, x, weight, stride, padding), _bias(gradient)


@expects("stride forgotten")
def wrong_no_stride(gradient, x, weight, stride, padding):
    """Windows side by side."""
    return _weight(gradient, x, weight, 1, padding), _bias(gradient)


@expects("stride of rows only")
def wrong_stride_dropped_to_the_right(gradient, x, weight, stride, padding):
    """The stride is missing on the axis of the columns."""
    return _weight(gradient, x, weight, stride, padding, right=1), _bias(gradient)


@expects("stride of columns only")
def wrong_stride_dropped_downwards(gradient, x, weight, stride, padding):
    """The stride is missing on the axis of the rows."""
    return _weight(gradient, x, weight, 1, padding, right=stride), _bias(gradient)


@expects("gradient forgotten")
def wrong_sum_of_windows(gradient, x, weight, stride, padding):
    """The windows are added up."""
    return _weight(np.ones(gradient.shape), x, weight, stride, padding), _bias(gradient)


@expects("times the weight")
def wrong_times_the_weight(gradient, x, weight, stride, padding):
    """The weight comes into it."""
    return weight * _weight(gradient, x, weight, stride, padding), _bias(gradient)


@expects("one plane for all channels")
def wrong_first_plane(gradient, x, weight, stride, padding):
    """All channels have the first plane."""
    return _weight(gradient, np.repeat(x[:, :1], x.shape[1], axis=1), weight, stride, padding), _bias(gradient)


@expects("bias of all filters")
def wrong_bias_of_everything(gradient, x, weight, stride, padding):
    """The sum of everything for each filter."""
    return _weight(gradient, x, weight, stride, padding), np.repeat(gradient.sum(), len(weight))


@expects("bias over filters")
def wrong_axis_of_the_bias(gradient, x, weight, stride, padding):
    """One number for each picture."""
    return _weight(gradient, x, weight, stride, padding), gradient.sum(axis=(1, 2, 3))


@expects("bias of a picture")
def wrong_bias_at_each_position(gradient, x, weight, stride, padding):
    """Summed over the pictures only."""
    return _weight(gradient, x, weight, stride, padding), gradient.sum(axis=0)


@expects("swapped")
def wrong_order(gradient, x, weight, stride, padding):
    """The bias comes first."""
    return _bias(gradient), _weight(gradient, x, weight, stride, padding)


@expects("never filled")
def wrong_half_written(gradient, x, weight, stride, padding):
    """Zeros that nobody filled."""
    return np.zeros(weight.shape), np.zeros(len(weight))


def right_formula(gradient, x, weight, stride, padding):
    """One weight after the other, as the formula says it."""
    x, out = _pad(x, padding), np.zeros(weight.shape)
    height, width = gradient.shape[2:]
    for f, c, a, b in np.ndindex(out.shape):
        seen = x[:, c, a : a + height * stride : stride, b : b + width * stride : stride]
        out[f, c, a, b] = (gradient[:, f] * seen).sum()
    return out, np.array([gradient[:, f].sum() for f in range(len(weight))])


def right_eight_loops(gradient, x, weight, stride, padding):
    """Everything by hand, without a border."""
    grad_weight, grad_bias = np.zeros(weight.shape), np.zeros(weight.shape[0])
    for n in range(len(x)):
        for f in range(len(weight)):
            for i in range(gradient.shape[2]):
                for j in range(gradient.shape[3]):
                    grad_bias[f] += gradient[n, f, i, j]
                    for c in range(x.shape[1]):
                        for a in range(weight.shape[2]):
                            for b in range(weight.shape[3]):
                                y, z = i * stride + a - padding, j * stride + b - padding
                                if 0 <= y < x.shape[2] and 0 <= z < x.shape[3]:
                                    grad_weight[f, c, a, b] += gradient[n, f, i, j] * x[n, c, y, z]
    return grad_weight, grad_bias


def right_einsum(gradient, x, weight, stride, padding):
    """Windows and einsum."""
    view = np.lib.stride_tricks.sliding_window_view(_pad(x, padding), weight.shape[2:], axis=(2, 3))
    view = view[:, :, ::stride, ::stride]
    return np.einsum("nfhw,nchwab->fcab", gradient, view), np.einsum("nfhw->f", gradient)


def right_columns(gradient, x, weight, stride, padding):
    """im2col, in float32; a list is returned."""
    x, g = _pad(x, padding).astype(np.float32), gradient.astype(np.float32)
    height, width = g.shape[2:]
    columns = [x[:, :, i * stride : i * stride + weight.shape[2], j * stride : j * stride + weight.shape[3]]
               for i in range(height) for j in range(width)]  # fmt: skip
    columns = np.stack([c.reshape(len(x), -1) for c in columns])  # (OH OW, N, C KH KW)
    flat = g.transpose(1, 2, 3, 0).reshape(len(weight), -1)  # (F, OH OW N)
    return [(flat @ columns.reshape(-1, columns.shape[-1])).reshape(weight.shape), flat.sum(axis=1)]


class _Back:
    """A class that keeps what it adds up; one picture after the other."""

    def __call__(self, gradient, x, weight, stride, padding):
        self.weight, self.bias = np.zeros(weight.shape), np.zeros(len(weight))
        for one, picture in zip(gradient, _pad(x, padding), strict=True):
            self.bias += one.sum((1, 2))
            for i, j in np.ndindex(one.shape[1:]):
                window = picture[:, i * stride :, j * stride :][:, : weight.shape[2], : weight.shape[3]]
                self.weight += np.multiply.outer(one[:, i, j], window)
        return self.weight, self.bias


right_object = _Back()
