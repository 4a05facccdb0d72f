"""Stick figures with eleven keypoints in four poses: numbers that are no picture. Slides: ehinger-025."""

import numpy as np

POINTS = ("head", "left shoulder", "right shoulder", "left elbow", "right elbow", "left hand", "right hand",
          "left knee", "right knee", "left foot", "right foot")  # fmt: skip
BONES = ((0, 1), (0, 2), (1, 3), (3, 5), (2, 4), (4, 6), (1, 7), (7, 9), (2, 8), (8, 10))  # pairs of points
POSES = ("arms down", "arms up", "arms out", "left arm up")
LEGS = [(-0.2, -0.4), (0.2, -0.4), (-0.25, -0.8), (0.25, -0.8)]
# (elbow, hand) of the left arm; the right one is its mirror image
ARMS = {"down": ((-0.4, 0.2), (-0.45, -0.05)), "up": ((-0.4, 0.7), (-0.35, 1.0)), "out": ((-0.6, 0.45), (-0.9, 0.45))}
SIDES = {"arms down": ("down", "down"), "arms up": ("up", "up"), "arms out": ("out", "out"),
         "left arm up": ("up", "down")}  # fmt: skip


def skeleton(pose):
    """Return the eleven points of a pose without noise, (11, 2): x to the right, y upwards."""
    left, right = (ARMS[side] for side in SIDES[pose])
    mirrored = [(-x, y) for x, y in right]
    arms = [left[0], mirrored[0], left[1], mirrored[1]]
    return np.array([(0, 0.8), (-0.25, 0.5), (0.25, 0.5), *arms, *LEGS])


def poses(n=500, noise=0.2, seed=0):
    """Make `n` figures: a pose each, at a random place, of random size, every coordinate off by `noise`.

    Returns numbers (N, 22) float32, in the order x1, y1, ..., x11, y11, and labels (N,), places in `POSES`.
    """
    rng, labels = np.random.default_rng(seed), np.arange(n) % len(POSES)
    labels = rng.permutation(labels)
    points = np.stack([skeleton(pose) for pose in POSES])[labels]  # (N, 11, 2)
    points = points * rng.uniform(0.8, 1.2, (n, 1, 1)) + rng.uniform(-0.2, 0.2, (n, 1, 2))
    points += noise * rng.standard_normal(points.shape)
    return points.reshape(n, -1).astype(np.float32), labels
