"""Question 3 as students write it: a true convolution."""

import numpy as np

from tests.grading.variants.expects import expects


def _slide(image, kernel):
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = (image[i : i + rows, j : j + columns] * kernel).sum()
    return out


@expects("not turned")
def wrong_correlation(image, kernel):
    """The kernel as it is."""
    return _slide(image, kernel)


@expects("upside down")
def wrong_rows_only(image, kernel):
    """Turned upside down."""
    return _slide(image, np.flipud(kernel))


@expects("left and right")
def wrong_columns_only(image, kernel):
    """Left for right."""
    return _slide(image, np.fliplr(kernel))


@expects("quarter turn")
def wrong_quarter(image, kernel):
    """Turned once by rot90."""
    return _slide(image, np.rot90(kernel))


@expects("quarter turn")
def wrong_quarter_back(image, kernel):
    """Turned once the other way."""
    return _slide(image, np.rot90(kernel, -1))


@expects("rows for columns")
def wrong_transposed(image, kernel):
    """Transposed for turned."""
    return _slide(image, kernel.T)


@expects("transposed after the turn")
def wrong_turned_and_transposed(image, kernel):
    """Turned, and then transposed."""
    return _slide(image, kernel[::-1, ::-1].T)


@expects("picture turned")
def wrong_picture(image, kernel):
    """The picture is turned."""
    return _slide(np.flip(image), kernel)


@expects("output turned")
def wrong_output(image, kernel):
    """The output is turned."""
    return np.flip(_slide(image, kernel))


@expects("all overlaps")
def wrong_full(image, kernel):
    """The kernel may stand outside."""
    rows, columns = kernel.shape
    return _slide(np.pad(image, ((rows - 1, rows - 1), (columns - 1, columns - 1))), np.flip(kernel))


@expects("size of the picture")
def wrong_same(image, kernel):
    """Zeros around, so that the size stays."""
    rows, columns = kernel.shape
    around = (((rows - 1) // 2, rows // 2), ((columns - 1) // 2, columns // 2))
    return _slide(np.pad(image, around), kernel[::-1, ::-1])


@expects("in place")
def wrong_turns_for_ever(image, kernel):
    """The kernel is turned where it lies."""
    kernel[:] = kernel[::-1, ::-1].copy()
    return _slide(image, kernel)


def wrong_sign(image, kernel):
    """The kernel changes its sign."""
    return _slide(image, -np.flip(kernel))


def wrong_sorted(image, kernel):
    """The weights from the largest to the smallest."""
    return _slide(image, np.sort(kernel, axis=None)[::-1].reshape(kernel.shape))


@expects("nothing returned")
def wrong_printed(image, kernel):
    """Shown, and not returned."""
    print(_slide(image, np.flip(kernel)).shape)


def right_flip(image, kernel):
    """NumPy's own flip."""
    return _slide(image, np.flip(kernel))


def right_two_quarters(image, kernel):
    """Two quarter turns."""
    return _slide(image, np.rot90(kernel, 2))


def right_by_the_formula(image, kernel):
    """The indices of the formula."""
    rows, columns = kernel.shape
    out = np.zeros((len(image) - rows + 1, len(image[0]) - columns + 1))
    for i, j in np.ndindex(out.shape):
        for a in range(rows):
            for b in range(columns):
                out[i, j] += kernel[a, b] * image[i + rows - 1 - a, j + columns - 1 - b]
    return out


def right_everything_else_turned(image, kernel):
    """The picture is turned, and the output back."""
    return _slide(image[::-1, ::-1], kernel)[::-1, ::-1]


def right_rows_of_polynomials(image, kernel):
    """Row by row with np.convolve, which turns."""
    rows, columns = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1))
    for i in range(out.shape[0]):
        for a in range(rows):
            line = np.convolve(image[i + rows - 1 - a].astype(float), kernel[a].astype(float), "full")
            out[i] += line[columns - 1 : columns - 1 + out.shape[1]]
    return out


def right_flat(image, kernel):
    """The kernel read from its end, in float32."""
    turned = kernel.ravel()[::-1].reshape(kernel.shape).astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view(image.astype(np.float32), kernel.shape)
    return np.tensordot(view, turned, axes=2)
