"""What an explorer leaves where no kernel runs: its picture with words, and, if asked for, sliders over saved frames.

A cell that shows an explorer has two outputs: this one, and the live explorer. JupyterLab shows one of them: the live
one while its kernel knows it, else the still with "run this cell again". Exported pages show the still, without a
network. The environment variable COURSE_SAVED_FRAMES says how many frames it may hold; `course notebooks html` sets it.
"""

import base64
import html
import io
import itertools
import json
import os
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
COLOURS = 128  # of a saved picture: enough for smooth edges, and a quarter of the bytes
AGAIN = "The controls need a kernel: run this cell again."


class Still:
    """The still picture of an explorer, as HTML, PNG and text."""

    def __init__(self, explorer):
        self.explorer = explorer

    def __repr__(self):
        return f"{self.explorer!r}\n{self.explorer.error or self.explorer.readout}"

    def _repr_png_(self):
        return self.explorer.png

    def _repr_html_(self):
        explorer = self.explorer
        light, dark = (small(png) for png in explorer.in_both_themes())
        words = html.escape(explorer.error or explorer.readout)
        style = f"width:{explorer.picture.width}px;max-width:100%;height:auto"
        images = "".join(
            f'<img {hidden}alt="{html.escape(explorer.alt)}" src="data:image/png;base64,{png}" style="{style}">'
            for hidden, png in (("", light), ("hidden ", dark))
        )
        saved = saved_frames(explorer, int(os.environ.get("COURSE_SAVED_FRAMES", "0")))
        moving = ""
        if saved:
            script = (HERE / "still.js").read_text(encoding="utf-8")
            data = json.dumps(saved).replace("</", "<\\/")
            moving = f'<script type="application/json">{data}</script><script type="module">{script}</script>'
        return (
            f'<figure class="course-still course-figure" data-explorer="{explorer.model_id}" style="margin:0">'
            f"<style>{(HERE / 'still.css').read_text(encoding='utf-8')}</style>{images}"
            f'<figcaption style="white-space:pre-line">{words}</figcaption>'
            f'<p class="course-still-again"><em>{AGAIN}</em></p>{moving}</figure>'
        )


def small(png):
    """The picture with few colours, as base64 text."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(
        COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    ).save(file, "png")
    return base64.b64encode(file.getvalue()).decode("ascii")


def saved_frames(explorer, most):
    """Pictures of up to `most` states, for sliders without a kernel; None if there are no two, or if they may not be
    computed (ahead.py says for which functions that is).

    All states where they are few enough. Else one control moves at a time, the others stand at their first values,
    and of a long slider some positions are left out.
    """
    axes = [axis for axis in explorer.axes if axis.length > 1]
    whole = [list(range(axis.length)) for axis in axes]
    count = 1
    for places in whole:
        count *= len(places)
    start = [axis.position for axis in axes]
    if most < 2 or not axes or not all(isinstance(place, int) for place in start):
        return None
    if together := count <= most:
        chosen, states = whole, list(itertools.product(*whole))
    else:
        chosen = thinned(whole, start, most)
        states = [tuple(start)]
        for k, places in enumerate(chosen):
            states += [(*start[:k], place, *start[k + 1 :]) for place in places if place != start[k]]
    frames = {}
    try:
        first, again = (explorer.frame_at(dict(zip(axes, start, strict=True))) for _ in range(2))
        if first != again:
            return None
        for state in states:
            if frame := explorer.frame_at(dict(zip(axes, state, strict=True))):
                saved = {"png": small(frame.png), "alt": frame.alt, "words": frame.error or frame.readout}
                frames[",".join(map(str, state))] = saved
    except ValueError:  # not for this function
        return None
    return {
        "together": together, "start": start, "frames": frames,
        "axes": [{"name": axis.name, "places": places, "labels": [axis.label(place) for place in places]}
                 for axis, places in zip(axes, chosen, strict=True)],
    }  # fmt: skip


def thinned(whole, start, most):
    """Positions of each axis, evenly, ends and start among them, so that moving one at a time needs `most` pictures,
    or, where that is very few, three for each axis."""
    left, chosen = most - 1, {}
    for rank, k in enumerate(sorted(range(len(whole)), key=lambda k: len(whole[k]))):
        share = max(left // (len(whole) - rank), 1)
        length = len(whole[k])
        if length - 1 <= share:
            places = whole[k]
        else:
            steps = max(share - 1, 1)
            places = sorted({round(j * (length - 1) / steps) for j in range(steps + 1)} | {start[k]})
        chosen[k] = places
        left -= len(chosen[k]) - 1
    return [chosen[k] for k in range(len(whole))]
