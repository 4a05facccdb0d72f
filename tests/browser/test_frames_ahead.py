"""Frames ahead in the page, and explorers without a kernel: the next day, and in an exported page."""

import json
import re
import time

import nbformat
import pytest
from nbconvert import HTMLExporter

from course.notebooks.execute import execute

from .problems import ours
from .screens import SETUP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# a busy machine makes no function slow here
PATIENT = "from course.widgets import ahead\nahead.SLOW = 5.0"
EXPLORER = "ActivationExplorer(activation=lambda x: scale[0] * np.maximum(x, 0))"
BUTTON = """
import ipywidgets
scale = [1.0]
button = ipywidgets.Button(description="Treble it")  # a change that no cell makes
button.on_click(lambda _: scale.__setitem__(0, 3.0))
button
"""
RUN = """([source]) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.requestExecute({ code: source, store_history: false });
}"""
AGAIN = "run this cell again"


@pytest.fixture
def explorer(lab, page):
    """explorer(): a notebook with the explorer, whose frames along "Input x" are there; returns it in the page."""

    def show(save_state=True):
        lab.write_setting("@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings", {"saveState": save_state})
        lab.notebook("ahead.ipynb", SETUP, PATIENT, BUTTON, EXPLORER)
        lab.open(page, "ahead.ipynb")
        lab.run_all(page)
        shown = page.locator(".course-explorer").first
        shown.locator("img.course-picture-image[data-frame]").wait_for(timeout=60_000)
        return shown

    return show


def foresee(page, shown, count=12):
    """Put the focus on "Input x" and wait until so many frames have arrived."""
    page.evaluate(
        """() => { window.frames = 0; const plain = URL.createObjectURL;
          URL.createObjectURL = (blob) => {
              if (blob.type === 'image/png') window.frames += 1;
              return plain(blob); } }"""
    )
    handle = shown.get_by_role("slider", name="Input x")
    handle.focus()
    page.wait_for_function(f"() => window.frames >= {count}", timeout=90_000)
    return handle


def readout(shown):
    return shown.locator(".course-picture-readout").inner_text()


def wait_for(shown, pattern, seconds=20):
    end = time.monotonic() + seconds
    while not re.search(pattern, readout(shown)):
        assert time.monotonic() < end, f"no {pattern!r} in the read-out:\n{readout(shown)}"
        time.sleep(0.05)


def test_the_page_does_not_wait(explorer, page):
    """Does the page show a foreseen state, with read-out and alt text, while Python is busy and cannot answer?"""
    shown = explorer()
    foresee(page, shown)
    page.evaluate(RUN, ["time.sleep(6)"])
    page.wait_for_timeout(300)
    image = shown.locator("img.course-picture-image")
    old = image.get_attribute("src")
    page.keyboard.press("ArrowRight")
    wait_for(shown, r"f\(1\.1\) = 1\.1000", 3)
    page.wait_for_function("old => document.querySelector('.course-picture-image').src !== old", arg=old)
    assert "x = 1.1" in image.get_attribute("alt")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_for(shown, r"f\(0\.9\) = 0\.9000", 3)
    assert ours(page) == []


def test_python_wins(explorer, page):
    """Where Python's own answer differs from the frame, does it stand at the end, and is no frame shown after that?"""
    shown = explorer()
    handle = foresee(page, shown)
    page.get_by_role("button", name="Treble it").click()
    handle.focus()
    page.keyboard.press("ArrowRight")
    wait_for(shown, r"f\(1\.1\) = 3\.3000")
    for place in ("1.2", "1.3", "1.2"):
        page.keyboard.press("ArrowLeft" if place == "1.2" and "1.3" in readout(shown) else "ArrowRight")
        wait_for(shown, rf"f\({place}\) = {3 * float(place):.4f}")
    assert ours(page) == []


def test_a_cell_makes_frames_out_of_date(explorer, page):
    """After a cell that changes what the function uses, does the next move show the new value and not the old frame?"""
    shown = explorer()
    handle = foresee(page, shown)
    page.evaluate(RUN, ["scale[0] = 5.0"])
    page.wait_for_timeout(1500)
    handle.focus()
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => window.said.push(
          document.querySelector('.course-picture-readout').innerText)).observe(
          document.querySelector('.course-picture-readout'),
          { childList: true, characterData: true, subtree: true }) }"""
    )
    page.keyboard.press("ArrowRight")
    wait_for(shown, r"f\(1\.1\) = 5\.5000")
    assert not any("= 1.1000" in said for said in page.evaluate("window.said"))


def test_a_kernel_that_was_restarted(explorer, page, screenshot):
    """After a restart, does the explorer keep its picture, say "run this cell again", and switch its controls off?"""
    shown = explorer()
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    shown.get_by_text(AGAIN).wait_for(timeout=30_000)
    assert shown.locator(".course-explorer-side[inert]").count() == 1
    assert shown.locator("img.course-picture-image").is_visible()
    assert "f(1.0) = 1.0000" in readout(shown)
    screenshot(shown, "kernel_restarted")


@pytest.mark.parametrize("save_state", [True, False])
def test_the_next_day(explorer, lab, page, screenshot, save_state):
    """Does a saved notebook with a new kernel show the picture and "run this cell again", and not "model not found",
    whether JupyterLab saved the widgets or not?"""
    shown = explorer(save_state)
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty", timeout=20_000)
    saved = json.loads((lab.root / "ahead.ipynb").read_text())
    assert ("widgets" in saved["metadata"]) == save_state
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.open(page, "ahead.ipynb")
    output = page.locator(".jp-CodeCell").nth(3).locator(".jp-Cell-outputWrapper")
    output.get_by_text(AGAIN).locator("visible=true").first.wait_for(timeout=30_000)
    output.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert "model not found" not in output.inner_text()
    pictures = output.locator("img:visible")
    assert pictures.count() == 1 and "Curve of Your function" in pictures.first.get_attribute("alt")
    assert "f(1.0) = 1.0000" in output.inner_text()
    screenshot(output, f"next_day_{'with' if save_state else 'without'}_state")
    lab.run_all(page)  # and it lives again
    shown = page.locator(".course-explorer").first
    shown.get_by_role("slider", name="Input x").focus()
    page.keyboard.press("ArrowRight")
    wait_for(shown, r"f\(1\.1\) = 1\.1000")
    assert output.locator("img:visible").count() == 1


def test_sliders_in_an_exported_page(browser, tmp_path, monkeypatch, screenshot):
    """Do sliders of an exported page work without a kernel and without a network, by keyboard and with names?"""
    monkeypatch.setenv("COURSE_SAVED_FRAMES", "200")
    draw = "def draw(ax, width):\n    ax.bar([0], [width])\n    return f'width {width}', f'A bar of height {width}.'"
    cells = [SETUP, PATIENT, draw, "Sliders(draw, width=(1, 9, 4), size=(5, 2))"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    nbformat.write(notebook, tmp_path / "sliders.ipynb")
    executed = execute(tmp_path / "sliders.ipynb")
    executed.metadata.pop("widgets", None)
    (tmp_path / "sliders.html").write_text(HTMLExporter().from_notebook_node(executed)[0], encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((tmp_path / "sliders.html").as_uri(), wait_until="domcontentloaded")
    slider = page.get_by_role("slider", name="Width")
    slider.wait_for()
    picture = page.locator(".course-still img:visible")
    assert picture.count() == 1 and page.get_by_text(AGAIN).count() == 1 and not page.get_by_text(AGAIN).is_visible()
    before = picture.get_attribute("src")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".course-still figcaption").inner_text() == "width 5"
    assert picture.get_attribute("alt") == "A bar of height 5." and picture.get_attribute("src") != before
    assert slider.get_attribute("aria-valuetext") == "5"
    assert problems == []
    screenshot(page, "exported_sliders")
    context.close()
