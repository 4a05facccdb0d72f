"""What a check expects: asked of the PyTorch reference when the check runs, never stored."""

import numpy as np

from course.checks.gradient import slope


def reference_function(name):
    """A function of course.reference by name, imported only when a check runs: PyTorch takes a second to load."""

    def call(*inputs):
        from course import reference

        return getattr(reference.functional, name)(*inputs)

    return call


def reference_call(name):
    """The function `name` of course.reference itself, as `reference_function` for those of arrays and numbers."""

    def call(*inputs):
        from course import reference

        return getattr(reference, name)(*inputs)

    return call


def autograd(name, *, of):
    """The gradients that PyTorch's autograd gives for the reference function `name`; of: how many inputs, the first."""

    def call(grad_output, *inputs):
        from course import reference

        floats = [np.asarray(value, np.float64) for value in inputs[:of]]  # whole numbers have no gradient in PyTorch
        gradients = reference.gradients(name, *floats, *inputs[of:], grad_output=grad_output)
        return gradients[:of] if of > 1 else gradients[0]

    return call


def measured_slope(name, arguments):
    """An `explain` function: the slope measured by a small step, for the entry where the answer is most wrong."""

    def explain(inputs, output, index):
        f = reference_function(name)
        values = [np.asarray(inputs[a], np.float64) for a in arguments]

        def along(x):
            return f(*values[:output], x, *values[output + 1 :])

        measured = slope(along, values[output], index, inputs["grad_output"])
        return f"A small step in {arguments[output]}{list(map(int, index))} measures the slope {measured:.6g}."

    return explain
