"""The lectures run from top to bottom, and the numbers that they show are right."""

import ast
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from course import nn
from course.data import is_full_mnist, load_mnist, spiral
from course.notebooks.canonical import read
from course.reference import tolerance
from tests.notebooks.executed import LECTURES, executed, guessed, html, printed

LONGEST = 15  # lines of a function in a cell; a longer one belongs into course/
LECTURE_1, LECTURE_2 = (next(path for path in LECTURES if path.name.startswith(start)) for start in ("1_", "2_"))


def numbers(text):
    """Return all numbers in a text, as floats; thousands may have a comma."""
    return [
        float(n) for n in re.findall(r"(?<![\w.])[-+]?\d+\.?\d*(?:e[-+]?\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text))
    ]


def after(text, words):
    """Return the first number after `words` in a text."""
    return numbers(text[text.index(words) + len(words) :])[0]


@pytest.mark.slow
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_runs_without_complaint(path):
    """Does the lecture run from top to bottom, with nothing on stderr?"""
    outputs = [(cell.id, output) for cell in executed(path).cells for output in cell.get("outputs", [])]
    assert outputs
    assert [(cell_id, output.text) for cell_id, output in outputs if output.get("name") == "stderr"] == []


class Images(HTMLParser):
    """Collect the alt texts of the images in a page."""

    def __init__(self, page):
        super().__init__()
        self.alts = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


@pytest.mark.slow
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_every_picture_has_alt_text(path):
    """Does every picture say what it shows, in a sentence of at least 20 letters?"""
    alts = [(cell_id, alt) for cell_id, page in html(executed(path)) for alt in Images(page).alts]
    assert len(alts) > 10
    assert [(cell_id, alt) for cell_id, alt in alts if len(alt.strip()) < 20] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_no_picture_without_a_way_to_name_it(path):
    """Does every PNG come with HTML that has an alt text, so that no bare picture reaches the page?"""
    outputs = [(cell.id, output) for cell in executed(path).cells for output in cell.get("outputs", [])]
    bare = [i for i, o in outputs if "image/png" in o.get("data", {}) and "text/html" not in o.data]
    assert bare == []


@pytest.mark.slow
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_every_explorer_leaves_a_still_picture(path):
    """Without a kernel, does an explorer still show a picture of its own, and a guess its question?"""
    explorers = 0
    for cell in executed(path).cells:
        data = [output.data for output in cell.get("outputs", []) if "data" in output]
        pages = "".join(bundle.get("text/html", "") for bundle in data)
        for view in (bundle.get("application/vnd.jupyter.widget-view+json") for bundle in data):
            still = view and f'class="course-still course-figure" data-explorer="{view["model_id"]}"'
            assert not view or still in pages or 'class="course-guess"' in pages, cell.id
            explorers += bool(still and still in pages)
    assert explorers > 5


def long_functions(source):
    """Return (name, lines) of the functions that are too long."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [(f.name, f.end_lineno - f.lineno + 1) for f in found if f.end_lineno - f.lineno + 1 > LONGEST]


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.name)
def test_functions_in_cells_are_short(path):
    """Does every function that is longer than 15 lines live in course/?"""
    assert [(cell.id, found) for cell in read(path).cells if cell.cell_type == "code"
            and (found := long_functions(cell.source))] == []  # fmt: skip


def test_a_long_function_is_found():
    """Would the test above notice one?"""
    assert long_functions("def f():\n" + "    x = 1\n" * 15) == [("f", 16)]
    assert long_functions("def f():\n" + "    x = 1\n" * 14) == []


# lecture 1: cell, words before the number, the number as it was worked out without this code
LECTURE_1_NUMBERS = [
    ("l1-jump", "2011 to 2012: errors divided by", 1.625),
    ("l1-jump", "2012 to 2015: errors divided by", 4),
    ("l1-top5", "top-1 accuracy", 0.4),
    ("l1-top5", "top-5 accuracy", 0.8),
    ("l1-fgsm-linear", "move a sum by", 3.92),
    ("l1-fgsm-linear", "from -1 to 1:", 0.00784),
    ("l1-tags", "cow, pasture    11 words, sum of scores", 10.621),
    ("l1-tags", "cow, beach      11 words, sum of scores", 10.657),
    ("l1-tags", "elephant, room   9 words, sum of scores", 8.444),
    ("l1-flatten", "row 10, column 3 is entry", 283),
    ("l1-edges", "lines between inputs and neurons:", 7840),
    ("l1-matrix", "parameters:", 7850),
    ("l1-softmax-overflow", "largest taken away first:      [", 1),
    ("l1-layer", "sum of the output", 1),
    ("l1-demo1", "parameters", 7850),
    ("l1-demo1", "ln 10 =", 2.3026),
    ("l1-no-idea", "=", 2.3026),
    ("l1-loss", "0.9: loss", 0.1054),
    ("l1-loss", "0.5: loss", 0.6931),
    ("l1-loss", "0.1: loss", 2.3026),
    ("l1-loss", "0.01: loss", 4.6052),
    ("l1-two-counts", "first layer", 401920),
    ("l1-two-counts", "second layer", 5130),
    ("l1-two-counts", "together", 407050),
    ("l1-two-counts", "that is", 51.9),
    ("l1-backprop-check", "", 26),  # 3*5 + 3 + 2*3 + 2
]


@pytest.mark.slow
@pytest.mark.parametrize("cell_id, words, expected", LECTURE_1_NUMBERS)
def test_lecture_1_computes(cell_id, words, expected):
    """Does the cell print this number, to the digits shown?"""
    assert after(printed(executed(LECTURE_1), cell_id), words) == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.slow
def test_lecture_1_relu_and_softmax_of_the_example():
    """Are the two activations of the ten numbers those worked out by hand?"""
    notebook = executed(LECTURE_1)
    assert numbers(printed(notebook, "l1-relu")) == [1, 2, 0, 0, 0.5, 0, 3, 0, 0, 1.5]
    softmax = numbers(printed(notebook, "l1-softmax"))[:10]
    by_hand = [0.0689, 0.1874, 0.0093, 0.0254, 0.0418, 0.0034, 0.5094, 0.0254, 0.0154, 0.1137]
    assert softmax == pytest.approx(by_hand, abs=1e-4)
    assert "nan" in printed(notebook, "l1-softmax-overflow")
    gradient = numbers(printed(notebook, "l1-gradient-check"))[:10]
    assert gradient == pytest.approx(np.array(by_hand) - np.eye(10)[6], abs=1e-4)


@pytest.mark.slow
def test_lecture_1_ways_that_are_the_same():
    """Are a loop and a product, ten sums and a matrix, both forms of a layer, and two ways to a loss equal?"""
    notebook = executed(LECTURE_1)
    loop, dot = numbers(printed(notebook, "l1-sum"))
    ten, row, column = (numbers(line) for line in [printed(notebook, "l1-ten-sums").replace("\n", " "),
                                                   *printed(notebook, "l1-matrix").split("\n")[:2]])  # fmt: skip
    assert len(ten) == 10 and loop == pytest.approx(dot, abs=1e-3) and ten[0] == pytest.approx(loop, abs=0.006)
    assert ten == row == column
    text = printed(notebook, "l1-fgsm-linear")
    assert after(text, "the sum:") == pytest.approx(after(text, "the sum of |w|:"), abs=2e-4)
    assert after(printed(notebook, "l1-logistic"), "random z:") < 1e-12
    for line in printed(notebook, "l1-loss").strip().split("\n"):
        assert after(line, ": loss") == after(line, "ln(1 / p(6)) =")


@pytest.mark.slow
def test_lecture_1_untrained_net_has_no_idea():
    """Does the untrained net start near ln 10, with about one digit in ten right?"""
    text = printed(executed(LECTURE_1), "l1-demo1")
    assert after(text, "untrained: loss") == pytest.approx(2.3026, abs=0.15)
    assert 0.02 < after(text, "held-out accuracy") < 0.25


def accuracy_of(notebook, net):
    """Return the last number in the row of a net, in the table that compares the two."""
    cell = next(cell for cell in notebook.cells if cell.id == "l1-demo3-table")
    table = next(output.data["text/markdown"] for output in cell.outputs if "text/markdown" in output.get("data", {}))
    return numbers(next(line for line in table.splitlines() if line.startswith(f"| {net} |")))[-1]


@pytest.mark.slow
def test_lecture_1_accuracies_on_the_full_set():
    """On all of MNIST, does one layer pass 92.3 % and do two layers pass 98.0 % of the test digits?"""
    if not is_full_mnist():
        pytest.skip("the full MNIST is not on this machine")
    notebook = executed(LECTURE_1)
    assert after(printed(notebook, "l1-demo2"), "test accuracy") >= 0.923
    assert after(printed(notebook, "l1-demo3"), "test accuracy") >= 0.980


@pytest.mark.slow
def test_lecture_1_second_layer_helps():
    """On whatever digits there are, is the 2-layer net the better one, and are both far from chance?"""
    notebook = executed(LECTURE_1)
    one = after(printed(notebook, "l1-demo2"), "test accuracy")
    two = after(printed(notebook, "l1-demo3"), "test accuracy")
    assert 0.85 < one < two


# lecture 2: cell, words before the number, the number as it was worked out without this code
LECTURE_2_NUMBERS = [
    ("l2-tensor", "of the picture is now", 0.5),
    ("l2-one", "lines between inputs and neurons:", 7840),
    ("l2-one", "parameters:", 7850),
    ("l2-two", "parameters:", 407050),
    ("l2-zero", "1 layer: loss", 2.302585093),
    ("l2-zero", "2 layers: loss", 2.302585093),
    ("l2-vgg", "VGG-16:", 138357544),  # PyTorch's documentation of vgg16
    ("l2-vgg", "parameters in", 16),
    ("l2-structure", "dense", 30211772416),
    ("l2-structure", "convolution, 3 x 3", 442624),
    ("l2-module-run", "1 x 1    (1, 64, 28, 28)", 12352),
    ("l2-module-run", "3 x 3    (1, 128, 28, 28)", 129248),  # 18 528 + 110 720
    ("l2-module-run", "5 x 5    (1, 32, 28, 28)", 15920),  # 3 088 + 12 832
    ("l2-module-run", "pooling  (1, 32, 28, 28)", 6176),
    ("l2-module-run", "together (1, 256, 28, 28)", 163696),
    ("l2-digits", "-> (1, 8, 28, 28),", 156),
    ("l2-reach", "'1 x 1':", 1),
    ("l2-reach", "'3 x 3':", 9),
    ("l2-reach", "'5 x 5':", 25),
    ("l2-reach", "'pooling':", 9),
]


@pytest.mark.slow
@pytest.mark.parametrize("cell_id, words, expected", LECTURE_2_NUMBERS)
def test_lecture_2_computes(cell_id, words, expected):
    """Does the cell print this number, to the digits shown?"""
    assert after(printed(executed(LECTURE_2), cell_id), words) == pytest.approx(expected, rel=1e-9)


def shown_table(notebook, cell_id):
    """The rows of the table of a cell, as lists of strings."""
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    table = next(output.data["text/markdown"] for output in cell.outputs if "text/markdown" in output.get("data", {}))
    return [[entry.strip() for entry in line.strip("|").split("|")] for line in table.splitlines()[2:]]


@pytest.mark.slow
@pytest.mark.parametrize("cell_id, steps", [("l2-steps-table", 4), ("l2-backward-table", 10)])
def test_lecture_2_is_the_net_of_lecture_1(cell_id, steps):
    """At each step, from one weighted sum to the weights after a step of SGD, do PyTorch and NumPy agree?"""
    rows = shown_table(executed(LECTURE_2), cell_id)
    assert len(rows) == steps
    assert [row for row in rows if not float(row[-1]) < tolerance().value] == []
    shapes = {row[0]: row[1] for row in rows}
    if steps == 10:
        assert shapes["logits"] == "(64, 10)" and shapes["gradient: weight of layer 1"] == "(512, 784)"


@pytest.mark.slow
def test_lecture_2_first_entries_are_those_of_numpy():
    """Are the first logit, the loss and a gradient those of course.nn, worked out here once more?"""
    images, labels = load_mnist("train", flat=True)
    held_out = np.random.default_rng(0).permutation(len(images))[:64]
    x, y = images[held_out].astype(float), labels[held_out]
    net = nn.MLP([784, 512, 10])
    loss, gradients, _ = net.loss_and_gradients(x, y)
    after_step = [parameter - 0.1 * gradient for parameter, gradient in zip(net.parameters, gradients, strict=True)]
    expected = [net(x), loss, *gradients, *after_step]
    found = [float(row[2]) for row in shown_table(executed(LECTURE_2), "l2-backward-table")]
    assert found == pytest.approx([float(np.ravel(value)[0]) for value in expected], abs=1e-6)


@pytest.mark.slow
def test_lecture_2_record_and_gradcheck():
    """Is the record the net read backwards, and does gradcheck refuse the wrong ReLU, where it can see the mistake?"""
    notebook = executed(LECTURE_2)
    assert printed(notebook, "l2-graph").split() == "NllLoss <- LogSoftmax <- Addmm <- Relu <- Addmm".split()
    right, wrong, *_, blind = printed(notebook, "l2-gradcheck").strip().split("\n")
    assert right.endswith("passes") and "FAILS: Jacobian mismatch" in wrong and blind.endswith("passes")


@pytest.mark.slow
def test_lecture_2_losses_agree():
    """Are three forms of the loss equal, and is the loss of probabilities handed in by mistake ln(1 + 9/e)?"""
    notebook = executed(LECTURE_2)
    losses = [numbers(line) for line in printed(notebook, "l2-loss").strip().split("\n")]
    assert len(losses) == 3 and all(a == pytest.approx(b, abs=1e-11) for a, b in losses)
    (answer,) = guessed(notebook)[next(q for q in guessed(notebook) if "hands these probabilities" in q)]
    assert after(answer["truth"], "") == pytest.approx(1.4612, abs=1e-4)
    assert "no idea: equal logits 2.3026, 0.1 each, handed in by mistake 2.3026" in answer["alt"]


@pytest.mark.slow
def test_lecture_2_chooses_without_the_test_set():
    """Is the test set loaded once, after the choice, and is the net that is judged the smallest of the good ones?"""
    cells = [cell for cell in read(LECTURE_2).cells if cell.cell_type == "code"]
    places = [number for number, cell in enumerate(cells) if 'load_mnist("test"' in cell.source]
    uses = [number for number, cell in enumerate(cells) if re.search(r"\btest_(x|y|images|labels)\b", cell.source)]
    assert len(places) == 1 and min(uses) == places[0]
    chosen = next(number for number, cell in enumerate(cells) if cell.id == "l2-choose-table")
    assert chosen < places[0]
    notebook = executed(LECTURE_2)
    rows = shown_table(notebook, "l2-choose-table")
    counts = [int(row[1].replace(",", "")) for row in rows]
    assert counts == sorted(counts)
    assert f"the smallest of them: {rows[0][0]}" in printed(notebook, "l2-choose-table")
    best, noise = (after(printed(notebook, "l2-choose-table"), w) for w in ("accuracy is", "noise:"))
    reached = [float(row[2]) for row in rows]
    assert max(reached) == pytest.approx(best, abs=1e-4) and min(reached) >= best - noise - 1e-4
    assert after(printed(notebook, "l2-test"), "test") > 0.85


@pytest.mark.slow
def test_lecture_2_trainings_can_be_repeated():
    """Does one net of the map, trained here once more, reach what the map says?"""
    x, y = spiral(400, turns=1.5)
    new, new_labels = spiral(1000, turns=1.5, seed=1)
    net = nn.MLP([2, 8, 8, 2], "tanh", dtype=np.float32)
    nn.train(net, x.astype(np.float32), y, lr=0.15, batch_size=80, epochs=200, momentum=0.9)
    question = next(q for q in guessed(executed(LECTURE_2)) if "spirals" in q)
    (answer,) = guessed(executed(LECTURE_2))[question]
    said = after(answer["alt"], "2 hidden layers of 8")
    assert nn.accuracy(net, new.astype(np.float32), new_labels) == pytest.approx(said, abs=0.02)
