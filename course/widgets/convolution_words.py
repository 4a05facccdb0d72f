"""What `ConvolutionStepper` says: the formula of the output size filled in, and each step in words."""

import numpy as np

from course.widgets.grids import short


def output_size(size, kernel, stride, padding):
    """How often a kernel fits into `size` numbers and their padding, at this stride; 0 if it does not fit at all."""
    span = size + 2 * padding - kernel
    return span // stride + 1 if span >= 0 else 0


def formula(size, kernel, stride, padding):
    """The formula of the output size with its numbers, and what it gives before rounding."""
    exact = (size + 2 * padding - kernel) / stride + 1
    return f"({size} + 2·{padding} - {kernel}) / {stride} + 1 = {exact:.4g}"


def fit(what, size, kernel, stride, padding):
    """A sentence if the kernel does not fit, or the stride leaves something out; else nothing."""
    span = size + 2 * padding - kernel
    if span < 0:
        return (f"The kernel does not fit: it has {kernel} {what}, the input with its padding "
                f"{size} + 2·{padding} = {size + 2 * padding}. No output.")  # fmt: skip
    if left := span % stride:
        fitting = ", ".join(str(one) for one in range(1, span + 1) if span % one == 0)
        unseen = f"last {left} {what} are" if left > 1 else f"last {'row' if what == 'rows' else 'column'} is"
        unseen = "last row and column are" if (left, what) == (1, "rows and columns") else unseen
        return (f"Stride {stride} does not fit the {what}: {(span / stride + 1):.4g} is rounded down to "
                f"{span // stride + 1}, the {unseen} never seen (pale). Strides that fit: {fitting}.")  # fmt: skip
    return ""


def size_words(image, weight, stride, padding):
    """The output size, rows and columns, in words; image: its shape (C, H, W), weight: its shape (F, C, KH, KW)."""
    axes = {"rows": (image[1], weight[2]), "columns": (image[2], weight[3])}
    filled = [f"{what} {formula(*sizes, stride, padding)}" for what, sizes in axes.items()]
    if axes["rows"] == axes["columns"]:
        axes = {"rows and columns": axes["rows"]}
        filled = [f"rows and columns {formula(*axes['rows and columns'], stride, padding)}"]
    problems = [fit(what, *sizes, stride, padding) for what, sizes in axes.items()]
    first = f"Output size, (N + 2·padding - kernel) / stride + 1: {'; '.join(filled)}."
    return "\n".join([first, *filter(None, problems)])


def terms(window, kernel):
    """The products of one channel in words; in pictures with many numbers those with 0 are left out."""
    pairs = [(a, b) for a, b in zip(np.ravel(window), np.ravel(kernel), strict=True)]
    if len(pairs) > 9:
        pairs = [(a, b) for a, b in pairs if a and b]
    return " + ".join(f"{short(a)}×{_bracket(b)}" for a, b in pairs) or "0"


def _bracket(value):
    return f"({short(value)})" if value < 0 else short(value)


def sum_words(windows, kernel, bias):
    """From the products to the sum: windows and kernel (C, KH, KW)."""
    each = (windows * kernel).sum((1, 2))  # (C,)
    start = short(each[0]) if len(each) == 1 else f"{' + '.join(_bracket(one) for one in each)}"
    return f"{start} + bias {_bracket(bias)} = {short(each.sum() + bias)}"


def step_words(where, windows, kernel, bias):
    """One output cell in words: all products, channel by channel, and their sum with the bias."""
    lines = [where]
    for number, (window, plane) in enumerate(zip(windows, kernel, strict=True), start=1):
        name = f"Channel {number}: " if len(kernel) > 1 else ""
        lines.append(f"{name}{terms(window, plane)} = {short((window * plane).sum())}")
    return [*lines, f"Sum: {sum_words(windows, kernel, bias)}"]
