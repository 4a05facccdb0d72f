"""Data for the course: MNIST, text and toy sets in the plane, with or without a network.

A data set is taken from the cache, from the folder COURSE_DATA_DIR, from a download, or from a small set that comes
with the course, in that order, and says which. `course.data.store` explains the environment variables.
"""

from course.data.changed import noisy, thickened, turned
from course.data.files import DataError
from course.data.mnist import is_full_mnist, load_mnist, mnist_source, offline_digits
from course.data.photo import load_photo
from course.data.poses import BONES, POSES, poses
from course.data.results import cached
from course.data.synthetic import animals
from course.data.text import has_shakespeare, load_text
from course.data.toy import circle, gaussians, spiral, two_curves, xor

__all__ = [
    "BONES", "DataError", "POSES", "animals", "cached", "circle", "gaussians", "has_shakespeare",
    "is_full_mnist", "load_mnist", "load_photo", "load_text", "mnist_source", "noisy", "offline_digits",
    "poses", "spiral", "thickened", "turned", "two_curves", "xor",
]  # fmt: skip
