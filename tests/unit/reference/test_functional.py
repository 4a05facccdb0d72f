"""The reference itself, against values worked out by hand or by long formulas; `nn` is compared elsewhere."""

import inspect

import numpy as np
import pytest
import torch
from hypothesis import given

from course import nn
from course.reference import functional
from tests.unit.compare import VALUE_32, assert_close
from tests.unit.strategies import labelled_logits

SHARED = ["linear", "relu", "sigmoid", "tanh", "softplus", "softmax", "log_softmax", "cross_entropy"]


@pytest.mark.parametrize("name", SHARED)
def test_same_arguments_as_nn(name):
    """Do names, order and defaults of the arguments equal those of `course.nn`?"""
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (nn, functional))
    assert str(ours) == str(theirs)


@pytest.mark.parametrize("name", SHARED)
def test_float64_comes_out(name):
    """Whatever goes in (float32, integers), are the results float64?"""
    labels = (np.array([0, 1]),) if name == "cross_entropy" else ()
    for kind in (np.float32, np.int64, np.uint8):
        x = np.array([[1, 2, 3], [3, 2, 1]], dtype=kind)
        inputs = (x, x, x[0, :2]) if name == "linear" else (x, *labels)
        assert np.asarray(getattr(functional, name)(*inputs)).dtype == np.float64


def test_values_worked_out_by_hand():
    """Do the functions give the numbers that one can check on paper?"""
    x = np.array([-2.0, 0.0, 3.0])
    assert functional.relu(x).tolist() == [0, 0, 3]
    assert_close(functional.sigmoid(x), [1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-3))])
    assert_close(functional.tanh(x), [-0.9640275800758169, 0, 0.9950547536867305])
    assert_close(functional.softplus(x), [np.log(1 + np.exp(-2)), np.log(2), np.log(1 + np.exp(3))])
    assert_close(functional.linear([[1, 2]], [[3, 4], [5, 6]], [7, 8]), [[18, 25]])
    assert_close(functional.softmax(np.log([1.0, 2, 5])), [0.125, 0.25, 0.625])
    assert_close(functional.softmax(np.log([1.0, 2, 5]), 0.5), np.array([1, 4, 25]) / 30)
    assert_close(functional.log_softmax([0.0, 0.0]), np.log([0.5, 0.5]))
    assert_close(functional.cross_entropy([[0.0, 0.0], [0.0, np.log(3)]], [0, 1]), (np.log(2) + np.log(4 / 3)) / 2)
    assert_close(functional.nll([[0.25, 0.75], [0.5, 0.5]], [0, 1]), (np.log(4) + np.log(2)) / 2)


@pytest.mark.parametrize("x", [19.9, 20.1, 25.0, 39.9, 40.1])
def test_softplus_does_not_round_early(x):
    """PyTorch's default softplus is wrong by 2e-9 just above 20, too much for an oracle; is ours right?"""
    assert abs(functional.softplus(x) - (x + np.log1p(np.exp(-x)))) <= 1e-15 * x


@given(case=labelled_logits(largest=30))
def test_two_ways_to_the_same_loss(case):
    """Is cross-entropy from logits the negative log-likelihood of their softmax?"""
    logits, labels = case
    assert_close(functional.nll(functional.softmax(logits), labels), functional.cross_entropy(logits, labels), VALUE_32)


def test_probability_0_costs_infinity():
    """Is a label that was ruled out infinitely surprising, without a warning?"""
    assert functional.nll(np.array([[1.0, 0.0]]), np.array([1])) == np.inf


def test_does_not_count_gradients():
    """Is the reference also right inside a program that has switched gradients on?"""
    with torch.enable_grad():
        assert type(functional.relu(np.array([1.0]))) is np.ndarray


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_wrong_number_of_arguments_is_an_error(arguments):
    """Is it Python's usual error?"""
    with pytest.raises(TypeError):
        functional.relu(*arguments)
