"""A picture that everybody can read: PNG bytes with alt text, the same numbers as text, and errors, in one widget.

ipywidgets' own Image has no alt text. The texts live in live regions that stay in the page while their content
changes, as screen readers need. The front end also tells the theme of the page and how fine its pixels are, names the
controls of the explorer around it, and shows frames that were computed ahead.
"""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent
SCRIPTS = ("page.js", "controls.js", "frames.js", "picture.js")


def module(*names):
    """One ES module made of files of one sitting each, beside this one; the last exports."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


class Picture(anywidget.AnyWidget):
    """Shows `png` with `alt`, below it `status`, `error` and `readout`. All texts are shown as text, never as HTML."""

    _esm = module(*SCRIPTS)
    _css = HERE / "picture.css"

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode(help="what is under way, such as a slow function").tag(sync=True)
    error = traitlets.Unicode(help="what went wrong, with the reader's own lines").tag(sync=True)
    width = traitlets.Int(720, help="width on the page, in CSS pixels").tag(sync=True)
    stale = traitlets.Bool(help="the picture is older than the controls").tag(sync=True)

    explorer = traitlets.Unicode(help="model id of the explorer, which its still picture bears too").tag(sync=True)
    button = traitlets.Unicode(help="model id of the Reset button: does it still reach a kernel?").tag(sync=True)
    axes = traitlets.List(traitlets.Unicode(), help="model ids of the controls, in the order of `key`").tag(sync=True)
    key = traitlets.Unicode(help='what the picture shows: the position of each control, as in "3,17,0"').tag(sync=True)
    basis = traitlets.Int(0, help="frames of another basis are out of date; with 0 the page keeps none").tag(sync=True)

    page_theme = traitlets.Enum(["", "light", "dark"], "", help="set by the page").tag(sync=True)
    page_scale = traitlets.Float(1.0, help="screen pixels in a CSS pixel, set by the page").tag(sync=True)
