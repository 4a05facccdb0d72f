"""One helper compares `course.nn` with `course.reference`, forward and backward: an operation costs one line of test.

compare("relu", x, backward=lambda grad, y, x: nn.relu_backward(grad, x))
"""

import os
from typing import NamedTuple

import numpy as np

from course import nn, reference

if reference.device().type == "mps":  # no float64 there, and `nn` is held to the digits of float64
    os.environ["COURSE_DEVICE"] = "cpu"


class Tolerance(NamedTuple):
    """|got - want| <= relative |want| + absolute."""

    relative: float
    absolute: float


# Both sides in float64: they differ by a few roundings. Inputs in float32: `nn` computes in float32 there.
VALUE, GRADIENT = Tolerance(1e-9, 1e-12), Tolerance(1e-8, 1e-12)
VALUE_32, GRADIENT_32 = Tolerance(1e-4, 1e-5), Tolerance(1e-3, 1e-4)
# A centred difference with a step of 1e-5 is right to about nine digits where the function is smooth.
MEASURED = Tolerance(1e-6, 1e-8)


def assert_close(got, want, tolerance=VALUE, scale=1.0):
    """Fail with the worst entry unless shapes agree and every entry is within the tolerance.

    `scale` multiplies the absolute part: the size of the terms that a sum adds up and may cancel.
    """
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    assert got.shape == want.shape, f"shape {got.shape}, expected {want.shape}"
    assert np.isfinite(want).all(), f"the expected values are not finite: {want}"
    error = np.abs(got - want) - tolerance.relative * np.abs(want) - tolerance.absolute * scale
    if error.size and not np.max(error) <= 0:  # `not <=` also refuses nan
        worst = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
        raise AssertionError(f"{got[worst]!r} at {worst}, expected {want[worst]!r}; {tolerance}, scale {scale}")


def compare(name, *inputs, backward=None, scale=1.0, seed=0):
    """Compare `nn.<name>(*inputs)` with the reference: values, gradients, and that no input has changed.

    backward: function (grad_output, output, *inputs) of `nn`'s backward; returns the gradient of each float input,
    in order. grad_output is random, so that an error in one entry cannot hide behind another.
    """
    single = any(np.asarray(value).dtype == np.float32 for value in inputs)
    value_tolerance, gradient_tolerance = (VALUE_32, GRADIENT_32) if single else (VALUE, GRADIENT)
    before = [np.array(value) for value in inputs]
    with np.errstate(over="raise", divide="raise", invalid="raise"):  # an overflow on the way is a bug
        output = getattr(nn, name)(*inputs)
        assert_close(output, getattr(reference.functional, name)(*inputs), value_tolerance, scale)
        if backward is not None:
            grad_output = np.random.default_rng(seed).standard_normal(np.shape(output))
            if single:
                grad_output = grad_output.astype(np.float32)
            grad_before, output_before = grad_output.copy(), np.array(output)
            got = backward(grad_output, output, *inputs)
            got = got if isinstance(got, tuple) else (got,)
            want = reference.gradients(name, *inputs, grad_output=grad_output)
            assert len(got) == len(want), f"{len(got)} gradients, expected {len(want)}"
            for one, other in zip(got, want, strict=True):
                assert_close(one, other, gradient_tolerance, scale)
            assert np.array_equal(grad_before, grad_output), f"the backward of {name} changed grad_output"
            assert np.array_equal(output_before, output), f"the backward of {name} changed the output"
    for old, new in zip(before, inputs, strict=True):
        assert np.array_equal(old, new), f"{name} changed its input"
        assert not np.shares_memory(output, new), f"{name} hands out its input"


def numerical_gradient(function, x, step=1e-5):
    """Measure the gradient of a function to a number by centred differences. Slow: for small arrays."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (function(above) - function(below)) / (2 * step)
    return gradient


def check_gradient(function, x, gradient):
    """Fail unless `gradient` is the measured gradient of `function` at `x`."""
    assert_close(gradient, numerical_gradient(function, x), MEASURED)
