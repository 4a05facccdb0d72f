"""Every drawing of `course.figures`: alt text that says the numbers, the right artists, light and dark."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course import figures
from course.figures import style

RNG = np.random.default_rng(0)
IMAGES = RNG.random((12, 784)).astype(np.float32)
PROBABILITIES = np.array([[0.05] * 8 + [0.5, 0.1]])
PHOTO = RNG.random((60, 90, 3))
DRAWINGS = {
    "digit_grid": lambda: figures.digit_grid(IMAGES, [f"digit {k}" for k in range(12)]),
    "read_digit": lambda: figures.read_digit(IMAGES[0], PROBABILITIES[0], 3),
    "named_bars": lambda: figures.named_bars(["cow", "beach"], [0.992, 0.99], "score"),
    "templates": lambda: figures.templates(RNG.normal(size=(10, 784))),
    "network": lambda: figures.network([784, 512, 10], names=["pixels", "hidden", "digits"]),
    "weighted network": lambda: figures.network([3, 2], [RNG.normal(size=(2, 3))]),
    "timeline": lambda: figures.timeline(),
    "confusion": lambda: figures.confusion(np.array([[5, 1], [3, 9]])),
    "chain": lambda: figures.chain(figures.VISUAL_CORTEX, "stages"),
    "branches": lambda: figures.branches("192 maps", [["1x1"], ["1x1", "3x3"], ["pool", "1x1"]], "256 maps", "ways"),
    "curves": lambda: figures.curves([1, 10, 100], {"net": [0.1, 0.5, 0.9]}, "digits", "accuracy", xscale="log"),
    "picture_grid": lambda: figures.picture_grid(
        RNG.random((3, 3, 24, 24)), ["a", "b", "c"], "Three pictures in a row."
    ),
    "flattened": lambda: figures.flattened(IMAGES[0], 283, guess=30),
    "photo_as_numbers": lambda: figures.photo_as_numbers(PHOTO, 20, 30),
    "photo_changed": lambda: figures.photo_changed(PHOTO, np.sign(PHOTO - 0.5), 0.01),
    "gradient": lambda: figures.read_digit(IMAGES[0], PROBABILITIES[0], 3, gradient=RNG.normal(size=784)),
    "layer_points": lambda: figures.layer_points(
        [RNG.normal(size=(9, 2))] * 2, np.arange(9) % 2, ["in", "out"], "Nine points."
    ),
    "grids": lambda: figures.grids({"image": [[1, 2], [3, np.nan]], "result": [[6]]}, {"image": [(0, 0, 1, 2, 0)]}),
    "maps": lambda: figures.maps(
        RNG.normal(size=(3, 6, 4)), list("abc"), "Three maps of random numbers.", ["map", "kernel", "ink"], 2
    ),
    "plan": lambda: figures.plan(
        [("in", "input", (3, 9, 9)), ("pool", "pooling", (3, 4, 4)), ("out", "dense", (2,))], "a net", 1
    ),
    "strip": lambda: figures.strip(["first", "second"], [0, 1, 1], guess=5),
    "named_points": lambda: figures.named_points([1, 100], [10, 99], ["few", "many"], scale="log", diagonal=True),
    "heat": lambda: figures.heat([[0.9, 0.4], [0.7, 0.8]], ["a", "b"], ["c", "d"], guess=(0, 1)),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_has_alt_text_and_the_paper_of_the_theme(name, theme):
    """Can each drawing be shown without writing alt text, on the paper of the theme?"""
    with mpl.rc_context(style.settings(theme)):
        fig = DRAWINGS[name]()
        assert mpl.colors.same_color(fig.get_facecolor(), style.THEMES[theme]["paper"])
        assert len(figures.show(fig).alt) >= 12


def test_alt_texts_say_the_numbers():
    """Does somebody who hears the alt text get the numbers of the picture?"""
    assert "cow 0.992, beach 0.99" in DRAWINGS["named_bars"]().alt
    assert "8: 0.50" in DRAWINGS["read_digit"]().alt and "true digit is 3" in DRAWINGS["read_digit"]().alt
    assert "407050 parameters" in DRAWINGS["network"]().alt
    assert "14 of 18 right" in DRAWINGS["confusion"]().alt and "1 called 0, 3 times" in DRAWINGS["confusion"]().alt
    assert "0.5 at 10" in DRAWINGS["curves"]().alt
    assert "From 192 maps 3 ways lead to 256 maps: 1x1; 1x1 to 3x3; pool to 1x1." in DRAWINGS["branches"]().alt
    assert "1974 to 1980" in DRAWINGS["timeline"]().alt


@pytest.mark.parametrize("sizes, count", [([784, 10], 7850), ([784, 512, 10], 407050), ([784, 64, 64, 64, 10], 59210)])
def test_number_of_parameters(sizes, count):
    """Is the count the one worked out by hand?"""
    assert figures.num_parameters(sizes) == count


@pytest.mark.parametrize("size, drawn", [(1, 1), (5, 5), (12, 12), (13, 12), (784, 12)])
def test_a_large_layer_is_cut(size, drawn):
    """Are all circles drawn up to 12, and no more than 12 of a larger layer?"""
    ax = figures.network([size, 1]).axes[0]
    circles = ax.collections[1]  # after the lines
    assert len(circles.get_offsets()) == drawn
    assert len(ax.collections[0].get_segments()) == drawn


def test_weights_are_coloured_by_sign():
    """Is a positive weight reddish, a negative one bluish, the larger one the wider line?"""
    ax = figures.network([2, 1], [np.array([[2.0, -1.0]])]).axes[0]
    weak, strong = ax.collections[0].get_colors()  # drawn in order of strength
    assert weak[2] > weak[0] and strong[0] > strong[2]
    assert ax.collections[0].get_linewidths()[1] > ax.collections[0].get_linewidths()[0]


def test_numbers_stand_beside_the_bars():
    """Does the number of a bar stand at its end, and that of a bar to the left at 0, where nothing covers it?"""
    texts = figures.named_bars(["up", "down"], [2.0, -1.0]).axes[0].texts
    assert [(text.get_text(), text.xy) for text in texts] == [("2", (2.0, 0)), ("-1", (0, 1))]


def test_curves_that_lie_on_each_other_are_told_apart():
    """Is the lower one of two equal curves drawn wide, and on a logarithmic axis only if it is equal there?"""
    lines = {"flat": [1e-12, 1e-12, 1e-12], "rising": [1e-9, 1e-8, 1e-7]}
    widths = {
        scale: [line.get_linewidth() for line in figures.curves([1, 2, 3], lines, yscale=scale).axes[0].lines]
        for scale in ("linear", "log")
    }
    assert widths["linear"][0] == 7 and 7 not in widths["log"]


def test_worst_mistakes_come_first():
    """Are only mistakes shown, the surest first, at most `count`?"""
    labels = np.array([0, 1, 2, 3])
    p = np.full((4, 10), 0.01)
    p[0, 0], p[1, 7], p[2, 7], p[3, 7] = 0.99, 0.5, 0.9, 0.7  # the first is right
    fig = figures.worst_mistakes(IMAGES[:4], labels, p, count=2)
    titles = [ax.get_title() for ax in fig.axes if ax.get_visible()]
    assert titles == ["2 called 7\np = 0.900", "3 called 7\np = 0.700"]
    with pytest.raises(ValueError, match="no mistake"):
        figures.worst_mistakes(IMAGES[:1], labels[:1], p[:1])


def test_confusion_colours_mistakes_only():
    """Does the large diagonal stay out of the colours?"""
    fig = figures.confusion(np.array([[1000, 1], [4, 1000]]))
    image = fig.axes[0].images[0]
    assert image.get_clim() == (0, 4)
    assert image.get_array().mask.tolist() == [[True, False], [False, True]]


def test_one_outlier_does_not_make_the_templates_pale():
    """Do the colour limits follow the bulk of the weights, the same on both sides of 0?"""
    weight = RNG.uniform(-1, 1, (10, 784))
    weight[0, 0] = 50
    low, high = figures.templates(weight).axes[0].images[0].get_clim()
    assert low == -high and 0.9 < high < 1.1


def test_timeline_is_sorted_and_has_sources():
    """Are the years in order, each with a source, and the winters those of the course?"""
    years = [year for year, _, _ in figures.EVENTS]
    assert years == sorted(years) and years[0] == 1943 and years[-1] == 2016
    assert all(len(source) > 8 for _, _, source in figures.EVENTS)
    assert [winter[:2] for winter in figures.WINTERS] == [(1974, 1980), (1987, 1993)]


def test_entry_and_pixel_are_the_same():
    """Is entry k of the vector ringed at the pixel (k // 28, k % 28)?"""
    axes = Figure().subplots(1, 2)
    said = figures.draw_flattened(axes, IMAGES[0].reshape(28, 28), 283)
    assert "row 283 // 28 = 10, column 283 % 28 = 3" in said
    assert axes[0].lines[-1].get_xydata().tolist() == [[3, 10]]
    assert axes[1].lines[-1].get_xdata()[0] == 283


def test_plane_keeps_what_spreads_most():
    """Are two dimensions kept as they are, and of more those with the largest spread?"""
    flat = RNG.normal(size=(50, 2))
    assert figures.plane(flat) is flat
    wide = np.zeros((50, 5))
    wide[:, 3], wide[:, 1] = 10 * flat[:, 0], flat[:, 1]
    seen = figures.plane(wide)
    assert seen.shape == (50, 2)
    assert abs(np.corrcoef(seen[:, 0], flat[:, 0])[0, 1]) > 0.99


def test_grids_say_the_numbers_and_the_empty_cells():
    """Are the numbers of each matrix and what is still empty in the alt text, and the guess beside its matrix?"""
    fig = figures.grids({"image": [[1, 2], [3, 4.5]], "result": [[6, np.nan]]}, guess="result")
    assert "image: 1 2 / 3 4.5; result: 6 empty." in fig.alt and fig.alt.endswith("Marked as your guess: result.")
    written = [[text.get_text() for text in ax.texts] for ax in fig.axes]
    assert written[0] == ["1", "2", "3", "4.5"] and written[1][0] == "6" and "your guess" in written[1][1]


@pytest.mark.parametrize("kind, lowest", [("map", 0), ("kernel", -2), ("ink", 0), ("photo", 0)])
def test_each_kind_of_map_has_its_colours(kind, lowest):
    """Do maps and ink start at 0, and is white 0 for what has both signs? Do they share a scale if asked to?"""
    first, second = (ax.images[0] for ax in figures.maps(
        [np.eye(3), -2 * np.eye(3)], ["a", "b"], "Two.", kind, shared=True).axes[:2])  # fmt: skip
    assert first.get_clim() == second.get_clim() == (lowest, 2)
    assert figures.maps([np.eye(3), -2 * np.eye(3)], ["a", "b"], "Two.", kind).axes[0].images[0].get_clim()[1] == 1
    with pytest.raises(ValueError, match="kind must be one of"):
        figures.draw_map(Figure().subplots(), np.eye(2), kind="film")


def test_heat_frames_the_best_of_each_column():
    """Has the largest number of each column a frame, and only that?"""
    fig = figures.heat([[0.9, 0.4], [0.7, 0.8], [0.1, 0.2]], list("abc"), ["d", "e"])
    frames = [(round(p.get_x() + 0.46), round(p.get_y() + 0.42)) for p in fig.axes[0].patches]
    assert frames == [(0, 0), (1, 1)] and "b: d 0.70, e 0.80" in fig.alt


@pytest.mark.parametrize("size, lines", [(3, 5 * 3), (7, 5 * 7)])
def test_wiring_joins_what_sees(size, lines):
    """Has a convolution `size` lines an output, and a dense layer all of them?"""
    ax = Figure().subplots()
    figures.draw_wiring(ax, 7, 5, size, 2)
    assert len(ax.lines) == size and len(ax.lines) + len(ax.collections[0].get_segments()) == lines


def test_side_by_side_leaves_paper_in_between():
    """Are three pictures of 2 x 3 one of 2 x 11, with empty columns that a map draws as paper?"""
    row = figures.side_by_side([np.full((2, 3), k) for k in (1, 2, 3)])
    assert row.shape == (2, 11) and np.isnan(row[:, [3, 7]]).all()
    assert np.array_equal(row[0, [0, 4, 8]], [1, 2, 3])
    (ax,) = figures.maps([row], ["three"], "Three pictures.", "kernel", 1).axes
    assert ax.images[0].get_clim() == (-3, 3)


def test_names_of_near_points_are_moved_apart():
    """Is of two near points the upper name moved up and the lower one down, and that of a far point not at all?"""
    ax = Figure().subplots()
    figures.draw_named_points(ax, [1.0, 1.01, 5.0], [2.0, 2.02, 9.0], ["low", "high", "far"])
    lifts = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert lifts["high"] == -lifts["low"] > 6 and lifts["far"] == 0


@pytest.mark.parametrize("y", [[0.671, 0.741, 0.684, 0.704, 0.816], [0.823, 0.862, 0.811, 0.85, 0.912]])
def test_names_beside_a_diagonal_do_not_lie_on_each_other(y):
    """Have five nets of which four are near each other names that can be read, though the diagonal makes axes long?"""
    names = ["no hidden layer", "128 hidden neurons", "8 hidden neurons", "32 hidden neurons", "convnet"]
    fig = figures.named_points([0.87, 0.898, 0.872, 0.904, 0.939], y, names, "usual", "new", diagonal=True)
    FigureCanvasAgg(fig).draw()
    boxes = [text.get_window_extent() for text in fig.axes[0].texts if text.get_text() in names]
    assert len(boxes) == 5
    assert not [1 for k, box in enumerate(boxes) for other in boxes[k + 1 :] if box.overlaps(other)]
