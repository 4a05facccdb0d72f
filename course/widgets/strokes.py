"""From pen strokes to the 28x28 picture that a net for MNIST expects."""

import numpy as np

PAD = 280  # the pad's side in pixels: ten for one pixel of MNIST
RADIUS = {"pen": 11.0, "eraser": 16.0}


def rasterise(strokes, background=None):
    """Draw strokes on a PAD x PAD canvas; ink is 1, paper 0, with soft edges.

    strokes: list of {"tool": "pen" or "eraser", "points": [[x, y], ...]}, in pixels from the top left corner.
    background: optional (28, 28) picture that lies under the strokes.
    """
    canvas = np.zeros((PAD, PAD))
    if background is not None:
        canvas = np.kron(np.asarray(background, dtype=float), np.ones((PAD // 28, PAD // 28)))
    for stroke in strokes:
        tool, points = stroke.get("tool", "pen"), np.asarray(stroke["points"], dtype=float).reshape(-1, 2)
        if len(points) == 1:
            _segment(canvas, points[0], points[0], tool)
        for start, end in zip(points[:-1], points[1:], strict=True):
            _segment(canvas, start, end, tool)
    return canvas


def _segment(canvas, start, end, tool):
    """Draw one straight piece with round ends, touching only the pixels near it."""
    radius = RADIUS[tool]
    low = np.floor(np.minimum(start, end) - radius - 1).astype(int).clip(0, PAD)
    high = np.ceil(np.maximum(start, end) + radius + 1).astype(int).clip(0, PAD)
    if (low >= high).any():
        return
    x, y = np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1])[:, None] + 0.5
    dx, dy = end - start
    length = dx * dx + dy * dy
    along = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / length, 0, 1) if length else 0.0
    distance = np.hypot(x - start[0] - along * dx, y - start[1] - along * dy)
    ink = np.clip(radius + 0.5 - distance, 0, 1)
    part = canvas[low[1] : high[1], low[0] : high[0]]
    part[...] = np.maximum(part, ink) if tool == "pen" else np.minimum(part, 1 - ink)


def to_mnist(drawing, background=None, centre=True):
    """Turn a drawing into a picture like those of MNIST. Returns (28, 28) float32 in [0, 1], ink is 1.

    drawing: strokes as for `rasterise`, or a square array with ink 1 on paper 0. As MNIST was made: the digit is
    fitted into 20x20 with its proportions kept, then its centre of mass is put into the middle of 28x28. With
    `centre=False` it stays where it was drawn, as large as it was drawn.
    background: optional (28, 28) picture under the strokes.
    """
    canvas = drawing if isinstance(drawing, np.ndarray) else rasterise(drawing, background)
    canvas = np.asarray(canvas, dtype=float)
    if canvas.ndim != 2:
        raise ValueError(f"a drawing is a list of strokes or a 2-D array; got an array of shape {canvas.shape}")
    if not centre:
        shrink = [_average(side, 28) for side in canvas.shape]
        return np.clip(shrink[0] @ canvas @ shrink[1].T, 0, 1).astype(np.float32)
    picture = np.zeros((28, 28), dtype=np.float32)
    rows, columns = np.flatnonzero(canvas.max(1) > 0.05), np.flatnonzero(canvas.max(0) > 0.05)
    if rows.size == 0:
        return picture
    digit = canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(digit.shape)
    height, width = (max(1, round(side * scale)) for side in digit.shape)
    digit = _average(digit.shape[0], height) @ digit @ _average(digit.shape[1], width).T  # (height, width)
    mass = digit.sum()
    centre_row = (digit.sum(1) @ (np.arange(height) + 0.5)) / mass
    centre_column = (digit.sum(0) @ (np.arange(width) + 0.5)) / mass
    top = int(np.clip(round(14 - centre_row), 0, 28 - height))
    left = int(np.clip(round(14 - centre_column), 0, 28 - width))
    picture[top : top + height, left : left + width] = np.clip(digit, 0, 1)
    return picture


def _average(old, new):
    """Matrix (new, old) that resamples a line of `old` pixels to `new` by their shared length."""
    edges = np.arange(new + 1) * old / new
    pixel = np.arange(old)
    shared = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    return np.clip(shared, 0, None) * new / old
