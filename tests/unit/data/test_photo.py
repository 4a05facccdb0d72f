"""Photographs: they are there, they are what they say, and their makers are named."""

import importlib.util

import numpy as np
import pytest

from course import data
from course.data.photo import PHOTOS


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_there_with_its_licence(name):
    """Is it a colour picture in [0, 1] with more than one colour, and does it name maker and licence?"""
    pixels, credit = data.load_photo(name)
    assert pixels.shape == (427, 640, 3) and pixels.dtype == np.float32
    assert pixels.min() >= 0 and 0.9 < pixels.max() <= 1 and pixels.std() > 0.1
    assert "photo by" in credit and "CC BY 2.0" in credit


def test_the_licence_is_the_one_that_lies_beside_the_file():
    """Does the package's own note say Creative Commons for both files, and name the pages that we credit?"""
    note = importlib.util.find_spec("sklearn").submodule_search_locations[0] + "/datasets/images/README.txt"
    with open(note) as file:
        text = file.read()
    assert text.count("creativecommons.org/licenses/by/2.0") == 2
    for photo in PHOTOS:
        maker = data.load_photo(photo).credit.split()[2].strip(",")
        assert f"flickr.com/photos/{maker}/" in text


def test_what_is_not_there_is_said(monkeypatch):
    """Does an unknown name list the known ones, and a missing package say how to get it?"""
    with pytest.raises(ValueError, match="flower, temple; got 'panda'"):
        data.load_photo("panda")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(data.DataError, match="pip install scikit-learn"):
        data.load_photo("flower")
