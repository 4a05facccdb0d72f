"""Question 4 as students write it: the sliding kernel as a matrix."""

import numpy as np

from tests.grading.variants.expects import expects


def _fill(kernel, height, width, stride, place, shape=None):
    """The matrix, with a function (i, j, a, b) -> column; what lies beyond the end is dropped."""
    out_height, out_width = shape or ((height - kernel.shape[0]) // stride + 1, (width - kernel.shape[1]) // stride + 1)
    matrix = np.zeros((out_height * out_width, height * width))
    for i, j in np.ndindex(out_height, out_width):
        for a, b in np.ndindex(kernel.shape):
            column = place(i, j, a, b)
            if column < matrix.shape[1]:
                matrix[i * out_width + j, column] = kernel[a, b]
    return matrix


def _right(kernel, height, width, stride):
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i * stride + a) * width + j * stride + b)


@expects("turned")
def wrong_turned(kernel, height, width, stride):
    """A true convolution."""
    return _right(np.flip(kernel), height, width, stride)


@expects("matrix transposed")
def wrong_transposed(kernel, height, width, stride):
    """Pixels are rows."""
    return _right(kernel, height, width, stride).T


@expects("kernel in one piece")
def wrong_in_one_piece(kernel, height, width, stride):
    """The flat kernel, pushed to the right."""
    rows, columns = kernel.shape
    return _fill(kernel, height, width, stride,
                 lambda i, j, a, b: (i * stride + a) * columns + j * stride + b)  # fmt: skip


@expects("line of the output")
def wrong_line_of_the_output(kernel, height, width, stride):
    """A line is as long as in the output."""
    line = (width - kernel.shape[1]) // stride + 1
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i * stride + a) * line + j * stride + b)


@expects("line of height")
def wrong_height_for_width(kernel, height, width, stride):
    """Height and width are exchanged in the index."""
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i * stride + a) * height + j * stride + b)


@expects("no end of line")
def wrong_no_jump(kernel, height, width, stride):
    """Each row begins one step after the row before."""
    matrix = _right(kernel, height, width, stride)
    first, out = matrix[0], np.zeros(matrix.shape)
    for row in range(len(out)):
        out[row, row * stride :] = first[: max(0, first.size - row * stride)]
    return out


@expects("stride of rows only")
def wrong_stride_down(kernel, height, width, stride):
    """The stride is used downwards."""
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i * stride + a) * width + j + b)


@expects("stride of columns only")
def wrong_stride_right(kernel, height, width, stride):
    """The stride is used to the right."""
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i + a) * width + j * stride + b)


@expects("stride forgotten")
def wrong_no_stride(kernel, height, width, stride):
    """All positions."""
    return _right(kernel, height, width, 1)


@expects("looks without the stride")
def wrong_index(kernel, height, width, stride):
    """As many rows as there should be, for the wrong positions."""
    return _fill(kernel, height, width, stride, lambda i, j, a, b: (i + a) * width + j + b)


@expects("ones")
def wrong_ones(kernel, height, width, stride):
    """Which pixels are seen, and not how much they count."""
    return (_right(kernel, height, width, stride) != 0) * 1.0


@expects("first row only")
def wrong_return_in_the_loop(kernel, height, width, stride):
    """The return stands inside the loop."""
    matrix = np.zeros(_right(kernel, height, width, stride).shape)
    for row, values in enumerate(_right(kernel, height, width, stride)):
        matrix[row] = values
        return matrix


@expects("kernel column by column")
def wrong_order_of_the_kernel(kernel, height, width, stride):
    """The kernel is read in columns."""
    return _right(np.reshape(kernel.T.ravel(), kernel.shape), height, width, stride)


@expects("not converted")
def wrong_type_of_the_matrix(kernel, height, width, stride):
    """A matrix of whole numbers."""
    return _right(kernel, height, width, stride).astype(int)


def wrong_means(kernel, height, width, stride):
    """Each row sums to 1."""
    return _right(kernel / kernel.size, height, width, stride)


def right_six_loops(kernel, height, width, stride):
    """Row by row, weight by weight."""
    rows = []
    for top in range(0, height - kernel.shape[0] + 1, stride):
        for left in range(0, width - kernel.shape[1] + 1, stride):
            row = [0.0] * (height * width)
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    row[(top + a) * width + left + b] = float(kernel[a, b])
            rows.append(row)
    return np.array(rows)


def right_pictures(kernel, height, width, stride):
    """Each row is a picture with the kernel in it, made flat."""
    rows, columns = kernel.shape
    planes = []
    for i in range(0, height - rows + 1, stride):
        for j in range(0, width - columns + 1, stride):
            plane = np.zeros((height, width))
            plane[i : i + rows, j : j + columns] = kernel
            planes.append(plane.flatten())
    return np.stack(planes)


def right_unit_pictures(kernel, height, width, stride):
    """Column by column: what the kernel makes of one pixel."""
    columns = []
    for pixel in range(height * width):
        image = np.zeros(height * width)
        image[pixel] = 1
        view = np.lib.stride_tricks.sliding_window_view(image.reshape(height, width), kernel.shape)
        columns.append(np.tensordot(view[::stride, ::stride], kernel, 2).ravel())
    return np.array(columns).T


def right_four_axes(kernel, height, width, stride):
    """Filled as (OH, OW, H, W), in float32."""
    out_height, out_width = (height - kernel.shape[0]) // stride + 1, (width - kernel.shape[1]) // stride + 1
    full = np.zeros((out_height, out_width, height, width), np.float32)
    for i in range(out_height):
        for j in range(out_width):
            top, left = i * stride, j * stride
            full[i, j, top : top + kernel.shape[0], left : left + kernel.shape[1]] = kernel
    return full.reshape(out_height * out_width, -1)


class _Matrix:
    """Diagonals that are added up, one for each weight."""

    def __call__(self, kernel, height, width, stride):
        down = (np.eye(height, k=a)[: height - kernel.shape[0] + 1 : stride] for a in range(kernel.shape[0]))
        total = 0
        for a, rows in enumerate(down):
            for b in range(kernel.shape[1]):
                total = total + kernel[a, b] * np.kron(rows, np.eye(width, k=b)[: width - kernel.shape[1] + 1 : stride])
        return total


right_object = _Matrix()
