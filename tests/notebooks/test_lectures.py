"""The lectures run from top to bottom, and the numbers that they show are right."""

import ast
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from course.data import is_full_mnist
from course.notebooks.canonical import read
from tests.notebooks.executed import LECTURES, executed, html, printed

LONGEST = 15  # lines of a function in a cell; a longer one belongs into course/
LECTURE_1 = next(path for path in LECTURES if path.name.startswith("1_"))


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
