"""One step through a graph as a still picture, for exports and for the next day."""

from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from course.figures.style import GREEN, ORANGE, RED
from course.widgets.graph_layout import WIDTH
from course.widgets.grids import as_canvas

HALF, LABEL = 13, 15  # pixels: half the height of a node; the height of what stands above and below it


def half_width(symbol):
    """Half the width of the box around what stands in a node; as halfWidth() in graph_stepper.js."""
    return max(17.0, 4.5 * len(symbol) + 7)


def draw_graph(figure, scene, number):
    """Draw a scene of `GraphStepper` after `number` steps on an empty figure."""
    nodes, step = scene["nodes"], scene["steps"][number]
    height = max(node["y"] for node in nodes) + 92
    axes = figure.subplots()
    as_canvas(axes, WIDTH, height)
    ink = axes.xaxis.label.get_color()
    fontsize = 9 if height < 420 else 8
    for one, other, operand in scene["edges"]:
        a, b = nodes[one], nodes[other]
        now = other == step["node"] and (step["phase"] == "forward" or operand == step["local"])
        x0, x1 = a["x"] + half_width(a["symbol"]), b["x"] - half_width(b["symbol"])
        y1 = b["y"] + end_shift(scene["edges"], other, operand)
        middle = (x0 + x1) / 2
        curve = Path([(x0, a["y"]), (middle, a["y"]), (middle, y1), (x1, y1)], [Path.MOVETO] + [Path.CURVE4] * 3)
        axes.add_patch(PathPatch(curve, fill=False, lw=3 if now else 1, ec=ORANGE if now else ink,
                                 gid="own" if now else "ink"))  # fmt: skip
    for place, node in enumerate(nodes):
        wrong = any(step["wrong"][place])
        here = place in (step["node"], step["to"])
        wide, colour = half_width(node["symbol"]), RED if wrong else ORANGE if here else ink
        axes.add_patch(FancyBboxPatch(
            (node["x"] - wide, node["y"] - HALF), 2 * wide, 2 * HALF, lw=2.5 if wrong or here else 1, ec=colour,
            boxstyle=f"round,pad=0,rounding_size={HALF if node['op'] else 2}", fc=axes.get_facecolor(),
            gid="own" if wrong or here else "ink",
        ))  # fmt: skip
        axes.text(node["x"], node["y"], node["symbol"], ha="center", va="center", fontsize=fontsize + 1)
        named = f"{node['name']} = " if node["op"] else ""
        above = named + step["values"][place] if step["values"][place] else node["name"] * node["op"]
        for text, y, colour in [(above, node["y"] - HALF - LABEL / 2 - 1, GREEN if step["values"][place] else None),
                                (step["gradients"][place], node["y"] + HALF + LABEL / 2 + 1, RED)]:  # fmt: skip
            if text:
                box = {"boxstyle": "round,pad=0.15", "fc": colour or "none", "ec": "none", "alpha": 0.25, "gid": "own"}
                axes.text(node["x"], y, text, ha="center", va="center", fontsize=fontsize, bbox=box)
    axes.text(8, height - 20, step["line"], va="center", fontweight="bold", fontsize=10)
    for k, (text, colour) in enumerate([("value above", GREEN), ("gradient below", RED)]):
        box = {"boxstyle": "round,pad=0.15", "fc": colour, "ec": "none", "alpha": 0.25, "gid": "own"}
        axes.text(WIDTH - 200 + 90 * k, height - 20, text, va="center", fontsize=9, bbox=box)


def end_shift(edges, node, operand):
    """Where an edge ends, below or above the middle of its node: two operands, two ends."""
    ends = [number for _, other, number in edges if other == node]
    return 10.0 * (ends.index(operand) - (len(ends) - 1) / 2) if len(ends) > 1 else 0.0
