"""The IPython shell that runs the cells: no history, no files, no colours, text and PNG pictures only."""

import _sitebuiltins
import base64
import builtins
import io
import os
import subprocess
import sys

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from .report import CELL_NAME

MIME_TYPES = ["text/plain", "image/png"]
NO_LOOP = "`await` outside of a function and event loops are not available while grading: write it without asyncio"
QUIET_MAGICS = ("matplotlib", "config", "pip", "conda")  # pictures and packages are settled; no reason to stop a cell


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **options):
        self.shell.record(data)

    def clear_output(self, wait=False):
        """Keep what was shown."""


class _Hook(DisplayHook):
    def write_output_prompt(self):
        """Show no prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.record(format_dict)

    def log_output(self, format_dict):
        """Keep no log."""

    def finish_displayhook(self):
        self._is_active = False


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code, transformed_code, number):
        return CELL_NAME.format(number)


class Shell(InteractiveShell):
    """Runs cells as a notebook does. `recorder` gets what they display."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    compiler_class = Type(_Compiler)
    recorder = None

    def init_ipython_dir(self, ipython_dir):
        """Have none."""

    def init_profile_dir(self, profile_dir):
        """Have none."""

    def init_virtualenv(self):
        """Use the interpreter that runs."""

    def init_completer(self):
        """Nobody types."""

    def init_history(self):
        self.history_manager = HistoryManager(shell=self, parent=self, hist_file=":memory:", enabled=False)

    def init_magics(self):
        super().init_magics()
        for name in QUIET_MAGICS:
            self.magics_manager.magics["line"][name] = lambda line: None

    def record(self, data):
        """Hand on something displayed."""
        kept = {mime: data[mime] for mime in MIME_TYPES if mime in data}
        png = kept.get("image/png")
        if isinstance(png, str):
            kept["image/png"] = base64.b64decode(png)
        if self.recorder is not None:
            self.recorder.display(kept)

    def run_cell(self, raw_cell, *arguments, **options):
        if "asyncio" in raw_cell:
            _no_event_loops()
        return super().run_cell(raw_cell, *arguments, **options)

    def system(self, command):
        """Run `!command`; what it prints goes to this process's own streams."""
        done = subprocess.run(self.var_expand(command, depth=1), shell=True, stdin=subprocess.DEVNULL)
        self.user_ns["_exit_code"] = done.returncode

    def ask_exit(self):
        """Stay: `exit` in a cell ends nothing."""

    def atexit_operations(self):
        """Leave nothing behind."""

    def showtraceback(self, *arguments, **options):
        """Print nothing: the server makes its own report of the error."""

    showsyntaxerror = showindentationerror = showtraceback


def _no_loop(coroutine):
    coroutine.close()  # or Python warns that it was never awaited
    raise RuntimeError(NO_LOOP)


def _no_event_loops():
    """Let asyncio say why: its loops would begin with a system call that is refused, and say a page about it."""
    import asyncio

    def refuse(*arguments, **options):
        raise RuntimeError(NO_LOOP)

    asyncio.SelectorEventLoop.__new__ = refuse


def new_shell():
    """Return the one shell of this process, made with no file touched."""
    os.environ.setdefault("MPLBACKEND", "agg")
    builtins.help = _sitebuiltins._Helper()  # Python runs without `site`, which would define it
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(config=config)
    shell.display_formatter.active_types = MIME_TYPES
    shell.loop_runner = _no_loop
    return shell


def close_figures(shell):
    """Display the figures that a cell has left open, as the end of a notebook cell does."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    try:
        for number in pyplot.get_fignums():
            picture = io.BytesIO()
            figure = pyplot.figure(number)
            figure.savefig(picture, format="png", dpi=72, bbox_inches="tight")
            shell.record({"text/plain": repr(figure), "image/png": picture.getvalue()})
    finally:
        pyplot.close("all")
