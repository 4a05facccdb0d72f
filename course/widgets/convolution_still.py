"""One step of a convolution as a still picture, for exports and for the next day."""

import numpy as np

from course.widgets.convolution_words import sum_words
from course.widgets.grids import as_canvas, draw_frame, draw_grid, shares, texts

TOP, GAP = 1.2, 0.6  # cells


def draw_step(figure, result, cell, output, is_open=True):
    """Draw input, kernel, products and output of `ConvolutionStepper.compute`'s result on an empty figure.

    cell: (filter, row, column), or None if there is no output. output: texts of that filter's map, row by row.
    is_open: may products and sum be seen?
    """
    padded, kernels, stride = result["padded"], result["w"], result["stride"]
    f, r, c = cell or (0, 0, 0)
    (channels, rows, columns), kernel = padded.shape, kernels[f]
    kernel_rows, kernel_columns = kernel.shape[1:]
    out_rows, out_columns = result["out"].shape[1:]
    width = columns + 2 * kernel_columns + out_columns + 4
    height = max(channels * (rows + GAP), channels * (kernel_rows + GAP), out_rows + GAP) + 2
    axes = figure.subplots()
    as_canvas(axes, width, height)
    fontsize = min(11.0, min(720 / width, 420 / height) / 3.2)
    place = iter(np.cumsum([0.5, columns + 1, kernel_columns + 1, kernel_columns + 1]))

    def grid(title, labels, share=None, signed=True):
        left = next(place)
        axes.text(left, 0.7, title, fontsize=10)
        draw_grid(axes, labels, left, TOP, share=share, signed=signed, gap=GAP, fontsize=fontsize)
        return left

    number = f" {f + 1}" if len(kernels) > 1 else ""
    left = grid("input", texts(padded), shares(padded), signed=bool((padded < 0).any()))
    grid(f"kernel{number}", texts(kernel), shares(kernel))
    if cell is None:
        return
    for k in range(channels):
        draw_frame(axes, left + c * stride, TOP + k * (rows + GAP) + r * stride, kernel_columns, kernel_rows)
    windows = result["windows"][:, r, c]  # (C, KH, KW)
    products = windows * kernel
    hidden = np.full(products.shape, "?").tolist()
    grid("products", texts(products) if is_open else hidden, shares(products) if is_open else None)
    left = grid(f"output{number}", [output])
    draw_frame(axes, left + c, TOP + r, 1, 1)
    said = sum_words(windows, kernel, result["b"][f]) if is_open else "products + bias = ?"
    axes.text(0.5, height - 0.4, said, va="bottom", fontweight="bold")
