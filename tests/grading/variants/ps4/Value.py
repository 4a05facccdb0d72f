"""Question 8 as students write it: a class whose objects remember how they were made."""

import numpy as np

from tests.grading.variants.expects import expects


def fit(gradient, x):
    """Sum to the shape of x."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - x.ndim)))
    return gradient.sum(axis=tuple(i for i, n in enumerate(x.shape) if n == 1), keepdims=True)


class Base:
    """A right class, to be spoiled in one place."""

    def __init__(self, data, inputs=(), rule=None):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros(self.data.shape)
        self.inputs, self.rule = inputs, rule

    def _two(self, other, function, rule):
        other = other if isinstance(other, Base) else type(self)(other)
        a, b = self.data, other.data

        def both(g):
            to_a, to_b = rule(a, b)
            return fit(g * to_a, a), fit(g * to_b, b)

        return type(self)(function(a, b), (self, other), both)

    def _one(self, y, slope):
        return type(self)(y, (self,), lambda g: (g * slope,))

    def __add__(self, other):
        return self._two(other, np.add, lambda a, b: (1.0, 1.0))

    def __mul__(self, other):
        return self._two(other, np.multiply, lambda a, b: (b, a))

    def maximum(self, other):
        return self._two(other, np.maximum, lambda a, b: (a > b, a < b))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __matmul__(self, other):
        a, b = self.data, other.data
        return type(self)(a @ b, (self, other), lambda g: (g @ b.T, a.T @ g))

    def __pow__(self, n):
        return self._one(self.data ** float(n), n * self.data ** (n - 1.0))

    def relu(self):
        return self._one(np.maximum(self.data, 0), 1.0 * (self.data > 0))

    def tanh(self):
        return self._one(np.tanh(self.data), 1 - np.tanh(self.data) ** 2)

    def exp(self):
        return self._one(np.exp(self.data), np.exp(self.data))

    def log(self):
        return self._one(np.log(self.data), 1 / self.data)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + other * -1.0

    def __rsub__(self, other):
        return self * -1.0 + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    def order(self):
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            value, ready = waiting.pop()
            if ready:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                waiting.append((value, True))
                waiting.extend((one, False) for one in value.inputs)
        return order

    def backward(self, gradient=1.0):
        order = self.order()
        own = {value: 0.0 for value in order}
        own[self] = gradient * np.ones(self.data.shape)
        for value in reversed(order):
            value.grad = value.grad + own[value]
            for one, part in zip(value.inputs, value.rule(own[value]) if value.inputs else (), strict=True):
                own[one] = own[one] + part

    def zero_grad(self):
        for value in self.order():
            value.grad = np.zeros(value.data.shape)


@expects("not added")
class wrong_not_added(Base):
    """The second use takes the place of the first."""

    def backward(self, gradient=1.0):
        order, own = self.order(), {self: gradient * np.ones(self.data.shape)}
        for value in reversed(order):
            value.grad = value.grad + own[value]
            for one, part in zip(value.inputs, value.rule(own[value]) if value.inputs else (), strict=True):
                own[one] = part


@expects("not cleared")
class wrong_not_cleared(Base):
    """Clearing does nothing."""

    def zero_grad(self):
        pass


@expects("cleared and not gone back")
class wrong_goes_back_once(Base):
    """A value that was visited once is never visited again."""

    gone = False

    def backward(self, gradient=1.0):
        if not self.gone:
            super().backward(gradient)
            self.gone = True


class wrong_handed_on_too_early(Base):
    """Each part of a gradient is handed on as soon as it comes in, and then everything once more."""

    def backward(self, gradient=1.0):
        waiting = [(self, gradient * np.ones(self.data.shape))]
        while waiting:
            value, g = waiting.pop(0)
            value.grad = value.grad + g
            if value.inputs:
                waiting.extend(zip(value.inputs, value.rule(value.grad), strict=True))


@expects("recursion")
class wrong_recursive(Base):
    """A function that calls itself from value to value."""

    def order(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for one in value.inputs:
                    visit(one)
                order.append(value)

        visit(self)
        return order


class wrong_no_number_on_the_right(Base):
    """Only Values can be added and multiplied."""

    def _two(self, other, function, rule):
        if not isinstance(other, Base):
            raise TypeError("not a Value")
        return super()._two(other, function, rule)


class wrong_no_number_on_the_left(Base):
    """No reflected operators."""

    __radd__ = __rmul__ = None


class wrong_no_tanh(Base):
    """One method is not there."""

    tanh = None


class wrong_no_sum_back(Base):
    """Broadcasting is not undone."""

    def _two(self, other, function, rule):
        other = other if isinstance(other, Base) else type(self)(other)
        a, b = self.data, other.data
        return type(self)(function(a, b), (self, other), lambda g: tuple(g * slope for slope in rule(a, b)))


class wrong_order_in_matmul(Base):
    """The second factor's gradient as on the slide of the lecture."""

    def __matmul__(self, other):
        a, b = self.data, other.data
        return type(self)(a @ b, (self, other), lambda g: (g @ b.T, g @ a.T))


class wrong_gradient_ignored(Base):
    """It always goes back with ones."""

    def backward(self, gradient=1.0):
        super().backward(1.0)


class wrong_integers(Base):
    """Gradients have the type of the data."""

    def __init__(self, data, inputs=(), rule=None):
        super().__init__(data, inputs, rule)
        self.dtype = np.asarray(data).dtype

    def backward(self, gradient=1.0):
        super().backward(gradient)
        for value in self.order():
            value.grad = value.grad.astype(value.dtype)


class wrong_relu_of_the_gradient(Base):
    """The sign of the gradient decides."""

    def relu(self):
        return type(self)(np.maximum(self.data, 0), (self,), lambda g: (g * (g > 0),))


class wrong_power(Base):
    """The exponent stays."""

    def __pow__(self, n):
        return self._one(self.data ** float(n), n * self.data ** float(n))


class wrong_shared_gradient(Base):
    """Gradients are added in place, into an array that two values share."""

    def backward(self, gradient=1.0):
        order = self.order()
        for value in order:
            value.own = None
        self.own = gradient * np.ones(self.data.shape)
        for value in reversed(order):
            value.grad = value.grad + value.own
            parts = value.rule(value.own) if value.inputs else ()
            if len(parts) == 2 and parts[0].shape == parts[1].shape and np.array_equal(*parts):
                parts = (value.own, value.own)
            for one, part in zip(value.inputs, parts, strict=True):
                if one.own is None:
                    one.own = part
                else:
                    one.own += part
                    one.own += 0


class wrong_data_is_a_list(Base):
    """What it holds is no array."""

    def backward(self, gradient=1.0):
        super().backward(gradient)
        self.data = self.data.tolist()


class right_class(Base):
    """Rules as functions, gradients in a dictionary."""


class right_closures:
    """As in small libraries: each result has a function that adds to the gradients of its inputs."""

    def __init__(self, data, inputs=(), op=""):
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self._inputs, self._op = set(inputs), op
        self._back = lambda g: ()

    @classmethod
    def _of(cls, other):
        return other if isinstance(other, cls) else cls(other)

    def __add__(self, other):
        other = self._of(other)
        out = right_closures(self.data + other.data, (self, other), "+")
        out._back = lambda g: ((self, fit(g, self.data)), (other, fit(g, other.data)))
        return out

    def __mul__(self, other):
        other = self._of(other)
        out = right_closures(self.data * other.data, (self, other), "*")
        out._back = lambda g: ((self, fit(other.data * g, self.data)), (other, fit(self.data * g, other.data)))
        return out

    def __matmul__(self, other):
        out = right_closures(self.data @ other.data, (self, other), "@")
        out._back = lambda g: ((self, np.einsum("nc,dc->nd", g, other.data)),
                               (other, np.einsum("nd,nc->dc", self.data, g)))  # fmt: skip
        return out

    def maximum(self, other):
        other = self._of(other)
        mine = np.broadcast_to(self.data > other.data, np.broadcast(self.data, other.data).shape)
        out = right_closures(np.where(mine, self.data, other.data), (self, other), "max")
        out._back = lambda g: ((self, fit(np.where(mine, g, 0), self.data)),
                               (other, fit(np.where(mine, 0, g), other.data)))  # fmt: skip
        return out

    def _map(self, y, slope):
        out = right_closures(y, (self,))
        out._back = lambda g: ((self, g * slope),)
        return out

    def __pow__(self, n):
        return self._map(np.power(self.data, float(n)), n * np.power(self.data, n - 1.0))

    def relu(self):
        return self._map(self.data * (self.data > 0), (self.data > 0).astype(float))

    def tanh(self):
        y = (np.exp(2 * self.data) - 1) / (np.exp(2 * self.data) + 1)
        return self._map(y, 1 - y * y)

    def exp(self):
        y = np.exp(self.data)
        return self._map(y, y)

    def log(self):
        return self._map(np.log(self.data), 1 / self.data)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-self._of(other))

    def __rsub__(self, other):
        return self._of(other) + (-self)

    def __truediv__(self, other):
        return self * self._of(other) ** -1

    def __rtruediv__(self, other):
        return self._of(other) * self**-1

    __radd__, __rmul__ = __add__, __mul__

    def _sorted(self):
        uses, found = {}, [self]
        for value in found:
            for one in value._inputs:
                if one not in uses:
                    uses[one] = 0
                    found.append(one)
                uses[one] += 1
        ready = [self]
        for value in ready:
            for one in value._inputs:
                uses[one] -= 1
                if not uses[one]:
                    ready.append(one)
        return ready

    def backward(self, gradient=1.0):
        gradients = {self: np.broadcast_to(np.asarray(gradient, float), self.data.shape)}
        for value in self._sorted():
            g = gradients[value]
            value.grad = value.grad + g
            for one, part in value._back(g):
                gradients[one] = gradients.get(one, 0) + part

    def zero_grad(self):
        for value in self._sorted():
            value.grad = np.zeros_like(value.data)


class right_numbered(Base):
    """Values are numbered when they are made: a later one is never an input of an earlier one."""

    made = 0

    def __init__(self, data, inputs=(), rule=None):
        super().__init__(data, inputs, rule)
        right_numbered.made += 1
        self.number = right_numbered.made

    def order(self):
        found, waiting = {self}, [self]
        while waiting:
            new = [one for one in waiting.pop().inputs if one not in found]
            found.update(new)
            waiting.extend(new)
        return sorted(found, key=lambda value: value.number)


class right_in_place(Base):
    """Gradients are added in place, each value into an array of its own."""

    def backward(self, gradient=1.0):
        order, own = self.order(), {}
        for value in order:
            own[value] = np.zeros(value.data.shape)
        own[self] += gradient
        while order:
            value = order.pop()
            value.grad += own[value]
            if value.rule is not None:
                for place, one in enumerate(value.inputs):
                    own[one] += value.rule(own[value])[place]


class right_plain_numbers(Base):
    """Single numbers are kept as numbers, arrays as arrays, in float32 where they come so."""

    def __init__(self, data, inputs=(), rule=None):
        super().__init__(data, inputs, rule)
        self.data = self.data[()]
        self.grad = 0.0 * self.data
