"""The graph that differentiates itself: against PyTorch's autograd, and on graphs that are awkward."""

import operator

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course.nn import Value
from tests.unit.compare import GRADIENT, VALUE, assert_close, check_gradient

SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (4, 1, 3), (4, 2, 3), (4, 2, 1)]  # any two of them broadcast
BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "max": lambda a, b: a.maximum(b),
}
UNARY = {
    "relu": lambda x: x.relu(),
    "tanh": lambda x: x.tanh(),
    "exp": lambda x: x.exp(),
    "log": lambda x: (x * x + 0.1).log(),
    "-": operator.neg,
    "**3": lambda x: x**3,
    "**0": lambda x: x**0,
    "**-2": lambda x: x**-2,
    "**0.5": lambda x: (x * x + 0.1) ** 0.5,
}


def same_as_torch(function, *arrays):
    """Fail unless values and all gradients of `function` of Values equal those of tensors."""
    values, tensors = [Value(x) for x in arrays], [torch.tensor(x, requires_grad=True) for x in arrays]
    got, want = function(*values), function(*tensors)
    weights = np.random.default_rng(0).standard_normal(want.shape)  # so that no error hides behind another
    (got * weights).sum().backward()
    (want * torch.tensor(weights)).sum().backward()
    assert_close(got.data, want.detach().numpy(), VALUE)
    for value, tensor in zip(values, tensors, strict=True):
        assert_close(value.grad, tensor.grad.numpy(), GRADIENT, scale=1e3)


def numbers(seed, *shapes):
    """Arrays whose entries are 0.2 to 2 from zero, of either sign."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.2, 2, shape) * rng.choice([-1.0, 1.0], shape) for shape in shapes]


@pytest.mark.parametrize("name", BINARY)
@given(left=st.sampled_from(SHAPES), right=st.sampled_from(SHAPES), seed=st.integers(0, 2**32))
def test_operators_of_two(name, left, right, seed):
    """Do values and both gradients equal PyTorch's, whatever is broadcast?"""
    same_as_torch(BINARY[name], *numbers(seed, left, right))


@pytest.mark.parametrize("name", UNARY)
@given(shape=st.sampled_from(SHAPES), seed=st.integers(0, 2**32))
def test_operators_of_one(name, shape, seed):
    """Do values and the gradient equal PyTorch's, also those of both signs?"""
    same_as_torch(UNARY[name], *numbers(seed, shape))


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4))],
)
def test_products_of_matrices(left, right):
    """Do the gradients of matrices, vectors and stacks of matrices equal PyTorch's?"""
    same_as_torch(operator.matmul, *numbers(0, left, right))


@pytest.mark.parametrize("other", [2, 2.5, np.float64(2.5), np.array([1.0, 2.0, 4.0]), np.array([1, 2, 4])])
def test_numbers_and_arrays_on_either_side(other):
    """Does every operator take plain numbers and arrays, on the left as well?"""
    (x,) = numbers(1, (3,))
    constant = torch.tensor(other) if isinstance(other, np.ndarray) else float(other)
    for sign in (operator.add, operator.sub, operator.mul, operator.truediv):
        for function in (sign, lambda a, b, sign=sign: sign(b, a)):
            value, tensor = Value(x), torch.tensor(x, requires_grad=True)
            got, want = function(value, other), function(tensor, constant)
            got.sum().backward()
            want.sum().backward()
            assert isinstance(got, Value)
            assert_close(got.data, want.detach().numpy())
            assert_close(value.grad, tensor.grad.numpy(), GRADIENT)
    product = np.ones((2, 3)) @ Value(x)  # an array on the left of @
    assert isinstance(product, Value) and product.data.shape == (2,)


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 12))
def test_random_graphs(seed, steps):
    """Do gradients add up wherever a value is used again, in graphs that nobody planned?"""

    choices = [operator.add, operator.mul, lambda a, b: a.tanh(), lambda a, b: a.maximum(b * 2)]

    def graph(*leaves):
        rng, made = np.random.default_rng(seed), list(leaves)
        for _ in range(steps):
            a, b = (made[i] for i in rng.integers(len(made), size=2))  # also twice the same
            made.append(choices[rng.integers(len(choices))](a, b))
        return sum(made[1:], made[0]).tanh()

    same_as_torch(graph, *numbers(seed, (), (2, 1), (3,)))


def test_the_deck():
    """Does the graph (x + y + 1) r of the deck give 3, 3 and 4, and max(w1 x1 + w2 x2, x3) all five of its slopes?"""
    x, y, r = Value(-2), Value(5), Value(3)
    f = (x + y + 1) * r
    f.backward()
    assert (f.data, x.grad, y.grad, r.grad) == (12, 3, 3, 4)
    leaves = [Value(number) for number in (2, 3, -1, 4, 1)]  # w1, x1, w2, x2, x3
    larger = (leaves[0] * leaves[1] + leaves[2] * leaves[3]).maximum(leaves[4])
    larger.backward()
    assert larger.data == 2 and [leaf.grad for leaf in leaves] == [3, 2, 4, -1, 0]


def test_a_chain_of_10_000():
    """Is there no limit of recursion, in the order, in the gradient and in clearing it?"""
    x = Value(1.0)
    y = x
    for _ in range(10_000):
        y = y + 1
    y.backward()
    assert y.data == 10_001 and x.grad == 1 and len(y.topological_order()) == 20_001
    y.zero_grad()
    assert x.grad == 0


def test_the_order():
    """Does each value come once, after its inputs, and the result last?"""
    x = Value(3.0)
    y = x * x
    z = y + x * y
    order = z.topological_order()
    place = {id(value): i for i, value in enumerate(order)}
    assert len(place) == len(order) == 4 and order[-1] is z
    assert all(place[id(input_)] < place[id(value)] for value in order for input_ in value.inputs)


def test_backward_again():
    """Does a second backward add the same once more, also in the middle, and start at 0 after clearing?"""
    x = Value([1.0, 2.0])
    middle = x * x
    y = (middle * 3).sum()
    y.backward()
    first = x.grad
    y.backward()
    assert np.array_equal(first, [6, 12]) and np.array_equal(x.grad, 2 * first)
    assert np.array_equal(middle.grad, [6, 6])
    y.zero_grad()
    y.backward()
    assert np.array_equal(x.grad, first) and np.array_equal(middle.grad, [3, 3])


def test_a_ratio_of_roots():
    """Is the slope of sqrt(sqrt((x - 1)(x + 2)) + 1) at 3 that of the closed form, and the measured one?"""

    def function(x):
        return (((x - 1) * (x + 2)) ** 0.5 + 1) ** 0.5

    x = Value(3.0)
    function(x).backward()
    root = ((3 - 1) * (3 + 2)) ** 0.5
    assert_close(x.grad, 7 / (4 * root * (root + 1) ** 0.5))
    check_gradient(function, np.array(3.0), x.grad)


def test_types():
    """Are integers taken as float64, and is float32 kept?"""
    assert Value(3).data.dtype == np.float64
    x = Value(np.ones(2, np.float32))
    y = (x * Value(np.float32(2))).tanh().sum()
    y.backward()
    assert y.data.dtype == x.grad.dtype == np.float32


def test_what_cannot_be():
    """Does a start that is no single number, or an exponent that is none, get a sentence?"""
    with pytest.raises(ValueError, match=r"single number; this value has shape \(2,\)"):
        Value([1.0, 2.0]).backward()
    with pytest.raises(TypeError, match="exponent must be a number"):
        Value(2.0) ** Value(3.0)
