"""Question 7 as students write it: the way back through max pooling."""

import numpy as np

from tests.grading.variants.expects import expects


def _places(gradient, rows, columns, stride):
    """Yield (index of the output, slices of its window)."""
    for n, c, i, j in np.ndindex(gradient.shape):
        yield (n, c, i, j), (n, c, slice(i * stride, i * stride + rows), slice(j * stride, j * stride + columns))


def _right(gradient, x, rows, columns, stride):
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += (x[place] == x[place].max()) * gradient[index]
    return out


@expects("assigned")
def wrong_assigned(gradient, x, rows, columns, stride):
    """Overlapping windows are assigned."""
    out = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(gradient.shape):
        window = x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        out[n, c, i * stride + a, j * stride + b] = gradient[n, c, i, j]
    return out


def wrong_whole_windows_assigned(gradient, x, rows, columns, stride):
    """Whole windows are assigned, and wipe out what was there."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] = (x[place] == x[place].max()) * gradient[index]
    return out


@expects("to all")
def wrong_to_all(gradient, x, rows, columns, stride):
    """Every pixel of the window gets it."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += gradient[index]
    return out


@expects("shared by all")
def wrong_average(gradient, x, rows, columns, stride):
    """The way back of a mean."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += gradient[index] / (rows * columns)
    return out


@expects("times the number")
def wrong_times_the_largest(gradient, x, rows, columns, stride):
    """The largest number comes into it."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += np.where(x[place] == x[place].max(), x[place], 0) * gradient[index]
    return out


@expects("number itself")
def wrong_largest_itself(gradient, x, rows, columns, stride):
    """The largest number goes back."""
    out = np.zeros(x.shape)
    for _, place in _places(gradient, rows, columns, stride):
        out[place] += np.where(x[place] == x[place].max(), x[place], 0)
    return out


@expects("gradient forgotten")
def wrong_mask(gradient, x, rows, columns, stride):
    """The mask alone."""
    return _right(np.ones(gradient.shape), x, rows, columns, stride)


@expects("to the smallest")
def wrong_smallest(gradient, x, rows, columns, stride):
    """The smallest pixel gets it."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += (x[place] == np.min(x[place])) * gradient[index]
    return out


@expects("largest size")
def wrong_absolute(gradient, x, rows, columns, stride):
    """The sign is taken away."""
    return _right(gradient, np.abs(x), rows, columns, stride)


@expects("place by height")
def wrong_divided_by_the_height(gradient, x, rows, columns, stride):
    """The winner's row is its number divided by the window's height."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        number = x[place].argmax()
        out[place][number // rows, number % rows] += gradient[index]
    return out


@expects("place in the window")
def wrong_place_in_the_window(gradient, x, rows, columns, stride):
    """The window's own place is forgotten."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        a, b = np.unravel_index(x[place].argmax(), (rows, columns))
        out[index[0], index[1], a, b] += gradient[index]
    return out


@expects("window without the stride")
def wrong_put_back_without_the_stride(gradient, x, rows, columns, stride):
    """Put back at i + a, and not at i * stride + a."""
    out = np.zeros(x.shape)
    for (n, c, i, j), place in _places(gradient, rows, columns, stride):
        a, b = divmod(x[place].argmax(), columns)
        out[n, c, i + a, j + b] += gradient[n, c, i, j]
    return out


@expects("window is the step")
def wrong_put_back_side_by_side(gradient, x, rows, columns, stride):
    """Put back at i * rows + a."""
    out = np.zeros(x.shape)
    for (n, c, i, j), place in _places(gradient, rows, columns, stride):
        a, b = divmod(x[place].argmax(), columns)
        out[n, c, i * rows + a, j * rows + b] += gradient[n, c, i, j]
    return out


@expects("largest of all")
def wrong_largest_of_the_plane(gradient, x, rows, columns, stride):
    """One winner for each plane."""
    out = np.zeros(x.shape)
    for n, c in np.ndindex(x.shape[:2]):
        out[n, c][np.unravel_index(x[n, c].argmax(), x[n, c].shape)] = gradient[n, c].sum()
    return out


def wrong_mask_of_the_gradient(gradient, x, rows, columns, stride):
    """The mask is taken from the zeros of the gradient."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        out[place] += (x[place] == x[place].max()) * (gradient[index] > 0)
    return out


@expects("reshape")
def wrong_reshape(gradient, x, rows, columns, stride):
    """The reshape trick, which holds only where windows tile the picture."""
    n, c, height, width = x.shape
    tiles = x.reshape(n, c, height // rows, rows, width // columns, columns)
    won = tiles == tiles.max(axis=(3, 5), keepdims=True)
    return (won * gradient[:, :, :, None, :, None]).reshape(x.shape)


@expects("in place")
def wrong_crosses_out(gradient, x, rows, columns, stride):
    """A winner is crossed out in the picture."""
    out = np.zeros(x.shape)
    for index, place in _places(gradient, rows, columns, stride):
        row, column = np.unravel_index(x[place].argmax(), (rows, columns))
        out[place][row, column] += gradient[index]
        x[place][row, column] = x[place].min()
    return out


@expects("not converted")
def wrong_type_of_the_picture(gradient, x, rows, columns, stride):
    """What is added up has the type of the picture."""
    return _right(gradient, x, rows, columns, stride).astype(x.dtype)


def right_unravel(gradient, x, rows, columns, stride):
    """The winner's place, and added up."""
    out = np.zeros_like(x, dtype=float)
    for n, c, i, j in np.ndindex(*gradient.shape):
        window = x[n, c, i * stride : i * stride + rows, j * stride : j * stride + columns]
        a, b = np.unravel_index(window.argmax(), window.shape)
        out[n, c, i * stride + a, j * stride + b] += gradient[n, c, i, j]
    return out


def right_six_loops(gradient, x, rows, columns, stride):
    """Everything by hand."""
    out = np.zeros(x.shape)
    for n in range(gradient.shape[0]):
        for c in range(gradient.shape[1]):
            for i in range(gradient.shape[2]):
                for j in range(gradient.shape[3]):
                    best, where = -float("inf"), None
                    for y in range(i * stride, i * stride + rows):
                        for z in range(j * stride, j * stride + columns):
                            if x[n, c, y, z] > best:
                                best, where = x[n, c, y, z], (y, z)
                    out[n, c][where] += gradient[n, c, i, j]
    return out


def right_add_at(gradient, x, rows, columns, stride):
    """All winners at once, with np.add.at."""
    view = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))[:, :, ::stride, ::stride]
    a, b = np.divmod(view.reshape(*gradient.shape, -1).argmax(-1), columns)
    n, c, i, j = np.indices(gradient.shape)
    out = np.zeros(x.shape)
    np.add.at(out, (n, c, i * stride + a, j * stride + b), gradient)
    return out


def right_shifts(gradient, x, rows, columns, stride):
    """One place of the window after the other, in float32."""
    height, width = gradient.shape[2:]
    view = np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))[:, :, ::stride, ::stride]
    top, out = view.max((4, 5)), np.zeros(x.shape, np.float32)
    for a in range(rows):
        for b in range(columns):
            won = view[..., a, b] == top
            out[:, :, a : a + height * stride : stride, b : b + width * stride : stride] += np.where(won, gradient, 0)
    return out


class _Back:
    """A class; each picture by itself, with the mask."""

    def __call__(self, gradient, x, rows, columns, stride):
        return np.stack([_right(g[None], picture[None], rows, columns, stride)[0]
                         for g, picture in zip(gradient, x, strict=True)])  # fmt: skip


right_object = _Back()
