"""Explorers: pictures that the reader moves, driven by the reader's own functions. One class a file.

The names for notebooks stand in `__init__.pyi`. Nothing heavy is loaded until one is asked for.
"""

from course import lazy

__all__ = lazy.namespace(__name__)
