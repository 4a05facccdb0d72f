"""A graph calculated by the reader's class, by the rules, by finite differences and by PyTorch: do they agree?"""

import numpy as np

from course import nn
from course.widgets.graph_rules import digits, said, shape_of
from course.widgets.graph_steps import formula, steps
from course.widgets.reader import WrongAnswer, describe, not_finite

CLOSE = {"rtol": 1e-4, "atol": 1e-7, "equal_nan": True}  # float32 inside is no mistake


def load_reference():
    """Load PyTorch, which takes seconds, before the first graph is checked against it. Returns the reference."""
    from course import reference  # only an explorer of graphs needs it

    reference.gradients, reference.to_tensor  # noqa: B018  # loads their files
    return reference


class Check:
    """What the reader's class `make` says of each node, compared with the rules; `sentence` and `warning` say it.

    values, gradients: of each node, by the rules of nn.Value; steps: with them. yours, your_gradients: of the class.
    value_wrong, gradient_wrong: of each node, do they differ? Raises WrongAnswer where there is nothing to compare.
    """

    def __init__(self, graph, given, make):
        self.graph = graph
        try:
            self.values = [value.data[()] for value in graph.evaluate(nn.Value, given)]
        except ValueError as problem:  # shapes that do not fit
            raise WrongAnswer(f"These shapes do not go together: {problem}.") from None
        if np.ndim(self.values[-1]):
            name, shape = graph.nodes[-1].name, shape_of(self.values[-1])
            raise WrongAnswer(f"{name} has the shape {shape}; a gradient starts at one number. Write sum(...).")
        self.steps = steps(graph, self.values)
        self.gradients = self.steps[-1].gradients
        self.yours, self.your_gradients = self._ask(given, make)
        places = range(len(graph.nodes))
        self.value_wrong = [not _close(self.yours[place], self.values[place]) for place in places]
        self.gradient_wrong = [not _close(self.your_gradients[place], self.gradients[place]) for place in places]
        self.warning = self._not_finite() or self._differs()
        self.sentence = self._compared(given)

    def _ask(self, given, make):
        """(values, gradients) of each node by the reader's class, as arrays of floats."""
        right = {node.name: value for node, value in zip(self.graph.nodes, self.values, strict=True)}

        def wanted(node, output):
            if not hasattr(output, "data") or isinstance(output, np.ndarray | np.generic):
                raise WrongAnswer(f"Your {node.op} returned {describe(output)}. Expected a value with `data`.")
            _numbers(node, output.data, right[node.name])  # at once: the next operation would stumble over it
            return output

        made = self.graph.evaluate(
            lambda value: make(np.array(value) if np.ndim(value) else float(value)), given, wanted
        )
        pairs = list(zip(self.graph.nodes, made, strict=True))
        for _, value in pairs:
            for name in ("data", "grad", "backward"):
                if not hasattr(value, name):
                    raise WrongAnswer(f"Your class has no `{name}`: it made {describe(value)}.")
        made[-1].backward()
        return ([_numbers(node, value.data, right[node.name]) for node, value in pairs],
                [_gradient(node, value.grad) for node, value in pairs])  # fmt: skip

    # of one node

    def value_text(self, place):
        """The reader's value as the picture shows it, marked where it differs."""
        return _shown(self.yours[place], self.value_wrong[place])

    def gradient_text(self, place):
        """The same of the gradient."""
        return _shown(self.your_gradients[place], self.gradient_wrong[place])

    def about_value(self, place):
        """A sentence if the reader's value differs, else nothing."""
        right, yours = said(self.values[place]), _said(self.yours[place])
        return f"Your class says {yours}; it is {right}." if self.value_wrong[place] else ""

    def about_gradient(self, place):
        right, yours = said(self.gradients[place]), _said(self.your_gradients[place])
        name = self.graph.nodes[place].name
        return f"Your class gives {name} the gradient {yours}; the rules give {right}." if (
            self.gradient_wrong[place]) else ""  # fmt: skip

    # of all

    def _not_finite(self):
        for place, value in enumerate(self.values):
            if not np.isfinite(value).all():  # of an operation: variables are finite
                return f"{formula(self.graph, place)} is {said(value)}, and not all numbers after it are finite."
        for node, value in zip(self.graph.nodes, self.yours, strict=True):
            if not np.isfinite(value).all():
                return not_finite(f"Your {node.op or 'class'}", value)
        return ""

    def _differs(self):
        """The first node whose value differs, forward; else the first whose gradient does, backward."""
        nodes = self.graph.nodes
        if any(self.value_wrong):
            place, total = self.value_wrong.index(True), sum(self.value_wrong)
            return (f"Your class differs in {total} of {len(nodes)} values. First in {formula(self.graph, place)}: "
                    f"it says {_said(self.yours[place])}, it is {said(self.values[place])}.") if nodes[place].op else (
                    f"Your class does not keep the value of {nodes[place].name}.")  # fmt: skip
        if any(self.gradient_wrong):
            order = [step.node if step.phase == "seed" else step.to for step in self.steps
                     if step.phase in ("seed", "backward")]  # fmt: skip
            place = next(place for place in order if self.gradient_wrong[place])
            return (f"Your class differs in {sum(self.gradient_wrong)} of {len(nodes)} gradients. First in "
                    f"{nodes[place].name}, on the way back: it says {_said(self.your_gradients[place])}, "
                    f"the rules give {said(self.gradients[place])}.")  # fmt: skip
        return ""

    def _compared(self, given):
        """The largest differences of the variables' gradients."""
        count = len(self.graph.variables)
        yours, rules = self.your_gradients[:count], [self.gradients[place] for place in range(count)]
        torch, numeric = _torch_gradients(self.graph, given), _differences(self.graph, given)
        agree = [len(wrong) - sum(wrong) for wrong in (self.value_wrong, self.gradient_wrong)]
        text = (f"Your class: {agree[0]} of {len(self.values)} values and {agree[1]} gradients as by the rules. "
                f"Largest difference of the variables' gradients: {_largest(yours, torch)} from PyTorch, "
                f"{_largest(yours, numeric)} from finite differences.")  # fmt: skip
        if self._at_a_kink() and not np.allclose(np.hstack([np.ravel(one) for one in rules]),
                                                 np.hstack([np.ravel(one) for one in numeric]), atol=1e-4):  # fmt: skip
            text += " Here is a kink, where there is no derivative: finite differences give the mean of both slopes."
        return text

    def _at_a_kink(self):
        for node in self.graph.nodes:
            values = [self.values[one] if isinstance(one, int) else one for one in node.operands]
            if (node.op == "relu" and np.any(values[0] == 0)) or (node.op == "max" and np.any(values[0] == values[1])):
                return True
        return False


def _numbers(node, value, right):
    """Its `data` as an array of floats of the shape that it should have; where that is a number any number will do."""
    name = f"Your {node.op or 'class'}"
    expected = f"Expected an array of shape {np.shape(right)}" if np.ndim(right) else "Expected a number"
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind not in "fiub":
        raise WrongAnswer(f"{name} returned an array of dtype {value.dtype}. {expected}, of real numbers.")
    fits = isinstance(value, np.ndarray | np.generic | int | float) and np.shape(value) == np.shape(right)
    if not fits:
        raise WrongAnswer(f"{name} returned {describe(value)}. {expected}.")
    return np.array(value, dtype=float)


def _gradient(node, value):
    try:
        return np.array(() if value is None else value, dtype=float).reshape(np.shape(value))
    except (TypeError, ValueError):
        raise WrongAnswer(f"Your class: `grad` of {node.name} is {describe(value)}. Expected numbers.") from None


def _torch_gradients(graph, given):
    reference = load_reference()
    arrays = [np.array(given[name], dtype=float) for name in graph.variables]

    def on_tensors(*tensors):
        def make(value):  # the tensor of a variable, or a number of the expression
            return reference.to_tensor(np.array(value)) if isinstance(value, float) else value

        return graph.evaluate(make, dict(zip(graph.variables, tensors, strict=True)))[-1]

    return reference.gradients(on_tensors, *arrays)


def _differences(graph, given):
    """Central differences of the result by each entry of each variable."""
    found = []
    for name in graph.variables:
        value = np.array(given[name], dtype=float)
        slopes = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            step = 1e-6 * max(1.0, abs(value[place]))
            ends = []
            for sign in (1, -1):
                moved = value.copy()
                moved[place] += sign * step
                ends.append(float(graph.evaluate(nn.Value, given | {name: moved})[-1].data))
            slopes[place] = (ends[0] - ends[1]) / (2 * step)
        found.append(slopes)
    return found


def _close(yours, right):
    return np.shape(yours) == np.shape(right) and np.allclose(yours, right, **CLOSE)


def _largest(yours, others):
    if any(np.shape(one) != np.shape(other) for one, other in zip(yours, others, strict=True)):
        return "a shape"
    gaps = np.hstack([np.ravel(np.abs(one - other)) for one, other in zip(yours, others, strict=True)])
    return digits(gaps.max()) if np.isfinite(gaps).all() else "not to be said, as not all are finite"


def _said(value):
    return said(value) if np.size(value) <= 16 else f"shape {shape_of(value)}"


def _shown(value, wrong):
    """A number, or the shape of an array, with a cross where it is wrong."""
    return f"{'✗ ' * wrong}{shape_of(value) or digits(value)}"
