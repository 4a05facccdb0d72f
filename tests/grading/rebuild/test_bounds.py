"""How much of a submission is looked at, and how large its pictures may be."""

import base64
import io
import struct

import pytest
from PIL import Image

from course.grading.rebuild import bounds
from course.grading.rebuild.bounds import within_bounds
from course.grading.rebuild.picture import pixels


def code(text, name=""):
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": name}} if name else {}}


def text(source, **attachments):
    cell = {"cell_type": "markdown", "source": source, "metadata": {}}
    return cell | (
        {"attachments": {name: {"image/png": data} for name, data in attachments.items()}} if attachments else {}
    )


def png(width, height):
    """The first bytes of a PNG of that size, as base64."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return base64.b64encode(head).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pixels(kind):
    """Is the size of a real picture read from its bytes, of every kind that a page shows?"""
    file = io.BytesIO()
    Image.new("RGB", (37, 11)).save(file, kind)
    assert pixels(file.getvalue()) == 37 * 11
    assert pixels(file.getvalue()[:9]) == 0  # cut before it says its size: no browser can draw it


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"%PDF-1.4", b"\x89PNX" + b"\0" * 40])
def test_no_picture(data):
    """Is what is none of these told apart?"""
    assert pixels(data) is None


def test_an_ordinary_notebook():
    """Does a notebook of ordinary size stay as it is, with nothing said?"""
    repairs, cells = [], [code("x = 1"), text("why ![](a)", a=png(4000, 3000))]
    assert within_bounds([dict(cell) for cell in cells], repairs) == cells and repairs == []


def test_long_cells():
    """Is code that is too long left out, since half of it is another program, and a text cut with a word about it?"""
    repairs = []
    kept = within_bounds([code("x" * 100_001), code("y" * 100_000), text("z" * 60_000)], repairs)
    assert [cell["source"][0] for cell in kept] == ["y", "z"]
    assert len(kept[1]["source"]) == bounds.LONGEST_TEXT and kept[1]["source"].endswith(bounds.CUT)
    assert repairs == [
        "Left out, since longer than 100000 characters: 1 code cell.",
        "Cut at 50000 characters: 1 text.",
    ]


def test_too_much_in_all():
    """Are cells beyond a million characters left out, and those with a label, which were asked for, kept first?"""
    repairs, answer = [], code("def relu(x): pass", "relu")
    kept = within_bounds([*(code(f"{n}" + "x" * 90_000) for n in range(20)), answer], repairs)
    assert len(kept) == 12 and kept[-1] is answer
    assert repairs == ["All texts together are longer than 1000000 characters: 9 cells left out."]


def test_large_pictures():
    """Are pictures left out that are too large, alone or together, and what is no picture, and is the text kept?"""
    repairs = []
    cells = [text("a", a=png(20_000, 20_000)), text("b", b=png(7000, 7000)), text("c", c=png(7000, 7000)),
             text("d", d=png(7000, 7000)), text("e", e=base64.b64encode(b"<svg/>").decode())]  # fmt: skip
    kept = within_bounds(cells, repairs)
    assert [cell["source"] for cell in kept] == list("abcde")
    assert [list(cell.get("attachments", {})) for cell in kept] == [[], ["b"], ["c"], [], []]
    assert "2 pictures" in repairs[0] and "neither PNG" in repairs[1]
