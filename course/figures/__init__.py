"""Drawings and the one look that all notebooks share. `style` first; the other files draw one thing each.

The names for notebooks stand in `__init__.pyi`. matplotlib is loaded when the first one is asked for.
"""

from course import lazy

__all__ = lazy.namespace(__name__)
