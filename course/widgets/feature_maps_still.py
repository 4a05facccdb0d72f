"""The maps of all layers as a still picture, for exports and for the next day."""

import numpy as np
from matplotlib.patches import Rectangle

from course.figures.style import ACTIVATION_CMAP, BLUE, DIGIT_CMAP, ORANGE, WEIGHT_CMAP


def draw_maps(figure, result, unit, theme):
    """Draw picture, bars and the maps of each layer of `FeatureMaps.compute`'s result on an empty figure."""
    found, seen, (name, _, row, column) = result["found"], result["seen"], unit
    layers = list(found.items())[:-1]
    left, right = figure.subfigures(1, 2, width_ratios=[1, 3.2])
    picture, bars = left.subplots(2, 1)
    picture.imshow(result["image"], cmap=DIGIT_CMAP[theme], vmin=0, vmax=1)
    picture.set(xticks=[], yticks=[], title="the picture")
    window = seen[name]
    if window.kind:
        corner = [place * window.jump + window.offset - 0.5 for place in (column, row)]
        picture.add_patch(Rectangle(corner, window.field, window.field, fill=False, ec=ORANGE, lw=2.5))
    p = np.nan_to_num(result["p"])
    bars.barh(range(len(p)), p, color=[ORANGE if k == p.argmax() else BLUE for k in range(len(p))])
    bars.set(ylim=(len(p) - 0.4, -0.6), xlim=(0, 1), yticks=range(len(p)), xticks=[0, 1], title="answer")
    panels = np.ravel(right.subplots(max(len(layers), 1), 1))
    for axes, (layer, maps) in zip(panels, layers, strict=False):
        sheet = montage(maps)
        signed = np.nanmin(sheet) < 0
        bound = np.nanmax(np.abs(np.where(np.isfinite(sheet), sheet, 0))) or 1.0
        cmap = WEIGHT_CMAP if signed else ACTIVATION_CMAP
        axes.imshow(sheet, cmap=cmap, vmin=-bound if signed else 0, vmax=bound, interpolation="nearest")
        axes.set_title(f"{layer}: {' × '.join(map(str, maps.shape))}", fontsize=9)
        axes.set_anchor("W")
        axes.set_axis_off()


def montage(maps):
    """Maps (C, H, W) side by side, in up to two rows, with a gap between them; (D,) as one row."""
    if maps.ndim == 1:
        return maps[None]
    channels, height, width = maps.shape
    columns = channels if channels <= 16 else -(-channels // 2)
    rows, gap = -(-channels // columns), max(1, width // 8)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for k, one in enumerate(maps):
        top, start = (k // columns) * (height + gap), (k % columns) * (width + gap)
        sheet[top : top + height, start : start + width] = one
    return sheet
