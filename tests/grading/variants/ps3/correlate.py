"""Question 2 as students write it: a kernel slides over one plane."""

import numpy as np

from tests.grading.variants.expects import expects


def _size(image, kernel, stride):
    return ((image.shape[0] - kernel.shape[0]) // stride + 1, (image.shape[1] - kernel.shape[1]) // stride + 1)


def _slide(image, kernel, down, right=None):
    """The loop over a picture that has its border."""
    right = down if right is None else right
    rows, columns = kernel.shape
    out = np.zeros(((image.shape[0] - rows) // down + 1, (image.shape[1] - columns) // right + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i * down : i * down + rows, j * right : j * right + columns] * kernel).sum()
    return out


@expects("turned")
def wrong_turned(image, kernel, stride, padding):
    """A true convolution."""
    return _slide(np.pad(image, padding), np.flip(kernel), stride)


@expects("padding forgotten")
def wrong_no_padding(image, kernel, stride, padding):
    """The border is forgotten."""
    return _slide(image, kernel, stride)


@expects("padding of rows is 1")
def wrong_rows_padded_by_one(image, kernel, stride, padding):
    """One row of zeros above and below, however many are asked for."""
    return _slide(np.pad(image, ((1, 1), (padding, padding))), kernel, stride)


@expects("padding on one side")
def wrong_border_on_two_sides(image, kernel, stride, padding):
    """Zeros above and on the left."""
    return _slide(np.pad(image, ((padding, 0), (padding, 0))), kernel, stride)


@expects("border of ones")
def wrong_border_of_ones(image, kernel, stride, padding):
    """The border holds ones."""
    return _slide(np.pad(image, padding, constant_values=1), kernel, stride)


@expects("border repeats the picture")
def wrong_edge(image, kernel, stride, padding):
    """The border repeats the last pixels."""
    return _slide(np.pad(image, padding, mode="edge"), kernel, stride)


@expects("stride of rows only")
def wrong_stride_down(image, kernel, stride, padding):
    """The stride is used downwards."""
    return _slide(np.pad(image, padding), kernel, stride, 1)


@expects("stride of columns only")
def wrong_stride_right(image, kernel, stride, padding):
    """The stride is used to the right."""
    return _slide(np.pad(image, padding), kernel, 1, stride)


@expects("stride forgotten")
def wrong_no_stride(image, kernel, stride, padding):
    """At every pixel."""
    return _slide(np.pad(image, padding), kernel, 1)


@expects("looks without the stride")
def wrong_index(image, kernel, stride, padding):
    """The loop index is used without the stride."""
    image = np.pad(image, padding)
    out = np.zeros(_size(image, kernel, stride))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
    return out


@expects("as wide as high")
def wrong_height_for_width(image, kernel, stride, padding):
    """The output's height is used for its width; what does not fit is cut off."""
    image = np.pad(image, padding)
    out = _slide(image, kernel, stride)
    height, width = out.shape
    square = np.zeros((height, height))
    for j in range(height):
        square[:, j] = out[:, j % width] if height > width else out[:, j]
    return square


@expects("rows and columns exchanged")
def wrong_transposed(image, kernel, stride, padding):
    """The loops fill out[j, i]."""
    return _slide(np.pad(image, padding), kernel, stride).transpose()


@expects("mean")
def wrong_mean(image, kernel, stride, padding):
    """The mean of the products."""
    return _slide(np.pad(image, padding), kernel / kernel.size, stride)


@expects("first position only")
def wrong_return_in_the_loop(image, kernel, stride, padding):
    """The return stands inside the loop."""
    image = np.pad(image, padding)
    out = np.zeros(_size(image, kernel, stride))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i * stride :, j * stride :][: kernel.shape[0], : kernel.shape[1]] * kernel)
            return out


@expects("kernel counts as 1")
def wrong_sum_of_the_window(image, kernel, stride, padding):
    """The kernel is only laid over."""
    return _slide(np.pad(image, padding), np.ones(kernel.shape), stride)


@expects("integer buffer")
def wrong_type_of_the_image(image, kernel, stride, padding):
    """The sums are added into an array of the picture's type."""
    image = np.pad(image, padding)
    out = np.zeros(_size(image, kernel, stride), dtype=image.dtype)
    for a, b in np.ndindex(kernel.shape):
        out += kernel[a, b] * image[a:, b:][: out.shape[0] * stride : stride, : out.shape[1] * stride : stride]
    return out


@expects("in place")
def wrong_multiplies_in_place(image, kernel, stride, padding):
    """The window is a view, and the products are written into it."""
    padded = np.pad(image, padding) if padding else image
    out = _slide(padded, kernel, stride)
    padded[: kernel.shape[0], : kernel.shape[1]] *= kernel
    return out


@expects("list")
def wrong_list(image, kernel, stride, padding):
    """A list of rows."""
    return [list(row) for row in _slide(np.pad(image, padding), kernel, stride)]


def wrong_matmul(image, kernel, stride, padding):
    """Products of matrices for products of entries."""
    image, rows, columns = np.pad(image, padding), *kernel.shape
    out = np.zeros(_size(image, kernel, stride))
    for i, j in np.ndindex(out.shape):
        window = image[i * stride : i * stride + rows, j * stride : j * stride + columns]
        out[i, j] = (window @ kernel.T).sum()
    return out


def wrong_without_the_last(image, kernel, stride, padding):
    """A position that just fits is left out."""
    out = _slide(np.pad(image, padding), kernel, stride)
    return out[:-1, :-1]


def right_four_loops(image, kernel, stride, padding):
    """As it is written in the formula."""
    height, width = image.shape
    rows, columns = kernel.shape
    out_height = (height + 2 * padding - rows) // stride + 1
    out_width = (width + 2 * padding - columns) // stride + 1
    out = np.zeros((out_height, out_width))
    for i in range(out_height):
        for j in range(out_width):
            for a in range(rows):
                for b in range(columns):
                    y, x = i * stride + a - padding, j * stride + b - padding
                    if 0 <= y < height and 0 <= x < width:
                        out[i, j] += kernel[a, b] * image[y, x]
    return out


def right_einsum(image, kernel, stride, padding):
    """Windows and einsum."""
    view = np.lib.stride_tricks.sliding_window_view(np.pad(image, padding), kernel.shape)
    return np.einsum("ijab,ab->ij", view[::stride, ::stride], kernel)


def right_as_strided(image, kernel, stride, padding):
    """With strides of one's own."""
    image = np.ascontiguousarray(np.pad(image, padding))
    down, right = image.strides
    shape = (*_size(image, kernel, stride), *kernel.shape)
    view = np.lib.stride_tricks.as_strided(image, shape, (down * stride, right * stride, down, right))
    return np.tensordot(view, kernel, 2)


def right_one_shift_a_weight(image, kernel, stride, padding):
    """The whole picture, shifted, once for each weight."""
    image = np.pad(image, padding)
    out_height, out_width = _size(image, kernel, stride)
    total = 0.0
    for (a, b), weight in np.ndenumerate(kernel):
        total = total + weight * image[a : a + out_height * stride : stride, b : b + out_width * stride : stride]
    return total


def right_columns(image, kernel, stride, padding):
    """im2col: each window a column, and float32."""
    image = np.pad(image, padding).astype(np.float32)
    out_height, out_width = _size(image, kernel, stride)
    columns = []
    for i in range(0, out_height * stride, stride):
        for j in range(0, out_width * stride, stride):
            columns.append(image[i : i + kernel.shape[0], j : j + kernel.shape[1]].ravel())
    columns = np.array(columns).T
    return (kernel.astype(np.float32).reshape(1, -1) @ columns).reshape(out_height, out_width)


class _Kernel:
    """A class that is called."""

    def __call__(self, image, kernel, stride, padding):
        self.image = np.zeros(np.add(image.shape, 2 * padding))
        self.image[padding : padding + image.shape[0], padding : padding + image.shape[1]] = image
        return _slide(self.image, kernel, stride)


right_object = _Kernel()
