"""Two photographs that come with packages which are installed anyway. Slides: cmu-l10-006, cmu-l10-018."""

import importlib.util
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course.data.files import DataError

# name: (package, file, whose and under which licence)
PHOTOS = {
    "flower": ("sklearn", "datasets/images/flower.jpg", "photo by vultilion, CC BY 2.0, from scikit-learn"),
    "temple": ("sklearn", "datasets/images/china.jpg", "photo by danielbuechele, CC BY 2.0, from scikit-learn"),
}


class Photo(NamedTuple):
    """A colour picture: `pixels` (H, W, 3) float32 in [0, 1], and `credit`, the words to show below it."""

    pixels: np.ndarray
    credit: str


def load_photo(name="flower"):
    """Return a `Photo`: "flower" or "temple", both 427 x 640. DataError where its package is not installed."""
    from PIL import Image

    if name not in PHOTOS:
        raise ValueError(f"name must be one of {', '.join(PHOTOS)}; got {name!r}")
    package, file, credit = PHOTOS[name]
    found = importlib.util.find_spec(package)
    path = Path(found.origin).parent / file if found else None
    if path is None or not path.exists():
        raise DataError(f"the photo {name!r} comes with {package}, which is not there: pip install scikit-learn")
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.float32) / 255  # (H, W, 3)
    return Photo(pixels, credit)
