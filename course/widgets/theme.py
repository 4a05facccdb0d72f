"""Repaint a finished figure for the light or the dark theme, without rebuilding anything.

An artist says by its gid what it is: "ink" and "faint" follow the theme, "digit" is a picture of a digit, "own"
keeps its colour. Axes, ticks, titles and texts without a gid are ink on paper.
"""

from matplotlib import colors
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.text import Text

from course.figures.style import DIGIT_CMAP, THEMES


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
        if isinstance(artist, AxesImage):
            if gid == "digit":
                artist.set_cmap(DIGIT_CMAP[theme])
        elif isinstance(artist, Text):
            if gid != "own":
                artist.set_color(ink)
        elif gid in ("ink", "faint", "paper"):
            _set_colour(artist, {"ink": ink, "faint": faint, "paper": paper}[gid])


def _set_colour(artist, colour):
    if isinstance(artist, Patch):
        fill = artist.get_fill()
        artist.set_edgecolor(colour)
        if fill and colors.to_rgba(artist.get_facecolor())[3] > 0:
            artist.set_facecolor(colour)
    elif isinstance(artist, Collection):
        artist.set_color(colour)
    else:
        artist.set_color(colour)
