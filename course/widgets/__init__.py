"""Explorers: pictures that the reader moves, driven by the reader's own functions. One class a file.

Nothing heavy is imported until a class is asked for.
"""

import importlib

_FILES = {
    "ActivationExplorer": "activation_explorer",
    "AdversarialExplorer": "adversarial_explorer",
    "DigitPad": "digit_pad",
    "Explorer": "base",
    "SoftmaxExplorer": "softmax_explorer",
    "to_mnist": "strokes",
}
__all__ = ["ActivationExplorer", "AdversarialExplorer", "DigitPad", "Explorer", "SoftmaxExplorer", "to_mnist"]


def __getattr__(name):
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_FILES[name]}"), name)


def __dir__():
    return __all__
