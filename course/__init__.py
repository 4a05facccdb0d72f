"""A deep-learning course in Jupyter. Each folder of this package is one subject; start with `course.nn`.

Notebooks say `from course import data, figures, nn, reference, widgets` and then `figures.confusion(...)`.
"""

from course import lazy

__version__ = "0.1.0"
__all__ = lazy.namespace(__name__)
