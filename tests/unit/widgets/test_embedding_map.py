"""The map of embeddings: its points, its neighbours, how good each layer is, and the reader's own map."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import EmbeddingMap

from .conftest import EMBEDDINGS, IMAGES, LABELS, make_map, settled

CENTRES = 4 * np.random.default_rng(0).normal(size=(10, 8))
MANY = np.repeat(np.arange(10), 6)
APART = (CENTRES[MANY] + 0.1 * np.random.default_rng(1).normal(size=(60, 8))).astype(np.float32)  # ten clear groups
MIXED = np.random.default_rng(2).normal(size=(60, 3, 4, 4))  # as a convolution returns it
PICTURES = np.random.default_rng(3).uniform(size=(60, 1, 28, 28))


def make(project=None, **state):
    explorer = EmbeddingMap({"mixed": MIXED, "apart": APART}, PICTURES, MANY, project=project)
    with explorer.together():
        for name, value in state.items():
            setattr(explorer, name, value)
    return settled(explorer)


def scaled(points):
    return (points - points.min(0)) / np.ptp(points, axis=0)


def test_the_map_is_pca():
    """Are the points those of PCA, scaled to the map, and is it said how much of the variance they keep?"""
    explorer = make(layer="apart")
    points, shares = nn.pca(APART)
    np.testing.assert_allclose(explorer.picture.scene["places"], scaled(points), atol=1e-4)
    assert f"keeps {shares.sum():.0%} of the variance" in explorer.readout


def test_each_layer_says_how_good_its_neighbours_are():
    """Is the nearest the same digit where groups are clear, and is each share the one of `neighbour_accuracy`?"""
    explorer = make()
    shares = dict(explorer.picture.scene["accuracy"])
    assert list(shares) == ["pixels", "mixed", "apart"] and shares["apart"] == 1
    assert shares["mixed"] == nn.neighbour_accuracy(MIXED.reshape(60, -1), MANY)
    assert shares["pixels"] == nn.neighbour_accuracy(PICTURES, MANY)
    assert f"pixels {shares['pixels']:.1%}, mixed {shares['mixed']:.1%}, apart 100.0%" in explorer.readout


def test_the_chosen_picture_and_its_neighbours():
    """Are the neighbours said those of pixels, of the layer and of the map, for every picture that is chosen?"""
    explorer = make(layer="apart")
    flat = np.array(explorer.picture.scene["places"])
    for chosen in (0, 59, 17):
        explorer.chosen = chosen
        said = [" ".join(map(str, MANY[nn.nearest_neighbours(x, 5)[chosen]])) for x in (PICTURES, APART, flat)]
        assert f"Picture {chosen}, a {MANY[chosen]}. Nearest in pixels: {said[0]};" in explorer.readout
        assert f"in apart: {said[1]}; on the map: {said[2]}." in explorer.readout
        assert f"Picture {chosen}," in explorer.alt
        assert explorer.picture.chosen == chosen


def test_the_page_chooses():
    """Is the point under the hand the explorer's, does Reset bring the first, and is nothing computed or sent again?"""
    explorer = make()
    scene, calls = explorer.picture.scene, []
    explorer._compute_before = explorer.compute
    explorer.compute = lambda **state: calls.append(state) or explorer._compute_before(**state)
    explorer.picture.chosen = 5
    assert explorer.chosen == 5 and "Picture 5," in explorer.readout
    assert explorer.picture.scene is scene and calls == []
    explorer.reset()
    assert settled(explorer).chosen == explorer.picture.chosen == 0


def test_tsne_keeps_groups_together():
    """Does t-SNE put clear groups where the nearest on the map are of one digit, once for each layer?"""
    explorer = make(layer="apart", method="t-SNE")
    assert "on this map 100.0%" in explorer.readout and "not how far groups are apart" in explorer.readout
    first = explorer.picture.scene["places"]
    explorer.method = "PCA"
    settled(explorer)
    explorer.method = "t-SNE"
    assert settled(explorer).picture.scene["places"] == first


def test_own_map():
    """Is the reader's function called with the layer's numbers, and are its points on the map?"""
    seen = []

    def project(x):
        seen.append(x)
        return x[:, :2] * [1, np.nan] if broken else x[:, :2]

    broken = False
    explorer = make(project, layer="apart")
    assert explorer.method == "yours" and np.array_equal(seen[-1], APART)
    np.testing.assert_allclose(explorer.picture.scene["places"], scaled(APART[:, :2]), atol=1e-4)
    broken = True
    explorer.refresh()
    assert "Your project returned nan in 60 of 120 places" in settled(explorer).error


def test_a_slow_tsne_is_not_called_the_readers(gate):
    """Does the sentence about what is still running name what runs?"""
    explorer = make_map(gate(lambda x: x[:, :2]), patience=0.05)
    assert "your function is still running" in explorer.status
    explorer.set_trait("method", "t-SNE")
    explorer._report_wait(1.0)
    assert explorer.status == "t-SNE is still running (1.0 s)"


def test_the_still_shows_the_chosen():
    """Does the still picture change with the picture that is chosen, in both themes?"""
    explorer = make(layer="apart")
    first = explorer.in_both_themes()
    explorer.chosen = 30
    second = explorer.in_both_themes()
    assert len({*first, *second}) == 4


@pytest.mark.parametrize("points", [np.zeros, lambda shape: np.full(shape, 1e308), np.ones])
def test_points_in_one_place(points):
    """Is a map on which all points are one no error?"""
    explorer = settled(make_map(lambda x: points((len(x), 2))))
    assert explorer.error == "" and explorer.picture.scene["places"] == [[0.5, 0.5]] * 6


def test_bad_arguments():
    """Are embeddings, images, labels and states that do not fit refused with a sentence?"""
    for embeddings, images, labels, said in [
        ({"a": IMAGES[:5]}, IMAGES, LABELS, r"embeddings\['a'\] must have a row .* each of 6 pictures; .*\(5, 784\)"),
        ({"a": IMAGES * np.nan}, IMAGES, LABELS, "finite numbers"),
        (EMBEDDINGS, IMAGES[:, :9], LABELS, r"28x28 in \[0, 1\]"), (EMBEDDINGS, IMAGES + 1, LABELS, "28x28"),
        (EMBEDDINGS, IMAGES, LABELS + 10, "integers from 0 to 9"), (EMBEDDINGS, IMAGES, LABELS[:2], "labels must be 6"),
        (EMBEDDINGS, IMAGES[:5], LABELS[:5], "more than 5 pictures"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=said):
            EmbeddingMap(embeddings, images, labels)
    with pytest.raises(TypeError, match="dict of arrays by layer"):
        EmbeddingMap(IMAGES, IMAGES, LABELS)
    with pytest.raises(TypeError, match="project must be a function"):
        make_map(3)
    explorer = EmbeddingMap(EMBEDDINGS, IMAGES, LABELS)
    for trait, value, said in [("layer", "x", "one of early, late; got x"), ("chosen", 6, "0 to 5; got 6"),
                               ("method", "yours", "no map of yours")]:  # fmt: skip
        with pytest.raises(traitlets.TraitError, match=said):
            setattr(explorer, trait, value)
