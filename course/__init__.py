"""A deep-learning course in Jupyter. Each folder of this package is one subject; start with `course.nn`."""

__version__ = "0.1.0"
