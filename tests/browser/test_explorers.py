"""Explorers in a real JupyterLab: keyboard, mouse, errors in place, themes, and nothing in the console."""

import re
import time

import pytest

from .screens import SCREENS, SETUP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Chromium says these about JupyterLab itself; nothing here comes from our files
KNOWN = ["favicon", "ResizeObserver loop", "status of 404", "status of 403"]

@pytest.fixture
def explorer(lab, page):
    """explorer(code): a notebook that ends with this code; returns the explorer in the page."""

    def show(code, name="explorer"):
        lab.notebook(f"{name}.ipynb", SETUP, code)
        lab.open(page, f"{name}.ipynb")
        lab.run_all(page)
        shown = page.locator(".course-explorer").first
        shown.locator("img.course-picture-image[data-frame]").wait_for(timeout=30_000)
        shown.scroll_into_view_if_needed()
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


def ours(page):
    return [problem for problem in page.problems if not any(known in problem for known in KNOWN)]


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


def test_every_control_has_a_name(explorer, page):
    """Can a screen reader name every slider handle, menu and button of every explorer?"""
    for name, screen in SCREENS.items():
        shown = explorer(screen.code, name)
        shown.get_by_role("button", name="Reset").wait_for()
        page.wait_for_timeout(300)
        unnamed = shown.evaluate(
            """root => [...root.querySelectorAll('[role=slider], select, button, input, canvas, img')]
              .filter(node => node.offsetParent !== null && !(node.getAttribute('aria-label') || node.alt
                || node.innerText.trim() || [...(node.labels ?? [])].some(label => label.innerText.trim())))
              .map(node => node.outerHTML.slice(0, 200))"""
        )
        assert unnamed == [], name
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme(explorer, lab, page, screenshot, theme):
    """Does every explorer follow JupyterLab's theme by itself? Screenshots are kept for people to look at."""
    page.set_viewport_size({"width": 1280, "height": 1400})
    lab.set_theme(theme)
    try:
        for name, screen in SCREENS.items():
            shown = explorer(screen.code, name)
            if name == "digit_pad":
                shown.locator("select").select_option(label="example 4")
                wait_for_text(shown, "7 with")
            page.wait_for_timeout(700)  # the page says its theme, Python draws again
            paper = shown.locator("img.course-picture-image").evaluate(
                """image => { const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
                  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
                  return context.getImageData(0, 0, 1, 1).data[0]; }"""
            )
            assert (paper > 200) == (theme == "light"), f"{name}: paper has brightness {paper}"
            screenshot(shown, f"{name}_{theme}")
        assert ours(page) == []
    finally:
        lab.set_theme("light")


def test_key_to_picture_time(explorer, page):
    """How long from a key press to the new picture? Printed for people, never asserted as a bound."""
    shown = explorer("ActivationExplorer()")
    shown.get_by_role("slider", name="Input x").focus()
    times = page.evaluate(
        """async () => {
          const image = document.querySelector('.course-picture-image');
          const handle = document.activeElement, times = [];
          for (let k = 0; k < 20; k++) {
            const start = performance.now();
            const changed = new Promise(done => {
              const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(done); });
              watch.observe(image, { attributes: true, attributeFilter: ['src'] });
            });
            const key = k % 2 ? 'ArrowLeft' : 'ArrowRight';
            handle.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
            await changed;
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"key press to picture: median {times[10]:.0f} ms, p95 {times[18]:.0f} ms")
    assert len(times) == 20
