"""How much of a submission is looked at: cells, characters, pictures. What is beyond is cut or left out, and said.

An honest notebook stays far below: problem set 1 has 40 cells and 13 000 characters. Whoever reads a submission later,
down to the browser that shows it, may rely on these bounds.
"""

import binascii

from course.grading.rebuild.picture import pixels

MOST_CELLS = 1_000
LONGEST_CODE = 100_000  # characters of a code cell; a longer one is left out, since half a program is another one
LONGEST_TEXT = 50_000  # characters of any other cell; a longer one is cut
ALL_TEXTS = 1_000_000  # characters of all cells together
CUT = "\n\n[The rest of this text is left out: it is too long.]"
MOST_PIXELS = 50_000_000  # of a picture: a browser takes four bytes for each
ALL_PIXELS = 100_000_000  # of all pictures of a notebook
ALL_PICTURES = 20_000_000  # characters of all pictures of a notebook, in base64
MOST_PICTURES = 100  # in one cell


def within_bounds(cells, repairs):
    """Return those of the cells that are looked at, with texts and pictures of bounded size. Cells are changed.

    cells: valid ones as dictionaries, in file order. What is cut or left out goes to `repairs`.
    """
    long = [cell for cell in cells if cell["cell_type"] == "code" and len(cell["source"]) > LONGEST_CODE]
    if long:
        repairs.append(f"Left out, since longer than {LONGEST_CODE} characters: {_cells(len(long), 'code cell')}.")
    texts = [cell for cell in cells if cell["cell_type"] != "code" and len(cell["source"]) > LONGEST_TEXT]
    for cell in texts:
        cell["source"] = cell["source"][: LONGEST_TEXT - len(CUT)] + CUT
    if texts:
        repairs.append(f"Cut at {LONGEST_TEXT} characters: {_cells(len(texts), 'text')}.")
    kept, room = {id(cell) for cell in cells} - {id(cell) for cell in long}, ALL_TEXTS
    # labelled cells first: what is in excess is seldom what was asked for
    for cell in sorted(cells, key=lambda cell: not cell["metadata"]):
        if id(cell) in kept:
            room -= len(cell["source"])
            if room < 0:
                kept.remove(id(cell))
    beyond = len(cells) - len(long) - len(kept)
    if beyond:
        repairs.append(f"All texts together are longer than {ALL_TEXTS} characters: "
                       f"{_cells(beyond, 'cell')} left out.")  # fmt: skip
    found = [cell for cell in cells if id(cell) in kept]
    _bound_pictures(found, repairs)
    return found


def _bound_pictures(cells, repairs):
    """Leave out pictures that are too large, or too many; what has no size that can be read is no picture."""
    room, left, large, strange = ALL_PIXELS, ALL_PICTURES, 0, 0
    for cell in cells:
        for name, bundle in list(cell.get("attachments", {}).items()):
            for kind, data in list(bundle.items()):
                size = pixels(binascii.a2b_base64(data)) if len(data) <= left else MOST_PIXELS + 1
                if size is None:
                    strange += 1
                elif size > min(MOST_PIXELS, room):
                    large += 1
                else:
                    room, left = room - size, left - len(data)
                    continue
                del bundle[kind]
            if not bundle:
                del cell["attachments"][name]
        if "attachments" in cell and not cell["attachments"]:
            del cell["attachments"]
    if large:
        repairs.append(f"Left out, since too large: {_cells(large, 'picture')}. A picture may have "
                       f"{MOST_PIXELS / 1e6:g} million pixels; all together {ALL_PIXELS / 1e6:g} million, and "
                       f"{ALL_PICTURES / 1e6:g} MB.")  # fmt: skip
    if strange:
        repairs.append(f"Left out, since neither PNG, JPEG, GIF nor WebP: {_cells(strange, 'picture')}.")


def _cells(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
