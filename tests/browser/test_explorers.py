"""Explorers in a real JupyterLab: keyboard, mouse, errors in place, slow functions, and nothing in the console."""

import re
import time

import pytest

from .problems import ours
from .screens import SCREENS, SETUP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def screens(lab, page):
    """screens(): a notebook with every explorer of SCREENS, opened once; returns {name: the explorer in the page}."""

    def show():
        lab.notebook("screens.ipynb", SETUP, *SCREENS.values())
        lab.open(page, "screens.ipynb")
        lab.run_all(page)
        shown = {name: page.locator(".course-explorer").nth(place) for place, name in enumerate(SCREENS)}
        for explorer in shown.values():
            explorer.scroll_into_view_if_needed()
            explorer.locator(".course-picture-image[data-frame]").wait_for(timeout=30_000)
        return shown

    return show


def text(shown):
    return shown.locator(".course-picture-readout").inner_text()


def wait_for_text(shown, pattern, timeout=15):
    """Wait until the read-out matches; shows what stands there instead."""
    end = time.monotonic() + timeout
    while not re.search(pattern, text(shown)):
        if time.monotonic() > end:
            pytest.fail(f"no {pattern!r} in the read-out after {timeout} s:\n{text(shown)}")
        time.sleep(0.05)


def source(shown):
    return shown.locator("img.course-picture-image").get_attribute("src")


def test_slider_by_keyboard(explorer, page):
    """Does an arrow key on a slider, which has a name, change the picture, the text and the alt text?"""
    shown = explorer("ActivationExplorer(activation=np.tanh)")
    wait_for_text(shown, r"f\(1\.0\) = 0\.7616")
    handle = shown.get_by_role("slider", name="Input x")
    old_source, old_alt = source(shown), shown.locator("img").get_attribute("alt")
    handle.focus()
    page.keyboard.press("ArrowRight")
    wait_for_text(shown, r"f\(1\.1\) = 0\.8005")
    shown.page.wait_for_function(
        "old => document.querySelector('.course-picture-image').src !== old", arg=old_source, timeout=10_000
    )
    assert shown.locator("img").get_attribute("alt") != old_alt
    assert "x = 1.1" in shown.locator("img").get_attribute("alt")
    assert ours(page) == []


def test_digit_by_mouse(explorer, page):
    """Is a 7 drawn with the mouse read as a 7, and gone after Clear?"""
    shown = explorer(SCREENS["digit_pad"].code)
    box = shown.locator("canvas").bounding_box()
    points = [(80, 50), (200, 50), (160, 145), (120, 240)]
    page.mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()
    wait_for_text(shown, r"1 layer: 7 with")
    assert "2 layers: 7 with" in text(shown)
    shown.get_by_role("button", name="Clear").click()
    wait_for_text(shown, "Draw a digit")
    assert ours(page) == []


def test_digit_by_keyboard(explorer, page, screenshot):
    """Can a 1 be drawn with arrows and Space alone, without moving through the notebook, and be taken back?"""
    shown = explorer(SCREENS["digit_pad"].code)
    canvas = shown.get_by_role("application", name=re.compile("Drawing pad"))
    canvas.focus()
    for key in ["ArrowUp"] * 10 + ["Space"] + ["ArrowDown"] * 20 + ["Space"]:
        page.keyboard.press(key)
    assert canvas.evaluate("node => node === document.activeElement")
    assert "Pen up at column 15, row 25" in shown.locator(".course-pad-hint").inner_text()
    wait_for_text(shown, r"1 layer: 1 with")
    screenshot(shown, "digit_pad_keyboard")
    page.keyboard.press("u")
    wait_for_text(shown, "Draw a digit")
    assert ours(page) == []


def test_error_in_place(explorer, page, screenshot):
    """Is an exception shown in an alert with the reader's own line, and does the explorer live on?"""
    shown = explorer("""
def my_softmax(z):
    if z[0, 0] > 1.05:
        raise ValueError("too <b>large</b> for me")
    return nn.softmax(z)
SoftmaxExplorer(softmax=my_softmax)""")
    wait_for_text(shown, "Cross-entropy")
    handle = shown.get_by_role("slider", name="logit 0")
    handle.focus()
    page.keyboard.press("ArrowUp")
    alert = shown.get_by_role("alert")
    page.wait_for_function("document.querySelector('.course-picture-error').textContent !== ''")
    assert "ValueError: too <b>large</b> for me" in alert.inner_text()
    assert 'raise ValueError("too' in alert.inner_text()
    page.set_viewport_size({"width": 1280, "height": 1400})
    screenshot(shown, "error_in_place")
    page.keyboard.press("ArrowDown")
    wait_for_text(shown, "Cross-entropy")
    assert alert.inner_text() == ""
    assert ours(page) == []


def test_slow_function_does_not_freeze(explorer, page, screenshot):
    """Does a function that sleeps show its progress and then its result, while other cells still run?"""
    shown = explorer("ActivationExplorer(activation=lambda x: (time.sleep(1), np.tanh(x))[1])")
    status = shown.locator(".course-picture-status")
    wait_for_text(shown, r"f\(1\.0\) = 0\.7616")
    shown.get_by_role("slider", name="Input x").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "/still running/.test(document.querySelector('.course-picture-status').textContent)", timeout=10_000
    )
    assert shown.get_by_role("button", name="Stop my function").is_visible()
    screenshot(shown, "still_running")
    wait_for_text(shown, r"f\(1\.1\) = 0\.8005")
    page.wait_for_function("document.querySelector('.course-picture-status').textContent === ''", timeout=10_000)
    assert status.inner_text() == ""
    assert ours(page) == []
