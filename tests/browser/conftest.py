"""A real JupyterLab in a real Chromium, for every browser test.

Fixtures

* `lab` (session): a running server. `lab.url`, `lab.token`, `lab.root` (a temporary folder it serves), and

      lab.notebook("name.ipynb", "first cell", "second cell")   writes a small notebook of code cells
      lab.open(page, "name.ipynb")                               opens it and waits for its kernel
      lab.run_all(page, timeout=60)                              runs every cell, returns when the last has ended
      lab.set_theme("dark")                                      for pages that are opened afterwards
      lab.address("lab/tree/x.ipynb")                            a URL with the token

* `page`: a new page of 1280 x 1000; `page.problems` collects what the browser's console calls an error.
* `screenshot(page_or_locator, name)`: saves build/screenshots/name.png, for people to look at.

Chromium is the system's own. Without it these tests are skipped with the reason, or fail where the environment
variable COURSE_REQUIRE (names with commas) holds `chromium`. Other tests may copy notebooks into `lab.root`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from .screens import SETUP

REPOSITORY = Path(__file__).parents[2]
SCREENSHOTS = REPOSITORY / "build" / "screenshots"
QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false", "checkForUpdates": False
    },
    # all cells in the page, so that a test finds the last one without scrolling
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}  # fmt: skip


def chromium():
    """Path of the system's Chromium; skips, or fails where COURSE_REQUIRE asks for it."""
    for path in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("chromium-browser")):
        if path and Path(path).exists():
            return path
    reason = "no Chromium found: install the system package `chromium` to run the browser tests"
    if "chromium" in os.environ.get("COURSE_REQUIRE", "").split(","):
        pytest.fail(f"COURSE_REQUIRE names chromium, but {reason}")
    pytest.skip(reason)


@dataclass
class Lab:
    """A running JupyterLab server, and what tests do with it."""

    url: str
    token: str
    root: Path
    settings: Path

    def address(self, path):
        return f"{self.url}{path}{'&' if '?' in path else '?'}token={self.token}"

    def notebook(self, name, *sources):
        """Write a notebook of code cells into the served folder."""
        cells = [nbformat.v4.new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(sources)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)

    def set_theme(self, theme):
        """Use JupyterLab's light or dark theme on pages that are opened from now on."""
        name = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[theme]
        self.write_setting("@jupyterlab/apputils-extension/themes.jupyterlab-settings", {"theme": name})

    def write_setting(self, name, values):
        path = self.settings / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def open(self, page, name, timeout=180):
        """Open a notebook of the served folder alone on the screen, and wait until its kernel answers."""
        page.goto(self.address(f"lab/tree/{name}?reset"), timeout=1000 * timeout)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=1000 * timeout)
        self._evaluate(
            page,
            timeout,
            """
            const panel = jupyterapp.shell.currentWidget;
            await panel.context.ready;
            await panel.sessionContext.ready;
            await panel.sessionContext.session.kernel.info;""",
        )
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")

    def run_all(self, page, timeout=60):
        """Run every cell of the open notebook; returns when the last has ended, fails with the output of an error."""
        self._evaluate(page, timeout, "await jupyterapp.commands.execute('notebook:run-all-cells');")
        waiting = page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.widgets
              .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim()
                && cell.model.executionCount === null).length"""
        )
        if waiting:
            outputs = page.locator(".jp-OutputArea-output[data-mime-type*=error]").all_inner_texts()
            pytest.fail(f"{waiting} cells did not run:\n" + "\n".join(outputs))

    @staticmethod
    def _evaluate(page, timeout, body):
        """Run JavaScript in the page; an error if it takes longer than `timeout` seconds."""
        page.evaluate(
            """([body, seconds]) => Promise.race([
                new (async () => {}).constructor(body)(),
                new Promise((_, refuse) => setTimeout(() => refuse(new Error('still waiting')), 1000 * seconds)),
            ])""",
            [body, timeout],
        )


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The server, started once, over an empty folder."""
    chromium()  # skip before the server starts
    folder = tmp_path_factory.mktemp("lab")
    root = folder / "root"
    root.mkdir()
    with serve(folder, root) as running:
        yield running


@contextmanager
def serve(folder, root, settings=("settings",)):
    """Start JupyterLab over the folder `root`. Configuration, settings and runtime files are its own, in `folder`.

    settings: the folders of this checkout that lie in etc/jupyter where the course is installed.
    """
    names = ("config", "data", "runtime", "settings", "workspaces", "ipython")
    places = {"root": root} | {name: folder / name for name in names}
    for name in names:
        places[name].mkdir()
    shutil.copytree(REPOSITORY / "labextension", places["data"] / "labextensions" / "course")  # as installed
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = "course-browser-tests"
    environment = os.environ | {
        # nbgrader calls alembic by name: the environment's programs must be found
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        # those of this checkout, whatever is installed
        "JUPYTER_CONFIG_PATH": os.pathsep.join(str(REPOSITORY / name) for name in settings),
        "JUPYTER_CONFIG_DIR": str(places["config"]), "JUPYTER_DATA_DIR": str(places["data"]),
        "JUPYTER_RUNTIME_DIR": str(places["runtime"]), "JUPYTERLAB_SETTINGS_DIR": str(places["settings"]),
        "JUPYTERLAB_WORKSPACES_DIR": str(places["workspaces"]), "IPYTHONDIR": str(places["ipython"]),
        "JUPYTER_PLATFORM_DIRS": "1",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={places['root']}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=",
    ]  # fmt: skip
    running = Lab(f"http://127.0.0.1:{port}/", token, places["root"], places["settings"])
    for name, values in SETTINGS.items():
        running.write_setting(name, values)
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, cwd=places["root"], stdout=output, stderr=output)
        try:
            _wait_until_it_answers(running, server, log)
            yield running
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(20)


def _wait_until_it_answers(lab, server, log, timeout=180):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(lab.address("api/status"), timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *QUIET])
        yield instance
        instance.close()


@pytest.fixture
def page(browser):
    """A new page; `page.problems` lists console errors and exceptions in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    fresh = context.new_page()
    fresh.problems = []
    fresh.on("console", lambda message: message.type == "error" and fresh.problems.append(message.text))
    fresh.on("pageerror", lambda error: fresh.problems.append(str(error)))
    yield fresh
    context.close()


@pytest.fixture
def screenshot():
    """Save a picture of a page or a locator for people to look at."""

    def save(what, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        what.screenshot(path=str(SCREENSHOTS / f"{name}.png"))

    return save


@pytest.fixture
def explorer(lab, page):
    """explorer(code): a notebook that ends with this code; returns the explorer in the page."""

    def show(code, name="explorer"):
        lab.notebook(f"{name}.ipynb", SETUP, code)
        lab.open(page, f"{name}.ipynb")
        lab.run_all(page)
        shown = page.locator(".course-explorer").first
        shown.locator(".course-picture-image[data-frame]").wait_for(timeout=30_000)
        shown.scroll_into_view_if_needed()
        return shown

    return show
