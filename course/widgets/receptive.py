"""What a unit of a convolutional net looks at: the window in the layer before, and the field in the picture.

Slides: ehinger-026.
"""

from typing import NamedTuple

import numpy as np

PASSING = ("relu", "pool", "drop", "flatten", "tanh", "sigmoid", "batch", "norm")  # layers without a kernel


class Window(NamedTuple):
    """How a layer looks at the one before: kernel, stride, padding; and a unit at the picture, on each axis from
    `jump` * place + `offset`, over `field` pixels. `kind` is conv, pool, same or dense; "" if nobody knows."""

    kind: str
    kernel: int = 1
    stride: int = 1
    padding: int = 0
    jump: int = 1
    offset: int = 0
    field: int = 1


def windows(shapes, weights, side=28):
    """The `Window` of each layer. shapes: {name: (C, H, W) or (D,)}, in order. weights: {name: (weight, bias)}."""
    found, before = {}, Window("same")
    for name, shape in shapes.items():
        if len(shape) == 1 or before.kind == "dense":
            now = Window("dense", jump=0, field=side)
        else:
            now = _next(name, side, shape[1], weights.get(name), before)
        found[name] = before = now
        side = shape[1] if len(shape) == 3 else side
    return found


def _next(name, old, new, given, before):
    if not before.kind:
        return Window("")
    if given is not None and given[0].ndim == 4:
        kernel, stride = given[0].shape[-1], max(1, round(old / new))
        paddings = [p for p in range(kernel) if (old + 2 * p - kernel) // stride + 1 == new]
        if not paddings:
            return Window("")
        kind, padding = "conv", paddings[0]
    elif new == old and not name.startswith("conv"):
        kind, kernel, stride, padding = "same", 1, 1, 0
    elif name.startswith("pool") and old // new > 1 and old // (old // new) == new:
        kind, kernel, padding = "pool", old // new, 0
        stride = kernel
    else:
        return Window("")
    field = before.field + (kernel - 1) * before.jump
    return Window(kind, kernel, stride, padding, before.jump * stride, before.offset - padding * before.jump, field)


def by_layer(weights, shapes):
    """{name: (weight, bias)} from that, or from arrays in the order of the layers, as `ConvNet.parameters` has them.

    ValueError if they fit no layer.
    """
    if not weights:
        return {}
    if isinstance(weights, dict) and set(weights) <= set(shapes):
        pairs = {name: tuple(map(np.asarray, pair)) for name, pair in weights.items()}
    else:
        arrays = [np.asarray(value) for value in (weights.values() if isinstance(weights, dict) else weights)]
        rest, pairs = list(zip(arrays[::2], arrays[1::2], strict=False)), {}
        for name, shape in shapes.items():
            if rest and not name.startswith(PASSING) and len(rest[0][0]) == shape[0]:
                pairs[name] = rest.pop(0)
        if rest:
            sizes = ", ".join(str(weight.shape) for weight, _ in rest)
            raise ValueError(f"weights of shape {sizes} belong to none of the layers {', '.join(shapes)}")
    for name, (weight, bias) in pairs.items():
        if len(weight) != shapes[name][0] or bias.shape != (len(weight),):
            raise ValueError(f"layer {name} has {shapes[name][0]} maps or units; got a weight of shape {weight.shape} "
                             f"and a bias of shape {bias.shape}")  # fmt: skip
    return pairs


def patches(found, seen, most=9):
    """The places that excite each channel most: {name: [channel][[picture, row, column, value], ...]}.

    found: {name: (N, C, H, W) or (N, D)}; seen: {name: Window}. Of each picture the strongest place counts.
    """
    best = {}
    for name, maps in found.items():
        if not seen[name].kind:
            continue
        width = maps.shape[3] if maps.ndim == 4 else 1
        flat = np.nan_to_num(maps.reshape(*maps.shape[:2], -1), posinf=0, neginf=0)  # (N, C, H W)
        place, value = flat.argmax(-1), flat.max(-1)  # (N, C)
        order = np.argsort(-value, axis=0, kind="stable")[:most]  # (most, C)
        best[name] = [
            [[int(n), int(place[n, c]) // width, int(place[n, c]) % width, float(value[n, c])] for n in order[:, c]]
            for c in range(maps.shape[1])
        ]
    return best
