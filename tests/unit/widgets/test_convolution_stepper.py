"""The stepper's numbers against those worked out by hand; sizes that do not fit; the answer before it is shown."""

import numpy as np
import pytest
import traitlets

from course import nn
from course.widgets import ConvolutionStepper

from .conftest import settled

TWO_FILTERS = "7×7×3 padded, two 3×3×3 filters"


def outputs(explorer):
    """The output as the page shows it, at its last position."""
    return explorer.picture.scene["out"]["text"]


def steps(explorer):
    return explorer.picture.scene["steps"]


def test_the_decks_six_positions():
    """Do the six positions give the deck's numbers, each with its window, products and sum, and nothing shown early?"""
    explorer = settled(ConvolutionStepper())
    assert outputs(explorer) == [[["3", "13", "3"], ["1", "3", "16"]]]
    for position, (products, total) in enumerate([
        ("1×1 + 5×0 + 1×0 + 2×1", 3), ("5×1 + 1×0 + 2×0 + 8×1", 13), ("1×1 + 1×0 + 8×0 + 2×1", 3),
        ("1×1 + 2×0 + 0×0 + 0×1", 1), ("2×1 + 8×0 + 0×0 + 1×1", 3), ("8×1 + 2×0 + 1×0 + 8×1", 16),
    ]):  # fmt: skip
        explorer.position = position
        assert f"{products} = {total}\nSum: {total} + bias 0 = {total}" in explorer.readout
        assert f"cell {position + 1} is {total}." in explorer.alt
    assert "rows (3 + 2·0 - 2) / 1 + 1 = 2; columns (4 + 2·0 - 2) / 1 + 1 = 3." in explorer.readout


def test_another_kernel_of_the_deck():
    """Is it cross-correlation, as in the deck: kernel [[1, 2], [3, 4]] gives [[22, 45, 35], [5, 22, 47]]?"""
    explorer = ConvolutionStepper(weight=[[1, 2], [3, 4]])
    assert outputs(settled(explorer)) == [[["22", "45", "35"], ["5", "22", "47"]]] and explorer.error == ""


def test_two_filters_on_three_channels():
    """Do channels, filters, padding and stride give 2 × 3 × 3, each cell the sum of all channels and its own bias?"""
    explorer = settled(ConvolutionStepper(example=TWO_FILTERS))
    image, weight = np.pad(explorer.image, ((0, 0), (1, 1), (1, 1))), np.array(explorer.weight)
    assert image.shape == (3, 7, 7) and weight.shape == (2, 3, 3, 3)
    for f in range(2):
        for r in range(3):
            for c in range(3):
                total = (image[:, 2 * r : 2 * r + 3, 2 * c : 2 * c + 3] * weight[f]).sum() + [1, 0][f]
                step = steps(explorer)[9 * f + 3 * r + c]
                assert outputs(explorer)[f][r][c] == str(int(total)) and step["sum"].endswith(f"= {int(total)}")
                assert f"filter {f + 1}, row {r + 1}, column {c + 1}" in step["says"]


def test_a_stride_that_does_not_fit():
    """Is it said which rows a stride leaves out, that the size is rounded down, and which strides fit?"""
    explorer = ConvolutionStepper(stride=2)
    assert "Stride 2 does not fit the rows: 1.5 is rounded down to 1, the last row is never seen" in explorer.readout
    assert "Strides that fit: 1." in explorer.readout and "the columns" not in explorer.readout
    assert outputs(explorer) == [[["3", "3"]]] and explorer.picture.scene["covered"] == [2, 4]
    explorer.padding = 2
    assert "rows and" not in settled(explorer).readout and outputs(explorer)[0][0] == ["0", "0", "0", "0"]


def test_a_kernel_that_does_not_fit():
    """Is there a sentence, a picture, and no call of the function, where the kernel is larger than the input?"""
    asked = []
    explorer = ConvolutionStepper(lambda *given: asked.append(given) or nn.conv2d(*given), weight=np.ones((4, 2)))
    assert "it has 4 rows, the input with its padding 3 + 2·0 = 3. No output." in settled(explorer).readout
    assert asked == [] and explorer.error == "" and steps(explorer) == [] and explorer.png
    explorer.padding = 1
    assert len(steps(settled(explorer))) == 10 and len(asked) == 1


def test_a_cell_that_differs_says_so():
    """Is a wrong cell marked, and do read-out and message say what the function gave and what the sum is?"""

    def forgets_the_bias(x, weight, bias, stride, padding):
        out = nn.conv2d(x, weight, bias, stride, padding)
        out[0, 1] -= bias[1]
        return out

    explorer = settled(ConvolutionStepper(forgets_the_bias, image=np.ones((3, 3)), weight=np.ones((2, 1, 2, 2)),
                                          bias=[1, 2]))  # fmt: skip
    assert "differs in 4 of 8 cells" in explorer.error
    assert "First in filter 2, row 1, column 1: it says 4, the sum is 6." in explorer.error
    assert explorer.picture.scene["wrong"] == [False] * 4 + [True] * 4
    explorer.position = 5
    assert "Your conv2d says 4 here; the sum is 6." in explorer.readout
    explorer.position = 0
    assert "Your conv2d says" not in explorer.readout


def test_four_lines_of_planes():
    """With planes=True, is a function of image, kernel and stride enough, and are only its controls there?"""
    asked = []

    def conv2d(image, kernel, stride):
        asked.append((image.shape, kernel.shape, stride))
        return nn.conv2d(image[None, None], kernel[None, None], None, stride)[0, 0]

    explorer = settled(ConvolutionStepper(conv2d, planes=True))
    assert outputs(explorer) == [[["3", "13", "3"], ["1", "3", "16"]]] and asked == [((3, 4), (2, 2), 1)]
    explorer.padding = 1
    assert settled(explorer).error == "" and asked[-1] == ((5, 6), (2, 2), 1)
    assert TWO_FILTERS not in explorer._example.options and explorer.picture.scene["bias"] is None
    with pytest.raises(ValueError, match="one channel and one kernel"):
        ConvolutionStepper(conv2d, weight=np.ones((2, 1, 2, 2)), planes=True)


def test_the_answer_comes_first():
    """Is a cell hidden until it is said or given up, everywhere: in the words, the picture, and the alt text?"""
    explorer = ConvolutionStepper()
    explorer.answer_first, explorer.position = True, 1
    assert "13" not in explorer.readout and "still hidden" in explorer.alt and not steps(explorer)[1]["open"]
    hidden = explorer.png
    explorer.say(12)
    assert "12 is not it. Try again: 4 products and the bias." in explorer.readout and "= 13" not in explorer.readout
    explorer.say(13)
    assert "Right: 13." in explorer.readout and "= 13" in explorer.readout and steps(explorer)[1]["open"]
    assert explorer.png != hidden
    explorer.position = 5
    explorer.say(None)
    assert "Shown." in explorer.readout and "= 16" in explorer.readout and not steps(explorer)[0]["open"]
    explorer.padding = 1
    assert explorer.answers == {} and not any(step["open"] for step in steps(settled(explorer)))


def test_numbers_and_sizes_are_edited():
    """Do a number typed in the page, a size and a preset change arrays, controls and output, and does Reset undo it?"""
    explorer = settled(ConvolutionStepper())
    start = explorer.readout
    explorer.picture._handle_custom_msg({"write": ["image", [0, 0, 0], 4]}, [])
    assert outputs(settled(explorer))[0][0][0] == "6" and explorer._example.value == "your own"
    explorer._sizes["columns"].value = 6
    assert np.shape(explorer.image) == (1, 3, 6) and explorer.image[0][0][:4] == [4, 5, 1, 1]
    explorer._sizes["filters"].value = 2
    assert np.shape(explorer.weight) == (2, 1, 2, 2) and len(explorer.bias) == 2 and settled(explorer).error == ""
    explorer._kernel.value = "identity"
    assert explorer._sizes["kernel"].value == (3, 3) and explorer.weight[1][0][1] == [0, 1, 0]
    explorer._example.value = TWO_FILTERS
    assert (explorer.stride, explorer.padding, explorer._sizes["channels"].value) == (2, 1, 3)
    explorer.reset()
    assert settled(explorer).readout == start and explorer._example.value == "3×4 image, 2×2 kernel"


def test_blur_and_sharpen_keep_a_flat_picture():
    """Do the presets do what they are called: on a flat picture edges give 0, blur and sharpen the picture itself?"""
    explorer = ConvolutionStepper(image=np.full((3, 3), 5), weight=np.ones((3, 3)))
    for name, value in [("identity", 5), ("edge", 0), ("vertical edge", 0), ("horizontal edge", 0), ("blur", 5),
                        ("sharpen", 5)]:  # fmt: skip
        explorer._kernel.value = name
        assert outputs(settled(explorer)) == [[[str(value)]]], name


def test_bad_arguments():
    """Are arrays that are no images, kernels that have other channels and unknown examples refused with a sentence?"""
    for given, sentence in [
        ({"image": np.ones((2, 2, 2, 2))}, "image must have 1 to 3 channels, 1 to 12 rows"),
        ({"image": [[1, np.nan]]}, "image must be finite"),
        ({"weight": "abc"}, "weight must be an array of numbers"),
        ({"weight": np.ones((1, 2, 2, 2))}, "the image has 1 channels, the kernel 2"),
        ({"bias": [1, 2]}, "each of 1 filters has one bias"),
        ({"example": "photo"}, "example must be one of"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            ConvolutionStepper(**given)
    with pytest.raises(TypeError, match="must be a function"):
        ConvolutionStepper(np.ones(3))
    with pytest.raises(traitlets.TraitError, match="image must have"):
        ConvolutionStepper().image = []
