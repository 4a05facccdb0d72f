"""Is what the grader does not have named before the student hands in, and nothing else?"""

import re

import pytest

from course.checks.elsewhere import HAS, missing
from course.grading.sandbox import jail


def needs(answer, *others):
    """What `f` in the answer cell needs, with other cells run before it."""
    names = {}
    for source in (*others, answer):
        exec(source, names)
    return missing(names["f"], names, [*others, answer], answer)


@pytest.mark.parametrize(
    "answer, others, expected",
    [
        ("def f(x):\n    return expit(x)", ["from scipy.special import expit"], ["scipy"]),
        ("def f(x):\n    return s.special.expit(x)", ["import scipy as s"], ["scipy"]),
        ("def f(x):\n    from scipy.special import expit\n    return expit(x)", [], ["scipy"]),
        ("from scipy.special import expit\ndef f(x):\n    return x", [], ["scipy"]),
        ("def f(x):\n    return g(x)", ["import torch", "def g(x):\n    return torch.relu(x)"], ["torch"]),
        ("def f(x):\n    return [torch.relu(v) for v in x]", ["import torch"], ["torch"]),
        ("def f(x):\n    def g(v):\n        return torch.relu(v)\n    return g(x)", ["import torch"], ["torch"]),
        ("class f:\n    def __call__(self, x):\n        return torch.relu(x)", ["import torch"], ["torch"]),
        ("def f(x):\n    return nn.relu(x)", ["from course import nn"], ["course.nn"]),
        ("def f(x):\n    return relu(x)", ["from course.nn import relu"], ["course.nn"]),
    ],
)
def test_what_is_missing(answer, others, expected):
    """Is it found however it is imported, and through helpers, classes and inner functions?"""
    assert needs(answer, *others) == expected


@pytest.mark.parametrize(
    "answer, others",
    [
        ("import numpy as np\ndef f(x):\n    return np.exp(x)", []),
        ("import math, functools\ndef f(x):\n    return math.exp(x)", []),
        ("def f(x):\n    return x", ["import scipy, torch", "from course import nn"]),  # for the student's own use
        ("def f(x):\n    torch = 2\n    return torch * x", ["import torch"]),
        ("from course import data\ndef f(x):\n    return data.load_mnist", []),
        ("f = lambda x: x", ["%matplotlib inline".replace("%", "#")]),
    ],
)
def test_what_is_there(answer, others):
    """Is nothing said of NumPy, the standard library, and of what the function does not use?"""
    assert needs(answer, *others) == []


def test_it_is_the_graders_list():
    """Is the list what the sandbox mounts, name by name?"""
    tops = {re.sub(r"\.py$", "", target.rpartition("/")[2]) for _, target in jail._packages()}
    assert {top for top in tops if top.isidentifier()} == HAS
