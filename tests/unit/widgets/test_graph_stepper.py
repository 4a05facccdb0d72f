"""Graphs step by step: the decks' numbers, own expressions, the reader's class, and the gradient that is said first."""

import numpy as np
import pytest

from course import nn, reference
from course.widgets import GraphStepper
from course.widgets.graph_examples import EXAMPLES
from course.widgets.graph_expression import NoGraph, parse

from .conftest import settled


def after(explorer, position=99):
    """({name: value}, {name: gradient}) as the page shows them at a step."""
    explorer.position = position
    scene = settled(explorer).picture.scene
    step = scene["steps"][min(position, len(scene["steps"]) - 1)]
    names = [node["name"] for node in scene["nodes"]]
    return dict(zip(names, step["values"], strict=True)), dict(zip(names, step["gradients"], strict=True))


class Plain:
    """The class that a lecture writes in twenty lines: numbers alone, and a recursive backward."""

    def __init__(self, data, inputs=()):
        self.data, self.grad, self._inputs = data, 0.0, inputs

    def __add__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data * other.data, ((self, other.data), (other, self.data)))

    __radd__, __rmul__ = __add__, __mul__

    def backward(self, gradient=1.0):
        self.receive(gradient)
        for value, local in self._inputs:
            value.backward(gradient * local)

    def receive(self, gradient):
        self.grad += gradient


class Forgetful(Plain):
    """The slip of = for +=: of several gradients the last one stays."""

    def __add__(self, other):
        return remade(super().__add__(other))

    def __mul__(self, other):
        return remade(super().__mul__(other))

    def receive(self, gradient):
        self.grad = gradient


def remade(value):
    value.__class__ = Forgetful
    return value


def test_the_decks_graph():
    """Are the numbers of (x + y + 1) r those of the deck: 3, 4, 12 forward, then 3, 4, 3, 3, 3, none shown early?"""
    explorer = settled(GraphStepper(example="(x + y + 1) r"))
    assert after(explorer, 0)[0] == {"x": "−2", "y": "5", "r": "3", "q": "", "z": "", "f": ""}
    assert after(explorer, 0)[1] == dict.fromkeys("xyrqzf", "")
    assert after(explorer, 2)[0] == {"x": "−2", "y": "5", "r": "3", "q": "3", "z": "4", "f": ""}
    assert "Forward 2 of 3: z = q + 1 = 4." in explorer.readout
    assert after(explorer, 4)[1] == {"x": "", "y": "", "r": "", "q": "", "z": "", "f": "1"}
    explorer.position = 5
    assert "from f to z. Local: the other factor, 3. Upstream × local = 1 × 3 = 3." in explorer.readout
    values, gradients = after(explorer)
    assert values == {"x": "−2", "y": "5", "r": "3", "q": "3", "z": "4", "f": "12"}
    assert gradients == {"x": "3", "y": "3", "r": "4", "q": "3", "z": "3", "f": "1"}
    assert explorer.error == "" and "6 of 6 values and 6 gradients as by the rules" in explorer.readout


def test_the_branch_that_wins():
    """Does max route the gradient, and does a control's value switch the branch, as in the deck?"""
    explorer = settled(GraphStepper(example="maximum of two branches"))
    values, gradients = after(explorer)
    assert (values["q1"], values["q2"], values["F"]) == ("6", "−4", "2")
    assert [gradients[name] for name in ("w1", "x1", "w2", "x2", "x3")] == ["3", "2", "4", "−1", "0"]
    explorer._boxes["x3"].value = 5
    values, gradients = after(explorer)
    assert values["F"] == "5" and [gradients[n] for n in ("w1", "x1", "w2", "x2", "x3")] == ["0", "0", "0", "0", "1"]
    explorer.values = {"x3": 2}
    assert after(explorer)[1]["x3"] == "0.5"
    assert "½, both are equal" in settled(explorer).picture.scene["steps"][6]["says"]


def test_gradients_add():
    """Is a first part shown as one of several, are both said, and is their sum the deck's 60?"""
    explorer = settled(GraphStepper(example="w used twice: gradients add"))
    steps = settled(explorer).picture.scene["steps"]
    shown = [step["gradients"][0] for step in steps]
    assert "30 + …" in shown and shown[-1] == "60"
    assert any("Gradients add: 30 + 30 = 60." in step["says"] for step in steps)


@pytest.mark.parametrize("example, values, gradients", [
    ("(x + y) z", {"q": "3", "f": "−12"}, {"x": "−4", "y": "−4", "z": "3"}),
    ("sigmoid neuron, piece by piece", {"z": "1", "a": "0.7311"}, {"w1": "−0.1966", "x1": "0.3932", "b": "0.1966"}),
    ("neuron and loss", {"a": "0.5", "L": "0.125"}, {"w": "−0.25", "b": "−0.125", "x": "−0.0625"}),
    ("a long derivative", {}, {"x": "0.2713"}),
    ("a layer, with shapes", {"h": "(2,)", "L": "16"}, {"W": "(2, 2)", "x": "(2,)", "q3": "−8"}),
])  # fmt: skip
def test_examples(example, values, gradients):
    """Are the ends of the examples those worked out by hand, or by the deck's closed form?"""
    found = after(settled(GraphStepper(example=example)))
    assert found[0] == found[0] | values and found[1] == found[1] | gradients


@pytest.mark.parametrize("expression", [
    *EXAMPLES.values(), "x * x + x", "x / y - 3 / x", "y = 3; 2 - exp(-x) * log(y)", "max(x, y, 1) ** 3",
    "x = 0.5; sqrt(sigmoid(tanh(relu(x))))", "x = [1, 2]; y = [[3], [-2]]; sum(max(x * y, 0) / (x - y))",
    "+x * -y", "A = [[1, 2, 3], [0, 1, 0]]; B = [[1, 0], [2, 1], [3, 3]]; sum((A @ B) ** 2)",
])  # fmt: skip
def test_all_four_agree(expression):
    """Do the rules, nn.Value, PyTorch and finite differences give the same gradients, of every operation?"""
    explorer = settled(GraphStepper(expression=expression))
    check = explorer._result["check"]
    assert explorer.error == "" and not any(check.value_wrong + check.gradient_wrong)
    torch, numeric = explorer.readout.split("gradients: ")[-1].split(" from PyTorch, ")
    assert float(torch.replace("−", "-")) < 1e-12
    largest = max(np.abs(gradient).max() for gradient in check.gradients.values())
    assert float(numeric.split(" ")[0].replace("−", "-")) < 1e-6 * largest


def test_a_class_of_numbers_will_do():
    """Is a class that knows +, * and backward enough, and are its own numbers the ones shown?"""
    explorer = settled(GraphStepper(Plain, "w = 3; x = 2; y = 5; (w * x) * (w * y) + 1"))
    assert explorer.error == "" and after(explorer)[1]["w"] == "60"


def test_a_wrong_node_is_marked():
    """Where the reader's class differs, is that node marked and no other, and is it said what it is and should be?"""
    explorer = settled(GraphStepper(Forgetful, example="w used twice: gradients add"))
    assert "Your class differs in 1 of 6 gradients. First in w, on the way back: it says 30, the rules give 60." in (
        explorer.error
    )
    assert after(explorer)[1]["w"] == "✗ 30"
    last = explorer.picture.scene["steps"][-1]
    assert last["wrong"] == [[False, True], *[[False, False]] * 5]
    assert explorer.picture.scene["steps"][5]["wrong"] == [[False, False]] * 6, "not before it is complete"
    full = next(step for step in explorer.picture.scene["steps"] if "Gradients add" in step["says"])
    assert "Your class gives w the gradient 30; the rules give 60." in full["says"]


def test_a_wrong_value_is_marked():
    """Is the first wrong value named, with its operation?"""

    class Wrong(nn.Value):
        def relu(self):
            return self * 0.1

    explorer = settled(GraphStepper(Wrong, "x = 2; relu(x) + 1"))
    assert "Your class differs in 2 of 3 values. First in q1 = relu(x): it says 0.2, it is 2." in explorer.error
    assert after(explorer)[0] == {"x": "2", "q1": "✗ 0.2", "f": "✗ 1.2"}


def test_what_the_class_lacks_is_said():
    """Are a missing operation, a missing grad, a None and a gradient that is no number sentences?"""

    class NoGrad:
        def __init__(self, data):
            self.data = data

        def __mul__(self, other):
            return NoGrad(self.data * other.data)

    class Nothing(Plain):
        def __mul__(self, other):
            return Nothing(self.data * other.data)

        def backward(self):
            self.grad = None

    for value, expression, sentence in [
        (Plain, "x = 2; tanh(x)", "'Plain' object has no attribute 'tanh'"),
        (NoGrad, "x * y", "Your class has no `grad`: it made an object of type NoGrad."),
        (lambda data: data, "x * y", "Your * returned a single number, -6.0. Expected a value with `data`."),
        (Nothing, "x * x", "`grad` of f is None"),
        (nn.Value, "y = [1, 2]; x * y", "f has the shape (2,); a gradient starts at one number. Write sum(...)."),
        (nn.Value, "x = [1, 2, 3]; y = [1, 2]; sum(x * y)", "These shapes do not go together"),
        (nn.Value, "x = -1; log(x)", "f = log(x) is nan"),
    ]:
        assert sentence in settled(GraphStepper(value, expression)).error


def test_kinks():
    """Where max has two equal inputs, is it said why finite differences need not agree, and only there?"""
    assert "Here is a kink" in settled(GraphStepper(expression="x = 0; relu(x)")).readout
    assert "kink" not in settled(GraphStepper(expression="x = 1; relu(x)")).readout


def test_the_gradient_is_said_first():
    """Is a gradient hidden, in words, picture and alt text, and no later step shown, until it is said or given up?"""
    explorer = settled(GraphStepper(example="(x + y) z"))
    explorer.answer_first, explorer.position = True, 99
    assert explorer._at(explorer._result) == 4 and "Your turn: what does q get? Upstream is 1" in explorer.readout
    steps = explorer.picture.scene["steps"]
    assert steps[4]["gradients"][3] == "?" and "−4" not in steps[4]["line"] and "its gradient ?" in explorer.alt
    hidden = explorer.png
    explorer.say(4)
    assert "4 is not it. Try again: upstream times local." in explorer.readout and explorer.position == 4
    explorer.say(-4)
    assert "Right: −4." in explorer.readout and "1 × (−4) = −4" in explorer.readout and explorer.png != hidden
    explorer.position = 5
    explorer.say(None)
    assert "Shown." in explorer.readout and "the other factor, 3" in explorer.readout
    explorer.position = 99
    assert explorer._at(explorer._result) == 6
    explorer.values = {"x": 1}
    assert explorer.answers == {} and settled(explorer)._at(explorer._result) == 4


def test_shapes_are_shown_unasked():
    """Are gradients with a shape shown while the reader says the numbers first?"""
    explorer = settled(GraphStepper(example="a layer, with shapes"))
    explorer.answer_first = True
    assert [step["open"] for step in explorer.picture.scene["steps"] if step["phase"] == "backward"] == (
        [False, False] + [True] * 7
    )  # fmt: skip


def test_own_expression():
    """Does an expression from the page make a graph, controls and first values, and does Reset bring the first back?"""
    explorer = settled(GraphStepper())
    start = explorer.readout, explorer.alt
    explorer.position = 3
    explorer.picture.expression = "a = 2; B = [1, 2]; sum(a * B) * c"
    assert after(settled(explorer), 0)[0] == {"a": "2", "B": "(2,)", "c": "4", "q1": "", "q2": "", "f": ""}
    assert [box.description for box in explorer._variables.children] == ["a", "B", "c"]
    assert explorer._example.value == "your own" and explorer.error == ""
    explorer._boxes["B"].value = "[1, 2, 3]"
    assert after(explorer)[0]["f"] == "48" and explorer.values == {"B": [1.0, 2.0, 3.0]}
    explorer._boxes["B"].value = "[1, x]"
    assert "B must be a number or a list of numbers" in settled(explorer).error and explorer.picture.stale
    explorer.values = {"B": [1.0, 1.0]}
    assert settled(explorer).error == "" and explorer._boxes["B"].value == "[1.0, 1.0]"
    explorer._example.value = "neuron and loss"
    assert [box.description for box in explorer._variables.children] == ["x", "w", "b", "y"] and explorer.values == {}
    explorer.reset()
    assert (settled(explorer).readout, explorer.alt) == start and explorer._example.value == "(x + y) z"


def test_a_typing_mistake_is_a_sentence():
    """Is what cannot be read said in place, the last picture kept, and the mended expression drawn?"""
    explorer = settled(GraphStepper())
    explorer.expression = "(x + y"
    assert "This is not an expression" in settled(explorer).error and explorer.picture.stale
    explorer.expression = "(x + y)"
    assert settled(explorer).error == "" and not explorer.picture.stale


@pytest.mark.parametrize("text, sentence", [
    ("", "Type an expression"), ("x", "needs a variable and an operation"), ("2 + 3", "needs a variable"),
    ("(((", "This is not an expression"), ("x ^ 2", "A power is written"), ("x ** y", "exponent must be a number"),
    ("abs(x)", "The functions are max, relu"), ("exp + x", "exp needs brackets"), ("max(x)", "max takes 2 of them"),
    ("log(2) * x", "log of numbers alone"), ("x / (1 / 0)", "/ of numbers alone"),
    ("9 ** 9999 * x", "of numbers alone"), ("x.data * 2", "Possible are names, numbers"),
    ("x[0] + 1", "Possible are names"), ("'a' * x", "Possible are names"),
    ("True * x", "Possible are names"), ("x if y else z", "Possible are names"), ("[x, y]", "Possible are names"),
    ("(lambda: x)() + x", "The functions are"), ("__import__('os').system('ls')", "The functions are"),
    ("exp(x, base=2)", "The functions are"), ("max(*x)", "The functions are"), ("import os", "Only expressions"),
    ("while x: pass", "Only expressions"), ("x, y = 1, 2", "stands one name"), ("x + y; x * y", "without a name"),
    ("q = x + y; x * 2", "does not use y, q"),
    ("x = 1; x = 2; x * x", "too late, or twice"), ("max = 3", "is a function"),
    ("x * x; x = 3", "Only the last"), ("a = [[[1]]]; sum(a)", "one or two axes"), ("a = []; sum(a)", "1 to 4 entries"),
    ("x = 1e9; x * x", "of size 1e+06 or less"), ("1e999 * x", "of size 1e+06"),
    ("variable * 2", "at most 6 characters"),
    ("a+b+c+d+e+f+g", "At most 6 variables"), ("x" + "*x" * 17, "At most 16 operations"),
    ("x" + "*x" * 11, "At most 10 operations one after"), ("x+" * 200 + "x", "at most 300 characters"),
    ("sum([1, 2]) * x", "Give the list a name"), ("f = y", "needs a variable and an operation"), ("x\0", "not an exp"),
])  # fmt: skip
def test_what_makes_no_graph(text, sentence):
    """Is everything else than numbers, names, operators and the functions refused with a sentence, and never run?"""
    with pytest.raises(NoGraph, match=sentence.replace("*", r"\*").replace("+", r"\+")):
        parse(text)
    with pytest.raises(ValueError):
        GraphStepper(expression=text)


def test_no_two_nodes_share_a_place():
    """Do the texts of two nodes never stand upon each other, in all examples and the largest graphs?"""
    large = ["a*b + c*d + e*g", "x*x*x*x*x*x*x*x*x*x", "tanh(a) * tanh(b) * tanh(c) * tanh(a)"]
    for expression in [*EXAMPLES.values(), *large]:
        places = settled(GraphStepper(expression=expression))._result["places"]
        for number, (x, y) in enumerate(places):
            assert 30 <= x <= 690 and all(abs(x - a) >= 60 or abs(y - b) >= 57 for a, b in places[:number]), expression


def test_bad_arguments():
    """Are a value instead of a class and an unknown example refused in the cell?"""
    with pytest.raises(TypeError, match="value must be a class such as nn.Value"):
        GraphStepper(nn.Value(3.0).data)
    with pytest.raises(ValueError, match="example must be one of"):
        GraphStepper(example="photo")


def test_torch_is_asked():
    """Is the difference said that from PyTorch, and not one of our own rules again?"""
    explorer = GraphStepper(Forgetful, example="w used twice: gradients add")
    assert "30 from PyTorch" in settled(explorer).readout
    assert reference.gradients(lambda w: (w * 2) * (w * 5), np.array(3.0))[0] == 60


def test_showing_a_slider_changes_nothing():
    """Where a page writes back what a slider's steps make of a value, does the value stay, and do the answers?"""
    explorer = settled(GraphStepper(expression="x = 0.27; x * x"))
    explorer.answers = {"3": None}
    explorer._boxes["x"].value = 0.3
    assert explorer.values == {} and explorer.answers == {"3": None}
    explorer._boxes["x"].value = 0.4
    assert explorer.values == {"x": 0.4} and explorer.answers == {}
