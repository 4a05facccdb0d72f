"""How large a picture is, from the first bytes of its file: a few kilobytes can hold more pixels than a browser can."""

import struct

# markers of a JPEG that begin a frame, and those that have no length
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD9)}


def pixels(data):
    """Return width x height of a PNG, JPEG, GIF or WebP; 0 if it is cut before that, None if it is none of these.

    Decided by the bytes, as browsers do, whatever the file is called.
    """
    for signature, size in (
        (b"\x89PNG\r\n\x1a\n", _png), (b"\xff\xd8\xff", _jpeg), (b"GIF8", _gif), (b"RIFF", _webp),
    ):  # fmt: skip
        if data.startswith(signature):
            try:
                width, height = size(data)
            except (struct.error, IndexError):
                return 0
            return width * height
    return None


def _png(data):
    return struct.unpack_from(">II", data, 16)


def _jpeg(data):
    place = 2
    while True:
        while data[place] != 0xFF:  # what stands between two segments is passed over
            place += 1
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 4)
            return width, height
        place += 1 if marker in _BARE else 1 + max(2, struct.unpack_from(">H", data, place + 1)[0])


def _gif(data):
    """The larger of the screen and the first frame, which may stand out of it."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    place = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while data[place] == 0x21:  # extensions, each a chain of blocks
        place += 2
        while data[place]:
            place += 1 + data[place]
        place += 1
    left, top, across, down = struct.unpack_from("<HHHH", data, place + 1)
    return max(width, left + across), max(height, top + down)


def _webp(data):
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF
