"""Cross-entropy from logits, its gradient, log-softmax and one-hot."""

import numpy as np
import pytest
from hypothesis import given

from course import nn
from tests.unit.compare import VALUE, VALUE_32, assert_close, check_gradient, compare
from tests.unit.strategies import labelled_logits


def cross_entropy_backward(grad, loss, logits, labels):
    """nn's backward starts the chain, so it takes no grad_output."""
    return grad * nn.cross_entropy_backward(logits, labels)


@given(case=labelled_logits(kinds=("float64", "float32")))
def test_cross_entropy_equals_the_reference(case):
    """Do loss and gradient equal PyTorch's: one class, one example, logits of 10 000, small label types?"""
    compare("cross_entropy", *case, backward=cross_entropy_backward)


@given(case=labelled_logits(kinds=("int64",)))
def test_integer_logits(case):
    """Are integer logits read as numbers, and is the gradient not cut to integers?"""
    logits, labels = case
    compare("cross_entropy", logits, labels)
    assert_close(nn.cross_entropy_backward(logits, labels), nn.cross_entropy_backward(logits * 1.0, labels))


@given(case=labelled_logits())
def test_log_softmax_equals_the_reference(case):
    """Does log-softmax stay finite and right where softmax rounds to 0?"""
    compare("log_softmax", case[0])


@given(case=labelled_logits())
def test_gradient_sums_to_0_in_every_row(case):
    """A common offset of the logits changes nothing, so the gradient has no part along it."""
    logits, labels = case
    tolerance = VALUE_32 if logits.dtype == np.float32 else VALUE
    sums = nn.cross_entropy_backward(logits, labels).sum(axis=1)
    assert_close(sums, np.zeros(len(labels)), tolerance)


def test_gradient_is_the_measured_gradient():
    """Does (p - y) / N agree with finite differences?"""
    logits, labels = np.random.default_rng(0).standard_normal((4, 3)), np.array([0, 2, 2, 1])
    check_gradient(lambda x: nn.cross_entropy(x, labels), logits, nn.cross_entropy_backward(logits, labels))


def test_logits_used_twice():
    """Do gradients add up when the same logits meet two sets of labels, and when a row stands twice?"""
    logits = np.random.default_rng(1).standard_normal((2, 3))
    one, other, twice = np.array([0, 1]), np.array([2, 1]), np.array([0, 0])

    def loss(x):
        return nn.cross_entropy(x, one) + nn.cross_entropy(x[twice], other)

    gradient = nn.cross_entropy_backward(logits, one)
    np.add.at(gradient, twice, nn.cross_entropy_backward(logits[twice], other))
    check_gradient(loss, logits, gradient)


def test_guessing_costs_log_c():
    """A net that knows nothing pays the logarithm of the number of classes."""
    assert_close(nn.cross_entropy(np.zeros((5, 10)), np.arange(5)), np.log(10))


def test_a_confident_mistake_costs_the_gap():
    """A logit gap of 1000 against the label costs 1000 nats, not infinity."""
    assert nn.cross_entropy(np.array([[1000.0, 0.0]]), np.array([1])) == 1000


def test_one_hot():
    """A single 1 a row, at the label, also for labels that stand twice and for one class."""
    assert nn.one_hot(np.array([2, 0, 2]), 3).tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1]]
    assert nn.one_hot(np.array([0]), 1).tolist() == [[1]]


def test_label_out_of_range_is_an_error():
    """Is class 3 of 3 refused?"""
    for function in (nn.cross_entropy, nn.cross_entropy_backward):
        with pytest.raises(IndexError):
            function(np.zeros((1, 3)), np.array([3]))
    with pytest.raises(IndexError):
        nn.one_hot(np.array([3]), 3)
