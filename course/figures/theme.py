"""Repaint a finished figure for the light or the dark theme, without rebuilding anything.

What has the colour of ink, paper or faint lines gets that of the other theme; colours with a meaning stay. A `gid`
says what a colour cannot: "ink", "faint" and "paper" follow the theme, "digit" is a picture of a digit, "own" is left
alone, such as a number on a coloured field. Axes, ticks, titles and texts without a gid are ink on paper.
"""

import numpy as np
from matplotlib import colors
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from course.figures.style import DIGIT_CMAP, THEMES

# every colour that follows the theme, and its role: "#1a1a1a" -> "ink"
ROLES = {colour: role for theme in THEMES.values() for role, colour in theme.items()}
COLOURED = {
    Line2D: ("color", "markerfacecolor", "markeredgecolor"),
    Patch: ("facecolor", "edgecolor"),
    Collection: ("facecolor", "edgecolor"),
}  # kind of artist: the names of its colours


def repaint(figure, theme):
    """Give every artist of the figure the colours of the theme."""
    paper, ink, faint = (THEMES[theme][key] for key in ("paper", "ink", "faint"))
    figure.set_facecolor(paper)
    for axes in figure.axes:
        axes.set_facecolor(paper)
        axes.tick_params(colors=ink, which="both")
        for spine in axes.spines.values():
            spine.set_edgecolor(faint if spine.get_gid() == "faint" else ink)
    for artist in figure.findobj(Artist):
        gid = artist.get_gid()
        if gid == "own":
            continue
        if isinstance(artist, AxesImage):
            _repaint_image(artist, gid, theme)
        elif isinstance(artist, Text):
            artist.set_color(ink)
        elif gid in ("ink", "faint", "paper"):
            _set_colour(artist, THEMES[theme][gid])
        else:
            _follow(artist, THEMES[theme])


def _set_colour(artist, colour):
    if isinstance(artist, Patch):
        fill = artist.get_fill()
        artist.set_edgecolor(colour)
        if fill and colors.to_rgba(artist.get_facecolor())[3] > 0:
            artist.set_facecolor(colour)
    else:
        artist.set_color(colour)


def _repaint_image(image, gid, theme):
    if gid == "digit":
        image.set_cmap(DIGIT_CMAP[theme])
    elif (empty := _in_theme(image.get_cmap()(np.nan), THEMES[theme])) is not None:
        image.set_cmap(image.get_cmap().with_extremes(bad=empty))


def _follow(artist, theme):
    """Exchange those colours of a line, patch or collection that belong to a theme."""
    for kind, names in COLOURED.items():
        for name in names if isinstance(artist, kind) else ():
            old = getattr(artist, f"get_{name}")()
            many = isinstance(artist, Collection)
            new = [_in_theme(colour, theme) for colour in (old if many else [old])]
            if any(colour is not None for colour in new):
                kept = [b if a is None else a for a, b in zip(new, old if many else [old], strict=True)]
                getattr(artist, f"set_{name}")(kept if many else kept[0])


def _in_theme(colour, theme):
    """The colour that stands in the theme for this one, as transparent as it; None if it belongs to no theme."""
    if isinstance(colour, str) and colour in ("none", "auto", "face"):
        return None
    *_, alpha = colors.to_rgba(colour)
    role = ROLES.get(colors.to_hex(colour)) if alpha > 0 else None
    return None if role is None else colors.to_rgba(theme[role], alpha)
