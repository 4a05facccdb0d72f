"""Is what can be seen without knowing the question seen, and only where it belongs?"""

import math

import numpy as np
import pytest

from course.checks import activations
from course.checks.call import holds_lines
from course.checks.hints import HINTS, hint_for_error, hint_for_value, text_of_hint
from course.checks.question import Mistake, Question
from course.checks.record import Case
from course.checks.render import to_text

X = np.array([[1.0, -2.0, 0.5], [3.0, 4.25, -6.0]])
WHOLE = np.arange(6).reshape(2, 3)
double = Question("double", lambda x: 2 * x, lambda: [Case("two rows", {"x": X}), Case("a vector", {"x": X[0]})])


def _raised(function):
    """The error of a line, as if it stood in a student's function."""
    try:
        function()
    except Exception as error:
        return error


@pytest.mark.parametrize("name, line", [
    ("matmul", lambda: X @ X), ("matmul", lambda: np.dot(X, X)), ("broadcast", lambda: X - X.max(axis=1)),
    ("broadcast", lambda: X[np.arange(2), np.arange(3)]), ("broadcast", lambda: X.__setitem__(0, np.ones(4))),
    ("axes", lambda: X[0, 0, 0]), ("axes", lambda: X.sum(axis=2)), ("index", lambda: X[5]), ("index", lambda: [1][3]),
    ("index type", lambda: X[X]), ("index type", lambda: X[0.5]), ("power", lambda: X ^ 2), ("power", lambda: 1.5 ^ 2),
    ("one number", lambda: math.exp(X)), ("one number", lambda: float(X)), ("truth value", lambda: max(X, 0)),
    ("integer buffer", lambda: WHOLE.__iadd__(0.5)), ("one place", lambda: WHOLE[0].__setitem__(0, [1.5, 2.5])),
    ("reshape", lambda: X.reshape(4, 2)), ("too large", lambda: math.exp(1000.0)), ("brackets", lambda: X(0)),
    ("brackets", lambda: (3).__add__[0]), ("name", lambda: not_there), ("attribute", lambda: X.exp()),  # noqa: F821
    ("in place", lambda: np.broadcast_to(X, (2, 2, 3)).__setitem__(0, 1)),
    # the words of one error in another
    ("raises", lambda: np.zeros(10**15)), ("raises", lambda: int("too large")), ("raises", lambda: {}["out of range"]),
    ("raises", lambda: next(iter(()))), ("raises", lambda: (_ for _ in ()).throw(ValueError("out of bounds"))),
])  # fmt: skip
def test_errors(name, line):
    """Does the text of an error give its hint, in the kind of error that it belongs to?"""
    assert hint_for_error(_raised(line)) == name


@pytest.mark.parametrize("name, got", [
    ("nothing returned", None), ("list", [1.0, 2.0]), ("matrix", X.view(np.matrix)), ("masked", np.ma.masked_array(X)),
    ("too many values", (X, X)), ("generator", (v for v in X)), ("shape", 1.5), ("shape", X[0]), ("transposed", X.T),
    ("not a number", X * np.nan), ("not converted", X.astype(int)), ("not converted", np.trunc(X)),
    ("never filled", 0 * X), ("float16", X.astype(np.float16)), ("", X + 1), ("", "text"), ("", {}),
])  # fmt: skip
def test_values(name, got):
    """Does what came back give its hint?"""
    assert hint_for_value(got, X) == name


def test_transposed_square():
    """Are exchanged rows and columns seen where the shape cannot show them?"""
    square = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert hint_for_value(square.T, square) == "transposed" and hint_for_value(square + 1, square) == ""


def test_products_speak_of_the_weight_where_there_is_one():
    """Does the hint for a product that does not fit name `weight` only in questions that have it?"""
    assert "`weight`" in text_of_hint("matmul", {"x": X, "weight": X})
    assert "weight" not in text_of_hint("matmul", {"probs": X}) and "weight" not in "".join(HINTS.values())
    record = activations.linear.run(lambda x, weight, bias: x @ x)
    assert record.first_failure.mistake == "matmul" and "Row j of `weight`" in record.first_failure.hint
    record = activations.softmax.run(lambda logits: logits @ logits)
    assert record.first_failure.mistake == "matmul" and "weight" not in record.first_failure.hint


def test_most_typical_mistake_of_all():
    """Does softmax without keepdims in both places get the hint about lost axes, and probs - labels that on one-hot?"""

    def softmax(logits):
        e = np.exp(logits - np.max(logits, axis=1))
        return e / np.sum(e, axis=1)

    failure = activations.softmax.run(softmax).first_failure
    assert failure.mistake == "no keepdims" and "keepdims" in failure.hint and failure.message.startswith("It raised")
    failure = activations.softmax_cross_entropy_backward.run(lambda probs, labels: probs - labels).first_failure
    assert failure.mistake == "labels not one-hot" and failure.message.startswith("It raised")


def test_known_mistake_stays_where_it_explains():
    """Does a known mistake not stand under a case that failed in another way?"""
    question = Question("double", lambda x: 2 * x, double.cases, mistakes=[Mistake("squared", lambda x: x**2, "No.")])

    def squared_and_broken(x):
        return x**2 if x.ndim == 2 else x + np.ones(7)

    results = question.run(squared_and_broken).results
    assert [r.mistake for r in results] == ["squared", "broadcast"] and results[1].hint == HINTS["broadcast"]
    record = activations.cross_entropy.run(lambda probs, labels: -np.log(probs[np.arange(2), labels]).sum())
    failure = next(r for r in record.results if len(r.inputs["labels"]) == 4)  # the indices do not fit
    assert failure.message.startswith("It raised") and failure.mistake == "broadcast"


def test_only_one_kind_of_input_fails():
    """Does the hint say so if nothing but a layout, or integers, is the matter?"""
    relu = activations.relu
    scrambled = relu.run(lambda x: np.maximum(x.ravel(order="K").reshape(x.shape), 0)).first_failure
    assert scrambled.mistake == "only transposed" and scrambled.case.layout == "transposed"
    assert relu.run(lambda x: np.maximum(x, 0 if x.dtype.kind == "f" else 2)).first_failure.mistake == "only integers"
    precise = relu.run(lambda x: np.maximum(x, 0) + (x.dtype == np.float32)).first_failure
    assert precise.mistake == "only float32" and precise.hint == HINTS["only float32"]


def test_two_outputs_wrong():
    """Does each output of several get its own hint, under its name?"""
    record = activations.linear_backward.run(lambda g, x, w: (g @ w, g.T @ x / len(x), g.sum(axis=1)))
    failure = record.first_failure
    assert failure.mistake == "weight mean, bias not summed over examples"
    assert failure.hint.startswith("grad_weight: 1/N belongs") and "grad_bias: A gradient has" in failure.hint
    assert len(failure.hint.split()) < 100
    cases, right = len(record.results), [r for r in record.results if r.parts["grad_weight"]]
    assert f"grad_x in {cases} of {cases} cases, grad_weight in {len(right)} of" in to_text(record)
    assert len(right) < cases


STUB = ["def f(x):", '    """What.', "", '    More."""', "    # YOUR CODE HERE", "    raise NotImplementedError"]


@pytest.mark.parametrize("lines, number, written", [
    (STUB, 6, False),
    ([*STUB, "", "y = 3"], 6, False),
    ([*STUB[:5], "    y = 2 * x", STUB[5]], 7, True),
    ([*STUB, "    return 2 * x"], 6, True),
    (["y = 3", "def f(x,", "      y):  # two", "    raise NotImplementedError"], 4, False),
    (["y = 3", "def f(x): raise NotImplementedError"], 2, False),
    (["raise NotImplementedError"], 1, False),
    (["def f(x):", "    if x:", "        raise NotImplementedError"], 3, True),
    ([], 5, False), (STUB, 0, False), (STUB, 99, False),
])  # fmt: skip
def test_lines_besides_the_raise(lines, number, written):
    """Are the student's own lines told from a stub, above the `raise` and below it?"""
    assert holds_lines(lines, number) is written


def test_raise_left_in():
    """Does who forgot to delete the stub's last line read that the lines are there, and what ends the function?"""

    def left_in(x):
        """Return 2 x."""
        y = 2 * x  # noqa: F841
        raise NotImplementedError("Question 1: double")

    def stub(x):
        """Return 2 x."""
        raise NotImplementedError("Question 1: double")

    record = double.run(left_in)
    assert not record.answered and record.written and "Delete that line" in to_text(record)
    record = double.run(stub)
    assert not record.answered and not record.written and "replace `raise" in to_text(record)
