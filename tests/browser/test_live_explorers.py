"""Live explorers: what moves under the hand moves in the page, by keys and mouse, without asking Python."""

import re

import pytest

from .problems import ours
from .screens import SCREENS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def wait_for_text(shown, text):
    shown.locator(".course-picture-readout", has_text=text).wait_for(timeout=15_000)


BUSY = """() => { jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
    { code: "import time; time.sleep(3)", store_history: false }); }"""


def test_the_stepper_steps_without_python(explorer, page):
    """Do buttons, keys and a click step while Python is busy, is a typed number used, and does the answer stay hidden
    until it is said?"""
    shown = explorer("ConvolutionStepper()")
    step = shown.get_by_role("button", name="Step")
    page.evaluate(BUSY)
    step.click()
    wait_for_text(shown, "5×1 + 1×0 + 2×0 + 8×1 = 13")
    output = shown.get_by_role("application", name="Output")
    output.focus()
    page.keyboard.press("ArrowDown")
    wait_for_text(shown, "Cell 5 of 6, row 2, column 2.")
    output.locator('[data-cell="0,0,2"]').click()
    wait_for_text(shown, "Cell 3 of 6")
    shown.get_by_role("button", name="Play").click()
    wait_for_text(shown, "Cell 6 of 6")
    shown.get_by_role("button", name="Play").wait_for()  # it stops at the end
    shown.get_by_role("application", name="Input").locator('[data-cell="0,2,3"]').click()
    page.keyboard.type("-1")
    page.keyboard.press("Enter")
    wait_for_text(shown, "8×1 + 2×0 + 1×0 + -1×1 = 7")
    shown.get_by_text("You first").click()
    wait_for_text(shown, "Your turn")
    box = shown.get_by_label("Output cell")
    box.fill("7")
    box.press("Enter")
    wait_for_text(shown, "Right: 7.")
    assert ours(page) == []


def test_pooling_shifts_without_python(explorer, page):
    """Do the shift and the window under the mouse move while Python is busy, and does a typed number count?"""
    shown = explorer("PoolingExplorer()")
    page.evaluate(BUSY)
    shown.get_by_label("Shift to the right").focus()
    page.keyboard.press("ArrowRight")
    wait_for_text(shown, "Shift 1: the pooled result changes. 15 of 16")
    shown.get_by_role("application", name="Pooled").locator('[data-cell="0,1,1"]').hover()
    wait_for_text(shown, "Window D, from row 3, column 3: 2, 1, 2, 3. The largest is 3")
    page.keyboard.press("ArrowLeft")
    shown.get_by_role("application", name="Input").focus()
    for key in ["ArrowDown", "ArrowDown", "7", "Enter"]:
        page.keyboard.press(key)
    shown.locator("[data-cell='0,1,0'] text", has_text="7").last.wait_for()
    assert ours(page) == []


def test_a_unit_shows_its_field_without_python(explorer, page):
    """Do mouse and arrow keys move the unit while Python is busy, is it said in words, and is a drawing read?"""
    shown = explorer(SCREENS["feature_maps"].code)
    maps = shown.get_by_role("application", name="Maps of the layers")
    stage, box = shown.locator(".course-live"), maps.bounding_box()
    page.evaluate(BUSY)
    page.mouse.move(box["x"] + 180, box["y"] + 40)  # in the first map of the first layer
    shown.locator('.course-live[data-unit^="0,0,"]').wait_for()
    before = stage.get_attribute("data-unit")
    page.mouse.down()
    page.keyboard.press("ArrowRight")
    assert stage.get_attribute("data-unit").split(",")[3] == str(int(before.split(",")[3]) + 1)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    assert stage.get_attribute("data-unit").startswith("1,1,")
    page.mouse.up()
    wait_for_text(shown, "relu1, map 1")  # in words, when Python has the time
    shown.get_by_role("combobox", name="Show").select_option("filters")
    shown.get_by_role("button", name="Clear").click()
    wait_for_text(shown, "An empty pad")
    pad = shown.get_by_role("application", name="Drawing pad").bounding_box()
    page.mouse.move(pad["x"] + 80, pad["y"] + 60)
    page.mouse.down()
    page.mouse.move(pad["x"] + 180, pad["y"] + 200, steps=5)
    page.mouse.up()
    wait_for_text(shown, "Your drawing: read as")
    assert ours(page) == []


def test_the_map_follows_hand_and_keys_without_python(explorer, page):
    """Do arrow keys, the mouse and a click choose and hold a picture while Python is busy, and does Python follow?"""
    shown = explorer(SCREENS["embedding_map"].code)
    page.evaluate(BUSY)
    points = shown.get_by_role("application", name="Map of pictures")
    points.focus()
    page.keyboard.press("End")
    wait_for_text(shown, "Picture 199, a 9.")
    page.keyboard.press("ArrowRight")
    right = shown.locator(".course-picture-readout").inner_text()
    assert "Picture 199," not in right
    page.keyboard.press("ArrowLeft")
    assert shown.locator(".course-picture-readout").inner_text() != right
    page.keyboard.press("Home")
    wait_for_text(shown, "Picture 0, a 0.")
    ring = shown.locator(".course-ring").bounding_box()
    hand = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    page.keyboard.press("End")
    page.mouse.move(*hand)
    wait_for_text(shown, "Picture 0, a 0.")
    page.mouse.down()
    page.mouse.up()
    shown.get_by_text("Held.").wait_for()
    square = shown.locator(".course-map-ground").first.bounding_box()
    page.mouse.move(square["x"] + 40, square["y"] + 40, steps=5)
    wait_for_text(shown, "Picture 0, a 0.")
    page.keyboard.press("Space")
    page.mouse.move(*hand, steps=5)
    page.keyboard.press("End")
    shown.locator(".widget-readout", has_text="199").wait_for(timeout=15_000)  # Python's slider follows
    assert ours(page) == []


def test_the_graph_steps_without_python(explorer, page):
    """Do buttons, keys and a click on a node step while Python is busy, and does a gradient stay hidden until said?"""
    shown = explorer('GraphStepper(example="(x + y + 1) r")')
    page.evaluate(BUSY)
    shown.get_by_role("button", name="Backward step").click(force=True)
    shown.get_by_text("First forward").wait_for()
    shown.get_by_role("button", name="Forward step").click()
    wait_for_text(shown, "Forward 1 of 3: q = x + y = 3.")
    graph = shown.get_by_role("application", name="Graph")
    graph.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    wait_for_text(shown, "from f to z. Local: the other factor, 3.")
    page.keyboard.press("Home")
    wait_for_text(shown, "The variables have their values.")
    page.keyboard.press("End")
    wait_for_text(shown, "Backward 5 of 5, from q to y.")
    graph.locator('[data-node="2"] text').first.click()
    wait_for_text(shown, "from f to r. Local: the other factor, 4.")
    shown.get_by_text("You first").click()
    wait_for_text(shown, "Your turn: what does z get?")
    box = shown.get_by_label("It gets")
    box.fill("3")
    box.press("Enter")
    wait_for_text(shown, "Right: 3.")
    expression = shown.get_by_label("Expression")
    expression.fill("a = 3; a * a +")
    expression.press("Enter")
    shown.locator(".course-picture-error", has_text="This is not an expression").wait_for()
    expression.fill("a = 3; a * a + 1")
    expression.press("Enter")
    wait_for_text(shown, "The variables have their values.")
    shown.get_by_role("slider", name="a", exact=True).focus()
    page.keyboard.press("ArrowRight")
    graph.locator("text", has_text="3.1").wait_for()
    assert ours(page) == []


def test_the_race_runs_without_python(explorer, page):
    """Do keys, the play button and a method's box act while Python is busy, and does a click start the race there?"""
    shown = explorer("DescentExplorer()")
    page.evaluate(BUSY)
    land = shown.get_by_role("application", name="Landscape")
    land.focus()
    page.keyboard.press("Home")
    wait_for_text(shown, "Step 0 of 150, height above the lowest: SGD 9.25")
    page.keyboard.press("ArrowRight")
    wait_for_text(shown, "Step 1 of 150")
    shown.get_by_role("checkbox", name="SGD").uncheck()
    wait_for_text(shown, "height above the lowest: Momentum")
    shown.get_by_role("combobox", name="Speed").select_option("fast")
    shown.get_by_role("button", name="Play").click()
    wait_for_text(shown, "Step 150 of 150")
    shown.get_by_role("button", name="Play").wait_for()  # it stops at the end
    ground = shown.locator(".course-map-ground").first.bounding_box()
    page.mouse.click(ground["x"] + 0.75 * ground["width"], ground["y"] + ground["height"] / 2)
    shown.get_by_text("All start here now.").wait_for()
    page.keyboard.press("Home")
    wait_for_text(shown, re.compile(r"Step 0 .* at \((2\.9|3\.0)"))
    assert ours(page) == []
