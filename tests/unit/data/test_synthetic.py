"""Animals in scenes: shapes, shares, and that the scene is told apart from the animal."""

import numpy as np
import pytest

from course.data.synthetic import PRESETS, SHAPES, SIZE, animal, animals


def test_shapes_types_and_range():
    """Are the pictures (N, 3, 24, 24) float32 in [0, 1], with integer labels and scenes?"""
    images, labels, scenes = animals(20)
    assert images.shape == (20, 3, SIZE, SIZE) and images.dtype == np.float32
    assert 0 <= images.min() and images.max() <= 1
    assert labels.shape == scenes.shape == (20,) and labels.dtype.kind == scenes.dtype.kind == "i"


@pytest.mark.parametrize("agree", [0.0, 0.5, 0.95, 1.0])
def test_the_share_of_usual_scenes_is_exact_in_both_classes(agree):
    """Of 200 pictures, 100 a class: is the asked share in the usual scene?"""
    _, labels, scenes = animals(200, agree)
    for k in (0, 1):
        assert (labels == k).sum() == 100
        assert (scenes[labels == k] == k).sum() == round(100 * agree)


def test_the_seed_decides():
    """Same seed, same pictures; another seed, others?"""
    assert np.array_equal(animals(6, seed=1)[0], animals(6, seed=1)[0])
    assert not np.array_equal(animals(6, seed=1)[0], animals(6, seed=2)[0])


def test_order_tells_nothing():
    """Are the labels shuffled?"""
    labels = animals(100)[1]
    assert not np.array_equal(labels, np.arange(100) % 2)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_scene_shows_in_the_corner(preset):
    """Does a rule that looks at the colour of the lower corners tell the scenes: is the shortcut there to take?"""
    images, _, scenes = animals(200, 0.5, preset)
    colour = images[:, :, -3:, [0, 1, -2, -1]].mean(axis=(2, 3))  # (N, 3)
    colour /= colour.sum(axis=1, keepdims=True)  # the light is random
    centres = [colour[scenes == k].mean(axis=0) for k in (0, 1)]
    nearest = np.argmin([np.linalg.norm(colour - centre, axis=1) for centre in centres], axis=0)
    assert (nearest == scenes).mean() > 0.9


@pytest.mark.parametrize("name", SHAPES)
def test_silhouettes_are_rectangles_of_text_that_fit(name):
    """Has every row the same length, and is there room to move?"""
    shape = animal(name)
    assert shape.ndim == 2 and set(np.unique(shape)) == {0, 1}
    assert shape.shape[0] <= SIZE - 8 and shape.shape[1] <= SIZE - 10


@pytest.mark.parametrize("wrong", [{"preset": "cat"}, {"agree": 1.2}, {"agree": -0.1}])
def test_wrong_arguments_are_named(wrong):
    """Does the error say which argument is wrong?"""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        animals(4, **wrong)
