"""The numbers that lecture 3 shows are right: each is compared with one that was worked out without its code."""

import numpy as np
import pytest
import torch
from scipy import signal

from course import data, nn
from tests.notebooks.executed import LECTURES, executed, guessed, printed
from tests.notebooks.test_lectures import after, numbers, shown_table

pytestmark = pytest.mark.slow
LECTURE = next(path for path in LECTURES if path.name.startswith("3_"))
IMAGE = np.array([[1, 5, 1, 1], [1, 2, 8, 2], [0, 0, 1, 8]])  # the deck's worked example

# cell, words before the number, the number as it was worked out without this code
NUMBERS = [
    ("l3-resnet", "", 33),
    ("l3-resnet", "output:", 34),
    ("l3-resnet-count", "= ", 21797672),  # PyTorch's documentation of resnet34
    ("l3-depth-picture", "to the power 10 is", 9.54e-7),
    ("l3-example-steps", "row 0, column 0: 1·1 + 5·0 + 1·0 + 2·1 =", 3),
    ("l3-example-steps", "row 0, column 1: 5·1 + 1·0 + 2·0 + 8·1 =", 13),
    ("l3-example-steps", "row 0, column 2: 1·1 + 1·0 + 8·0 + 2·1 =", 3),
    ("l3-example-steps", "row 1, column 0: 1·1 + 2·0 + 0·0 + 0·1 =", 1),
    ("l3-example-steps", "row 1, column 1: 2·1 + 8·0 + 0·0 + 1·1 =", 3),
    ("l3-example-steps", "row 1, column 2: 8·1 + 2·0 + 1·0 + 8·1 =", 16),
    ("l3-stack", "(4, 3, 3),", 36),
    ("l3-shared", "dense", 14455392),
    ("l3-shared", "convolution", 456),
    ("l3-good", "away from the border:", 0),
    ("l3-alexnet-count", "all:", 60965224),  # Krizhevsky et al.: "60 million"; two-group convolutions
    ("l3-human", "below the person:", 2015),
    ("l3-human", "GoogLeNet makes", 1.7),
    ("l3-soap", "food comes first:", 6),
    ("l3-soap", "for the first photo,", 0),
    ("l3-soap", "soap is among the words: 0 of 6 and", 2),
    ("l3-attack-picture", "or as", 58),
    ("l3-quiz1-answer", "input", 154587),
    ("l3-quiz1-answer", "first convolution", 290400),
    ("l3-quiz1-answer", "second dense layer", 4096),
    ("l3-quiz2-answer", "from 224:", 214),
    ("l3-quiz2-answer", "214,", 56),
    ("l3-quiz2-answer", "56,", 110),
    ("l3-quiz2-answer", "padding 5 keeps", 224),
    ("l3-quiz3-answer", "=", 456),
]


@pytest.mark.parametrize("cell_id, words, expected", NUMBERS)
def test_computes(cell_id, words, expected):
    """Does the cell print this number, to the digits shown?"""
    assert after(printed(executed(LECTURE), cell_id), words) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    "cell_id, words, expected",
    [
        ("l3-example-steps", "[[", signal.correlate2d(IMAGE, [[1, 0], [0, 1]], "valid")),
        ("l3-stepper-notice", "stride 2:", signal.correlate2d(IMAGE, [[1, 0], [0, 1]], "valid")[::2, ::2]),
        ("l3-true", "as nets do it:", signal.correlate2d(IMAGE, [[1, 2], [3, 4]], "valid")),
        ("l3-true", "by half a turn:", signal.convolve2d(IMAGE, [[1, 2], [3, 4]], "valid")),
        ("l3-pool-picture", "", torch.nn.functional.max_pool2d(
            torch.tensor([[[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]), 2).numpy()),
        ("l3-xor", "sum:", np.array([0, 1, 1, 0])),
        ("l3-reach", "1 to 5:", 1 + 2 * np.arange(1, 6)),
        ("l3-alexnet-count", "sizes:", np.array([55, 27, 27, 13, 13, 13, 13, 6])),
        ("l3-alexnet-count", "convolutions:", np.array([34944, 307456, 885120, 663936, 442624])),
        ("l3-alexnet-count", "dense:", np.array([37752832, 16781312, 4097000])),
    ],
)  # fmt: skip
def test_rows_of_numbers(cell_id, words, expected):
    """Are all numbers of the line those of SciPy, of PyTorch, or worked out by hand?"""
    text = printed(executed(LECTURE), cell_id)
    line = text[text.index(words) + len(words) :].split("\n")[0]
    assert numbers(line) == np.ravel(expected).tolist()


def test_check_yourself_answers():
    """Are the answers that stand in the text right: the rising diagonal, the sizes, the parameters?"""
    assert signal.correlate2d(IMAGE, [[0, 1], [1, 0]], "valid").tolist() == [[6, 3, 9], [2, 8, 3]]
    texts = {cell.id: cell.source for cell in executed(LECTURE).cells if cell.cell_type == "markdown"}
    assert "[[6, 3, 9], [2, 8, 3]]" in texts["l3-stepper-check"]
    sizes = [nn.conv_output_size(28, 5), nn.conv_output_size(28, 5, 2), nn.conv_output_size(28, 5, 1, 2)]
    assert sizes == [24, 12, 28] and "24 × 24. With stride 2: ⌊23/2⌋ + 1 = 12" in texts["l3-true-check"]
    assert nn.conv_output_size(55, 3, 2) == 27 and "⌊(55 − 3)/2⌋ + 1 = 27" in texts["l3-why-check"]
    first = sum(p.numel() for p in torch.nn.Conv2d(3, 96, 11).parameters())
    assert f"{first:,}".replace(",", " ") in texts["l3-stack-notice"]
    review = "my sister chose the film and i loved it from the first minute to the last"
    assert len(review) == 73 and 73 * 27 * 64 == 126144 and "126 144" in texts["l3-text-check"]


def test_the_perceptron_learns_what_a_line_can_do():
    """Do AND and OR end without mistakes, and XOR with some in each epoch?"""
    lines = printed(executed(LECTURE), "l3-perceptron-picture").strip().split("\n")
    last = {line.split(":")[0]: numbers(line) for line in lines}
    assert last["AND"][-1] == last["OR"][-1] == 0 and min(last["XOR"]) > 0


def test_examples_a_class():
    """Are the examples a class of the data sets those of the quotients?"""
    rows = {row[0]: row for row in shown_table(executed(LECTURE), "l3-sets-table")}
    found = {name: int(rows[name][3].replace(",", "")) for name in ("ImageNet, contest", "Open Images", "YouTube-8M")}
    assert found == {"ImageNet, contest": 1281, "Open Images": 457, "YouTube-8M": 1579}


def test_the_peak_is_at_the_pattern():
    """Is the largest number of the map at the cross, and in the photo at the piece, once its mean is taken away?"""
    row, column, *place = numbers(printed(executed(LECTURE), "l3-cross-picture").split("in row")[1])
    assert [row, column] == place
    text = printed(executed(LECTURE), "l3-photo-picture")
    cut, plain, contrast = numbers(text)[:2], text.split("as it is")[1], text.split("minus its mean")[1]
    assert numbers(contrast)[:2] == cut and numbers(plain)[:2] != cut


def test_wired_alike():
    """Do the two ways over a stack of channels agree, and are kernels that add up to 0 blind to a grey picture?"""
    assert after(printed(executed(LECTURE), "l3-stack-picture"), "differ by") < 1e-12
    assert numbers(printed(executed(LECTURE), "l3-named-picture")) == [0, 0, 0, 0.7]


def test_means_with_dropout():
    """Are the means 1, 0.5 and 1, within a hundredth?"""
    line = printed(executed(LECTURE), "l3-dropout")
    found = [after(line, words) for words in ("no dropout", "zeros only", "rescaled")]
    assert found == pytest.approx([1, 0.5, 1], abs=0.01)


def test_trainings():
    """Does the convnet read nine of ten, the dense net name more poses, and is nonsense read with p > 0.99?"""
    notebook = executed(LECTURE)
    assert after(printed(notebook, "l3-learn"), "test accuracy") > 0.9
    assert after(printed(notebook, "l3-learn"), "") == 8 * (9 + 1) + 16 * (8 * 9 + 1) + 10 * (16 * 49 + 1)
    dense, line, *_ = (numbers(one)[1] for one in printed(notebook, "l3-pose-train").strip().split("\n"))
    assert dense >= line - 0.005
    assert after(printed(notebook, "l3-nonsense-picture"), "ten probabilities:") > 0.99


def test_transfer_is_reported_for_each_number_of_examples():
    """Has the table a row for 5, 20 and 100 examples, and do more of them help each of the three ways?"""
    rows = np.array([[float(value) for value in row] for row in shown_table(executed(LECTURE), "l3-transfer-table")])
    assert rows[:, 0].tolist() == [5, 20, 100] and (np.diff(rows[:, 1:], axis=0) > 0).all()
    assert rows[1, 1] > rows[1, 2], "with 20 examples the embedding should beat raw pixels"


def test_bias_can_be_repeated():
    """Is the gap at 5 % that of a net trained here once more?"""
    x, y = (part[:2000] for part in data.load_mnist("train", flat=True))
    test_x, test_y = (part[:1000] for part in data.load_mnist("test", flat=True))
    net = nn.MLP([784, 48, 10], dtype=np.float32)
    mixed = np.concatenate([x[:1900], data.turned(x[1900:], 40)])
    nn.train(net, mixed, y, lr=0.05, batch_size=50, epochs=8, momentum=0.9)
    gap = nn.accuracy(net, test_x, test_y) - nn.accuracy(net, data.turned(test_x, 40), test_y)
    (answer,) = guessed(executed(LECTURE))[next(q for q in guessed(executed(LECTURE)) if "is B behind A" in q)]
    assert after(answer["truth"], "") == pytest.approx(100 * gap, abs=3)


@pytest.mark.parametrize("name", ["stepper", "pool-explorer", "dropout-explorer", "maps", "map", "visualise"])
def test_explorers_show_their_first_picture(name):
    """Where no kernel runs, does each explorer of this lecture show a picture, and not that it is still computing?"""
    cell = next(cell for cell in executed(LECTURE).cells if cell.id == f"l3-{name}")
    pages = "".join(output.data.get("text/html", "") for output in cell.outputs if "data" in output)
    assert "course-still" in pages and "No picture yet" not in pages
