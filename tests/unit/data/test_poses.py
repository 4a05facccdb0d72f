"""Stick figures: points, bones and poses that can be told apart."""

import numpy as np

from course.data.poses import BONES, POINTS, POSES, poses, skeleton


def test_eleven_points_and_a_tree_of_bones():
    """Has each pose eleven points, and do ten bones join all of them?"""
    assert len(POINTS) == 11 and len(BONES) == 10
    assert {point for bone in BONES for point in bone} == set(range(11))
    assert {skeleton(pose).shape for pose in POSES} == {(11, 2)}


def test_poses_differ_in_the_arms_alone():
    """Do two poses share head, shoulders and legs, and is the lifted arm of "left arm up" the left one?"""
    down, up, one = (skeleton(pose) for pose in ("arms down", "arms up", "left arm up"))
    same = (down == up).all(axis=1)
    assert np.flatnonzero(~same).tolist() == [3, 4, 5, 6]
    assert np.array_equal(one[[3, 5]], up[[3, 5]]) and np.array_equal(one[[4, 6]], down[[4, 6]])


def test_numbers_labels_and_seed():
    """Are there 22 numbers a figure, as many figures of each pose, the same for the same seed?"""
    x, y = poses(40, seed=1)
    assert x.shape == (40, 22) and x.dtype == np.float32 and np.bincount(y).tolist() == [10] * 4
    assert np.array_equal(x, poses(40, seed=1)[0]) and not np.array_equal(x, poses(40, seed=2)[0])


def test_without_noise_size_and_place_are_all_that_differs():
    """Is a figure without noise its skeleton, moved and scaled?"""
    x, y = poses(8, noise=0)
    for row, label in zip(x.reshape(-1, 11, 2), y, strict=True):
        bone = skeleton(POSES[label])
        moved, plain = row - row.mean(axis=0), bone - bone.mean(axis=0)
        assert np.allclose(moved / np.abs(moved).max(), plain / np.abs(plain).max(), atol=1e-5)
