"""The `course` package that cells find while they are graded: data, and names that do nothing.

`checks`, `widgets` and `figures` accept every name, call and attribute. What a student is asked to write is not here.
"""

import importlib.abc
import importlib.machinery
import sys
import types

__version__ = "0.1.0"
_SILENT = ("checks", "widgets", "figures")
_ABSENT = ("nn", "reference", "grading", "notebooks", "slides", "cli", "doctor")


class _Nothing:
    """Takes every call and every attribute, and does nothing."""

    def __init__(self, *arguments, **options):
        pass

    def __call__(self, *arguments, **options):
        return _Nothing()

    def __getattr__(self, name):
        if name.startswith("_"):  # IPython and NumPy ask for many of these, and act upon the answer
            raise AttributeError(name)
        return _Nothing()

    def __getitem__(self, key):
        return _Nothing()

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __mro_entries__(self, bases):
        return (_Nothing,)

    def _ipython_display_(self):
        """Show nothing as the last value of a cell."""


class _SilentModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the silent modules and says why the others are missing."""

    def find_spec(self, name, path=None, target=None):
        parts = name.split(".")
        if parts[0] != "course" or len(parts) == 1:
            return None
        if parts[1] in _ABSENT:
            raise ImportError(f"write it yourself: course.{parts[1]} is not available while grading", name=name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if parts[1] in _SILENT else None

    def create_module(self, spec):
        return _SilentModule(spec.name)

    def exec_module(self, module):
        """There is nothing to run."""


sys.meta_path.insert(0, _Finder())
