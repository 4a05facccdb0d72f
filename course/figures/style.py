"""One look for every picture: Okabe-Ito colours, one font, a light and a dark version.

Weights are always drawn with `WEIGHT_CMAP`, centred at 0; activations and pictures with `ACTIVATION_CMAP`, from 0.
Class k always has colour `CLASS_COLORS[k]` and marker `CLASS_MARKERS[k]`, so that nothing depends on colour alone.
"""

import matplotlib as mpl
import numpy as np

# Okabe and Ito's palette for colour-blind readers, and two greys for classes 8 and 9
CLASS_COLORS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9",
                "#CC79A7", "#B59F00", "#7A5FB0", "#8C8C8C", "#5F6B7A"]  # fmt: skip
CLASS_MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*", "<", ">"]
BLUE, ORANGE, GREEN, RED = CLASS_COLORS[0], CLASS_COLORS[1], CLASS_COLORS[2], CLASS_COLORS[3]
WEIGHT_CMAP = "RdBu_r"  # blue below 0, white at 0, red above
ACTIVATION_CMAP = "cividis"
DIGIT_CMAP = {"light": "gray_r", "dark": "gray"}  # ink on the theme's own paper
WIDTH = 7.2  # inches: the width of a notebook cell

THEMES = {
    "light": {"paper": "#ffffff", "ink": "#1a1a1a", "faint": "#d5d5d5"},
    "dark": {"paper": "#111111", "ink": "#ececec", "faint": "#4a4a4a"},
}


def use(theme="light"):
    """Set matplotlib's defaults for this process: call it once at the top of a notebook."""
    mpl.rcParams.update(settings(theme))


def settings(theme="light"):
    """Matplotlib settings of a theme, for `use` or `matplotlib.rc_context`."""
    if theme not in THEMES:
        raise ValueError(f"theme must be one of {', '.join(THEMES)}; got {theme!r}")
    paper, ink, faint = THEMES[theme]["paper"], THEMES[theme]["ink"], THEMES[theme]["faint"]
    return {
        "figure.figsize": (WIDTH, 3.0), "figure.dpi": 100, "figure.facecolor": paper, "savefig.facecolor": paper,
        "figure.constrained_layout.use": True,
        "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 11, "axes.titlelocation": "left",
        "text.color": ink, "axes.labelcolor": ink, "xtick.color": ink, "ytick.color": ink,
        "axes.facecolor": paper, "axes.edgecolor": ink, "axes.spines.top": False, "axes.spines.right": False,
        "axes.prop_cycle": mpl.cycler(color=CLASS_COLORS), "axes.axisbelow": True,
        "axes.grid": False, "grid.color": faint, "lines.linewidth": 2, "legend.frameon": False,
        "image.cmap": ACTIVATION_CMAP,
    }  # fmt: skip


def weight_limits(weights):
    """Colour limits for a weight picture: symmetric, so that white means 0. Pass as `**weight_limits(w)`."""
    bound = float(np.abs(weights).max()) or 1.0
    return {"cmap": WEIGHT_CMAP, "vmin": -bound, "vmax": bound}
