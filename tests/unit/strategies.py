"""Hypothesis strategies, all in one place: small shapes, extremes, float32, integers, awkward memory layouts.

`COURSE_HYPOTHESIS=explore pytest ...` looks for new failures with fresh examples, 20 times as many.
"""

import os

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# The same examples in every run: a red build is red for everybody. No deadline: timed behaviour is not asserted.
settings.register_profile("course", deadline=None, max_examples=50, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("COURSE_HYPOTHESIS", "course"))

LAYOUTS = ("plain", "read-only", "every other", "transposed", "backwards")
LARGEST = 1e4  # far beyond where exp overflows in float64 (709)


def lay_out(array, layout):
    """Return the same values in another place in memory: read-only, or with gaps or turned axes."""
    if layout == "read-only":
        array = array.copy()
        array.flags.writeable = False
    elif layout == "every other":
        wide = np.repeat(array[..., None], 2, axis=-1)
        wide[..., 1] = 7  # what lies between must not be read
        array = wide[..., 0]
    elif layout == "transposed":
        array = np.array(array.T, order="C").T
    elif layout == "backwards" and array.ndim:
        array = array[::-1].copy()[::-1]
    return array


def floats(largest=LARGEST, width=64):
    """Numbers up to `largest`, often the extremes and 0. No denormal numbers: torch may take them for 0."""
    extremes = st.sampled_from([0.0, 1.0, -1.0, float(largest), -float(largest)])
    return st.one_of(extremes, st.floats(-largest, largest, width=width, allow_subnormal=False))


@st.composite
def arrays(draw, shape, largest=LARGEST, kinds=("float64", "float32", "int64")):
    """Arrays of the shape (or of a strategy of shapes), of one of the kinds, in any layout."""
    kind = draw(st.sampled_from(kinds))
    elements = st.integers(-int(largest), int(largest)) if kind == "int64" else floats(largest, int(kind[-2:]))
    array = draw(hnp.arrays(kind, shape, elements=elements))
    return lay_out(array, draw(st.sampled_from(LAYOUTS)))


def any_shape():
    """Shapes without axes up to three axes, each up to 5 long."""
    return hnp.array_shapes(min_dims=0, max_dims=3, max_side=5)


sizes = st.integers(1, 9)  # of a batch, a layer, a number of classes: also exactly one


@st.composite
def linear_inputs(draw, largest=100.0):
    """(x, weight, bias) of one kind, with (N, D), (H, D), (H,)."""
    n, inputs, outputs = draw(sizes), draw(sizes), draw(sizes)
    kind = (draw(st.sampled_from(["float64", "float32"])),)
    return tuple(draw(arrays(shape, largest, kind)) for shape in ((n, inputs), (outputs, inputs), (outputs,)))


@st.composite
def labelled_logits(draw, largest=LARGEST, kinds=("float64", "float32", "int64")):
    """(logits (N, C), labels (N,)), with labels of several integer types."""
    n, classes = draw(sizes), draw(sizes)
    logits = draw(arrays((n, classes), largest, kinds))
    labels = draw(hnp.arrays(draw(st.sampled_from(["int64", "int32", "uint8"])), n,
                             elements=st.integers(0, classes - 1)))  # fmt: skip
    return logits, labels


@st.composite
def networks(draw, activations=("relu", "sigmoid", "tanh", "softplus")):
    """(sizes, activation, seed): 1 to 4 layers, 1 to 9 wide."""
    depth = draw(st.integers(1, 4))
    widths = tuple(draw(st.lists(sizes, min_size=depth + 1, max_size=depth + 1)))
    return widths, draw(st.sampled_from(activations)), draw(st.integers(0, 2**31))


@st.composite
def convolutions(draw, largest=100.0):
    """(x, weight, bias, stride, padding): (N, C, H, W), (F, C, KH, KW), (F,), whole numbers; everything may be 1."""
    small = st.integers(1, 3)
    stride, padding = draw(small), draw(st.integers(0, 2))
    kernel = (draw(small), draw(small))
    height, width = (draw(st.integers(max(1, k - 2 * padding), k + 4)) for k in kernel)
    channels, filters = draw(small), draw(small)
    kind = (draw(st.sampled_from(["float64", "float32"])),)
    shapes = (draw(small), channels, height, width), (filters, channels, *kernel), (filters,)
    return (*(draw(arrays(shape, largest, kind)) for shape in shapes), stride, padding)


@st.composite
def poolings(draw, ties=True):
    """(x (N, C, H, W), window (KH, KW), stride): windows with gaps, side by side, overlapping; all numbers may be 1."""
    small = st.integers(1, 3)
    stride, window = draw(small), (draw(small), draw(small))
    shape = (draw(small), draw(small), *(draw(st.integers(k, k + 4)) for k in window))
    if ties:
        return draw(arrays(shape, kinds=("float64", "float32"))), window, stride
    order = np.random.default_rng(draw(st.integers(0, 2**31))).permutation(int(np.prod(shape)))  # no two are equal
    x = order.reshape(shape).astype(draw(st.sampled_from(["float64", "float32"])))
    return lay_out(x, draw(st.sampled_from(LAYOUTS))), window, stride
