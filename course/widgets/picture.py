"""A picture that everybody can read: PNG bytes with alt text, the same numbers as text, and errors, in one widget.

ipywidgets' own Image has no alt text. The texts live in live regions that stay in the page while their content
changes, as screen readers need. The front end also tells the theme of the page and how fine its pixels are.
"""

from pathlib import Path

import anywidget
import traitlets


class Picture(anywidget.AnyWidget):
    """Shows `png` with `alt`, below it `status`, `error` and `readout`. All texts are shown as text, never as HTML."""

    _esm = Path(__file__).parent / "picture.js"
    _css = Path(__file__).parent / "picture.css"

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode(help="what is under way, such as a slow function").tag(sync=True)
    error = traitlets.Unicode(help="what went wrong, with the reader's own lines").tag(sync=True)
    width = traitlets.Int(720, help="width on the page, in CSS pixels").tag(sync=True)
    stale = traitlets.Bool(help="the picture is older than the controls").tag(sync=True)

    page_theme = traitlets.Enum(["", "light", "dark"], "", help="set by the page").tag(sync=True)
    page_scale = traitlets.Float(1.0, help="screen pixels in a CSS pixel, set by the page").tag(sync=True)
