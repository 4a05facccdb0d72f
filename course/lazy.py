"""One namespace a folder: `figures.confusion(...)` loads matplotlib when it is asked for, and not before.

The public names of a folder stand in its `__init__.pyi`, as imports, where editors and type checkers read them too.
They win over files of the same name: `figures.confusion` is the function, whatever was imported first.
"""

import ast
import importlib
import sys
import types
from pathlib import Path


class _Namespace(types.ModuleType):
    """A package that knows its public names and takes each from its file when it is first asked for."""

    def __getattr__(self, name):
        file = vars(self).get("_files", {}).get(name)
        if file is None:
            raise AttributeError(f"{self.__name__} has no {name!r}; dir() lists what it has", name=name, obj=self)
        module = importlib.import_module(f"{self.__name__}.{file}")
        value = module if file == name and name in self._folders else getattr(module, name)
        super().__setattr__(name, value)
        return value

    def __setattr__(self, name, value):
        # importing the file confusion.py puts it on the package as `confusion`, where the function belongs
        is_own_file = isinstance(value, types.ModuleType) and value.__name__ == f"{self.__name__}.{name}"
        if not (is_own_file and name in self._files and name not in self._folders):
            super().__setattr__(name, value)

    def __dir__(self):
        return sorted({*self._files, *(name for name in vars(self) if name.startswith("__"))})


def namespace(package):
    """Give the package with this name the public names of its `__init__.pyi`, and return them, sorted, for `__all__`.

    A line `from .file import name as name` is a name out of a file; `from . import file as file` is the file itself.
    """
    module = sys.modules[package]
    tree = ast.parse(Path(module.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    lines = [line for line in tree.body if isinstance(line, ast.ImportFrom)]
    module._files = {alias.name: line.module or alias.name for line in lines for alias in line.names}
    module._folders = {alias.name for line in lines if not line.module for alias in line.names}
    module.__class__ = _Namespace
    return sorted(module._files)
