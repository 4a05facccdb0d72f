"""All explorers in one notebook: size, place of the controls, names, focus, shortcuts, themes, and what axe finds."""

import pytest

from .problems import ours
from .screens import SCREENS, SETUP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HIGHEST = 620  # CSS pixels at a window 1280 wide: a laptop shows 647 of a notebook
NARROW = 780  # a window in which controls and picture stand one below the other
LETTERS = ["r", "m", "y", "x", "b", "d", "d", "Shift+m", "1"]  # JupyterLab's commands for cells
CELLS = "() => jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type)"


@pytest.fixture
def gallery(lab, page):
    """gallery(): {name: explorer in the page} of a notebook that shows them all."""

    def show():
        lab.notebook("gallery.ipynb", SETUP, *(screen.code for screen in SCREENS.values()))
        lab.open(page, "gallery.ipynb")
        lab.run_all(page, 180)
        shown = {name: page.locator(".course-explorer").nth(k) for k, name in enumerate(SCREENS)}
        for explorer in shown.values():
            explorer.locator(".course-picture-image[data-frame]").wait_for(timeout=60_000)
        page.wait_for_timeout(500)
        return shown

    return show


def test_a_reader_at_a_laptop(gallery, page):
    """Does every explorer fit a laptop with its controls beside it, stand in one column where it is narrow, name all
    its controls, show where the focus is, and leave axe nothing serious to say?"""
    shown = gallery()
    page.set_viewport_size({"width": 1280, "height": 768})
    page.wait_for_timeout(500)
    for name, explorer in shown.items():
        box = explorer.bounding_box()
        side = explorer.locator(".course-explorer-side").bounding_box()
        picture = explorer.locator(".course-picture-frame").bounding_box()
        assert box["height"] <= HIGHEST, f"{name} is {box['height']:.0f} high"
        assert side["x"] + side["width"] <= picture["x"], f"{name}: controls are not beside the picture"
        assert unnamed(explorer) == [], name
        assert pale(page, explorer) == [], f"{name}: no ring around what has the focus"
    assert serious(page) == []
    page.set_viewport_size({"width": NARROW, "height": 768})
    page.wait_for_timeout(500)
    for name, explorer in shown.items():
        side = explorer.locator(".course-explorer-side").bounding_box()
        picture = explorer.locator(".course-picture-frame").bounding_box()
        assert side["y"] + side["height"] <= picture["y"], f"{name}: controls are not above the picture"
        wide = explorer.evaluate("node => node.scrollWidth - node.clientWidth")
        assert wide <= 0, f"{name} is {wide} pixels wider than its place"
    assert ours(page) == []


def unnamed(explorer):
    """Visible controls and pictures that a screen reader cannot name."""
    return explorer.evaluate(
        """root => [...root.querySelectorAll('[role=slider], select, button, input, canvas, img')]
          .filter(node => node.offsetParent !== null && !(node.getAttribute('aria-label') || node.alt
            || node.innerText.trim() || [...(node.labels ?? [])].some(label => label.innerText.trim())))
          .map(node => node.outerHTML.slice(0, 200))"""
    )


def pale(page, explorer):
    """What can have the focus in an explorer and does not show it, reached by Tab as by a reader."""
    explorer.evaluate("root => { root.tabIndex = -1; root.focus(); }")
    found = []
    for _ in range(60):
        page.keyboard.press("Tab")
        said = explorer.evaluate(
            """root => {
              const node = document.activeElement;
              if (!root.contains(node) || node === root) return null;
              const { outlineStyle, outlineWidth } = getComputedStyle(node);
              return [outlineStyle === 'solid' && parseFloat(outlineWidth) >= 3, node.outerHTML.slice(0, 120)];
            }"""
        )
        if said is None:
            break
        if not said[0]:
            found.append(said[1])
    explorer.evaluate("root => root.removeAttribute('tabindex')")
    return found


def serious(page):
    """What axe calls serious or critical in the outputs of the notebook."""
    from axe_playwright_python.sync_playwright import Axe

    # a scrolling region and colours are JupyterLab's own where no node of ours is named
    found = Axe().run(page, context=".jp-OutputArea").response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]
    ]  # fmt: skip


def test_letters_stay_with_the_control(gallery, page):
    """Are letters typed in a dropdown, a box, on a button and a slider no commands, and Ctrl+S still one?"""
    shown = gallery()
    before = page.evaluate(CELLS)
    for name, control in [("activation", "select"), ("activation", "button"), ("activation", "[role=slider]"),
                          ("digit_pad", "input[type=checkbox]"), ("digit_pad", ".widget-toggle-button"),
                          ("activation", ".widget-readout")]:  # fmt: skip
        place = shown[name].locator(f"{control}:visible").first
        for letter in LETTERS:
            place.focus()
            page.keyboard.press(letter)
        page.keyboard.press("Escape")
        assert page.evaluate(CELLS) == before, f"{control} of {name}"
        assert place.is_visible()
    assert page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty")
    shown["activation"].locator("select").first.focus()
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty", timeout=20_000)


def test_pen_and_eraser_say_which_is_pressed(gallery):
    """Is the pressed state of Pen and Eraser said, and does it change with a click?"""
    pad = gallery()["digit_pad"]
    pen, eraser = pad.get_by_role("button", name="Pen"), pad.get_by_role("button", name="Eraser")
    assert [tool.get_attribute("aria-pressed") for tool in (pen, eraser)] == ["true", "false"]
    eraser.click()
    pad.locator("[aria-pressed=true]:has-text('Eraser')").wait_for()
    assert pen.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme(gallery, lab, page, screenshot, theme):
    """Does every explorer follow JupyterLab's theme by itself? Screenshots are kept for people to look at."""
    lab.set_theme(theme)
    try:
        shown = gallery()
        page.set_viewport_size({"width": 1366, "height": 768})
        shown["digit_pad"].locator("select").select_option(label="example 4")
        page.wait_for_timeout(1500)  # the page says its theme, Python draws again
        for name, explorer in shown.items():
            explorer.scroll_into_view_if_needed()
            paper = explorer.locator(".course-picture-image").evaluate(
                """image => {
                  if (image.tagName !== 'IMG') return Number(getComputedStyle(image).backgroundColor.match(/\\d+/)[0]);
                  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
                  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
                  return context.getImageData(0, 0, 1, 1).data[0]; }"""
            )
            assert (paper > 200) == (theme == "light"), f"{name}: paper has brightness {paper}"
            screenshot(explorer, f"{name}_{theme}")
        assert ours(page) == []
    finally:
        lab.set_theme("light")
