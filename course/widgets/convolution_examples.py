"""Inputs and kernels to start from, for `ConvolutionStepper`. Slides: ehinger-015, ehinger-021."""

import numpy as np

DECK = {"image": [[[1, 5, 1, 1], [1, 2, 8, 2], [0, 0, 1, 8]]], "weight": [[[[1, 0], [0, 1]]]], "bias": [0],
        "stride": 1, "padding": 0}  # fmt: skip

KERNELS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "vertical edge": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "horizontal edge": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}


def _two_filters():
    """Three channels of 5x5 with a border of zeros, so 7x7x3, and two filters of 3x3x3 at stride 2."""
    rng = np.random.default_rng(1)
    image, weight = rng.integers(0, 3, (3, 5, 5)), rng.integers(-1, 2, (2, 3, 3, 3))
    return {"image": image.tolist(), "weight": weight.tolist(), "bias": [1, 0], "stride": 2, "padding": 1}


def _picture():
    """A bright corner on dark ground: what edge, blur and sharpen do can be seen."""
    image = np.zeros((9, 9))
    image[2:7, 2:4], image[5:7, 2:7] = 9, 9  # an L
    return {"image": [image.tolist()], "weight": [[KERNELS["edge"]]], "bias": [0], "stride": 1, "padding": 0}


EXAMPLES = {
    "3×4 image, 2×2 kernel": DECK,
    "7×7×3 padded, two 3×3×3 filters": _two_filters(),
    "9×9 picture, edges": _picture(),
}
EXAMPLES = {
    name: {key: np.asarray(value, dtype=float).tolist() if isinstance(value, list) else value
           for key, value in example.items()} for name, example in EXAMPLES.items()
}  # fmt: skip


def grown(values, shape):
    """The array cut to `shape`, or continued with small whole numbers that are always the same."""
    values = np.asarray(values, dtype=float)
    new = np.random.default_rng(2).integers(0, 3, (3, 3, 12, 12)).astype(float)[
        tuple(slice(size) for size in (1,) * (4 - len(shape)) + tuple(shape))
    ].reshape(shape)  # fmt: skip
    kept = tuple(slice(min(old, size)) for old, size in zip(values.shape, shape, strict=True))
    new[kept] = values[kept]
    return new.tolist()
