"""Convolution layers: one small kernel slides over the picture. Slides: ehinger-013 to ehinger-022.

Shapes, as in PyTorch: N pictures, C channels, F filters; x (N, C, H, W), weight (F, C, KH, KW), bias (F,), output
(N, F, OH, OW). `stride` and `padding` are numbers, or pairs: one for the rows, one for the columns. As in all nets
the kernel is not turned: the layer computes a cross-correlation.

The trick is called *im2col*: every window becomes a column of a matrix, and the layer one matrix product.
"""

import numpy as np


def conv_output_size(size, kernel_size, stride=1, padding=0):
    """Return how many positions a kernel has along one axis: (size + 2 padding - kernel_size) // stride + 1.

    What is left at the end and holds no whole step is not looked at. A kernel without room is a ValueError.
    """
    if kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError(f"expected a kernel and a stride of at least 1 and a padding of at least 0; got "
                         f"kernel_size={kernel_size}, stride={stride}, padding={padding}")  # fmt: skip
    if size + 2 * padding < kernel_size:
        raise ValueError(f"a kernel of {kernel_size} has no room in {size} pixels with padding {padding}")
    return (size + 2 * padding - kernel_size) // stride + 1


def pair(value):
    """Return (rows, columns): of one number both are the same."""
    rows, columns = value if np.ndim(value) else (value, value)
    return int(rows), int(columns)


def windows(x, kernel_size, stride=1):
    """Return every window that a kernel sees, as a view of x. (..., H, W) -> (..., OH, OW, KH, KW)."""
    kernel_size, (down, right) = pair(kernel_size), pair(stride)
    conv_output_size(x.shape[-2], kernel_size[0], down)  # both raise where there is no room
    conv_output_size(x.shape[-1], kernel_size[1], right)
    view = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(-2, -1))  # at every position
    return view[..., ::down, ::right, :, :]


def pad(x, padding):
    """Return x with `padding` zeros on each side. (..., H, W) -> (..., H + 2P, W + 2P)."""
    (above, left), (*others, height, width) = pair(padding), x.shape
    padded = np.zeros((*others, height + 2 * above, width + 2 * left), x.dtype)
    padded[..., above : above + height, left : left + width] = x
    return padded


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Let F filters slide over x. x: (N, C, H, W), weight: (F, C, KH, KW), bias: (F,). Returns (N, F, OH, OW)."""
    columns, height, width = _columns(x, weight, stride, padding)  # (N, C KH KW, OH OW)
    output = weight.reshape(len(weight), -1) @ columns  # (F, C KH KW) @ (N, C KH KW, OH OW) -> (N, F, OH OW)
    if bias is not None:
        output = output + bias[:, None]
    return output.reshape(len(x), len(weight), height, width)


def conv2d_backward(gradient, x, weight, stride=1, padding=0, of_input=True):
    """Gradients of `conv2d`. gradient: (N, F, OH, OW), that of its output.

    Returns the gradients of x (N, C, H, W), of weight (F, C, KH, KW) and of bias (F,). With `of_input=False` the
    first one is None.
    """
    columns, height, width = _columns(x, weight, stride, padding)  # (N, C KH KW, OH OW)
    _check_gradient(gradient, (len(x), len(weight), height, width))
    flat = gradient.reshape(len(x), len(weight), height * width)  # (N, F, OH OW)
    grad_weight = (flat @ columns.transpose(0, 2, 1)).sum(axis=0).reshape(weight.shape)  # the sum over the pictures
    grad_bias = flat.sum(axis=(0, 2))  # (F,)
    if not of_input:
        return None, grad_weight, grad_bias
    grad_columns = weight.reshape(len(weight), -1).T @ flat  # (C KH KW, F) @ (N, F, OH OW) -> (N, C KH KW, OH OW)
    pieces = grad_columns.reshape(len(x), *weight.shape[1:], height, width)  # (N, C, KH, KW, OH, OW)
    return add_windows(pieces, x.shape, stride, padding), grad_weight, grad_bias


def add_windows(pieces, shape, stride=1, padding=0):
    """Put windows back into a picture, the way back of `windows`: where they overlap, they add up.

    pieces: (N, C, KH, KW, OH, OW). Returns an array of `shape` (N, C, H, W).
    """
    *_, kernel_height, kernel_width, height, width = pieces.shape
    (down, right), (above, left) = pair(stride), pair(padding)
    total = pad(np.zeros(shape, pieces.dtype), padding)  # (N, C, H + 2P, W + 2P)
    for i in range(kernel_height):
        for j in range(kernel_width):  # all windows at once, for one place in the kernel
            total[..., i : i + height * down : down, j : j + width * right : right] += pieces[:, :, i, j]
    return total[..., above : above + shape[-2], left : left + shape[-1]]


def conv_matrix(weight, input_shape, stride=1, padding=0):
    """Return the convolution of one plane as a matrix, mostly zeros. weight: (KH, KW), input_shape: (H, W).

    Returns M (OH OW, H W): `M @ image.ravel()` is the output, row by row. Each row is the kernel at one position: a
    dense layer whose neurons look at few pixels each and share their weights.
    """
    height, width = input_shape
    pixels = pad(np.arange(1, height * width + 1).reshape(height, width), padding)  # numbers from 1; 0 is padding
    seen = windows(pixels, weight.shape, stride).reshape(-1, weight.size)  # (OH OW, KH KW): the pixels of each window
    matrix = np.zeros((len(seen), 1 + height * width), weight.dtype)
    matrix[np.arange(len(seen))[:, None], seen] = weight.ravel()
    return matrix[:, 1:]  # padding is 0, whatever its weight


def _columns(x, weight, stride, padding):
    """(the windows as columns (N, C KH KW, OH OW), OH, OW)."""
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError(f"expected x (N, C, H, W) and weight (F, C, KH, KW) with the same C; got {x.shape} and "
                         f"{weight.shape}")  # fmt: skip
    view = windows(pad(x, padding), weight.shape[2:], stride)  # (N, C, OH, OW, KH, KW)
    height, width = view.shape[2:4]
    columns = view.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), weight[0].size, height * width)  # here they are copied
    return columns, height, width


def _check_gradient(gradient, shape):
    if gradient.shape != shape:
        raise ValueError(f"expected a gradient of the output's shape {shape}; got {gradient.shape}")
