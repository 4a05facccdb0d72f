"""Convolution seen in other ways, by PyTorch: counted, turned, as a matrix, and inside a small net.

The layers themselves are `functional.conv2d` and `functional.max_pool2d`; their gradients come from `gradients`. A
plane is one picture with one channel, (H, W); OH x OW are the positions of a kernel.
"""

import numpy as np
import torch
import torch.nn.functional as F

from course.reference import functional
from course.reference.device import exact_arithmetic, to_numpy, to_tensor


def output_size(sizes, kernel_size, stride=1, padding=0):
    """Return, for each size of an axis, how many positions a kernel has and how many pixels it leaves at the end.

    sizes: (n,), whole numbers. Both results: (n,). A kernel without room has 0 positions and leaves everything.
    """
    counts, left_over = [], []
    for size in np.asarray(sizes).tolist():
        pixels = torch.arange(size + 2 * padding)
        seen = pixels.unfold(0, kernel_size, stride) if len(pixels) >= kernel_size else pixels[:0].reshape(0, 1)
        counts.append(len(seen))
        left_over.append(len(pixels) - (int(seen[-1, -1]) + 1 if len(seen) else 0))
    return np.array(counts), np.array(left_over)


def correlate(image, kernel, stride=1, padding=0):
    """Let a kernel slide over a plane without turning it. image: (H, W), kernel: (KH, KW). Returns (OH, OW)."""
    return functional.conv2d(*_as_layer(image, kernel), np.zeros(1), stride, padding)[0, 0]


def convolve(image, kernel):
    """The convolution of mathematics: the kernel is turned by half a turn. Returns (OH, OW)."""
    return correlate(image, to_numpy(to_tensor(kernel).flip(0, 1)))


def conv_matrix(kernel, height, width, stride=1):
    """Return M (OH OW, H W): M times a flat picture is `correlate`. Column by column, from pictures of one pixel."""
    pixels = np.eye(height * width).reshape(-1, 1, height, width)
    columns = functional.conv2d(pixels, np.asarray(kernel)[None, None], np.zeros(1), stride, 0)  # (H W, 1, OH, OW)
    return columns.reshape(height * width, -1).T.copy()


def convnet_forward(x, w1, b1, w2, b2, w3, b3):
    """Return what goes on after each block of the small net, and its logits: the net of `convnet`, in float64.

    x: (N, C, H, W); w1: (F, C, K, K), w2: (G, F, K, K) with odd K; w3: (classes, G H/4 W/4).
    """
    x, w1, b1, w2, b2, w3, b3 = (to_tensor(np.asarray(value, np.float64)) for value in (x, w1, b1, w2, b2, w3, b3))
    with torch.no_grad(), exact_arithmetic():
        first = F.max_pool2d(F.relu(F.conv2d(x, w1, b1, padding="same")), 2)  # (N, F, H/2, W/2)
        second = F.max_pool2d(F.relu(F.conv2d(first, w2, b2, padding="same")), 2)  # (N, G, H/4, W/4)
        return tuple(map(to_numpy, (first, second, F.linear(second.flatten(1), w3, b3))))


def _as_layer(*planes):
    return [np.asarray(plane)[None, None] for plane in planes]  # (H, W) -> (1, 1, H, W)
