"""What a reply says besides its value: outputs, and changes in arrays. Taken as data, cut to size, or refused."""

import base64

import numpy as np

from course.grading.sandbox.errors import RemoteError, printable

MORE = 10_000  # characters: the sandbox adds a line where it cuts
CALL_TEXT = 11_000  # of the outputs of a call
DISPLAYS = 20
PNG = 2_000_000
PNG_START = b"\x89PNG\r\n\x1a\n"


def checked(outputs, room):
    """Check the outputs of a reply and return them, cut to `room` characters; ValueError if they are none."""
    if type(outputs) is not list:
        raise ValueError("the outputs are no list")
    kept, displays = [], 0
    for output in outputs:
        if (
            type(output) is not tuple
            or len(output) != 2
            or type(output[0]) is not str
            or output[0] not in ("stdout", "stderr", "display")
        ):
            raise ValueError("an output is none")
        kind, data = output
        if kind == "display":
            if type(data) is not dict:
                raise ValueError("a display is none")
            displays += 1
            text, png = data.get("text/plain", ""), data.get("image/png", b"")
            if type(text) is not str or type(png) is not bytes or len(png) > PNG or displays > DISPLAYS:
                raise ValueError("a display is none")
            data = {"text/plain": printable(text, max(room, 0))}
            if png.startswith(PNG_START):
                data["image/png"] = png
            room -= len(text)
        else:
            if type(data) is not str:
                raise ValueError("an output is no text")
            data, room = printable(data, max(room, 0)), room - len(data)
        kept.append((kind, data))
    return kept


def notebook_outputs(outputs, room):
    """The outputs of a cell as nbformat has them, cut to a little more than `room` characters."""
    found = []
    for kind, data in checked(outputs, room + MORE):
        if kind == "display":
            data = {mime: base64.b64encode(v).decode() if mime == "image/png" else v for mime, v in data.items()}
            found.append({"output_type": "display_data", "data": data, "metadata": {}})
        elif data:
            found.append({"output_type": "stream", "name": kind, "text": data})
    return found


def error_output(error):
    """An error as nbformat has it."""
    if isinstance(error, RemoteError):
        return {"output_type": "error", "ename": error.name, "evalue": str(error),
                "traceback": error.traceback.split("\n")}  # fmt: skip
    said = str(error)  # the grader's own words
    lines = [f"{said[:1].upper()}{said[1:]}"]
    return {"output_type": "error", "ename": error.known, "evalue": said, "traceback": lines}


def write_changes(changed, arrays):
    """Change the caller's arrays as the call has changed those in the sandbox; ValueError if that cannot be."""
    if type(changed) is not list:
        raise ValueError("the changes are no list")
    for change in changed:
        if type(change) is not tuple or len(change) != 2 or type(change[0]) is not int:
            raise ValueError("a change is none")
        number, now = change
        if not 0 <= number < len(arrays):
            raise ValueError("an array was changed that was not sent")
        old = arrays[number]
        if now is None:
            now = _turned(old)  # it has another shape or type, which this array cannot take: any other bytes show it
        elif type(now) is not np.ndarray or now.shape != old.shape or now.dtype != old.dtype:
            raise ValueError("an array was changed into another type or shape")
        _overwrite(old, now)


def _overwrite(array, values):
    """Write into an array, also into one that is read-only for others: the sandbox has written all the same."""
    writeable = array.flags.writeable
    try:
        array.flags.writeable = True
    except ValueError:  # a view into what is read-only itself: a check sees no change, as there is none here
        return
    try:
        array[...] = values
    finally:
        array.flags.writeable = writeable


def _turned(array):
    """An array of the same shape and type of which every byte is another."""
    if array.dtype.kind == "b":
        return ~array
    content = np.frombuffer(array.tobytes(), np.uint8)
    return np.frombuffer((~content).tobytes(), array.dtype).reshape(array.shape) if array.size else array
