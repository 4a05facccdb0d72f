"""How high is each explorer, and how long from a key press to the painted picture? In JupyterLab in Chromium.

    python benchmarks/explorers.py [NAME ...] [--presses 60]

Each explorer of tests/browser/screens.py is measured with frames ahead (`foreseen`: after a pause in which they were
computed) and without (`asked`: Python has to answer). A row says: CSS pixels at a window 1280 wide; milliseconds from
key to painted frame, p50 and p95, and of the p50 the share of Python (from the new value to the answer), of the page
(from the answer's arrival, or the key where it was foreseen, to paint) and of the wire between them; pictures a second
while a key is held that repeats 30 times a second. `floor` is a slider's value sent to Python and back, with nothing
to compute or draw. The machine is part of every number: compare with the floor of the same run.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser.conftest import QUIET, chromium, serve
from tests.browser.screens import SCREENS, SETUP

FLOOR = """
import anywidget, ipywidgets, traitlets
class Echo(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const image = document.createElement("img"); image.className = "course-picture-image"; el.append(image);
      image.dataset.frame = "0";
      model.on("change:value", () => { image.dataset.frame = String(model.get("value")); });
    } };'''
    value = traitlets.Float().tag(sync=True)
slider, echo = ipywidgets.FloatSlider(min=-6, max=6, step=0.1), Echo()
slider.observe(lambda change: setattr(echo, "value", change["new"]), "value")
box = ipywidgets.VBox([slider, echo])
box.add_class("course-explorer")
box
"""
# how long Python takes, from the new value to the answer; what it measures is printed at the end
CLOCK = """
import os, time
os.environ["COURSE_FRAMES_AHEAD"] = "{ahead}"
from course.widgets.base import Explorer
took, refresh, receive = [], Explorer.refresh, Explorer._receive
def timed_refresh(self):
    self.__dict__["began"] = time.perf_counter()
    refresh(self)
def timed_receive(self, outcome):
    receive(self, outcome)
    took.append(time.perf_counter() - self.__dict__.get("began", time.perf_counter()))
Explorer.refresh, Explorer._receive = timed_refresh, timed_receive
"""
# notes when a message of the size of a picture arrived
ARRIVALS = """
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if ((data.byteLength ?? 0) > 3000) {
        window.arrived = performance.now();
        window.arrivals = (window.arrivals ?? 0) + 1;
      }
    });
  }
};
document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
"""
WATCH = """() => {
  window.result = null; window.arrived = 0;
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const now = performance.now();
      window.result = [now - window.pressed, now - Math.max(window.arrived, window.pressed)];
    }));
  });
  watch.observe(document.querySelector(".course-picture-image"), { attributes: true, attributeFilter: ["data-frame"] });
}"""
HELD = """async (seconds) => {
  const image = document.querySelector(".course-picture-image"), handle = document.activeElement;
  let frames = 0, last = image.dataset.frame, on = true;
  const count = () => {
    if (image.dataset.frame !== last) { frames++; last = image.dataset.frame; }
    if (on) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const end = performance.now() + 1000 * seconds;
  for (let k = 0, next = performance.now(); performance.now() < end; k++) {
    const key = Math.floor(k / 50) % 2 ? "ArrowLeft" : "ArrowRight";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    next += 1000 / 30;
    await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
  }
  on = false;
  return frames / seconds;
}"""
TOLD = """async () => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const request = kernel.requestExecute({ code: "print(*took)", store_history: false });
  let text = "";
  request.onIOPub = (message) => { text += message.content.text ?? ""; };
  await request.done;
  return text;
}"""


def measure(lab, browser, name, code, slider, ahead, presses):
    """Return (height, painted p50, p95, Python, wire, page, frames a second) of one explorer."""
    page = browser.new_context(viewport={"width": 1280, "height": 768}).new_page()
    page.add_init_script(ARRIVALS)
    file = f"{name}_{'ahead' if ahead else 'asked'}.ipynb"  # of its own, for a kernel of its own
    lab.notebook(file, CLOCK.format(ahead=int(ahead)), SETUP, code)
    lab.open(page, file)
    lab.run_all(page, 180)
    shown = page.locator(".course-explorer").first
    shown.locator(".course-picture-image[data-frame]").wait_for(timeout=60_000, state="attached")
    page.wait_for_timeout(1500)
    shown.scroll_into_view_if_needed()
    height = round(shown.bounding_box()["height"])
    if not slider:
        page.close()
        return height, *[None] * 6
    handle = shown.locator(".noUi-handle").first
    if slider != "first":
        handle = shown.get_by_role("slider", name=slider, exact=True)
    handle.focus()
    wait_until_quiet(page)
    page.evaluate("() => 0")
    times = []
    for k in range(presses):
        page.evaluate(WATCH)
        page.keyboard.press("ArrowLeft" if (k // 10) % 2 else "ArrowRight")
        try:
            page.wait_for_function("() => window.result", timeout=5000)
            times.append(page.evaluate("window.result"))
        except Exception:  # a press at the end of the slider
            continue
        page.wait_for_timeout(300)
    python = [1000 * float(word) for word in (page.evaluate(TOLD) or "").split()][-len(times) :]
    held = page.evaluate(HELD, 5)
    page.close()
    total, after = ([row[k] for row in times] for k in (0, 1))
    p50, p95 = statistics.median(total), sorted(total)[int(0.95 * (len(total) - 1))]
    drawn = statistics.median(after)
    computed = 0.0 if ahead or not python else statistics.median(python)
    return height, p50, p95, computed, max(p50 - drawn - computed, 0), drawn, held


def wait_until_quiet(page):
    """Wait until no more frames arrive for a second; at most a minute."""
    before, still = -1, 0
    for _ in range(120):
        page.wait_for_timeout(500)
        now = page.evaluate("window.arrivals ?? 0")
        still = still + 1 if now == before else 0
        before = now
        if still == 3:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SCREENS)}; all")
    parser.add_argument("--presses", type=int, default=60)
    arguments = parser.parse_args()
    names = arguments.names or list(SCREENS)
    print(f"{'':18}{'':10}{'height':>7}{'p50':>7}{'p95':>7}{'python':>8}{'wire':>7}{'page':>7}{'held':>7}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        (folder / "root").mkdir()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *QUIET])
        with serve(folder, folder / "root") as lab:
            jobs = [("floor", FLOOR, "first", False)]
            for name in names:
                jobs.append((name, SCREENS[name].code, SCREENS[name].slider, False))
                if SCREENS[name].slider:
                    jobs.append((name, SCREENS[name].code, SCREENS[name].slider, True))
            for name, code, slider, ahead in jobs:
                row = measure(lab, browser, name, code, slider, ahead, arguments.presses)
                kind = "" if name == "floor" or not slider else "foreseen" if ahead else "asked"
                widths = (7, 7, 7, 8, 7, 7, 7)
                words = "".join(f"{'' if x is None else f'{x:.0f}':>{w}}" for x, w in zip(row, widths, strict=True))
                print(f"{name:18}{kind:10}{words}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
