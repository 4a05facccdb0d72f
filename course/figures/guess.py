"""The reader's guess beside the truth: always this colour, a dashed line or a diamond, and the words "your guess"."""

from course.figures import style

COLOUR = style.CLASS_COLORS[5]
WORDS = "your guess"


def mark_guess(ax, x=None, y=None):
    """Mark a guess in `ax`: a dashed line at x or at y, a diamond where both are given, nothing where both are None."""
    if x is not None and y is not None:
        ax.plot(x, y, "D", markersize=9, fillstyle="none", markeredgewidth=2, color=COLOUR, clip_on=False, zorder=5)
        _name(ax, (x, y), (9, 0), va="center")
    elif x is not None:
        ax.axvline(x, color=COLOUR, linestyle="--")
        _name(ax, (x, 1), (4, -2), xycoords=("data", "axes fraction"), va="top")
    elif y is not None:
        ax.axhline(y, color=COLOUR, linestyle="--")
        _name(ax, (1, y), (-2, 2), xycoords=("axes fraction", "data"), ha="right", va="bottom")


def _name(ax, place, offset, **options):
    ax.annotate(WORDS, place, offset, textcoords="offset points", color=COLOUR, gid="own", fontsize=9,
                fontweight="bold", annotation_clip=False, **options)  # fmt: skip
