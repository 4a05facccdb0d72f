"""A computational graph that differentiates itself. Slides: intro-ann-027 to intro-ann-029, icme-s2-024 to icme-s2-038.

Each calculation with a `Value` makes a new one that remembers its inputs. `backward` walks the graph from the result
to the beginning, asks the rule of each operation for the gradients of its inputs, and adds them up.
"""

import numpy as np


def sum_to(gradient, shape):
    """Undo broadcasting: sum a gradient over the axes along which an input of `shape` was repeated.

    An input that was used several times gets the sum of the gradients. gradient: the output's shape. Returns `shape`.
    """
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))  # axes that the input does not have
    repeated = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=repeated, keepdims=True).reshape(shape)


def add_backward(gradient, a, b):
    """Gradients of a and b of `a + b`: both get what comes in."""
    return sum_to(gradient, a.shape), sum_to(gradient, b.shape)


def mul_backward(gradient, a, b):
    """Gradients of a and b of `a * b`: each is the other one times what comes in."""
    return sum_to(gradient * b, a.shape), sum_to(gradient * a, b.shape)


def maximum_backward(gradient, a, b):
    """Gradients of a and b of `maximum(a, b)`: the larger one gets it; where both are equal, each gets half."""
    to_a = np.where(a == b, 0.5, a > b)
    return sum_to(gradient * to_a, a.shape), sum_to(gradient * (1 - to_a), b.shape)


def pow_backward(gradient, a, exponent):
    """Gradient of a of `a ** exponent`, exponent a number."""
    return gradient * (exponent * a ** (exponent - 1.0) if exponent else np.zeros_like(a))


def matmul_backward(gradient, a, b):
    """Gradients of a (..., N, D) and b (..., D, C) of `a @ b`, either of them possibly a vector (D,)."""
    rows, columns = np.atleast_2d(a), b if b.ndim > 1 else b[:, None]  # (..., N, D), (..., D, C)
    if b.ndim == 1:
        gradient = gradient[..., None]  # (..., N) -> (..., N, 1)
    if a.ndim == 1:
        gradient = gradient[..., None, :]  # (..., C) -> (..., 1, C)
    grad_a = gradient @ columns.swapaxes(-1, -2)  # (..., N, C) @ (..., C, D) -> (..., N, D)
    grad_b = rows.swapaxes(-1, -2) @ gradient  # (..., D, N) @ (..., N, C) -> (..., D, C)
    return sum_to(grad_a, rows.shape).reshape(a.shape), sum_to(grad_b, columns.shape).reshape(b.shape)


class Value:
    """A number or an array in a computational graph: `data`, its gradient `grad`, its `inputs` and its operation `op`.

    The operators take Values, numbers and arrays on either side. `grad` is 0 until `backward` was called.
    """

    __array_ufunc__ = None  # `array * value` asks the value, instead of making an array of Values

    def __init__(self, data, inputs=(), op="", rule=None):
        data = np.asarray(data)
        self.data = data if np.issubdtype(data.dtype, np.floating) else data.astype(np.float64)
        self.grad = np.zeros_like(self.data)
        self.inputs, self.op = tuple(inputs), op
        self._rule = rule  # from the gradient of this value to those of its inputs, in order

    def __repr__(self):
        return f"Value({self.data}, grad={self.grad})"

    def __add__(self, other):
        return _binary("+", np.add, add_backward, self, other)

    def __mul__(self, other):
        return _binary("*", np.multiply, mul_backward, self, other)

    def __matmul__(self, other):
        return _binary("@", np.matmul, matmul_backward, self, other)

    def __rmatmul__(self, other):
        return Value(other) @ self

    def __pow__(self, exponent):
        if np.ndim(exponent) or isinstance(exponent, Value):
            raise TypeError(f"the exponent must be a number; got {exponent!r}")
        rule = lambda gradient: (pow_backward(gradient, self.data, exponent),)  # noqa: E731
        return Value(self.data**exponent, (self,), f"**{exponent}", rule)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else np.asarray(other, np.float64)) ** -1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    def maximum(self, other):
        """The larger of two, entry by entry."""
        return _binary("max", np.maximum, maximum_backward, self, other)

    def relu(self):
        """max(0, x), entry by entry; its slope at 0 is 0."""
        return _unary("relu", self, np.maximum(self.data, 0), lambda gradient, y: gradient * (y > 0))

    def tanh(self):
        """Hyperbolic tangent, entry by entry; its slope is 1 - tanh(x)²."""
        return _unary("tanh", self, np.tanh(self.data), lambda gradient, y: gradient * (1 - y) * (1 + y))

    def exp(self):
        """e to the power of x, entry by entry; it is its own slope."""
        return _unary("exp", self, np.exp(self.data), lambda gradient, y: gradient * y)

    def log(self):
        """Natural logarithm, entry by entry; its slope is 1 / x."""
        return _unary("log", self, np.log(self.data), lambda gradient, y: gradient / self.data)

    def sum(self):
        """The sum of all entries, a single number."""
        return _unary("sum", self, self.data.sum(), lambda gradient, y: np.broadcast_to(gradient, self.data.shape))

    def topological_order(self):
        """Return all values this one is made of, itself last, each once and after its inputs."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:  # a list instead of recursion: a chain may be longer than Python's call stack
            value, ready = waiting.pop()
            if ready:
                order.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                waiting.append((value, True))  # comes up again when its inputs are in the list
                waiting.extend((input_, False) for input_ in reversed(value.inputs) if id(input_) not in seen)
        return order

    def backward(self):
        """Add to the `grad` of each value this one is made of the gradient of this one, which must be a number.

        ValueError if this value has more than one entry: sum it first.
        """
        if self.data.size != 1:
            raise ValueError(f"backward starts at a single number; this value has shape {self.data.shape}")
        order = self.topological_order()
        gradients = {id(value): np.zeros_like(value.data) for value in order}
        gradients[id(self)] = np.ones_like(self.data)
        for value in reversed(order):  # who uses a value comes first: its gradient is complete when its turn comes
            gradient = gradients[id(value)]
            value.grad = value.grad + gradient
            if value.inputs:
                for input_, part in zip(value.inputs, value._rule(gradient), strict=True):
                    gradients[id(input_)] = gradients[id(input_)] + part

    def zero_grad(self):
        """Set the gradient of each value this one is made of to 0, before another `backward`."""
        for value in self.topological_order():
            value.grad = np.zeros_like(value.data)


def _binary(op, function, rule, a, b):
    """The value `function(a, b)`, of Values, numbers or arrays; rule(gradient, a, b) gives both gradients."""
    a, b = (value if isinstance(value, Value) else Value(value) for value in (a, b))
    return Value(function(a.data, b.data), (a, b), op, lambda gradient: rule(gradient, a.data, b.data))


def _unary(op, x, output, rule):
    """The value `output` of one input; rule(gradient, output) gives the gradient of x."""
    return Value(output, (x,), op, lambda gradient: (rule(gradient, output),))
